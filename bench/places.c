/* Where threads run.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "places.h"
#include "memory.h"

#include <omp.h>
#include <stdlib.h>

/* What taskset, a cgroup or a batch system left to this process. */
static hwloc_cpuset_t allowed_set(hwloc_topology_t topology) {
    hwloc_cpuset_t allowed = hwloc_bitmap_alloc();
    if (hwloc_get_cpubind(topology, allowed, HWLOC_CPUBIND_PROCESS) != 0) {
        hwloc_bitmap_copy(allowed, hwloc_topology_get_allowed_cpuset(topology));
    }
    return allowed;
}

/* Adds hardware thread number `rank` of every core that has so many. Returns how many it added. */
static int add_rank(struct norma_places *places, hwloc_const_cpuset_t allowed, int rank) {
    int before = places->count;
    hwloc_obj_t core = NULL;
    while ((core = hwloc_get_next_obj_by_type(places->topology, HWLOC_OBJ_CORE, core))) {
        hwloc_cpuset_t left = hwloc_bitmap_dup(core->cpuset);
        hwloc_bitmap_and(left, left, allowed);
        int unit = hwloc_bitmap_first(left);
        for (int i = 0; i < rank && unit >= 0; i++) {
            unit = hwloc_bitmap_next(left, unit);
        }
        if (unit >= 0) {
            hwloc_bitmap_only(left, (unsigned)unit);
            places->sets = norma_grow(places->sets, (size_t)places->count, sizeof places->sets[0]);
            places->sets[places->count++] = left;
        } else {
            hwloc_bitmap_free(left);
        }
    }
    return places->count - before;
}

bool norma_places_open(struct norma_places *places) {
    *places = (struct norma_places){0};
    if (hwloc_topology_init(&places->topology) != 0) {
        return false;
    }
    if (hwloc_topology_load(places->topology) != 0) {
        hwloc_topology_destroy(places->topology);
        return false;
    }
    hwloc_cpuset_t allowed = allowed_set(places->topology);
    places->cores = add_rank(places, allowed, 0);
    for (int rank = 1; add_rank(places, allowed, rank) > 0; rank++) {
    }
    hwloc_bitmap_free(allowed);
    return places->count > 0;
}

void norma_places_close(struct norma_places *places) {
    for (int i = 0; i < places->count; i++) {
        hwloc_bitmap_free(places->sets[i]);
    }
    free(places->sets);
    hwloc_topology_destroy(places->topology);
}

bool norma_places_suffice(const struct norma_places *places, int threads,
                          struct norma_message *error) {
    return threads <= places->count ||
           norma_fail(error, "--threads %d: this process may use %d hardware threads", threads,
                      places->count);
}

bool norma_places_bind(const struct norma_places *places, int threads) {
    bool bound = true;
#pragma omp parallel num_threads(threads) reduction(&& : bound)
    {
        hwloc_const_cpuset_t place = places->sets[omp_get_thread_num() % places->count];
        bound = omp_get_num_threads() == threads &&
                hwloc_set_cpubind(places->topology, place, HWLOC_CPUBIND_THREAD) == 0;
    }
    return bound;
}

uint64_t norma_first_cache(const struct norma_places *places) {
    const hwloc_obj_t cache = hwloc_get_obj_by_type(places->topology, HWLOC_OBJ_L1CACHE, 0);
    return cache ? cache->attr->cache.size : 0;
}

bool norma_places_several_nodes(const struct norma_places *places) {
    return hwloc_get_nbobjs_by_type(places->topology, HWLOC_OBJ_NUMANODE) > 1;
}

uint64_t norma_largest_cache(const struct norma_places *places) {
    uint64_t largest = 0;
    for (int depth = 0; depth < hwloc_topology_get_depth(places->topology); depth++) {
        hwloc_obj_t object = hwloc_get_obj_by_depth(places->topology, depth, 0);
        if (hwloc_obj_type_is_dcache(object->type) && object->attr->cache.size > largest) {
            largest = object->attr->cache.size;
        }
    }
    return largest;
}
