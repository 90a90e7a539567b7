/* Processes that share a batch by stages, some of which have no samples, against one that has them
 * all: every operator that has stages, in every pass and layout.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/tests/bundle.h"
#include "kernels/tests/variants.h"

enum { MOST_RANKS = 5 };

/* The samples of each rank. */
struct division {
    int ranks, samples[MOST_RANKS];
};

static const struct division divisions[] = {
    {1, {7}},          {2, {0, 7}},       {2, {7, 0}},          {2, {3, 4}},
    {3, {0, 0, 5}},    {3, {0, 5, 0}},    {3, {5, 0, 0}},       {3, {2, 0, 3}},
    {4, {0, 1, 0, 6}}, {4, {1, 0, 6, 0}}, {5, {1, 1, 1, 1, 1}}, {5, {0, 0, 1, 0, 0}},
};
enum { DIVISIONS = sizeof divisions / sizeof *divisions };

/* ---- ranks -------------------------------------------------------------------------------- */

/* One process, with its part of the batch's tensors. */
struct rank {
    struct norma_plan *plan;
    struct norma_problem problem;
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
    void *data[REFERENCE_TENSOR_COUNT]; /* NULL: unused or empty */
    struct norma_args args;
    struct norma_partial_moments *moments;
    struct norma_partial_sums *sums;
    float *coefficients;
};

/* Returns the bytes of a tensor that belong to one sample; 0 for parameters and the like. */
static size_t bytes_of_sample(const struct norma_problem *problem, int id) {
    struct reference_tensor one[REFERENCE_TENSOR_COUNT], two[REFERENCE_TENSOR_COUNT];
    struct norma_problem other = *problem;
    other.n = 1;
    reference_tensors_of(&other, one);
    other.n = 2;
    reference_tensors_of(&other, two);
    return reference_tensor_bytes(&two[id]) - reference_tensor_bytes(&one[id]);
}

static void copy_tensor(struct rank *rank, const struct bundle *whole, int id, int64_t first) {
    const size_t bytes = reference_tensor_bytes(&rank->tensors[id]);
    if (rank->tensors[id].role != REFERENCE_ROLE_UNUSED && bytes > 0) {
        const size_t offset = (size_t)first * bytes_of_sample(&whole->problem, id);
        rank->data[id] = malloc(bytes);
        memcpy(rank->data[id], (const char *)whole->data[id] + offset, bytes);
    }
}

/* Makes a rank of samples [first, first + count). */
static struct rank make_rank(const struct bundle *whole, int64_t first, int64_t count) {
    struct rank rank = {.problem = whole->problem};
    rank.problem.n = count;
    reference_tensors_of(&rank.problem, rank.tensors);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        copy_tensor(&rank, whole, id, first);
    }
    free(rank.data[REFERENCE_TENSOR_style_loss]); /* no step computes it */
    rank.data[REFERENCE_TENSOR_style_loss] = NULL;
    cr_assert(norma_plan_create(&rank.plan, &rank.problem, &(struct norma_options){.threads = 2}) ==
              NORMA_STATUS_OK);
    const size_t sets = (size_t)norma_stage_sets(rank.plan) + 1;
    rank.args = reference_tensors_bind(rank.data);
    rank.args.workspace = count > 0 ? malloc(norma_stage_workspace(rank.plan) + 1) : NULL;
    rank.moments = malloc(sets * sizeof *rank.moments);
    rank.sums = malloc(sets * sizeof *rank.sums);
    memset(rank.moments, 0xff, sets * sizeof *rank.moments);
    memset(rank.sums, 0xff, sets * sizeof *rank.sums);
    rank.coefficients =
        count > 0 ? calloc(3 * (size_t)(count * rank.problem.c) + 1, sizeof *rank.coefficients)
                  : NULL;
    return rank;
}

static void free_rank(struct rank *rank) {
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        free(rank->data[id]);
    }
    norma_plan_destroy(rank->plan);
    free(rank->args.workspace);
    free(rank->moments);
    free(rank->sums);
    free(rank->coefficients);
}

