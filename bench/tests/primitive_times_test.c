/* Checks the watching set with primitives that take a known time on a clock that only they move.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/explain/primitive_times.h"
#include "bench/tests/actors.h"
#include "reference/interface/interface.h"
#include "verify/harness/harness.h"
#include <norma_tools.h>

#include <criterion/criterion.h>
#include <stdlib.h>

static const double reading = 20e-9; /* seconds that reading the clock of actors.h takes */

/* ---- a set whose primitives take a millisecond for each call, moments three ------------------ */

static const struct norma_set *real_set;
static double entry_seconds; /* seconds of an execution apart from its primitives */

static void slow_moments(const void *x, int64_t length, int64_t spans,
                         const struct norma_selection *selection, double *mean, double *m2) {
    real_set->moments(x, length, spans, selection, mean, m2);
    actor_clock += 3e-3;
}

static void slow_apply(const struct norma_apply *work) {
    real_set->apply(work);
    actor_clock += 1e-3;
}

static const struct reference_implementation *portable(void) {
    return verify_implementation_find("portable");
}

static norma_status execute(void *state, const struct norma_args *args) {
    const norma_status status = portable()->execute(state, args);
    actor_clock += entry_seconds;
    return status;
}

static struct reference_implementation slow_portable(void) {
    real_set = norma_set_find("portable");
    struct norma_set set = *real_set;
    set.name = "slow";
    set.base = real_set->name;
    set.moments = slow_moments;
    set.apply = slow_apply;
    cr_assert(norma_set_add(&set));
    struct reference_implementation slow = *portable();
    slow.name = set.name;
    slow.execute = execute;
    return slow;
}

/* ---- execution ------------------------------------------------------------------------------ */

struct run {
    const struct reference_implementation *watched;
    void *state;
    void *memory[REFERENCE_TENSOR_COUNT];
};

static void open_run(struct run *run, const struct reference_implementation *real, const char *text,
                     int threads) {
    struct norma_problem problem;
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
    cr_assert(norma_problem_parse(text, &problem, NULL) == NORMA_STATUS_OK, "%s", text);
    reference_tensors_of(&problem, tensors);
    for (int i = 0; i < REFERENCE_TENSOR_COUNT; i++) {
        const size_t bytes = reference_tensor_bytes(&tensors[i]);
        run->memory[i] = bytes > 0 ? calloc(bytes, 1) : NULL;
    }
    run->watched = bench_watch_open(real, threads);
    cr_assert(run->watched->create(run->watched, &run->state, &problem, threads) == NORMA_STATUS_OK,
              "%s", text);
}

static void execute_run(struct run *run) {
    const struct norma_args args = reference_tensors_bind(run->memory);
    cr_assert(run->watched->execute(run->state, &args) == NORMA_STATUS_OK);
}

static void close_run(struct run *run) {
    run->watched->destroy(run->state);
    bench_watch_close();
    for (int i = 0; i < REFERENCE_TENSOR_COUNT; i++) {
        free(run->memory[i]);
    }
}

/* ---- times ---------------------------------------------------------------------------------- */

Test(watch, primitives_have_their_time_and_the_clock_is_not_theirs) {
    const struct reference_implementation slow = slow_portable();
    struct run run;
    entry_seconds = 5e-3;
    open_run(&run, &slow, "in:2x4x8x8", 1);
    execute_run(&run);
    const struct bench_watched watched = bench_watch_result();
    const struct bench_elapsed *moments = &watched.primitives[BENCH_PRIMITIVE_moments];
    const struct bench_elapsed *apply = &watched.primitives[BENCH_PRIMITIVE_apply];
    cr_expect_eq(watched.executions, 1);
    cr_expect_eq(moments->elements, 2 * 4 * 64);
    cr_expect_eq(apply->elements, 2 * 4 * 64);
    cr_expect_float_eq(moments->seconds, moments->calls * 3e-3, 1e-10);
    cr_expect_float_eq(apply->seconds, apply->calls * 1e-3, 1e-10);
    const double calls = moments->calls + apply->calls;
    cr_expect_float_eq(watched.timer_overhead, 2 * calls * reading, 1e-10);
    cr_expect_float_eq(watched.seconds,
                       moments->seconds + apply->seconds + watched.timer_overhead + reading + 5e-3,
                       1e-10);
    cr_expect_float_eq(watched.outside, 5e-3 + 2 * reading, 1e-10, "%g", watched.outside);
    close_run(&run);
}

/* A thread's time is what is in primitives, between them, and around them, and never negative. */
static void expect_sound(const struct bench_watched *watched) {
    double inside = 0;
    for (int i = 0; i < BENCH_PRIMITIVE_COUNT; i++) {
        cr_expect_geq(watched->primitives[i].seconds, 0);
        inside += watched->primitives[i].seconds;
    }
    const double all = watched->seconds - watched->timer_overhead;
    cr_expect_geq(watched->timer_overhead, 0);
    cr_expect_geq(all, inside - 1e-15, "%g, %g in primitives", all, inside);
}

Test(watch, a_reading_that_was_interrupted_is_not_the_clock) {
    const struct reference_implementation slow = slow_portable();
    struct run run;
    entry_seconds = 1e-6;
    open_run(&run, &slow, "in:2x4x8x8", 1);
    execute_run(&run);
    actor_interrupted_reading = 30;
    const struct bench_watched watched = bench_watch_result();
    cr_expect_float_eq(watched.reading, reading, 1e-12, "%g", watched.reading);
    cr_expect_not(bench_is_below_clock(&watched, &watched.primitives[BENCH_PRIMITIVE_apply]));
    expect_sound(&watched);
    close_run(&run);
}

