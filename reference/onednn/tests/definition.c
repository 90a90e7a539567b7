/* The definitions.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "reference/onednn/tests/definition.h"

#include <math.h>

#define TENSOR(of, name) ((of)->tensors[REFERENCE_TENSOR_##name])

struct moments {
    double mean, variance;
};

/* Of data[first + r stride + i] for r < runs, i < length. */
static struct moments moments(const double *data, int64_t first, int64_t runs, int64_t stride,
                              int64_t length) {
    struct moments result = {0, 0};
    for (int64_t r = 0; r < runs; r++) {
        for (int64_t i = 0; i < length; i++) {
            result.mean += data[first + r * stride + i];
        }
    }
    result.mean /= (double)(runs * length);
    for (int64_t r = 0; r < runs; r++) {
        for (int64_t i = 0; i < length; i++) {
            const double away = data[first + r * stride + i] - result.mean;
            result.variance += away * away;
        }
    }
    result.variance /= (double)(runs * length);
    return result;
}

static double or_default(const double *values, int64_t i, double otherwise) {
    return values ? values[i] : otherwise;
}

static void put(double *values, int64_t i, double value) {
    if (values) {
        values[i] = value;
    }
}

/* One plane (n, c): its number, its first element, its length. */
struct plane {
    int64_t n, c, index, first, s;
};

static double inverse_std(const struct definition *d, struct moments m) {
    return 1 / sqrt(m.variance + d->problem.epsilon);
}

static void put_statistics(const struct definition *d, int64_t i, struct moments m) {
    put(TENSOR(d, mean), i, m.mean);
    put(TENSOR(d, inverse_std), i, inverse_std(d, m));
}

/* ---- batch, instance, group, layer -------------------------------------------------------- */

static struct moments batch(const struct definition *d, int64_t c) {
    const int64_t s = norma_problem_spatial(&d->problem);
    return d->problem.pass == NORMA_PASS_INFERENCE
               ? (struct moments){TENSOR(d, running_mean)[c], TENSOR(d, running_variance)[c]}
               : moments(TENSOR(d, x), c * s, d->problem.n, d->problem.c * s, s);
}

static struct moments instance(const struct definition *d, struct plane at) {
    return moments(TENSOR(d, x), at.first, 1, 0, at.s);
}

/* y = (share (x - m.mean) / m.std) gamma added to what is there. */
static void add_standardized(const struct definition *d, struct plane at, struct moments m,
                             double share, int64_t parameter) {
    const double gamma = or_default(TENSOR(d, gamma), parameter, 1);
    for (int64_t i = at.first; i < at.first + at.s; i++) {
        TENSOR(d, y)[i] += share * gamma * (TENSOR(d, x)[i] - m.mean) * inverse_std(d, m);
    }
}

static void set_to_shift(const struct definition *d, struct plane at, int64_t parameter) {
    for (int64_t i = at.first; i < at.first + at.s; i++) {
        TENSOR(d, y)[i] = or_default(TENSOR(d, beta), parameter, 0);
    }
}

/* What running statistics become; once for each channel, or they would be updated twice. */
static void put_running(const struct definition *d, struct plane at, struct moments m) {
    const double count = (double)(d->problem.n * at.s), keep = 1 - d->problem.momentum;
    const double unbiased = count > 1 ? m.variance * count / (count - 1) : m.variance;
    if (at.n > 0 || d->problem.pass != NORMA_PASS_FORWARD || !TENSOR(d, running_mean)) {
        return;
    }
    TENSOR(d, running_mean)
    [at.c] = keep * TENSOR(d, running_mean)[at.c] + d->problem.momentum * m.mean;
    TENSOR(d, running_variance)
    [at.c] = keep * TENSOR(d, running_variance)[at.c] + d->problem.momentum * unbiased;
}

static void define_bn(const struct definition *d, struct plane at) {
    const struct moments m = batch(d, at.c);
    set_to_shift(d, at, at.c);
    add_standardized(d, at, m, 1, at.c);
    put_statistics(d, at.c, m);
    put_running(d, at, m);
}

