/* Unitization, practical form, y = [alpha r + (1 - alpha)] x with r = 1 / sqrt(|x_n|^2 + epsilon),
 * and root mean square normalization, y = gamma r x with r = 1 / sqrt(|x_n|^2 / d + epsilon) for
 * the d elements of a sample. The sums of squares are followed by one pass, x times a factor per
 * sample (scalar alpha) or per plane (alpha of channels, gamma). With an alpha of elements, that
 * pass computes the factor.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include "reference/onednn/compositions/compositions.h"
#include "reference/onednn/steps/steps.h"

struct unit {
    struct norma_problem problem;
    struct onednn_geometry geometry;
    struct onednn_squares squares;
    struct onednn_step apply;
    double *sums;   /* [n]: sums of squares, then r */
    float *factors; /* of samples or planes; with an alpha of elements: offset, gain, constant */
};

/* Checks whether there is a factor for each plane instead of one for each sample. */
static bool by_plane(const struct norma_problem *problem) {
    return problem->op == NORMA_OPERATOR_RMS || problem->alpha_kind == NORMA_ALPHA_CHANNEL;
}

/* ---- a factor per sample or run ----------------------------------------------------------- */

/* Creates a chain of `count` links and the epilogue. `links` ends with the sum with the
 * residual. */
static norma_status create_apply(struct unit *self, const struct onednn_shape *data, int count,
                                 const struct onednn_link *links) {
    const norma_epilogue epilogue = self->problem.epilogue;
    return onednn_create_chain(&self->apply, data,
                               epilogue == NORMA_EPILOGUE_ADD_RELU ? count + 1 : count, links,
                               epilogue != NORMA_EPILOGUE_NONE);
}

static norma_status create_factors(struct unit *self, const struct onednn_shape *data,
                                   const struct onednn_shape *factors) {
    const struct onednn_link links[] = {{dnnl_binary_mul, *factors}, {dnnl_binary_add, *data}};
    self->factors = onednn_allocate(onednn_planes(&self->geometry));
    return self->factors == NULL ? NORMA_STATUS_NO_MEMORY : create_apply(self, data, 1, links);
}

static norma_status create_by_sample(struct unit *self) {
    const struct onednn_geometry *geometry = &self->geometry;
    const int64_t sample = onednn_sample_elements(geometry);
    const struct onednn_shape data = onednn_shape4(1, geometry->n, 1, sample, dnnl_nchw);
    const struct onednn_shape factors = onednn_shape4(1, geometry->n, 1, 1, dnnl_nchw);
    return create_factors(self, &data, &factors);
}

static norma_status create_by_plane(struct unit *self) {
    const struct onednn_geometry *geometry = &self->geometry;
    const bool last = geometry->layout == ONEDNN_CHANNELS_LAST;
    const int64_t n = last ? geometry->n : 1;
    const int64_t c = last ? geometry->c : onednn_planes(geometry);
    const struct onednn_shape data = onednn_shape4(n, c, 1, geometry->s, geometry->tag);
    const struct onednn_shape factors = onednn_shape4(n, c, 1, 1, geometry->tag);
    return create_factors(self, &data, &factors);
}

static double blend(double alpha, double r) {
    return alpha * r + (1.0 - alpha);
}

/* Fills the factors of the planes. Where s = 1 they are as many as x has elements, so that the loop
 * must vectorize. */
static void fill_planes(const struct unit *self, const float *weights) {
    const struct onednn_geometry *geometry = &self->geometry;
    const bool rms = self->problem.op == NORMA_OPERATOR_RMS;
#pragma omp parallel for
    for (int64_t n = 0; n < geometry->n; n++) {
        const double r = self->sums[n];
        float *const factors = self->factors + n * geometry->channels;
        for (int64_t c = 0; c < geometry->c; c++) {
            const double weight = weights != NULL ? (double)weights[c] : 1.0;
            factors[c] = (float)(rms ? weight * r : blend(weight, r));
        }
    }
}

static void fill_factors(const struct unit *self, const struct norma_args *args) {
    if (by_plane(&self->problem)) {
        fill_planes(self, self->problem.op == NORMA_OPERATOR_RMS ? args->gamma : args->alpha);
        return;
    }
    for (int64_t n = 0; n < self->geometry.n; n++) {
        self->factors[n] = (float)blend(self->problem.alpha, self->sums[n]);
    }
}

static norma_status apply_factors(const struct unit *self, const struct norma_args *args) {
    fill_factors(self, args);
    onednn_bind(&self->apply, DNNL_ARG_SRC_0, args->x);
    onednn_bind(&self->apply, DNNL_ARG_DST, args->y);
    onednn_bind(&self->apply, ONEDNN_OPERAND(0), self->factors);
    onednn_bind(&self->apply, ONEDNN_OPERAND(1), args->residual);
    return onednn_run(&self->apply);
}

/* ---- a factor per element ----------------------------------------------------------------- */

