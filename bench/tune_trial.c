/* One comparison of tunings.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tune_trial.h"
#include "memory.h"
#include "message.h"
#include "profile.h"
#include "verification.h"

#include <omp.h>
#include <stdlib.h>

/* A tuning as an implementation: the set with a profile of its own. */
struct candidate {
    struct norma_implementation implementation;
    struct norma_profile *profile;
};

/* In all classes: a problem may be verified with fewer samples, and then is of a smaller one. */
static bool open_candidate(struct candidate *candidate, const struct norma_implementation *set,
                           const struct norma_tuning *tuning) {
    candidate->profile = norma_profile_create();
    for (int size = 0; candidate->profile && size < NORMA_SIZE_CLASS_COUNT; size++) {
        norma_profile_put(candidate->profile, set->name, (norma_size_class)size, tuning);
    }
    candidate->implementation = *set;
    candidate->implementation.profile = candidate->profile;
    return candidate->profile != NULL;
}

/* The candidates on one problem. */
struct group {
    const struct norma_problem *problem;
    struct norma_entry *entries;
    size_t count;
};

static void open_group(struct group *group, const struct candidate *candidates, size_t count,
                       size_t most_samples) {
    group->entries = norma_allocate(count, sizeof *group->entries);
    group->count = count;
    for (size_t i = 0; i < count; i++) {
        group->entries[i].contender = (struct norma_contender){
            .implementation = &candidates[i].implementation,
            .samples = norma_allocate(most_samples, sizeof(double)),
        };
    }
}

static void close_states(struct group *group) {
    for (size_t i = 0; i < group->count; i++) {
        struct norma_contender *contender = &group->entries[i].contender;
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
    norma_say("%s: %s with%s fails: %s; this is an error in norma, nothing was written", text,
              group->entries[index].contender.implementation->name, values,
              group->entries[index].reason);
}

static enum norma_trial_end check(const struct group *group, const struct norma_tuning *tunings) {
    for (size_t i = 0; i < group->count; i++) {
        switch (group->entries[i].outcome) {
        case NORMA_TIMED:
            break;
        case NORMA_SKIPPED:
            return NORMA_TRIAL_NO_MEMORY;
        default:
            say_wrong(group, i, &tunings[i]);
            return NORMA_TRIAL_WRONG;
        }
    }
    return NORMA_TRIAL_COMPLETE;
}

static bool measure(const struct norma_trial *trial, struct group *group,
                    const struct norma_args *args) {
    struct norma_contender *contenders = norma_allocate(group->count, sizeof *contenders);
    for (size_t i = 0; i < group->count; i++) {
        contenders[i] = group->entries[i].contender;
    }
    const bool complete =
        norma_measure(contenders, group->count, args, &trial->effort, trial->seed);
    for (size_t i = 0; i < group->count; i++) {
        group->entries[i].contender = contenders[i];
    }
    free(contenders);
    return complete;
}

static enum norma_trial_end play(struct norma_trial *trial, struct group *group,
                                 const struct norma_tuning *tunings) {
    void *pointers[NORMA_TENSOR_COUNT];
    struct norma_verification verification;
    norma_places_bind(trial->places, omp_get_max_threads());
    norma_verification_open(&verification, group->problem, trial->seed);
    norma_places_bind(trial->places, trial->threads);
    if (!verification.truth ||
        !norma_buffers_place(&trial->buffers, group->problem, trial->threads, pointers)) {
        norma_verification_close(&verification);
        return NORMA_TRIAL_NO_MEMORY;
    }
    const bool verified = norma_verify_entries(&verification, group->problem, trial->threads,
                                               group->entries, group->count, pointers);
    norma_verification_close(&verification);
    const enum norma_trial_end end = verified ? check(group, tunings) : NORMA_TRIAL_INTERRUPTED;
    if (end != NORMA_TRIAL_COMPLETE) {
        return end;
    }
    const struct norma_args args = norma_tensors_bind(pointers);
    return measure(trial, group, &args) ? NORMA_TRIAL_COMPLETE : NORMA_TRIAL_INTERRUPTED;
}

static void show(const struct norma_trial *trial, const struct norma_problem *problem) {
    char text[NORMA_PROBLEM_TEXT];
    norma_problem_print(problem, text, sizeof text);
    norma_progress_show(&trial->progress, text);
}

static enum norma_trial_end play_all(struct norma_trial *trial, struct group *groups,
                                     size_t problem_count, const struct norma_tuning *tunings) {
    enum norma_trial_end end = NORMA_TRIAL_COMPLETE;
    for (size_t i = 0; i < problem_count && end == NORMA_TRIAL_COMPLETE; i++) {
        show(trial, groups[i].problem);
        end = play(trial, &groups[i], tunings);
        close_states(&groups[i]);
        trial->progress.done++;
        trial->progress.done_bytes++;
    }
    return end;
}

static void estimate(const struct norma_trial *trial, const struct group *groups,
                     size_t problem_count, size_t count, struct norma_estimate *ratios) {
    struct norma_pair *pairs = norma_allocate(problem_count, sizeof *pairs);
    for (size_t i = 1; i < count; i++) {
        for (size_t p = 0; p < problem_count; p++) {
            const struct norma_contender *base = &groups[p].entries[0].contender;
            const struct norma_contender *other = &groups[p].entries[i].contender;
            pairs[p] =
                (struct norma_pair){other->samples, base->samples, other->count, base->count};
        }
        ratios[i - 1] = norma_estimate_ratio(pairs, problem_count, NORMA_DRAW_SAMPLES, trial->seed);
    }
    free(pairs);
}

enum norma_trial_end norma_trial_compare(struct norma_trial *trial,
                                         const struct norma_problem *problems, size_t problem_count,
                                         const struct norma_tuning *tunings, size_t count,
                                         struct norma_estimate *ratios) {
    struct candidate *candidates = norma_allocate(count, sizeof *candidates);
    struct group *groups = norma_allocate(problem_count, sizeof *groups);
    bool opened = true;
    for (size_t i = 0; i < count; i++) {
        opened = open_candidate(&candidates[i], trial->set, &tunings[i]) && opened;
    }
    for (size_t p = 0; p < problem_count; p++) {
        groups[p].problem = &problems[p];
        open_group(&groups[p], candidates, count, trial->effort.max_samples);
    }
    const enum norma_trial_end end =
        opened ? play_all(trial, groups, problem_count, tunings) : NORMA_TRIAL_NO_MEMORY;
    if (end == NORMA_TRIAL_COMPLETE) {
        estimate(trial, groups, problem_count, count, ratios);
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
