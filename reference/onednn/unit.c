/* Unitization, practical form: y = [alpha r + (1 - alpha)] x, r = 1 / sqrt(|x_n|^2 + epsilon). The
 * sums of squares, then one pass: x times a factor per sample (scalar alpha) or per run (alpha of
 * channels); with an alpha of elements, the factor is worked out in that pass.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include "operators.h"
#include "squares.h"
#include "statistics.h"

struct unit {
    struct norma_problem problem;
    struct norma_onednn_geometry geometry;
    struct norma_onednn_squares squares;
    struct norma_onednn_step apply;
    double *sums;   /* of squares, [n]; then r */
    float *factors; /* [n], or of the runs; of elements: offset, gain, constant */
};

/* ---- a factor per sample or run ----------------------------------------------------------- */

static norma_status create_factors(struct unit *self, const struct norma_onednn_shape *data,
                                   const struct norma_onednn_shape *factors) {
    const struct norma_onednn_link link = {dnnl_binary_mul, *factors};
    self->factors = norma_onednn_allocate(norma_onednn_runs(&self->geometry));
    return self->factors == NULL ? NORMA_NO_MEMORY
                                 : norma_onednn_create_chain(&self->apply, data, 1, &link);
}

static norma_status create_scalar(struct unit *self) {
    const struct norma_onednn_geometry *geometry = &self->geometry;
    const int64_t sample = norma_onednn_sample_elements(geometry);
    const struct norma_onednn_shape data =
        norma_onednn_shape4(1, geometry->n, 1, sample, dnnl_nchw);
    const struct norma_onednn_shape factors = norma_onednn_shape4(1, geometry->n, 1, 1, dnnl_nchw);
    return create_factors(self, &data, &factors);
}

static norma_status create_channel(struct unit *self) {
    const struct norma_onednn_geometry *geometry = &self->geometry;
    const bool last = geometry->layout == NORMA_ONEDNN_CHANNELS_LAST;
    const int64_t n = last ? geometry->n : 1;
    const int64_t c = last ? geometry->c : norma_onednn_runs(geometry);
    const struct norma_onednn_shape data = norma_onednn_shape4(n, c, 1, geometry->s, geometry->tag);
    const struct norma_onednn_shape factors = norma_onednn_shape4(n, c, 1, 1, geometry->tag);
    return create_factors(self, &data, &factors);
}

static double factor(double alpha, double r) {
    return alpha * r + (1.0 - alpha);
}

static void fill_factors(const struct unit *self, const float *alpha) {
    const struct norma_onednn_geometry *geometry = &self->geometry;
    for (int64_t n = 0; n < geometry->n; n++) {
        if (self->problem.alpha_kind == NORMA_ALPHA_SCALAR) {
            self->factors[n] = (float)factor(self->problem.alpha, self->sums[n]);
            continue;
        }
        for (int64_t c = 0; c < geometry->c; c++) {
            self->factors[n * geometry->channels + c] =
                (float)factor((double)alpha[c], self->sums[n]);
        }
    }
}

static norma_status apply_factors(const struct unit *self, const struct norma_args *args) {
    fill_factors(self, args->alpha);
    norma_onednn_bind(&self->apply, DNNL_ARG_SRC_0, args->x);
    norma_onednn_bind(&self->apply, DNNL_ARG_DST, args->y);
    norma_onednn_bind(&self->apply, NORMA_ONEDNN_OPERAND(0), self->factors);
    return norma_onednn_run(&self->apply);
}

/* ---- a factor per element ----------------------------------------------------------------- */

/* y = ((alpha - p) (r - 1) + q) x for one sample, where p = 1, q = r and p = 0, q = 1 mean the same
 * number. The first is exact for alpha near 1, where a small r is all that remains; the second for
 * alpha near 0 with a large r. */
