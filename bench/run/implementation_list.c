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

/* Checks whether an implementation is measured where none is named. The definitions are not, which
 * are slow because they are simple; nor is norma in stages, whose kernels are those of the sets. */
static bool is_default(const struct reference_implementation *implementation) {
    return implementation->kind != REFERENCE_KIND_DEFINITION && implementation != &verify_staged &&
           verify_implementation_available(implementation);
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

/* Adds an implementation if this machine can run it. */
static void add_available(struct bench_implementation_list *list,
                          const struct reference_implementation *implementation) {
    if (verify_implementation_available(implementation)) {
        add(list, implementation);
    } else {
        tool_say("%s: left out, this machine cannot run it", implementation->name);
    }
}

static bool add_named(struct bench_implementation_list *list, const char *name, size_t *unloaded,
                      struct tool_message *error) {
    const struct reference_implementation *implementation;
    bool any = bench_is_ceiling(name);
    list->names_ceilings = list->names_ceilings || any;
    for (size_t i = 0; (implementation = verify_implementation_match(name, &i)); any = true) {
        add_available(list, implementation);
    }
    if (!any && *unloaded > 0) {
        (*unloaded)--;
        any = true;
    }
    return any || fail_unknown(name, error);
}

bool bench_implementation_list_choose(struct bench_implementation_list *list,
                                      const struct tool_list *names, size_t unloaded,
                                      struct tool_message *error) {
    *list = (struct bench_implementation_list){0};
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
    *list = (struct bench_implementation_list){0};
}

static bool has_required(const char *name, struct tool_message *error) {
    const struct reference_implementation *implementation;
    bool any = bench_is_ceiling(name);
    for (size_t i = 0; (implementation = verify_implementation_match(name, &i)); any = true) {
        if (!verify_implementation_available(implementation)) {
            return tool_fail(error, "this machine cannot run '%s', which --require names",
                             implementation->name);
        }
    }
    return any || fail_unknown(name, error);
}

bool bench_has_required(const struct tool_list *names, struct tool_message *error) {
    for (size_t i = 0; i < names->count; i++) {
        if (!has_required(names->items[i], error)) {
            return false;
        }
    }
    return true;
}
