/* Channels-last: moments, affines and sums down the columns of a matrix.
 *
 * A row is a position, a column is a channel. Rows are cut into chunks, whose moments and sums are
 * merged in order. How many rows a chunk has depends on the number of channels alone, so that the
 * result does not depend on how work is divided. If the channels fill vectors badly, rows are
 * folded: several of them are taken for one long row, and its columns are merged into channels.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_SPANS_COLUMNS_H
#define KERNELS_SPANS_COLUMNS_H

#include "kernels/spans/merge.h"

enum {
    /* The most columns that one call takes, which is more channels than networks have. Where a row
     * is cut into pieces, memory is read in more streams, and the time is up to 1.37 times as long.
     * The sums of so many columns fit the L2 cache. They are too many for the stack, which may be
     * as small as 64 KiB: an array of so many doubles is a quarter of that. */
    NORMA_COLUMNS = 2048
};

struct norma_matrix {
    const void *x;
    int64_t rows, stride, columns; /* stride: elements from a row to the next */
};

/* Memory for what is merged into the results: moments or sums of as many columns as a call takes.
 * It is the caller's. */
struct norma_column_buffers {
    double *chunk[2]; /* of a chunk: means and m2, or sums of dy and of products */
    double *part[2];  /* the same of successive rows of a region, or of the channels of a span */
};

/* Returns the most rows that a chunk of a tensor with so many channels has. */
int64_t norma_chunk_rows(int64_t channels);

/* Returns the number of chunks that so many rows are cut into. */
int64_t norma_row_chunks(int64_t channels, int64_t rows);

/* Checks whether rows of so many channels are folded. */
bool norma_folds_rows(int64_t channels);

/* Consecutive rows with the same label. */
struct norma_rows {
    int64_t first, count;
};

/* Finds the next rows with this label behind *rows, which is {0} before the first call. Returns
 * false if there are no more before `positions`. */
static inline bool norma_next_rows(const uint8_t *labels, uint8_t label, int64_t positions,
                                   struct norma_rows *rows) {
    int64_t first = rows->first + rows->count;
    while (first < positions && labels[first] != label) {
        first++;
    }
    int64_t end = first;
    while (end < positions && labels[end] == label) {
        end++;
    }
    *rows = (struct norma_rows){first, end - first};
    return end > first;
}

/* Computes the moments of each column of at least one row and at most a chunk. */
void norma_chunk_column_moments(const struct norma_plan *plan, struct norma_matrix matrix,
                                struct norma_moment_arrays moments);

/* Computes the moments of each column of any number of rows, at least one. Needs memory for a
 * chunk. */
void norma_column_moments(const struct norma_plan *plan, struct norma_matrix matrix,
                          struct norma_moment_arrays moments,
                          const struct norma_column_buffers *buffers);

/* Do what the set's apply_columns, gradient_sums_columns and gradient_apply_columns do, for any
 * number of rows. The sums need memory for a chunk. */
void norma_apply_columns(const struct norma_plan *plan, const struct norma_apply *work,
                         int64_t stride);
void norma_gradient_sums_columns(const struct norma_plan *plan,
                                 const struct norma_gradient_sums *work, int64_t stride,
                                 const struct norma_column_buffers *buffers);
void norma_gradient_columns(const struct norma_plan *plan, const struct norma_gradient_apply *work,
                            int64_t stride);

/* Computes the sums of at most a chunk of rows. */
void norma_chunk_column_sums(const struct norma_plan *plan, const struct norma_gradient_sums *work,
                             int64_t stride);

#endif
