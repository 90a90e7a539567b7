/* Mutants of the vocabulary: functions that are wrong in a lane, or at a value, that no built-in
 * problem needs to have.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>
#include <string.h>

#include "kernels/sets/sets.h"
#include "verify/mutants/mutant_catalogue.h"
#include "verify/vocabulary/vocabulary.h"

/* Returns the vocabulary that each of these changes one function of. */
static const struct norma_vocabulary *good(void) {
    return verify_vocabulary_of("portable");
}

/* ---- memory ---------------------------------------------------------------------------------- */

static void exchange(float *a, float *b) {
    const float kept = *a;
    *a = *b;
    *b = kept;
}

static void load_exchanged(const void *p, float *out) {
    good()->load(p, out);
    exchange(&out[7], &out[8]);
}

/* Rounds the address down, as if an instruction for aligned memory did so. */
static void load_aligned(const void *p, float *out) {
    good()->load((const void *)((uintptr_t)p & ~(uintptr_t)15), out);
}

static void load_tail_short(const void *p, int count, float *out) {
    good()->load_tail(p, count, out);
    out[count - 1] = count == 9 ? 0.0f : out[count - 1];
}

static void load_tail_beyond(const void *p, int count, float *out) {
    (void)count;
    good()->load(p, out);
}

static void load_tail_before(const void *p, int count, float *out) {
    volatile float unused = ((const float *)p)[-1];
    (void)unused;
    good()->load_tail(p, count, out);
}

static void store_splat(void *p, const float *v) {
    good()->store(p, v);
    ((float *)p)[15] = v[14];
}

static void store_before(void *p, const float *v) {
    good()->store(p, v);
    ((float *)p)[-1] = v[0];
}

static void store_tail_short(void *p, int count, const float *v) {
    if (count > 1) {
        good()->store_tail(p, count - 1, v);
    }
}

static void store_tail_beyond(void *p, int count, const float *v) {
    good()->store(p, v);
    (void)count;
}

/* Writes an element too many, but not where it is a fault: the canary shows it. */
static void store_tail_beside(void *p, int count, const float *v) {
    float *const beside = (float *)p + count;
    good()->store_tail(p, count, v);
    if (((uintptr_t)beside & 4095) != 0) {
        *beside = v[count];
    }
}

static void stream_half(void *p, const float *v) {
    good()->store_tail(p, 8, v);
}

static void load64_exchanged(const double *p, double *out) {
    good()->load64(p, out);
    out[0] = p[1];
    out[1] = p[0];
}

static void store64_as_floats(double *p, const double *v) {
    for (int i = 0; i < NORMA_LANES; i++) {
        p[i] = (double)(float)v[i];
    }
}

static void widen_load_last(const void *p, double *out) {
    good()->widen_load(p, out);
    out[15] = out[11];
}

static void widen_load_tail_unfilled(const void *p, int count, float fill, double *out) {
    (void)fill;
    good()->widen_load_tail(p, count, 0.0f, out);
}

static void widen_load_tail_filled(const void *p, int count, float fill, double *out) {
    good()->widen_load_tail(p, count, fill, out);
    out[count - 1] = (double)fill;
}

/* ---- floats ---------------------------------------------------------------------------------- */

static void splat32_low(float a, float *out) {
    good()->splat32(a, out);
    memset(out + 8, 0, 8 * sizeof *out);
}

static void add32_flushing(const float *a, const float *b, float *out) {
    good()->add32(a, b, out);
    for (int i = 0; i < NORMA_LANES; i++) {
        out[i] = fpclassify(out[i]) == FP_SUBNORMAL ? 0.0f : out[i];
    }
}

static void sub32_exchanged(const float *a, const float *b, float *out) {
    good()->sub32(b, a, out);
}

static void mul32_one_lane(const float *a, const float *b, float *out) {
    good()->mul32(a, b, out);
    out[12] = nextafterf(out[12], INFINITY);
}

static void div32_reciprocal(const float *a, const float *b, float *out) {
    for (int i = 0; i < NORMA_LANES; i++) {
        out[i] = a[i] * (1.0f / b[i]);
    }
}

