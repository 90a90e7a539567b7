/* SPDX-License-Identifier: Apache-2.0 */
#include "mutation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "controls.h"
#include "implementations.h"
#include "properties.h"
#include "session.h"
#include "sets/vocabulary.h"
#include "suite.h"
#include "vocabulary.h"

/* ---- the implementation ---------------------------------------------------------------------- */

/* What a mutant copied of its arguments. */
struct norma_scratch {
    void *copies[2 * NORMA_TENSOR_COUNT];
    int count;
};

struct state {
    const struct norma_mutation *mutation;
    struct norma_problem problem;
    int threads;
    int64_t executions;
    bool concerned;
    void *inner;
};

static const struct norma_implementation *honest(void) {
    size_t i = 0;
    while (!norma_implementation_available(norma_implementation(i))) {
        i++;
    }
    return norma_implementation(i);
}

static norma_status create(const struct norma_implementation *self, void **state,
                           const struct norma_problem *problem, int threads) {
    const struct norma_mutation *mutation = (const struct norma_mutation *)self;
    const struct norma_mutant *mutant = mutation->mutant;
    struct norma_problem altered = *problem;
    const bool concerned = !mutant->concerns || mutant->concerns(problem);
    if (concerned && mutant->alter) {
        mutant->alter(&altered);
    }
    struct state *made = malloc(sizeof *made);
    if (!made) {
        return NORMA_NO_MEMORY;
    }
    *made = (struct state){mutation, *problem, threads, 0, concerned, NULL};
    const norma_status status = honest()->create(honest(), &made->inner, &altered, threads);
    if (status != NORMA_OK) {
        free(made);
        return status;
    }
    *state = made;
    return NORMA_OK;
}

static void *copy_of(struct norma_scratch *scratch, const void *bytes, size_t count) {
    void *copy = malloc(count + 1);
    if (!copy || scratch->count == sizeof scratch->copies / sizeof *scratch->copies) {
        fprintf(stderr, "norma-verify: a mutant has not enough memory\n");
        exit(2);
    }
    scratch->copies[scratch->count++] = copy;
    return memcpy(copy, bytes, count);
}

void *norma_situation_copy(struct norma_situation *situation, enum norma_tensor_id id) {
    if (situation->data[id]) {
        situation->data[id] = copy_of(situation->scratch, situation->data[id],
                                      norma_tensor_bytes(&situation->tensors[id]));
    }
    return situation->data[id];
}

static struct norma_situation situation_of(const struct state *state, const struct norma_args *args,
                                           struct norma_scratch *scratch) {
    struct norma_situation situation = {
        .problem = state->problem,
        .data =
            {
#define NORMA_ADDRESS(name, type) [NORMA_TENSOR_##name] = (void *)(uintptr_t)args->name,
                NORMA_TENSORS(NORMA_ADDRESS)
#undef NORMA_ADDRESS
            },
        .threads = state->threads,
        .set = state->mutation->set,
        .executions = state->executions,
        .scratch = scratch,
    };
    norma_tensors_of(&state->problem, situation.tensors);
    const enum norma_tensor_id source = norma_tensor_source(&state->problem);
    situation.source =
        copy_of(scratch, situation.data[source], norma_tensor_bytes(&situation.tensors[source]));
    return situation;
}

static void apply(const struct norma_mutant *mutant, void (*spoil)(struct norma_situation *),
                  struct norma_situation *situation) {
    const uint64_t own = norma_controls();
    if (!spoil) {
        return;
    }
    if (mutant->as_called) {
        spoil(situation);
        return;
    }
    norma_controls_set(norma_controls_default());
    spoil(situation);
    norma_controls_set(own);
}

