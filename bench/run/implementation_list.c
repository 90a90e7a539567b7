/* The implementations that a run measures.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/run/implementation_list.h"
#include "bench/machine/machine.h"
#include "verify/harness/harness.h"
#include "verify/harness/tool/tool.h"

#include <stdio.h>
#include <stdlib.h>

static void add(struct bench_implementation_list *list,
                const struct reference_implementation *implementation) {
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i] == implementation) {
            return;
        }
    }
    list->items = tool_grow(list->items, list->count, sizeof list->items[0]);
    list->items[list->count++] = implementation;
}

/* Checks whether an implementation is measured where none is named. The reference is not, which is
 * slow because it is simple; nor is norma in stages, whose kernels are those of the sets. */
static bool is_default(const struct reference_implementation *implementation) {
    return implementation != &reference_implementation_reference &&
           implementation != &verify_staged && verify_implementation_available(implementation);
}

/* Adds all that this machine can run and that is measured by default. */
static void add_default(struct bench_implementation_list *list) {
    const struct reference_implementation *implementation;
    for (size_t i = 0; (implementation = verify_implementation(i)); i++) {
        if (is_default(implementation)) {
            add(list, implementation);
        }
    }
}

/* Adds the plug-ins, and the sets that they change, to compare them with. */
static void add_loaded(struct bench_implementation_list *list) {
    for (size_t i = 0; verify_plugin_name(i); i++) {
        add(list, verify_implementation_find(verify_plugin_name(i)));
    }
    for (size_t i = 0; verify_plugin_name(i); i++) {
        add(list, verify_implementation_find(verify_plugin_base(verify_plugin_name(i))));
    }
}

static bool fail_unknown(const char *name, struct tool_message *error) {
    char known[300] = "";
    const struct reference_implementation *implementation;
    for (size_t i = 0, used = 0; (implementation = verify_implementation(i)); i++) {
        if (used < sizeof known) {
            used +=
                (size_t)snprintf(known + used, sizeof known - used, " %s", implementation->name);
        }
    }
    return tool_fail(error, "there is no implementation '%s' in this build; there are:%s", name,
                     known);
}

static bool add_named(struct bench_implementation_list *list, const char *name, size_t *unloaded,
                      struct tool_message *error) {
    if (bench_is_ceiling(name)) {
        return true; /* ceilings are always measured */
    }
    const struct reference_implementation *implementation = verify_implementation_find(name);
    if (!implementation) {
        return *unloaded > 0 ? (*unloaded)--, true : fail_unknown(name, error);
    }
    if (verify_implementation_available(implementation)) {
        add(list, implementation);
    } else {
        tool_say("%s: left out, this machine cannot run it", name);
    }
    return true;
}

bool bench_implementation_list_choose(struct bench_implementation_list *list,
                                      const struct tool_list *names, size_t unloaded,
                                      struct tool_message *error) {
    *list = (struct bench_implementation_list){NULL, 0};
    if (names->count == 0 && verify_plugin_name(0)) {
        add_loaded(list);
    } else if (names->count == 0) {
        add_default(list);
    }
    for (size_t i = 0; i < names->count; i++) {
        if (!add_named(list, names->items[i], &unloaded, error)) {
            bench_implementation_list_free(list);
            return false;
        }
    }
    return true;
}

void bench_implementation_list_free(struct bench_implementation_list *list) {
    free(list->items);
    *list = (struct bench_implementation_list){NULL, 0};
}

bool bench_has_required(const struct tool_list *names, struct tool_message *error) {
    for (size_t i = 0; i < names->count; i++) {
        const char *name = names->items[i];
        if (bench_is_ceiling(name)) {
            continue;
        }
        const struct reference_implementation *implementation = verify_implementation_find(name);
        if (!implementation) {
            return fail_unknown(name, error);
        }
        if (!verify_implementation_available(implementation)) {
            return tool_fail(error, "this machine cannot run '%s', which --require names", name);
        }
    }
    return true;
}
