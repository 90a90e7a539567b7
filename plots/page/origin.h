/* How figures were measured, and how to measure them again.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef PLOTS_PAGE_ORIGIN_H
#define PLOTS_PAGE_ORIGIN_H

#include "plots/read/read.h"

/* Writes links to the runs of a machine that gave measurements or, with `hardware`, memory and
 * compute records: " Measured by <a>run 1</a>, <a>run 2</a>." */
void plot_report_origin(FILE *out, const struct plot_view *view, size_t machine, bool hardware);

/* Returns `norma-bench run --impl NAME --threads N 'PROBLEM'`; the caller frees it. */
char *plot_report_command(const struct plot_measurement *measurement);

#endif
