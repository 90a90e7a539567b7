/* Which implementations a run measures.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_RUN_ROSTER_H
#define BENCH_RUN_ROSTER_H

#include "reference/interface/interface.h"
#include "verify/harness/tool/tool.h"

struct bench_roster {
    const struct reference_implementation **items;
    size_t count;
};

/* The implementations named, or, if none are, those that were loaded and what they are based on,
 * or, if none were, all but the reference that this machine can run. One that this machine cannot
 * run is left out with a message. False and *error: a name that there is not, unless it may be that
 * of one of `unloaded` plug-ins, which are left out, too. */
bool bench_roster_choose(struct bench_roster *roster, const struct tool_list *names,
                         size_t unloaded, struct tool_message *error);
void bench_roster_free(struct bench_roster *roster);

/* False and *error if this build or machine lacks one of them. */
bool bench_roster_has_required(const struct tool_list *names, struct tool_message *error);

#endif
