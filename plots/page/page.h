/* The report: one HTML page that needs nothing but itself.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef PLOTS_PAGE_PAGE_H
#define PLOTS_PAGE_PAGE_H

#include "plots/draw/draw.h"

/* Writes the page; the pictures' SVGs are read from the stage. */
void plot_report_write(FILE *out, const struct plot_view *view,
                       const struct plot_pictures *pictures, const char *title);

/* ---- the parts of the page, one file each --------------------------------------------------- */

/* report_summary.c: the key figures of one machine. */
void plot_report_summary(FILE *out, const struct plot_view *view, struct plot_span machine);

/* report_pictures.c: what the pictures share; the pictures of one machine; and those of its
 * ceilings, by number of threads. */
void plot_report_definitions(FILE *out, const struct plot_pictures *pictures);
void plot_report_machines_picture(FILE *out, const struct plot_view *view,
                                  const struct plot_pictures *pictures);
void plot_report_pictures(FILE *out, const struct plot_view *view,
                          const struct plot_pictures *pictures, size_t machine);
void plot_report_ceilings(FILE *out, const struct plot_view *view,
                          const struct plot_pictures *pictures, size_t machine);

/* report_hardware.c: what one machine can do at all. */
void plot_report_hardware(FILE *out, const struct plot_view *view,
                          const struct plot_pictures *pictures, size_t machine);

/* report_comparison.c: machines side by side; report_agreement.c: whether their bits agree. */
void plot_report_comparison(FILE *out, const struct plot_view *view,
                            const struct plot_pictures *pictures);
void plot_report_agreement(FILE *out, const struct plot_view *view);

/* report_accuracy.c: the accuracy table of one machine. */
void plot_report_accuracy(FILE *out, const struct plot_view *view, struct plot_span machine);

/* report_missing.c: the cases of one machine without a figure, and why. */
void plot_report_missing(FILE *out, const struct plot_view *view, struct plot_span machine);

/* report_measurements.c: every measurement of one machine. */
void plot_report_measurements(FILE *out, struct plot_span machine);

/* report_machines.c: all machines side by side; their runs; and what a reader must know first. */
void plot_report_machines(FILE *out, const struct plot_view *view);
void plot_report_runs(FILE *out, const struct plot_view *view);
void plot_report_notices(FILE *out, const struct plot_view *view);

/* Links to the runs of a machine that have given measurements, or memory and compute records, with
 * the commands that made them: " Measured by <a>...</a>". */
void plot_report_origin(FILE *out, const struct plot_view *view, size_t machine, bool hardware);

/* `norma-bench run --impl NAME --threads N 'PROBLEM'`; the caller frees it. */
char *plot_report_command(const struct plot_measurement *measurement);

#endif
