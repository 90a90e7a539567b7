/* The check of vocabularies: wrong functions do not pass. That those of all sets do is what
 * norma-verify says.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "verify/vocabulary/vocabulary.h"

#include <criterion/criterion.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "kernels/sets/sets.h"

static const struct norma_vocabulary *good(void) {
    return verify_vocabulary_of("portable");
}

/* ---- wrong functions: memory -------------------------------------------------------------- */

static void exchange(float *a, float *b) {
    const float kept = *a;
    *a = *b;
    *b = kept;
}

static void load_exchanged(const float *p, float *out) {
    good()->load(p, out);
    exchange(&out[7], &out[8]);
}

/* As an instruction for aligned memory that rounds the address down would. */
static void load_aligned(const float *p, float *out) {
    good()->load((const float *)((uintptr_t)p & ~(uintptr_t)15), out);
}

static void load_tail_short(const float *p, int count, float *out) {
    good()->load_tail(p, count, out);
    out[count - 1] = count == 9 ? 0.0f : out[count - 1];
}

static void load_tail_beyond(const float *p, int count, float *out) {
    (void)count;
    good()->load(p, out);
}

static void load_tail_before(const float *p, int count, float *out) {
    volatile float unused = p[-1];
    (void)unused;
    good()->load_tail(p, count, out);
}

static void store_splat(float *p, const float *v) {
    good()->store(p, v);
    p[15] = p[14];
}

static void store_before(float *p, const float *v) {
    good()->store(p, v);
    p[-1] = v[0];
}

static void store_tail_short(float *p, int count, const float *v) {
    if (count > 1) {
        good()->store_tail(p, count - 1, v);
    }
}

static void store_tail_beyond(float *p, int count, const float *v) {
    good()->store(p, v);
    (void)count;
}

/* Only where no fence is near: it shows in what lies there. */
static void store_tail_beside(float *p, int count, const float *v) {
    good()->store_tail(p, count, v);
    if (((uintptr_t)(p + count) & 4095) != 0) {
        p[count] = v[count];
    }
}

