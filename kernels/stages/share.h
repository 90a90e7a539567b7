/* Work that threads do together, and pieces of it that are divided among them in contiguous parts.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_STAGES_SHARE_H
#define KERNELS_STAGES_SHARE_H

#include <omp.h>
#include <stdbool.h>
#include <stdint.h>

#include "kernels/plan/plan.h"
#include "kernels/stages/environment.h"

/* One of the threads that do some work together. In one alone, OpenMP's numbers are of a region of
 * the caller's. */
struct norma_worker {
    int number, count;
};

/* Does a worker's part. `shared` is what all were given. */
typedef void norma_shared_work(const void *shared, struct norma_worker worker);

/* Has the threads of a plan do some work, each in the environment of computations, which the caller
 * must have entered. One thread does it without a parallel region, which would take 0.3 us: as long
 * as some work on a small tensor. */
static inline void norma_work_together(int threads, norma_shared_work *work, const void *shared) {
    const int team = norma_team(threads);
    if (team == 1) {
        work(shared, (struct norma_worker){0, 1});
        return;
    }
#pragma omp parallel num_threads(team)
    {
        const struct norma_environment caller = norma_environment_enter();
        work(shared, (struct norma_worker){omp_get_thread_num(), omp_get_num_threads()});
        norma_environment_leave(caller);
    }
}

/* Waits until all have come this far. */
static inline void norma_wait_for_all(struct norma_worker worker) {
    if (worker.count > 1) {
#pragma omp barrier
    }
}

/* A thread's pieces: [first, last). */
struct norma_share {
    int64_t first, last;
};

/* Returns a thread's share of so many pieces. */
static inline struct norma_share norma_share_of(struct norma_worker worker, int64_t pieces) {
    const int64_t number = worker.number, count = worker.count;
    return (struct norma_share){pieces * number / count, pieces * (number + 1) / count};
}

/* Returns how many columns a piece has if each of `rows` rows of work may be split into pieces. It
 * is all columns, unless the threads would lack pieces; otherwise several whole cache lines. Only
 * wide rows are split, because narrow ones are folded (see columns.h). */
static inline int64_t norma_shared_columns(struct norma_worker worker, int64_t rows,
                                           int64_t columns) {
    enum { PIECES_PER_THREAD = 2, LINE = 16, LEAST = 64 };
    const int64_t pieces = PIECES_PER_THREAD * worker.count;
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

/* Takes off the share what it has of its last row, in the same way: what the step before read last
 * is still in a cache. */
static inline bool norma_last_part(struct norma_share *share, int64_t across,
                                   struct norma_part *part) {
    if (share->first >= share->last) {
        return false;
    }
    part->row = (share->last - 1) / across;
    const int64_t first = norma_max(share->first, part->row * across);
    part->first = first - part->row * across;
    part->count = share->last - first;
    share->last = first;
    return true;
}

#endif
