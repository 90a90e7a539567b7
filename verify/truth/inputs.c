/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/truth/inputs.h"

#include <math.h>
#include <stdlib.h>

#include "verify/truth/random_data.h"
#include "verify/truth/test_picture.h"

/* Below this size, starting threads takes longer than the work itself. */
enum { ELEMENTS_WORTH_THREADS = 1 << 15 };

/* One input to be filled. */
struct input {
    const struct norma_problem *problem;
    enum verify_data data;
    uint64_t stream;
    int64_t count;
    double magnitude; /* the factor of normal data */
};

/* ---- images: x, styles, gradients --------------------------------------------------------- */

/* Returns the number of channels that share a mean, so that constant data have no variance inside
 * of a statistics set. */
static int64_t channels_of_mean(const struct norma_problem *problem) {
    return reference_facts_of(problem)->mean ? reference_channels_per_set(problem) : 1;
}

/* Checks whether a problem has the first of two magnitudes that share a kind of data, so that both
 * occur in many problems. */
static bool has_first(const struct norma_problem *problem) {
    return (problem->n + problem->c) % 2 == 0;
}

/* Returns a magnitude as small as epsilon allows. Without epsilon, inverses of norms and deviations
 * must be within float's range, and the deviation of two elements may be far smaller than the
 * elements. */
static double tiny_magnitude(const struct norma_problem *problem) {
    if (!reference_facts_of(problem)->epsilon) {
        return reference_is_backward(problem) ? 1e-30 : 1e-37;
    }
    return problem->epsilon < 1e-30 || problem->style_unbiased ? 1e-30 : 1e-40;
}

/* Returns a magnitude whose deviation has a normal float as its inverse, forward as large as any
 * (bounds.md, "Extremes"), or one that means have from which x may be far (2^102 and more). */
static double huge_magnitude(const struct norma_problem *problem) {
    if (!reference_facts_of(problem)->mean || reference_is_backward(problem)) {
        return 1e30;
    }
    return has_first(problem) ? 1e31 : 3e37;
}

/* A mixture of styles may have a deviation of nearly 0. */
bool verify_inputs_have_normal_factors(const struct norma_problem *problem, enum verify_data data) {
    const bool mixed = reference_facts_of(problem)->style && problem->styles > 1;
    return data != VERIFY_DATA_HUGE || (huge_magnitude(problem) < 1e37 && !mixed);
}

static double magnitude_of_x(const struct norma_problem *problem, enum verify_data data) {
    switch (data) {
    case VERIFY_DATA_TINY:
        return tiny_magnitude(problem);
    case VERIFY_DATA_HUGE:
        return huge_magnitude(problem);
    case VERIFY_DATA_OPPOSITE:
        return has_first(problem) ? huge_magnitude(problem) : tiny_magnitude(problem);
    case VERIFY_DATA_TINY_DY: /* dx is a normal float, and the factor of x in it is not */
        return has_first(problem) ? 1e6 : 1.0;
    default:
        return 1.0;
    }
}

static double magnitude_of_dy(const struct norma_problem *problem, enum verify_data data) {
    switch (data) {
    case VERIFY_DATA_HUGE_DY:
        return has_first(problem) ? 1e30 : 1e37;
    case VERIFY_DATA_TINY_DY:
        return has_first(problem) ? 1e-30 : 1e-36;
    case VERIFY_DATA_OPPOSITE:
        return has_first(problem) ? 1e-30 : 1e30;
    default:
        return 1.0;
    }
}

static double magnitude(const struct norma_problem *problem, enum verify_data data,
                        enum reference_tensor_id id) {
    switch (id) {
    case REFERENCE_TENSOR_x:
    case REFERENCE_TENSOR_style:
        return magnitude_of_x(problem, data);
    case REFERENCE_TENSOR_dy:
        return magnitude_of_dy(problem, data);
    default:
        return 1.0;
    }
}

/* Returns the mean of a set, alternating between sets. It depends on the problem as well, so that
 * both means occur even in operators with a single set per sample. */
static double large_mean(const struct norma_problem *problem, uint64_t set) {
    return (set + (uint64_t)(problem->n + problem->c)) % 2 == 0 ? 1e4 : 1e6;
}

static double channel_mean(const struct input *input, int64_t c) {
    const uint64_t set = (uint64_t)(c / channels_of_mean(input->problem));
    const double mean = 2.0 * verify_uniform(verify_stream(input->stream, 1), set) - 1.0;
    return input->data == VERIFY_DATA_LARGE_MEAN ? copysign(large_mean(input->problem, set), mean)
                                                 : mean * input->magnitude;
}

