/* Reads machine records, in which all but the id may be missing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef PLOTS_READ_MACHINES_H
#define PLOTS_READ_MACHINES_H

#include "plots/read/view.h"

struct plot_cache {
    const char *name; /* "L1d", "L2", "L3" */
    double bytes;     /* size of one of them */
    long long count;
};
enum { PLOT_MAX_CACHES = 8 };

/* Fills in the data caches and unified caches. Returns their number. */
size_t plot_machine_caches(const json_t *machine, struct plot_cache caches[PLOT_MAX_CACHES]);

/* Returns the CPU's name; the machine's id if there is none. */
const char *plot_machine_name(const json_t *machine);

/* Returns the name of a machine of the view, with its id if another one has the same name; the
 * caller frees it. */
char *plot_machine_label(const struct plot_view *view, size_t machine);

/* Returns the record of the last run on a machine of the view. */
const json_t *plot_machine_record(const struct plot_view *view, size_t machine);

#endif
