/* Sharing pieces of work out among the threads of a parallel region, in contiguous parts.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_STAGES_SHARE_H
#define KERNELS_STAGES_SHARE_H

#include <omp.h>
#include <stdbool.h>
#include <stdint.h>

/* This thread's share [first, last) of a number of pieces. */
struct norma_share {
    int64_t first, last;
};

static inline struct norma_share norma_my_share(int64_t pieces) {
    const int64_t threads = omp_get_num_threads();
    const int64_t thread = omp_get_thread_num();
    return (struct norma_share){pieces * thread / threads, pieces * (thread + 1) / threads};
}

/* Columns that are a piece's where each of `rows` pieces may be split across: as many as there are,
 * unless the threads would lack pieces; then whole cache lines, and several. Only wide rows are
 * split: narrow ones are folded. */
static inline int64_t norma_shared_columns(int64_t rows, int64_t columns) {
    enum { PIECES_PER_THREAD = 2, LINE = 16, LEAST = 64 };
    const int64_t wanted = PIECES_PER_THREAD * omp_get_num_threads();
    const int64_t across = (wanted + rows - 1) / rows;
    const int64_t width = (columns / across + LINE - 1) / LINE * LINE;
    return columns <= LEAST || across == 1 ? columns : width < LEAST ? LEAST : width;
}

/* The part of one row of pieces that a share covers. */
struct norma_part {
    int64_t row, first, count;
};

/* Takes the next row's part off the share, rows having `across` pieces; false when none is left. */
static inline bool norma_next_part(struct norma_share *share, int64_t across,
                                   struct norma_part *part) {
    if (share->first >= share->last) {
        return false;
    }
    part->row = share->first / across;
    part->first = share->first % across;
    const int64_t rest = share->last - share->first;
    part->count = across - part->first < rest ? across - part->first : rest;
    share->first += part->count;
    return true;
}

#endif