static double channel_scale(const struct input *input, int64_t c) {
    switch (input->data) {
    case VERIFY_DATA_CONSTANT:
        return 0.0;
    case VERIFY_DATA_LARGE_MEAN:
        return 1.0;
    default:
        return (0.5 + 1.5 * verify_uniform(verify_stream(input->stream, 2), (uint64_t)c)) *
               input->magnitude;
    }
}

/* Stores a value into an image, at position s of plane p of so many positions. */
static void store(const struct input *input, void *x, int64_t p, int64_t s, int64_t positions,
                  double value) {
    reference_store(input->problem->dtype, x, reference_element_at(input->problem, p, s, positions),
                    value);
}

static void fill_image(const struct input *input, int64_t spatial, void *x) {
    const uint64_t noise = verify_stream(input->stream, 3);
    const int64_t channels = input->problem->c;
#pragma omp parallel for if (input->count >= ELEMENTS_WORTH_THREADS)
    for (int64_t p = 0; p < input->count / spatial; p++) {
        const double mean = channel_mean(input, p % channels);
        const double scale = channel_scale(input, p % channels);
        for (int64_t s = 0; s < spatial; s++) {
            store(input, x, p, s, spatial,
                  mean + scale * verify_normal(noise, (uint64_t)(p * spatial + s)));
        }
    }
}

/* Alternates the signs in every second channel, so that large sums cancel. */
static void alternate_signs(const struct input *input, int64_t spatial, void *x) {
    const struct norma_problem *problem = input->problem;
    for (int64_t p = 0; p < input->count / spatial; p++) {
        for (int64_t s = 0; p % problem->c % 2 == 1 && s < spatial; s++) {
            const int64_t i = reference_element_at(problem, p, s, spatial);
            const double magnitude = fabs(reference_load(problem->dtype, x, i));
            reference_store(problem->dtype, x, i, s % 2 ? -magnitude : magnitude);
        }
    }
}

/* Fills x with pictures, in 0 to 255 as files have them, or in 0 to 1 as networks often get them. A
 * picture is a single row unless x has two spatial dimensions. */
static void fill_picture(const struct input *input, void *x) {
    const struct norma_problem *problem = input->problem;
    const int64_t spatial = norma_problem_spatial(problem);
    const int64_t height = problem->spatial_rank == 2 ? problem->spatial[0] : 1;
    const int64_t width = spatial / height;
    const double white = width % 2 == 0 ? VERIFY_PICTURE_WHITE : 1.0;
#pragma omp parallel for if (input->count >= ELEMENTS_WORTH_THREADS)
    for (int64_t p = 0; p < input->count / spatial; p++) {
        const struct verify_picture picture = {height, width, p / problem->c, p % problem->c,
                                               verify_stream(input->stream, (uint64_t)p)};
        for (int64_t s = 0; s < spatial; s++) {
            store(input, x, p, s, spatial,
                  white / VERIFY_PICTURE_WHITE *
                      verify_picture_level(&picture, s / width, s % width));
        }
    }
}

/* Replaces all values but one of each plane by zeros; the position of that one differs between
 * planes. */
static void keep_outliers(const struct input *input, int64_t spatial, void *x) {
    for (int64_t p = 0; p < input->count / spatial; p++) {
        for (int64_t s = 0; s < spatial; s++) {
            if (s != p * 7 % spatial) {
                store(input, x, p, s, spatial, s % 2 ? -0.0 : 0.0);
            }
        }
    }
}

/* Makes the last sample 0 where samples are divided by norms, which must not divide by 0. */
static void zero_last_sample(const struct norma_problem *problem, void *x, int64_t count) {
    const bool by_norms = !reference_facts_of(problem)->mean;
    for (int64_t i = count - count / problem->n; by_norms && i < count; i++) {
        reference_store(problem->dtype, x, i, 0.0);
    }
}

static void fill_x(const struct input *input, void *x) {
    if (input->data == VERIFY_DATA_IMAGE) {
        fill_picture(input, x);
        return;
    }
    fill_image(input, norma_problem_spatial(input->problem), x);
    if (input->data == VERIFY_DATA_HUGE) {
        alternate_signs(input, norma_problem_spatial(input->problem), x);
    }
    if (input->data == VERIFY_DATA_OUTLIER) {
        keep_outliers(input, norma_problem_spatial(input->problem), x);
    }
    if (input->data == VERIFY_DATA_CONSTANT) {
        zero_last_sample(input->problem, x, input->count);
    }
}

/* Fills a gradient or residual, which is always normal but for its magnitude, as no statistics are
 * taken of it. */
static void fill_normal_image(struct input input, void *x) {
    input.data = VERIFY_DATA_NORMAL;
    fill_image(&input, norma_problem_spatial(input.problem), x);
}

