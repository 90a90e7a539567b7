/* Adaptive instance normalization backward: instance normalization backward with gamma = alpha
 * sigma(style), plus (1 - alpha) dy. The gradient of a style tensor is linear in the tensor, with
 * coefficients that follow from the gradients of its mean and standard deviation. Where samples are
 * each other's style, that gradient is one more term of dx, linear in x like the others.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "reference/onednn/steps/steps.h"

struct adain_backward {
    struct onednn_backward backward;
    struct onednn_affine style; /* for a style tensor */
    int64_t styles, style_s;
};

static norma_status create(void *operation, const struct norma_problem *problem,
                           const struct onednn_geometry *geometry, int threads) {
    struct adain_backward *self = operation;
    const struct onednn_geometry style = onednn_style_geometry(geometry, problem);
    const bool swap = problem->style_source == NORMA_STYLE_SWAP;
    (void)threads;
    if (problem->regions > 1) {
        return NORMA_STATUS_UNSUPPORTED;
    }
    self->styles = problem->styles;
    self->style_s = swap ? geometry->s : style.s;
    const norma_status status =
        onednn_backward_create(&self->backward, problem, geometry, problem->alpha == 1.0 && !swap);
    return status != NORMA_STATUS_OK || problem->style_source != NORMA_STYLE_TENSOR
               ? status
               : onednn_affine_create(&self->style, &style,
                                      &(struct onednn_affine_options){.centred = true});
}

static double weight_of(const struct adain_backward *self, const struct norma_args *args,
                        int64_t sample) {
    return self->styles == 1 ? 1.0 : (double)args->style_weights[sample];
}

/* Returns the standard deviation that the style gave to plane (n, c). */
static double style_std_of(const struct adain_backward *self, const struct norma_args *args,
                           int64_t n, int64_t c) {
    double std = 0.0;
    for (int64_t k = 0; k < self->styles; k++) {
        const int64_t sample = n * self->styles + k;
        std += weight_of(self, args, sample) *
               (double)args->style_std[sample * self->backward.problem.c + c];
    }
    return std;
}

static void before(void *operation, const struct norma_args *args) {
    const struct adain_backward *self = operation;
    const struct onednn_backward *backward = &self->backward;
    const int64_t channels = backward->problem.c;
    const double alpha = backward->problem.alpha;
#pragma omp parallel for
    for (int64_t i = 0; i < backward->problem.n * channels; i++) {
        const int64_t n = i / channels, c = i % channels;
        const int64_t plane = onednn_plane_of(backward, n, c);
        const double r = (double)args->inverse_std[i];
        const double gain = alpha * style_std_of(self, args, n, c);
        backward->mean[plane] = args->mean[i];
        if (backward->one_pass) {
            backward->variance[plane] = onednn_variance_of(args->inverse_std[i]);
            backward->scale[plane] = (float)gain;
        } else {
            backward->scale[plane] = (float)((1.0 - alpha) + gain * r);
        }
    }
}

/* The gradients of the style's statistics: alpha times the sums of dy and dy x^ over the plane. */
struct style_gradient {
    double mean, std;
};

static struct style_gradient style_gradient_of(const struct adain_backward *self,
                                               const struct norma_args *args, int64_t n,
                                               int64_t c) {
    const struct onednn_backward *backward = &self->backward;
    const int64_t plane = onednn_plane_of(backward, n, c);
    const double alpha = backward->problem.alpha;
    const double r = (double)args->inverse_std[n * backward->problem.c + c];
    return (struct style_gradient){alpha * (double)backward->sum[plane],
                                   alpha * (double)backward->sum_x[plane] *
                                       (backward->one_pass ? 1.0 : r)};
}

/* The gradient of a style t is slope (t - style_mean) + constant. */
struct line {
    double slope, constant;
};

static struct line style_line(const struct adain_backward *self, struct style_gradient gradient,
                              double std) {
    const double count = (double)self->style_s;
    const double divisor = self->backward.problem.style_unbiased ? count - 1.0 : count;
    return (struct line){std == 0.0 ? 0.0 : gradient.std / (divisor * std), gradient.mean / count};
}

/* ---- two passes --------------------------------------------------------------------------- */

static void correct_plane(const struct adain_backward *self, const struct norma_args *args,
                          int64_t n, int64_t c) {
    const struct onednn_backward *backward = &self->backward;
    const int64_t plane = onednn_plane_of(backward, n, c);
    const double r = (double)args->inverse_std[n * backward->problem.c + c];
    const double gain = r * style_std_of(self, args, n, c) / (double)backward->geometry.s;
    const struct style_gradient gradient = style_gradient_of(self, args, n, c);
    backward->slope[plane] = (float)(-gain * r * gradient.std);
    backward->constant[plane] = (float)(-gain * gradient.mean);
}

