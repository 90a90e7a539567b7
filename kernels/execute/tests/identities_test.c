/* Executions that must agree: identities between operators to the bit, and the two layouts nearly.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "kernels/tests/bundle.h"
#include "kernels/tests/variants.h"

/* ---- identities --------------------------------------------------------------------------- */

static struct bundle *executed(const char *text, int threads) {
    struct bundle *bundle = bundle_make(text, 0);
    const norma_status status = bundle_execute(bundle, &(struct norma_options){.threads = threads});
    cr_assert(status == NORMA_STATUS_OK, "%s: %s", text, norma_strerror(status));
    return bundle;
}

/* Checks that the y of the larger problem begins with the y of the other. */
static void expect_same_y(const struct bundle *a, const struct bundle *b, const char *text) {
    const size_t a_bytes = reference_tensor_bytes(&a->tensors[REFERENCE_TENSOR_y]);
    const size_t b_bytes = reference_tensor_bytes(&b->tensors[REFERENCE_TENSOR_y]);
    cr_assert(memcmp(a->data[REFERENCE_TENSOR_y], b->data[REFERENCE_TENSOR_y],
                     a_bytes < b_bytes ? a_bytes : b_bytes) == 0,
              "%s", text);
}

static void identical(const char *a_text, const char *b_text) {
    struct bundle *a = executed(a_text, 2), *b = executed(b_text, 1);
    expect_same_y(a, b, a_text);
    bundle_free(a);
    bundle_free(b);
}

Test(identities, group_norm_with_a_group_per_channel_is_instance_norm) {
    identical("gn:3x10x7x9:g=10", "in:3x10x7x9");
    identical("gn:1x2x5000:g=2", "in:1x2x5000");
    identical("gn:2x70x9x9:layout=nsc,g=70", "in:2x70x9x9:layout=nsc");
}

Test(identities, batch_norm_of_one_sample_is_instance_norm) {
    identical("bn:1x10x7x9", "in:1x10x7x9");
    identical("bn:1x10x77x99:layout=nsc", "in:1x10x77x99:layout=nsc");
}

Test(identities, bin_with_closed_gate_is_instance_norm_and_open_batch_norm) {
    identical("bin:4x5x6x7:rho=0", "in:4x5x6x7");
    identical("bin:4x5x6x7:layout=nsc,rho=0", "in:4x5x6x7:layout=nsc");
    identical("bin:4x5x6x7:rho=1", "bn:4x5x6x7");
}

Test(identities, alpha_zero_leaves_every_bit_of_x) {
    static const char *const problems[] = {
        "adain:3x5x77:alpha=0", "adain:3x5x77:alpha=0,style=stats", "unit:3x5x77:alpha=0"};
    for (int i = 0; i < 3; i++) {
        struct bundle *bundle = bundle_make(problems[i], 0);
        float *x = bundle->data[REFERENCE_TENSOR_x];
        x[3] = -0.0f;
        x[4] = 1e-42f;
        cr_assert(bundle_execute(bundle, NULL) == NORMA_STATUS_OK);
        cr_assert(memcmp(x, bundle->data[REFERENCE_TENSOR_y], 3 * 5 * 77 * sizeof *x) == 0, "%s",
                  problems[i]);
        bundle_free(bundle);
    }
}

Test(identities, samples_do_not_see_each_other) {
    identical("in:4x6x50", "in:1x6x50");
    identical("gn:4x6x50:g=3", "gn:1x6x50:g=3");
    identical("ln:4x6x50", "ln:1x6x50");
    identical("rms:4x6x50", "rms:1x6x50");
    identical("unit:4x6x50", "unit:1x6x50");
    identical("adain:4x6x50", "adain:1x6x50");
}

Test(identities, a_plane_of_one_element_is_beta) {
    struct bundle *bundle = executed("in:2x3x1", 1);
    const float *y = bundle->data[REFERENCE_TENSOR_y], *beta = bundle->data[REFERENCE_TENSOR_beta];
    for (int i = 0; i < 6; i++) {
        cr_assert(y[i] == beta[i % 3]);
    }
    bundle_free(bundle);
}

/* Checks that y is NaN everywhere where gamma is infinite and beta negative: a deviation of 0 times
 * the infinity is NaN, and any other is an infinity, of which the ReLU makes 0 if it is
 * negative. */
