/* SPDX-License-Identifier: Apache-2.0 */
#include "reference/onednn/steps/geometry.h"

#include <stdlib.h>
#include <string.h>

/* Checks whether oneDNN has a just-in-time compiled batch normalization for this blocked layout. It
 * tries a small tensor, as the answer depends on the machine and not on the sizes. */
static bool is_fast(dnnl_format_tag_t tag) {
    const struct onednn_shape probe = onednn_shape4(1, 16, 1, 16, tag);
    const struct onednn_batch_options options = {.epsilon = 1e-5, .affine = true};
    struct onednn_step step;
    if (onednn_create_batch_normalization(&step, &probe, &options) != NORMA_STATUS_OK) {
        return false;
    }
    const bool fast = strstr(step.kernel, "jit") != NULL;
    onednn_step_destroy(&step);
    return fast;
}

static norma_status choose_block(struct onednn_geometry *geometry, int64_t *block) {
    static const struct {
        dnnl_format_tag_t tag;
        int64_t block;
    } candidates[] = {{dnnl_nChw16c, 16}, {dnnl_nChw8c, 8}, {dnnl_nChw4c, 4}};
    for (size_t i = 0; i < sizeof candidates / sizeof *candidates; i++) {
        if (is_fast(candidates[i].tag)) {
            geometry->tag = candidates[i].tag;
            *block = candidates[i].block;
            return NORMA_STATUS_OK;
        }
    }
    return NORMA_STATUS_UNSUPPORTED;
}

bool onednn_is_flat(const struct norma_problem *problem) {
    return norma_problem_spatial(problem) == 1 && norma_problem_style_spatial(problem) <= 1;
}

enum onednn_layout onednn_layout_of(const struct norma_problem *problem) {
    return problem->layout == NORMA_LAYOUT_NSC && !onednn_is_flat(problem) ? ONEDNN_CHANNELS_LAST
                                                                           : ONEDNN_PLAIN;
}

norma_status onednn_geometry_create(struct onednn_geometry *geometry, enum onednn_layout layout,
                                    int64_t n, int64_t c, int64_t s) {
    int64_t block = 1;
    norma_status status = NORMA_STATUS_OK;
    *geometry = (struct onednn_geometry){
        .layout = layout,
        .tag = layout == ONEDNN_PLAIN ? dnnl_nchw : dnnl_nhwc,
        .n = n,
        .c = c,
        .s = s,
    };
    if (layout == ONEDNN_BLOCKED) {
        status = choose_block(geometry, &block);
    }
    geometry->channels = (c + block - 1) / block * block;
    return status;
}

struct onednn_geometry onednn_style_geometry(const struct onednn_geometry *geometry,
                                             const struct norma_problem *problem) {
    struct onednn_geometry result = *geometry;
    result.n = problem->n * norma_problem_sample_styles(problem);
    result.s = norma_problem_style_spatial(problem);
    return result;
}

struct onednn_shape onednn_tensor(const struct onednn_geometry *geometry) {
    return onednn_shape4(1, onednn_planes(geometry), 1, geometry->s, dnnl_nchw);
}

struct onednn_shape onednn_batch_shape(const struct onednn_geometry *geometry) {
    if (geometry->layout == ONEDNN_BLOCKED) {
        return onednn_shape4(geometry->n, geometry->channels, 1, geometry->s, geometry->tag);
    }
    if (geometry->layout == ONEDNN_CHANNELS_LAST || geometry->s == 1) {
        return onednn_shape4(1, geometry->c, 1, geometry->n * geometry->s, dnnl_nhwc);
    }
    return onednn_shape4(geometry->n, geometry->c, 1, geometry->s, dnnl_nchw);
}

struct onednn_pieces onednn_pieces_of(const struct onednn_geometry *geometry) {
    const bool by_sample = geometry->layout == ONEDNN_CHANNELS_LAST;
    const int64_t channels = by_sample ? geometry->c : onednn_planes(geometry);
    return (struct onednn_pieces){
        .shape = onednn_shape4(1, channels, 1, geometry->s, geometry->tag),
        .count = by_sample ? geometry->n : 1,
        .elements = onednn_sample_elements(geometry),
        .planes = geometry->channels,
    };
}

int64_t onednn_sample_elements(const struct onednn_geometry *geometry) {
    return geometry->channels * geometry->s;
}

int64_t onednn_elements(const struct onednn_geometry *geometry) {
    return geometry->n * onednn_sample_elements(geometry);
}

int64_t onednn_planes(const struct onednn_geometry *geometry) {
    return geometry->n * geometry->channels;
}

float *onednn_allocate(int64_t count) {
    enum { LINE = 64 };
    const size_t bytes = ((size_t)count * sizeof(float) + LINE) / LINE * LINE;
    float *memory = aligned_alloc(LINE, bytes);
    if (memory != NULL) {
        memset(memory, 0, bytes);
    }
    return memory;
}
