/* Which implementations a run measures.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_BENCH_ROSTER_H
#define NORMA_BENCH_ROSTER_H

#include "arguments.h"
#include "implementation.h"
#include "message.h"

struct norma_roster {
    const struct norma_implementation **items;
    size_t count;
};

/* The implementations named, or, if none are, those that were loaded and what they are based on,
 * or, if none were, all but the reference that this machine can run. One that this machine cannot
 * run is left out with a message. False and *error: a name that there is not, unless it may be that
 * of one of `unloaded` plug-ins, which are left out, too. */
bool norma_roster_choose(struct norma_roster *roster, const struct norma_list *names,
                         size_t unloaded, struct norma_message *error);
void norma_roster_free(struct norma_roster *roster);

/* False and *error if this build or machine lacks one of them. */
bool norma_roster_has_required(const struct norma_list *names, struct norma_message *error);

#endif
