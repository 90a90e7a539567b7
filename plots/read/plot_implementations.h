/* The implementations in results: what each stands for, and how it looks in all pictures.
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

/* Lists norma's sets, fastest first, then the definition, the peers and the ceilings; the caller
 * frees *list. Returns their number. */
size_t plot_implementations(const struct plot_results *results, struct plot_implementation **list);

/* Returns whether it is a peer that works on the problem's own layout, such as "onednn", and not
 * "onednn-nhwc". */
bool plot_is_own_layout(const struct plot_implementation *implementation);

/* Returns the libraries of the peers in a list, as one noun: "oneDNN", "oneDNN or another". Without
 * peers it names a library that norma was built with, or "another library". The caller frees it. */
char *plot_peer_libraries(const struct plot_results *results,
                          const struct plot_implementation *list, size_t count);

#endif
