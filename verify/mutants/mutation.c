/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/mutants/mutation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/sets/sets.h"
#include "verify/checks/checks.h"
#include "verify/harness/harness.h"
#include "verify/properties/properties.h"
#include "verify/vocabulary/vocabulary.h"

/* ---- the implementation ---------------------------------------------------------------------- */

/* What a mutant copied of its arguments. */
struct verify_scratch {
    void *copies[2 * REFERENCE_TENSOR_COUNT];
    int count;
};

struct state {
    const struct verify_mutation *mutation;
    struct norma_problem problem;
    int threads;
    int64_t executions;
    bool concerned;
    void *inner;
};

static const struct reference_implementation *honest(void) {
    size_t i = 0;
    while (!verify_implementation_available(verify_implementation(i))) {
        i++;
    }
    return verify_implementation(i);
}

static norma_status create(const struct reference_implementation *self, void **state,
                           const struct norma_problem *problem, int threads) {
    const struct verify_mutation *mutation = (const struct verify_mutation *)self;
    const struct verify_mutant *mutant = mutation->mutant;
    struct norma_problem altered = *problem;
    const bool concerned = !mutant->concerns || mutant->concerns(problem);
    if (concerned && mutant->alter) {
        mutant->alter(&altered);
    }
    struct state *made = malloc(sizeof *made);
    if (!made) {
        return NORMA_STATUS_NO_MEMORY;
    }
    *made = (struct state){mutation, *problem, threads, 0, concerned, NULL};
    const norma_status status = honest()->create(honest(), &made->inner, &altered, threads);
    if (status != NORMA_STATUS_OK) {
        free(made);
        return status;
    }
    *state = made;
    return NORMA_STATUS_OK;
}

static void *copy_of(struct verify_scratch *scratch, const void *bytes, size_t count) {
    void *copy = malloc(count + 1);
    if (!copy || scratch->count == sizeof scratch->copies / sizeof *scratch->copies) {
        fprintf(stderr, "norma-verify: a mutant has not enough memory\n");
        exit(2);
    }
    scratch->copies[scratch->count++] = copy;
    return memcpy(copy, bytes, count);
}

void *verify_situation_copy(struct verify_situation *situation, enum reference_tensor_id id) {
    if (situation->data[id]) {
        situation->data[id] = copy_of(situation->scratch, situation->data[id],
                                      reference_tensor_bytes(&situation->tensors[id]));
    }
    return situation->data[id];
}

static struct verify_situation situation_of(const struct state *state,
                                            const struct norma_args *args,
                                            struct verify_scratch *scratch) {
    struct verify_situation situation = {
        .problem = state->problem,
        .data =
            {
#define VERIFY_ADDRESS(name, type) [REFERENCE_TENSOR_##name] = (void *)(uintptr_t)args->name,
                REFERENCE_TENSORS(VERIFY_ADDRESS)
#undef VERIFY_ADDRESS
            },
        .threads = state->threads,
        .set = state->mutation->set,
        .executions = state->executions,
        .scratch = scratch,
    };
    reference_tensors_of(&state->problem, situation.tensors);
    const enum reference_tensor_id source = reference_tensor_source(&state->problem);
    situation.source = copy_of(scratch, situation.data[source],
                               reference_tensor_bytes(&situation.tensors[source]));
    return situation;
}

static void apply(const struct verify_mutant *mutant, void (*spoil)(struct verify_situation *),
                  struct verify_situation *situation) {
    const uint64_t own = verify_controls();
    if (!spoil) {
        return;
    }
    if (mutant->as_called) {
        spoil(situation);
        return;
    }
    verify_controls_set(verify_controls_default());
    spoil(situation);
    verify_controls_set(own);
}

static norma_status execute_spoiled(struct state *state, const struct norma_args *args) {
    const struct verify_mutant *mutant = state->mutation->mutant;
    struct verify_scratch scratch = {.count = 0};
    struct verify_situation situation = situation_of(state, args, &scratch);
    apply(mutant, mutant->before, &situation);
    const struct norma_args altered = reference_tensors_bind(situation.data);
    situation.status = honest()->execute(state->inner, &altered);
    if (situation.status == NORMA_STATUS_OK) {
        apply(mutant, mutant->after, &situation);
    }
    for (int i = 0; i < scratch.count; i++) {
        free(scratch.copies[i]);
    }
    return situation.status;
}

static norma_status execute(void *opaque, const struct norma_args *args) {
    struct state *state = opaque;
    const norma_status status =
        state->concerned ? execute_spoiled(state, args) : honest()->execute(state->inner, args);
    state->executions++;
    return status;
}

