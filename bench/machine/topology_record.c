/* The topology of the machine, as hwloc sees it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/machine/topology_record.h"

#include <unistd.h>

/* ---- the numbers ---------------------------------------------------------------------------- */

/* Returns the bytes of the machine's memory, of which this process may have less. Does not take
 * hwloc's sum over the memory nodes, which is far too small on virtual machines whose memory was
 * plugged in later. */
static json_int_t memory_bytes(void) {
    return (json_int_t)sysconf(_SC_PHYS_PAGES) * (json_int_t)sysconf(_SC_PAGESIZE);
}

static const char *cache_type(hwloc_obj_t cache) {
    switch (cache->attr->cache.type) {
    case HWLOC_OBJ_CACHE_DATA:
        return "data";
    case HWLOC_OBJ_CACHE_INSTRUCTION:
        return "instruction";
    default:
        return "unified";
    }
}

/* Returns a record for each level of caches, from the core outwards. */
static json_t *cache_records(hwloc_topology_t topology) {
    json_t *list = json_array();
    for (int depth = hwloc_topology_get_depth(topology) - 1; depth >= 0; depth--) {
        hwloc_obj_t object = hwloc_get_obj_by_depth(topology, depth, 0);
        if (hwloc_obj_type_is_cache(object->type)) {
            json_array_append_new(list, json_pack("{s:i, s:s, s:I, s:i}", "level",
                                                  (int)object->attr->cache.depth, "type",
                                                  cache_type(object), "bytes",
                                                  (json_int_t)object->attr->cache.size, "count",
                                                  (int)hwloc_get_nbobjs_by_depth(topology, depth)));
        }
    }
    return list;
}

json_t *bench_topology_record(hwloc_topology_t topology) {
    return json_pack("{s:i, s:i, s:i, s:i, s:o, s:I, s:s}", "cores",
                     hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_CORE), "threads",
                     hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_PU), "packages",
                     hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_PACKAGE), "numa_nodes",
                     hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_NUMANODE), "caches",
                     cache_records(topology), "memory_bytes", memory_bytes(), "source", "hwloc");
}

/* ---- the tree ------------------------------------------------------------------------------- */

static json_t *object_record(hwloc_obj_t object);

static void append_all(json_t *list, hwloc_obj_t first) {
    for (hwloc_obj_t child = first; child; child = child->next_sibling) {
        json_array_append_new(list, object_record(child));
    }
}

static void add_children(json_t *record, hwloc_obj_t object) {
    json_t *list = json_array();
    append_all(list, object->memory_first_child);
    append_all(list, object->first_child);
    if (json_array_size(list) > 0) {
        json_object_set(record, "children", list);
    }
    json_decref(list);
}

static json_t *object_record(hwloc_obj_t object) {
    char type[32];
    hwloc_obj_type_snprintf(type, sizeof type, object, 0);
    json_t *record = json_pack("{s:s}", "type", type);
    if (hwloc_obj_type_is_cache(object->type)) {
        json_object_set_new(record, "bytes", json_integer((json_int_t)object->attr->cache.size));
    } else if (object->type == HWLOC_OBJ_NUMANODE) {
        json_object_set_new(record, "bytes",
                            json_integer((json_int_t)object->attr->numanode.local_memory));
    }
    if (object->type == HWLOC_OBJ_PU || object->type == HWLOC_OBJ_NUMANODE) {
        json_object_set_new(record, "index", json_integer(object->os_index));
    }
    add_children(record, object);
    return record;
}

json_t *bench_topology_tree(hwloc_topology_t topology) {
    return object_record(hwloc_get_root_obj(topology));
}
