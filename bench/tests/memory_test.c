/* The buffers of the tensors: room for each problem, NaN where nothing was written, repeated
 * inputs. The heap, which freed memory leaves when too much is resident. The bytes that each
 * operator and pass must move.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE
#include "bench/measure/buffers.h"
#include "bench/measure/heap.h"
#include "bench/measure/traffic.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- buffers -------------------------------------------------------------------------------- */

static struct norma_problem parse(const char *text) {
    struct norma_problem problem;
    cr_assert_eq(norma_problem_parse(text, &problem, NULL), NORMA_STATUS_OK);
    return problem;
}

static void expect_room(struct bench_buffers *buffers, const char *text) {
    struct norma_problem problem = parse(text);
    void *pointers[REFERENCE_TENSOR_COUNT];
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
    cr_assert(bench_buffers_place(buffers, &problem, 2, pointers));
    reference_tensors_of(&problem, tensors);
    for (int i = 0; i < REFERENCE_TENSOR_COUNT; i++) {
        if (tensors[i].role == REFERENCE_ROLE_UNUSED) {
            cr_expect_null(pointers[i], "%s %s", text, tensors[i].name);
        } else {
            cr_assert_eq((uintptr_t)pointers[i] % 4096, 0);
            memset(pointers[i], 1, reference_tensor_bytes(&tensors[i]));
        }
    }
}

Test(buffers, room_for_growing_and_shrinking_problems) {
    for (int several = 0; several <= 1; several++) {
        struct bench_buffers buffers;
        bench_buffers_open(&buffers, several);
        expect_room(&buffers, "bn:1x3x5");
        expect_room(&buffers, "bn:64x64x33x33");
        expect_room(&buffers, "adain:2x3x5");
        expect_room(&buffers, "unit:65x64x33x33:alpha=element");
        expect_room(&buffers, "adain:65x64x33x33:pass=bwd,style=stats,regions=3");
        bench_buffers_close(&buffers);
    }
}

Test(buffers, small_after_large_keeps_the_mapping) {
    struct bench_buffers buffers;
    bench_buffers_open(&buffers, false);
    expect_room(&buffers, "bn:8x64x33x33");
    const void *before = buffers.maps[REFERENCE_TENSOR_x].memory;
    expect_room(&buffers, "bn:1x3x5");
    expect_room(&buffers, "bn:15x64x33x33");
    cr_expect_eq(buffers.maps[REFERENCE_TENSOR_x].memory, before);
    bench_buffers_close(&buffers);
}

Test(buffers, poison_is_nan_in_outputs_alone) {
    struct norma_problem problem = parse("bn:7x5x333");
    struct bench_buffers buffers;
    void *pointers[REFERENCE_TENSOR_COUNT];
    bench_buffers_open(&buffers, false);
    cr_assert(bench_buffers_place(&buffers, &problem, 2, pointers));
    bench_buffers_poison(&problem, pointers, 2);
    const float *y = pointers[REFERENCE_TENSOR_y];
    for (int i = 0; i < 7 * 5 * 333; i++) {
        cr_assert(isnan(y[i]), "y[%d]", i);
    }
    cr_expect_eq(y[7 * 5 * 333], 0, "not beyond the end");
    cr_expect(isnan(((const float *)pointers[REFERENCE_TENSOR_mean])[4]));
    cr_expect_eq(((const float *)pointers[REFERENCE_TENSOR_x])[0], 0);
    cr_expect_eq(((const float *)pointers[REFERENCE_TENSOR_running_mean])[0], 0);
    bench_buffers_close(&buffers);
}

Test(buffers, inputs_are_repeated) {
    struct norma_problem small = parse("adain:2x3x5"), large = parse("adain:7x3x5");
    struct bench_buffers buffers;
    void *pointers[REFERENCE_TENSOR_COUNT];
    bench_buffers_open(&buffers, false);
    cr_assert(bench_buffers_place(&buffers, &large, 2, pointers));
    float *x = pointers[REFERENCE_TENSOR_x];
    for (int i = 0; i < 30; i++) {
        x[i] = (float)i;
    }
    bench_buffers_repeat(&small, &large, pointers);
    for (int i = 0; i < 105; i++) {
        cr_assert_eq(x[i], (float)(i % 30), "x[%d] is %g", i, (double)x[i]);
    }
    cr_expect_eq(x[105], 0);
    bench_buffers_close(&buffers);
}