/* Fills the y that a ReLU saved with both signs, both zeros and the floats next to zero. */
static void fill_saved_result(const struct input *input, void *y) {
    static const double edges[] = {0.0, -0.0, 0x1p-149, -0x1p-149};
    const uint64_t edge = verify_stream(input->stream, 1);
    for (int64_t i = 0; i < input->count; i++) {
        const size_t which = (size_t)(16.0 * verify_uniform(edge, (uint64_t)i));
        reference_store(input->problem->dtype, y, i,
                        which < sizeof edges / sizeof *edges
                            ? edges[which]
                            : verify_normal(input->stream, (uint64_t)i));
    }
}

/* ---- parameters --------------------------------------------------------------------------- */

static void fill_uniform(const struct input *input, double low, double high, float *x) {
    for (int64_t i = 0; i < input->count; i++) {
        x[i] = (float)(low + (high - low) * verify_uniform(input->stream, (uint64_t)i));
    }
}

/* Replaces one entry in `interval` by one of so many edges; both are chosen at random. */
static void sprinkle(const struct input *input, const double *edges, size_t count, size_t interval,
                     float *x) {
    const uint64_t stream = verify_stream(input->stream, 1);
    for (int64_t i = 0; i < input->count; i++) {
        const uint64_t chosen = verify_random_bits(stream, (uint64_t)i) >> 16;
        if (chosen % interval == 0) {
            x[i] = (float)edges[chosen / interval % count];
        }
    }
}

/* Fills a parameter with values around its neutral value, a quarter of them with the other sign,
 * and zeros of both signs; or with exactly that value for data with which it may be left out. */
static void fill_parameter(const struct input *input, double neutral, float *x) {
    static const double zeros[] = {0.0, -0.0};
    const bool exact = input->data == VERIFY_DATA_DEFAULTS || input->data == VERIFY_DATA_TINY;
    const double spread = exact ? 0.0 : 1.0;
    fill_uniform(input, neutral - spread, neutral + spread, x);
    for (int64_t i = 0; !exact && i < input->count; i++) {
        const bool turned = verify_random_bits(input->stream, (uint64_t)i) % 4 == 0;
        x[i] = turned ? -x[i] : x[i];
    }
    if (!exact) {
        sprinkle(input, zeros, sizeof zeros / sizeof *zeros, 16, x);
    }
}

/* Fills variances that are given. Some are large, and some far smaller than epsilon, where that is
 * more than 0. Data for peers have no small ones in inf_bwd, where a peer may subtract the products
 * of dy with x and with the mean, whose rounding errors a large inverse shows. */
static void fill_variance(const struct input *input, float *x) {
    static const double edges[] = {1e6, 1e-12, 1e-3, 0.0};
    const struct norma_problem *problem = input->problem;
    const bool large_only =
        problem->pass == NORMA_PASS_INFERENCE_BACKWARD && input->data < VERIFY_DATA_EXTREMES;
    const size_t all = sizeof edges / sizeof *edges - (problem->epsilon > 0.0 ? 0 : 1);
    fill_uniform(input, 0.25, 4.0, x);
    sprinkle(input, edges, large_only ? 1 : all, 3, x);
}

/* Fills deviations that are given. Some are small, or 0. */
static void fill_deviation(const struct input *input, float *x) {
    static const double edges[] = {1e-6, 0.0};
    fill_uniform(input, 0.25, 4.0, x);
    sprinkle(input, edges, sizeof edges / sizeof *edges, 3, x);
}

/* Fills gates and alphas. Both ends of their range occur, as they are special cases. */
static void fill_gate(const struct input *input, double low, double high, float *x) {
    fill_uniform(input, low, high, x);
    x[0] = 1.0f;
    x[input->count - 1] = 0.0f;
}

static void fill_alpha(const struct input *input, float *alpha) {
    const bool bounded = input->problem->form == NORMA_FORM_VECTOR;
    fill_gate(input, bounded ? 0.0 : -0.5, bounded ? 1.0 : 1.5, alpha);
}

/* Fills rows that sum to one. The first row selects the first style alone; the others have both
 * signs. */
static void fill_weights(const struct input *input, float *weights) {
    const int64_t styles = input->problem->styles;
    fill_uniform(input, -0.5, 1.0, weights);
    for (int64_t n = 0; n < input->problem->n; n++) {
        float *row = weights + n * styles;
        double sum = 0.0;
        for (int64_t k = 0; k < styles - 1; k++) {
            row[k] = n == 0 ? (float)(k == 0) : row[k];
            sum += (double)row[k];
        }
        row[styles - 1] = (float)(1.0 - sum);
    }
}

/* ---- indices ------------------------------------------------------------------------------ */

