/* Expectations of results, and their bounds.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "reference/reference.h"
#include "verify/properties/property_trial.h"

#define U32 0x1p-24 /* unit roundoff of float */

double verify_roundoff(const struct verify_experiment *experiment) {
    const double count = (double)experiment->tensors[REFERENCE_TENSOR_x].count;
    return experiment->trial->implementation->accumulation == REFERENCE_ACCUMULATE_F32
               ? 4.0 * U32 * (count + 16.0)
               : 4.0 * U32;
}

/* ---- bounds ------------------------------------------------------------------------------- */

/* Returns the place of a gradient in the results of the reference; NULL: `id` is none. */
static struct reference_gradient *gradient_of(struct reference_result *truth,
                                              enum reference_tensor_id id) {
    switch (id) {
    case REFERENCE_TENSOR_dx:
        return &truth->dx;
    case REFERENCE_TENSOR_dgamma:
        return &truth->dgamma;
    case REFERENCE_TENSOR_dbeta:
        return &truth->dbeta;
    case REFERENCE_TENSOR_drho:
        return &truth->drho;
    case REFERENCE_TENSOR_dalpha:
        return &truth->dalpha;
    case REFERENCE_TENSOR_dstyle:
        return &truth->dstyle;
    case REFERENCE_TENSOR_dstyle_mean:
        return &truth->dstyle_mean;
    case REFERENCE_TENSOR_dstyle_std:
        return &truth->dstyle_std;
    default:
        return NULL;
    }
}

static void run_reference(const struct verify_experiment *experiment,
                          const struct reference_result *truth) {
    const struct norma_args args = reference_tensors_bind(experiment->data);
    if (reference_run(&experiment->problem, &args, truth) != NORMA_STATUS_OK) {
        verify_trial_fail(experiment->trial, "%s: not enough memory for the reference",
                          experiment->text);
    }
}

static double *bound_of_gradient(const struct verify_experiment *experiment,
                                 enum reference_tensor_id id) {
    struct verify_trial *trial = experiment->trial;
    const size_t count = (size_t)experiment->tensors[id].count;
    struct reference_result truth = {0};
    const struct reference_gradient gradient = {
        .value = verify_trial_memory(trial, count * sizeof(double)),
        .terms = verify_trial_memory(trial, count * sizeof(double)),
        .sums = verify_trial_memory(trial, count * sizeof(double)),
    };
    *gradient_of(&truth, id) = gradient;
    run_reference(experiment, &truth);
    for (size_t i = 0; i < count; i++) {
        gradient.value[i] = verify_roundoff(experiment) * (gradient.terms[i] + gradient.sums[i]);
    }
    return gradient.value;
}

static double *bound_of_y(const struct verify_experiment *experiment) {
    struct verify_trial *trial = experiment->trial;
    const struct norma_problem *problem = &experiment->problem;
    const size_t count = (size_t)experiment->tensors[REFERENCE_TENSOR_y].count;
    const int64_t regions = problem->regions > 1 ? problem->regions : 1;
    const size_t planes = (size_t)(problem->n * regions * problem->c);
    struct reference_result truth = {0};
    truth.y = verify_trial_memory(trial, count * sizeof *truth.y);
    truth.terms = verify_trial_memory(trial, count * sizeof *truth.terms);
    truth.conditions = verify_trial_memory(trial, planes * sizeof *truth.conditions);
    run_reference(experiment, &truth);
    for (size_t i = 0; i < count; i++) {
        const int64_t plane = verify_plane_of(problem, (int64_t)i);
        double magnitude = truth.terms[i];
        for (int k = 0; regions == 1 && k < REFERENCE_CONDITIONS; k++) {
            const struct reference_condition *condition = &truth.conditions[plane][k];
            magnitude += condition->slope * (fabs(condition->mean) + condition->spread);
        }
        truth.y[i] = verify_roundoff(experiment) * magnitude;
    }
    return truth.y;
}

double *verify_experiment_bound(const struct verify_experiment *experiment,
                                enum reference_tensor_id id) {
    return id == REFERENCE_TENSOR_y ? bound_of_y(experiment) : bound_of_gradient(experiment, id);
}

