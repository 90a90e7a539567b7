/* Gradients with a large mean are as exact as those without one.
 *
 * Adding a constant to x changes neither x - mean nor, so, any gradient. Here x consists of
 * multiples of 1/16 that stay exact when the constant is added, so that both executions have the
 * same right result, and the reference is not needed. The backward pass gets what the
 * implementation's own forward pass returned, whose mean is rounded to float: by 1/32 of a
 * deviation if it is a million deviations. The smallest constant takes the means beyond the few
 * deviations that a kernel may leave as they were rounded: such a mean moves a gradient that
 * cancels by more than the tolerance, although within the error bound.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>
#include <stdio.h>

#include "verify/properties/property_trial.h"

static const double STEP = 0x1p-4;

/* The largest difference of two gradients, relative to the largest entry. */
static const double TOLERANCE = 1e-6;

static const double constants[] = {1e2, 1e4, 1e5, 1e6};

/* ---- inputs ------------------------------------------------------------------------------- */

/* Moves sample n of a tensor by `slope` n, so that the instances of a batch differ, and by a
 * constant, to multiples of STEP. Does nothing where the problem has no such tensor. */
static void move(struct verify_experiment *e, enum reference_tensor_id id, double slope,
                 double constant) {
    float *values = e->data[id];
    const int64_t sample = e->tensors[id].count / e->problem.n;
    for (int64_t i = 0; values && i < e->tensors[id].count; i++) {
        const double value = (double)values[i] + slope * (double)(i / sample);
        values[i] = (float)(STEP * round(value / STEP) + constant);
    }
}

/* Returns the gradients of x, and of styles, moved by a constant. */
static struct verify_experiment *run_moved(struct verify_trial *trial, const char *text,
                                           double constant) {
    struct verify_experiment *e = verify_experiment_named(trial, "%s", text);
    move(e, REFERENCE_TENSOR_x, 0.75, constant);
    if (e->problem.style_source == NORMA_STYLE_TENSOR) {
        move(e, REFERENCE_TENSOR_style, 0.0, constant);
    }
    verify_experiment_run(e);
    return e;
}

/* ---- comparison --------------------------------------------------------------------------- */

static double largest_of(const float *values, int64_t count) {
    double largest = 0.0;
    for (int64_t i = 0; i < count; i++) {
        largest = fmax(largest, fabs((double)values[i]));
    }
    return largest;
}

static void expect_tensor(const struct verify_experiment *got,
                          const struct verify_experiment *right, enum reference_tensor_id id,
                          double constant) {
    const float *moved = got->data[id], *still = right->data[id];
    const int64_t count = got->tensors[id].count;
    const double bound = TOLERANCE * largest_of(still, count);
    char what[64];
    snprintf(what, sizeof what, "%s of x + %g and x + %g, ", got->tensors[id].name, constant,
             constants[0]);
    for (int64_t i = 0; i < count; i++) {
        verify_expect(got, what, i, (double)moved[i], (double)still[i], bound);
    }
}

static void gradients_do_not_depend_on_the_mean(struct verify_trial *trial, const char *text) {
    const struct verify_experiment *still = run_moved(trial, text, constants[0]);
    for (size_t k = 1; k < sizeof constants / sizeof *constants; k++) {
        const struct verify_experiment *moved = run_moved(trial, text, constants[k]);
        for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
            if (reference_is_output(&moved->tensors[id])) {
                expect_tensor(moved, still, (enum reference_tensor_id)id, constants[k]);
            }
        }
    }
}

/* Every operator with a mean, with rows of one position, sets of several chunks, tails and
 * epilogues. */
static const char *const problems[] = {
    "in:2x3x49:pass=bwd",
    "in:1x1x4:pass=bwd",
    "in:2x5x4133:pass=bwd",
    "cin:4x3x25:styles=2,pass=bwd",
    "bn:5x3x37:pass=bwd",
    "bn:64x5:pass=bwd",
    "bn:5x3x37:epilogue=add_relu,pass=bwd",
    "bin:4x3x25:pass=bwd",
    "bin:5x2x37:rho=0.5,pass=bwd",
    "gn:2x6x35:g=3,pass=bwd",
    "gn:3x64:g=8,pass=bwd",
    "ln:3x6x35:pass=bwd",
    "ln:9x200:pass=bwd",
    "ln:5x768:pass=bwd",
    "adain:2x3x35:pass=bwd",
    "adain:2x3x35:style=9x9,std=unbiased,alpha=0.5,pass=bwd",
    "adain:2x3x35:styles=2,pass=bwd",
    "adain:2x3x60:regions=2,pass=bwd",
    "adain:2x3x35:style=stats,pass=bwd",
    "adain:3x3x25:style=swap,pass=bwd",
    "unit:4x3x25:form=layer,pass=bwd",
    "unit:16x5:form=layer,alpha=0.75,k=2,pass=bwd",
    NULL,
};

const struct verify_property verify_properties_accuracy[] = {
    {"gradients-do-not-depend-on-the-mean", gradients_do_not_depend_on_the_mean, problems,
     VERIFY_PROMISE_NORMA, VERIFY_IN_EACH_LAYOUT},
    {0},
};