/* Checks that a repeated permutation is one, also if the numbers of samples leave a rest: 8 are two
 * copies of 3 and a rest of 2. */
static void expect_permutation(const char *few, const char *many, int32_t count) {
    struct norma_problem small = parse(few), large = parse(many);
    struct bench_buffers buffers;
    void *pointers[REFERENCE_TENSOR_COUNT];
    bench_buffers_open(&buffers, false);
    cr_assert(bench_buffers_place(&buffers, &large, 1, pointers));
    int32_t *permutation = pointers[REFERENCE_TENSOR_permutation];
    memcpy(permutation, (const int32_t[]){2, 0, 1}, 3 * sizeof *permutation);
    bench_buffers_repeat(&small, &large, pointers);
    bool seen[16] = {false};
    for (int32_t i = 0; i < count; i++) {
        cr_assert(permutation[i] >= 0 && permutation[i] < count, "%s at %d", many, i);
        cr_assert_not(seen[permutation[i]], "%s twice %d", many, permutation[i]);
        seen[permutation[i]] = true;
        cr_expect_neq(permutation[i], i, "%s swaps %d with itself", many, i);
    }
    bench_buffers_close(&buffers);
}

Test(buffers, a_repeated_permutation_stays_one) {
    expect_permutation("adain:3x3x5:style=swap", "adain:3x3x5:style=swap", 3);
    expect_permutation("adain:3x3x5:style=swap", "adain:9x3x5:style=swap", 9);
    expect_permutation("adain:3x3x5:style=swap", "adain:8x3x5:style=swap", 8);
}

Test(buffers, labels_of_one_byte_are_repeated) {
    struct norma_problem small = parse("adain:1x3x5:style=stats,regions=4");
    struct norma_problem large = parse("adain:3x3x5:style=stats,regions=4");
    struct bench_buffers buffers;
    void *pointers[REFERENCE_TENSOR_COUNT];
    bench_buffers_open(&buffers, false);
    cr_assert(bench_buffers_place(&buffers, &large, 1, pointers));
    uint8_t *labels = pointers[REFERENCE_TENSOR_labels];
    memcpy(labels, (const uint8_t[]){0, 1, 2, 3, 2}, 5);
    bench_buffers_repeat(&small, &large, pointers);
    const uint8_t wanted[] = {0, 1, 2, 3, 2, 0, 1, 2, 3, 2, 0, 1, 2, 3, 2, 0};
    cr_expect_arr_eq(labels, wanted, sizeof wanted, "and nothing beyond");
    bench_buffers_close(&buffers);
}

/* ---- traffic: 2 x 3 x 20 elements are 120, 480 bytes ---------------------------------------- */

static void expect_ceiling(const char *text, int64_t moved, int64_t footprint, int64_t ceiling) {
    struct norma_problem problem;
    cr_assert_eq(norma_problem_parse(text, &problem, NULL), NORMA_STATUS_OK, "%s", text);
    cr_expect_eq(bench_bytes_moved(&problem), moved, "%s: %lld bytes", text,
                 (long long)bench_bytes_moved(&problem));
    cr_expect_eq(bench_footprint(&problem), footprint, "%s: footprint %lld", text,
                 (long long)bench_footprint(&problem));
    cr_expect_eq(bench_bytes_of_ceiling(&problem), ceiling, "%s: ceiling %lld", text,
                 (long long)bench_bytes_of_ceiling(&problem));
}

static void expect(const char *text, int64_t moved, int64_t footprint) {
    expect_ceiling(text, moved, footprint, 960);
}

Test(traffic, forward_bytes_by_operator) {
    /* x, y; gamma, beta, running mean and variance, mean and inverse std of each channel */
    expect("bn:2x3x4x5", 960, 960 + 6 * 12);
    expect("bn:2x3x4x5:pass=inf", 960, 960 + 4 * 12);
    /* statistics of each plane */
    expect("in:2x3x4x5", 960, 960 + 2 * 12 + 2 * 24);
    expect("gn:2x3x4x5", 960, 960 + 2 * 12 + 2 * 8);
    /* a row of the table for each style, and an index for each sample */
    expect("cin:2x3x4x5:styles=4", 960, 960 + 2 * 48 + 8 + 2 * 24);
    /* the style is read once; with given statistics it is small and not counted; statistics of
     * content and style, a loss of each sample */
    expect("adain:2x3x4x5", 1440, 1440 + 4 * 24 + 8);
    expect("adain:2x3x4x5:style=2", 960 + 2 * 3 * 2 * 4, 960 + 48 + 4 * 24 + 8);
    expect("adain:2x3x4x5:style=stats", 960, 960 + 4 * 24 + 8);
    /* a per-element alpha is as large as a sample; one norm for each sample */
    expect("unit:2x3x4x5:alpha=0.5", 960, 960 + 8);
    expect("unit:2x3x4x5:alpha=channel", 960, 960 + 12 + 8);
    expect("unit:2x3x4x5:alpha=element", 960 + 240, 960 + 240 + 8);
}

