/* Tunes malloc for large allocations that come and go. The reference results of a case, and the
 * tensors that implementations keep in a layout of their own, are hundreds of megabytes. glibc maps
 * each of them anew, and faulting the pages in took a quarter of a sweep; it would also time those
 * implementations on small pages and the others on huge ones.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE
#include "bench/measure/heap.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#if defined(__GLIBC__)
#include <malloc.h>

/* Puts every allocation on the one heap, which never shrinks. The heap is given its room before it
 * is touched, as advice on huge pages applies to the memory that is mapped when it is given. */
void bench_heap_prepare(size_t bytes) {
    static const uintptr_t huge_page = 2 << 20;
    mallopt(M_MMAP_MAX, 0);
    mallopt(M_TRIM_THRESHOLD, -1);
    void *room = malloc(bytes);
    uintptr_t start = ((uintptr_t)room + huge_page - 1) / huge_page * huge_page;
    uintptr_t end = ((uintptr_t)room + bytes) / huge_page * huge_page;
    if (room && start < end) {
        madvise((void *)start, end - start, MADV_HUGEPAGE);
    }
    free(room);
}

static uint64_t resident_bytes(void) {
    unsigned long long total, resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file) {
        if (fscanf(file, "%llu %llu", &total, &resident) != 2) {
            resident = 0;
        }
        fclose(file);
    }
    return resident * (uint64_t)sysconf(_SC_PAGESIZE);
}

void bench_heap_limit(uint64_t most) {
    if (resident_bytes() > most) {
        malloc_trim(0);
    }
}
#else
void bench_heap_prepare(size_t bytes) {
    (void)bytes;
}

void bench_heap_limit(uint64_t most) {
    (void)most;
}
#endif