static norma_status execute_spoiled(struct state *state, const struct norma_args *args) {
    const struct norma_mutant *mutant = state->mutation->mutant;
    struct norma_scratch scratch = {.count = 0};
    struct norma_situation situation = situation_of(state, args, &scratch);
    apply(mutant, mutant->before, &situation);
    const struct norma_args altered = norma_tensors_bind(situation.data);
    situation.status = honest()->execute(state->inner, &altered);
    if (situation.status == NORMA_OK) {
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
struct norma_mutation norma_mutation_of(const struct norma_mutant *mutant, int set) {
    return (struct norma_mutation){
        .base =
            {
                .name = honest()->name,
                .accumulation = NORMA_ACCUMULATE_F64,
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
const struct norma_implementation *norma_mutation_named(const char *name) {
    enum { MOST_NAMED = 8, NAME = 64 };
    static struct norma_mutation named[MOST_NAMED];
    static char names[MOST_NAMED][NAME];
    static const char prefix[] = "mutant:";
    const size_t length = strlen(prefix);
    const bool is_mutant = strncmp(name, prefix, length) == 0;
    const struct norma_mutant *mutant = is_mutant ? norma_mutant_find(name + length) : NULL;
    size_t i = 0;
    while (i < MOST_NAMED && *names[i] && strcmp(names[i], name) != 0) {
        i++;
    }
    if (!mutant || i == MOST_NAMED) {
        return NULL;
    }
    snprintf(names[i], sizeof names[i], "%s", name);
    named[i] = norma_mutation_of(mutant, 0);
    named[i].base.name = names[i];
    return &named[i].base;
}

/* ---- what mutants are written with ----------------------------------------------------------- */

struct norma_plane norma_situation_plane(const struct norma_situation *situation, int64_t plane) {
    const struct norma_problem *problem = &situation->problem;
    const int64_t spatial = norma_problem_spatial(problem);
    return (struct norma_plane){
        .first = norma_element_at(problem, plane, 0, spatial),
        .stride = problem->layout == NORMA_NSC ? problem->c : 1,
        .count = spatial,
        .channel = plane % problem->c,
    };
}

double norma_situation_parameter(const struct norma_situation *situation, enum norma_tensor_id id,
                                 int64_t index, double otherwise) {
    const float *parameter = situation->data[id];
    return parameter ? (double)parameter[index] : otherwise;
}

/* ---- problems -------------------------------------------------------------------------------- */

enum {
    SHOWN = 24,    /* problems that a mutant is shown, of all that it concerns, ... */
    MOST = 1 << 15 /* ... of at most so many elements */
};

static bool is_shown(const struct norma_mutant *mutant, const struct norma_problem *problem) {
    return norma_elements(problem) <= MOST && (!mutant->concerns || mutant->concerns(problem));
}

static void note(struct norma_catch *result, const struct norma_progress *progress) {
    result->caught = true;
    result->check = progress->check;
    snprintf(result->how, sizeof result->how, "%s, %s", norma_data_name(progress->setup.data),
             norma_placement_name(progress->setup.placement));
    snprintf(result->message, sizeof result->message, "%s", progress->message);
}

/* Both sets, with 1, 2 and 3 threads in turn. */
static void try_problem(const struct norma_mutation mutations[2],
                        const struct norma_problem *problem, uint64_t seed, size_t turn,
                        bool single, struct norma_catch *result) {
    const struct norma_implementation *implementations[] = {&mutations[0].base, &mutations[1].base};
    struct norma_session session = {
        .implementations = implementations,
        .count = 2,
        .problem = problem,
        .threads = norma_check_wanted(NORMA_CHECK_THREADS) ? 1 + (int)(turn % 3) : 1,
        .seed = seed,
        .thorough = true,
        .single = single,
    };
    norma_problem_print(problem, result->text, sizeof result->text);
    norma_session_check(&session);
    for (size_t i = 0; i < session.count && !result->caught; i++) {
        if (session.progress[i].failed) {
            note(result, &session.progress[i]);
        }
    }
    norma_session_end(&session);
    norma_fences_release(&session.fences);
}

/* Evenly spread over all that it concerns. */
static void try_problems(const struct norma_mutant *mutant, const struct norma_problems *problems,
                         uint64_t seed, struct norma_catch *result) {
    const struct norma_mutation mutations[] = {norma_mutation_of(mutant, 0),
                                               norma_mutation_of(mutant, 1)};
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
static void try_long(const struct norma_mutant *mutant, uint64_t seed, struct norma_catch *result) {
    const struct norma_mutation mutations[] = {norma_mutation_of(mutant, 0),
                                               norma_mutation_of(mutant, 1)};
    struct norma_problems problems = {0};
    if (norma_check_wanted(NORMA_CHECK_LONG) && norma_suite_long(&problems)) {
        for (size_t i = 0; i < problems.count && !result->caught; i++) {
            if (!mutant->concerns || mutant->concerns(&problems.list[i])) {
                try_problem(mutations, &problems.list[i], seed, i, false, result);
            }
        }
    }
    free(problems.list);
}

/* ---- properties ------------------------------------------------------------------------------ */

static void try_property(const struct norma_mutation *mutation,
                         const struct norma_property *property, enum norma_check_kind check,
                         uint64_t seed, struct norma_catch *result) {
    for (const char *const *text = property->cases; *text && !result->caught; text++) {
        for (int layout = 0; layout < norma_property_layouts(property) && !result->caught;
             layout++) {
            snprintf(result->text, sizeof result->text, "%s %s", property->name, *text);
            const struct norma_property_result of =
                norma_property_check(property, *text, (norma_layout)layout, &mutation->base, seed);
            if (of.outcome == NORMA_PROPERTY_FAILS) {
                result->caught = true;
                result->check = check;
                snprintf(result->message, sizeof result->message, "%.255s", of.message);
            }
        }
    }
}

/* Tightness takes the reference's word, which is worth nothing where it makes the same mistake. */
static bool is_of_use(const struct norma_mutant *mutant, enum norma_check_kind check) {
    return norma_check_wanted(check) &&
           (check != NORMA_CHECK_TIGHTNESS || mutant->expected == NORMA_CHECK_TIGHTNESS ||
            mutant->control);
}

static void try_properties(const struct norma_mutant *mutant, uint64_t seed,
                           struct norma_catch *result) {
    const struct norma_mutation mutation = norma_mutation_of(mutant, 0);
    const struct norma_property *property;
    if (mutant->step) {
        norma_properties_take_step(mutant->step);
    }
    for (size_t i = 0; (property = norma_property(i)) && !result->caught; i++) {
        if (is_of_use(mutant, norma_property_kind(i))) {
            try_property(&mutation, property, norma_property_kind(i), seed, result);
        }
    }
}

/* ---- the vocabulary -------------------------------------------------------------------------- */

static void try_vocabulary(const struct norma_mutant *mutant, uint64_t seed,
                           struct norma_catch *result) {
    struct norma_vocabulary vocabulary = *norma_vocabulary_of("portable");
    if (mutant->misspell) {
        mutant->misspell(&vocabulary);
    }
    for (size_t i = 0; norma_vocabulary_function(i) && !result->caught &&
                       norma_check_wanted(NORMA_CHECK_VOCABULARY);
         i++) {
        snprintf(result->text, sizeof result->text, "%s", norma_vocabulary_function(i));
        const struct norma_vocabulary_verdict verdict =
            norma_vocabulary_check(&vocabulary, i, seed);
        if (!verdict.passed) {
            result->caught = true;
            result->check = NORMA_CHECK_VOCABULARY;
            snprintf(result->message, sizeof result->message, "%.255s", verdict.message);
        }
    }
}

void norma_mutation_try(const struct norma_mutant *mutant, const struct norma_problems *problems,
                        uint64_t seed, struct norma_catch *result) {
    *result = (struct norma_catch){.caught = false};
    switch (mutant->stage) {
    case NORMA_STAGE_PROBLEMS:
        try_problems(mutant, problems, seed, result);
        break;
    case NORMA_STAGE_PROPERTIES:
        try_properties(mutant, seed, result);
        break;
    case NORMA_STAGE_VOCABULARY:
        try_vocabulary(mutant, seed, result);
        break;
    case NORMA_STAGE_LONG:
        try_long(mutant, seed, result);
        break;
    }
}