/* A rank without samples has no coefficients. */
static struct norma_stage_affine affine_of(const struct rank *rank) {
    const int64_t entries = norma_stage_affine_entries(rank->plan);
    float *arrays = rank->coefficients;
    return rank->problem.n > 0
               ? (struct norma_stage_affine){arrays, arrays + entries, arrays + 2 * entries}
               : (struct norma_stage_affine){NULL, NULL, NULL};
}

static void expect_ok(const struct rank *rank, const char *step, norma_status status) {
    char text[NORMA_PROBLEM_TEXT];
    norma_problem_print(&rank->problem, text, sizeof text);
    cr_assert(status == NORMA_STATUS_OK, "%s, %s: %s", text, step, norma_strerror(status));
}

/* ---- the steps ---------------------------------------------------------------------------- */

/* Returns how many of the sets are the batch's, in which case their number does not depend on the
 * samples. */
static int64_t batch_sets(const struct rank *rank) {
    struct norma_problem none = rank->problem;
    struct norma_plan *plan;
    none.n = 0;
    cr_assert(norma_plan_create(&plan, &none, NULL) == NORMA_STATUS_OK);
    const int64_t sets = norma_stage_sets(plan);
    norma_plan_destroy(plan);
    return sets;
}

static void execute_forward(struct rank *ranks, int count) {
    const int64_t batch = batch_sets(ranks);
    struct norma_partial_moments *merged = calloc((size_t)batch + 1, sizeof *merged);
    for (int r = 0; r < count; r++) {
        expect_ok(&ranks[r], "moments",
                  norma_stage_moments(ranks[r].plan, &ranks[r].args, ranks[r].moments));
        expect_ok(&ranks[r], "check", norma_stage_check(ranks[r].plan, &ranks[r].args, NULL, 0));
        expect_ok(&ranks[r], "merge", norma_stage_merge(merged, ranks[r].moments, batch));
    }
    for (int r = 0; r < count; r++) {
        const struct norma_stage_affine affine = affine_of(&ranks[r]);
        memcpy(ranks[r].moments, merged, (size_t)batch * sizeof *merged);
        expect_ok(
            &ranks[r], "coefficients",
            norma_stage_coefficients(ranks[r].plan, &ranks[r].args, ranks[r].moments, &affine));
        expect_ok(&ranks[r], "apply", norma_stage_apply(ranks[r].plan, &ranks[r].args, &affine));
    }
    free(merged);
}

/* Adds each member of the sums, all of which are double. */
static void add_sums(struct norma_partial_sums *total, const struct norma_partial_sums *sums,
                     int64_t sets) {
    double *to = (double *)total;
    const double *from = (const double *)sums;
    for (size_t i = 0; i < (size_t)sets * (sizeof *total / sizeof *to); i++) {
        to[i] += from[i];
    }
}

static void execute_backward(struct rank *ranks, int count) {
    const int64_t batch = batch_sets(ranks);
    struct norma_partial_sums *total = calloc((size_t)batch + 1, sizeof *total);
    for (int r = 0; r < count; r++) {
        expect_ok(&ranks[r], "sums",
                  norma_stage_sums(ranks[r].plan, &ranks[r].args, ranks[r].sums));
        add_sums(total, ranks[r].sums, batch);
    }
    for (int r = 0; r < count; r++) {
        memcpy(ranks[r].sums, total, (size_t)batch * sizeof *total);
        expect_ok(&ranks[r], "gradient",
                  norma_stage_gradient(ranks[r].plan, &ranks[r].args, ranks[r].sums));
    }
    free(total);
}

/* ---- what they must be -------------------------------------------------------------------- */

static void expect_near(const struct bundle *whole, const char *text, int id, int64_t index,
                        double got) {
    const double expected = (double)((const float *)whole->data[id])[index];
    cr_assert(got == expected || fabs(got - expected) <= 1e-5 * (1.0 + fabs(expected)),
              "%s: %s[%lld]: %g, not %g", text, whole->tensors[id].name, (long long)index, got,
              expected);
}