/* Adds the gradient of sample `style` as the style of sample `user` to its coefficients. */
static void add_swapped(const struct adain_backward *self, const struct norma_args *args,
                        int64_t user, int64_t style, int64_t c) {
    const struct onednn_backward *backward = &self->backward;
    const int64_t plane = onednn_plane_of(backward, style, c);
    const int64_t i = user * backward->problem.c + c;
    const struct line line =
        style_line(self, style_gradient_of(self, args, user, c), (double)args->style_std[i]);
    const double away = (double)backward->mean[plane] - (double)args->style_mean[i];
    backward->slope[plane] = (float)((double)backward->slope[plane] + line.slope);
    backward->constant[plane] =
        (float)((double)backward->constant[plane] + line.constant + line.slope * away);
}

static void correct_channel(const struct adain_backward *self, const struct norma_args *args,
                            int64_t c) {
    const struct norma_problem *problem = &self->backward.problem;
    for (int64_t n = 0; n < problem->n; n++) {
        correct_plane(self, args, n, c);
    }
    for (int64_t n = 0; problem->style_source == NORMA_STYLE_SWAP && n < problem->n; n++) {
        add_swapped(self, args, n, args->permutation[n], c);
    }
}

/* ---- the style's own ---------------------------------------------------------------------- */

static void store_style_gradients(const struct adain_backward *self,
                                  const struct norma_args *args) {
    const struct norma_problem *problem = &self->backward.problem;
#pragma omp parallel for
    for (int64_t i = 0; i < problem->n * self->styles * problem->c; i++) {
        const int64_t sample = i / problem->c;
        const double weight = weight_of(self, args, sample);
        const struct style_gradient gradient =
            style_gradient_of(self, args, sample / self->styles, i % problem->c);
        onednn_store(args->dstyle_mean, i, weight * gradient.mean);
        onednn_store(args->dstyle_std, i, weight * gradient.std);
    }
}

static norma_status differentiate_style(const struct adain_backward *self,
                                        const struct norma_args *args) {
    const struct onednn_backward *backward = &self->backward;
    const int64_t channels = backward->problem.c;
#pragma omp parallel for
    for (int64_t i = 0; i < backward->problem.n * self->styles * channels; i++) {
        const int64_t sample = i / channels, c = i % channels;
        const int64_t plane = onednn_plane_of(backward, sample, c);
        const double weight = weight_of(self, args, sample);
        const struct style_gradient whole = style_gradient_of(self, args, sample / self->styles, c);
        const struct line line =
            style_line(self, (struct style_gradient){weight * whole.mean, weight * whole.std},
                       (double)args->style_std[i]);
        self->style.mean[plane] = args->style_mean[i];
        self->style.scale[plane] = (float)line.slope;
        self->style.shift[plane] = (float)line.constant;
    }
    return onednn_affine_run(&self->style, args->style, args->dstyle, NULL);
}

/* ---- operation ---------------------------------------------------------------------------- */

static void after(void *operation, const struct norma_args *args) {
    const struct adain_backward *self = operation;
    const struct norma_problem *problem = &self->backward.problem;
#pragma omp parallel for
    for (int64_t c = 0; c < problem->c; c++) {
        if (!self->backward.one_pass) {
            correct_channel(self, args, c);
        }
    }
    if (problem->style_source == NORMA_STYLE_STATS) {
        store_style_gradients(self, args);
    }
}

static norma_status execute(void *operation, const struct norma_args *args) {
    const struct adain_backward *self = operation;
    const norma_status status =
        onednn_backward_run(&self->backward, args, before, after, operation);
    const bool tensor = self->backward.problem.style_source == NORMA_STYLE_TENSOR;
    return status != NORMA_STATUS_OK || !tensor || args->dstyle == NULL
               ? status
               : differentiate_style(self, args);
}

static void name(const void *operation, char *names, size_t size) {
    const struct adain_backward *self = operation;
    onednn_backward_name(operation, names, size);
    onednn_affine_name(&self->style, names, size);
}

static void destroy(void *operation) {
    struct adain_backward *self = operation;
    onednn_backward_destroy(operation);
    onednn_affine_destroy(&self->style);
}

const struct onednn_operator onednn_adain_backward = {
    .size = sizeof(struct adain_backward),
    .create = create,
    .execute = execute,
    .name = name,
    .destroy = destroy,
};
