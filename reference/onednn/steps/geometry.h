/* The places of a tensor's elements in memory: one of norma's layouts, or the one that oneDNN
 * prefers.
 *
 * The spatial positions are one dimension here, whatever their number. oneDNN's normalizations only
 * depend on their product, and choose their fast paths for 4-D descriptors (n, c, 1, s).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_ONEDNN_STEPS_GEOMETRY_H
#define REFERENCE_ONEDNN_STEPS_GEOMETRY_H

#include "reference/onednn/steps/step.h"

enum onednn_layout {
    ONEDNN_PLAIN,         /* [n][c][s], norma's ncs */
    ONEDNN_CHANNELS_LAST, /* [n][s][c], norma's nsc, NHWC */
    ONEDNN_BLOCKED        /* [n][c / block][s][block], nChw16c or nChw8c */
};

struct onednn_geometry {
    enum onednn_layout layout;
    dnnl_format_tag_t tag;
    int64_t n, c, s;
    int64_t channels; /* c, rounded up to whole blocks; the channels beyond c are zeros */
};

/* Checks whether no tensor has more than one position, so that ncs and nsc are the same memory. */
bool onednn_is_flat(const struct norma_problem *problem);

/* Returns the layout of the caller's tensors; plain if they are flat. */
enum onednn_layout onednn_layout_of(const struct norma_problem *problem);

/* Sets the geometry. Returns NORMA_STATUS_UNSUPPORTED if oneDNN has no fast batch normalization for
 * any blocked layout on this machine. */
norma_status onednn_geometry_create(struct onednn_geometry *geometry, enum onednn_layout layout,
                                    int64_t n, int64_t c, int64_t s);

/* Returns the geometry of adain's style tensor in the same layout, which has a sample for each
 * style of each sample. */
struct onednn_geometry onednn_style_geometry(const struct onednn_geometry *geometry,
                                             const struct norma_problem *problem);

/* Returns a shape of all elements in the order of memory, for steps that treat them alike. */
struct onednn_shape onednn_tensor(const struct onednn_geometry *geometry);

/* Returns the shape for batch normalization over the samples, which fold into the positions where
 * the layout allows it. With s = 1 the plain layout is channels-last with n positions, and oneDNN
 * is ten times faster if it is described like that. */
struct onednn_shape onednn_batch_shape(const struct onednn_geometry *geometry);

/* The pieces of a tensor for work on planes, which become the channels of as few pieces as the
 * layout allows: one for all samples (plain and blocked), or one for each sample (channels
 * last). */
struct onednn_pieces {
    struct onednn_shape shape; /* shape of each piece */
    int64_t count;
    int64_t elements, planes; /* distance from one piece to the next */
};
struct onednn_pieces onednn_pieces_of(const struct onednn_geometry *geometry);

/* Returns the number of elements of one sample, padding included. */
int64_t onednn_sample_elements(const struct onednn_geometry *geometry);
/* Returns the number of elements of the tensor, padding included. */
int64_t onednn_elements(const struct onednn_geometry *geometry);

/* Returns the number of planes (n, c), padding included. Arrays of statistics and coefficients have
 * that of plane (n, c) at n * channels + c. */
int64_t onednn_planes(const struct onednn_geometry *geometry);

/* Returns a zeroed array for `count` floats that starts at a cache line; NULL without memory. */
float *onednn_allocate(int64_t count);

#endif
