/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/mutants/mutation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "verify/checks/checks.h"
#include "verify/harness/harness.h"

struct state {
    const struct verify_mutation *mutation;
    struct norma_problem problem;
    const struct norma_problem *given; /* that the state was created from */
    int threads;
    int64_t executions;
    bool tuned;
    bool concerned;
    void *correct; /* the state of the correct implementation */
};

/* ---- creation -------------------------------------------------------------------------------- */

static norma_status create(const struct reference_implementation *self, void **state,
                           const struct norma_problem *problem, int threads) {
    const struct verify_mutation *mutation = self->context;
    const struct verify_mutant *mutant = mutation->mutant;
    const bool concerned = !mutant->concerns || mutant->concerns(problem);
    struct norma_problem altered = *problem;
    if (concerned && mutant->alter) {
        mutant->alter(&altered);
    }
    struct state *created = malloc(sizeof *created);
    if (!created) {
        return NORMA_STATUS_NO_MEMORY;
    }
    *created = (struct state){mutation,  *problem, problem, threads, 0, self->profile != NULL,
                              concerned, NULL};
    struct reference_implementation correct = mutation->correct;
    correct.profile = self->profile;
    const norma_status status = correct.create(&correct, &created->correct, &altered, threads);
    if (status != NORMA_STATUS_OK) {
        free(created);
        return status;
    }
    *state = created;
    return NORMA_STATUS_OK;
}

static void destroy(void *opaque) {
    struct state *state = opaque;
    state->mutation->correct.destroy(state->correct);
    free(state);
}

/* ---- execution ------------------------------------------------------------------------------- */

typedef void change(const struct verify_mutant *mutant, struct verify_execution *execution);

static void change_arguments(const struct verify_mutant *mutant,
                             struct verify_execution *execution) {
    if (mutant->before) {
        mutant->before(execution);
    }
}

static void change_planes(const struct verify_mutant *mutant, struct verify_execution *execution) {
    for (int64_t p = 0; p < execution->problem.n * execution->problem.c; p++) {
        mutant->after_plane(execution, verify_execution_plane(execution, p));
    }
}

static void corrupt_output(const struct verify_mutant *mutant, struct verify_execution *execution) {
    const struct reference_tensor *tensor = &execution->tensors[mutant->output];
    float *data = execution->data[mutant->output];
    if (data && reference_is_output(tensor)) {
        mutant->corrupt(data, tensor->count);
    }
}

static void change_results(const struct verify_mutant *mutant, struct verify_execution *execution) {
    if (mutant->when && !mutant->when(execution)) {
        return;
    }
    if (mutant->after) {
        mutant->after(execution);
    }
    if (mutant->after_plane) {
        change_planes(mutant, execution);
    }
    if (mutant->corrupt) {
        corrupt_output(mutant, execution);
    }
}

/* Makes a change in the floating-point environment that the mutant computes in. */
static void make_change(change *make, const struct verify_mutant *mutant,
                        struct verify_execution *execution) {
    if (mutant->as_called) {
        make(mutant, execution);
        return;
    }
    const uint64_t caller = verify_controls();
    verify_controls_set(verify_controls_default());
    make(mutant, execution);
    verify_controls_set(caller);
}

static norma_status execute_changed(const struct state *state, const struct norma_args *args) {
    const struct verify_mutant *mutant = state->mutation->mutant;
    struct verify_execution execution = verify_execution_of(&state->problem, args);
    execution.given = state->given;
    execution.threads = state->threads;
    execution.tuned = state->tuned;
    execution.set = state->mutation->set;
    execution.executions = state->executions;
    make_change(change_arguments, mutant, &execution);
    struct norma_args changed = reference_tensors_bind(execution.data);
    changed.workspace = execution.workspace;
    execution.status = state->mutation->correct.execute(state->correct, &changed);
    if (execution.status == NORMA_STATUS_OK || mutant->refused) {
        make_change(change_results, mutant, &execution);
    }
    verify_execution_release(&execution);
    return execution.status;
}

