/* SPDX-License-Identifier: Apache-2.0 */
#include "plots/read/machines.h"

#include "verify/harness/tool/tool.h"

#include <string.h>

static const char *cache_name(long long level, const char *type) {
    static const char *const names[] = {"L1", "L2", "L3", "L4"};
    if (level == 1 && strcmp(type, "data") == 0) {
        return "L1d";
    }
    return level >= 1 && level <= 4 ? names[level - 1] : "cache";
}

size_t plot_machine_caches(const json_t *machine, struct plot_cache caches[PLOT_MAX_CACHES]) {
    const json_t *list = json_object_get(json_object_get(machine, "topology"), "caches");
    size_t count = 0;
    for (size_t i = 0; i < json_array_size(list) && count < PLOT_MAX_CACHES; i++) {
        const json_t *cache = json_array_get(list, i);
        const char *type = json_string_value(json_object_get(cache, "type"));
        double bytes = json_number_value(json_object_get(cache, "bytes"));
        if (!type || strcmp(type, "instruction") == 0 || !(bytes > 0)) {
            continue;
        }
        caches[count++] = (struct plot_cache){
            .name = cache_name(json_integer_value(json_object_get(cache, "level")), type),
            .bytes = bytes,
            .count = json_integer_value(json_object_get(cache, "count")),
        };
    }
    return count;
}

const char *plot_machine_name(const json_t *machine) {
    const char *name = json_string_value(json_object_get(json_object_get(machine, "cpu"), "name"));
    return name ? name : json_string_value(json_object_get(machine, "id"));
}

const json_t *plot_machine_record(const struct plot_view *view, size_t machine) {
    const struct plot_results *results = view->results;
    const json_t *record = NULL;
    for (size_t i = 0; i < results->run_count; i++) {
        if (strcmp(results->runs[i].id, view->machines[machine]) == 0) {
            record = results->runs[i].machine;
        }
    }
    return record;
}

char *plot_machine_label(const struct plot_view *view, size_t machine) {
    const char *name = plot_machine_name(plot_machine_record(view, machine));
    for (size_t m = 0; m < view->machine_count; m++) {
        if (m != machine && strcmp(plot_machine_name(plot_machine_record(view, m)), name) == 0) {
            return tool_text("%s (%s)", name, view->machines[machine]);
        }
    }
    return tool_text("%s", name);
}