static void define_in(const struct definition *d, struct plane at) {
    const int64_t row = d->problem.op == NORMA_OPERATOR_CIN ? d->style_index[at.n] : 0;
    set_to_shift(d, at, row * d->problem.c + at.c);
    add_standardized(d, at, instance(d, at), 1, row * d->problem.c + at.c);
    put_statistics(d, at.index, instance(d, at));
}

static void define_bin(const struct definition *d, struct plane at) {
    const struct moments b = batch(d, at.c), m = instance(d, at);
    const double rho = d->problem.rho_fixed ? d->problem.rho : TENSOR(d, rho)[at.c];
    set_to_shift(d, at, at.c);
    add_standardized(d, at, b, rho, at.c);
    add_standardized(d, at, m, 1 - rho, at.c);
    put_statistics(d, at.c, b);
    put_running(d, at, b);
    put(TENSOR(d, instance_mean), at.index, m.mean);
    put(TENSOR(d, instance_inverse_std), at.index, inverse_std(d, m));
}

static void define_gn(const struct definition *d, struct plane at) {
    const int64_t width =
        d->problem.op == NORMA_OPERATOR_LN ? d->problem.c : d->problem.c / d->problem.groups;
    const int64_t group = at.index / width;
    const struct moments m = moments(TENSOR(d, x), group * width * at.s, 1, 0, width * at.s);
    set_to_shift(d, at, at.c);
    add_standardized(d, at, m, 1, at.c);
    put_statistics(d, group, m);
}

/* ---- adaptive ----------------------------------------------------------------------------- */

/* Mean and standard deviation in place of mean and variance. */
static struct moments style_of(const struct definition *d, struct plane at, int64_t k) {
    const struct norma_problem *problem = &d->problem;
    const bool swap = problem->style_source == NORMA_STYLE_SWAP;
    const int64_t i = (at.n * problem->styles + k) * problem->c + at.c;
    const int64_t s = swap ? at.s : norma_problem_style_spatial(problem);
    struct moments m;
    if (problem->style_source == NORMA_STYLE_STATS) {
        return (struct moments){TENSOR(d, style_mean)[i], TENSOR(d, style_std)[i]};
    }
    if (swap) {
        m = moments(TENSOR(d, x), (d->permutation[at.n] * problem->c + at.c) * s, 1, 0, s);
    } else {
        m = moments(TENSOR(d, style), i * s, 1, 0, s);
    }
    m.variance = problem->style_unbiased ? sqrt(m.variance * (double)s / (double)(s - 1))
                                         : sqrt(m.variance + problem->epsilon);
    put(TENSOR(d, style_mean), i, m.mean);
    put(TENSOR(d, style_std), i, m.variance);
    return m;
}

static void define_adain(const struct definition *d, struct plane at) {
    const struct moments m = instance(d, at);
    const double alpha = d->problem.alpha;
    struct moments mixed = {0, 0};
    for (int64_t k = 0; k < d->problem.styles; k++) {
        const struct moments style = style_of(d, at, k);
        const double weight = or_default(TENSOR(d, style_weights), at.n * d->problem.styles + k, 1);
        mixed.mean += weight * style.mean;
        mixed.variance += weight * style.variance;
    }
    for (int64_t i = at.first; i < at.first + at.s; i++) {
        const double x = TENSOR(d, x)[i], x_hat = (x - m.mean) * inverse_std(d, m);
        TENSOR(d, y)[i] = (1 - alpha) * x + alpha * (x_hat * mixed.variance + mixed.mean);
    }
    put_statistics(d, at.index, m);
}

static void put_style_loss(const struct definition *d, int64_t n) {
    double means = 0, stds = 0;
    for (int64_t c = 0; c < d->problem.c; c++) {
        const int64_t s = norma_problem_spatial(&d->problem), index = n * d->problem.c + c;
        const struct plane at = {n, c, index, index * s, s};
        const struct moments m = instance(d, at), style = style_of(d, at, 0);
        means += pow(m.mean - style.mean, 2);
        stds += pow(sqrt(m.variance + d->problem.epsilon) - style.variance, 2);
    }
    put(TENSOR(d, style_loss), n, sqrt(means) + sqrt(stds));
}

/* ---- norms -------------------------------------------------------------------------------- */

