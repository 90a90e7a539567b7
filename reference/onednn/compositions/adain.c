/* Adaptive instance normalization: y = (1 - alpha) x + alpha (sigma(style) x^ + mu(style)). The
 * style's statistics are computed by standardizing it, and the output of that is discarded, as
 * oneDNN has nothing that computes a variance without writing. Where samples are each other's
 * style, their statistics are there already. With x = x^ / r + mu, the trade-off is one more
 * scale and shift of x^. Regions have no such composition, because a coefficient changes inside a
 * plane.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>
#include <stdlib.h>

#include "reference/onednn/steps/steps.h"

struct adain {
    struct onednn_composition composition;
    int64_t styles;
    struct onednn_standardize style; /* for a style tensor */
    float *discarded;
};

static norma_status create_style(struct adain *self, const struct norma_problem *problem,
                                 const struct onednn_geometry *geometry) {
    const struct onednn_geometry style = onednn_style_geometry(geometry, problem);
    self->discarded = onednn_allocate(onednn_elements(&style));
    return self->discarded == NULL
               ? NORMA_STATUS_NO_MEMORY
               : onednn_standardize_create(&self->style, &style, problem->epsilon, false, false);
}

static norma_status create(void *operation, const struct norma_problem *problem,
                           const struct onednn_geometry *geometry, int threads) {
    struct adain *self = operation;
    const bool fused = problem->alpha == 1.0 && problem->style_source != NORMA_STYLE_SWAP &&
                       geometry->layout != ONEDNN_PLAIN;
    (void)threads;
    if (problem->regions > 1) {
        return NORMA_STATUS_UNSUPPORTED;
    }
    self->styles = problem->styles;
    const norma_status status =
        onednn_composition_create(&self->composition, problem, geometry, geometry, fused);
    return status != NORMA_STATUS_OK || problem->style_source != NORMA_STYLE_TENSOR
               ? status
               : create_style(self, problem, geometry);
}

struct style {
    double mean, std;
};

/* Returns the style's statistics, from the moments of its plane. */
static struct style style_from(const struct norma_problem *problem,
                               const struct onednn_standardize *of, int64_t plane, int64_t count) {
    const double variance = (double)of->variance[plane];
    const double std = problem->style_unbiased
                           ? sqrt(variance * (double)count / (double)(count - 1))
                           : sqrt(variance + problem->epsilon);
    return (struct style){(double)of->mean[plane], std};
}

/* Returns style k of plane (n, c). */
static struct style style_of(const struct adain *self, const struct norma_args *args, int64_t n,
                             int64_t k, int64_t c) {
    const struct norma_problem *problem = &self->composition.problem;
    const int64_t channels = self->composition.geometry.channels;
    const int64_t sample = n * self->styles + k;
    switch (problem->style_source) {
    case NORMA_STYLE_TENSOR:
        return style_from(problem, &self->style, sample * channels + c,
                          norma_problem_style_spatial(problem));
    case NORMA_STYLE_SWAP:
        return style_from(problem, &self->composition.standardize,
                          args->permutation[n] * channels + c, self->composition.geometry.s);
    case NORMA_STYLE_STATS:
        break;
    }
    const int64_t i = sample * problem->c + c;
    return (struct style){(double)args->style_mean[i], (double)args->style_std[i]};
}

static struct style mixed_style(const struct adain *self, const struct norma_args *args, int64_t n,
                                int64_t c) {
    if (self->styles == 1) {
        return style_of(self, args, n, 0, c);
    }
    struct style mixed = {0.0, 0.0};
    for (int64_t k = 0; k < self->styles; k++) {
        const struct style style = style_of(self, args, n, k, c);
        const double weight = (double)args->style_weights[n * self->styles + k];
        mixed.mean += weight * style.mean;
        mixed.std += weight * style.std;
    }
    return mixed;
}

