/* The generated inputs are all in range, and none of them is trivial.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "verify/truth/inputs.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

struct inputs {
    struct norma_problem problem;
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
    void *inputs[REFERENCE_TENSOR_COUNT];
};

static struct inputs make(const char *text, enum verify_data data) {
    struct inputs inputs = {0};
    cr_assert(norma_problem_parse(text, &inputs.problem, NULL) == NORMA_STATUS_OK, "%s", text);
    reference_tensors_of(&inputs.problem, inputs.tensors);
    cr_assert(verify_inputs_make(&inputs.problem, inputs.tensors, data, 3, inputs.inputs));
    return inputs;
}

static void release(struct inputs *inputs) {
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        free(inputs->inputs[id]);
    }
}

/* Checks whether some of so many values lie in a range, both ends included. */
static bool any_within(const float *values, int count, float low, float high) {
    bool any = false;
    for (int i = 0; i < count; i++) {
        any = any || (values[i] >= low && values[i] <= high);
    }
    return any;
}

static bool any_negative_zero(const float *values, int count) {
    bool any = false;
    for (int i = 0; i < count; i++) {
        any = any || (values[i] == 0.0f && signbit(values[i]));
    }
    return any;
}

Test(inputs, parameters_have_both_signs_and_both_zeros) {
    struct inputs inputs = make("bn:2x100x2", VERIFY_DATA_NORMAL);
    const int ids[] = {REFERENCE_TENSOR_gamma, REFERENCE_TENSOR_beta};
    for (int i = 0; i < 2; i++) {
        const float *values = inputs.inputs[ids[i]];
        cr_expect(any_within(values, 100, -2.0f, -0.01f));
        cr_expect(any_within(values, 100, 0.01f, 2.0f));
        cr_expect(any_within(values, 100, 0.0f, 0.0f) && any_negative_zero(values, 100));
    }
    release(&inputs);
}

Test(inputs, given_variances_are_0_tiny_and_large) {
    struct inputs inputs = make("bn:2x100x2:pass=inf", VERIFY_DATA_NORMAL);
    const float *variance = inputs.inputs[REFERENCE_TENSOR_running_variance];
    cr_expect(any_within(variance, 100, 0.0f, 0.0f));
    cr_expect(any_within(variance, 100, 1e-13f, 1e-11f));
    cr_expect(any_within(variance, 100, 1e6f, 1e6f));
    release(&inputs);
}

Test(inputs, given_variances_are_not_0_without_epsilon) {
    struct inputs inputs = make("bn:2x100x2:pass=inf,eps=0", VERIFY_DATA_NORMAL);
    cr_expect(!any_within(inputs.inputs[REFERENCE_TENSOR_running_variance], 100, 0.0f, 0.0f));
    release(&inputs);
}

Test(inputs, a_permutation_has_every_sample_once_and_is_not_its_inverse) {
    for (int n = 1; n <= 40; n++) {
        char text[64];
        snprintf(text, sizeof text, "adain:%dx1x2:style=swap", n);
        struct inputs inputs = make(text, VERIFY_DATA_NORMAL);
        const int32_t *permutation = inputs.inputs[REFERENCE_TENSOR_permutation];
        int hits[40] = {0}, fixed = 0, inverse = 0;
        for (int i = 0; i < n; i++) {
            cr_assert(permutation[i] >= 0 && permutation[i] < n);
            hits[permutation[i]]++;
            fixed += permutation[i] == i;
            inverse += permutation[permutation[i]] == i;
        }
        for (int i = 0; i < n; i++) {
            cr_assert(hits[i] == 1, "%d of %d", i, n);
        }
        cr_assert(fixed == (n == 1 || n > 3), "%d fixed of %d", fixed, n);
        cr_assert(n < 3 || inverse == fixed, "%d", n);
        release(&inputs);
    }
}

Test(inputs, style_indices_use_every_style_alike) {
    struct inputs inputs = make("cin:33x2x2:styles=5", VERIFY_DATA_NORMAL);
    const int32_t *index = inputs.inputs[REFERENCE_TENSOR_style_index];
    int uses[5] = {0}, in_order = 0;
    for (int n = 0; n < 33; n++) {
        cr_assert(index[n] >= 0 && index[n] < 5);
        uses[index[n]]++;
        in_order += n > 0 && index[n] == (index[n - 1] + 1) % 5;
    }
    for (int t = 0; t < 5; t++) {
        cr_assert(uses[t] == 6 || uses[t] == 7, "style %d: %d", t, uses[t]);
    }
    cr_assert(in_order < 20);
    release(&inputs);
}

