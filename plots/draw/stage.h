/* The stage: a private folder inside the output folder, in which everything is made before it is
 * renamed into place, so that a full disk, a failing gnuplot or Ctrl-C leaves the output folder as
 * it was. The stage is removed when the program ends, however it ends.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef PLOTS_DRAW_STAGE_H
#define PLOTS_DRAW_STAGE_H

#include <stdio.h>

/* Makes `folder` (and its parents) and the stage in it. Must be called once. */
void plot_stage_open(const char *folder);

/* Return the path of a file in the stage, and in the output folder; the caller frees it. */
char *plot_stage_path(const char *name);
char *plot_stage_target(const char *name);

/* Creates a file in the stage. plot_stage_close ends the program if any write failed. */
FILE *plot_stage_create(const char *name);
void plot_stage_close(FILE *file, const char *name);

/* Returns the text of a file in the stage; the caller frees it. */
char *plot_stage_read(const char *name);

/* Ends the program if a path must not be written (tool_output_check). */
void plot_stage_check(const char *target);

/* Moves a file of the stage to `target` (tool_output_move). */
void plot_stage_publish(const char *name, const char *target);

/* Removes the stage. Also called at exit. */
void plot_stage_remove(void);

/* If a signal was noted (tool_interrupt_note), removes the stage and ends the program by that
 * signal. */
void plot_signals_obey(void);

#endif
