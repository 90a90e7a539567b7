/* What a machine record says, in words. Everything in it but the id may be missing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_PLOTS_MACHINE_H
#define NORMA_PLOTS_MACHINE_H

#include "view.h"

struct norma_cache {
    const char *name; /* "L1d", "L2", "L3" */
    double bytes;     /* of one of them */
    long long count;
};
enum { NORMA_MAX_CACHES = 8 };

/* Fills the data and unified caches and returns their number. */
size_t norma_machine_caches(const json_t *machine, struct norma_cache caches[NORMA_MAX_CACHES]);

/* The CPU's name; the machine's id where there is none. */
const char *norma_machine_name(const json_t *machine);

/* A name that tells the machines of a view apart: with its id where another has the same name; the
 * caller frees it. */
char *norma_machine_label(const struct norma_view *view, size_t machine);

/* The record of the last run on a machine of the view. */
const json_t *norma_machine_record(const struct norma_view *view, size_t machine);

#endif
