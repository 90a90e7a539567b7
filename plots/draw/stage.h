/* A private folder inside the output folder, in which everything is made before it is renamed into
 * place: a full disk, a failing gnuplot or Ctrl-C leaves the output folder as it was. The folder is
 * removed when the program ends, however it ends.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef PLOTS_DRAW_STAGE_H
#define PLOTS_DRAW_STAGE_H

#include <stdbool.h>
#include <stdio.h>

/* Makes `folder` (and its parents) and the stage in it, and lets SIGINT, SIGTERM and SIGHUP clean
 * up. Called once. */
void plot_stage_open(const char *folder);

/* The path of a file in the stage, or in the output folder; the caller frees it. */
char *plot_stage_path(const char *name);
char *plot_stage_target(const char *name);

/* A new file in the stage. plot_stage_close fails the program if any write failed. */
FILE *plot_stage_create(const char *name);
void plot_stage_close(FILE *file, const char *name);

/* The whole of a file in the stage as text; the caller frees it. */
char *plot_stage_read(const char *name);

/* Renames a file of the stage to `target`; copies where that is on another file system. */
void plot_stage_publish(const char *name, const char *target);

/* Removes the stage; also called at exit. */
void plot_stage_remove(void);

/* Signals: installed by plot_signals_catch, before anything is read. plot_interrupted says
 * whether one came; plot_signals_obey ends the program by it if so. */
void plot_signals_catch(void);
bool plot_interrupted(void);
void plot_signals_obey(void);

#endif
