/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/harness/staged_ranks.h"

#include <math.h>
#include <string.h>

bool verify_ranks_own(const struct verify_ranks *state, int id) {
    return reference_is_output(&state->tensors[id]) && state->per_sample[id] == 0;
}

/* ---- between stages ---------------------------------------------------------------------- */

/* Replaces moments that do not count their elements by NaN. Those of the batch are merged by their
 * counts; nothing else shows those of a rank's own sets. */
static void refuse_wrong_counts(const struct verify_ranks *state, struct verify_rank *rank) {
    const int64_t sets = norma_stage_sets(rank->plan), own = sets - state->batch_sets;
    const int64_t planes = rank->problem.n * rank->problem.c;
    const int64_t elements = planes * norma_problem_spatial(&rank->problem);
    for (int64_t i = state->batch_sets; i < sets; i++) {
        if (rank->moments[i].count != (double)(elements / own)) {
            rank->moments[i].mean = NAN;
        }
    }
}

/* Adds sums to others, each member to its like. */
static void add_sums(struct norma_partial_sums *sums, const struct norma_partial_sums *others,
                     int64_t sets) {
    enum { MEMBERS = sizeof *sums / sizeof(double) };
    double *members = (double *)sums;
    const double *more = (const double *)others;
    for (int64_t i = 0; i < sets * MEMBERS; i++) {
        members[i] += more[i];
    }
}

void verify_ranks_exchange_sums(struct verify_ranks *state) {
    struct verify_rank *first = &state->ranks[0];
    for (int i = 1; i < state->count; i++) {
        add_sums(first->sums, state->ranks[i].sums, state->batch_sets);
    }
    for (int i = 1; i < state->count; i++) {
        memcpy(state->ranks[i].sums, first->sums, (size_t)state->batch_sets * sizeof *first->sums);
    }
}

norma_status verify_ranks_exchange_moments(struct verify_ranks *state) {
    struct verify_rank *first = &state->ranks[0];
    norma_status status = NORMA_STATUS_OK;
    for (int i = 0; i < state->count; i++) {
        refuse_wrong_counts(state, &state->ranks[i]);
    }
    for (int i = 1; i < state->count && status == NORMA_STATUS_OK; i++) {
        status = state->stages->merge(first->moments, state->ranks[i].moments, state->batch_sets);
    }
    for (int i = 1; i < state->count; i++) {
        memcpy(state->ranks[i].moments, first->moments,
               (size_t)state->batch_sets * sizeof *first->moments);
    }
    return status;
}

/* ---- one result of all ranks -------------------------------------------------------------- */

/* Returns what all ranks have; NaN if it differs. */
static float agreed(const struct verify_ranks *state, int id, int64_t index) {
    const float *first = &state->ranks[0].own[id][index];
    for (int i = 1; i < state->count; i++) {
        if (memcmp(first, &state->ranks[i].own[id][index], sizeof *first) != 0) {
            return NAN;
        }
    }
    return *first;
}

static float added(const struct verify_ranks *state, int id, int64_t index) {
    double sum = 0.0;
    for (int i = 0; i < state->count; i++) {
        sum += (double)state->ranks[i].own[id][index];
    }
    return (float)sum;
}

/* Returns the style loss of a sample, which no stage computes [AdaIN eq. 13]. */
static float style_loss(const struct verify_rank *rank, int64_t sample) {
    double means = 0.0, deviations = 0.0;
    for (int64_t c = 0; c < rank->problem.c; c++) {
        const int64_t plane = sample * rank->problem.c + c;
        const struct norma_partial_moments *x = &rank->moments[plane];
        const double deviation = sqrt(x->m2 / x->count + rank->problem.epsilon);
        const double mean = x->mean - (double)rank->args.style_mean[plane];
        means += mean * mean;
        deviations += (deviation - (double)rank->args.style_std[plane]) *
                      (deviation - (double)rank->args.style_std[plane]);
    }
    return (float)(sqrt(means) + sqrt(deviations));
}

static void write_style_losses(const struct verify_rank *rank) {
    for (int64_t n = 0; rank->args.style_loss && n < rank->problem.n; n++) {
        rank->args.style_loss[n] = style_loss(rank, n);
    }
}

void verify_ranks_write_results(const struct verify_ranks *state,
                                void *const pointers[REFERENCE_TENSOR_COUNT]) {
    const bool backward = reference_is_backward(&state->problem);
    for (int i = 0; i < state->count; i++) {
        write_style_losses(&state->ranks[i]);
    }
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        float *result = pointers[id];
        for (int64_t i = 0; result && verify_ranks_own(state, id) && i < state->tensors[id].count;
             i++) {
            result[i] = backward ? added(state, id, i) : agreed(state, id, i);
        }
    }
}
