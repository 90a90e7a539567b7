/* The comparison with the truth: a right result passes, and slightly wrong ones do not.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "verify/truth/ground_truth.h"

#include <criterion/criterion.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "verify/checks/suite.h"
#include "verify/harness/implementations.h"

struct run {
    struct norma_problem problem;
    char text[NORMA_PROBLEM_TEXT];
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
    struct verify_truth *truth;
    void *pointers[REFERENCE_TENSOR_COUNT];
};

/* Returns the rounded results of the reference, in buffers of this test. */
static struct run right_result(const struct norma_problem *problem, enum verify_data data) {
    struct run run = {.problem = *problem};
    norma_problem_print(problem, run.text, sizeof run.text);
    reference_tensors_of(problem, run.tensors);
    run.truth = verify_truth_create(problem, data, 5);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        if (run.tensors[id].count > 0) {
            run.pointers[id] = calloc(1, reference_tensor_bytes(&run.tensors[id]));
        }
    }
    verify_truth_inputs(run.truth, run.pointers);
    const struct reference_implementation *reference = verify_implementation_find("reference");
    void *state;
    cr_assert(reference->create(reference, &state, problem, 1) == NORMA_STATUS_OK);
    const struct norma_args args = reference_tensors_bind(run.pointers);
    cr_assert(reference->execute(state, &args) == NORMA_STATUS_OK);
    reference->destroy(state);
    return run;
}

static void release(struct run *run) {
    verify_truth_destroy(run->truth);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        free(run->pointers[id]);
    }
}

static struct verify_verdict judge(const struct run *run) {
    return verify_truth_compare(run->truth, REFERENCE_ACCUMULATE_F64, run->pointers);
}

/* Calls `test` with each variant of each operator in each of its passes and epilogues, in each
 * layout. */
static void for_each_problem(const char *shape, void (*test)(const struct norma_problem *)) {
    size_t problems = 0;
    for (size_t i = 0; verify_variant_at(i); i++) {
        for (int pass = 0; norma_pass_name((norma_pass)pass); pass++) {
            for (int epilogue = 0; norma_epilogue_name((norma_epilogue)epilogue); epilogue++) {
                struct norma_problem problem;
                if (verify_variant_problem(verify_variant_at(i), shape, (norma_pass)pass,
                                           (norma_epilogue)epilogue, &problem) == NORMA_STATUS_OK) {
                    test(&problem);
                    problem.layout = NORMA_LAYOUT_NSC;
                    test(&problem);
                    problems++;
                }
            }
        }
    }
    cr_assert(problems > 300, "only %zu problems", problems);
}

static void assert_passes(const struct norma_problem *problem) {
    for (int data = 0; data < VERIFY_DATA_COUNT; data++) {
        struct run run = right_result(problem, (enum verify_data)data);
        const struct verify_verdict verdict = judge(&run);
        cr_assert(verdict.passed, "%s, %s: %s", run.text, verify_data_name((enum verify_data)data),
                  verdict.message);
        cr_assert(verdict.share <= 0.6, "%s: %g", run.text, verdict.share);
        release(&run);
    }
}

Test(truth, a_right_result_passes) {
    for_each_problem("4x6x3x5", assert_passes);
}

Test(truth, a_right_result_of_single_positions_passes) {
    for_each_problem("3x2", assert_passes);
}

/* Returns the root mean square of a tensor, by which its small elements are measured. */
static float magnitude_of(const float *values, int64_t count) {
    double squares = 0.0;
    for (int64_t i = 0; i < count; i++) {
        squares += isfinite(values[i]) ? (double)values[i] * (double)values[i] : 0.0;
    }
    return (float)sqrt(squares / (double)count);
}

/* Checks that errors of 64 units in the last place are caught, in elements of any output. Backward,
 * where sums cancel, errors are larger (2^-11 of the element), and larger still where a region of a
 * single position has terms of 1/sqrt(epsilon). */
