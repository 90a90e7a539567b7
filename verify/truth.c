/* SPDX-License-Identifier: Apache-2.0 */
#include "truth.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bounds.h"
#include "data.h"
#include "reference.h"

/* Waking threads costs more than a small problem does. */
enum { ELEMENTS_WORTH_THREADS = 1 << 15 };

struct norma_truth {
    struct norma_problem problem;
    struct norma_tensor tensors[NORMA_TENSOR_COUNT];
    float *inputs[NORMA_TENSOR_COUNT]; /* inputs, and initial values of inouts */
    struct norma_reference expected;
};

const char *norma_data_name(enum norma_data data) {
    static const char *const names[NORMA_DATA_COUNT] = {
        [NORMA_DATA_NORMAL] = "normal",
        [NORMA_DATA_LARGE_MEAN] = "large-mean",
        [NORMA_DATA_CONSTANT] = "constant",
        [NORMA_DATA_DEFAULTS] = "defaults",
    };
    return data < NORMA_DATA_COUNT ? names[data] : NULL;
}

/* ---- inputs ------------------------------------------------------------------------------- */

/* Mean and scale of each channel (of each statistics group, so that constant data has no variance
 * inside one). */
struct shape_of_data {
    enum norma_data data;
    uint64_t stream;
    int64_t channels, channels_per_set;
};

static double channel_mean(const struct shape_of_data *shape, int64_t c) {
    const uint64_t set = (uint64_t)(c / shape->channels_per_set);
    const double mean = 2.0 * norma_uniform(norma_stream(shape->stream, 1), set) - 1.0;
    return shape->data == NORMA_DATA_LARGE_MEAN ? copysign(1e4, mean) : mean;
}

static double channel_scale(const struct shape_of_data *shape, int64_t c) {
    switch (shape->data) {
    case NORMA_DATA_CONSTANT:
        return 0.0;
    case NORMA_DATA_LARGE_MEAN:
        return 1.0;
    default:
        return 0.5 + 1.5 * norma_uniform(norma_stream(shape->stream, 2), (uint64_t)c);
    }
}

static void fill_planes(float *x, int64_t planes, int64_t spatial,
                        const struct shape_of_data *shape) {
    const uint64_t noise = norma_stream(shape->stream, 3);
#pragma omp parallel for if (planes * spatial >= ELEMENTS_WORTH_THREADS)
    for (int64_t p = 0; p < planes; p++) {
        const double mean = channel_mean(shape, p % shape->channels);
        const double scale = channel_scale(shape, p % shape->channels);
        for (int64_t s = 0; s < spatial; s++) {
            const int64_t i = p * spatial + s;
            x[i] = (float)(mean + scale * norma_normal(noise, (uint64_t)i));
        }
    }
}

static void fill_uniform(float *x, int64_t count, uint64_t stream, double low, double high) {
    for (int64_t i = 0; i < count; i++) {
        x[i] = (float)(low + (high - low) * norma_uniform(stream, (uint64_t)i));
    }
}

/* A parameter: around its neutral value, or exactly that. */
static void fill_parameter(float *x, int64_t count, uint64_t stream, double neutral, bool exact) {
    fill_uniform(x, count, stream, neutral - (exact ? 0.0 : 1.0), neutral + (exact ? 0.0 : 1.0));
}

