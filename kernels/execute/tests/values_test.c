/* Arguments with values that are not allowed are refused before anything is written, in every pass.
 * Values at the edge of the allowed range are accepted.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "kernels/tests/bundle.h"

/* ---- helpers ------------------------------------------------------------------------------ */

/* The elements of tensors are float, int32_t or uint8_t. */
static double value_at(const struct bundle *bundle, int id, int64_t index) {
    if (bundle->tensors[id].size == 1) {
        return ((const uint8_t *)bundle->data[id])[index];
    }
    const bool whole = id == REFERENCE_TENSOR_style_index || id == REFERENCE_TENSOR_permutation;
    return whole ? ((const int32_t *)bundle->data[id])[index]
                 : (double)((const float *)bundle->data[id])[index];
}

static void set_value(struct bundle *bundle, int id, int64_t index, double value) {
    if (bundle->tensors[id].size == 1) {
        ((uint8_t *)bundle->data[id])[index] = (uint8_t)value;
    } else if (id == REFERENCE_TENSOR_style_index || id == REFERENCE_TENSOR_permutation) {
        ((int32_t *)bundle->data[id])[index] = (int32_t)value;
    } else {
        ((float *)bundle->data[id])[index] = (float)value;
    }
}

/* Checks that the explanation has the status, and names the entry; the first of a sample's weights,
 * which are wrong together. */
static void expect_named(const struct bundle *bundle, int id, int64_t index,
                         norma_status expected) {
    const bool together = id == REFERENCE_TENSOR_style_weights;
    const int64_t styles = together ? bundle->problem.styles : 1;
    char message[160], entry[64];
    cr_assert(bundle_explain(bundle, message, sizeof message) == expected);
    snprintf(entry, sizeof entry, "args.%s[%lld] %s", bundle->tensors[id].name,
             (long long)(index / styles * styles), together ? "to" : "is");
    cr_assert(strncmp(message, entry, strlen(entry)) == 0, "%s: %s", entry, message);
}

/* Tries the value at every element, one at a time. */
static void expect_refused(const char *text, int id, double value, norma_status expected) {
    struct bundle *bundle = bundle_make(text, 0), *untouched = bundle_make(text, 0);
    for (int64_t i = 0; i < bundle->tensors[id].count; i++) {
        const double own = value_at(bundle, id, i);
        set_value(bundle, id, i, value);
        const norma_status status = bundle_execute(bundle, NULL);
        expect_named(bundle, id, i, expected);
        set_value(bundle, id, i, own);
        cr_assert(status == expected, "%s, %s[%lld] = %g: status \"%s\"", text,
                  bundle->tensors[id].name, (long long)i, value, norma_strerror(status));
        const char *written = bundle_difference(bundle, untouched, REFERENCE_TENSOR_COUNT);
        cr_assert(!written, "%s, %s[%lld] = %g: refused, but %s was written to", text,
                  bundle->tensors[id].name, (long long)i, value, written);
    }
    cr_assert(bundle_execute(bundle, NULL) == NORMA_STATUS_OK, "%s", text);
    bundle_free(bundle);
    bundle_free(untouched);
}

static void refused_in(const char *const texts[], int id, const double values[], size_t count,
                       norma_status expected) {
    for (; *texts; texts++) {
        for (size_t i = 0; i < count; i++) {
            expect_refused(*texts, id, values[i], expected);
        }
    }
}

#define REFUSED(texts, id, expected, ...)                                                          \
    refused_in(texts, REFERENCE_TENSOR_##id, (const double[]){__VA_ARGS__},                        \
               sizeof((const double[]){__VA_ARGS__}) / sizeof(double), expected)

/* Fills the tensor with `values`, in turn. */
static void expect_accepted(const char *text, int id, const double *values, int count) {
    struct bundle *bundle = bundle_make(text, 0);
    for (int64_t i = 0; i < bundle->tensors[id].count; i++) {
        set_value(bundle, id, i, values[i % count]);
    }
    const norma_status status = bundle_execute(bundle, NULL);
    cr_assert(status == NORMA_STATUS_OK, "%s: %s", text, norma_strerror(status));
    bundle_free(bundle);
}

#define ACCEPTED(text, id, ...)                                                                    \
    expect_accepted(text, REFERENCE_TENSOR_##id, (const double[]){__VA_ARGS__},                    \
                    (int)(sizeof((const double[]){__VA_ARGS__}) / sizeof(double)))

/* ---- gates -------------------------------------------------------------------------------- */

