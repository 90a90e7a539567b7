/* Whether machines give the same bits: their digests.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef PLOTS_FIGURES_AGREEMENT_H
#define PLOTS_FIGURES_AGREEMENT_H

#include "plots/read/read.h"

enum plot_agreement {
    PLOT_NO_DIGEST,     /* none at all */
    PLOT_ONE_DIGEST,    /* one machine's alone */
    PLOT_AGREE,         /* every machine has one, and all are the same */
    PLOT_AGREE_IN_PART, /* the same where there is one of the same problems; not everywhere */
    PLOT_DIFFER,        /* two digests of the same problems (number, seed, level) differ */
    PLOT_NOT_COMPARABLE /* no two machines were asked the same problems */
};

enum plot_agreement plot_agreement(const struct plot_view *view);

/* Are both of the same problems, and yet different? */
bool plot_digests_differ(const struct plot_digest *a, const struct plot_digest *b);

/* The last digest that a machine gave, or NULL. */
const struct plot_digest *plot_machine_digest(const struct plot_view *view, size_t machine);

#endif