static void fma32_in_two(const float *a, const float *b, const float *c, float *out) {
    float product[NORMA_LANES];
    good()->mul32(a, b, product);
    good()->add32(product, c, out);
}

/* Rounds twice: wrong where the double lies in the middle between two floats. */
static void fma32_rounded_twice(const float *a, const float *b, const float *c, float *out) {
    for (int i = 0; i < NORMA_LANES; i++) {
        out[i] = (float)((double)a[i] * (double)b[i] + (double)c[i]);
    }
}

static void relu_mask_not_at_nan(const float *v, const float *y, float *out) {
    for (int i = 0; i < NORMA_LANES; i++) {
        out[i] = y[i] > 0.0f ? v[i] : 0.0f;
    }
}

static void relu_mask_at_negative_zero(const float *v, const float *y, float *out) {
    for (int i = 0; i < NORMA_LANES; i++) {
        out[i] = y[i] < 0.0f || (y[i] == 0.0f && !signbit(y[i])) ? 0.0f : v[i];
    }
}

static void relu_mask_by_product(const float *v, const float *y, float *out) {
    for (int i = 0; i < NORMA_LANES; i++) {
        out[i] = v[i] * (y[i] <= 0.0f ? 0.0f : 1.0f);
    }
}

static void join_lanes_one_more(const float *first, int count, const float *rest, float *out) {
    good()->join_lanes(first, count + (count == 8), rest, out);
}

static void select_by_label_exchanged(const uint8_t *labels, uint8_t label, const float *yes,
                                      const float *no, float *out) {
    good()->select_by_label(labels, label, no, yes, out);
}

static void select_by_label_seven_bits(const uint8_t *labels, uint8_t label, const float *yes,
                                       const float *no, float *out) {
    uint8_t seven[NORMA_LANES];
    for (int i = 0; i < NORMA_LANES; i++) {
        seven[i] = labels[i] & 127;
    }
    good()->select_by_label(seven, label & 127, yes, no, out);
}

/* Compares as if the labels were widened as signed numbers, and the label as an unsigned one. */
static void select_by_label_signed(const uint8_t *labels, uint8_t label, const float *yes,
                                   const float *no, float *out) {
    good()->select_by_label(labels, label, yes, no, out);
    if (label > 127) {
        memcpy(out, no, NORMA_LANES * sizeof *out);
    }
}

static void select_by_label_beyond(const uint8_t *labels, uint8_t label, const float *yes,
                                   const float *no, float *out) {
    volatile uint8_t unused = labels[NORMA_LANES];
    (void)unused;
    good()->select_by_label(labels, label, yes, no, out);
}

/* ---- doubles --------------------------------------------------------------------------------- */

static void widen_flushing(const float *v, double *out) {
    for (int i = 0; i < NORMA_LANES; i++) {
        out[i] = fpclassify(v[i]) == FP_SUBNORMAL ? 0.0 : (double)v[i];
    }
}

static void narrow_truncating(const double *v, float *out) {
    good()->narrow(v, out);
    for (int i = 0; i < NORMA_LANES; i++) {
        out[i] = fabs((double)out[i]) > fabs(v[i]) ? nextafterf(out[i], 0.0f) : out[i];
    }
}

static void narrow_ties_away(const double *v, float *out) {
    good()->narrow(v, out);
    for (int i = 0; i < NORMA_LANES; i++) {
        const double twice = 2.0 * v[i] - (double)out[i];
        out[i] = fabs(twice) > fabs((double)out[i]) && twice == (double)(float)twice ? (float)twice
                                                                                     : out[i];
    }
}

/* Is wrong only between the largest float and infinity. */
static void narrow_saturating(const double *v, float *out) {
    good()->narrow(v, out);
    for (int i = 0; i < NORMA_LANES; i++) {
        if (isinf(out[i]) && !isinf(v[i]) && fabs(v[i]) < 0x1p128) {
            out[i] = nextafterf(out[i], 0.0f);
        }
    }
}

static void splat64_as_float(double a, double *out) {
    good()->splat64((double)(float)a, out);
}

