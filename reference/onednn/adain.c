/* Adaptive instance normalization: y = (1 - alpha) x + alpha (sigma(style) x^ + mu(style)). The
 * style's statistics are those of standardizing it, whose output nobody reads; oneDNN has nothing
 * that computes a variance and does not write. With x = x^ / r + mu, the trade-off is one more
 * scale and shift of x^.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>
#include <stdlib.h>

#include "composition.h"
#include "statistics.h"

struct adain {
    struct norma_onednn_composition composition;
    struct norma_onednn_standardize style; /* unless the statistics are given */
    float *discarded;
};

static norma_status create_style(struct adain *self, const struct norma_problem *problem,
                                 const struct norma_onednn_geometry *geometry) {
    const struct norma_onednn_geometry style =
        norma_onednn_with_spatial(geometry, norma_problem_style_spatial(problem));
    self->discarded = norma_onednn_allocate(norma_onednn_elements(&style));
    return self->discarded == NULL
               ? NORMA_NO_MEMORY
               : norma_onednn_standardize_create(&self->style, &style, problem->epsilon, false);
}

static norma_status create(void *operation, const struct norma_problem *problem,
                           const struct norma_onednn_geometry *geometry, int threads) {
    struct adain *self = operation;
    (void)threads;
    const norma_status status = norma_onednn_composition_create(
        &self->composition, problem, geometry, geometry, problem->alpha == 1.0);
    return status != NORMA_OK || problem->style_source == NORMA_STYLE_STATS
               ? status
               : create_style(self, problem, geometry);
}

struct style {
    double mean, std;
};

/* Of run (n, c), which is number `i` in args and number `run` in the geometry. */
static struct style style_of(const struct adain *self, const struct norma_args *args, int64_t i,
                             int64_t run) {
    const struct norma_problem *problem = &self->composition.problem;
    if (problem->style_source == NORMA_STYLE_STATS) {
        return (struct style){(double)args->style_mean[i], (double)args->style_std[i]};
    }
    return (struct style){(double)self->style.mean[run],
                          sqrt((double)self->style.variance[run] + problem->epsilon)};
}

static bool coefficients(void *operation, const struct norma_args *args) {
    struct adain *self = operation;
    const struct norma_onednn_composition *composition = &self->composition;
    const struct norma_onednn_geometry *geometry = &composition->geometry;
    const struct norma_onednn_standardize *content = &composition->standardize;
    const double alpha = composition->problem.alpha, epsilon = composition->problem.epsilon;
#pragma omp parallel for
    for (int64_t i = 0; i < geometry->n * geometry->c; i++) {
        const int64_t run = i / geometry->c * geometry->channels + i % geometry->c;
        const struct style style = style_of(self, args, i, run);
        double scale = alpha * style.std, shift = alpha * style.mean;
        if (alpha != 1.0) {
            scale += (1.0 - alpha) * sqrt((double)content->variance[run] + epsilon);
            shift += (1.0 - alpha) * (double)content->mean[run];
        }
        composition->scale[run] = (float)scale;
        composition->shift[run] = (float)shift;
    }
    return true;
}

static norma_status execute(void *operation, const struct norma_args *args) {
    struct adain *self = operation;
    const struct norma_problem *problem = &self->composition.problem;
    norma_status status = NORMA_OK;
    if (problem->style_source == NORMA_STYLE_TENSOR) {
        status = norma_onednn_standardize(&self->style, args->style, self->discarded);
    }
    if (status == NORMA_OK) {
        status = norma_onednn_compose(&self->composition, args, coefficients, operation);
    }
    if (status == NORMA_OK && problem->pass == NORMA_FORWARD) {
        norma_onednn_store_runs(&self->composition, args->mean, args->inverse_std);
    }
    return status;
}

static void name(const void *operation, char *names, size_t size) {
    const struct adain *self = operation;
    norma_onednn_name(names, size, &self->style.rows);
    norma_onednn_name(names, size, &self->style.batch.step);
    norma_onednn_composition_name(operation, names, size);
}

static void destroy(void *operation) {
    struct adain *self = operation;
    norma_onednn_standardize_destroy(&self->style);
    free(self->discarded);
    norma_onednn_composition_destroy(operation);
}

const struct norma_onednn_operator norma_onednn_adain = {
    .size = sizeof(struct adain),
    .create = create,
    .execute = execute,
    .name = name,
    .destroy = destroy,
};
