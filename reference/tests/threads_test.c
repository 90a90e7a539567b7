/* Results do not depend on the number of threads, bit for bit. The problems are large enough to run
 * on several.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <criterion/criterion.h>
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "reference/reference.h"

#define SHAPE "5x7x33x31"
enum { MOST = 2 * 5 * 7 * 33 * 31 }; /* elements of a tensor of two styles */

static float numbers[MOST], positive[MOST], row[10];
static uint8_t labels[MOST];
static const int32_t indices[5] = {1, 2, 3, 4, 0};

static void make_inputs(void) {
    for (int i = 0; i < MOST; i++) {
        numbers[i] = (float)sin(i);
        positive[i] = 0.5f + (float)(i % 7) * 0.0625f;
        labels[i] = (uint8_t)(i % 5 % 2);
    }
    for (int i = 0; i < 10; i++) {
        row[i] = 0.5f;
    }
}

/* Returns arguments with every tensor that can be an input; the outputs are not needed here. */
static struct norma_args args_of(void) {
    return (struct norma_args){
        .x = numbers,
        .y = numbers,
        .gamma = numbers,
        .beta = numbers,
        .rho = positive,
        .alpha = positive,
        .style_index = indices,
        .style = numbers,
        .style_mean = numbers,
        .style_std = positive,
        .style_weights = row,
        .labels = labels,
        .permutation = indices,
        .running_mean = numbers,
        .running_variance = positive,
        .mean = numbers,
        .inverse_std = positive,
        .instance_mean = numbers,
        .instance_inverse_std = positive,
        .dy = numbers,
    };
}

/* Runs on `threads` threads. Returns an array with MOST values for each tensor, zeros where it is
 * no output, which the caller frees. */
static double *run(const struct norma_problem *problem, int threads) {
    const struct norma_args args = args_of();
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
    struct reference_result reference = {0};
    double *values = calloc((size_t)REFERENCE_TENSOR_COUNT * MOST, sizeof *values);
    cr_assert(values);
    reference_tensors_of(problem, tensors);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        if (reference_is_output(&tensors[id])) {
            cr_assert(tensors[id].count <= MOST);
            *reference_place_of(&reference, (enum reference_tensor_id)id).value =
                values + id * MOST;
        }
    }
    omp_set_num_threads(threads);
    cr_assert(reference_run(problem, &args, &reference) == NORMA_STATUS_OK);
    return values;
}

static void check(const char *text) {
    struct norma_problem problem;
    cr_assert(norma_problem_parse(text, &problem, NULL) == NORMA_STATUS_OK, "%s", text);
    double *one = run(&problem, 1);
    double *several = run(&problem, 4);
    cr_expect(memcmp(one, several, (size_t)REFERENCE_TENSOR_COUNT * MOST * sizeof *one) == 0, "%s",
              text);
    free(one);
    free(several);
}

Test(threads, change_nothing_forward) {
    make_inputs();
    check("bn:" SHAPE);
    check("in:" SHAPE);
    check("cin:" SHAPE ":styles=5");
    check("bin:" SHAPE);
    check("adain:" SHAPE ":styles=2");
    check("adain:" SHAPE ":regions=2");
    check("adain:" SHAPE ":style=swap");
    check("gn:" SHAPE ":g=7");
    check("ln:" SHAPE);
    check("rms:" SHAPE);
    check("unit:" SHAPE);
    check("unit:" SHAPE ":form=vanilla");
    check("unit:" SHAPE ":form=layer");
}

Test(threads, change_nothing_backward) {
    make_inputs();
    check("bn:" SHAPE ":pass=bwd");
    check("in:" SHAPE ":epilogue=add_relu,pass=bwd");
    check("cin:" SHAPE ":styles=5,pass=bwd");
    check("bin:" SHAPE ":pass=bwd");
    check("adain:" SHAPE ":styles=2,pass=bwd");
    check("adain:" SHAPE ":regions=2,pass=bwd");
    check("adain:" SHAPE ":style=swap,pass=bwd");
    check("gn:" SHAPE ":g=7,pass=bwd");
    check("ln:" SHAPE ":pass=bwd");
    check("rms:" SHAPE ":pass=bwd");
    check("unit:" SHAPE ":pass=bwd");
    check("unit:" SHAPE ":alpha=element,pass=bwd");
    check("unit:" SHAPE ":form=vector,pass=bwd");
    check("unit:" SHAPE ":form=layer,pass=bwd");
}