static double sum_of_squares(const struct definition *d, struct plane at) {
    const int64_t length = d->problem.c * at.s;
    double squares = 0;
    for (int64_t i = at.n * length; i < (at.n + 1) * length; i++) {
        squares += TENSOR(d, x)[i] * TENSOR(d, x)[i];
    }
    return squares;
}

static void define_rms(const struct definition *d, struct plane at) {
    const double mean = sum_of_squares(d, at) / (double)(d->problem.c * at.s);
    const double r = 1 / sqrt(mean + d->problem.epsilon);
    for (int64_t i = at.first; i < at.first + at.s; i++) {
        TENSOR(d, y)[i] = or_default(TENSOR(d, gamma), at.c, 1) * TENSOR(d, x)[i] * r;
    }
    put(TENSOR(d, inverse_std), at.n, r);
}

static double alpha_of(const struct definition *d, int64_t c, int64_t i, int64_t s) {
    switch (d->problem.alpha_kind) {
    case NORMA_ALPHA_CHANNEL:
        return TENSOR(d, alpha)[c];
    case NORMA_ALPHA_ELEMENT:
        return TENSOR(d, alpha)[c * s + i];
    default:
        return d->problem.alpha;
    }
}

static void define_unit(const struct definition *d, struct plane at) {
    const double r = 1 / sqrt(sum_of_squares(d, at) + d->problem.epsilon);
    for (int64_t i = 0; i < at.s; i++) {
        const double alpha = alpha_of(d, at.c, i, at.s);
        TENSOR(d, y)[at.first + i] = (alpha * r + (1 - alpha)) * TENSOR(d, x)[at.first + i];
    }
    put(TENSOR(d, inverse_std), at.n, r);
}

/* ---- all ---------------------------------------------------------------------------------- */

static void apply_epilogue(const struct definition *d, struct plane at) {
    for (int64_t i = at.first; i < at.first + at.s; i++) {
        double *y = &TENSOR(d, y)[i];
        if (d->problem.epilogue == NORMA_EPILOGUE_ADD_RELU) {
            *y += TENSOR(d, residual)[i];
        }
        if (d->problem.epilogue != NORMA_EPILOGUE_NONE) {
            *y = fmax(*y, 0);
        }
    }
}

void define(const struct definition *definition) {
    static void (*const definitions[NORMA_OPERATOR_COUNT])(const struct definition *,
                                                           struct plane) = {
        [NORMA_OPERATOR_BN] = define_bn,       [NORMA_OPERATOR_IN] = define_in,
        [NORMA_OPERATOR_CIN] = define_in,      [NORMA_OPERATOR_BIN] = define_bin,
        [NORMA_OPERATOR_GN] = define_gn,       [NORMA_OPERATOR_LN] = define_gn,
        [NORMA_OPERATOR_ADAIN] = define_adain, [NORMA_OPERATOR_RMS] = define_rms,
        [NORMA_OPERATOR_UNIT] = define_unit};
    const struct norma_problem *problem = &definition->problem;
    const int64_t s = norma_problem_spatial(problem);
    for (int64_t i = 0; i < problem->n * problem->c; i++) {
        const struct plane at = {i / problem->c, i % problem->c, i, i * s, s};
        definitions[problem->op](definition, at);
        apply_epilogue(definition, at);
    }
    for (int64_t n = 0; TENSOR(definition, style_loss) && n < problem->n; n++) {
        put_style_loss(definition, n);
    }
}

static double weighted_sum(const struct definition *definition, const double *dy) {
    const struct norma_problem *problem = &definition->problem;
    double sum = 0;
    define(definition);
    for (int64_t i = 0; i < problem->n * problem->c * norma_problem_spatial(problem); i++) {
        sum += dy[i] * TENSOR(definition, y)[i];
    }
    return sum;
}

void differentiate(const struct definition *definition, const double *dy, double *values,
                   int64_t count, double *gradient) {
    const double step = 1e-5;
    for (int64_t i = 0; i < count; i++) {
        const double value = values[i];
        values[i] = value + step;
        const double above = weighted_sum(definition, dy);
        values[i] = value - step;
        const double below = weighted_sum(definition, dy);
        values[i] = value;
        gradient[i] = (above - below) / (2 * step);
    }
}
