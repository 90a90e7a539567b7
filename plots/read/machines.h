/* What a machine record says, in words. Everything in it but the id may be missing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef PLOTS_READ_MACHINES_H
#define PLOTS_READ_MACHINES_H

#include "plots/read/view.h"

struct plot_cache {
    const char *name; /* "L1d", "L2", "L3" */
    double bytes;     /* of one of them */
    long long count;
};
enum { PLOT_MAX_CACHES = 8 };

/* Fills the data and unified caches and returns their number. */
size_t plot_machine_caches(const json_t *machine, struct plot_cache caches[PLOT_MAX_CACHES]);

/* The CPU's name; the machine's id where there is none. */
const char *plot_machine_name(const json_t *machine);

/* A name that tells the machines of a view apart: with its id where another has the same name; the
 * caller frees it. */
char *plot_machine_label(const struct plot_view *view, size_t machine);

/* The record of the last run on a machine of the view. */
const json_t *plot_machine_record(const struct plot_view *view, size_t machine);

#endif