static void fill_input(struct norma_truth *truth, enum norma_tensor_id id, enum norma_data data,
                       uint64_t seed) {
    const struct norma_problem *problem = &truth->problem;
    const uint64_t stream = norma_stream(seed, (uint64_t)id);
    const struct shape_of_data shape = {
        .data = data,
        .stream = stream,
        .channels = problem->c,
        .channels_per_set = problem->groups > 0 ? problem->c / problem->groups : 1,
    };
    const int64_t count = truth->tensors[id].count;
    const int64_t planes = problem->n * problem->c;
    float *x = truth->inputs[id];
    switch (id) {
    case NORMA_TENSOR_x:
    case NORMA_TENSOR_style:
        fill_planes(x, planes, count / planes, &shape);
        break;
    case NORMA_TENSOR_gamma:
        fill_parameter(x, count, stream, 1.0, data == NORMA_DATA_DEFAULTS);
        break;
    case NORMA_TENSOR_beta:
        fill_parameter(x, count, stream, 0.0, data == NORMA_DATA_DEFAULTS);
        break;
    case NORMA_TENSOR_rho:
        fill_uniform(x, count, stream, 0.0, 1.0);
        x[0] = 1.0f;
        x[count - 1] = 0.0f;
        break;
    case NORMA_TENSOR_alpha:
        fill_uniform(x, count, stream, -0.5, 1.5);
        x[0] = 1.0f;
        x[count - 1] = 0.0f;
        break;
    case NORMA_TENSOR_style_std:
    case NORMA_TENSOR_running_variance:
        fill_uniform(x, count, stream, 0.25, 4.0);
        break;
    default:
        fill_uniform(x, count, stream, -1.0, 1.0);
        break;
    }
}

static bool is_input(const struct norma_tensor *tensor) {
    return tensor->role == NORMA_ROLE_INPUT || tensor->role == NORMA_ROLE_INOUT;
}

static size_t bytes_of(const struct norma_tensor *tensor) {
    return (size_t)tensor->count * sizeof(float);
}

static bool make_inputs(struct norma_truth *truth, enum norma_data data, uint64_t seed) {
    for (int id = 0; id < NORMA_TENSOR_COUNT; id++) {
        const struct norma_tensor *tensor = &truth->tensors[id];
        if (!is_input(tensor) || tensor->count == 0) {
            continue;
        }
        truth->inputs[id] = malloc(bytes_of(tensor));
        if (!truth->inputs[id]) {
            return false;
        }
        fill_input(truth, (enum norma_tensor_id)id, data, seed);
    }
    return true;
}

void norma_truth_inputs(const struct norma_truth *truth, void *const pointers[NORMA_TENSOR_COUNT]) {
    for (int id = 0; id < NORMA_TENSOR_COUNT; id++) {
        if (truth->inputs[id] && pointers[id]) {
            memcpy(pointers[id], truth->inputs[id], bytes_of(&truth->tensors[id]));
        }
    }
}

/* ---- the reference ------------------------------------------------------------------------ */

/* The reference's array for each small output; y is apart. */
static double **expected_of(struct norma_reference *expected, int id) {
    switch (id) {
    case NORMA_TENSOR_y:
        return &expected->y;
    case NORMA_TENSOR_mean:
        return &expected->mean;
    case NORMA_TENSOR_inverse_std:
        return &expected->inverse_std;
    case NORMA_TENSOR_instance_mean:
        return &expected->instance_mean;
    case NORMA_TENSOR_instance_inverse_std:
        return &expected->instance_inverse_std;
    case NORMA_TENSOR_running_mean:
        return &expected->running_mean;
    case NORMA_TENSOR_running_variance:
        return &expected->running_variance;
    default:
        return NULL;
    }
}

static bool is_output(const struct norma_tensor *tensor) {
    return tensor->role == NORMA_ROLE_OUTPUT || tensor->role == NORMA_ROLE_INOUT;
}

static bool allocate_expected(struct norma_truth *truth) {
    struct norma_reference *expected = &truth->expected;
    const size_t elements = (size_t)truth->tensors[NORMA_TENSOR_y].count;
    const size_t planes = (size_t)(truth->problem.n * truth->problem.c);
    expected->terms = malloc((elements + 1) * sizeof *expected->terms);
    expected->conditions = calloc(planes + 1, sizeof *expected->conditions);
    bool complete = expected->terms && expected->conditions;
    for (int id = 0; id < NORMA_TENSOR_COUNT; id++) {
        const struct norma_tensor *tensor = &truth->tensors[id];
        if (is_output(tensor)) {
            double **array = expected_of(expected, id);
            *array = malloc((size_t)(tensor->count + 1) * sizeof **array);
            complete = complete && *array;
        }
    }
    return complete;
}