static const char *kernel(const void *opaque) {
    return ((const struct state *)opaque)->mutation->mutant->name;
}

static void destroy(void *opaque) {
    struct state *state = opaque;
    honest()->destroy(state->inner);
    free(state);
}

/* The name is that of the set: properties expect of it what norma promises. */
struct verify_mutation verify_mutation_of(const struct verify_mutant *mutant, int set) {
    return (struct verify_mutation){
        .base =
            {
                .name = honest()->name,
                .accumulation = REFERENCE_ACCUMULATE_F64,
                .create = create,
                .execute = execute,
                .kernel = kernel,
                .destroy = destroy,
            },
        .mutant = mutant,
        .set = set,
    };
}

/* The one of that name that was made before, or the next. */
const struct reference_implementation *verify_mutation_named(const char *name) {
    enum { MOST_NAMED = 8, NAME = 64 };
    static struct verify_mutation named[MOST_NAMED];
    static char names[MOST_NAMED][NAME];
    static const char prefix[] = "mutant:";
    const size_t length = strlen(prefix);
    const bool is_mutant = strncmp(name, prefix, length) == 0;
    const struct verify_mutant *mutant = is_mutant ? verify_mutant_find(name + length) : NULL;
    size_t i = 0;
    while (i < MOST_NAMED && *names[i] && strcmp(names[i], name) != 0) {
        i++;
    }
    if (!mutant || i == MOST_NAMED) {
        return NULL;
    }
    snprintf(names[i], sizeof names[i], "%s", name);
    named[i] = verify_mutation_of(mutant, 0);
    named[i].base.name = names[i];
    return &named[i].base;
}

/* ---- what mutants are written with ----------------------------------------------------------- */

struct verify_plane verify_situation_plane(const struct verify_situation *situation,
                                           int64_t plane) {
    const struct norma_problem *problem = &situation->problem;
    const int64_t spatial = norma_problem_spatial(problem);
    return (struct verify_plane){
        .first = reference_element_at(problem, plane, 0, spatial),
        .stride = problem->layout == NORMA_LAYOUT_NSC ? problem->c : 1,
        .count = spatial,
        .channel = plane % problem->c,
    };
}

double verify_situation_parameter(const struct verify_situation *situation,
                                  enum reference_tensor_id id, int64_t index, double otherwise) {
    const float *parameter = situation->data[id];
    return parameter ? (double)parameter[index] : otherwise;
}

/* ---- problems -------------------------------------------------------------------------------- */

enum {
    SHOWN = 24,    /* problems that a mutant is shown, of all that it concerns, ... */
    MOST = 1 << 15 /* ... of at most so many elements */
};

static bool is_shown(const struct verify_mutant *mutant, const struct norma_problem *problem) {
    return reference_elements(problem) <= MOST && (!mutant->concerns || mutant->concerns(problem));
}

static void note(struct verify_catch *result, const struct verify_progress *progress) {
    result->caught = true;
    result->check = progress->check;
    snprintf(result->how, sizeof result->how, "%s, %s", verify_data_name(progress->setup.data),
             verify_placement_name(progress->setup.placement));
    snprintf(result->message, sizeof result->message, "%s", progress->message);
}

/* Both sets, with 1, 2 and 3 threads in turn. */
static void try_problem(const struct verify_mutation mutations[2],
                        const struct norma_problem *problem, uint64_t seed, size_t turn,
                        bool single, struct verify_catch *result) {
    const struct reference_implementation *implementations[] = {&mutations[0].base,
                                                                &mutations[1].base};
    struct verify_session session = {
        .implementations = implementations,
        .count = 2,
        .problem = problem,
        .threads = verify_check_wanted(VERIFY_CHECK_THREADS) ? 1 + (int)(turn % 3) : 1,
        .seed = seed,
        .thorough = true,
        .single = single,
    };
    norma_problem_print(problem, result->text, sizeof result->text);
    verify_session_check(&session);
    for (size_t i = 0; i < session.count && !result->caught; i++) {
        if (session.progress[i].failed) {
            note(result, &session.progress[i]);
        }
    }
    verify_session_end(&session);
    verify_fences_release(&session.fences);
}

