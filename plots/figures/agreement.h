/* Compares digests, which tell whether machines give the same bits.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef PLOTS_FIGURES_AGREEMENT_H
#define PLOTS_FIGURES_AGREEMENT_H

#include "plots/read/read.h"

enum plot_agreement {
    PLOT_NO_DIGEST,     /* no machine has one */
    PLOT_ONE_DIGEST,    /* only one machine has one */
    PLOT_AGREE,         /* every machine has one, of the same problems, and all are equal */
    PLOT_AGREE_IN_PART, /* those of the same problems are equal, but not every machine has one */
    PLOT_DIFFER,        /* two of the same problems (number, seed, level) differ */
    PLOT_NOT_COMPARABLE /* no two machines have one of the same problems */
};

enum plot_agreement plot_agreement_of(const struct plot_view *view);

/* Returns whether both are of the same problems and differ. */
bool plot_digests_differ(const struct plot_digest *a, const struct plot_digest *b);

/* Returns the last digest of a machine, or NULL. */
const struct plot_digest *plot_machine_digest(const struct plot_view *view, size_t machine);

#endif