static void assert_wrong_elements_fail(const struct norma_problem *problem) {
    const bool backward = reference_is_backward(problem);
    const float units = backward ? 0x1p-11f : 0x1p-18f;
    const float least = backward && problem->regions > 1 ? 0x1p-7f : 0x1p-140f;
    struct run run = right_result(problem, VERIFY_DATA_NORMAL);
    cr_assert(judge(&run).passed);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        if (!reference_is_output(&run.tensors[id])) {
            continue;
        }
        float *values = run.pointers[id];
        const int64_t count = run.tensors[id].count;
        const float magnitude = magnitude_of(values, count);
        for (int64_t k = 0; k < count; k += 1 + count / 16) {
            const float right = values[k];
            values[k] = right + least + fmaxf(fabsf(right), magnitude) * units;
            cr_assert(!judge(&run).passed, "%s %s[%lld]", run.text, run.tensors[id].name,
                      (long long)k);
            values[k] = NAN;
            cr_assert(!judge(&run).passed, "%s %s[%lld] NaN", run.text, run.tensors[id].name,
                      (long long)k);
            values[k] = right;
        }
    }
    cr_assert(judge(&run).passed);
    release(&run);
}

Test(truth, one_wrong_element_fails) {
    for_each_problem("2x4x3", assert_wrong_elements_fail);
}

static void assert_written_inputs_fail(const struct norma_problem *problem) {
    struct run run = right_result(problem, VERIFY_DATA_NORMAL);
    cr_assert(judge(&run).passed);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        if (run.tensors[id].role == REFERENCE_ROLE_INPUT) {
            unsigned char *last =
                (unsigned char *)run.pointers[id] + reference_tensor_bytes(&run.tensors[id]) - 1;
            *last ^= 1;
            cr_assert(!judge(&run).passed, "%s %s", run.text, run.tensors[id].name);
            *last ^= 1;
        }
    }
    cr_assert(judge(&run).passed);
    release(&run);
}

Test(truth, a_written_input_fails) {
    for_each_problem("2x4x3", assert_written_inputs_fail);
}

/* Checks that in-place results pass, where the source holds the result. */
static void assert_in_place_passes(const struct norma_problem *problem) {
    struct run run = right_result(problem, VERIFY_DATA_NORMAL);
    const int result = (int)reference_tensor_result(problem),
              source = (int)reference_tensor_source(problem);
    void *kept = run.pointers[source];
    run.pointers[source] = run.pointers[result];
    cr_assert(judge(&run).passed, "%s: %s", run.text, judge(&run).message);
    run.pointers[source] = kept;
    release(&run);
}

Test(truth, in_place_the_source_may_change) {
    for_each_problem("2x4x3", assert_in_place_passes);
}

/* Checks that an output that was missing when the results passed is compared when it is there. */
static void assert_new_outputs_are_compared(const struct norma_problem *problem) {
    struct run run = right_result(problem, VERIFY_DATA_NORMAL);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        if (!reference_is_output(&run.tensors[id])) {
            continue;
        }
        float *values = run.pointers[id];
        run.pointers[id] = NULL;
        const double share = judge(&run).share;
        cr_assert(judge(&run).passed && judge(&run).share == share, "%s", run.text);
        run.pointers[id] = values;
        const float right = values[0];
        values[0] = NAN;
        cr_assert(!judge(&run).passed, "%s %s", run.text, run.tensors[id].name);
        values[0] = right;
    }
    release(&run);
}

Test(truth, outputs_that_were_missing_are_compared) {
    for_each_problem("2x4x3", assert_new_outputs_are_compared);
}

/* Each accumulation has its own bound. Where a bound is loose, the median share must not exceed the
 * largest. */
Test(truth, each_accumulation_is_judged_by_its_own_bound) {
    struct norma_problem problem;
    cr_assert(norma_problem_parse("in:2x4x90x90", &problem, NULL) == NORMA_STATUS_OK);
    struct run run = right_result(&problem, VERIFY_DATA_NORMAL);
    const struct verify_verdict loose =
        verify_truth_compare(run.truth, REFERENCE_ACCUMULATE_F32, run.pointers);
    cr_assert(judge(&run).share > loose.share);
    cr_assert(loose.median_share > 0.0 && loose.median_share <= loose.share);
    release(&run);
}

