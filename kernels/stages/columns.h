/* Channels-last: down the columns of a matrix of any number of rows. A row is a position, `stride`
 * elements after the one before; a column is a channel.
 *
 * Rows are summed in chunks, whose sums are merged in order: what is a chunk depends on the number
 * of channels alone. Where all channels together fill vectors badly, several rows are taken for one
 * long row, and its columns merged (see fold in columns.c).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_STAGES_COLUMNS_H
#define KERNELS_STAGES_COLUMNS_H

#include "kernels/sets/sets.h"

enum {
    /* Columns that one call takes. Where a row is cut into pieces, memory is read in more streams,
     * and the time is up to 1.37 times as long: more channels than networks have. The sums of so
     * many fit the second cache, and what is on the stack stays below 100 KiB. */
    NORMA_COLUMNS = 2048
};

/* Rows of a chunk of a tensor with so many channels. */
int64_t norma_chunk_rows(int64_t channels);
int64_t norma_row_chunks(int64_t channels, int64_t rows);

/* Whether several rows of so many channels are taken for a long one. */
bool norma_folds_rows(int64_t channels);

/* Rows with the same label that follow each other. */
struct norma_rows {
    int64_t first, count;
};

/* Goes on to the next rows with this label before `positions`, from {0} on; false: no more. */
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

/* Moments of at least one row and at most a chunk. */
void norma_chunk_column_moments(const struct norma_set *set, const float *x, int64_t rows,
                                int64_t stride, int64_t columns, double *mean, double *m2);

/* Moments of any number of rows, at least one. */
void norma_column_moments(const struct norma_set *set, const float *x, int64_t rows, int64_t stride,
                          int64_t columns, double *mean, double *m2);

/* As the set's primitives of these names, for any number of rows. */
void norma_apply_columns(const struct norma_set *set, const struct norma_apply *work,
                         int64_t stride);
void norma_gradient_sums_columns(const struct norma_set *set,
                                 const struct norma_gradient_sums *work, int64_t stride);
void norma_gradient_columns(const struct norma_set *set, const struct norma_gradient_apply *work,
                            int64_t stride);

/* The sums of at most a chunk of rows. */
void norma_chunk_column_sums(const struct norma_set *set, const struct norma_gradient_sums *work,
                             int64_t stride);

#endif
