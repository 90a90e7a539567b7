/* Which implementations a run measures.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/run/roster.h"
#include "bench/machine/machine.h"
#include "verify/harness/harness.h"
#include "verify/harness/tool/tool.h"

#include <stdio.h>
#include <stdlib.h>

static void add(struct bench_roster *roster,
                const struct reference_implementation *implementation) {
    for (size_t i = 0; i < roster->count; i++) {
        if (roster->items[i] == implementation) {
            return;
        }
    }
    roster->items = tool_grow(roster->items, roster->count, sizeof roster->items[0]);
    roster->items[roster->count++] = implementation;
}

/* The reference is as slow as it is simple: it is measured only if it is named. */
static void add_default(struct bench_roster *roster) {
    const struct reference_implementation *implementation;
    for (size_t i = 0; (implementation = verify_implementation(i)); i++) {
        if (implementation != &reference_implementation_reference &&
            verify_implementation_available(implementation)) {
            add(roster, implementation);
        }
    }
}

/* What there is to know of a plug-in is how it compares with what it changes. */
static void add_loaded(struct bench_roster *roster) {
    for (size_t i = 0; verify_plugin_name(i); i++) {
        add(roster, verify_implementation_find(verify_plugin_name(i)));
    }
    for (size_t i = 0; verify_plugin_name(i); i++) {
        add(roster, verify_implementation_find(verify_plugin_base(verify_plugin_name(i))));
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

static bool add_named(struct bench_roster *roster, const char *name, size_t *unloaded,
                      struct tool_message *error) {
    if (bench_is_ceiling(name)) {
        return true; /* measured in any case */
    }
    const struct reference_implementation *implementation = verify_implementation_find(name);
    if (!implementation) {
        return *unloaded > 0 ? (*unloaded)--, true : fail_unknown(name, error);
    }
    if (verify_implementation_available(implementation)) {
        add(roster, implementation);
    } else {
        tool_say("%s: left out, this machine cannot run it", name);
    }
    return true;
}

bool bench_roster_choose(struct bench_roster *roster, const struct tool_list *names,
                         size_t unloaded, struct tool_message *error) {
    *roster = (struct bench_roster){NULL, 0};
    if (names->count == 0 && verify_plugin_name(0)) {
        add_loaded(roster);
    } else if (names->count == 0) {
        add_default(roster);
    }
    for (size_t i = 0; i < names->count; i++) {
        if (!add_named(roster, names->items[i], &unloaded, error)) {
            bench_roster_free(roster);
            return false;
        }
    }
    return true;
}

void bench_roster_free(struct bench_roster *roster) {
    free(roster->items);
    *roster = (struct bench_roster){NULL, 0};
}

bool bench_roster_has_required(const struct tool_list *names, struct tool_message *error) {
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
