/* With h = gamma dy, and means over the set,
 *
 *     dx = r (h - mean(h) - x^ mean(h x^))
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "reference/naive/loops.h"
#include "reference/naive/naive_passes.h"

/* The numbers that a statistics set, and its gradient, is centred and scaled by. */
struct set {
    double mean, r;
};

/* Sums of the gradient, alone and times x^. */
struct sums {
    double h, h_x;
};

/* The facts that all sets of a problem share. */
struct backward {
    const struct norma_problem *problem;
    const struct reference_operator_facts *facts;
    struct reference_loops loops;
    int64_t channels; /* of a set */
    int64_t sets;     /* of a sample; 0 where all samples share theirs */
};

static struct set given_set(const struct backward *backward, const struct norma_args *args,
                            int64_t set) {
    return (struct set){backward->facts->mean ? (double)args->mean[set] : 0,
                        (double)args->inverse_std[set]};
}

static struct sums sums_of(const struct reference_loops *loops, const float *x, const float *dy,
                           const float *gamma, struct set set) {
    struct sums sums = {0, 0};
    for (int64_t n = 0; n < loops->samples; n++) {
        for (int64_t row = 0; row < loops->rows; row++) {
            const int64_t start = n * loops->sample_stride + row * loops->row_stride;
            for (int64_t i = 0; i < loops->length; i++) {
                const int64_t at = start + i * loops->stride;
                const double h =
                    (double)dy[at] * reference_loops_parameter(loops, gamma, row, i, 1);
                sums.h += h;
                sums.h_x += h * ((double)x[at] - set.mean) * set.r;
            }
        }
    }
    return sums;
}

static void put_dx(const struct reference_loops *loops, const float *x, const float *dy, float *dx,
                   const float *gamma, struct set set, struct sums means) {
    for (int64_t n = 0; n < loops->samples; n++) {
        for (int64_t row = 0; row < loops->rows; row++) {
            const int64_t start = n * loops->sample_stride + row * loops->row_stride;
            for (int64_t i = 0; i < loops->length; i++) {
                const int64_t at = start + i * loops->stride;
                const double h =
                    (double)dy[at] * reference_loops_parameter(loops, gamma, row, i, 1);
                const double x_hat = ((double)x[at] - set.mean) * set.r;
                dx[at] = (float)(set.r * (h - means.h - x_hat * means.h_x));
            }
        }
    }
}

static void put_set(const struct backward *backward, const struct norma_args *args, int64_t index) {
    const struct reference_loops *loops = &backward->loops;
    const struct set set = given_set(backward, args, index);
    const struct reference_loops_start start =
        reference_loops_start(backward->problem, loops, index, backward->channels);
    const float *x = (const float *)args->x + start.element;
    const float *dy = (const float *)args->dy + start.element;
    const float *gamma = args->gamma ? args->gamma + start.channel : NULL;
    const struct sums sums = sums_of(loops, x, dy, gamma, set);
    put_dx(
        loops, x, dy, (float *)args->dx + start.element, gamma, set,
        (struct sums){backward->facts->mean ? sums.h / loops->count : 0, sums.h_x / loops->count});
}

/* Adds up a channel, of which the loops have a plane in each sample. */
static struct sums sums_of_channel(const struct backward *backward,
                                   const struct reference_loops *loops,
                                   const struct norma_args *args, int64_t c) {
    const int64_t start = reference_loops_start(backward->problem, loops, c, 1).element;
    struct sums sums = {0, 0};
    for (int64_t n = 0; n < loops->samples; n++) {
        const struct set set =
            given_set(backward, args, n * backward->sets + c / backward->channels);
        const int64_t plane = start + n * loops->sample_stride;
        for (int64_t i = 0; i < loops->length; i++) {
            const int64_t at = plane + i * loops->stride;
            const double h = (double)((const float *)args->dy)[at];
            sums.h += h;
            sums.h_x += h * ((double)((const float *)args->x)[at] - set.mean) * set.r;
        }
    }
    return sums;
}

static void put_parameters(const struct backward *backward, const struct norma_args *args) {
    const struct reference_loops loops = reference_loops_of_channel(backward->problem);
    for (int64_t c = 0; c < backward->problem->c; c++) {
        const struct sums sums = sums_of_channel(backward, &loops, args, c);
        if (args->dgamma) {
            args->dgamma[c] = (float)sums.h_x;
        }
        if (args->dbeta && backward->facts->beta) {
            args->dbeta[c] = (float)sums.h;
        }
    }
}

void reference_naive_backward(const struct norma_problem *problem, const struct norma_args *args) {
    const struct reference_operator_facts *facts = reference_facts_of(problem);
    const int64_t sets = norma_problem_statistics(problem);
    const struct backward backward = {
        problem, facts, reference_loops_of_set(problem), reference_channels_per_set(problem),
        facts->sets == REFERENCE_SETS_CHANNEL ? 0 : sets / problem->n};
    put_parameters(&backward, args); /* first, as dx may be dy */
    for (int64_t set = 0; set < sets; set++) {
        put_set(&backward, args, set);
    }
}
