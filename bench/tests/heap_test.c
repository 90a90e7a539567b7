/* Checks that freed memory goes back to the system when too much is resident.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE
#include "bench/measure/heap.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
