/* A private folder inside the output folder, in which everything is made before it is renamed into
 * place: a full disk, a failing gnuplot or Ctrl-C leaves the output folder as it was. The folder is
 * removed when the program ends, however it ends.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_PLOTS_STAGE_H
#define NORMA_PLOTS_STAGE_H

#include <stdbool.h>
#include <stdio.h>

/* Makes `folder` (and its parents) and the stage in it, and lets SIGINT, SIGTERM and SIGHUP clean
 * up. Called once. */
void norma_stage_open(const char *folder);

/* The path of a file in the stage, or in the output folder; the caller frees it. */
char *norma_stage_path(const char *name);
char *norma_stage_target(const char *name);

/* A new file in the stage. norma_stage_close fails the program if any write failed. */
FILE *norma_stage_create(const char *name);
void norma_stage_close(FILE *file, const char *name);

/* The whole of a file in the stage as text; the caller frees it. */
char *norma_stage_read(const char *name);

/* Renames a file of the stage to `target`; copies where that is on another file system. */
void norma_stage_publish(const char *name, const char *target);

/* Removes the stage; also called at exit. */
void norma_stage_remove(void);

/* Signals: installed by norma_signals_catch, before anything is read. norma_interrupted says
 * whether one came; norma_signals_obey ends the program by it if so. */
void norma_signals_catch(void);
bool norma_interrupted(void);
void norma_signals_obey(void);

#endif
