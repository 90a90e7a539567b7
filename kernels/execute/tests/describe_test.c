/* Descriptions agree with what plans do. A set that counts its calls takes the place of the plan's
 * own.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _POSIX_C_SOURCE 200809L
#include <norma_tools.h>

#include <criterion/criterion.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/plan/profile.h"
#include "kernels/tests/bundle.h"

static void use_defaults(void) {
    setenv("NORMA_PROFILE", "", 1);
    unsetenv("NORMA_SETS");
}

TestSuite(describe, .timeout = 120, .init = use_defaults);

/* ---- a set that counts ---------------------------------------------------------------------- */

enum { THREADS = 4 };

static struct {
    const struct norma_set *set;
    struct lane {
        int64_t read, written, nontemporal, prefetch_distance, by_columns, by_rows, calls;
        char apart[64];
    } lanes[THREADS];
} spy;

static struct lane *lane(void) {
    struct lane *mine = &spy.lanes[omp_get_thread_num()];
    mine->calls++;
    return mine;
}

static void spy_moments(const void *x, int64_t length, int64_t spans,
                        const struct norma_selection *selection, double *mean, double *m2) {
    lane()->read += length * spans;
    spy.set->moments(x, length, spans, selection, mean, m2);
}

static void spy_moments_columns(const void *x, int64_t rows, int64_t stride, int64_t columns,
                                double *mean, double *m2) {
    struct lane *mine = lane();
    mine->read += rows * columns;
    mine->by_columns++;
    spy.set->moments_columns(x, rows, stride, columns, mean, m2);
}

static void spy_gradient_sums(const struct norma_gradient_sums *work) {
    lane()->read += work->length * work->spans;
    spy.set->gradient_sums(work);
}

static void note_writing(int64_t elements, bool nontemporal, int64_t prefetch_distance) {
    struct lane *mine = lane();
    mine->written += elements;
    mine->nontemporal += nontemporal ? elements : 0;
    mine->prefetch_distance = prefetch_distance;
}

static void spy_apply(const struct norma_apply *work) {
    note_writing(work->length * work->spans, work->nontemporal, work->prefetch_distance);
    spy.set->apply(work);
}

static void spy_apply_columns(const struct norma_apply *work, int64_t stride) {
    note_writing(work->length * work->spans, work->nontemporal, work->prefetch_distance);
    spy.lanes[omp_get_thread_num()].by_columns++;
    spy.set->apply_columns(work, stride);
}

static void spy_apply_rows(const struct norma_row_apply *work) {
    note_writing(work->length * work->rows, work->nontemporal, 0);
    spy.lanes[omp_get_thread_num()].by_rows++;
    spy.set->apply_rows(work);
}

static void spy_gradient_apply(const struct norma_gradient_apply *work) {
    note_writing(work->length * work->spans, work->nontemporal, work->prefetch_distance);
    spy.set->gradient_apply(work);
}

/* Adds the set "spy", based on `set`, where there is none yet. */
static void add_spy(const struct norma_set *set) {
    struct norma_set spying = *set;
    memset(spy.lanes, 0, sizeof spy.lanes);
    spy.set = set;
    spying.name = "spy";
    spying.base = set->name;
    spying.moments = spy_moments;
    spying.moments_columns = spy_moments_columns;
    spying.gradient_sums = spy_gradient_sums;
    spying.apply = spy_apply;
    spying.apply_columns = spy_apply_columns;
    spying.apply_rows = spy_apply_rows;
    spying.gradient_apply = spy_gradient_apply;
    cr_assert(norma_set_find("spy") || norma_set_add(&spying));
}

/* ---- a plan, described and executed --------------------------------------------------------- */

struct seen {
    struct norma_description plan;
    int64_t elements; /* the size of x */
    struct lane sum;
    int threads; /* the number that called a primitive */
};

