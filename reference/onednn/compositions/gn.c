/* Group normalization, and layer normalization, which is that of one group. Where oneDNN has a
 * primitive for it and is faster with it, that is all. Otherwise there are two ways to the group's
 * statistics. Where a group is a row of C/G S elements, the row is standardized as it is. Otherwise
 * the statistics of its channels are pooled, and the difference to the group's goes into scale and
 * shift. Where a row is a short sample, oneDNN's layer normalization also applies gamma and beta,
 * which it takes for each element of the row.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>
#include <string.h>

#include "reference/onednn/steps/steps.h"

struct gn {
    struct norma_problem problem;
    int64_t groups;
    struct onednn_groups primitive; /* used if it was created; otherwise the members below are */
    struct onednn_composition composition;
    bool by_group;
};

/* Checks whether groups are standardized as rows. Layer normalization is fast while its unrolled
 * code and the row stay in cache, and has an overhead for each row. So plain rows that are groups
 * pay off where channels are short, and channels-last ones, which are whole samples, until they are
 * long. The limits are the measured break-even points. */
static bool groups_are_rows(const struct onednn_geometry *geometry, int64_t groups) {
    enum { SHORT_CHANNEL = 128, LONG_ROW = 1 << 20, LONG_SAMPLE = 1 << 17 };
    const int64_t length = geometry->c / groups * geometry->s;
    switch (geometry->layout) {
    case ONEDNN_PLAIN:
        return geometry->s < SHORT_CHANNEL && length <= LONG_ROW;
    case ONEDNN_CHANNELS_LAST:
        return groups == 1 && length <= LONG_SAMPLE;
    case ONEDNN_BLOCKED:
        break;
    }
    return false;
}

/* Checks whether oneDNN's layer normalization applies gamma and beta, too. For each element they
 * are two more reads, and longer code. */
static bool is_layer_normalization(const struct gn *self, const struct norma_problem *problem) {
    enum { LARGE_SAMPLE = 1 << 16 };
    return self->by_group && self->groups == 1 && problem->epilogue == NORMA_EPILOGUE_NONE &&
           problem->c * norma_problem_spatial(problem) < LARGE_SAMPLE;
}

/* Checks whether the primitive is faster. It takes a group at a time, and so reads each line of
 * memory once for every group in it. It wins where groups are some lines wide, and sooner where the
 * channels do not fill lines, as batch normalization is slow there. It has no sum with a residual.
 * The limits are the measured break-even points. */
static bool suits_primitive(const struct gn *self, const struct onednn_geometry *geometry) {
    enum { LINE = 16, WIDE = 32, WIDE_ENOUGH = 8 };
    return geometry->layout == ONEDNN_CHANNELS_LAST &&
           self->problem.epilogue != NORMA_EPILOGUE_ADD_RELU &&
           geometry->c / self->groups >= (geometry->c % LINE == 0 ? WIDE : WIDE_ENOUGH);
}

static norma_status create_composition(struct gn *self, const struct onednn_geometry *geometry,
                                       bool fused) {
    struct onednn_geometry rows = *geometry;
    if (self->by_group) {
        onednn_geometry_create(&rows, ONEDNN_PLAIN, geometry->n, self->groups,
                               geometry->c / self->groups * geometry->s);
    }
    return onednn_composition_create(&self->composition, &self->problem, geometry, &rows, fused);
}

/* Creates the primitive, unless oneDNN has no compiled code for it. */
static norma_status create_primitive(struct gn *self, const struct onednn_geometry *geometry) {
    const norma_status status =
        onednn_groups_create(&self->primitive, geometry, self->groups, self->problem.epsilon,
                             self->problem.epilogue == NORMA_EPILOGUE_RELU);
    if (status != NORMA_STATUS_OK || onednn_groups_is_compiled(&self->primitive)) {
        return status;
    }
    onednn_groups_destroy(&self->primitive);
    return NORMA_STATUS_UNSUPPORTED;
}

static norma_status create(void *operation, const struct norma_problem *problem,
                           const struct onednn_geometry *geometry, int threads) {
    struct gn *self = operation;
    (void)threads;
    self->problem = *problem;
    self->groups = problem->op == NORMA_OPERATOR_LN ? 1 : problem->groups;
    self->by_group = groups_are_rows(geometry, self->groups);
    const bool fused = is_layer_normalization(self, problem);
    const norma_status status = !fused && suits_primitive(self, geometry)
                                    ? create_primitive(self, geometry)
                                    : NORMA_STATUS_UNSUPPORTED;
    return status != NORMA_STATUS_UNSUPPORTED ? status : create_composition(self, geometry, fused);
}

static bool uses_primitive(const struct gn *self) {
    return self->primitive.step.primitive != NULL;
}

