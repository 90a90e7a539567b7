/* What adain's forward and backward share: its regions and styles.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_DEFINITIONS_ADAIN_STYLES_H
#define REFERENCE_DEFINITIONS_ADAIN_STYLES_H

#include "reference/definitions/reference_standardize.h"

enum { REFERENCE_MAX_REGIONS = 256 };

/* The region that position s of sample n belongs to; 0 where the problem has no regions. */
static inline int64_t reference_region(const struct reference_view *view, int64_t n, int64_t s) {
    return view->problem->regions > 1 ? (int64_t)view->args->labels[n * view->s + s] : 0;
}

/* Where the content's statistics of a region are, [N][regions][C]. */
static inline int64_t reference_content_at(const struct reference_view *view, int64_t n,
                                           int64_t region, int64_t c) {
    return (n * view->problem->regions + region) * view->c + c;
}

/* Styles first to last - 1 of a sample: those that are mixed, or the one of a region. */
struct reference_styles {
    int64_t first, last;
};

static inline struct reference_styles reference_styles_of(const struct reference_view *view,
                                                          int64_t region) {
    return view->problem->regions > 1 ? (struct reference_styles){region, region + 1}
                                      : (struct reference_styles){0, view->problem->styles};
}

/* Where the statistics of style k are, [N][K][C]. */
static inline int64_t reference_style_at(const struct reference_view *view, int64_t n, int64_t k,
                                         int64_t c) {
    return (n * norma_problem_sample_styles(view->problem) + k) * view->c + c;
}

/* w_nk; 1 where nothing is mixed. */
static inline double reference_style_weight(const struct reference_view *view, int64_t n,
                                            int64_t k) {
    const int64_t styles = view->problem->styles;
    return styles > 1 ? (double)view->args->style_weights[n * styles + k] : 1.0;
}

void reference_adain_backward(const struct reference_view *view);

#endif
