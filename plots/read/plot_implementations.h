/* The implementations that results hold: what each stands for, and how it looks in every picture.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef PLOTS_READ_PLOT_IMPLEMENTATIONS_H
#define PLOTS_READ_PLOT_IMPLEMENTATIONS_H

#include "plots/read/runs.h"

/* Colours on light and on dark paper, and the number of gnuplot's point type. */
struct plot_style {
    const char *light, *dark;
    int point;
};

struct plot_implementation {
    const char *name;
    enum plot_kind kind;
    struct plot_style style;
};

/* Fills *list, which the caller frees, and returns the number: norma's sets first, fastest first,
 * then the definition, the peers and the ceilings. */
size_t plot_implementations(const struct plot_results *results, struct plot_implementation **list);

/* Whether it is a peer's own way on the problem's own layout: "onednn", but not "onednn-nhwc". */
bool plot_is_own_layout(const struct plot_implementation *implementation);

/* Returns the libraries of the peers in a list, as one noun: "oneDNN", "oneDNN or another". Without
 * peers it names a library that norma was built with, or "another library". The caller frees it. */
char *plot_peer_libraries(const struct plot_results *results,
                          const struct plot_implementation *list, size_t count);

#endif