static const char *const gates[] = {
    "bin:2x5x7",
    "bin:2x5x7:pass=inf",
    "bin:2x5x7:pass=bwd",
    "bin:2x5x7:pass=inf_bwd",
    "bin:2x5x7:epilogue=add_relu,pass=bwd",
    "bin:1x3x40000", /* two-phase */
    "bin:1x3x40000:pass=bwd",
    NULL,
};

Test(values, of_gates_are_in_0_to_1) {
    REFUSED(gates, rho, NORMA_STATUS_BAD_GATE, -0x1p-149, 1 + 0x1p-23, -1, 7, INFINITY, -INFINITY,
            NAN);
    ACCEPTED("bin:2x5x7", rho, 0, 1, 0.5, -0.0, 0x1p-149);
    ACCEPTED("bin:2x5x7:pass=bwd", rho, 0, 1, 0.5, -0.0, 0x1p-149);
}

/* ---- rows of tables ----------------------------------------------------------------------- */

static const char *const tables[] = {
    "cin:5x3x7",
    "cin:5x3x7:styles=3",
    "cin:5x3x7:styles=3,pass=inf",
    "cin:5x3x7:styles=3,pass=bwd",
    "cin:5x3x7:styles=3,pass=bwd,epilogue=relu",
    NULL,
};

Test(values, of_style_indices_are_rows_of_the_tables) {
    REFUSED(tables, style_index, NORMA_STATUS_BAD_STYLE_INDEX, -1, 3, 4, INT32_MAX, INT32_MIN);
    expect_refused("cin:5x3x7", REFERENCE_TENSOR_style_index, 1, NORMA_STATUS_BAD_STYLE_INDEX);
    ACCEPTED("cin:5x3x7:styles=3", style_index, 2, 0, 1);
    ACCEPTED("cin:5x3x7:styles=3,pass=bwd", style_index, 2);
}

/* ---- weights of styles -------------------------------------------------------------------- */

static const char *const mixtures[] = {
    "adain:3x2x7:styles=3",
    "adain:3x2x7:styles=3,style=stats,pass=inf",
    "adain:3x2x7:styles=3,pass=bwd",
    "adain:3x2x7:styles=3,style=stats,pass=bwd",
    NULL,
};

/* The weights of the bundle are 1/6, 2/6 and 3/6 in some order. */
Test(values, of_style_weights_sum_to_one) {
    REFUSED(mixtures, style_weights, NORMA_STATUS_BAD_WEIGHTS, 0, 1, -1, 1e30, INFINITY, NAN);
    const double third = 1.0 / 3.0;
    ACCEPTED("adain:3x2x7:styles=3", style_weights, third, third, third);
    ACCEPTED("adain:3x2x7:styles=3", style_weights, 1, 0, 0);
    ACCEPTED("adain:3x2x7:styles=3", style_weights, 2, -1.5, 0.5);
    ACCEPTED("adain:3x2x7:styles=3,pass=bwd", style_weights, 0.7, 0.2, 0.1);
    ACCEPTED("adain:3x2x7:styles=10,style=stats", style_weights, 0.1);
    ACCEPTED("adain:1x2x7:styles=1000,style=stats", style_weights, 0.001);
}

Test(values, of_style_weights_may_miss_one_by_roundings_alone) {
    ACCEPTED("adain:3x2x7:styles=3", style_weights, 0.5, 0.5, 3 * 0x1p-23);
    struct bundle *bundle = bundle_make("adain:3x2x7:styles=3", 0);
    float *weights = bundle->data[REFERENCE_TENSOR_style_weights];
    memcpy(weights + 6, (const float[]){0.5f, 0.5f, 4 * 0x1p-23f}, 3 * sizeof *weights);
    cr_assert(bundle_execute(bundle, NULL) == NORMA_STATUS_BAD_WEIGHTS);
    memcpy(weights + 6, (const float[]){0.5f, 0.5f, -4 * 0x1p-23f}, 3 * sizeof *weights);
    cr_assert(bundle_execute(bundle, NULL) == NORMA_STATUS_BAD_WEIGHTS);
    bundle_free(bundle);
}

/* ---- labels ------------------------------------------------------------------------------- */

static const char *const maps[] = {
    "adain:2x2x7:regions=2",
    "adain:2x2x7:regions=3,style=stats,pass=inf",
    "adain:2x2x7:regions=3,pass=bwd",
    "adain:2x2x7:regions=3,style=stats,pass=bwd",
    NULL,
};

