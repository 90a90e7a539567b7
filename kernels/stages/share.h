/* Divides pieces of work among the threads of a parallel region, in contiguous parts.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_STAGES_SHARE_H
#define KERNELS_STAGES_SHARE_H

#include <omp.h>
#include <stdbool.h>
#include <stdint.h>

#include "kernels/plan/plan.h"

/* A thread's pieces: [first, last). */
struct norma_share {
    int64_t first, last;
};

/* Returns the calling thread's share of so many pieces. */
static inline struct norma_share norma_my_share(int64_t pieces) {
    const int64_t threads = omp_get_num_threads();
    const int64_t thread = omp_get_thread_num();
    return (struct norma_share){pieces * thread / threads, pieces * (thread + 1) / threads};
}

/* Returns how many columns a piece has if each of `rows` rows of work may be split into pieces. It
 * is all columns, unless the threads would lack pieces; otherwise several whole cache lines. Only
 * wide rows are split, because narrow ones are folded (see columns.h). */
static inline int64_t norma_shared_columns(int64_t rows, int64_t columns) {
    enum { PIECES_PER_THREAD = 2, LINE = 16, LEAST = 64 };
    const int64_t pieces = PIECES_PER_THREAD * omp_get_num_threads();
    const int64_t across = norma_divide_up(pieces, rows);
    const int64_t width = norma_divide_up(columns / across, LINE) * LINE;
    return columns <= LEAST || across == 1 ? columns : norma_max(width, LEAST);
}

/* Consecutive pieces of one row of work. */
struct norma_part {
    int64_t row, first, count;
};

/* Takes off the share what it has of its first row, each row having `across` pieces. Returns false
 * if nothing is left. */
static inline bool norma_next_part(struct norma_share *share, int64_t across,
                                   struct norma_part *part) {
    if (share->first >= share->last) {
        return false;
    }
    part->row = share->first / across;
    part->first = share->first % across;
    part->count = norma_min(across - part->first, share->last - share->first);
    share->first += part->count;
    return true;
}

#endif