Test(inputs, labels_have_blocks_and_single_positions_and_a_missing_region) {
    struct inputs inputs = make("adain:3x1x40x10:regions=4", VERIFY_DATA_NORMAL);
    const uint8_t *labels = inputs.inputs[REFERENCE_TENSOR_labels];
    for (int n = 0; n < 3; n++) {
        int uses[4] = {0}, changes = 0;
        for (int s = 0; s < 400; s++) {
            cr_assert(labels[n * 400 + s] < 4);
            uses[labels[n * 400 + s]]++;
            changes += s > 0 && labels[n * 400 + s] != labels[n * 400 + s - 1];
        }
        for (int r = 0; r < 4; r++) {
            cr_assert((uses[r] > 0) == (n < 2 || r < 3), "sample %d, region %d", n, r);
        }
        cr_assert(changes > 20 && changes < 200, "%d", changes);
    }
    release(&inputs);
}

Test(inputs, weights_sum_to_one_in_both_signs) {
    struct inputs inputs = make("adain:20x1x2:styles=3", VERIFY_DATA_NORMAL);
    const float *weights = inputs.inputs[REFERENCE_TENSOR_style_weights];
    int negative = 0;
    for (int n = 0; n < 20; n++) {
        const float *row = weights + (size_t)n * 3;
        cr_assert(fabs((double)row[0] + (double)row[1] + (double)row[2] - 1.0) < 0x1p-22);
        negative += row[0] < 0.0f || row[1] < 0.0f || row[2] < 0.0f;
    }
    cr_assert(weights[0] == 1.0f && weights[1] == 0.0f && weights[2] == 0.0f);
    cr_assert(negative > 2 && negative < 20);
    release(&inputs);
}

static void assert_between(const char *text, enum reference_tensor_id id, float low, float high) {
    struct inputs inputs = make(text, VERIFY_DATA_NORMAL);
    const float *values = inputs.inputs[id];
    int beyond = 0;
    for (int64_t i = 0; i < inputs.tensors[id].count; i++) {
        cr_assert(values[i] >= low && values[i] <= high, "%s: %g", text, (double)values[i]);
        beyond += values[i] < 0.0f || values[i] > 1.0f;
    }
    cr_assert((beyond > 0) == (low < 0.0f), "%s", text);
    cr_assert(values[0] == 1.0f && values[inputs.tensors[id].count - 1] == 0.0f, "%s", text);
    release(&inputs);
}

Test(inputs, gates_and_alphas_are_in_range_with_both_ends) {
    assert_between("bin:1x200x1", REFERENCE_TENSOR_rho, 0.0f, 1.0f);
    assert_between("unit:1x200x1:form=vector", REFERENCE_TENSOR_alpha, 0.0f, 1.0f);
    assert_between("unit:1x20x10:form=vector,alpha=element", REFERENCE_TENSOR_alpha, 0.0f, 1.0f);
    assert_between("unit:1x200x1", REFERENCE_TENSOR_alpha, -0.5f, 1.5f);
    assert_between("unit:1x200x1:form=layer", REFERENCE_TENSOR_alpha, -0.5f, 1.5f);
}

Test(inputs, the_saved_result_of_a_relu_has_both_signs_and_both_zeros) {
    struct inputs inputs = make("in:2x3x100:pass=bwd,epilogue=relu", VERIFY_DATA_NORMAL);
    const float *y = inputs.inputs[REFERENCE_TENSOR_y];
    int positive = 0, negative = 0, plus = 0, minus = 0;
    for (int i = 0; i < 600; i++) {
        positive += y[i] > 0.0f;
        negative += y[i] < 0.0f;
        plus += y[i] == 0.0f && !signbit(y[i]);
        minus += y[i] == 0.0f && signbit(y[i]);
    }
    cr_assert(positive > 100 && negative > 100 && plus > 10 && minus > 10);
    release(&inputs);
}

