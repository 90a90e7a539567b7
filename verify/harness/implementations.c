/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "verify/harness/implementations.h"

#include "reference/naive/naive.h"
#include "reference/reference.h"
#include "verify/harness/staged.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

/* ---- norma with one of its sets ----------------------------------------------------------- */

struct state {
    struct norma_plan *plan;
    void *workspace;
};

static norma_status create(const struct reference_implementation *self, void **state,
                           const struct norma_problem *problem, int threads) {
    struct state created = {0};
    const struct norma_options options = {
        .sets = self->name, .threads = threads, .profile = self->profile};
    const norma_status status = norma_plan_create(&created.plan, problem, &options);
    if (status != NORMA_STATUS_OK) {
        return status;
    }
    const size_t size = norma_plan_workspace(created.plan);
    created.workspace = size > 0 ? malloc(size) : NULL;
    struct state *kept = malloc(sizeof *kept);
    if (!kept || (size > 0 && !created.workspace)) {
        free(kept);
        free(created.workspace);
        norma_plan_destroy(created.plan);
        return NORMA_STATUS_NO_MEMORY;
    }
    *kept = created;
    *state = kept;
    return NORMA_STATUS_OK;
}

static norma_status execute(void *opaque, const struct norma_args *args) {
    const struct state *state = opaque;
    struct norma_args with_workspace = *args;
    with_workspace.workspace = args->workspace ? args->workspace : state->workspace;
    return norma_execute(state->plan, &with_workspace);
}

static size_t workspace(const void *opaque) {
    const struct state *state = opaque;
    return norma_plan_workspace(state->plan);
}

static const char *kernel(const void *opaque) {
    const struct state *state = opaque;
    return norma_plan_set(state->plan);
}

static void destroy(void *opaque) {
    struct state *state = opaque;
    if (state) {
        norma_plan_destroy(state->plan);
        free(state->workspace);
    }
    free(state);
}

struct norma_plan *verify_implementation_plan(void *opaque) {
    const struct state *state = opaque;
    return state->plan;
}

bool verify_implementation_tune(const struct reference_implementation *implementation,
                                const struct norma_profile *profile,
                                struct reference_implementation *tuned) {
    if (implementation->create != create) {
        return false;
    }
    *tuned = *implementation;
    tuned->profile = profile;
    return true;
}

/* ---- all implementations ------------------------------------------------------------------ */

enum { MAX_SETS = 64 }; /* the sets of a build and NORMA_MOST_ADDED plug-ins */

static size_t count_sets(void) {
    size_t count = 0;
    while (norma_set_name(count)) {
        count++;
    }
    return count;
}

static const struct reference_implementation *set_implementation(size_t index) {
    static struct reference_implementation sets[MAX_SETS];
    /* Filling the array again writes the same values, so two threads do not disturb each other. */
    for (size_t i = 0; i < MAX_SETS && norma_set_name(i) && !sets[index].name; i++) {
        sets[i] = (struct reference_implementation){
            .name = norma_set_name(i),
            .kind = REFERENCE_KIND_NORMA,
            .accumulation = REFERENCE_ACCUMULATE_F64,
            .create = create,
            .workspace = workspace,
            .execute = execute,
            .kernel = kernel,
            .destroy = destroy,
        };
    }
    return &sets[index];
}

const struct reference_implementation *verify_implementation(size_t index) {
    const size_t sets = count_sets();
    if (index < sets) {
        return set_implementation(index);
    }
    index -= sets;
    for (size_t i = 0; reference_peer(i); i++) {
        const struct reference_implementation *const *next = reference_peer(i)->implementations;
        for (; *next; next++) {
            if (index-- == 0) {
                return *next;
            }
        }
    }
    static const struct reference_implementation *const last[] = {
        &reference_implementation_reference, &reference_implementation_naive, &verify_staged};
    return index < sizeof last / sizeof *last ? last[index] : NULL;
}

const struct reference_implementation *verify_implementation_find(const char *name) {
    for (size_t i = 0; verify_implementation(i); i++) {
        if (strcmp(verify_implementation(i)->name, name) == 0) {
            return verify_implementation(i);
        }
    }
    return NULL;
}

const struct reference_implementation *verify_implementation_match(const char *pattern,
                                                                   size_t *index) {
    const struct reference_implementation *implementation;
    while ((implementation = verify_implementation((*index)++))) {
        if (fnmatch(pattern, implementation->name, 0) == 0) {
            return implementation;
        }
    }
    return NULL;
}

/* Returns the index of the set that an implementation is named after; negative if none. */
static int set_of(const struct reference_implementation *implementation) {
    for (int i = 0; norma_set_name((size_t)i); i++) {
        if (strcmp(norma_set_name((size_t)i), implementation->name) == 0) {
            return i;
        }
    }
    return -1;
}

bool verify_implementation_is_norma(const struct reference_implementation *implementation) {
    return set_of(implementation) >= 0;
}

bool verify_implementation_available(const struct reference_implementation *implementation) {
    const int set = set_of(implementation);
    return set < 0 || norma_set_available((size_t)set);
}

const char *verify_implementation_available_name(int index) {
    size_t i = 0;
    for (; verify_implementation(i); i++) {
        if (verify_implementation_available(verify_implementation(i)) && index-- == 0) {
            return verify_implementation(i)->name;
        }
    }
    return NULL;
}

const struct reference_implementation *verify_fastest_set(void) {
    size_t i = 0;
    while (!verify_implementation_available(verify_implementation(i))) {
        i++;
    }
    return verify_implementation(i);
}