/* Fills `order` with 0 to count - 1 in random order. */
static void shuffle(uint64_t stream, int32_t *order, int64_t count) {
    for (int64_t i = 0; i < count; i++) {
        const int64_t j = (int64_t)(verify_uniform(stream, (uint64_t)i) * (double)(i + 1));
        order[i] = order[j];
        order[j] = (int32_t)i;
    }
}

/* Fills the indices with every style equally often, in random order. */
static void fill_style_index(const struct input *input, int32_t *index) {
    const int64_t styles = input->problem->styles;
    const int64_t first =
        (int64_t)(verify_uniform(verify_stream(input->stream, 1), 0) * (double)styles);
    shuffle(input->stream, index, input->count);
    for (int64_t n = 0; n < input->count; n++) {
        index[n] = (int32_t)((first + index[n]) % styles);
    }
}

/* Fills a permutation of one cycle, so that it differs from its inverse. From four samples on, one
 * sample stays in place. Returns false if there is not enough memory. */
static bool fill_permutation(const struct input *input, int32_t *permutation) {
    const int64_t count = input->count;
    int32_t *order = malloc((size_t)count * sizeof *order);
    if (!order) {
        return false;
    }
    const int64_t length = count < 4 ? count : count - 1;
    shuffle(input->stream, order, count);
    for (int64_t i = 0; i < count; i++) {
        permutation[order[i]] = i < length ? order[(i + 1) % length] : order[i];
    }
    free(order);
    return true;
}

/* Fills labels with blocks and single positions scattered over them. The last of several samples
 * lacks the last region. */
static void fill_labels(const struct input *input, uint8_t *labels) {
    const struct norma_problem *problem = input->problem;
    const int64_t spatial = norma_problem_spatial(problem), regions = problem->regions;
    const uint64_t strewn = verify_stream(input->stream, 1);
    for (int64_t i = 0; i < input->count; i++) {
        const int64_t n = i / spatial, s = i % spatial;
        int64_t label = (s * regions / spatial + n) % regions;
        if (verify_uniform(strewn, (uint64_t)i) < 0.125) {
            label = (int64_t)(verify_uniform(input->stream, (uint64_t)i) * (double)regions);
        }
        const bool lacking = n > 0 && n == problem->n - 1 && label == regions - 1;
        labels[i] = (uint8_t)(lacking ? 0 : label);
    }
}

/* ---- all inputs --------------------------------------------------------------------------- */

static bool fill(const struct input *input, enum reference_tensor_id id, void *values) {
    switch (id) {
    case REFERENCE_TENSOR_x:
        fill_x(input, values);
        break;
    case REFERENCE_TENSOR_style:
        fill_image(input, norma_problem_style_spatial(input->problem), values);
        break;
    case REFERENCE_TENSOR_dy:
    case REFERENCE_TENSOR_residual:
        fill_normal_image(*input, values);
        break;
    case REFERENCE_TENSOR_y:
        fill_saved_result(input, values);
        break;
    case REFERENCE_TENSOR_gamma:
        fill_parameter(input, 1.0, values);
        break;
    case REFERENCE_TENSOR_beta:
        fill_parameter(input, 0.0, values);
        break;
    case REFERENCE_TENSOR_rho:
        fill_gate(input, 0.0, 1.0, values);
        break;
    case REFERENCE_TENSOR_alpha:
        fill_alpha(input, values);
        break;
    case REFERENCE_TENSOR_running_variance:
        fill_variance(input, values);
        break;
    case REFERENCE_TENSOR_style_std:
        fill_deviation(input, values);
        break;
    case REFERENCE_TENSOR_style_weights:
        fill_weights(input, values);
        break;
    case REFERENCE_TENSOR_style_index:
        fill_style_index(input, values);
        break;
    case REFERENCE_TENSOR_permutation:
        return fill_permutation(input, values);
    case REFERENCE_TENSOR_labels:
        fill_labels(input, values);
        break;
    default:
        fill_uniform(input, -1.0, 1.0, values);
        break;
    }
    return true;
}

bool verify_inputs_make(const struct norma_problem *problem,
                        const struct reference_tensor tensors[REFERENCE_TENSOR_COUNT],
                        enum verify_data data, uint64_t seed,
                        void *inputs[REFERENCE_TENSOR_COUNT]) {
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        const struct reference_tensor *tensor = &tensors[id];
        if (!reference_is_input(tensor) || tensor->count == 0) {
            continue;
        }
        const struct input input = {problem, data, verify_stream(seed, (uint64_t)id), tensor->count,
                                    magnitude(problem, data, (enum reference_tensor_id)id)};
        inputs[id] = malloc(reference_tensor_bytes(tensor));
        if (!inputs[id] || !fill(&input, (enum reference_tensor_id)id, inputs[id])) {
            return false;
        }
    }
    return true;
}
