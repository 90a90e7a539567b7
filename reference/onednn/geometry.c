/* Geometry: layouts and sizes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "geometry.h"

#include <stdlib.h>
#include <string.h>

/* Does oneDNN have a just-in-time compiled batch normalization for this blocked layout? Tried on a
 * small tensor, as the answer depends on the machine and not on the sizes. */
static bool is_fast(dnnl_format_tag_t tag) {
    const struct norma_onednn_shape probe = norma_onednn_shape4(1, 16, 1, 16, tag);
    const struct norma_onednn_batch_options options = {.epsilon = 1e-5, .affine = true};
    struct norma_onednn_step step;
    if (norma_onednn_create_batch_normalization(&step, &probe, &options) != NORMA_OK) {
        return false;
    }
    const bool fast = strstr(step.kernel, "jit") != NULL;
    norma_onednn_step_destroy(&step);
    return fast;
}

static norma_status choose_block(struct norma_onednn_geometry *geometry, int64_t *block) {
    static const struct {
        dnnl_format_tag_t tag;
        int64_t block;
    } candidates[] = {{dnnl_nChw16c, 16}, {dnnl_nChw8c, 8}, {dnnl_nChw4c, 4}};
    for (size_t i = 0; i < sizeof candidates / sizeof *candidates; i++) {
        if (is_fast(candidates[i].tag)) {
            geometry->tag = candidates[i].tag;
            *block = candidates[i].block;
            return NORMA_OK;
        }
    }
    return NORMA_UNSUPPORTED;
}

bool norma_onednn_is_flat(const struct norma_problem *problem) {
    return norma_problem_spatial(problem) == 1 && norma_problem_style_spatial(problem) <= 1;
}

enum norma_onednn_layout norma_onednn_layout_of(const struct norma_problem *problem) {
    return problem->layout == NORMA_NSC && !norma_onednn_is_flat(problem)
               ? NORMA_ONEDNN_CHANNELS_LAST
               : NORMA_ONEDNN_PLAIN;
}

norma_status norma_onednn_geometry_create(struct norma_onednn_geometry *geometry,
                                          enum norma_onednn_layout layout, int64_t n, int64_t c,
                                          int64_t s) {
    int64_t block = 1;
    norma_status status = NORMA_OK;
    *geometry = (struct norma_onednn_geometry){
        .layout = layout,
        .tag = layout == NORMA_ONEDNN_PLAIN ? dnnl_nchw : dnnl_nhwc,
        .n = n,
        .c = c,
        .s = s,
    };
    if (layout == NORMA_ONEDNN_BLOCKED) {
        status = choose_block(geometry, &block);
    }
    geometry->channels = (c + block - 1) / block * block;
    return status;
}

struct norma_onednn_geometry
norma_onednn_style_geometry(const struct norma_onednn_geometry *geometry,
                            const struct norma_problem *problem) {
    struct norma_onednn_geometry result = *geometry;
    result.n = problem->n * norma_problem_sample_styles(problem);
    result.s = norma_problem_style_spatial(problem);
    return result;
}

struct norma_onednn_shape norma_onednn_tensor(const struct norma_onednn_geometry *geometry) {
    return norma_onednn_shape4(1, norma_onednn_runs(geometry), 1, geometry->s, dnnl_nchw);
}

struct norma_onednn_shape norma_onednn_batch_shape(const struct norma_onednn_geometry *geometry) {
    if (geometry->layout == NORMA_ONEDNN_BLOCKED) {
        return norma_onednn_shape4(geometry->n, geometry->channels, 1, geometry->s, geometry->tag);
    }
    if (geometry->layout == NORMA_ONEDNN_CHANNELS_LAST || geometry->s == 1) {
        return norma_onednn_shape4(1, geometry->c, 1, geometry->n * geometry->s, dnnl_nhwc);
    }
    return norma_onednn_shape4(geometry->n, geometry->c, 1, geometry->s, dnnl_nchw);
}

struct norma_onednn_pieces norma_onednn_pieces(const struct norma_onednn_geometry *geometry) {
    const bool by_sample = geometry->layout == NORMA_ONEDNN_CHANNELS_LAST;
    const int64_t channels = by_sample ? geometry->c : norma_onednn_runs(geometry);
    return (struct norma_onednn_pieces){
        .shape = norma_onednn_shape4(1, channels, 1, geometry->s, geometry->tag),
        .count = by_sample ? geometry->n : 1,
        .elements = norma_onednn_sample_elements(geometry),
        .runs = geometry->channels,
    };
}

int64_t norma_onednn_sample_elements(const struct norma_onednn_geometry *geometry) {
    return geometry->channels * geometry->s;
}

int64_t norma_onednn_elements(const struct norma_onednn_geometry *geometry) {
    return geometry->n * norma_onednn_sample_elements(geometry);
}

int64_t norma_onednn_runs(const struct norma_onednn_geometry *geometry) {
    return geometry->n * geometry->channels;
}

float *norma_onednn_allocate(int64_t count) {
    enum { LINE = 64 };
    const size_t bytes = ((size_t)count * sizeof(float) + LINE) / LINE * LINE;
    float *memory = aligned_alloc(LINE, bytes);
    if (memory != NULL) {
        memset(memory, 0, bytes);
    }
    return memory;
}
