/* Whether machines give the same bits: their digests.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_PLOTS_AGREEMENT_H
#define NORMA_PLOTS_AGREEMENT_H

#include "view.h"

enum norma_agreement {
    NORMA_NO_DIGEST,     /* none at all */
    NORMA_ONE_DIGEST,    /* one machine's alone */
    NORMA_AGREE,         /* every machine has one, and all are the same */
    NORMA_AGREE_IN_PART, /* the same where there is one of the same problems; not everywhere */
    NORMA_DIFFER,        /* two digests of the same problems (number, seed, level) differ */
    NORMA_NOT_COMPARABLE /* no two machines were asked the same problems */
};

enum norma_agreement norma_agreement(const struct norma_view *view);

/* Are both of the same problems, and yet different? */
bool norma_digests_differ(const struct norma_digest *a, const struct norma_digest *b);

/* The last digest that a machine gave, or NULL. */
const struct norma_digest *norma_machine_digest(const struct norma_view *view, size_t machine);

#endif