Test(traffic, what_an_epilogue_adds) {
    expect("in:2x3x4x5:epilogue=relu", 960, 960 + 2 * 12 + 2 * 24);
    expect_ceiling("in:2x3x4x5:epilogue=add_relu", 1440, 1440 + 2 * 12 + 2 * 24, 1440);
    /* backward reads y too, and writes the gradient of the residual */
    expect_ceiling("in:2x3x4x5:pass=bwd,epilogue=relu", 1920, 1920 + 3 * 12 + 2 * 24, 1440);
    expect_ceiling("in:2x3x4x5:pass=bwd,epilogue=add_relu", 2400, 2400 + 3 * 12 + 2 * 24, 1440);
}

Test(traffic, a_label_is_one_byte) {
    /* 20 positions for each of 2 samples; labels are bytes and not floats */
    expect("adain:2x3x4x5:style=stats,regions=2", 960 + 40, 960 + 40 + 2 * 48 + 2 * 48);
}

Test(traffic, backward_bytes_by_operator) {
    /* x, dy, dx; gamma, dgamma, dbeta, mean and inverse std */
    expect_ceiling("bn:2x3x4x5:pass=bwd", 1440, 1440 + 5 * 12, 1440);
    expect_ceiling("bn:2x3x4x5:pass=inf_bwd", 1440, 1440 + 5 * 12, 1440);
    expect_ceiling("in:2x3x4x5:pass=bwd", 1440, 1440 + 3 * 12 + 2 * 24, 1440);
    expect_ceiling("gn:2x3x4x5:pass=bwd", 1440, 1440 + 3 * 12 + 2 * 8, 1440);
    /* a style is read, and its gradient written */
    expect_ceiling("adain:2x3x4x5:pass=bwd,style=2", 1440 + 2 * 48, 1440 + 2 * 48 + 4 * 24, 1440);
    expect_ceiling("unit:2x3x4x5:pass=bwd,alpha=element", 1440 + 2 * 240, 1440 + 2 * 240 + 8, 1440);
}

/* ---- the heap ------------------------------------------------------------------------------- */

/* AddressSanitizer has a malloc of its own, about which GCC and clang tell in different ways. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define OTHER_MALLOC
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || !defined(__GLIBC__)
#define OTHER_MALLOC
#endif

#ifndef OTHER_MALLOC
static long resident_pages(void) {
    long total, resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    cr_assert(file && fscanf(file, "%ld %ld", &total, &resident) == 2);
    fclose(file);
    return resident;
}

Test(heap, is_kept_until_there_is_too_much_of_it) {
    static const size_t bytes = 64 << 20;
    bench_heap_prepare(bytes);
    volatile char *room = malloc(bytes); /* volatile, or the compiler drops the writes */
    for (size_t i = 0; i < bytes; i += 4096) {
        room[i] = 1;
    }
    void *volatile keep = malloc(100000); /* above it, so that the heap cannot just shrink */
    free((void *)room);
    const long full = resident_pages();
    bench_heap_limit(UINT64_MAX);
    cr_expect_geq(resident_pages(), full * 9 / 10);
    bench_heap_limit(0);
    cr_expect_leq(resident_pages(), full / 2, "%ld of %ld pages", resident_pages(), full);
    free(keep);
}
#endif

/* Holds for every malloc. */
Test(heap, keeps_what_is_in_use) {
    enum { BYTES = 1 << 20 };
    bench_heap_prepare(BYTES);
    unsigned char *volatile used = malloc(BYTES), *volatile freed = malloc(BYTES);
    cr_assert(used && freed);
    memset(used, 0x5a, BYTES);
    free(freed);
    bench_heap_limit(0);
    for (size_t i = 0; i < BYTES; i++) {
        cr_assert_eq(used[i], 0x5a, "byte %zu is %d", i, used[i]);
    }
    free(used);
}
