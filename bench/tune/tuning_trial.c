/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/tune/tuning_trial.h"
#include "bench/run/run.h"
#include "verify/harness/tool/tool.h"
#include <norma_tools.h>

#include <omp.h>
#include <stdlib.h>

/* A tuning as an implementation: the set, with a profile of its own. */
struct candidate {
    struct reference_implementation implementation;
    struct norma_profile *profile;
};

/* Gives the set this tuning in all classes, as a problem may be verified with fewer samples, and
 * then belongs to a smaller class. Returns false if there is no memory. */
static bool open_candidate(struct candidate *candidate, const struct reference_implementation *set,
                           const struct norma_tuning *tuning) {
    candidate->profile = norma_profile_create();
    for (int size = 0; candidate->profile && size < NORMA_SIZE_CLASS_COUNT; size++) {
        norma_profile_put(candidate->profile, set->name, (norma_size_class)size, tuning);
    }
    candidate->implementation = *set;
    candidate->implementation.profile = candidate->profile;
    return candidate->profile != NULL;
}

/* All candidates on one problem. */
struct group {
    const struct norma_problem *problem;
    struct bench_entry *entries;
    size_t count;
};

static void open_group(struct group *group, const struct candidate *candidates, size_t count,
                       size_t most_samples) {
    group->entries = tool_allocate(count, sizeof *group->entries);
    group->count = count;
    for (size_t i = 0; i < count; i++) {
        group->entries[i].contender = (struct bench_contender){
            .implementation = &candidates[i].implementation,
            .samples = tool_allocate(most_samples, sizeof(double)),
        };
    }
}

static void close_states(struct group *group) {
    for (size_t i = 0; i < group->count; i++) {
        struct bench_contender *contender = &group->entries[i].contender;
        if (contender->state) {
            contender->implementation->destroy(contender->state);
            contender->state = NULL;
        }
    }
}

static void close_group(struct group *group) {
    close_states(group);
    for (size_t i = 0; i < group->count; i++) {
        free(group->entries[i].contender.samples);
    }
    free(group->entries);
}

static void say_wrong(const struct group *group, size_t index, const struct norma_tuning *tuning) {
    char text[NORMA_PROBLEM_TEXT], values[256] = "";
    norma_problem_print(group->problem, text, sizeof text);
    size_t used = 0;
    for (size_t i = 0; norma_tuning_parameter(i) && used < sizeof values; i++) {
        used += (size_t)snprintf(values + used, sizeof values - used, " %s=%lld",
                                 norma_tuning_parameter(i)->name,
                                 (long long)norma_tuning_get(tuning, i));
    }
    tool_say("%s: %s with%s fails: %s; this is an error in norma, nothing was written", text,
             group->entries[index].contender.implementation->name, values,
             group->entries[index].reason);
}

static enum bench_trial_end check(const struct group *group, const struct norma_tuning *tunings) {
    for (size_t i = 0; i < group->count; i++) {
        switch (group->entries[i].outcome) {
        case BENCH_TIMED:
            break;
        case BENCH_SKIPPED:
            return BENCH_TRIAL_NO_MEMORY;
        default:
            say_wrong(group, i, &tunings[i]);
            return BENCH_TRIAL_WRONG;
        }
    }
    return BENCH_TRIAL_COMPLETE;
}

static bool measure(const struct bench_trial *trial, struct group *group,
                    const struct norma_args *args) {
    struct bench_contender *contenders = tool_allocate(group->count, sizeof *contenders);
    for (size_t i = 0; i < group->count; i++) {
        contenders[i] = group->entries[i].contender;
    }
    const bool complete =
        bench_measure(contenders, group->count, args, &trial->effort, trial->seed);
    for (size_t i = 0; i < group->count; i++) {
        group->entries[i].contender = contenders[i];
    }
    free(contenders);
    return complete;
}