/* Constant data have no variance inside of a set, and one norm is 0 where norms are divided by. */
Test(inputs, constant_data_are_constant_in_each_set) {
    static const struct {
        const char *text;
        int64_t set;
        bool zero;
    } cases[] = {{"in:3x4x5", 5, false},  {"gn:3x4x5:g=2", 10, false},
                 {"ln:3x4x5", 20, false}, {"rms:3x4x5", 5, true},
                 {"unit:3x4x5", 5, true}, {"unit:3x4x5:form=vanilla", 5, true},
                 {"bn:3x4x5", 5, false},  {"unit:3x4x5:form=layer", 5, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct inputs inputs = make(cases[i].text, VERIFY_DATA_CONSTANT);
        const float *x = inputs.inputs[REFERENCE_TENSOR_x];
        for (int64_t k = 0; k < 60; k++) {
            cr_assert(x[k] == x[k / cases[i].set * cases[i].set], "%s", cases[i].text);
            cr_assert((x[k] == 0.0f) == (cases[i].zero && k >= 40), "%s", cases[i].text);
        }
        release(&inputs);
    }
}

/* Parameters may be left out only with `defaults`. */
Test(inputs, defaults_are_neutral) {
    struct inputs normal = make("cin:2x30x2:styles=2", VERIFY_DATA_NORMAL);
    struct inputs defaults = make("cin:2x30x2:styles=2", VERIFY_DATA_DEFAULTS);
    for (int c = 0; c < 60; c++) {
        cr_assert(((float *)defaults.inputs[REFERENCE_TENSOR_gamma])[c] == 1.0f);
        cr_assert(((float *)defaults.inputs[REFERENCE_TENSOR_beta])[c] == 0.0f);
        cr_assert(((float *)normal.inputs[REFERENCE_TENSOR_gamma])[c] != 1.0f);
    }
    release(&normal);
    release(&defaults);
}

/* Checks that element (m, s, c) of a channels-last tensor is element (m, c, s) of a channels-first
 * one. */
static void assert_turned(const char *first_text, const char *last_text,
                          enum reference_tensor_id id, int64_t channels, int64_t positions) {
    struct inputs first = make(first_text, VERIFY_DATA_NORMAL);
    struct inputs last = make(last_text, VERIFY_DATA_NORMAL);
    const float *a = first.inputs[id], *b = last.inputs[id];
    for (int64_t i = 0; i < first.tensors[id].count; i++) {
        const int64_t m = i / (channels * positions);
        const int64_t c = i / positions % channels, s = i % positions;
        cr_assert(a[i] == b[(m * positions + s) * channels + c], "%s, %s[%lld]", last_text,
                  first.tensors[id].name, (long long)i);
        cr_assert(reference_element_at(&last.problem, m * channels + c, s, positions) ==
                  (m * positions + s) * channels + c);
        cr_assert(reference_element_at(&first.problem, m * channels + c, s, positions) == i);
    }
    release(&first);
    release(&last);
}

Test(inputs, are_the_same_in_both_layouts) {
    assert_turned("gn:3x4x5x2:epilogue=add_relu", "gn:3x4x5x2:epilogue=add_relu,layout=nsc",
                  REFERENCE_TENSOR_x, 4, 10);
    assert_turned("gn:3x4x5x2:epilogue=add_relu", "gn:3x4x5x2:epilogue=add_relu,layout=nsc",
                  REFERENCE_TENSOR_residual, 4, 10);
    assert_turned("bn:3x4x5x2:pass=bwd", "bn:3x4x5x2:pass=bwd,layout=nsc", REFERENCE_TENSOR_dy, 4,
                  10);
    assert_turned("adain:3x4x5x2:styles=2,style=7", "adain:3x4x5x2:styles=2,style=7,layout=nsc",
                  REFERENCE_TENSOR_style, 4, 7);
}

/* Returns the largest absolute value of a tensor, and checks that none is 0. */
static double largest_of(const char *text, enum verify_data data, enum reference_tensor_id id) {
    struct inputs inputs = make(text, data);
    const float *values = inputs.inputs[id];
    double largest = 0.0;
    for (int64_t i = 0; i < inputs.tensors[id].count; i++) {
        cr_assert(values[i] != 0.0f && isfinite(values[i]), "%s", text);
        largest = fmax(largest, fabs((double)values[i]));
    }
    release(&inputs);
    return largest;
}

static void expect_reach(const char *text, enum verify_data data, enum reference_tensor_id id,
                         double reach) {
    const double largest = largest_of(text, data, id);
    cr_expect(largest > reach && largest < 10.0 * reach, "%s, %s: %g", text, verify_data_name(data),
              largest);
}

/* A kind of data has two magnitudes, in problems whose samples and channels are even and odd. */
Test(inputs, reach_both_ends_of_the_range) {
    expect_reach("in:2x4x50", VERIFY_DATA_HUGE, REFERENCE_TENSOR_x, 1e31);
    expect_reach("in:2x3x50", VERIFY_DATA_HUGE, REFERENCE_TENSOR_x, 3e37);
    expect_reach("ln:2x3x50:layout=nsc", VERIFY_DATA_HUGE, REFERENCE_TENSOR_x, 3e37);
    expect_reach("rms:2x3x50", VERIFY_DATA_HUGE, REFERENCE_TENSOR_x, 1e30);
    expect_reach("bn:2x3x50:pass=bwd", VERIFY_DATA_HUGE, REFERENCE_TENSOR_x, 1e30);
    expect_reach("bn:2x3x50:pass=bwd", VERIFY_DATA_HUGE, REFERENCE_TENSOR_dy, 1.0);
    expect_reach("in:2x3x50", VERIFY_DATA_TINY, REFERENCE_TENSOR_x, 1e-40);
    expect_reach("bn:2x3x50:pass=bwd", VERIFY_DATA_TINY, REFERENCE_TENSOR_x, 1e-40);
    expect_reach("bn:2x3x50:pass=bwd,eps=0", VERIFY_DATA_TINY, REFERENCE_TENSOR_x, 1e-30);
    expect_reach("unit:2x3x50:form=vector,pass=bwd", VERIFY_DATA_TINY, REFERENCE_TENSOR_x, 1e-30);
}

Test(inputs, of_gradients_reach_both_ends_of_the_range) {
    expect_reach("bn:2x4x50:pass=bwd", VERIFY_DATA_HUGE_DY, REFERENCE_TENSOR_dy, 1e30);
    expect_reach("bn:2x3x50:pass=bwd", VERIFY_DATA_HUGE_DY, REFERENCE_TENSOR_dy, 1e37);
    expect_reach("bn:2x3x50:pass=bwd", VERIFY_DATA_HUGE_DY, REFERENCE_TENSOR_x, 1.0);
    expect_reach("bn:2x4x50:pass=bwd", VERIFY_DATA_TINY_DY, REFERENCE_TENSOR_dy, 1e-30);
    expect_reach("bn:2x3x50:pass=bwd", VERIFY_DATA_TINY_DY, REFERENCE_TENSOR_dy, 1e-36);
    expect_reach("bn:2x4x50:pass=bwd", VERIFY_DATA_OPPOSITE, REFERENCE_TENSOR_x, 1e30);
    expect_reach("bn:2x4x50:pass=bwd", VERIFY_DATA_OPPOSITE, REFERENCE_TENSOR_dy, 1e-30);
    expect_reach("bn:2x3x50:pass=bwd", VERIFY_DATA_OPPOSITE, REFERENCE_TENSOR_x, 1e-40);
    expect_reach("bn:2x3x50:pass=bwd", VERIFY_DATA_OPPOSITE, REFERENCE_TENSOR_dy, 1e30);
}

Test(inputs, of_gradients_have_extremes_of_their_own_backward_alone) {
    struct inputs forward = make("in:2x3x4", VERIFY_DATA_NORMAL);
    struct inputs backward = make("in:2x3x4:pass=bwd", VERIFY_DATA_NORMAL);
    for (int data = VERIFY_DATA_EXTREMES_OF_DY; data < VERIFY_DATA_COUNT; data++) {
        cr_expect(!verify_data_suits((enum verify_data)data, &forward.problem));
        cr_expect(verify_data_suits((enum verify_data)data, &backward.problem));
    }
    cr_expect(verify_data_suits(VERIFY_DATA_OUTLIER, &forward.problem));
    release(&forward);
    release(&backward);
}

/* Signs alternate in every second channel. */
Test(inputs, that_are_huge_cancel) {
    struct inputs inputs = make("in:2x2x50", VERIFY_DATA_HUGE);
    const float *x = inputs.inputs[REFERENCE_TENSOR_x];
    for (int n = 0; n < 2; n++) {
        int changes[2] = {0};
        for (int i = 1; i < 50; i++) {
            changes[0] += signbit(x[n * 100 + i]) != signbit(x[n * 100 + i - 1]);
            changes[1] += signbit(x[n * 100 + 50 + i]) != signbit(x[n * 100 + 50 + i - 1]);
        }
        cr_expect(changes[0] < 45 && changes[1] == 49, "%d, %d", changes[0], changes[1]);
    }
    release(&inputs);
}

/* Both sizes occur even in operators with one set per sample, over several problems. */
Test(inputs, have_large_means_of_both_sizes) {
    static const char *const texts[] = {"in:2x4x50", "ln:2x4x50", "ln:2x5x50"};
    int sizes[2] = {0};
    for (int t = 0; t < 3; t++) {
        struct inputs inputs = make(texts[t], VERIFY_DATA_LARGE_MEAN);
        const float *x = inputs.inputs[REFERENCE_TENSOR_x];
        int in_this[2] = {0};
        for (int64_t i = 0; i < inputs.tensors[REFERENCE_TENSOR_x].count; i++) {
            const double mean = fabs((double)x[i]) > 1e5 ? 1e6 : 1e4;
            cr_assert(fabs(fabs((double)x[i]) - mean) < 5.0, "%s: %g", texts[t], (double)x[i]);
            in_this[mean > 1e5]++;
        }
        cr_expect((in_this[0] > 0 && in_this[1] > 0) == (t == 0), "%s", texts[t]);
        sizes[0] += in_this[0];
        sizes[1] += in_this[1];
        release(&inputs);
    }
    cr_expect(sizes[0] > 300 && sizes[1] > 300);
}

/* Checks that x consists of levels with many ties, in 0 to 255 for even widths and in 0 to 1 for
 * odd ones. */
static void assert_picture(const char *text, double white) {
    struct inputs inputs = make(text, VERIFY_DATA_IMAGE);
    const float *x = inputs.inputs[REFERENCE_TENSOR_x];
    const int64_t count = inputs.tensors[REFERENCE_TENSOR_x].count;
    int64_t saturated = 0, dark = 0, alike = 0;
    for (int64_t i = 0; i < count; i++) {
        const double level = (double)x[i] / white * 255.0;
        cr_assert(level >= 0.0 && level < 255.01, "%s: %g", text, level);
        cr_assert(fabs(level - round(level)) < 1e-4, "%s: %g", text, level);
        saturated += level > 254.5;
        dark += level < 20.0;
        alike += i > 0 && x[i] == x[i - 1];
    }
    cr_expect(saturated > count / 20 && saturated < count / 2, "%s: %lld", text,
              (long long)saturated);
    cr_expect(dark > count / 50 && dark < count / 2, "%s: %lld", text, (long long)dark);
    cr_expect(alike > count / 10, "%s: %lld", text, (long long)alike);
    release(&inputs);
}

Test(inputs, may_be_a_picture) {
    assert_picture("in:2x3x30x40", 255.0);
    assert_picture("in:2x3x30x41", 1.0);
}

Test(inputs, are_a_picture_only_of_two_dimensions) {
    struct inputs flat = make("in:2x3x30x40", VERIFY_DATA_IMAGE);
    struct inputs line = make("in:2x3x1200", VERIFY_DATA_IMAGE);
    cr_expect(verify_data_suits(VERIFY_DATA_IMAGE, &flat.problem));
    cr_expect(!verify_data_suits(VERIFY_DATA_IMAGE, &line.problem));
    cr_expect(verify_data_suits(VERIFY_DATA_NORMAL, &line.problem));
    release(&flat);
    release(&line);
}

/* Subnormal numbers have no inverse in float, so data that are divided by without an epsilon are
 * larger. */
Test(inputs, are_inverted_within_the_range) {
    struct inputs inputs = make("unit:2x3x50:form=vanilla", VERIFY_DATA_TINY);
    const float *x = inputs.inputs[REFERENCE_TENSOR_x];
    for (int n = 0; n < 2; n++) {
        double squares = 0.0;
        for (int i = 0; i < 150; i++) {
            squares += (double)x[n * 150 + i] * (double)x[n * 150 + i];
        }
        cr_expect(isfinite((float)(1.0 / sqrt(squares))));
    }
    release(&inputs);
}

Test(inputs, have_one_outlier_a_plane_among_zeros_of_both_signs) {
    struct inputs inputs = make("in:2x3x50", VERIFY_DATA_OUTLIER);
    const float *x = inputs.inputs[REFERENCE_TENSOR_x];
    for (int p = 0; p < 6; p++) {
        int outliers = 0, negative = 0;
        for (int s = 0; s < 50; s++) {
            outliers += x[p * 50 + s] != 0.0f;
            negative += x[p * 50 + s] == 0.0f && signbit(x[p * 50 + s]);
        }
        cr_expect_eq(outliers, 1);
        cr_expect(negative > 20 && negative < 30);
    }
    release(&inputs);
}
