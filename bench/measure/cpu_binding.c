/* Binds threads to cores of their own.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE
#include "bench/measure/cpu_binding.h"
#include "verify/harness/tool/tool.h"
#include <norma_tools.h>

#include <ctype.h>
#include <omp.h>
#include <sched.h>
#include <stdlib.h>

/* ---- which hardware threads ----------------------------------------------------------------- */

/* Writes the system's numbers, such as "0-3,8". */
static void print_cpus(const cpu_set_t *set, char *text, size_t size) {
    hwloc_bitmap_t bits = hwloc_bitmap_alloc();
    for (unsigned i = 0; i < CPU_SETSIZE; i++) {
        if (CPU_ISSET((size_t)i, set)) {
            hwloc_bitmap_set(bits, i);
        }
    }
    hwloc_bitmap_list_snprintf(text, size, bits);
    hwloc_bitmap_free(bits);
}

/* Reads a number at *text, and goes on behind it. Returns -1 if there is none. */
static long read_cpu(const char **text) {
    char *end;
    const long cpu = isdigit((unsigned char)**text) ? strtol(*text, &end, 10) : -1;
    *text = cpu >= 0 ? end : *text;
    return cpu < CPU_SETSIZE ? cpu : -1;
}

/* Reads a list such as "0-3,8". */
static bool read_cpus(const char *list, cpu_set_t *set) {
    CPU_ZERO(set);
    for (;; list++) {
        const long first = read_cpu(&list);
        const bool is_range = *list == '-';
        list += is_range;
        const long last = is_range ? read_cpu(&list) : first;
        for (long cpu = first; cpu >= 0 && cpu <= last; cpu++) {
            CPU_SET((size_t)cpu, set);
        }
        if (first < 0 || last < first || *list != ',') {
            return first >= 0 && last >= first && *list == '\0';
        }
    }
}

bool bench_use_cpus(const char *list, struct tool_message *error) {
    cpu_set_t wanted, allowed, both;
    char text[256];
    if (!list) {
        return true;
    }
    if (!read_cpus(list, &wanted)) {
        return tool_fail(error, "--cpus %s: a list of numbers is expected, such as 0-3,8", list);
    }
    CPU_ZERO(&allowed);
    sched_getaffinity(0, sizeof allowed, &allowed);
    CPU_AND(&both, &wanted, &allowed);
    if (!CPU_EQUAL(&both, &wanted)) {
        print_cpus(&allowed, text, sizeof text);
        return tool_fail(error, "--cpus %s: this process may use %s", list, text);
    }
    return sched_setaffinity(0, sizeof wanted, &wanted) == 0 ||
           tool_fail(error, "--cpus %s: the system does not allow it", list);
}

/* Returns the hardware threads that taskset, a cgroup or a batch system left to this process. */
static hwloc_cpuset_t allowed_set(hwloc_topology_t topology) {
    hwloc_cpuset_t allowed = hwloc_bitmap_alloc();
    if (hwloc_get_cpubind(topology, allowed, HWLOC_CPUBIND_THREAD) != 0) {
        hwloc_bitmap_copy(allowed, hwloc_topology_get_allowed_cpuset(topology));
    }
    return allowed;
}

/* Returns the type of the objects that are cores; hardware threads if no cores are known. */
static hwloc_obj_type_t type_of_cores(hwloc_topology_t topology) {
    return hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_CORE) > 0 ? HWLOC_OBJ_CORE : HWLOC_OBJ_PU;
}

/* Takes ownership of the set. */
static void add_place(struct bench_cpu_binding *binding, hwloc_cpuset_t set) {
    binding->sets = tool_grow(binding->sets, (size_t)binding->count, sizeof binding->sets[0]);
    binding->sets[binding->count++] = set;
}

/* Adds the hardware thread number `rank` of every core that has so many. Returns how many it
 * added. */
static int add_rank(struct bench_cpu_binding *binding, hwloc_const_cpuset_t allowed, int rank) {
    const hwloc_obj_type_t type = type_of_cores(binding->topology);
    int before = binding->count;
    hwloc_obj_t core = NULL;
    while ((core = hwloc_get_next_obj_by_type(binding->topology, type, core))) {
        hwloc_cpuset_t left = hwloc_bitmap_dup(core->cpuset);
        hwloc_bitmap_and(left, left, allowed);
        int unit = hwloc_bitmap_first(left);
        for (int i = 0; i < rank && unit >= 0; i++) {
            unit = hwloc_bitmap_next(left, unit);
        }
        if (unit >= 0) {
            hwloc_bitmap_only(left, (unsigned)unit);
            add_place(binding, left);
        } else {
            hwloc_bitmap_free(left);
        }
    }
    return binding->count - before;
}

/* Adds every hardware thread that this process may use, where hwloc knows none of them. Asks the
 * system, as hwloc leaves out what it does not know. */