/* Calls of portable take no time on this clock, as only readings move it. Then all readings become
 * slow, as when the machine does, and would take more than there is. */
Test(watch, a_clock_that_is_slower_than_what_it_times_is_said_and_takes_no_more_than_there_is) {
    struct run run;
    open_run(&run, portable(), "in:2x4x8x8", 1);
    execute_run(&run);
    const struct bench_watched same = bench_watch_result();
    expect_sound(&same);
    cr_expect(bench_is_below_clock(&same, &same.primitives[BENCH_PRIMITIVE_moments]));
    cr_expect_not(bench_is_below_clock(&same, &same.primitives[BENCH_PRIMITIVE_blend]),
                  "not called");
    actor_reading = 4e-6;
    const struct bench_watched slower = bench_watch_result();
    actor_reading = reading;
    expect_sound(&slower);
    cr_expect_eq(slower.primitives[BENCH_PRIMITIVE_apply].seconds, 0);
    cr_expect(bench_is_below_clock(&slower, &slower.primitives[BENCH_PRIMITIVE_apply]));
    close_run(&run);
}

Test(watch, an_execution_that_was_disturbed_does_not_count) {
    const struct reference_implementation slow = slow_portable();
    struct run run;
    open_run(&run, &slow, "in:2x4x8x8", 1);
    entry_seconds = 1;
    execute_run(&run);
    bench_watch_forget();
    for (int i = 0; i < 8; i++) {
        entry_seconds = i == 3 ? 100 : i == 5 ? 0 : 2e-3;
        execute_run(&run);
    }
    const struct bench_watched watched = bench_watch_result();
    cr_expect_eq(watched.executions, 8);
    const struct bench_elapsed *moments = &watched.primitives[BENCH_PRIMITIVE_moments];
    cr_expect_float_eq(moments->seconds, moments->calls * 3e-3, 1e-9);
    cr_expect_lt(watched.outside, 3e-3);
    cr_expect_gt(watched.outside, 1e-3);
    close_run(&run);
}

Test(watch, needs_room_for_a_set) {
    struct norma_set set = *norma_set_find("portable");
    set.name = "another";
    set.base = "portable";
    while (norma_set_add(&set)) {
    }
    cr_expect_null(bench_watch_open(portable(), 1));
}

Test(watch, nothing_was_watched) {
    struct run run;
    open_run(&run, portable(), "in:2x4x8x8", 1);
    cr_expect_eq(bench_watch_result().executions, 0);
    close_run(&run);
}

/* ---- counts: every primitive is watched ----------------------------------------------------- */

struct expected {
    const char *text;
    enum bench_primitive reading, writing; /* PRIMITIVE_COUNT: none */
};

Test(watch, each_primitive_is_counted_under_its_name) {
    static const struct expected all[] = {
        {"in:2x3x20", BENCH_PRIMITIVE_moments, BENCH_PRIMITIVE_apply},
        {"bn:2x3x20:pass=inf", BENCH_PRIMITIVE_COUNT, BENCH_PRIMITIVE_apply},
        {"in:2x3x20:layout=nsc", BENCH_PRIMITIVE_moments_columns, BENCH_PRIMITIVE_apply_columns},
        {"ln:20x30", BENCH_PRIMITIVE_moments, BENCH_PRIMITIVE_apply_rows},
        {"unit:2x3x20:alpha=element", BENCH_PRIMITIVE_moments, BENCH_PRIMITIVE_blend},
        {"in:2x3x20:pass=bwd", BENCH_PRIMITIVE_gradient_sums, BENCH_PRIMITIVE_gradient_apply},
        {"in:2x3x20:pass=bwd,layout=nsc", BENCH_PRIMITIVE_gradient_sums_columns,
         BENCH_PRIMITIVE_gradient_apply_columns},
        {"ln:20x30:pass=bwd", BENCH_PRIMITIVE_row_sums, BENCH_PRIMITIVE_row_gradient},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct run run;
        struct norma_problem problem;
        norma_problem_parse(all[i].text, &problem, NULL);
        open_run(&run, portable(), all[i].text, 1);
        execute_run(&run);
        const struct bench_watched watched = bench_watch_result();
        for (int p = 0; p < BENCH_PRIMITIVE_COUNT; p++) {
            const bool used = p == (int)all[i].reading || p == (int)all[i].writing;
            cr_expect_eq(watched.primitives[p].elements,
                         used ? (double)reference_elements(&problem) : 0, "%s: %s", all[i].text,
                         bench_primitive_name((enum bench_primitive)p));
        }
        close_run(&run);
    }
}

Test(watch, blends_backward) {
    struct run run;
    open_run(&run, portable(), "unit:2x3x20:alpha=element,pass=bwd", 1);
    execute_run(&run);
    const struct bench_watched watched = bench_watch_result();
    cr_expect_eq(watched.primitives[BENCH_PRIMITIVE_blend_product].elements, 120);
    cr_expect_eq(watched.primitives[BENCH_PRIMITIVE_blend_gradient].elements, 120);
    cr_expect_eq(watched.primitives[BENCH_PRIMITIVE_blend_alpha].elements, 120);
    cr_expect_eq(bench_stage_elapsed(&watched, BENCH_STAGE_SUMS).elements, 120);
    cr_expect_eq(bench_stage_elapsed(&watched, BENCH_STAGE_GRADIENT).elements, 240);
    cr_expect_eq(bench_stage_elapsed(&watched, BENCH_STAGE_APPLY).calls, 0);
    close_run(&run);
}
