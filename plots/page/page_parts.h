/* The parts of the page, one file each.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef PLOTS_PAGE_PAGE_PARTS_H
#define PLOTS_PAGE_PAGE_PARTS_H

#include "plots/draw/draw.h"

/* Write the parts about one machine: its key figures; its topology, bandwidth and roofline; its
 * pictures; the accuracy table; the cases without a figure, with reasons; every measurement. */
void plot_report_summary(FILE *out, const struct plot_view *view, struct plot_span machine);
void plot_report_hardware(FILE *out, const struct plot_view *view,
                          const struct plot_pictures *pictures, size_t machine);
void plot_report_pictures(FILE *out, const struct plot_view *view,
                          const struct plot_pictures *pictures, size_t machine);
void plot_report_accuracy(FILE *out, const struct plot_view *view, struct plot_span machine);
void plot_report_missing(FILE *out, const struct plot_view *view, struct plot_span machine);
void plot_report_measurements(FILE *out, struct plot_span machine);

/* Write the point shapes that all pictures share; the pictures of a machine's ceilings, by number
 * of threads; the picture of all machines: pictures.c. */
void plot_report_definitions(FILE *out, const struct plot_pictures *pictures);
void plot_report_ceilings(FILE *out, const struct plot_view *view,
                          const struct plot_pictures *pictures, size_t machine);
void plot_report_machines_picture(FILE *out, const struct plot_view *view,
                                  const struct plot_pictures *pictures);

/* Write the figures of all machines side by side, and whether their bits agree. */
void plot_report_comparison(FILE *out, const struct plot_view *view,
                            const struct plot_pictures *pictures);
void plot_report_agreement(FILE *out, const struct plot_view *view);

/* Write the notices on top of the page; the facts about the machines; their runs: machines.c. */
void plot_report_notices(FILE *out, const struct plot_view *view);
void plot_report_machines(FILE *out, const struct plot_view *view);
void plot_report_runs(FILE *out, const struct plot_view *view);

#endif
