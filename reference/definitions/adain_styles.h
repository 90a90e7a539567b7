/* The regions and styles of adain, for its forward and its backward pass.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_DEFINITIONS_ADAIN_STYLES_H
#define REFERENCE_DEFINITIONS_ADAIN_STYLES_H

#include "reference/definitions/reference_standardize.h"

enum { REFERENCE_MAX_REGIONS = 256 };

/* Returns the region that position s of sample n belongs to; 0 where there are no regions. */
static inline int64_t reference_region(const struct reference_view *view, int64_t n, int64_t s) {
    return view->problem->regions > 1 ? (int64_t)view->args->labels[n * view->s + s] : 0;
}

/* Returns the index of the content's statistics of a region, [N][regions][C]. */
static inline int64_t reference_content_at(const struct reference_view *view, int64_t n,
                                           int64_t region, int64_t c) {
    return (n * view->problem->regions + region) * view->c + c;
}

/* The styles first to last - 1 of a sample: those that are mixed, or the one of a region. */
struct reference_styles {
    int64_t first, last;
};

static inline struct reference_styles reference_styles_of(const struct reference_view *view,
                                                          int64_t region) {
    return view->problem->regions > 1 ? (struct reference_styles){region, region + 1}
                                      : (struct reference_styles){0, view->problem->styles};
}

/* Returns the index of the statistics of style k, [N][K][C]. */
static inline int64_t reference_style_at(const struct reference_view *view, int64_t n, int64_t k,
                                         int64_t c) {
    return (n * norma_problem_sample_styles(view->problem) + k) * view->c + c;
}

/* Returns w_nk; 1 where no styles are mixed. */
static inline double reference_style_weight(const struct reference_view *view, int64_t n,
                                            int64_t k) {
    const int64_t styles = view->problem->styles;
    return styles > 1 ? (double)view->args->style_weights[n * styles + k] : 1.0;
}

/* Finds the statistics of every style, in view->statistics and in the results. */
void reference_find_styles(const struct reference_view *view);

/* Finds the moments of each region of plane (n, c), in two passes like reference_moments_of. */
void reference_find_regions(const struct reference_view *view, int64_t n, int64_t c,
                            struct reference_moments *moments);

/* Computes the backward pass (adain_backward.c). */
void reference_adain_backward(const struct reference_view *view);

#endif
