/* Result files (JSON Lines, described in bench/results.md) as structs.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef PLOTS_READ_RUNS_H
#define PLOTS_READ_RUNS_H

#include "plots/read/fields.h"

#include <stdio.h>

/* The newest schema of the results format that this program reads. */
enum { PLOT_RESULTS_SCHEMA = 1 };

enum plot_outcome { PLOT_DONE, PLOT_UNSUPPORTED, PLOT_SKIPPED, PLOT_FAILED };

/* Returns "ok", "unsupported", "skipped" or "failed". */
const char *plot_outcome_name(enum plot_outcome outcome);

/* What an implementation stands for, in the order in which they are shown. */
enum plot_kind {
    PLOT_KIND_NORMA,
    PLOT_KIND_DEFINITION, /* the reference in double precision */
    PLOT_KIND_PEER,       /* another library */
    PLOT_KIND_CEILING,
    PLOT_KIND_NOT_RECORDED
};

/* A machine record and what followed it, up to the next one. */
struct plot_run {
    char *file;
    json_t *machine;      /* the whole record */
    json_t *conditions;   /* the closing record; NULL: the run was ended before it was written */
    const char *id;       /* of the machine; lives in `machine` */
    size_t machine_index; /* in plot_view.machines; filled by plot_view_create */
    const char *revision; /* of the build; lives in `machine`; "" when not recorded */
};

struct plot_measurement {
    /* As recorded. */
    char *problem;
    char *op;
    char *pass;
    char *layout;
    char *dtype;
    char *shapes;
    char *layer; /* not recorded: the shape without N, e.g. "64x56x56" */
    char *implementation;
    char *kernel; /* "" when not recorded */
    char *cache;
    char *reason;   /* "" when not recorded */
    char *verified; /* the smaller problem that was verified in its place; "": this one */
    long long n, c, s, threads;
    enum plot_kind kind;
    enum plot_outcome outcome;
    double share_of_bound; /* NAN: not recorded */
    /* Only if outcome is PLOT_DONE. */
    double median, low, high, bytes, footprint, gbps, ceiling_gbps, share;

    /* Derived while reading. */
    char *variant; /* the operator's own keys of the problem text, e.g. "g=32"; may be "" */
    size_t run;    /* index into plot_results.runs */
    size_t order;  /* of reading */

    /* Filled by plot_view_create: indices into its lists. */
    size_t machine, implementation_index;
    /* Also by it: a later measurement of the same problem counts; this one shows the problem in
     * one more shape set. */
    bool repeated;
};

/* What the machine can do at all: a memory record or a compute record. */
struct plot_speed {
    char *kernel; /* "read", "copy", "add", "copy-stream", ...; "fma32", "fma64" */
    long long threads;
    double footprint; /* bytes; 0: a compute record */
    double rate;      /* GB/s; GFLOP/s */
    size_t run;       /* index into plot_results.runs */
};

struct plot_speeds {
    struct plot_speed *items;
    size_t count;
};

/* One number for the bits of all results: what norma-verify --digest printed on the machine. */
struct plot_digest {
    char *digest, *level;
    long long problems, seed;
    size_t run;
};

struct plot_results {
    struct plot_run *runs;
    size_t run_count;
    struct plot_measurement *measurements;
    size_t measurement_count;
    struct plot_speeds memory, compute;
    struct plot_digest *digests;
    size_t digest_count;
};

/* Reads one file and appends it; `results` starts as {0}. An incomplete last line is ignored, with
 * a note on stderr. False, with *error filled, if the file is not a result file with at least one
 * measurement, memory, compute or digest record; then `results` holds what came before the fault.
 */
bool plot_results_read(struct plot_results *results, FILE *file, const char *name,
                       struct plot_read_error *error);

void plot_results_free(struct plot_results *results);

#endif