static void add64_one_lane(const double *a, const double *b, double *out) {
    good()->add64(a, b, out);
    out[3] = a[3];
}

static void sub64_without_sign(const double *a, const double *b, double *out) {
    good()->sub64(a, b, out);
    for (int i = 0; i < NORMA_LANES; i++) {
        out[i] = out[i] == 0.0 ? 0.0 : out[i];
    }
}

static void mul64_as_float(const double *a, const double *b, double *out) {
    good()->mul64(a, b, out);
    out[5] = (double)(float)out[5];
}

static void div64_reciprocal(const double *a, const double *b, double *out) {
    for (int i = 0; i < NORMA_LANES; i++) {
        out[i] = a[i] * (1.0 / b[i]);
    }
}

static void fma64_in_two(const double *a, const double *b, const double *c, double *out) {
    double product[NORMA_LANES];
    good()->mul64(a, b, product);
    good()->add64(product, c, out);
}

static void fma64_without_sign(const double *a, const double *b, const double *c, double *out) {
    good()->fma64(a, b, c, out);
    for (int i = 0; i < NORMA_LANES; i++) {
        out[i] = out[i] == 0.0 ? 0.0 : out[i];
    }
}

static double sum64_in_order(const double *v) {
    double sum = v[0];
    for (int i = 1; i < NORMA_LANES; i++) {
        sum += v[i];
    }
    return sum;
}

static double sum64_neighbours_first(const double *v) {
    double sums[NORMA_LANES];
    memcpy(sums, v, sizeof sums);
    for (int step = 1; step < NORMA_LANES; step *= 2) {
        for (int i = 0; i < NORMA_LANES; i += 2 * step) {
            sums[i] += sums[i + step];
        }
    }
    return sums[0];
}

static double sum64_from_zero(const double *v) {
    return 0.0 + good()->sum64(v);
}

static void sums64_exchanged(const double *v, double *out) {
    double sums[NORMA_LANES];
    good()->sums64(v, sums);
    for (int i = 0; i < NORMA_LANES; i++) {
        out[i] = sums[i ^ 1];
    }
}

static void sums64_one_in_order(const double *v, double *out) {
    good()->sums64(v, out);
    out[11] = sum64_in_order(v + 11 * NORMA_LANES);
}

/* Puts `wrong` in the place of one function, where it gives a wrong result or ends in a fault. */
#define REPLACED(name, wrong)                                                                      \
    VERIFY_SCOPE_VOCABULARY, .function = #name, .functions = &(const struct norma_vocabulary) {    \
        .name = wrong                                                                              \
    }
#define WRONG(name, wrong) VERIFY_CHECK_VOCABULARY, REPLACED(name, wrong)
#define FAULT(name, wrong) VERIFY_CHECK_FAULTS, REPLACED(name, wrong)

