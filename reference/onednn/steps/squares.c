/* SPDX-License-Identifier: Apache-2.0 */
#include "reference/onednn/steps/squares.h"

#include <omp.h>
#include <stdlib.h>

/* ---- short samples ------------------------------------------------------------------------ */

static norma_status create_rows(struct onednn_squares *self) {
    struct onednn_geometry rows;
    const norma_status status =
        onednn_geometry_create(&rows, ONEDNN_PLAIN, self->samples, 1, self->length);
    self->discarded = onednn_allocate(onednn_elements(&rows));
    if (status != NORMA_STATUS_OK || self->discarded == NULL) {
        return status != NORMA_STATUS_OK ? status : NORMA_STATUS_NO_MEMORY;
    }
    /* Any epsilon will do that keeps constant rows finite, as the output is not used. */
    return onednn_standardize_create(&self->rows, &rows, 1.0, false, false);
}

static norma_status square_rows(const struct onednn_squares *self, const float *x, double *sums) {
    const norma_status status = onednn_standardize_run(&self->rows, x, self->discarded);
    for (int64_t n = 0; n < self->samples; n++) {
        const double mean = (double)self->rows.mean[n];
        sums[n] = (double)self->length * ((double)self->rows.variance[n] + mean * mean);
    }
    return status;
}

/* ---- long samples ------------------------------------------------------------------------- */

static struct onednn_step *step_of(const struct onednn_squares *self, int thread, int64_t piece) {
    return &self->steps[2 * thread + (piece == self->pieces - 1)];
}

static norma_status create_steps(struct onednn_squares *self) {
    const int64_t last = self->pieces - 1;
    norma_status status = NORMA_STATUS_OK;
    for (int thread = 0; status == NORMA_STATUS_OK && thread < self->threads; thread++) {
        status = onednn_create_inner_product(step_of(self, thread, last),
                                             self->length - last * self->piece);
        if (status == NORMA_STATUS_OK && last > 0) {
            status = onednn_create_inner_product(step_of(self, thread, 0), self->piece);
        }
    }
    return status;
}

/* Creates the steps for the pieces. oneDNN runs a product of two vectors on one thread, so the
 * threads share the pieces here. They are long enough to hide the call (half a microsecond), and
 * short enough for one sample to occupy many threads. */
static norma_status create_pieces(struct onednn_squares *self, int threads) {
    enum { MAX_PIECE = 1 << 16 };
    self->piece = self->length < MAX_PIECE ? self->length : MAX_PIECE;
    self->pieces = (self->length + self->piece - 1) / self->piece;
    self->threads = threads;
    self->partial = onednn_allocate(self->samples * self->pieces);
    self->steps = calloc(2 * (size_t)threads, sizeof *self->steps);
    return !self->partial || !self->steps ? NORMA_STATUS_NO_MEMORY : create_steps(self);
}

static norma_status run_piece(const struct onednn_squares *self, const float *x, int64_t index) {
    const int64_t sample = index / self->pieces, piece = index % self->pieces;
    const struct onednn_step *step = step_of(self, omp_get_thread_num(), piece);
    const float *first = x + sample * self->length + piece * self->piece;
    onednn_bind(step, DNNL_ARG_SRC, first);
    onednn_bind(step, DNNL_ARG_WEIGHTS, first);
    onednn_bind(step, DNNL_ARG_DST, &self->partial[index]);
    return onednn_run(step);
}

static norma_status square_pieces(const struct onednn_squares *self, const float *x, double *sums) {
    bool failed = false;
#pragma omp parallel for num_threads(self->threads) reduction(|| : failed)
    for (int64_t i = 0; i < self->samples * self->pieces; i++) {
        failed = run_piece(self, x, i) != NORMA_STATUS_OK || failed;
    }
    for (int64_t n = 0; n < self->samples; n++) {
        sums[n] = 0.0;
        for (int64_t piece = 0; piece < self->pieces; piece++) {
            sums[n] += (double)self->partial[n * self->pieces + piece];
        }
    }
    return failed ? NORMA_STATUS_UNSUPPORTED : NORMA_STATUS_OK;
}

/* ---- either ------------------------------------------------------------------------------- */

norma_status onednn_squares_create(struct onednn_squares *self, int64_t samples, int64_t length,
                                   int threads) {
    enum { SHORT = 4096 };
    self->samples = samples;
    self->length = length;
    return length < SHORT ? create_rows(self) : create_pieces(self, threads);
}

norma_status onednn_squares_run(const struct onednn_squares *self, const float *x, double *sums) {
    return self->discarded != NULL ? square_rows(self, x, sums) : square_pieces(self, x, sums);
}

void onednn_squares_name(const struct onednn_squares *self, char *names, size_t size) {
    onednn_name(names, size,
                self->discarded != NULL ? &self->rows.rows : step_of(self, 0, self->pieces - 1));
}

void onednn_squares_destroy(struct onednn_squares *self) {
    for (int i = 0; self->steps != NULL && i < 2 * self->threads; i++) {
        onednn_step_destroy(&self->steps[i]);
    }
    onednn_standardize_destroy(&self->rows);
    free(self->discarded);
    free(self->steps);
    free(self->partial);
}