/* Returns the moments of group g of sample n. */
static struct onednn_moments moments_of(const struct gn *self, int64_t n, int64_t g) {
    const struct onednn_geometry *geometry = &self->composition.geometry;
    const struct onednn_standardize *of = &self->composition.standardize;
    const int64_t groups = self->groups;
    const int64_t width = geometry->c / groups;
    const int64_t plane = self->by_group ? n * groups + g : n * geometry->channels + g * width;
    return onednn_pool(of->mean + plane, of->variance + plane, self->by_group ? 1 : width, 1);
}

static void channel_coefficients(struct gn *self, const struct norma_args *args, int64_t n,
                                 int64_t c, double group_mean, double group_r) {
    const struct onednn_composition *composition = &self->composition;
    const int64_t plane = n * composition->geometry.channels + c;
    double scale = onednn_parameter(args->gamma, c, 1.0);
    double shift = onednn_parameter(args->beta, c, 0.0);
    if (!self->by_group) {
        const struct onednn_standardize *of = &composition->standardize;
        const double gain = scale * group_r;
        scale = gain * sqrt((double)of->variance[plane] + self->problem.epsilon);
        shift += gain * ((double)of->mean[plane] - group_mean);
    }
    composition->scale[plane] = (float)scale;
    composition->shift[plane] = (float)shift;
}

/* Copies the value of each channel to all elements of a sample. */
static void spread(const struct onednn_geometry *geometry, const float *values, double absent,
                   float *sample) {
    const bool last = geometry->layout == ONEDNN_CHANNELS_LAST;
    const int64_t repeated = last ? 1 : geometry->s, rows = last ? geometry->s : 1;
    for (int64_t c = 0; c < geometry->c; c++) {
        for (int64_t i = 0; i < repeated; i++) {
            sample[c * repeated + i] = (float)onednn_parameter(values, c, absent);
        }
    }
    for (int64_t row = 1; row < rows; row++) {
        memcpy(sample + row * geometry->c, sample, (size_t)geometry->c * sizeof *sample);
    }
}

static bool sample_coefficients(void *operation, const struct norma_args *args) {
    const struct gn *self = operation;
    const struct onednn_composition *composition = &self->composition;
    spread(&composition->geometry, args->gamma, 1.0, composition->scale);
    spread(&composition->geometry, args->beta, 0.0, composition->shift);
    return true;
}

static bool coefficients(void *operation, const struct norma_args *args) {
    struct gn *self = operation;
    const struct norma_problem *problem = &self->problem;
    const int64_t width = problem->c / self->groups;
#pragma omp parallel for
    for (int64_t i = 0; i < problem->n * self->groups; i++) {
        const int64_t n = i / self->groups, g = i % self->groups;
        const struct onednn_moments group = moments_of(self, n, g);
        const double r = onednn_inverse_std(group.variance, problem->epsilon);
        for (int64_t c = g * width; c < (g + 1) * width; c++) {
            channel_coefficients(self, args, n, c, group.mean, r);
        }
    }
    return !self->by_group || args->gamma != NULL || args->beta != NULL;
}

static void store_group(const struct gn *self, const struct norma_args *args, int64_t i,
                        struct onednn_moments group) {
    onednn_store(args->mean, i, group.mean);
    onednn_store(args->inverse_std, i, onednn_inverse_std(group.variance, self->problem.epsilon));
}

static void store_groups(const struct gn *self, const struct norma_args *args) {
    const struct onednn_groups *of = &self->primitive;
    for (int64_t i = 0; i < self->problem.n * self->groups; i++) {
        store_group(self, args, i,
                    uses_primitive(self)
                        ? (struct onednn_moments){(double)of->mean[i], (double)of->variance[i]}
                        : moments_of(self, i / self->groups, i % self->groups));
    }
}

static norma_status normalize(struct gn *self, const struct norma_args *args) {
    return uses_primitive(self)
               ? onednn_groups_run(&self->primitive, args)
               : onednn_compose(&self->composition, args,
                                self->composition.fused ? sample_coefficients : coefficients, self);
}

static norma_status execute(void *operation, const struct norma_args *args) {
    struct gn *self = operation;
    const norma_status status = normalize(self, args);
    if (status == NORMA_STATUS_OK && self->problem.pass == NORMA_PASS_FORWARD) {
        store_groups(self, args);
    }
    return status;
}

static void name(const void *operation, char *names, size_t size) {
    const struct gn *self = operation;
    onednn_name(names, size, &self->primitive.step);
    onednn_composition_name(&self->composition, names, size);
}

static void destroy(void *operation) {
    struct gn *self = operation;
    onednn_groups_destroy(&self->primitive);
    onednn_composition_destroy(&self->composition);
}

const struct onednn_operator onednn_gn = {
    .size = sizeof(struct gn),
    .create = create,
    .execute = execute,
    .name = name,
    .destroy = destroy,
};