static void expect_no_deviation(const char *text, const char *set) {
    struct bundle *bundle = bundle_make(text, 0);
    float *gamma = bundle->data[REFERENCE_TENSOR_gamma],
          *beta = bundle->data[REFERENCE_TENSOR_beta];
    for (int64_t c = 0; c < bundle->problem.c; c++) {
        gamma[c] = INFINITY;
        beta[c] = -1.0f;
    }
    const norma_status status =
        bundle_execute(bundle, &(struct norma_options){.sets = set, .threads = 1});
    cr_assert(status == NORMA_STATUS_OK, "%s, %s: %s", set, text, norma_strerror(status));
    const float *y = bundle->data[REFERENCE_TENSOR_y];
    for (int64_t i = 0; i < bundle->tensors[REFERENCE_TENSOR_y].count; i++) {
        cr_assert(isnan(y[i]), "%s, %s: y[%lld] is %g", set, text, (long long)i, (double)y[i]);
    }
    bundle_free(bundle);
}

/* The gates give either mean the larger share. */
Test(identities, a_single_element_is_the_mean_of_both_of_bins_means) {
    static const char *const problems[] = {
        "bin:1x69:eps=1,epilogue=relu,rho=0.07",
        "bin:1x69:eps=1,epilogue=relu,rho=0.93",
        "bin:1x69x1:layout=nsc,eps=1,epilogue=relu",
    };
    for (size_t set = 0; norma_set_name(set); set++) {
        for (size_t i = 0; norma_set_available(set) && i < 3; i++) {
            expect_no_deviation(problems[i], norma_set_name(set));
        }
    }
}

/* ---- layouts ------------------------------------------------------------------------------ */

/* How near the two layouts are to each other is verify's subject. These tests make sure that no
 * element, channel or region is taken for another, in any variant, pass and epilogue. */

/* Makes the same bundle channels-last. All tensors that depend on the layout are of floats. */
static struct bundle *turned_bundle(const struct bundle *first) {
    struct bundle *last = bundle_copy(first, 0);
    last->problem.layout = NORMA_LAYOUT_NSC;
    for (int i = 0; i < REFERENCE_TENSOR_COUNT; i++) {
        const enum reference_tensor_id id = (enum reference_tensor_id)i;
        const float *from = first->data[i];
        float *to = last->data[i];
        const bool turns =
            bundle_uses(first, i) && reference_tensor_positions(&last->problem, id) > 0;
        for (int64_t k = 0; turns && k < first->tensors[i].count; k++) {
            to[reference_turned(&last->problem, id, k)] = from[k];
        }
    }
    return last;
}

static float largest_of(const float *values, int64_t count) {
    float largest = 0.0f;
    for (int64_t i = 0; i < count; i++) {
        largest = isfinite(values[i]) ? fmaxf(largest, fabsf(values[i])) : largest;
    }
    return largest;
}

static bool is_near(float a, float b, float bound) {
    return a == b || (isnan(a) && isnan(b)) || fabsf(a - b) <= bound;
}

static void expect_near(const char *text, const struct bundle *first, const struct bundle *last,
                        int id) {
    const float *expected = first->data[id], *got = last->data[id];
    const int64_t count = first->tensors[id].count;
    const float bound = 1e-5f * largest_of(expected, count);
    for (int64_t i = 0; i < count; i++) {
        const float value = got[reference_turned(&last->problem, (enum reference_tensor_id)id, i)];
        cr_assert(is_near(value, expected[i], bound),
                  "%s: channels-last, %s has %g where channels-first has %g, [%lld]", text,
                  first->tensors[id].name, (double)value, (double)expected[i], (long long)i);
    }
}

/* Variants come in both layouts, but the second is made from the first here. */
static void layouts_agree(const char *text) {
    if (bundle_problem(text).layout != NORMA_LAYOUT_NCS) {
        return;
    }
    struct bundle *first = bundle_make(text, 0), *last = turned_bundle(first);
    cr_assert(bundle_execute(first, NULL) == NORMA_STATUS_OK, "%s", text);
    cr_assert(bundle_execute(last, NULL) == NORMA_STATUS_OK, "%s", text);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        if (bundle_uses(first, id) && reference_is_output(&first->tensors[id])) {
            expect_near(text, first, last, id);
        }
    }
    bundle_free(first);
    bundle_free(last);
}

/* Few channels and many, whole vectors, and regions that are cut; for one thread and for several.
 */
static const char *const shapes[] = {"3x6x37", "2x48x150", "2x267x131", "1x3x33347", "5x39"};

Test(layouts, agree) {
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        test_for_each_variant(shapes[i], layouts_agree);
    }
}