/* Checks the ranks' parts of a tensor, one after the other. */
static void expect_parts(const struct bundle *whole, const char *text, int id,
                         const struct rank *ranks, int count) {
    int64_t index = 0;
    for (int r = 0; r < count; r++) {
        for (int64_t i = 0; i < ranks[r].tensors[id].count; i++) {
            expect_near(whole, text, id, index++, (double)((const float *)ranks[r].data[id])[i]);
        }
    }
    cr_assert(index == whole->tensors[id].count);
}

/* Checks that a statistic of the batch is the same on every rank. */
static void expect_alike(const struct bundle *whole, const char *text, int id,
                         const struct rank *ranks, int count) {
    for (int r = 0; r < count; r++) {
        cr_assert(memcmp(ranks[r].data[id], ranks[0].data[id],
                         reference_tensor_bytes(&whole->tensors[id])) == 0,
                  "%s: %s of rank %d", text, whole->tensors[id].name, r);
    }
    for (int64_t i = 0; i < whole->tensors[id].count; i++) {
        expect_near(whole, text, id, i, (double)((const float *)ranks[0].data[id])[i]);
    }
}

/* Checks that the ranks' gradients of a parameter add up. */
static void expect_total(const struct bundle *whole, const char *text, int id,
                         const struct rank *ranks, int count) {
    for (int64_t i = 0; i < whole->tensors[id].count; i++) {
        double total = 0.0;
        for (int r = 0; r < count; r++) {
            const double own = (double)((const float *)ranks[r].data[id])[i];
            cr_assert(ranks[r].problem.n > 0 || own == 0.0, "%s: %s[%lld] of no samples is %g",
                      text, whole->tensors[id].name, (long long)i, own);
            total += own;
        }
        expect_near(whole, text, id, i, total);
    }
}

static void expect_whole(const struct bundle *whole, const char *text, const struct rank *ranks,
                         int count) {
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        if (!bundle_uses(whole, id) || !reference_is_output(&whole->tensors[id]) ||
            id == REFERENCE_TENSOR_style_loss) {
            continue;
        }
        if (bytes_of_sample(&whole->problem, id) > 0) {
            expect_parts(whole, text, id, ranks, count);
        } else if (reference_is_backward(&whole->problem)) {
            expect_total(whole, text, id, ranks, count);
        } else {
            expect_alike(whole, text, id, ranks, count);
        }
    }
}

/* ---- every operator ----------------------------------------------------------------------- */

static bool has_stages(const struct bundle *bundle) {
    struct norma_plan *plan;
    const struct norma_args args = reference_tensors_bind((void *const *)bundle->data);
    cr_assert(norma_plan_create(&plan, &bundle->problem, NULL) == NORMA_STATUS_OK);
    const norma_status status = norma_stage_check(plan, &args, NULL, 0);
    norma_plan_destroy(plan);
    return status != NORMA_STATUS_UNSUPPORTED;
}

static const struct division *division;
static int checked; /* problems that have stages */

static void share(const char *text) {
    struct rank ranks[MOST_RANKS];
    struct bundle *whole = bundle_make(text, 0);
    const bool staged = has_stages(whole);
    int64_t first = 0;
    for (int r = 0; staged && r < division->ranks; r++) {
        ranks[r] = make_rank(whole, first, division->samples[r]);
        first += division->samples[r];
    }
    if (staged) {
        const bool backward = reference_is_backward(&whole->problem);
        (backward ? execute_backward : execute_forward)(ranks, division->ranks);
        cr_assert(bundle_execute(whole, &(struct norma_options){.threads = 1}) == NORMA_STATUS_OK);
        expect_whole(whole, text, ranks, division->ranks);
        checked++;
    }
    for (int r = 0; staged && r < division->ranks; r++) {
        free_rank(&ranks[r]);
    }
    bundle_free(whole);
}

static void share_shape(const char *spatial) {
    for (int i = 0; i < DIVISIONS; i++) {
        char shape[32];
        int samples = 0;
        division = &divisions[i];
        for (int r = 0; r < division->ranks; r++) {
            samples += division->samples[r];
        }
        snprintf(shape, sizeof shape, "%dx6x%s", samples, spatial);
        test_for_each_variant_in_turn(shape, i, share);
    }
    cr_assert(checked > 50 * DIVISIONS, "%d", checked);
}

