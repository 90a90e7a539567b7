/* Where the elements of a tensor lie: in one of norma's layouts, or in that which
 * oneDNN prefers.
 *
 * The spatial positions are one dimension here, whatever their number: oneDNN's normalizations look
 * at their product only, and choose their fast paths for 4-D descriptors (n, c, 1, s).
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
    int64_t channels; /* c, rounded up to whole blocks; what is beyond c holds zeros */
};

/* Is there no more than one position, in any tensor? Then ncs and nsc are the same memory. */
bool onednn_is_flat(const struct norma_problem *problem);

/* The layout of the caller's tensors; plain if they are flat. */
enum onednn_layout onednn_layout_of(const struct norma_problem *problem);

/* NORMA_STATUS_UNSUPPORTED: oneDNN has no fast batch normalization for any blocked layout here. */
norma_status onednn_geometry_create(struct onednn_geometry *geometry, enum onednn_layout layout,
                                    int64_t n, int64_t c, int64_t s);

/* Of adain's style tensor, beside this one; as many samples as there are styles in all. */
struct onednn_geometry onednn_style_geometry(const struct onednn_geometry *geometry,
                                             const struct norma_problem *problem);

/* The elements as they lie in memory, whatever they are: for steps that treat all alike. */
struct onednn_shape onednn_tensor(const struct onednn_geometry *geometry);

/* For batch normalization over the samples. They fold into the positions where the layout lets
 * them. With s = 1 the plain layout is channels-last with n positions, and oneDNN is ten times
 * faster if told so. */
struct onednn_shape onednn_batch_shape(const struct onednn_geometry *geometry);

/* For work on runs: they become the channels of as few pieces as the layout lets them, one of all
 * samples (plain and blocked), or one for each sample (channels last). */
struct onednn_pieces {
    struct onednn_shape shape; /* of each */
    int64_t count;
    int64_t elements, planes; /* from one piece to the next */
};
struct onednn_pieces onednn_pieces_of(const struct onednn_geometry *geometry);

/* Elements of one sample, and of the tensor, padding included. */
int64_t onednn_sample_elements(const struct onednn_geometry *geometry);
int64_t onednn_elements(const struct onednn_geometry *geometry);

/* Runs (n, c), padding included: statistics and coefficients of run (n, c) are at
 * n * channels + c. */
int64_t onednn_planes(const struct onednn_geometry *geometry);

/* A zeroed array for `count` floats on a cache line; NULL if there is no memory. */
float *onednn_allocate(int64_t count);

#endif
