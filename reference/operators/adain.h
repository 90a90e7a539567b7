/* What adain's forward and backward share: its regions and styles.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_REFERENCE_ADAIN_H
#define NORMA_REFERENCE_ADAIN_H

#include "standardize.h"

enum { NORMA_MAX_REGIONS = 256 };

/* The region that position s of sample n belongs to; 0 where the problem has no regions. */
static inline int64_t norma_region(const struct norma_view *view, int64_t n, int64_t s) {
    return view->problem->regions > 1 ? (int64_t)view->args->labels[n * view->s + s] : 0;
}

/* Where the content's statistics of a region are, [N][regions][C]. */
static inline int64_t norma_content_at(const struct norma_view *view, int64_t n, int64_t region,
                                       int64_t c) {
    return (n * view->problem->regions + region) * view->c + c;
}

/* Styles first to last - 1 of a sample: those that are mixed, or the one of a region. */
struct norma_styles {
    int64_t first, last;
};

static inline struct norma_styles norma_styles_of(const struct norma_view *view, int64_t region) {
    return view->problem->regions > 1 ? (struct norma_styles){region, region + 1}
                                      : (struct norma_styles){0, view->problem->styles};
}

/* Where the statistics of style k are, [N][K][C]. */
static inline int64_t norma_style_at(const struct norma_view *view, int64_t n, int64_t k,
                                     int64_t c) {
    return (n * norma_problem_sample_styles(view->problem) + k) * view->c + c;
}

/* w_nk; 1 where nothing is mixed. */
static inline double norma_style_weight(const struct norma_view *view, int64_t n, int64_t k) {
    const int64_t styles = view->problem->styles;
    return styles > 1 ? (double)view->args->style_weights[n * styles + k] : 1.0;
}

void norma_adain_backward(const struct norma_view *view);

#endif