Test(ranks, with_and_without_samples_are_one_batch) {
    share_shape("37");
}

Test(ranks, with_and_without_samples_are_one_batch_of_several_sets_a_thread) {
    share_shape("5x6");
}

/* ---- means that no rank can recover -------------------------------------------------------- */

/* Executes the steps of one process, and takes its results for those of the whole. */
static void execute_alone(const struct bundle *whole) {
    struct rank all = make_rank(whole, 0, whole->problem.n);
    execute_backward(&all, 1);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        if (bundle_uses(whole, id) && reference_is_output(&whole->tensors[id])) {
            memcpy(whole->data[id], all.data[id], reference_tensor_bytes(&whole->tensors[id]));
        }
    }
    free_rank(&all);
}

Test(ranks, of_a_layer_take_large_means_as_they_are) {
    static const char text[] = "unit:5x6x37:form=layer,pass=bwd";
    struct bundle *whole = bundle_make(text, 0);
    float *mean = whole->data[REFERENCE_TENSOR_mean];
    const float *inverse_std = whole->data[REFERENCE_TENSOR_inverse_std];
    for (int64_t c = 0; c < whole->problem.c; c++) {
        mean[c] = 8.0f / inverse_std[c];
    }
    struct rank ranks[2] = {make_rank(whole, 0, 2), make_rank(whole, 2, 3)};
    execute_alone(whole);
    execute_backward(ranks, 2);
    expect_whole(whole, text, ranks, 2);
    free_rank(&ranks[0]);
    free_rank(&ranks[1]);
    bundle_free(whole);
}

/* ---- nobody has an element ---------------------------------------------------------------- */

/* Checks that moments and sums are zeros, and how many there are. */
static void expect_zeros(const char *text, const void *array, size_t bytes) {
    for (size_t i = 0; i < bytes; i++) {
        cr_assert(((const char *)array)[i] == 0, "%s: byte %zu of %zu", text, i, bytes);
    }
}

/* Checks that statistics of nothing are refused, and nothing else is. */
static void finish_nothing(const char *text, const struct bundle *bundle, struct rank *rank,
                           const struct norma_args *nothing) {
    const struct norma_stage_affine none = {NULL, NULL, NULL};
    cr_assert(norma_stage_coefficients(rank->plan, nothing, rank->moments, &none) ==
                  NORMA_STATUS_OK,
              "%s", text);
    cr_assert(norma_stage_apply(rank->plan, nothing, &none) == NORMA_STATUS_OK, "%s", text);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        void *alone[REFERENCE_TENSOR_COUNT] = {NULL};
        alone[id] = bundle->data[id];
        const struct norma_args args = reference_tensors_bind(alone);
        const bool statistic = bundle_uses(bundle, id) && id != REFERENCE_TENSOR_style_loss &&
                               reference_is_output(&bundle->tensors[id]);
        const norma_status status =
            norma_stage_coefficients(rank->plan, &args, rank->moments, &none);
        cr_assert(status == (statistic ? NORMA_STATUS_EMPTY : NORMA_STATUS_OK), "%s, %s: %s", text,
                  bundle->tensors[id].name, norma_strerror(status));
    }
}