/* Checks whether the mutant changes an execution. Where x is missing there is nothing to change,
 * and the kernel refuses. */
static bool is_changed(const struct state *state, const struct norma_args *args) {
    return state->concerned && args->x && (args->dy || !reference_is_backward(&state->problem));
}

static norma_status execute(void *opaque, const struct norma_args *args) {
    struct state *state = opaque;
    const norma_status status = is_changed(state, args)
                                    ? execute_changed(state, args)
                                    : state->mutation->correct.execute(state->correct, args);
    state->executions++;
    return status;
}

static size_t workspace(const void *opaque) {
    const struct state *state = opaque;
    const struct reference_implementation *correct = &state->mutation->correct;
    const struct verify_mutant *mutant = state->mutation->mutant;
    const size_t bytes = correct->workspace ? correct->workspace(state->correct) : 0;
    return state->concerned && mutant->ask ? mutant->ask(bytes, state->threads) : bytes;
}

static const char *kernel(const void *opaque) {
    return ((const struct state *)opaque)->mutation->mutant->name;
}

/* ---- implementations ------------------------------------------------------------------------- */

/* Returns norma's stages but for those that are wrong. */
static struct verify_stages stages_with(const struct verify_stages *wrong) {
    struct verify_stages stages = verify_stages_of_norma;
    stages.moments = wrong->moments ? wrong->moments : stages.moments;
    stages.sums = wrong->sums ? wrong->sums : stages.sums;
    stages.merge = wrong->merge ? wrong->merge : stages.merge;
    stages.coefficients = wrong->coefficients ? wrong->coefficients : stages.coefficients;
    stages.gradient = wrong->gradient ? wrong->gradient : stages.gradient;
    return stages;
}

/* Makes the implementation around the mutant norma in wrong stages. */
static void take_stages(struct verify_mutation *mutation) {
    mutation->stages = stages_with(mutation->mutant->stages);
    mutation->correct = verify_staged;
    mutation->correct.context = &mutation->stages;
}

void verify_mutation_make(struct verify_mutation *mutation, const struct verify_mutant *mutant,
                          const struct reference_implementation *correct, int set) {
    *mutation = (struct verify_mutation){.correct = *correct, .mutant = mutant, .set = set};
    if (mutant->stages) {
        take_stages(mutation);
    }
    mutation->implementation = (struct reference_implementation){
        .name = mutation->correct.name,
        .kind = mutation->correct.kind,
        .accumulation = mutation->correct.accumulation,
        .context = mutation,
        .create = create,
        .workspace = workspace,
        .execute = execute,
        .kernel = kernel,
        .destroy = destroy,
    };
}

/* A mutation with a name of its own. */
struct named_mutation {
    struct verify_mutation mutation;
    char name[64]; /* "": unused */
};

/* Implementations live as long as the program, so each name has its place, which is used again when
 * the name is. */
const struct reference_implementation *verify_mutation_named(const char *name) {
    static struct named_mutation named[VERIFY_MOST_NAMED];
    static const char prefix[] = "mutant:";
    const size_t length = strlen(prefix);
    const bool is_mutant = strncmp(name, prefix, length) == 0;
    const struct verify_mutant *mutant = is_mutant ? verify_mutant_find(name + length) : NULL;
    int i = 0;
    while (i < VERIFY_MOST_NAMED && *named[i].name && strcmp(named[i].name, name) != 0) {
        i++;
    }
    if (!mutant || i == VERIFY_MOST_NAMED) {
        return NULL;
    }
    snprintf(named[i].name, sizeof named[i].name, "%s", name);
    verify_mutation_make(&named[i].mutation, mutant, verify_fastest_set(), 0);
    named[i].mutation.implementation.name = named[i].name;
    return &named[i].mutation.implementation;
}