Test(values, of_labels_are_regions) {
    REFUSED(maps, labels, NORMA_STATUS_BAD_LABEL, 3, 4, 128, 255);
    expect_refused("adain:2x2x7:regions=2", REFERENCE_TENSOR_labels, 2, NORMA_STATUS_BAD_LABEL);
    expect_refused("adain:2x2x7:regions=255", REFERENCE_TENSOR_labels, 255, NORMA_STATUS_BAD_LABEL);
    ACCEPTED("adain:2x2x7:regions=256", labels, 255, 0);
    ACCEPTED("adain:2x2x7:regions=3,pass=bwd", labels, 2);
}

/* ---- permutations ------------------------------------------------------------------------- */

static const char *const swaps[] = {
    "adain:5x2x7:style=swap",
    "adain:5x2x7:style=swap,std=unbiased,pass=inf",
    "adain:5x2x7:style=swap,pass=bwd",
    "adain:5x2x7:style=swap,pass=bwd,epilogue=relu",
    NULL,
};

Test(values, of_permutations_are_samples) {
    REFUSED(swaps, permutation, NORMA_STATUS_BAD_PERMUTATION, -1, 5, INT32_MAX, INT32_MIN);
    ACCEPTED("adain:5x2x7:style=swap", permutation, 0, 1, 2, 3, 4);
    ACCEPTED("adain:5x2x7:style=swap,pass=bwd", permutation, 4, 3, 2, 1, 0);
}

Test(values, of_permutations_are_there_once) {
    for (const char *const *text = swaps; *text; text++) {
        struct bundle *bundle = bundle_make(*text, 0), *untouched = bundle_make(*text, 0);
        int32_t *permutation = bundle->data[REFERENCE_TENSOR_permutation];
        for (int n = 0; n < 5; n++) {
            for (int other = 0; other < 5; other++) {
                const int32_t own = permutation[n];
                permutation[n] = permutation[other];
                cr_assert(n == other ||
                              bundle_execute(bundle, NULL) == NORMA_STATUS_BAD_PERMUTATION,
                          "%s: sample %d as %d", *text, n, other);
                permutation[n] = own;
                cr_assert(!bundle_difference(bundle, untouched, REFERENCE_TENSOR_COUNT), "%s",
                          *text);
            }
        }
        bundle_free(bundle);
        bundle_free(untouched);
    }
}

/* ---- sentences ---------------------------------------------------------------------------- */

static void expect_sentence(const char *text, int id, int64_t index, double value,
                            const char *sentence) {
    struct bundle *bundle = bundle_make(text, 0);
    char message[160];
    set_value(bundle, id, index, value);
    bundle_explain(bundle, message, sizeof message);
    cr_assert(strcmp(message, sentence) == 0, "%s: %s", text, message);
    bundle_free(bundle);
}

Test(values, that_are_refused_are_named) {
    expect_sentence("bin:2x5x7", REFERENCE_TENSOR_rho, 3, 1.5,
                    "args.rho[3] is 1.5, expected 0 to 1");
    expect_sentence("bin:2x5x7", REFERENCE_TENSOR_rho, 0, -0x1p-149,
                    "args.rho[0] is -1.40129846e-45, expected 0 to 1");
    expect_sentence("cin:5x3x7:styles=3", REFERENCE_TENSOR_style_index, 4, 3,
                    "args.style_index[4] is 3, expected 0 to 2");
    expect_sentence("adain:3x2x7:styles=2", REFERENCE_TENSOR_style_weights, 2, 3,
                    "args.style_weights[2] to [3], the weights of sample 1, sum to 3.33333334, "
                    "expected 1 within 2.38e-07");
    expect_sentence("adain:2x2x7:regions=3", REFERENCE_TENSOR_labels, 9, 200,
                    "args.labels[9] is 200, expected 0 to 2");
    expect_sentence("adain:5x2x7:style=swap", REFERENCE_TENSOR_permutation, 1, -2,
                    "args.permutation[1] is -2, expected 0 to 4");
}

Test(values, that_are_there_twice_are_named) {
    struct bundle *bundle = bundle_make("adain:5x2x7:style=swap", 0);
    char message[160];
    memcpy(bundle->data[REFERENCE_TENSOR_permutation], (const int32_t[]){4, 2, 0, 2, 1},
           5 * sizeof(int32_t));
    bundle_explain(bundle, message, sizeof message);
    cr_assert(strcmp(message, "args.permutation[3] is 2, as is args.permutation[1]") == 0, "%s",
              message);
    bundle_free(bundle);
}
