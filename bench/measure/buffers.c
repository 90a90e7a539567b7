/* The tensors that all implementations run on.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE
#include "bench/measure/buffers.h"

#include <string.h>
#include <sys/mman.h>

static const size_t huge_page = 2 << 20;
static const size_t page = 4096;

static size_t round_up(size_t bytes, size_t unit) {
    return (bytes + unit - 1) / unit * unit;
}

void bench_buffers_open(struct bench_buffers *buffers, bool several_nodes) {
    *buffers = (struct bench_buffers){.several_nodes = several_nodes};
}

static void unmap(struct bench_buffers *buffers, int tensor) {
    if (buffers->maps[tensor].memory) {
        munmap(buffers->maps[tensor].memory, buffers->maps[tensor].size);
    }
    memset(&buffers->maps[tensor], 0, sizeof buffers->maps[tensor]);
}

void bench_buffers_close(struct bench_buffers *buffers) {
    for (int i = 0; i < REFERENCE_TENSOR_COUNT; i++) {
        unmap(buffers, i);
    }
}

/* Maps twice what is needed: sweeps go from small to large micro-batches, and a new mapping costs
 * the page faults of all its pages again. Memory that is not touched is not used. */
static bool map(struct bench_buffers *buffers, int tensor, size_t needed) {
    unmap(buffers, tensor);
    size_t size = round_up(2 * needed, huge_page);
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) {
        return false;
    }
    madvise(memory, size, MADV_HUGEPAGE); /* a refusal is fine: small pages do */
    buffers->maps[tensor].memory = memory;
    buffers->maps[tensor].size = size;
    return true;
}

/* Writes to each page from the thread that will use this part of the tensor. */
static void touch(char *memory, size_t start, size_t bytes, int threads) {
#pragma omp parallel for num_threads(threads) schedule(static)
    for (size_t offset = start / page * page; offset < bytes; offset += page) {
        memory[offset] = 0;
    }
}

static bool place(struct bench_buffers *buffers, int tensor, size_t bytes, int threads) {
    if (bytes > buffers->maps[tensor].size && !map(buffers, tensor, bytes)) {
        return false;
    }
    if (buffers->several_nodes) {
        /* Another number of threads splits the tensor elsewhere: give the pages back, touch
         * anew. */
        madvise(buffers->maps[tensor].memory, buffers->maps[tensor].size, MADV_DONTNEED);
        buffers->maps[tensor].touched = 0;
    }
    if (bytes > buffers->maps[tensor].touched) {
        touch(buffers->maps[tensor].memory, buffers->maps[tensor].touched, bytes, threads);
        buffers->maps[tensor].touched = bytes;
    }
    return true;
}

bool bench_buffers_place(struct bench_buffers *buffers, const struct norma_problem *problem,
                         int threads, void *pointers[REFERENCE_TENSOR_COUNT]) {
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
    reference_tensors_of(problem, tensors);
    for (int i = 0; i < REFERENCE_TENSOR_COUNT; i++) {
        pointers[i] = NULL;
        if (tensors[i].role == REFERENCE_ROLE_UNUSED) {
            continue;
        }
        if (!place(buffers, i, reference_tensor_bytes(&tensors[i]), threads)) {
            return false;
        }
        pointers[i] = buffers->maps[i].memory;
    }
    return true;
}

/* Sets every bit, which is NaN in every floating-point format. Goes by pages, in parallel, as y may
 * be hundreds of megabytes. */
static void fill(char *memory, size_t bytes, int threads) {
#pragma omp parallel for num_threads(threads) schedule(static)
    for (size_t offset = 0; offset < bytes; offset += page) {
        memset(memory + offset, 0xff, bytes - offset < page ? bytes - offset : page);
    }
}

void bench_buffers_poison(const struct norma_problem *problem,
                          void *const pointers[REFERENCE_TENSOR_COUNT], int threads) {
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
    reference_tensors_of(problem, tensors);
    for (int i = 0; i < REFERENCE_TENSOR_COUNT; i++) {
        if (tensors[i].role == REFERENCE_ROLE_OUTPUT) {
            fill(pointers[i], reference_tensor_bytes(&tensors[i]), threads);
        }
    }
}

/* Doubles the content until there is enough. */
static void repeat(char *memory, size_t filled, size_t needed) {
    while (filled > 0 && filled < needed) {
        size_t copied = filled < needed - filled ? filled : needed - filled;
        memcpy(memory + filled, memory, copied);
        filled += copied;
    }
}

/* Repeats the permutation within each further copy of the samples. The rest, which is too short for
 * a copy, becomes one cycle. */
static void extend_permutation(int32_t *permutation, int64_t filled, int64_t needed) {
    const int64_t rest = needed / filled * filled;
    for (int64_t i = filled; i < rest; i++) {
        permutation[i] = permutation[i - filled] + (int32_t)filled;
    }
    for (int64_t i = rest; i < needed; i++) {
        permutation[i] = (int32_t)(i + 1 < needed ? i + 1 : rest);
    }
}

void bench_buffers_repeat(const struct norma_problem *small, const struct norma_problem *large,
                          void *const pointers[REFERENCE_TENSOR_COUNT]) {
    struct reference_tensor filled[REFERENCE_TENSOR_COUNT], needed[REFERENCE_TENSOR_COUNT];
    reference_tensors_of(small, filled);
    reference_tensors_of(large, needed);
    for (int i = 0; i < REFERENCE_TENSOR_COUNT; i++) {
        if (!reference_is_input(&filled[i])) {
            continue;
        }
        if (i == REFERENCE_TENSOR_permutation) {
            extend_permutation(pointers[i], filled[i].count, needed[i].count);
        } else {
            repeat(pointers[i], reference_tensor_bytes(&filled[i]),
                   reference_tensor_bytes(&needed[i]));
        }
    }
}