static bool coefficients(void *operation, const struct norma_args *args) {
    struct adain *self = operation;
    const struct onednn_composition *composition = &self->composition;
    const struct onednn_geometry *geometry = &composition->geometry;
    const struct onednn_standardize *content = &composition->standardize;
    const double alpha = composition->problem.alpha, epsilon = composition->problem.epsilon;
#pragma omp parallel for
    for (int64_t i = 0; i < geometry->n * geometry->c; i++) {
        const int64_t n = i / geometry->c, c = i % geometry->c;
        const int64_t plane = n * geometry->channels + c;
        const struct style style = mixed_style(self, args, n, c);
        double scale = alpha * style.std, shift = alpha * style.mean;
        if (alpha != 1.0) {
            scale += (1.0 - alpha) * sqrt((double)content->variance[plane] + epsilon);
            shift += (1.0 - alpha) * (double)content->mean[plane];
        }
        composition->scale[plane] = (float)scale;
        composition->shift[plane] = (float)shift;
    }
    return true;
}

static void store_styles(const struct adain *self, const struct norma_args *args) {
    const struct norma_problem *problem = &self->composition.problem;
#pragma omp parallel for
    for (int64_t i = 0; i < problem->n * self->styles * problem->c; i++) {
        const int64_t sample = i / problem->c;
        const struct style style =
            style_of(self, args, sample / self->styles, sample % self->styles, i % problem->c);
        onednn_store(args->style_mean, i, style.mean);
        onednn_store(args->style_std, i, style.std);
    }
}

static double style_loss_of(const struct adain *self, const struct norma_args *args, int64_t n) {
    const struct onednn_geometry *geometry = &self->composition.geometry;
    const struct onednn_standardize *content = &self->composition.standardize;
    double means = 0.0, stds = 0.0;
    for (int64_t c = 0; c < geometry->c; c++) {
        const int64_t plane = n * geometry->channels + c;
        const struct style style = style_of(self, args, n, 0, c);
        const double mean = (double)content->mean[plane] - style.mean;
        const double std =
            sqrt((double)content->variance[plane] + self->composition.problem.epsilon) - style.std;
        means += mean * mean;
        stds += std * std;
    }
    return sqrt(means) + sqrt(stds);
}

static void store_statistics(const struct adain *self, const struct norma_args *args) {
    const struct norma_problem *problem = &self->composition.problem;
    if (problem->style_source != NORMA_STYLE_STATS && (args->style_mean || args->style_std)) {
        store_styles(self, args);
    }
    if (problem->pass != NORMA_PASS_FORWARD) {
        return;
    }
    onednn_store_planes(&self->composition, args->mean, args->inverse_std);
    for (int64_t n = 0; args->style_loss != NULL && self->styles == 1 && n < problem->n; n++) {
        args->style_loss[n] = (float)style_loss_of(self, args, n);
    }
}

static norma_status execute(void *operation, const struct norma_args *args) {
    struct adain *self = operation;
    const struct norma_problem *problem = &self->composition.problem;
    norma_status status = NORMA_STATUS_OK;
    if (problem->style_source == NORMA_STYLE_TENSOR) {
        status = onednn_standardize_run(&self->style, args->style, self->discarded);
    }
    if (status == NORMA_STATUS_OK) {
        status = onednn_compose(&self->composition, args, coefficients, operation);
    }
    if (status == NORMA_STATUS_OK) {
        store_statistics(self, args);
    }
    return status;
}

static void name(const void *operation, char *names, size_t size) {
    const struct adain *self = operation;
    onednn_name(names, size, &self->style.rows);
    onednn_name(names, size, &self->style.batch.step);
    onednn_composition_name(operation, names, size);
}

static void destroy(void *operation) {
    struct adain *self = operation;
    onednn_standardize_destroy(&self->style);
    free(self->discarded);
    onednn_composition_destroy(operation);
}

const struct onednn_operator onednn_adain = {
    .size = sizeof(struct adain),
    .create = create,
    .execute = execute,
    .name = name,
    .destroy = destroy,
};