static void add_unknown(struct bench_cpu_binding *binding) {
    cpu_set_t allowed;
    CPU_ZERO(&allowed);
    sched_getaffinity(0, sizeof allowed, &allowed);
    for (unsigned unit = 0; unit < CPU_SETSIZE; unit++) {
        if (CPU_ISSET((size_t)unit, &allowed)) {
            hwloc_cpuset_t place = hwloc_bitmap_alloc();
            hwloc_bitmap_only(place, unit);
            add_place(binding, place);
        }
    }
    binding->cores = binding->count;
}

/* Says what hwloc does not know, as figures may then be of threads that share a core. */
static void say_unknown(const struct bench_cpu_binding *binding, bool none_known) {
    if (none_known) {
        tool_say("hwloc does not know the hardware threads that this process may use: each counts "
                 "as a core, and none can be bound; lstopo may say why");
    } else if (type_of_cores(binding->topology) == HWLOC_OBJ_PU) {
        tool_say("hwloc finds hardware threads and no cores on this machine: each counts as a "
                 "core");
    }
}

bool bench_cpu_binding_open(struct bench_cpu_binding *binding) {
    *binding = (struct bench_cpu_binding){0};
    if (hwloc_topology_init(&binding->topology) != 0) {
        return false;
    }
    if (hwloc_topology_load(binding->topology) != 0) {
        hwloc_topology_destroy(binding->topology);
        return false;
    }
    hwloc_cpuset_t allowed = allowed_set(binding->topology);
    binding->cores = add_rank(binding, allowed, 0);
    for (int rank = 1; add_rank(binding, allowed, rank) > 0; rank++) {
    }
    const bool none_known = binding->count == 0;
    if (none_known) {
        add_unknown(binding);
    }
    say_unknown(binding, none_known);
    hwloc_bitmap_free(allowed);
    return binding->count > 0;
}

void bench_cpu_binding_close(struct bench_cpu_binding *binding) {
    for (int i = 0; i < binding->count; i++) {
        hwloc_bitmap_free(binding->sets[i]);
    }
    free(binding->sets);
    hwloc_topology_destroy(binding->topology);
}

bool bench_cpu_binding_allows(const struct bench_cpu_binding *binding, const int *threads,
                              size_t count, struct tool_message *error) {
    if (!tool_threads_allow(threads, count, error)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (threads[i] > binding->count) {
            return tool_fail(error,
                             "--threads %d: this process may use %d hardware thread%s; more "
                             "would share them and measure the sharing",
                             threads[i], binding->count, binding->count == 1 ? "" : "s");
        }
        const int startable = tool_threads_startable(threads[i]);
        if (startable < threads[i]) {
            return tool_fail(error,
                             "--threads %d: the system lets only %d be started (ulimit -v, ulimit "
                             "-u, or pids.max of a control group)",
                             threads[i], startable);
        }
    }
    return true;
}

bool bench_bind_threads(const struct bench_cpu_binding *binding, int threads) {
    bool bound = true;
#pragma omp parallel num_threads(threads) reduction(&& : bound)
    {
        hwloc_const_cpuset_t place = binding->sets[omp_get_thread_num() % binding->count];
        bound = omp_get_num_threads() == threads &&
                hwloc_set_cpubind(binding->topology, place, HWLOC_CPUBIND_THREAD) == 0;
    }
    return bound;
}

int bench_cpu_of_thread(const struct bench_cpu_binding *binding, int thread) {
    return hwloc_bitmap_first(binding->sets[thread % binding->count]);
}

uint64_t bench_first_cache(const struct bench_cpu_binding *binding) {
    const hwloc_obj_t cache = hwloc_get_obj_by_type(binding->topology, HWLOC_OBJ_L1CACHE, 0);
    return cache ? cache->attr->cache.size : 0;
}

bool bench_has_several_nodes(const struct bench_cpu_binding *binding) {
    return hwloc_get_nbobjs_by_type(binding->topology, HWLOC_OBJ_NUMANODE) > 1;
}

/* Returns the first of the largest caches; NULL if none is known. */
static hwloc_obj_t largest_cache(hwloc_topology_t topology) {
    hwloc_obj_t largest = NULL;
    for (int depth = 0; depth < hwloc_topology_get_depth(topology); depth++) {
        hwloc_obj_t object = hwloc_get_obj_by_depth(topology, depth, 0);
        if (hwloc_obj_type_is_dcache(object->type) &&
            (!largest || object->attr->cache.size > largest->attr->cache.size)) {
            largest = object;
        }
    }
    return largest;
}

/* Returns the cache size that plans assume. */
static uint64_t assumed_cache(void) {
    return (uint64_t)norma_size_class_end(NORMA_CLASS_L3);
}

uint64_t bench_largest_cache(const struct bench_cpu_binding *binding) {
    hwloc_obj_t cache = largest_cache(binding->topology);
    return cache ? cache->attr->cache.size : assumed_cache();
}

uint64_t bench_last_level_cache(const struct bench_cpu_binding *binding) {
    hwloc_obj_t cache = largest_cache(binding->topology);
    return cache ? cache->attr->cache.size *
                       hwloc_get_nbobjs_by_depth(binding->topology, (int)cache->depth)
                 : assumed_cache();
}
