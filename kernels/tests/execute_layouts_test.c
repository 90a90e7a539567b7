/* Channels-last gives what channels-first gives: every operator in every variant, pass and
 * epilogue. How near the two are to each other is verify's subject; here, that no element, channel
 * or region is taken for another.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "kernels/tests/bundle.h"
#include "kernels/tests/variants.h"

/* What depends on the layout is float everywhere. */
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

/* The variants come in both layouts: the one is made of the other. */
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

/* Few channels and many, whole vectors, and regions that are cut; in one thread and in several. */
static const char *const shapes[] = {"3x6x37", "2x48x150", "2x267x131", "1x3x33347", "5x39"};

Test(layouts, agree) {
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        for_each_variant(shapes[i], layouts_agree);
    }
}