const struct verify_mutant verify_mutants_vocabulary[] = {
    {"load-exchanged", "two lanes change places", WRONG(load, load_exchanged)},
    {"load-aligned", "the address is rounded down to a multiple of 16", WRONG(load, load_aligned)},
    {"load-tail-short", "the last of nine elements is 0", WRONG(load_tail, load_tail_short)},
    {"load-tail-beyond", "the elements behind a tail are read", FAULT(load_tail, load_tail_beyond)},
    {"load-tail-before", "the element ahead of a tail is read", FAULT(load_tail, load_tail_before)},
    {"store-splat", "the last element is that before it", WRONG(store, store_splat)},
    {"store-before", "the element ahead is written", FAULT(store, store_before)},
    {"store-tail-short", "the last element of a tail is not written",
     WRONG(store_tail, store_tail_short)},
    {"store-tail-beside", "the element behind a tail is written, unless that is a fault",
     WRONG(store_tail, store_tail_beside)},
    {"store-tail-beyond", "the elements behind a tail are written",
     FAULT(store_tail, store_tail_beyond)},
    {"stream-half", "half of the elements are written", WRONG(stream, stream_half)},
    {"load64-exchanged", "the first two lanes change places", WRONG(load64, load64_exchanged)},
    {"store64-as-floats", "doubles are rounded to float", WRONG(store64, store64_as_floats)},
    {"widen-load-last", "the last lane has another element", WRONG(widen_load, widen_load_last)},
    {"widen-load-tail-unfilled", "absent lanes are 0",
     WRONG(widen_load_tail, widen_load_tail_unfilled)},
    {"widen-load-tail-filled", "the last element is filled as well",
     WRONG(widen_load_tail, widen_load_tail_filled)},
    {"splat32-low", "half of the lanes are 0", WRONG(splat32, splat32_low)},
    {"add32-flushing", "subnormal sums become 0", WRONG(add32, add32_flushing)},
    {"sub32-exchanged", "the operands change places", WRONG(sub32, sub32_exchanged)},
    {"mul32-one-lane", "one lane is one step off", WRONG(mul32, mul32_one_lane)},
    {"div32-reciprocal", "the reciprocal is rounded before it is multiplied",
     WRONG(div32, div32_reciprocal)},
    {"fma-in-two", "a product is rounded before it is added", WRONG(fma32, fma32_in_two)},
    {"fma32-rounded-twice", "a sum is rounded to double, and then to float",
     WRONG(fma32, fma32_rounded_twice)},
    {"relu-mask-not-at-nan", "NaN counts as negative", WRONG(relu_mask, relu_mask_not_at_nan)},
    {"relu-mask-at-negative-zero", "the gradient passes at -0",
     WRONG(relu_mask, relu_mask_at_negative_zero)},
    {"relu-mask-by-product", "the gradient is multiplied by 0",
     WRONG(relu_mask, relu_mask_by_product)},
    {"join-lanes-one-more", "the first vector has a lane more",
     WRONG(join_lanes, join_lanes_one_more)},
    {"select-by-label-exchanged", "the two choices change places",
     WRONG(select_by_label, select_by_label_exchanged)},
    {"select-by-label-seven-bits", "the highest bit of labels is ignored",
     WRONG(select_by_label, select_by_label_seven_bits)},
    {"select-by-label-signed", "labels are taken for signed numbers",
     WRONG(select_by_label, select_by_label_signed)},
    {"select-by-label-beyond", "a seventeenth label is read",
     FAULT(select_by_label, select_by_label_beyond)},
    {"widen-flushing", "subnormal numbers become 0", WRONG(widen, widen_flushing)},
    {"narrow-truncates", "double becomes float by rounding towards zero",
     WRONG(narrow, narrow_truncating)},
    {"narrow-ties-away", "ties are rounded away from zero", WRONG(narrow, narrow_ties_away)},
    {"narrow-saturating", "the largest float replaces infinity", WRONG(narrow, narrow_saturating)},
    {"splat64-as-float", "the number is rounded to float", WRONG(splat64, splat64_as_float)},
    {"add64-one-lane", "one lane is not added to", WRONG(add64, add64_one_lane)},
    {"sub64-without-sign", "zeros lose their sign", WRONG(sub64, sub64_without_sign)},
    {"mul64-as-float", "one lane is rounded to float", WRONG(mul64, mul64_as_float)},
    {"div64-reciprocal", "the reciprocal is rounded before it is multiplied",
     WRONG(div64, div64_reciprocal)},
    {"fma64-in-two", "a product is rounded before it is added", WRONG(fma64, fma64_in_two)},
    {"fma64-without-sign", "zeros lose their sign", WRONG(fma64, fma64_without_sign)},
    {"sum-in-order", "16 lanes are summed from the first to the last",
     WRONG(sum64, sum64_in_order)},
    {"sum64-neighbours-first", "neighbouring lanes are summed first",
     WRONG(sum64, sum64_neighbours_first)},
    {"sum64-from-zero", "the sum begins with 0, which loses the sign of -0",
     WRONG(sum64, sum64_from_zero)},
    {"sums64-exchanged", "neighbouring sums change places", WRONG(sums64, sums64_exchanged)},
    {"sums64-one-in-order", "one of 16 sums is summed from its first lane to its last",
     WRONG(sums64, sums64_one_in_order)},
    {0},
};