static enum bench_trial_end play(struct bench_trial *trial, struct group *group,
                                 const struct norma_tuning *tunings) {
    void *pointers[REFERENCE_TENSOR_COUNT];
    struct bench_verification verification;
    bench_bind_threads(trial->places, omp_get_max_threads());
    bench_verification_open(&verification, group->problem, trial->seed);
    bench_bind_threads(trial->places, trial->threads);
    if (!verification.truth ||
        !bench_buffers_place(&trial->buffers, group->problem, trial->threads, pointers)) {
        bench_verification_close(&verification);
        return BENCH_TRIAL_NO_MEMORY;
    }
    const bool verified = bench_verify_entries(&verification, group->problem, trial->threads,
                                               group->entries, group->count, pointers);
    bench_verification_close(&verification);
    const enum bench_trial_end end = verified ? check(group, tunings) : BENCH_TRIAL_INTERRUPTED;
    if (end != BENCH_TRIAL_COMPLETE) {
        return end;
    }
    const struct norma_args args = reference_tensors_bind(pointers);
    return measure(trial, group, &args) ? BENCH_TRIAL_COMPLETE : BENCH_TRIAL_INTERRUPTED;
}

static void show(struct bench_trial *trial, const struct norma_problem *problem) {
    char text[NORMA_PROBLEM_TEXT];
    norma_problem_print(problem, text, sizeof text);
    bench_progress_show(&trial->progress, text);
}

static enum bench_trial_end play_all(struct bench_trial *trial, struct group *groups,
                                     size_t problem_count, const struct norma_tuning *tunings) {
    enum bench_trial_end end = BENCH_TRIAL_COMPLETE;
    for (size_t i = 0; i < problem_count && end == BENCH_TRIAL_COMPLETE; i++) {
        show(trial, groups[i].problem);
        end = play(trial, &groups[i], tunings);
        close_states(&groups[i]);
        trial->progress.done++;
        trial->progress.done_bytes++;
    }
    return end;
}

/* Returns the number of samples of a tuning on all problems; the least of all tunings. */
static size_t count_samples(const struct group *groups, size_t problem_count, size_t count) {
    size_t least = SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        size_t samples = 0;
        for (size_t p = 0; p < problem_count; p++) {
            samples += groups[p].entries[i].contender.count;
        }
        least = samples < least ? samples : least;
    }
    return least;
}

/* Returns whether the time of any tuning on any problem is uncertain. One is enough, as they are
 * measured in turn: what took a core from one of them took it from its rivals as well. */
static bool is_uncertain(const struct group *groups, size_t problem_count, size_t count) {
    for (size_t p = 0; p < problem_count; p++) {
        for (size_t i = 0; i < count; i++) {
            if (groups[p].entries[i].contender.uncertain) {
                return true;
            }
        }
    }
    return false;
}

static void estimate(const struct bench_trial *trial, const struct group *groups,
                     size_t problem_count, size_t count, struct bench_estimate *ratios) {
    struct bench_pair *pairs = tool_allocate(problem_count, sizeof *pairs);
    for (size_t i = 1; i < count; i++) {
        for (size_t p = 0; p < problem_count; p++) {
            const struct bench_contender *base = &groups[p].entries[0].contender;
            const struct bench_contender *other = &groups[p].entries[i].contender;
            pairs[p] =
                (struct bench_pair){other->samples, base->samples, other->count, base->count};
        }
        ratios[i - 1] = bench_estimate_ratio(pairs, problem_count, BENCH_DRAW_SAMPLES, trial->seed);
    }
    free(pairs);
}

enum bench_trial_end bench_trial_compare(struct bench_trial *trial,
                                         const struct norma_problem *problems, size_t problem_count,
                                         const struct norma_tuning *tunings, size_t count,
                                         struct bench_estimate *ratios) {
    struct candidate *candidates = tool_allocate(count, sizeof *candidates);
    struct group *groups = tool_allocate(problem_count, sizeof *groups);
    bool opened = true;
    for (size_t i = 0; i < count; i++) {
        opened = open_candidate(&candidates[i], trial->set, &tunings[i]) && opened;
    }
    for (size_t p = 0; p < problem_count; p++) {
        groups[p].problem = &problems[p];
        open_group(&groups[p], candidates, count, trial->effort.max_samples);
    }
    const enum bench_trial_end end =
        opened ? play_all(trial, groups, problem_count, tunings) : BENCH_TRIAL_NO_MEMORY;
    if (end == BENCH_TRIAL_COMPLETE) {
        estimate(trial, groups, problem_count, count, ratios);
        trial->samples = count_samples(groups, problem_count, count);
        trial->uncertain = is_uncertain(groups, problem_count, count);
    }
    for (size_t p = 0; p < problem_count; p++) {
        close_group(&groups[p]);
    }
    for (size_t i = 0; i < count; i++) {
        norma_profile_destroy(candidates[i].profile);
    }
    free(groups);
    free(candidates);
    return end;
}
