/* The naive loops give the reference's results, in both layouts, forward and backward, and refuse
 * what they do not have.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "reference/naive/naive.h"
#include "reference/reference.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const struct reference_implementation *const naive = &reference_implementation_naive;
static const struct reference_implementation *const reference = &reference_implementation_reference;

/* A problem with buffers of its tensors. */
struct run {
    struct norma_problem problem;
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
    void *pointers[REFERENCE_TENSOR_COUNT];
};

/* Returns a value between -1 and 1, as if at random. */
static double value_of(int id, int64_t i) {
    const double wave = 43758.5453 * sin(12.9898 * (double)(i + 1) + 78.233 * id);
    return 2 * (wave - floor(wave)) - 1;
}

/* Returns a run with inputs, among them statistics that no data have, and outputs full of NaNs. */
static struct run make(const char *text) {
    struct run run;
    cr_assert(norma_problem_parse(text, &run.problem, NULL) == NORMA_STATUS_OK, "%s", text);
    reference_tensors_of(&run.problem, run.tensors);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        const struct reference_tensor *tensor = &run.tensors[id];
        float *values = tensor->count > 0 ? malloc(reference_tensor_bytes(tensor)) : NULL;
        for (int64_t i = 0; i < tensor->count; i++) {
            values[i] = (float)(reference_is_input(tensor) ? value_of(id, i) : NAN);
        }
        run.pointers[id] = values;
    }
    return run;
}

static void release(struct run *run) {
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        free(run->pointers[id]);
    }
}

static norma_status execute(const struct reference_implementation *implementation,
                            const struct run *run, struct norma_args args) {
    void *state = NULL;
    cr_assert(implementation->create(implementation, &state, &run->problem, 1) == NORMA_STATUS_OK);
    const norma_status status = implementation->execute(state, &args);
    implementation->destroy(state);
    return status;
}

/* Gives a backward pass the statistics of its x. */
static void give_statistics(const char *text, struct run *run) {
    struct run forward = make(text);
    forward.problem.pass = NORMA_PASS_FORWARD;
    struct norma_args args = reference_tensors_bind(run->pointers);
    args.y = malloc(reference_tensor_bytes(&run->tensors[REFERENCE_TENSOR_dx]));
    cr_assert(execute(reference, &forward, args) == NORMA_STATUS_OK);
    free(args.y);
    release(&forward);
}

static void expect_close(const char *text, const struct run *is, const struct run *should) {
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        const float *values = is->pointers[id], *right = should->pointers[id];
        for (int64_t i = 0; i < is->tensors[id].count; i++) {
            cr_expect(fabsf(values[i] - right[i]) <= 2e-6F * (1 + fabsf(right[i])),
                      "%s: tensor %d, [%lld] is %.9g, should be %.9g", text, id, (long long)i,
                      (double)values[i], (double)right[i]);
        }
    }
}

static void check(const char *text) {
    struct run is = make(text), should = make(text);
    if (reference_is_backward(&is.problem)) {
        give_statistics(text, &is);
        give_statistics(text, &should);
    }
    cr_expect(execute(naive, &is, reference_tensors_bind(is.pointers)) == NORMA_STATUS_OK);
    cr_expect(execute(reference, &should, reference_tensors_bind(should.pointers)) ==
              NORMA_STATUS_OK);
    expect_close(text, &is, &should);
    release(&is);
    release(&should);
}

Test(naive, gives_the_results_of_the_reference) {
    const char *problems[] = {"bn:3x4x2x3:", "bn:1x3:",       "bn:2x3x2:momentum=1,",
                              "in:3x4x2x3:", "gn:3x4x5:g=2,", "gn:3x8:g=2,",
                              "ln:3x4x5:",   "ln:5x7:",       "rms:3x4x5:",
                              "rms:5x7:"};
    for (size_t i = 0; i < sizeof problems / sizeof *problems; i++) {
        for (int variant = 0; variant < 4; variant++) {
            char text[NORMA_PROBLEM_TEXT];
            snprintf(text, sizeof text, "%spass=%s,layout=%s", problems[i],
                     variant & 1 ? "bwd" : "fwd", variant & 2 ? "nsc" : "ncs");
            check(text);
        }
    }
    check("in:3x4x5:pass=inf");
}

Test(naive, works_in_place) {
    struct run is = make("gn:2x4x3:g=2,pass=bwd"), should = make("gn:2x4x3:g=2,pass=bwd");
    struct norma_args args = reference_tensors_bind(is.pointers);
    args.dx = is.pointers[REFERENCE_TENSOR_dy];
    cr_expect(execute(naive, &is, args) == NORMA_STATUS_OK);
    cr_expect(execute(naive, &should, reference_tensors_bind(should.pointers)) == NORMA_STATUS_OK);
    cr_expect_arr_eq(is.pointers[REFERENCE_TENSOR_dy], should.pointers[REFERENCE_TENSOR_dx],
                     reference_tensor_bytes(&is.tensors[REFERENCE_TENSOR_dx]));
    cr_expect_arr_eq(is.pointers[REFERENCE_TENSOR_dgamma], should.pointers[REFERENCE_TENSOR_dgamma],
                     reference_tensor_bytes(&is.tensors[REFERENCE_TENSOR_dgamma]));
    release(&is);
    release(&should);
}

Test(naive, leaves_out_what_is_not_asked_for) {
    float x[4] = {1, 3, 10, 14}, y[4];
    struct run run = make("bn:1x2x2:eps=1");
    cr_expect(execute(naive, &run, (struct norma_args){.x = x, .y = y}) == NORMA_STATUS_OK);
    cr_expect_float_eq(y[1], (float)sqrt(0.5), 1e-6F);
    cr_expect(execute(naive, &run, (struct norma_args){.y = y}) == NORMA_STATUS_NULL);
    release(&run);
}

Test(naive, says_what_it_does_not_have) {
    const char *problems[] = {"cin:2x3x4",
                              "adain:2x3x4",
                              "bin:2x3x4",
                              "unit:2x3x4",
                              "bn:2x3x4:pass=inf",
                              "bn:2x3x4:pass=inf_bwd",
                              "in:2x3x4:epilogue=relu"};
    for (size_t i = 0; i < sizeof problems / sizeof *problems; i++) {
        struct norma_problem problem;
        void *state = NULL;
        cr_assert(norma_problem_parse(problems[i], &problem, NULL) == NORMA_STATUS_OK);
        cr_expect(naive->create(naive, &state, &problem, 1) == NORMA_STATUS_UNSUPPORTED, "%s",
                  problems[i]);
        cr_expect_null(state);
    }
}

Test(naive, does_what_is_to_be_done_with_nothing) {
    struct run run = make("ln:0x3");
    cr_expect(execute(naive, &run, (struct norma_args){.x = NULL}) == NORMA_STATUS_OK);
    release(&run);
}
