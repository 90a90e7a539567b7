/* The implementations that a run measures.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_RUN_IMPLEMENTATION_LIST_H
#define BENCH_RUN_IMPLEMENTATION_LIST_H

#include "reference/interface/interface.h"
#include "verify/harness/tool/tool.h"

struct bench_implementation_list {
    const struct reference_implementation **items;
    size_t count;
    bool names_ceilings; /* they are measured in any case, but here they were asked for */
};

/* Chooses the named implementations, in this order; a name may be a pattern ("onednn*"). If none
 * are named, the loaded plug-ins and the sets that they are based on; if none are loaded, all that
 * this machine can run except the reference. An implementation that this machine cannot run is left
 * out with a message. Returns false, with *error, for a name that does not exist; up to `unloaded`
 * such names are left out instead, as they may be those of plug-ins that could not be loaded. */
bool bench_implementation_list_choose(struct bench_implementation_list *list,
                                      const struct tool_list *names, size_t unloaded,
                                      struct tool_message *error);
void bench_implementation_list_free(struct bench_implementation_list *list);

/* Returns false, with *error, if this build or machine lacks one of them. */
bool bench_has_required(const struct tool_list *names, struct tool_message *error);

#endif