static struct seen look(const char *text, const struct norma_options *options) {
    struct bundle *bundle = bundle_make(text, 0), *spied = bundle_copy(bundle, 0);
    struct norma_plan *plan;
    struct norma_options spied_options = *options;
    struct seen seen = {.elements = reference_elements(&bundle->problem)};
    cr_assert(norma_plan_create(&plan, &bundle->problem, options) == NORMA_STATUS_OK, "%s", text);
    norma_plan_describe(plan, &seen.plan);
    cr_assert(bundle_execute_plan(bundle, plan) == NORMA_STATUS_OK, "%s", text);
    cr_assert(seen.plan.workspace == norma_plan_workspace(plan));
    norma_plan_destroy(plan);
    add_spy(seen.plan.set);
    spied_options.sets = "spy";
    cr_assert(norma_plan_create(&plan, &spied->problem, &spied_options) == NORMA_STATUS_OK);
    cr_assert(bundle_execute_plan(spied, plan) == NORMA_STATUS_OK, "%s", text);
    const char *difference = bundle_difference(bundle, spied, -1);
    cr_assert(!difference, "%s: %s", text, difference);
    for (int t = 0; t < THREADS; t++) {
        seen.threads += spy.lanes[t].calls > 0;
        seen.sum.read += spy.lanes[t].read;
        seen.sum.written += spy.lanes[t].written;
        seen.sum.nontemporal += spy.lanes[t].nontemporal;
        seen.sum.by_columns += spy.lanes[t].by_columns;
        seen.sum.by_rows += spy.lanes[t].by_rows;
        seen.sum.prefetch_distance =
            spy.lanes[t].calls > 0 ? spy.lanes[t].prefetch_distance : seen.sum.prefetch_distance;
    }
    norma_plan_destroy(plan);
    bundle_free(bundle);
    bundle_free(spied);
    return seen;
}

static struct seen look_at(const char *text, int threads) {
    return look(text, &(struct norma_options){.threads = threads});
}

/* Returns a profile that has the same tuning for all sets and sizes. */
static struct norma_profile *profile_of(struct norma_tuning tuning) {
    struct norma_profile *profile = norma_profile_create();
    for (size_t i = 0; norma_set_name(i); i++) {
        for (int size = 0; size < NORMA_SIZE_CLASS_COUNT; size++) {
            norma_profile_put(profile, norma_set_name(i), (norma_size_class)size, &tuning);
        }
    }
    return profile;
}

/* Looks at a plan with parameters that do not depend on the processor. */
static struct seen look_tuned(const char *text, int threads, int64_t stream_elements) {
    struct norma_profile *profile =
        profile_of((struct norma_tuning){.tile_bytes = 256 << 10,
                                         .stream_elements = stream_elements,
                                         .ahead_bytes = 512 << 10,
                                         .thread_bytes = 64 << 10});
    const struct seen seen =
        look(text, &(struct norma_options){.threads = threads, .profile = profile});
    norma_profile_destroy(profile);
    return seen;
}

/* Checks what must hold for every plan. */
static void check(const char *text, int threads) {
    const struct seen seen = look_at(text, threads);
    const struct norma_description *plan = &seen.plan;
    cr_expect_eq(seen.sum.read, (plan->readings - 1) * seen.elements, "%s", text);
    cr_expect_eq(seen.sum.written, seen.elements, "%s", text);
    cr_expect_eq(seen.sum.nontemporal, plan->stream ? seen.elements : 0, "%s", text);
    cr_expect_eq(seen.sum.prefetch_distance, plan->prefetch_distance, "%s", text);
    cr_expect_eq(seen.sum.by_rows > 0, plan->rows, "%s", text);
    cr_expect_eq(seen.sum.by_columns > 0, plan->columns && !plan->rows, "%s", text);
    cr_expect_eq(seen.threads, plan->split.threads, "%s: %d of %d", text, seen.threads,
                 plan->split.threads);
    cr_expect_eq(plan->size_bytes, 8 * seen.elements, "%s", text);
    cr_expect_leq(plan->tile_bytes, 8 * seen.elements, "%s", text);
}

