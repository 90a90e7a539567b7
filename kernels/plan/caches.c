/* The caches are known from hwloc, the C library or a guess, the processor from cpuid or Linux.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE
#include "kernels/plan/caches.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#ifdef NORMA_HAVE_HWLOC
#include <hwloc.h>
#endif
#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif

/* Few processors have more for each core, and on those that many programs share, even fewer bytes
 * are a core's. On 2 cores of a Zen 4 that show all 32 MiB, results of 11 MB and more are stored in
 * half of the time if they go past the cache. */
static const int64_t last_bytes_a_core = 8 << 20;

/* Bytes, and a number of cores; 0: not known. */
struct facts {
    int64_t l2, last, cores;
};

/* ---- caches ------------------------------------------------------------------------------- */

#ifdef NORMA_HAVE_HWLOC
/* Checks whether hwloc can find processors. On Linux it needs this folder, which containers may
 * lack. Without it, it writes an error message to standard error, which belongs to the program. */
static bool can_look_up(void) {
#ifdef __linux__
    return access("/sys/devices/system/cpu/cpu0/topology", R_OK | X_OK) == 0;
#else
    return true;
#endif
}

/* Loads caches and cores alone, so that it is quick. They are those of the whole machine and not
 * only those that this process may use, so that a profile fits wherever on it a process runs. To
 * look at a core, hwloc may move the caller there for a moment unless it is told not to. */
static bool load_topology(hwloc_topology_t topology) {
    unsigned long flags = HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED;
#if HWLOC_API_VERSION >= 0x00020500
    flags |= HWLOC_TOPOLOGY_FLAG_DONT_CHANGE_BINDING;
#endif
    hwloc_topology_set_all_types_filter(topology, HWLOC_TYPE_FILTER_KEEP_NONE);
    hwloc_topology_set_cache_types_filter(topology, HWLOC_TYPE_FILTER_KEEP_ALL);
    hwloc_topology_set_type_filter(topology, HWLOC_OBJ_CORE, HWLOC_TYPE_FILTER_KEEP_ALL);
    return hwloc_topology_set_flags(topology, flags) == 0 && hwloc_topology_load(topology) == 0;
}

static int64_t cache_bytes(hwloc_topology_t topology, hwloc_obj_type_t type) {
    const hwloc_obj_t cache = hwloc_get_obj_by_type(topology, type, 0);
    return cache ? (int64_t)cache->attr->cache.size : 0;
}

static struct facts look_up(void) {
    struct facts facts = {0};
    hwloc_topology_t topology;
    if (!can_look_up() || hwloc_topology_init(&topology) != 0) {
        return facts;
    }
    if (load_topology(topology)) {
        facts.l2 = cache_bytes(topology, HWLOC_OBJ_L2CACHE);
        for (int type = HWLOC_OBJ_L1CACHE; type <= HWLOC_OBJ_L5CACHE; type++) {
            const int64_t bytes = cache_bytes(topology, (hwloc_obj_type_t)type);
            facts.last = bytes > 0 ? bytes : facts.last;
        }
        facts.cores = hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_CORE);
    }
    hwloc_topology_destroy(topology);
    return facts;
}
#else
static struct facts look_up(void) {
    return (struct facts){0};
}
#endif

static int64_t system_value(int name) {
    const long value = sysconf(name);
    return value > 0 ? value : 0;
}

/* Fills in from the C library what is not known yet, and guesses the rest. Threads of a core count
 * as cores, because the C library does not tell them apart. */
static void complete(struct facts *facts) {
#ifdef _SC_LEVEL2_CACHE_SIZE
    facts->l2 = facts->l2 > 0 ? facts->l2 : system_value(_SC_LEVEL2_CACHE_SIZE);
    facts->last = facts->last > 0 ? facts->last : system_value(_SC_LEVEL3_CACHE_SIZE);
#endif
    facts->cores = facts->cores > 0 ? facts->cores : system_value(_SC_NPROCESSORS_CONF);
    facts->l2 = facts->l2 > 0 ? facts->l2 : 1 << 20;
    facts->last = facts->last > 0 ? facts->last : 16 << 20;
    facts->cores = facts->cores > 0 ? facts->cores : 1;
}

