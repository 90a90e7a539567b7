/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "verify/mutants/mutants.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/sets/sets.h"
#include "verify/properties/properties.h"
#include "verify/vocabulary/vocabulary.h"

/* The exposure of a mutant to the checks. */
struct exposure {
    const struct verify_mutant *mutant;
    const struct verify_problems *problems;
    uint64_t seed;
    size_t left_out;  /* cases */
    unsigned seconds; /* for each case */
    struct verify_catch *result;
};

/* Checks whether the next case is tried; it is not if it is left out. Its time begins. */
static bool is_next(const struct exposure *exposure) {
    tool_worker_time_limit(exposure->seconds);
    return exposure->result->tried++ >= exposure->left_out;
}

static void note(struct verify_catch *result, enum verify_check_kind check, const char *message) {
    result->caught = true;
    result->check = check;
    snprintf(result->message, sizeof result->message, "%.255s", message);
}

/* ---- problems -------------------------------------------------------------------------------- */

enum {
    SHOWN = 72,             /* problems, at most, of those that a mutant concerns */
    MOST_ELEMENTS = 1 << 15 /* of the largest tensor of each of them */
};

static bool concerns(const struct verify_mutant *mutant, const struct norma_problem *problem) {
    return !mutant->concerns || mutant->concerns(problem);
}

static bool is_shown(const struct verify_mutant *mutant, const struct norma_problem *problem) {
    return reference_most_elements(problem) <= MOST_ELEMENTS && concerns(mutant, problem);
}

static void note_progress(struct verify_catch *result, const struct verify_progress *progress) {
    note(result, progress->check, progress->message);
    snprintf(result->how, sizeof result->how, "%s, %s", verify_data_name(progress->setup.data),
             verify_placement_name(progress->setup.placement));
}

/* Checks the mutant as two sets, with 1, 2 or 3 threads in turn. */
static void try_problem(const struct exposure *exposure, const struct norma_problem *problem,
                        size_t turn, bool single) {
    struct verify_catch *result = exposure->result;
    const struct reference_implementation *correct = verify_fastest_set();
    struct verify_mutation first, second;
    verify_mutation_make(&first, exposure->mutant, correct, 0);
    verify_mutation_make(&second, exposure->mutant, correct, 1);
    const struct reference_implementation *implementations[] = {&first.implementation,
                                                                &second.implementation};
    struct verify_session session = {
        .implementations = implementations,
        .count = 2,
        .problem = problem,
        .threads = verify_check_wanted(VERIFY_CHECK_THREADS) ? 1 + (int)(turn % 3) : 1,
        .seed = exposure->seed,
        .thorough = true,
        .single = single,
    };
    norma_problem_print(problem, result->text, sizeof result->text);
    verify_session_check(&session);
    for (size_t i = 0; i < session.count && !result->caught; i++) {
        if (session.progress[i].failed) {
            note_progress(result, &session.progress[i]);
        }
    }
    verify_session_end(&session);
    verify_fences_release(&session.fences);
}

/* Tries problems that are spread evenly over all that the mutant concerns. */
static void try_problems(const struct exposure *exposure) {
    const struct verify_problems *problems = exposure->problems;
    size_t concerned = 0, met = 0, turn = 0;
    for (size_t i = 0; i < problems->count; i++) {
        concerned += is_shown(exposure->mutant, &problems->list[i]);
    }
    const size_t step = concerned > 0 ? (concerned + SHOWN - 1) / SHOWN : 1;
    for (size_t i = 0; i < problems->count && !exposure->result->caught; i++) {
        if (is_shown(exposure->mutant, &problems->list[i]) && met++ % step == 0 &&
            is_next(exposure)) {
            try_problem(exposure, &problems->list[i], turn++, true);
        }
    }
}

/* Tries each of the long problems with one part of the checks, as a suite does. */
static void try_long_problems(const struct exposure *exposure) {
    struct verify_problems problems = {0};
    if (verify_check_wanted(VERIFY_CHECK_LONG) && verify_suite_long(&problems)) {
        for (size_t i = 0; i < problems.count && !exposure->result->caught; i++) {
            if (concerns(exposure->mutant, &problems.list[i]) && is_next(exposure)) {
                try_problem(exposure, &problems.list[i], i, false);
            }
        }
    }
    free(problems.list);
}

/* ---- properties ------------------------------------------------------------------------------ */

