/* Which implementations a run measures.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "roster.h"
#include "ceiling.h"
#include "implementations.h"
#include "memory.h"
#include "plugin.h"

#include <stdio.h>
#include <stdlib.h>

static void add(struct norma_roster *roster, const struct norma_implementation *implementation) {
    for (size_t i = 0; i < roster->count; i++) {
        if (roster->items[i] == implementation) {
            return;
        }
    }
    roster->items = norma_grow(roster->items, roster->count, sizeof roster->items[0]);
    roster->items[roster->count++] = implementation;
}

/* The reference is as slow as it is simple: it is measured only if it is named. */
static void add_default(struct norma_roster *roster) {
    const struct norma_implementation *implementation;
    for (size_t i = 0; (implementation = norma_implementation(i)); i++) {
        if (implementation != &norma_implementation_reference &&
            norma_implementation_available(implementation)) {
            add(roster, implementation);
        }
    }
}

/* What there is to know of a plug-in is how it compares with what it changes. */
static void add_loaded(struct norma_roster *roster) {
    for (size_t i = 0; norma_plugin_name(i); i++) {
        add(roster, norma_implementation_find(norma_plugin_name(i)));
    }
    for (size_t i = 0; norma_plugin_name(i); i++) {
        add(roster, norma_implementation_find(norma_plugin_base(norma_plugin_name(i))));
    }
}

static bool fail_unknown(const char *name, struct norma_message *error) {
    char known[300] = "";
    const struct norma_implementation *implementation;
    for (size_t i = 0, used = 0; (implementation = norma_implementation(i)); i++) {
        if (used < sizeof known) {
            used +=
                (size_t)snprintf(known + used, sizeof known - used, " %s", implementation->name);
        }
    }
    return norma_fail(error, "there is no implementation '%s' in this build; there are:%s", name,
                      known);
}

static bool add_named(struct norma_roster *roster, const char *name, size_t *unloaded,
                      struct norma_message *error) {
    if (norma_is_ceiling(name)) {
        return true; /* measured in any case */
    }
    const struct norma_implementation *implementation = norma_implementation_find(name);
    if (!implementation) {
        return *unloaded > 0 ? (*unloaded)--, true : fail_unknown(name, error);
    }
    if (norma_implementation_available(implementation)) {
        add(roster, implementation);
    } else {
        norma_say("%s: left out, this machine cannot run it", name);
    }
    return true;
}

bool norma_roster_choose(struct norma_roster *roster, const struct norma_list *names,
                         size_t unloaded, struct norma_message *error) {
    *roster = (struct norma_roster){NULL, 0};
    if (names->count == 0 && norma_plugin_name(0)) {
        add_loaded(roster);
    } else if (names->count == 0) {
        add_default(roster);
    }
    for (size_t i = 0; i < names->count; i++) {
        if (!add_named(roster, names->items[i], &unloaded, error)) {
            norma_roster_free(roster);
            return false;
        }
    }
    return true;
}

void norma_roster_free(struct norma_roster *roster) {
    free(roster->items);
    *roster = (struct norma_roster){NULL, 0};
}

bool norma_roster_has_required(const struct norma_list *names, struct norma_message *error) {
    for (size_t i = 0; i < names->count; i++) {
        const char *name = names->items[i];
        if (norma_is_ceiling(name)) {
            continue;
        }
        const struct norma_implementation *implementation = norma_implementation_find(name);
        if (!implementation) {
            return fail_unknown(name, error);
        }
        if (!norma_implementation_available(implementation)) {
            return norma_fail(error, "this machine cannot run '%s', which --require names", name);
        }
    }
    return true;
}