/* ---- the processor ------------------------------------------------------------------------ */

#if defined(__x86_64__) || defined(__i386__)
/* Writes vendor, family, model and stepping, as in "GenuineIntel-6-173-1". */
static bool name_processor(char *name, size_t size) {
    unsigned a, b, c, d;
    char vendor[13] = "";
    if (!__get_cpuid(0, &a, &b, &c, &d)) {
        return false;
    }
    memcpy(vendor, &b, 4);
    memcpy(vendor + 4, &d, 4);
    memcpy(vendor + 8, &c, 4);
    if (!__get_cpuid(1, &a, &b, &c, &d)) {
        return false;
    }
    const unsigned family = (a >> 8) & 15, model = (a >> 4) & 15, stepping = a & 15;
    const bool extended = family == 6 || family == 15;
    snprintf(name, size, "%s-%u-%u-%u", vendor, family + (family == 15 ? (a >> 20) & 255 : 0),
             model + (extended ? ((a >> 16) & 15) << 4 : 0), stepping);
    return true;
}
#else
/* Reads the value behind `key` in the first line of a file that begins with it. Returns false if
 * there is none. */
static bool read_line(const char *path, const char *key, char *line, size_t size) {
    FILE *file = fopen(path, "r");
    char text[256];
    bool found = false;
    while (file && !found && fgets(text, sizeof text, file)) {
        found = strncmp(text, key, strlen(key)) == 0;
    }
    if (file) {
        fclose(file);
    }
    if (found) {
        const char *value = text + strlen(key);
        value += strspn(value, " \t:");
        snprintf(line, size, "%.*s", (int)strcspn(value, "\n"), value);
    }
    return found && line[0] != '\0';
}

/* Writes the main identification register on Arm, and on others the name that Linux has for the
 * processor. */
static bool name_processor(char *name, size_t size) {
    const bool found =
        read_line("/sys/devices/system/cpu/cpu0/regs/identification/midr_el1", "", name, size) ||
        read_line("/proc/cpuinfo", "model name", name, size) ||
        read_line("/proc/cpuinfo", "uarch", name, size) ||
        read_line("/proc/cpuinfo", "cpu", name, size);
    for (char *c = name; found && *c; c++) {
        *c = *c == ' ' || *c == '\t' || *c == '#' ? '-' : *c;
    }
    return found;
}
#endif

/* ---- once --------------------------------------------------------------------------------- */

static struct norma_machine machine;

static void determine(void) {
    struct facts facts = look_up();
    complete(&facts);
    const int64_t most = facts.cores * last_bytes_a_core;
    const int64_t last = facts.last < most ? facts.last : most;
    machine.l2 = facts.l2;
    machine.last = last > facts.l2 ? last : facts.l2;
    char processor[64];
    if (!name_processor(processor, sizeof processor)) {
        snprintf(processor, sizeof processor, "unknown");
    }
    machine.is_amd = strncmp(processor, "AuthenticAMD", strlen("AuthenticAMD")) == 0;
    snprintf(machine.cpu, sizeof machine.cpu, "%s l2=%lld last=%lld", processor,
             (long long)machine.l2, (long long)machine.last);
}

const struct norma_machine *norma_this_machine(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, determine);
    return &machine;
}

/* ---- size classes ------------------------------------------------------------------------- */

int64_t norma_size_class_end(norma_size_class size) {
    switch (size) {
    case NORMA_CLASS_L2:
        return norma_this_machine()->l2;
    case NORMA_CLASS_L3:
        return norma_this_machine()->last;
    default:
        return INT64_MAX;
    }
}

norma_size_class norma_size_class_of(int64_t bytes) {
    norma_size_class size = NORMA_CLASS_L2;
    while (size + 1 < NORMA_SIZE_CLASS_COUNT && bytes >= norma_size_class_end(size)) {
        size++;
    }
    return size;
}