static norma_status create_element(struct unit *self) {
    const int64_t sample = norma_onednn_sample_elements(&self->geometry);
    const struct norma_onednn_shape data = norma_onednn_shape4(1, 1, 1, sample, dnnl_nchw);
    const struct norma_onednn_shape scalar = norma_onednn_shape4(1, 1, 1, 1, dnnl_nchw);
    const struct norma_onednn_link links[] = {{dnnl_binary_sub, scalar},
                                              {dnnl_binary_mul, scalar},
                                              {dnnl_binary_add, scalar},
                                              {dnnl_binary_mul, data}};
    self->factors = norma_onednn_allocate(3);
    return self->factors == NULL ? NORMA_NO_MEMORY
                                 : norma_onednn_create_chain(&self->apply, &data, 4, links);
}

static norma_status apply_sample(const struct unit *self, const float *alpha, const float *x,
                                 float *y, double r) {
    const bool small = r < 1.0;
    self->factors[0] = small ? 1.0F : 0.0F;
    self->factors[1] = (float)(r - 1.0);
    self->factors[2] = small ? (float)r : 1.0F;
    norma_onednn_bind(&self->apply, DNNL_ARG_SRC_0, alpha);
    for (int i = 0; i < 3; i++) {
        norma_onednn_bind(&self->apply, NORMA_ONEDNN_OPERAND(i), &self->factors[i]);
    }
    norma_onednn_bind(&self->apply, NORMA_ONEDNN_OPERAND(3), x);
    norma_onednn_bind(&self->apply, DNNL_ARG_DST, y);
    return norma_onednn_run(&self->apply);
}

static norma_status apply_elements(const struct unit *self, const struct norma_args *args) {
    const int64_t sample = norma_onednn_sample_elements(&self->geometry);
    const float *x = args->x;
    float *y = args->y;
    norma_status status = NORMA_OK;
    for (int64_t n = 0; status == NORMA_OK && n < self->geometry.n; n++) {
        status = apply_sample(self, args->alpha, x + n * sample, y + n * sample, self->sums[n]);
    }
    return status;
}

/* ---- operator ----------------------------------------------------------------------------- */

static norma_status create(void *operation, const struct norma_problem *problem,
                           const struct norma_onednn_geometry *geometry, int threads) {
    struct unit *self = operation;
    self->problem = *problem;
    self->geometry = *geometry;
    self->sums = malloc((size_t)geometry->n * sizeof *self->sums);
    if (self->sums == NULL) {
        return NORMA_NO_MEMORY;
    }
    const norma_status status = norma_onednn_squares_create(
        &self->squares, geometry->n, norma_onednn_sample_elements(geometry), threads);
    if (status != NORMA_OK) {
        return status;
    }
    switch (problem->alpha_kind) {
    case NORMA_ALPHA_SCALAR:
        return create_scalar(self);
    case NORMA_ALPHA_CHANNEL:
        return create_channel(self);
    case NORMA_ALPHA_ELEMENT:
        return create_element(self);
    }
    return NORMA_UNSUPPORTED;
}

static void finish_norms(const struct unit *self, float *inverse_std) {
    for (int64_t n = 0; n < self->geometry.n; n++) {
        self->sums[n] = norma_onednn_inverse_std(self->sums[n], self->problem.epsilon);
        if (self->problem.pass == NORMA_FORWARD) {
            norma_onednn_store(inverse_std, n, self->sums[n]);
        }
    }
}

static norma_status execute(void *operation, const struct norma_args *args) {
    const struct unit *self = operation;
    const norma_status status = norma_onednn_squares(&self->squares, args->x, self->sums);
    if (status != NORMA_OK) {
        return status;
    }
    finish_norms(self, args->inverse_std);
    return self->problem.alpha_kind == NORMA_ALPHA_ELEMENT ? apply_elements(self, args)
                                                           : apply_factors(self, args);
}

static void name(const void *operation, char *names, size_t size) {
    const struct unit *self = operation;
    norma_onednn_squares_name(&self->squares, names, size);
    norma_onednn_name(names, size, &self->apply);
}

static void destroy(void *operation) {
    struct unit *self = operation;
    norma_onednn_squares_destroy(&self->squares);
    norma_onednn_step_destroy(&self->apply);
    free(self->sums);
    free(self->factors);
}

const struct norma_onednn_operator norma_onednn_unit = {
    .size = sizeof(struct unit),
    .create = create,
    .execute = execute,
    .name = name,
    .destroy = destroy,
};