/* Creates y = ((alpha - p) (r - 1) + q) x for one sample, which is the same with p = 1, q = r and
 * with p = 0, q = 1. The first is exact for alpha near 1, where a small r is all that remains; the
 * second for alpha near 0 with a large r. */
static norma_status create_element(struct unit *self) {
    const int64_t sample = onednn_sample_elements(&self->geometry);
    const struct onednn_shape data = onednn_shape4(1, 1, 1, sample, dnnl_nchw);
    const struct onednn_shape scalar = onednn_shape4(1, 1, 1, 1, dnnl_nchw);
    const struct onednn_link links[] = {{dnnl_binary_sub, scalar},
                                        {dnnl_binary_mul, scalar},
                                        {dnnl_binary_add, scalar},
                                        {dnnl_binary_mul, data},
                                        {dnnl_binary_add, data}};
    self->factors = onednn_allocate(3);
    return self->factors == NULL ? NORMA_STATUS_NO_MEMORY : create_apply(self, &data, 4, links);
}

static norma_status apply_sample(const struct unit *self, const float *alpha, const float *x,
                                 const float *residual, float *y, double r) {
    const bool small = r < 1.0;
    self->factors[0] = small ? 1.0F : 0.0F;
    self->factors[1] = (float)(r - 1.0);
    self->factors[2] = small ? (float)r : 1.0F;
    onednn_bind(&self->apply, DNNL_ARG_SRC_0, alpha);
    for (int i = 0; i < 3; i++) {
        onednn_bind(&self->apply, ONEDNN_OPERAND(i), &self->factors[i]);
    }
    onednn_bind(&self->apply, ONEDNN_OPERAND(3), x);
    onednn_bind(&self->apply, ONEDNN_OPERAND(4), residual);
    onednn_bind(&self->apply, DNNL_ARG_DST, y);
    return onednn_run(&self->apply);
}

static norma_status apply_elements(const struct unit *self, const struct norma_args *args) {
    const int64_t sample = onednn_sample_elements(&self->geometry);
    const float *x = args->x, *residual = args->residual;
    float *y = args->y;
    norma_status status = NORMA_STATUS_OK;
    for (int64_t n = 0; status == NORMA_STATUS_OK && n < self->geometry.n; n++) {
        status = apply_sample(self, args->alpha, x + n * sample,
                              residual != NULL ? residual + n * sample : NULL, y + n * sample,
                              self->sums[n]);
    }
    return status;
}

/* ---- operator ----------------------------------------------------------------------------- */

static norma_status create(void *operation, const struct norma_problem *problem,
                           const struct onednn_geometry *geometry, int threads) {
    struct unit *self = operation;
    if (problem->op == NORMA_OPERATOR_UNIT && problem->form != NORMA_FORM_PRACTICAL) {
        return NORMA_STATUS_UNSUPPORTED;
    }
    self->problem = *problem;
    self->geometry = *geometry;
    self->sums = malloc((size_t)geometry->n * sizeof *self->sums);
    if (self->sums == NULL) {
        return NORMA_STATUS_NO_MEMORY;
    }
    const norma_status status = onednn_squares_create(&self->squares, geometry->n,
                                                      onednn_sample_elements(geometry), threads);
    if (status != NORMA_STATUS_OK) {
        return status;
    }
    if (by_plane(problem)) {
        return create_by_plane(self);
    }
    return problem->alpha_kind == NORMA_ALPHA_SCALAR ? create_by_sample(self)
                                                     : create_element(self);
}

static void finish_norms(const struct unit *self, float *inverse_std) {
    const double count = (double)(self->geometry.c * self->geometry.s);
    const double divisor = self->problem.op == NORMA_OPERATOR_RMS ? count : 1.0;
    for (int64_t n = 0; n < self->geometry.n; n++) {
        self->sums[n] = onednn_inverse_std(self->sums[n] / divisor, self->problem.epsilon);
        if (self->problem.pass == NORMA_PASS_FORWARD) {
            onednn_store(inverse_std, n, self->sums[n]);
        }
    }
}

static norma_status execute(void *operation, const struct norma_args *args) {
    const struct unit *self = operation;
    const norma_status status = onednn_squares_run(&self->squares, args->x, self->sums);
    if (status != NORMA_STATUS_OK) {
        return status;
    }
    finish_norms(self, args->inverse_std);
    return self->problem.alpha_kind == NORMA_ALPHA_ELEMENT ? apply_elements(self, args)
                                                           : apply_factors(self, args);
}

static void name(const void *operation, char *names, size_t size) {
    const struct unit *self = operation;
    onednn_squares_name(&self->squares, names, size);
    onednn_name(names, size, &self->apply);
}

static void destroy(void *operation) {
    struct unit *self = operation;
    onednn_squares_destroy(&self->squares);
    onednn_step_destroy(&self->apply);
    free(self->sums);
    free(self->factors);
}

const struct onednn_operator onednn_unit = {
    .size = sizeof(struct unit),
    .create = create,
    .execute = execute,
    .name = name,
    .destroy = destroy,
};