Test(describe, what_it_says_is_what_the_plan_does) {
    static const char *const texts[] = {
        "in:4x32x28x28",
        "bn:8x64x14x14",
        "bn:8x64x14x14:pass=inf",
        "gn:2x32x64x64:g=2",
        "unit:1x8x100x100",
        "in:4x32x28x28:pass=bwd",
        "gn:2x32x64x64:pass=bwd",
        "in:2x64x28x28:layout=nsc",
        "bn:8x64x14x14:layout=nsc",
        "bn:1x256x14x14:layout=nsc",
        "ln:256x512",
        "rms:100x1000",
        "bn:512x512",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        for (int threads = 1; threads <= 3; threads++) {
            check(texts[i], threads);
        }
    }
}

/* Large tensors have results that are stored past the caches. */
Test(describe, nontemporal) {
    const int64_t last = norma_size_class_end(NORMA_CLASS_L3);
    char text[NORMA_PROBLEM_TEXT];
    snprintf(text, sizeof text, "in:%lldx64x28x28", (long long)(last / (64 * 28 * 28 * 8) + 1));
    check(text, 2);
    cr_expect(look_at(text, 2).plan.size == NORMA_CLASS_MEMORY);
    cr_expect(look_at(text, 2).plan.stream);
    const struct seen seen = look_tuned(text, 2, 16);
    cr_expect(seen.plan.stream && seen.plan.prefetch_distance > 0 && !seen.plan.two_phase);
    snprintf(text, sizeof text, "in:%lldx64x3x5", (long long)(last / (64 * 15 * 8) + 1));
    check(text, 1);
    cr_expect(!look_at(text, 1).plan.stream, "planes of 15 are too short");
    snprintf(text, sizeof text, "adain:%lldx64x28x28:regions=2,style=stats",
             (long long)(last / (64 * 28 * 28 * 8) + 1));
    const struct seen regions = look_at(text, 1);
    cr_expect(!regions.plan.stream && regions.plan.prefetch_distance == 0 &&
              regions.sum.nontemporal == 0);
}

/* ---- known kinds ---------------------------------------------------------------------------- */

Test(describe, tiles) {
    const struct norma_description plan = look_tuned("in:4x32x28x28", 2, 0).plan;
    cr_expect(!plan.two_phase && !plan.columns && !plan.rows);
    cr_expect_eq(plan.split.unit, NORMA_WORK_UNIT_TILE);
    cr_expect_eq(plan.split.units, plan.tiles);
    cr_expect_eq(plan.tiles, 2, "2 tiles of 2 samples");
    cr_expect_eq(plan.tile_samples, 2);
    cr_expect_eq(plan.tile_channels, 32);
    cr_expect_eq(plan.tile_bytes, 2 * 32 * 28 * 28 * 4);
    cr_expect_eq(plan.between_readings, plan.tile_bytes);
    cr_expect_eq(plan.split.sets, 4 * 32);
    cr_expect_eq(plan.chunks.length, 4096);
    cr_expect_eq(plan.chunks.count, 1);
    cr_expect_eq(look_tuned("in:4x32x28x28:pass=bwd", 2, 0).plan.tile_bytes, 2 * 32 * 28 * 28 * 4,
                 "one sample of x and of dy");
}

Test(describe, phases) {
    const struct norma_description plan = look_at("unit:1x8x100x100", 2).plan;
    cr_expect(plan.two_phase);
    cr_expect_eq(plan.tiles, 1);
    cr_expect_eq(plan.split.unit, NORMA_WORK_UNIT_CHUNK);
    cr_expect_eq(plan.split.units, 8 * 3, "3 chunks a plane");
    cr_expect_eq(plan.split.sets, 1);
    cr_expect_eq(plan.chunks.count, 20, "of all 80000 elements");
    cr_expect_eq(plan.between_readings, 8 * 10000 * 4 / 2);
    const struct norma_description rows = look_at("in:1x16x100x100:layout=nsc", 2).plan;
    cr_expect(rows.two_phase && rows.columns && rows.chunks.rows);
    cr_expect_eq(rows.split.unit, NORMA_WORK_UNIT_ROWS);
    cr_expect_eq(rows.split.units, 625);
    cr_expect(look_at("unit:2x8x10:form=layer", 1).plan.mixes_samples && !plan.mixes_samples);
    cr_expect_eq(look_at("gn:1x32x40x40:g=1", 2).plan.split.unit, NORMA_WORK_UNIT_PLANE);
}