struct norma_truth *norma_truth_create(const struct norma_problem *problem, enum norma_data data,
                                       uint64_t seed) {
    struct norma_truth *truth = calloc(1, sizeof *truth);
    if (!truth) {
        return NULL;
    }
    truth->problem = *problem;
    norma_tensors_of(problem, truth->tensors);
    if (!make_inputs(truth, data, seed) || !allocate_expected(truth)) {
        norma_truth_destroy(truth);
        return NULL;
    }
    void *pointers[NORMA_TENSOR_COUNT];
    for (int id = 0; id < NORMA_TENSOR_COUNT; id++) {
        pointers[id] = truth->inputs[id];
    }
    const struct norma_args args = norma_tensors_bind(pointers);
    norma_reference_run(problem, &args, &truth->expected);
    return truth;
}

void norma_truth_destroy(struct norma_truth *truth) {
    if (!truth) {
        return;
    }
    for (int id = 0; id < NORMA_TENSOR_COUNT; id++) {
        free(truth->inputs[id]);
        double **expected = expected_of(&truth->expected, id);
        if (expected) {
            free(*expected);
        }
    }
    free(truth->expected.terms);
    free(truth->expected.conditions);
    free(truth);
}

/* ---- comparing ---------------------------------------------------------------------------- */

/* The worst element so far: the largest share of its bound. */
struct worst {
    double share;
    int64_t index;
    double got, expected, bound;
};

static double share_of(double got, double expected, double bound) {
    if (isnan(expected)) {
        return isnan(got) ? 0.0 : INFINITY;
    }
    if (got == expected) {
        return 0.0;
    }
    const double share = fabs(got - expected) / bound;
    return isnan(share) ? INFINITY : share;
}

static inline void consider(struct worst *worst, int64_t index, double got, double expected,
                            double bound) {
    const double share = share_of(got, expected, bound);
    if (share > worst->share) {
        *worst = (struct worst){share, index, got, expected, bound};
    }
}

static struct worst compare_plane(const struct norma_truth *truth,
                                  enum norma_accumulation accumulation, const float *y,
                                  int64_t plane, int64_t spatial) {
    const struct norma_reference *expected = &truth->expected;
    const struct norma_bound bound =
        norma_bound_of_plane(accumulation, expected->conditions[plane]);
    struct worst worst = {.share = 0.0};
    for (int64_t i = plane * spatial; i < (plane + 1) * spatial; i++) {
        consider(&worst, i, (double)y[i], expected->y[i],
                 norma_bound_at(&bound, (double)expected->terms[i], expected->y[i]));
    }
    return worst;
}

static struct worst compare_y(const struct norma_truth *truth, enum norma_accumulation accumulation,
                              const float *y) {
    const int64_t planes = truth->problem.n * truth->problem.c;
    const int64_t spatial = norma_problem_spatial(&truth->problem);
    struct worst worst = {.share = 0.0};
#pragma omp parallel for if (planes * spatial >= ELEMENTS_WORTH_THREADS)
    for (int64_t p = 0; p < planes; p++) {
        const struct worst found = compare_plane(truth, accumulation, y, p, spatial);
        /* Ties go to the first plane, so that the message does not depend on the threads. */
#pragma omp critical(norma_worst)
        if (found.share > worst.share ||
            (found.share == worst.share && found.share > 0.0 && found.index < worst.index)) {
            worst = found;
        }
    }
    return worst;
}

/* The condition behind entry `index` of a small output: any plane of its set, batch statistics
 * being the first of bin's two. */
static struct norma_condition condition_of(const struct norma_truth *truth, int id, int64_t index) {
    const struct norma_problem *problem = &truth->problem;
    const bool instance =
        id == NORMA_TENSOR_instance_mean || id == NORMA_TENSOR_instance_inverse_std;
    int64_t plane = index;
    if (problem->op == NORMA_GN) {
        plane = index * (problem->c / problem->groups);
    } else if (problem->op == NORMA_UNIT) {
        plane = index * problem->c;
    }
    return truth->expected.conditions[plane][instance ? 1 : 0];
}