static void take_no_steps(const char *text) {
    struct bundle *bundle = bundle_make(text, 0), *untouched = bundle_make(text, 0);
    const struct norma_args nothing = {0};
    struct rank rank = {0};
    if (has_stages(bundle)) {
        cr_assert(norma_plan_create(&rank.plan, &bundle->problem, NULL) == NORMA_STATUS_OK);
        const size_t sets = (size_t)norma_stage_sets(rank.plan);
        rank.moments = malloc(sets * sizeof *rank.moments + 1);
        rank.sums = malloc(sets * sizeof *rank.sums + 1);
        memset(rank.moments, 0xff, sets * sizeof *rank.moments);
        memset(rank.sums, 0xff, sets * sizeof *rank.sums);
        if (reference_is_backward(&bundle->problem)) {
            cr_assert(norma_stage_sums(rank.plan, &nothing, rank.sums) == NORMA_STATUS_OK);
            expect_zeros(text, rank.sums, sets * sizeof *rank.sums);
            cr_assert(norma_stage_gradient(rank.plan, &nothing, rank.sums) == NORMA_STATUS_OK);
        } else {
            cr_assert(norma_stage_moments(rank.plan, &nothing, rank.moments) == NORMA_STATUS_OK);
            expect_zeros(text, rank.moments, sets * sizeof *rank.moments);
            finish_nothing(text, bundle, &rank, &nothing);
        }
        cr_assert(!bundle_difference(bundle, untouched, REFERENCE_TENSOR_COUNT), "%s", text);
        free_rank(&rank);
    }
    bundle_free(bundle);
    bundle_free(untouched);
}

Test(ranks, without_any_element_have_zeros) {
    test_for_each_variant("0x6x7", take_no_steps);
    test_for_each_variant("3x0x7", take_no_steps);
    test_for_each_variant("3x6x0", take_no_steps);
}

/* ---- edges -------------------------------------------------------------------------------- */

Test(ranks, with_samples_refuse_a_batch_without_elements) {
    struct bundle *bundle = bundle_make("bn:2x3x5", 0);
    struct rank rank = make_rank(bundle, 0, 2);
    const struct norma_stage_affine affine = affine_of(&rank);
    memset(rank.moments, 0, 3 * sizeof *rank.moments);
    cr_assert(norma_stage_coefficients(rank.plan, &rank.args, rank.moments, &affine) ==
              NORMA_STATUS_EMPTY);
    cr_assert(memcmp(rank.data[REFERENCE_TENSOR_running_mean],
                     bundle->data[REFERENCE_TENSOR_running_mean], 3 * sizeof(float)) == 0);
    free_rank(&rank);
    bundle_free(bundle);
}

/* More channels than are on the stack at a time. */
Test(ranks, without_samples_have_statistics_of_every_channel) {
    struct bundle *bundle = bundle_make("bn:3x700x5", 0);
    struct rank full = make_rank(bundle, 0, 3), empty = make_rank(bundle, 0, 0);
    const struct norma_stage_affine affine = affine_of(&full), none = {NULL, NULL, NULL};
    expect_ok(&full, "moments", norma_stage_moments(full.plan, &full.args, full.moments));
    expect_ok(&full, "coefficients",
              norma_stage_coefficients(full.plan, &full.args, full.moments, &affine));
    expect_ok(&empty, "coefficients",
              norma_stage_coefficients(empty.plan, &empty.args, full.moments, &none));
    for (int id = REFERENCE_TENSOR_running_mean; id <= REFERENCE_TENSOR_inverse_std; id++) {
        cr_assert(memcmp(full.data[id], empty.data[id], 700 * sizeof(float)) == 0, "%s",
                  full.tensors[id].name);
    }
    free_rank(&full);
    free_rank(&empty);
    bundle_free(bundle);
}

static void expect_merged(struct norma_partial_moments moments, struct norma_partial_moments others,
                          struct norma_partial_moments expected) {
    cr_assert(norma_stage_merge(&moments, &others, 1) == NORMA_STATUS_OK);
    cr_assert(memcmp(&moments, &expected, sizeof moments) == 0, "%g %g %g", moments.count,
              moments.mean, moments.m2);
}

Test(ranks, without_samples_change_no_moments) {
    const struct norma_partial_moments some = {4.0, -0.0, 2.0}, nothing = {0.0, 0.0, 0.0},
                                       unset = {0.0, NAN, INFINITY};
    expect_merged(some, nothing, some);
    expect_merged(nothing, some, some);
    expect_merged(nothing, nothing, nothing);
    expect_merged(some, unset, some);
    expect_merged(unset, some, some);
    cr_assert(norma_stage_merge(NULL, NULL, 0) == NORMA_STATUS_OK);
    cr_assert(norma_stage_merge(NULL, &some, 1) == NORMA_STATUS_NULL);
}