/* Tightness relies on the reference, which proves nothing if that makes the same mistake. Tensors
 * beyond 8 GiB take seconds each, and a mutant that shows there alone expects that. */
static bool is_conclusive(const struct verify_mutant *mutant, enum verify_check_kind check) {
    return verify_check_wanted(check) &&
           (check != VERIFY_CHECK_OFFSETS || mutant->expected == VERIFY_CHECK_OFFSETS) &&
           (check != VERIFY_CHECK_TIGHTNESS || mutant->expected == VERIFY_CHECK_TIGHTNESS ||
            mutant->control);
}

static void try_property(const struct exposure *exposure, const struct verify_mutation *mutation,
                         const struct verify_property *property, enum verify_check_kind check) {
    struct verify_catch *result = exposure->result;
    const int layouts = verify_property_layouts(property);
    for (const char *const *text = property->cases; *text && !result->caught; text++) {
        for (int layout = 0; layout < layouts && !result->caught; layout++) {
            if (!is_next(exposure)) {
                continue;
            }
            snprintf(result->text, sizeof result->text, "%s %s", property->name, *text);
            const struct verify_property_result checked = verify_property_check(
                property, *text, (norma_layout)layout, &mutation->implementation, exposure->seed);
            if (checked.outcome == VERIFY_PROPERTY_FAILS) {
                note(result, check, checked.message);
            }
        }
    }
}

static void try_properties(const struct exposure *exposure) {
    const struct verify_mutant *mutant = exposure->mutant;
    struct verify_mutation mutation;
    verify_mutation_make(&mutation, mutant, verify_fastest_set(), 0);
    const struct verify_property *property;
    if (mutant->step) {
        verify_properties_take_step(mutant->step);
    }
    for (size_t i = 0; (property = verify_property_at(i)) && !exposure->result->caught; i++) {
        if (is_conclusive(mutant, verify_property_kind(i))) {
            try_property(exposure, &mutation, property, verify_property_kind(i));
        }
    }
}

/* ---- the vocabulary -------------------------------------------------------------------------- */

void verify_mutant_replace_functions(struct norma_vocabulary *vocabulary,
                                     const struct norma_vocabulary *functions) {
    typedef void any_function(void);
    enum { FUNCTIONS = sizeof *vocabulary / sizeof(any_function *) };
    any_function *all[FUNCTIONS], *wrong[FUNCTIONS];
    _Static_assert(sizeof all == sizeof *vocabulary, "a vocabulary has functions and nothing else");
    memcpy(all, vocabulary, sizeof all);
    memcpy(wrong, functions, sizeof wrong);
    for (int i = 0; i < FUNCTIONS; i++) {
        all[i] = wrong[i] ? wrong[i] : all[i];
    }
    memcpy(vocabulary, all, sizeof all);
}

static void try_vocabulary(const struct exposure *exposure) {
    struct verify_catch *result = exposure->result;
    struct norma_vocabulary vocabulary = *verify_vocabulary_of("portable");
    if (exposure->mutant->functions) {
        verify_mutant_replace_functions(&vocabulary, exposure->mutant->functions);
    }
    const bool wanted = verify_check_wanted(VERIFY_CHECK_VOCABULARY);
    for (size_t i = 0; wanted && verify_vocabulary_function(i) && !result->caught; i++) {
        if (!is_next(exposure)) {
            continue;
        }
        snprintf(result->text, sizeof result->text, "%s", verify_vocabulary_function(i));
        const struct verify_vocabulary_verdict verdict =
            verify_vocabulary_check(&vocabulary, i, exposure->seed);
        if (!verdict.passed) {
            note(result, VERIFY_CHECK_VOCABULARY, verdict.message);
        }
    }
}

void verify_mutation_try(const struct verify_mutant *mutant, const struct verify_problems *problems,
                         uint64_t seed, size_t left_out, unsigned seconds,
                         struct verify_catch *result) {
    const struct exposure exposure = {mutant, problems, seed, left_out, seconds, result};
    *result = (struct verify_catch){.caught = false};
    switch (mutant->scope) {
    case VERIFY_SCOPE_PROBLEMS:
        try_problems(&exposure);
        break;
    case VERIFY_SCOPE_PROPERTIES:
        try_properties(&exposure);
        break;
    case VERIFY_SCOPE_VOCABULARY:
        try_vocabulary(&exposure);
        break;
    case VERIFY_SCOPE_LONG:
        try_long_problems(&exposure);
        break;
    }
}
