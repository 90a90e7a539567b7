/* The machine as a tree.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/machine/topology_record.h"

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
