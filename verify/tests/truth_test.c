/* The checker itself: a right result passes, the smallest wrong one does not.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "truth.h"

#include <criterion/criterion.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "implementations.h"

static const char *const problems[] = {
    "bn:3x4x5x6",   "bn:3x4x5:pass=inf", "in:2x3x50",
    "bin:3x4x7",    "adain:2x3x9",       "adain:2x3x9:style=stats",
    "gn:2x6x5:g=3", "unit:2x3x11",       "unit:2x3x11:alpha=element"};

struct run {
    struct norma_problem problem;
    struct norma_tensor tensors[NORMA_TENSOR_COUNT];
    struct norma_truth *truth;
    void *pointers[NORMA_TENSOR_COUNT];
};

/* The reference's own rounded results, in buffers of this test. */
static struct run right_result(const char *text, enum norma_data data) {
    struct run run = {0};
    cr_assert(norma_problem_parse(text, &run.problem, NULL) == NORMA_OK);
    norma_tensors_of(&run.problem, run.tensors);
    run.truth = norma_truth_create(&run.problem, data, 5);
    for (int id = 0; id < NORMA_TENSOR_COUNT; id++) {
        if (run.tensors[id].count > 0) {
            run.pointers[id] = calloc((size_t)run.tensors[id].count, sizeof(float));
        }
    }
    norma_truth_inputs(run.truth, run.pointers);
    const struct norma_implementation *reference = norma_implementation_find("reference");
    void *state;
    cr_assert(reference->create(reference, &state, &run.problem, 1) == NORMA_OK);
    const struct norma_args args = norma_tensors_bind(run.pointers);
    cr_assert(reference->execute(state, &args) == NORMA_OK);
    reference->destroy(state);
    return run;
}

static void release(struct run *run) {
    norma_truth_destroy(run->truth);
    for (int id = 0; id < NORMA_TENSOR_COUNT; id++) {
        free(run->pointers[id]);
    }
}

static struct norma_verdict judge(const struct run *run) {
    return norma_truth_compare(run->truth, NORMA_ACCUMULATE_F64, run->pointers);
}

static bool is_output(const struct norma_tensor *tensor) {
    return tensor->role == NORMA_ROLE_OUTPUT || tensor->role == NORMA_ROLE_INOUT;
}

Test(truth, a_right_result_passes) {
    for (size_t i = 0; i < sizeof problems / sizeof *problems; i++) {
        for (int data = 0; data < NORMA_DATA_COUNT; data++) {
            struct run run = right_result(problems[i], (enum norma_data)data);
            const struct norma_verdict verdict = judge(&run);
            cr_assert(verdict.passed, "%s: %s", problems[i], verdict.message);
            cr_assert(verdict.share <= 0.6, "%s: %g", problems[i], verdict.share);
            release(&run);
        }
    }
}

/* Ten units in the last place, in any element of any output, are caught. */
Test(truth, one_wrong_element_fails) {
    for (size_t i = 0; i < sizeof problems / sizeof *problems; i++) {
        struct run run = right_result(problems[i], NORMA_DATA_NORMAL);
        for (int id = 0; id < NORMA_TENSOR_COUNT; id++) {
            for (int64_t k = 0; is_output(&run.tensors[id]) && k < run.tensors[id].count; k++) {
                float *element = (float *)run.pointers[id] + k;
                const float right = *element;
                const float magnitude = fmaxf(fabsf(right), 4.0f);
                *element = right + magnitude * 0x1p-20f;
                cr_assert(!judge(&run).passed, "%s %s[%lld]", problems[i], run.tensors[id].name,
                          (long long)k);
                *element = NAN;
                cr_assert(!judge(&run).passed, "%s NaN", problems[i]);
                *element = right;
            }
        }
        cr_assert(judge(&run).passed);
        release(&run);
    }
}

Test(truth, a_written_input_fails) {
    struct run run = right_result("bin:3x4x7", NORMA_DATA_NORMAL);
    for (int id = 0; id < NORMA_TENSOR_COUNT; id++) {
        if (run.tensors[id].role == NORMA_ROLE_INPUT) {
            ((float *)run.pointers[id])[run.tensors[id].count - 1] += 1.0f;
            cr_assert(!judge(&run).passed, "%s", run.tensors[id].name);
            ((float *)run.pointers[id])[run.tensors[id].count - 1] -= 1.0f;
        }
    }
    release(&run);
}

/* An implementation with a fault planted into a copy of the fastest set's result. */
static const struct norma_implementation *honest;
static void (*plant)(const struct norma_args *args);

static norma_status execute_faulty(void *state, const struct norma_args *args) {
    const norma_status status = honest->execute(state, args);
    plant(args);
    return status;
}

static struct norma_verdict check_faulty(void (*fault)(const struct norma_args *),
                                         enum norma_placement placement) {
    struct norma_problem problem;
    cr_assert(norma_problem_parse("in:1x3x5", &problem, NULL) == NORMA_OK);
    honest = norma_implementation_find("portable");
    plant = fault;
    struct norma_implementation faulty = *honest;
    faulty.execute = execute_faulty;
    void *state;
    cr_assert(honest->create(honest, &state, &problem, 1) == NORMA_OK);
    struct norma_truth *truth = norma_truth_create(&problem, NORMA_DATA_NORMAL, 1);
    struct norma_fences fences = {0};
    const struct norma_setup setup = {NORMA_DATA_NORMAL, placement};
    const struct norma_verdict verdict =
        norma_check(&faulty, state, &problem, truth, setup, &fences);
    norma_fences_release(&fences);
    norma_truth_destroy(truth);
    honest->destroy(state);
    return verdict;
}

static void no_fault(const struct norma_args *args) {
    (void)args;
}

static void write_before(const struct norma_args *args) {
    ((float *)args->y)[-1] = 1.0f;
}

static void write_behind(const struct norma_args *args) {
    ((float *)args->y)[15] = 1.0f;
}

static void skip_last(const struct norma_args *args) {
    memset((float *)args->y + 14, 0xff, sizeof(float));
}

Test(check, catches_what_is_written_outside_and_not_written_inside) {
    cr_assert(check_faulty(no_fault, NORMA_PLACE_BACK).passed);
    cr_assert(check_faulty(no_fault, NORMA_PLACE_IN_PLACE).passed);
    cr_assert(!check_faulty(write_before, NORMA_PLACE_BACK).passed);
    cr_assert(!check_faulty(write_behind, NORMA_PLACE_FRONT).passed);
    cr_assert(!check_faulty(write_before, NORMA_PLACE_UNALIGNED).passed);
    cr_assert(!check_faulty(skip_last, NORMA_PLACE_FRONT).passed);
}

Test(check, a_step_over_the_fence_behind_is_a_fault, .signal = SIGSEGV) {
    check_faulty(write_behind, NORMA_PLACE_BACK);
}

Test(check, a_step_over_the_fence_before_is_a_fault, .signal = SIGSEGV) {
    check_faulty(write_before, NORMA_PLACE_FRONT);
}