static void expect_halves(const char *text, bool split_channels) {
    const struct norma_description plan = look_at(text, 2).plan;
    cr_expect(plan.columns && !plan.two_phase, "%s", text);
    cr_expect_eq(plan.split_channels, split_channels, "%s", text);
    cr_expect_eq(plan.tiles, 2, "%s", text);
}

/* There are tiles for two halves of a row, or for two samples with statistics of their own. Folded
 * rows are not cut, and where there are enough chunks of rows, threads share these. */
Test(describe, tiles_of_channels) {
    expect_halves("bn:1x1024x14x14:layout=nsc", false);
    expect_halves("bn:1x256x14x14:layout=nsc", true);
    expect_halves("bn:8x64x8x8:layout=nsc", true);
    expect_halves("in:1x72x20x30:layout=nsc,pass=bwd", true);
    cr_expect_eq(look_at("in:2x256x14x14:layout=nsc", 4).plan.tiles, 8);
    cr_expect(!look_at("in:2x256x14x14:layout=nsc", 4).plan.split_channels);
    cr_expect(look_at("bn:1x40x40x40:layout=nsc", 2).plan.two_phase);
    cr_expect(look_at("bn:1x64x56x56:layout=nsc", 2).plan.two_phase);
}

Test(describe, rows) {
    const struct norma_description plan = look_tuned("ln:256x512", 1, 0).plan;
    cr_expect(plan.rows && plan.columns && !plan.two_phase);
    cr_expect_eq(plan.tile_samples, 128);
}

Test(describe, threads_and_what_limits_them) {
    const struct norma_work_split small = look_at("in:1x16x32x32", 4).plan.split;
    cr_expect_eq(small.threads, 1, "64 KiB are worth one thread");
    cr_expect_eq(small.worthwhile, 1);
    const struct norma_work_split regions =
        look_at("adain:1x3x128x128:regions=2,style=stats", 4).plan.split;
    cr_expect_eq(regions.threads, 3);
    cr_expect_eq(regions.sets, 3);
    cr_expect_eq(regions.worthwhile, 3);
}

Test(describe, tuning_and_its_profile) {
    cr_expect_null(look_at("in:4x32x28x28", 1).plan.profile);
    struct norma_tuning tuning = norma_tuning_default(NORMA_CLASS_L2);
    tuning.tile_bytes = 8192;
    tuning.stream_elements = 1;
    struct norma_profile *profile = profile_of(tuning);
    norma_profile_name(profile, "mine");
    const struct seen seen =
        look("in:4x32x28x28", &(struct norma_options){.threads = 1, .profile = profile});
    cr_expect_str_eq(seen.plan.profile, "mine");
    cr_expect_eq(seen.plan.tuning.tile_bytes, 8192);
    cr_expect_eq(seen.plan.tile_channels, 2);
    cr_expect_eq(seen.plan.tiles, 4 * 16);
    cr_expect_eq(seen.sum.nontemporal, seen.elements);
    norma_profile_destroy(profile);
}

Test(describe, an_empty_plan_has_no_tiles) {
    const struct norma_problem problem = bundle_problem("in:0x3x4");
    struct norma_plan *plan;
    struct norma_description description;
    cr_assert(norma_plan_create(&plan, &problem, NULL) == NORMA_STATUS_OK);
    norma_plan_describe(plan, &description);
    cr_expect_eq(description.tiles, 0);
    cr_expect_eq(description.size_bytes, 0);
    norma_plan_destroy(plan);
}

Test(describe, which_sets_a_choice_allows) {
    const struct norma_set *first = norma_set_at(0);
    char without[64];
    snprintf(without, sizeof without, "-%s", first->name);
    cr_expect(norma_set_allowed("", first));
    cr_expect(norma_set_allowed(first->name, first));
    cr_expect(!norma_set_allowed(without, first));
    cr_expect(norma_set_allowed(without, norma_set_at(1)));
    cr_expect(!norma_set_allowed(first->name, norma_set_at(1)));
}