/* ---- results beyond the range of float ---------------------------------------------------- */

/* Checks that `value` in place of element i of dbeta is judged as stated. */
static void expect_verdict(const struct run *run, int64_t i, float value, bool passes) {
    float *dbeta = run->pointers[REFERENCE_TENSOR_dbeta];
    const float right = dbeta[i];
    dbeta[i] = value;
    cr_expect(judge(run).passed == passes, "%g for %g", (double)value, (double)right);
    dbeta[i] = right;
}

/* Sums of gradients around 1e37 overflow in some channels, and not in others. */
Test(truth, a_result_beyond_the_range_must_be_an_infinity_of_its_sign) {
    struct norma_problem problem;
    cr_assert(norma_problem_parse("bn:3x20x50:pass=bwd", &problem, NULL) == NORMA_STATUS_OK);
    struct run run = right_result(&problem, VERIFY_DATA_HUGE_DY);
    cr_assert(judge(&run).passed, "%s", judge(&run).message);
    const float *dbeta = run.pointers[REFERENCE_TENSOR_dbeta];
    const double *expected = run.truth->expected.dbeta.value;
    int infinite = 0, finite = 0;
    for (int64_t c = 0; c < 20; c++) {
        if (isfinite(dbeta[c])) {
            finite++;
            expect_verdict(&run, c, copysignf(INFINITY, dbeta[c]), false);
        } else {
            infinite++;
            cr_assert(fabs(expected[c]) > (double)FLT_MAX);
            expect_verdict(&run, c, -dbeta[c], false);
            expect_verdict(&run, c, copysignf(FLT_MAX, dbeta[c]), false);
            expect_verdict(&run, c, NAN, false);
        }
    }
    cr_expect(infinite > 2 && finite > 2, "%d, %d", infinite, finite);
    release(&run);
}

/* ---- gradients of rounded statistics ------------------------------------------------------ */

/* With a mean of 1e4 or 1e6 deviations, the gradients of the statistics as floats are not those of
 * x. Peers cannot do better, and norma can. */
static void expect_gradients_of_x(const char *text) {
    struct norma_problem problem;
    cr_assert(norma_problem_parse(text, &problem, NULL) == NORMA_STATUS_OK);
    struct run run = right_result(&problem, VERIFY_DATA_LARGE_MEAN);
    cr_assert(judge(&run).passed);
    float *dx = run.pointers[REFERENCE_TENSOR_dx];
    const double *lost = run.truth->expected.dx.lost;
    int caught = 0;
    for (int64_t i = 0; i < run.tensors[REFERENCE_TENSOR_dx].count; i++) {
        const float right = dx[i];
        dx[i] += (float)(0x1p-24 * lost[i]) / 16.0f;
        caught += dx[i] != right && !judge(&run).passed;
        cr_expect(verify_truth_compare(run.truth, REFERENCE_ACCUMULATE_F32, run.pointers).passed);
        dx[i] = right;
    }
    cr_expect(caught > run.tensors[REFERENCE_TENSOR_dx].count / 2, "%s: %d", text, caught);
    release(&run);
}

Test(truth, gradients_of_rounded_statistics_fail) {
    static const char *const texts[] = {"in:2x4x31:pass=bwd",
                                        "bn:2x4x31:pass=bwd",
                                        "gn:2x4x31:g=2,pass=bwd,layout=nsc",
                                        "ln:2x4x31:pass=bwd",
                                        "cin:2x4x31:styles=2,pass=bwd",
                                        "bin:2x4x31:pass=bwd",
                                        "adain:2x4x31:pass=bwd",
                                        "adain:2x4x31:style=swap,pass=bwd",
                                        "unit:2x4x31:form=layer,pass=bwd"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        expect_gradients_of_x(texts[i]);
    }
}
