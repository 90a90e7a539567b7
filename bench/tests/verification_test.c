/* Implementations that are wrong in one way each, made from the reference, are not timed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/measure/buffers.h"
#include "bench/run/verification.h"

#include <criterion/criterion.h>
#include <string.h>

#define reference reference_implementation_reference

static norma_status execute_wrong(void *state, const struct norma_args *args) {
    norma_status status = reference.execute(state, args);
    ((float *)args->y)[17] += 1;
    return status;
}

static norma_status execute_nothing(void *state, const struct norma_args *args) {
    (void)state, (void)args;
    return NORMA_STATUS_OK;
}

static norma_status write_input(void *state, const struct norma_args *args) {
    norma_status status = reference.execute(state, args);
    ((float *)(uintptr_t)args->x)[3] = 0;
    return status;
}

static norma_status refuse(const struct reference_implementation *self, void **state,
                           const struct norma_problem *problem, int threads) {
    (void)self, (void)state, (void)problem, (void)threads;
    return NORMA_STATUS_UNSUPPORTED;
}

static norma_status lack_memory(const struct reference_implementation *self, void **state,
                                const struct norma_problem *problem, int threads) {
    (void)self, (void)state, (void)problem, (void)threads;
    return NORMA_STATUS_NO_MEMORY;
}

static norma_status fail(void *state, const struct norma_args *args) {
    (void)state, (void)args;
    return NORMA_STATUS_OVERLAP;
}

static struct norma_problem problem;
static struct bench_verification verification;
static struct bench_buffers buffers;
static void *pointers[REFERENCE_TENSOR_COUNT];

static void open_with(const char *text) {
    cr_assert_eq(norma_problem_parse(text, &problem, NULL), NORMA_STATUS_OK);
    bench_verification_open(&verification, &problem, 7);
    cr_assert_not_null(verification.truth);
    bench_buffers_open(&buffers, false);
    cr_assert(bench_buffers_place(&buffers, &problem, 1, pointers));
}

static void open_all(void) {
    open_with("bn:4x3x5x5");
}

static void close_all(void) {
    bench_verification_close(&verification);
    bench_buffers_close(&buffers);
}

TestSuite(verification, .init = open_all, .fini = close_all);

static struct bench_entry entry_of(const struct reference_implementation *implementation) {
    return (struct bench_entry){.share_of_bound = -1, .contender.implementation = implementation};
}

static void verify(struct bench_entry *entries, size_t count) {
    cr_assert(bench_verify_entries(&verification, &problem, 1, entries, count, pointers));
}

static void release(struct bench_entry *entry) {
    reference.destroy(entry->contender.state);
}

Test(verification, a_right_one_can_be_timed) {
    struct bench_entry entry = entry_of(&reference);
    verify(&entry, 1);
    cr_expect_eq(entry.outcome, BENCH_TIMED, "%s", entry.reason);
    cr_expect_not_null(entry.contender.state);
    cr_expect(entry.share_of_bound >= 0 && entry.share_of_bound <= 1);
    cr_expect(strlen(entry.kernel) > 0);
    cr_expect_null(entry.verified);
    release(&entry);
}

static void expect_failed(struct reference_implementation implementation, const char *reason) {
    struct bench_entry entry = entry_of(&implementation);
    verify(&entry, 1);
    cr_expect_eq(entry.outcome, BENCH_FAILED, "%s", implementation.name);
    cr_expect(strstr(entry.reason, reason), "%s: %s", implementation.name, entry.reason);
    cr_expect_null(entry.contender.state);
}

Test(verification, wrong_ones_fail) {
    struct reference_implementation wrong = reference;
    wrong.name = "wrong", wrong.execute = execute_wrong;
    expect_failed(wrong, "y");
    wrong.name = "writes inputs", wrong.execute = write_input;
    expect_failed(wrong, "x");
    wrong.name = "error", wrong.execute = fail;
    expect_failed(wrong, norma_strerror(NORMA_STATUS_OVERLAP));
}

/* Tested with an operator without running statistics, as bn is found out by those that it should
 * have changed. */
Test(verification, nothing_written_is_wrong_even_after_a_right_one) {
    close_all();
    open_with("in:4x3x5x5");
    struct reference_implementation idle = reference;
    idle.name = "idle", idle.execute = execute_nothing;
    struct bench_entry entries[] = {entry_of(&reference), entry_of(&idle)};
    verify(entries, 2);
    cr_expect_eq(entries[0].outcome, BENCH_TIMED);
    cr_expect_eq(entries[1].outcome, BENCH_FAILED);
    release(&entries[0]);
}

Test(verification, damaged_inputs_do_not_condemn_the_next) {
    struct reference_implementation writer = reference;
    writer.name = "writer", writer.execute = write_input;
    struct bench_entry entries[] = {entry_of(&writer), entry_of(&reference), entry_of(&writer)};
    verify(entries, 3);
    cr_expect_eq(entries[0].outcome, BENCH_FAILED);
    cr_expect_eq(entries[1].outcome, BENCH_TIMED, "%s", entries[1].reason);
    cr_expect_neq(((const float *)pointers[REFERENCE_TENSOR_x])[3], 0, "timing has sound inputs");
    release(&entries[1]);
}

Test(verification, what_cannot_be_done_is_no_failure) {
    struct reference_implementation unable = reference;
    unable.create = refuse;
    struct bench_entry entry = entry_of(&unable);
    verify(&entry, 1);
    cr_expect_eq(entry.outcome, BENCH_NOT_SUPPORTED);
    unable.create = lack_memory;
    entry = entry_of(&unable);
    verify(&entry, 1);
    cr_expect_eq(entry.outcome, BENCH_SKIPPED);
}

Test(verification, only_the_largest_are_cut) {
    struct norma_problem large = problem;
    large.n = 128, large.c = 64;
    large.spatial[0] = large.spatial[1] = 112;
    struct norma_problem verified = bench_verified_problem(&large);
    cr_expect_eq(verified.n, 41, "%d samples of 3.06 MiB in 128 MiB", (int)verified.n);
    cr_expect_eq(verified.c, 64);
    large.n = 41;
    cr_expect_eq(bench_verified_problem(&large).n, 41);
    large.n = 1, large.spatial[0] = 112 << 10;
    cr_expect_eq(bench_verified_problem(&large).n, 1, "one sample cannot be cut");
}

Test(verification, a_cut_one_is_timed_whole) {
    struct norma_problem large = problem;
    large.n = 11;
    verification.reduced = true;
    cr_assert(bench_buffers_place(&buffers, &large, 1, pointers));
    struct bench_entry entry = entry_of(&reference);
    cr_assert(bench_verify_entries(&verification, &large, 1, &entry, 1, pointers));
    cr_expect_eq(entry.outcome, BENCH_TIMED, "%s", entry.reason);
    cr_expect_str_eq(entry.verified, "bn:4x3x5x5");
    const float *x = pointers[REFERENCE_TENSOR_x];
    cr_expect_eq(x[4 * 75 + 5], x[5]);
    struct norma_args args = reference_tensors_bind(pointers);
    bench_buffers_poison(&large, pointers, 1);
    cr_assert_eq(reference.execute(entry.contender.state, &args), NORMA_STATUS_OK);
    const float *y = pointers[REFERENCE_TENSOR_y];
    cr_expect_eq(y[11 * 75 - 1], y[11 * 75 - 1], "the last sample is computed, too");
    release(&entry);
}
