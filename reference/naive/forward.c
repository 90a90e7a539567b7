/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "reference/naive/loops.h"
#include "reference/naive/naive_passes.h"

static double mean_of(const struct reference_loops *loops, const float *x) {
    double sum = 0;
    for (int64_t n = 0; n < loops->samples; n++) {
        for (int64_t row = 0; row < loops->rows; row++) {
            const float *from = x + n * loops->sample_stride + row * loops->row_stride;
            for (int64_t i = 0; i < loops->length; i++) {
                sum += (double)from[i * loops->stride];
            }
        }
    }
    return sum / loops->count;
}

static double variance_of(const struct reference_loops *loops, const float *x, double mean) {
    double sum = 0;
    for (int64_t n = 0; n < loops->samples; n++) {
        for (int64_t row = 0; row < loops->rows; row++) {
            const float *from = x + n * loops->sample_stride + row * loops->row_stride;
            for (int64_t i = 0; i < loops->length; i++) {
                const double deviation = (double)from[i * loops->stride] - mean;
                sum += deviation * deviation;
            }
        }
    }
    return sum / loops->count;
}

static void normalize(const struct reference_loops *loops, const float *x, float *y,
                      const float *gamma, const float *beta, double mean, double r) {
    for (int64_t n = 0; n < loops->samples; n++) {
        for (int64_t row = 0; row < loops->rows; row++) {
            const int64_t start = n * loops->sample_stride + row * loops->row_stride;
            for (int64_t i = 0; i < loops->length; i++) {
                const int64_t at = start + i * loops->stride;
                y[at] = (float)(((double)x[at] - mean) * r *
                                    reference_loops_parameter(loops, gamma, row, i, 1) +
                                reference_loops_parameter(loops, beta, row, i, 0));
            }
        }
    }
}

static void update(float *running, double value, double momentum) {
    if (momentum < 1) {
        value = (1 - momentum) * (double)*running + momentum * value;
    }
    *running = (float)value;
}

static void update_running(const struct norma_problem *problem, const struct norma_args *args,
                           int64_t c, double count, double mean, double variance) {
    if (args->running_mean) {
        update(&args->running_mean[c], mean, problem->momentum);
    }
    if (args->running_variance) {
        update(&args->running_variance[c], count > 1 ? variance * count / (count - 1) : variance,
               problem->momentum);
    }
}

/* The facts that all sets of a problem share. */
struct forward {
    const struct norma_problem *problem;
    const struct reference_operator_facts *facts;
    struct reference_loops loops;
    int64_t channels; /* of a set */
};

static void normalize_set(const struct forward *forward, const struct norma_args *args,
                          int64_t set) {
    const struct norma_problem *problem = forward->problem;
    const struct reference_loops *loops = &forward->loops;
    const struct reference_loops_start start =
        reference_loops_start(problem, loops, set, forward->channels);
    const float *x = (const float *)args->x + start.element;
    const double mean = forward->facts->mean ? mean_of(loops, x) : 0;
    const double variance = variance_of(loops, x, mean);
    const double r = 1 / sqrt(variance + problem->epsilon);
    normalize(loops, x, (float *)args->y + start.element,
              args->gamma ? args->gamma + start.channel : NULL,
              args->beta && forward->facts->beta ? args->beta + start.channel : NULL, mean, r);
    if (args->mean && forward->facts->mean) {
        args->mean[set] = (float)mean;
    }
    if (args->inverse_std) {
        args->inverse_std[set] = (float)r;
    }
    if (forward->facts->running) {
        update_running(problem, args, start.channel, loops->count, mean, variance);
    }
}

void reference_naive_forward(const struct norma_problem *problem, const struct norma_args *args) {
    const struct forward forward = {problem, reference_facts_of(problem),
                                    reference_loops_of_set(problem),
                                    reference_channels_per_set(problem)};
    const int64_t sets = norma_problem_statistics(problem);
    for (int64_t set = 0; set < sets; set++) {
        normalize_set(&forward, args, set);
    }
}