/* Evenly spread over all that it concerns. */
static void try_problems(const struct verify_mutant *mutant, const struct verify_problems *problems,
                         uint64_t seed, struct verify_catch *result) {
    const struct verify_mutation mutations[] = {verify_mutation_of(mutant, 0),
                                                verify_mutation_of(mutant, 1)};
    size_t concerned = 0, met = 0, turn = 0;
    for (size_t i = 0; i < problems->count; i++) {
        concerned += is_shown(mutant, &problems->list[i]);
    }
    const size_t step = concerned > 0 ? (concerned + SHOWN - 1) / SHOWN : 1;
    for (size_t i = 0; i < problems->count && !result->caught; i++) {
        if (is_shown(mutant, &problems->list[i]) && met++ % step == 0) {
            try_problem(mutations, &problems->list[i], seed, turn++, true, result);
        }
    }
}

/* One after the other, as built-in problems are. */
static void try_long(const struct verify_mutant *mutant, uint64_t seed,
                     struct verify_catch *result) {
    const struct verify_mutation mutations[] = {verify_mutation_of(mutant, 0),
                                                verify_mutation_of(mutant, 1)};
    struct verify_problems problems = {0};
    if (verify_check_wanted(VERIFY_CHECK_LONG) && verify_suite_long(&problems)) {
        for (size_t i = 0; i < problems.count && !result->caught; i++) {
            if (!mutant->concerns || mutant->concerns(&problems.list[i])) {
                try_problem(mutations, &problems.list[i], seed, i, false, result);
            }
        }
    }
    free(problems.list);
}

/* ---- properties ------------------------------------------------------------------------------ */

static void try_property(const struct verify_mutation *mutation,
                         const struct verify_property *property, enum verify_check_kind check,
                         uint64_t seed, struct verify_catch *result) {
    for (const char *const *text = property->cases; *text && !result->caught; text++) {
        for (int layout = 0; layout < verify_property_layouts(property) && !result->caught;
             layout++) {
            snprintf(result->text, sizeof result->text, "%s %s", property->name, *text);
            const struct verify_property_result of =
                verify_property_check(property, *text, (norma_layout)layout, &mutation->base, seed);
            if (of.outcome == VERIFY_PROPERTY_FAILS) {
                result->caught = true;
                result->check = check;
                snprintf(result->message, sizeof result->message, "%.255s", of.message);
            }
        }
    }
}

/* Tightness takes the reference's word, which is worth nothing where it makes the same mistake. */
static bool is_of_use(const struct verify_mutant *mutant, enum verify_check_kind check) {
    return verify_check_wanted(check) &&
           (check != VERIFY_CHECK_TIGHTNESS || mutant->expected == VERIFY_CHECK_TIGHTNESS ||
            mutant->control);
}

static void try_properties(const struct verify_mutant *mutant, uint64_t seed,
                           struct verify_catch *result) {
    const struct verify_mutation mutation = verify_mutation_of(mutant, 0);
    const struct verify_property *property;
    if (mutant->step) {
        verify_properties_take_step(mutant->step);
    }
    for (size_t i = 0; (property = verify_property(i)) && !result->caught; i++) {
        if (is_of_use(mutant, verify_property_kind(i))) {
            try_property(&mutation, property, verify_property_kind(i), seed, result);
        }
    }
}

/* ---- the vocabulary -------------------------------------------------------------------------- */

static void try_vocabulary(const struct verify_mutant *mutant, uint64_t seed,
                           struct verify_catch *result) {
    struct norma_vocabulary vocabulary = *verify_vocabulary_of("portable");
    if (mutant->misspell) {
        mutant->misspell(&vocabulary);
    }
    for (size_t i = 0; verify_vocabulary_function(i) && !result->caught &&
                       verify_check_wanted(VERIFY_CHECK_VOCABULARY);
         i++) {
        snprintf(result->text, sizeof result->text, "%s", verify_vocabulary_function(i));
        const struct verify_vocabulary_verdict verdict =
            verify_vocabulary_check(&vocabulary, i, seed);
        if (!verdict.passed) {
            result->caught = true;
            result->check = VERIFY_CHECK_VOCABULARY;
            snprintf(result->message, sizeof result->message, "%.255s", verdict.message);
        }
    }
}

void verify_mutation_try(const struct verify_mutant *mutant, const struct verify_problems *problems,
                         uint64_t seed, struct verify_catch *result) {
    *result = (struct verify_catch){.caught = false};
    switch (mutant->stage) {
    case VERIFY_STAGE_PROBLEMS:
        try_problems(mutant, problems, seed, result);
        break;
    case VERIFY_STAGE_PROPERTIES:
        try_properties(mutant, seed, result);
        break;
    case VERIFY_STAGE_VOCABULARY:
        try_vocabulary(mutant, seed, result);
        break;
    case VERIFY_STAGE_LONG:
        try_long(mutant, seed, result);
        break;
    }
}