static void stream_half(float *p, const float *v) {
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

static void widen_load_last(const float *p, double *out) {
    good()->widen_load(p, out);
    out[15] = out[11];
}

static void widen_load_tail_unfilled(const float *p, int count, float fill, double *out) {
    (void)fill;
    good()->widen_load_tail(p, count, 0.0f, out);
}

static void widen_load_tail_filled(const float *p, int count, float fill, double *out) {
    good()->widen_load_tail(p, count, fill, out);
    out[count - 1] = (double)fill;
}

/* ---- wrong functions: floats -------------------------------------------------------------- */

static void splat_low(float a, float *out) {
    good()->splat32(a, out);
    memset(out + 8, 0, 8 * sizeof *out);
}

static void add_flushing(const float *a, const float *b, float *out) {
    good()->add32(a, b, out);
    for (int i = 0; i < NORMA_LANES; i++) {
        out[i] = fpclassify(out[i]) == FP_SUBNORMAL ? 0.0f : out[i];
    }
}

static void sub_exchanged(const float *a, const float *b, float *out) {
    good()->sub32(b, a, out);
}

static void mul_one_lane(const float *a, const float *b, float *out) {
    good()->mul32(a, b, out);
    out[12] = nextafterf(out[12], INFINITY);
}

static void divide_reciprocal(const float *a, const float *b, float *out) {
    for (int i = 0; i < NORMA_LANES; i++) {
        out[i] = a[i] * (1.0f / b[i]);
    }
}

static void fma32_in_two(const float *a, const float *b, const float *c, float *out) {
    float product[NORMA_LANES];
    good()->mul32(a, b, product);
    good()->add32(product, c, out);
}

/* Right but where the double lies in the middle between two floats. */
static void fma32_rounded_twice(const float *a, const float *b, const float *c, float *out) {
    for (int i = 0; i < NORMA_LANES; i++) {
        out[i] = (float)((double)a[i] * (double)b[i] + (double)c[i]);
    }
}

static void open_not_at_nan(const float *v, const float *y, float *out) {
    for (int i = 0; i < NORMA_LANES; i++) {
        out[i] = y[i] > 0.0f ? v[i] : 0.0f;
    }
}

static void open_at_negative_zero(const float *v, const float *y, float *out) {
    for (int i = 0; i < NORMA_LANES; i++) {
        out[i] = y[i] < 0.0f || (y[i] == 0.0f && !signbit(y[i])) ? 0.0f : v[i];
    }
}

static void open_by_product(const float *v, const float *y, float *out) {
    for (int i = 0; i < NORMA_LANES; i++) {
        out[i] = v[i] * (y[i] <= 0.0f ? 0.0f : 1.0f);
    }
}

static void join_one_more(const float *first, int count, const float *rest, float *out) {
    good()->join_lanes(first, count + (count == 8), rest, out);
}

static void select_exchanged(const uint8_t *labels, uint8_t label, const float *yes,
                             const float *no, float *out) {
    good()->select_by_label(labels, label, no, yes, out);
}

static void select_seven_bits(const uint8_t *labels, uint8_t label, const float *yes,
                              const float *no, float *out) {
    uint8_t seven[NORMA_LANES];
    for (int i = 0; i < NORMA_LANES; i++) {
        seven[i] = labels[i] & 127;
    }
    good()->select_by_label(seven, label & 127, yes, no, out);
}

/* As where labels are widened with their sign and the label without. */
static void select_signed(const uint8_t *labels, uint8_t label, const float *yes, const float *no,
                          float *out) {
    good()->select_by_label(labels, label, yes, no, out);
    if (label > 127) {
        memcpy(out, no, NORMA_LANES * sizeof *out);
    }
}

static void select_beyond(const uint8_t *labels, uint8_t label, const float *yes, const float *no,
                          float *out) {
    volatile uint8_t unused = labels[NORMA_LANES];
    (void)unused;
    good()->select_by_label(labels, label, yes, no, out);
}

/* ---- wrong functions: doubles ------------------------------------------------------------- */

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

/* Right but at the edge to infinity. */
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

static void divide64_reciprocal(const double *a, const double *b, double *out) {
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

/* ---- what is noticed ---------------------------------------------------------------------- */

#define WRONG(function, wrong)                                                                     \
    static void plant_##wrong(struct norma_vocabulary *vocabulary) {                               \
        vocabulary->function = wrong;                                                              \
    }
#define ALL_WRONG(X)                                                                               \
    X(load, load_exchanged)                                                                        \
    X(load, load_aligned)                                                                          \
    X(load_tail, load_tail_short)                                                                  \
    X(store, store_splat)                                                                          \
    X(store_tail, store_tail_short)                                                                \
    X(store_tail, store_tail_beside)                                                               \
    X(stream, stream_half)                                                                         \
    X(load64, load64_exchanged)                                                                    \
    X(store64, store64_as_floats)                                                                  \
    X(widen_load, widen_load_last)                                                                 \
    X(widen_load_tail, widen_load_tail_unfilled)                                                   \
    X(widen_load_tail, widen_load_tail_filled)                                                     \
    X(splat32, splat_low)                                                                          \
    X(add32, add_flushing)                                                                         \
    X(sub32, sub_exchanged)                                                                        \
    X(mul32, mul_one_lane)                                                                         \
    X(div32, divide_reciprocal)                                                                    \
    X(fma32, fma32_in_two)                                                                         \
    X(fma32, fma32_rounded_twice)                                                                  \
    X(relu_mask, open_not_at_nan)                                                                  \
    X(relu_mask, open_at_negative_zero)                                                            \
    X(relu_mask, open_by_product)                                                                  \
    X(join_lanes, join_one_more)                                                                   \
    X(select_by_label, select_exchanged)                                                           \
    X(select_by_label, select_seven_bits)                                                          \
    X(select_by_label, select_signed)                                                              \
    X(widen, widen_flushing)                                                                       \
    X(narrow, narrow_truncating)                                                                   \
    X(narrow, narrow_ties_away)                                                                    \
    X(narrow, narrow_saturating)                                                                   \
    X(splat64, splat64_as_float)                                                                   \
    X(add64, add64_one_lane)                                                                       \
    X(sub64, sub64_without_sign)                                                                   \
    X(mul64, mul64_as_float)                                                                       \
    X(div64, divide64_reciprocal)                                                                  \
    X(fma64, fma64_in_two)                                                                         \
    X(fma64, fma64_without_sign)                                                                   \
    X(sum64, sum64_in_order)                                                                       \
    X(sum64, sum64_neighbours_first)                                                               \
    X(sum64, sum64_from_zero)                                                                      \
    X(sums64, sums64_exchanged)                                                                    \
    X(sums64, sums64_one_in_order)

/* These end in a fault. */
WRONG(load_tail, load_tail_beyond)
WRONG(load_tail, load_tail_before)
WRONG(store, store_before)
WRONG(store_tail, store_tail_beyond)
WRONG(select_by_label, select_beyond)
ALL_WRONG(WRONG)

struct wrong {
    const char *function, *what;
    void (*plant)(struct norma_vocabulary *vocabulary);
};

#define ROW(function, wrong) {#function, #wrong, plant_##wrong},
static const struct wrong all_wrong[] = {ALL_WRONG(ROW)};
enum { WRONGS = sizeof all_wrong / sizeof *all_wrong };

static struct norma_vocabulary with(void (*plant)(struct norma_vocabulary *)) {
    struct norma_vocabulary vocabulary = *good();
    plant(&vocabulary);
    return vocabulary;
}

Test(vocabulary, a_wrong_function_is_named) {
    for (int w = 0; w < WRONGS; w++) {
        const struct norma_vocabulary vocabulary = with(all_wrong[w].plant);
        for (size_t i = 0; verify_vocabulary_function(i); i++) {
            if (strcmp(verify_vocabulary_function(i), all_wrong[w].function) == 0) {
                const struct verify_vocabulary_verdict verdict =
                    verify_vocabulary_check(&vocabulary, i, 1);
                cr_expect_not(verdict.passed, "%s", all_wrong[w].what);
                cr_expect(strstr(verdict.message, all_wrong[w].function), "%s: %s",
                          all_wrong[w].what, verdict.message);
            }
        }
    }
}

Test(vocabulary, a_right_function_passes_among_wrong_ones) {
    for (size_t i = 0; verify_vocabulary_function(i); i++) {
        struct norma_vocabulary vocabulary = *good();
        for (int w = 0; w < WRONGS; w++) {
            if (strcmp(verify_vocabulary_function(i), all_wrong[w].function) != 0) {
                all_wrong[w].plant(&vocabulary);
            }
        }
        const struct verify_vocabulary_verdict verdict = verify_vocabulary_check(&vocabulary, i, 1);
        cr_expect(verdict.passed, "%s", verdict.message);
        cr_expect_geq(verdict.checks, NORMA_LANES);
    }
}

Test(vocabulary, every_function_is_made_wrong_above) {
    for (size_t i = 0; verify_vocabulary_function(i); i++) {
        bool found = false;
        for (int w = 0; w < WRONGS; w++) {
            found = found || strcmp(all_wrong[w].function, verify_vocabulary_function(i)) == 0;
        }
        cr_expect(found, "%s", verify_vocabulary_function(i));
    }
    cr_expect_eq(verify_vocabulary_functions(),
                 sizeof(struct norma_vocabulary) / sizeof(void (*)(void)));
}

static void check_all(void (*plant)(struct norma_vocabulary *)) {
    const struct norma_vocabulary vocabulary = with(plant);
    for (size_t i = 0; verify_vocabulary_function(i); i++) {
        verify_vocabulary_check(&vocabulary, i, 1);
    }
}

Test(vocabulary, a_tail_that_reads_on_is_a_fault, .signal = SIGSEGV) {
    check_all(plant_load_tail_beyond);
}

Test(vocabulary, a_tail_that_reads_what_is_ahead_is_a_fault, .signal = SIGSEGV) {
    check_all(plant_load_tail_before);
}

Test(vocabulary, a_store_ahead_is_a_fault, .signal = SIGSEGV) {
    check_all(plant_store_before);
}

Test(vocabulary, a_tail_that_writes_on_is_a_fault, .signal = SIGSEGV) {
    check_all(plant_store_tail_beyond);
}

Test(vocabulary, a_seventeenth_label_is_a_fault, .signal = SIGSEGV) {
    check_all(plant_select_beyond);
}

Test(vocabulary, the_message_says_what_was_asked_and_answered) {
    const struct norma_vocabulary fma = with(plant_fma32_in_two), sum = with(plant_sum64_in_order);
    for (size_t i = 0; verify_vocabulary_function(i); i++) {
        const struct verify_vocabulary_verdict of_fma = verify_vocabulary_check(&fma, i, 1);
        const struct verify_vocabulary_verdict of_sum = verify_vocabulary_check(&sum, i, 1);
        int lane;
        double a, b, c, got, expected;
        if (!of_fma.passed) {
            cr_assert_eq(sscanf(of_fma.message, "lane %d: fma32(%la, %la, %la) is %la, not %la",
                                &lane, &a, &b, &c, &got, &expected),
                         6, "%s", of_fma.message);
            cr_expect_eq(expected, (double)fmaf((float)a, (float)b, (float)c));
            cr_expect_neq(got, expected);
        }
        if (!of_sum.passed) {
            const char *end = strstr(of_sum.message, ") is ");
            cr_assert(end && sscanf(end, ") is %la, not %la", &got, &expected) == 2, "%s",
                      of_sum.message);
        }
    }
}

Test(vocabulary, belongs_to_sets_alone) {
    cr_expect_eq(verify_vocabulary_of("portable"), good());
    cr_expect_null(verify_vocabulary_of("onednn"));
    cr_expect_null(verify_vocabulary_of("port"));
}