/* README.md, "Returned statistics". */
static double bound_of_statistic(const struct norma_truth *truth,
                                 enum norma_accumulation accumulation, int id, int64_t index,
                                 double expected) {
    const struct norma_condition condition = condition_of(truth, id, index);
    const struct norma_statistics_error error = norma_statistics_error(accumulation, &condition);
    const double rounding = accumulation == NORMA_ACCUMULATE_F64 ? 0x1p-23 : 0x1p-21;
    const double n = condition.count > 1 ? (double)condition.count : 2.0;
    double propagated = 0.0;
    double magnitude = fabs(expected);
    switch (id) {
    case NORMA_TENSOR_mean:
    case NORMA_TENSOR_instance_mean:
        propagated = error.mean;
        break;
    case NORMA_TENSOR_running_mean:
        propagated = error.mean;
        magnitude = fabs(condition.mean) + fabs((double)truth->inputs[id][index]);
        break;
    case NORMA_TENSOR_running_variance:
        propagated = 2.0 * error.relative * condition.spread * condition.spread * n / (n - 1.0);
        break;
    default:
        propagated = error.relative * fabs(expected);
        break;
    }
    return 1.001 * (rounding * magnitude + propagated) + 0x1p-147;
}

static struct worst compare_statistic(const struct norma_truth *truth,
                                      enum norma_accumulation accumulation, int id,
                                      const float *got, const double *expected) {
    struct worst worst = {.share = 0.0};
    for (int64_t i = 0; i < truth->tensors[id].count; i++) {
        consider(&worst, i, (double)got[i], expected[i],
                 bound_of_statistic(truth, accumulation, id, i, expected[i]));
    }
    return worst;
}

static bool report_worst(struct norma_verdict *verdict, const char *tensor, struct worst worst) {
    if (worst.share > verdict->share) {
        verdict->share = worst.share;
    }
    if (worst.share <= 1.0) {
        return true;
    }
    verdict->passed = false;
    snprintf(verdict->message, sizeof verdict->message,
             "%s[%lld] is %.9g, should be %.9g within %.3g (off by %.3g bounds)", tensor,
             (long long)worst.index, worst.got, worst.expected, worst.bound, worst.share);
    return false;
}

static bool report_written_input(const struct norma_truth *truth, struct norma_verdict *verdict,
                                 void *const pointers[NORMA_TENSOR_COUNT]) {
    for (int id = 0; id < NORMA_TENSOR_COUNT; id++) {
        const struct norma_tensor *tensor = &truth->tensors[id];
        const bool in_place = id == NORMA_TENSOR_x && pointers[id] == pointers[NORMA_TENSOR_y];
        if (tensor->role == NORMA_ROLE_INPUT && tensor->count > 0 && pointers[id] && !in_place &&
            memcmp(pointers[id], truth->inputs[id], bytes_of(tensor)) != 0) {
            verdict->passed = false;
            snprintf(verdict->message, sizeof verdict->message, "input %s was written to",
                     tensor->name);
            return true;
        }
    }
    return false;
}

struct norma_verdict norma_truth_compare(const struct norma_truth *truth,
                                         enum norma_accumulation accumulation,
                                         void *const pointers[NORMA_TENSOR_COUNT]) {
    struct norma_verdict verdict = {.passed = true};
    if (truth->tensors[NORMA_TENSOR_y].count == 0 ||
        report_written_input(truth, &verdict, pointers)) {
        return verdict;
    }
    struct norma_reference expected = truth->expected;
    for (int id = 0; id < NORMA_TENSOR_COUNT; id++) {
        const struct norma_tensor *tensor = &truth->tensors[id];
        if (!is_output(tensor) || !pointers[id]) {
            continue;
        }
        const struct worst worst = id == NORMA_TENSOR_y
                                       ? compare_y(truth, accumulation, pointers[id])
                                       : compare_statistic(truth, accumulation, id, pointers[id],
                                                           *expected_of(&expected, id));
        if (!report_worst(&verdict, tensor->name, worst)) {
            return verdict;
        }
    }
    return verdict;
}