/* ---- values ------------------------------------------------------------------------------- */

void verify_expect(const struct verify_experiment *of, const char *what, int64_t index, double got,
                   double expected, double bound) {
    struct verify_property_result *result = &of->trial->result;
    const double distance = fabs(got - expected);
    result->checks++;
    if (!(distance <= bound) && got != expected) {
        verify_trial_fail(of->trial, "%s: %s[%lld] is %.9g, expected %.9g within %.3g", of->text,
                          what, (long long)index, got, expected, bound);
    }
    if (distance > result->share * bound) {
        result->share = distance / bound;
    }
}

void verify_expect_at_most(const struct verify_experiment *of, const char *what, int64_t index,
                           double got, double bound) {
    struct verify_property_result *result = &of->trial->result;
    result->checks++;
    if (!(got <= bound)) {
        verify_trial_fail(of->trial, "%s: %s[%lld] is %.9g, expected at most %.9g", of->text, what,
                          (long long)index, got, bound);
    }
    if (got > result->share * bound) {
        result->share = got / bound;
    }
}

/* ---- tensors ------------------------------------------------------------------------------ */

static uint32_t bits_of(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

void verify_expect_bits(const struct verify_experiment *got, enum reference_tensor_id id,
                        const float *expected, const char *why) {
    const float *data = got->data[id];
    for (int64_t i = 0; i < got->tensors[id].count; i++) {
        const bool same = bits_of(data[i]) == bits_of(expected[i]) && !isnan(data[i]);
        if (!same) {
            verify_trial_fail(got->trial,
                              "%s: %s[%lld] is %.9g (%a), expected the bits of %.9g (%a), as %s",
                              got->text, got->tensors[id].name, (long long)i, (double)data[i],
                              (double)data[i], (double)expected[i], (double)expected[i], why);
        }
    }
    got->trial->result.checks++;
}

void verify_expect_near(const struct verify_experiment *got, enum reference_tensor_id id,
                        const float *expected, const double *bound, const char *why) {
    char what[128];
    const float *data = got->data[id];
    snprintf(what, sizeof what, "%s (as %.96s)", got->tensors[id].name, why);
    const int checks = got->trial->result.checks;
    for (int64_t i = 0; i < got->tensors[id].count; i++) {
        verify_expect(got, what, i, (double)data[i], (double)expected[i], bound[i]);
    }
    got->trial->result.checks = checks + 1;
}

static bool shared_output(const struct verify_experiment *a, const struct verify_experiment *b,
                          int id) {
    return reference_is_output(&a->tensors[id]) && reference_is_output(&b->tensors[id]) &&
           a->tensors[id].count == b->tensors[id].count && a->data[id] && b->data[id];
}

void verify_expect_same_outputs(const struct verify_experiment *got,
                                const struct verify_experiment *expected) {
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        if (shared_output(got, expected, id)) {
            verify_expect_bits(got, (enum reference_tensor_id)id, expected->data[id],
                               expected->text);
        }
    }
}

bool verify_has_bound(enum reference_tensor_id id) {
    return id == REFERENCE_TENSOR_y || gradient_of(&(struct reference_result){0}, id);
}

void verify_expect_near_output(const struct verify_experiment *got,
                               const struct verify_experiment *expected,
                               enum reference_tensor_id id, double times) {
    double *bound = verify_experiment_bound(got, id);
    const double *other = verify_experiment_bound(expected, id);
    for (int64_t i = 0; i < got->tensors[id].count; i++) {
        bound[i] = times * (bound[i] + other[i]);
    }
    verify_expect_near(got, id, expected->data[id], bound, expected->text);
}

void verify_expect_near_outputs(const struct verify_experiment *got,
                                const struct verify_experiment *expected, double times) {
    for (int i = 0; i < REFERENCE_TENSOR_COUNT; i++) {
        const enum reference_tensor_id id = (enum reference_tensor_id)i;
        if (shared_output(got, expected, i) && verify_has_bound(id)) {
            verify_expect_near_output(got, expected, id, times);
        }
    }
}
