/* Result files (JSON Lines, described in bench/results/results.md) as structs.
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

/* The roles of implementations, in the order in which they are shown. */
enum plot_kind {
    PLOT_KIND_NORMA,
    PLOT_KIND_DEFINITION, /* the reference in double precision */
    PLOT_KIND_PEER,       /* another library */
    PLOT_KIND_CEILING,
    PLOT_KIND_NOT_RECORDED
};

/* A machine record with the records behind it, up to the next machine record. */
struct plot_run {
    char *file;
    json_t *machine;      /* the whole record */
    json_t *conditions;   /* the last record; NULL: the run ended before it was written */
    const char *id;       /* that of the machine; part of `machine` */
    size_t machine_index; /* in plot_view.machines; filled by plot_view_create */
    const char *revision; /* that of the build; part of `machine`; "" when not recorded */
};

struct plot_measurement {
    /* As recorded. */
    char *problem;
    char *op;
    char *pass;
    char *layout;
    char *dtype;
    char *shapes;
    char *layer; /* if not recorded, the shape without N, such as "64x56x56" */
    char *implementation;
    char *kernel; /* "" when not recorded */
    char *cache;
    char *reason;   /* "" when not recorded */
    char *verified; /* the smaller problem that was verified in its place; "": none */
    long long n, c, s, threads;
    enum plot_kind kind;
    enum plot_outcome outcome;
    double share_of_bound; /* NAN: not recorded */
    /* Set only if outcome is PLOT_DONE. */
    double median, low, high, bytes, footprint, gbps, ceiling_gbps, share;
    bool uncertain; /* other work disturbed it; false when not recorded */

    /* Derived while reading. */
    char *variant; /* the operator's own keys in the problem's text, such as "g=32"; may be "" */
    size_t run;    /* index into plot_results.runs */
    size_t order;  /* number in the order of reading */

    /* Filled by plot_view_create: indices into its lists. */
    size_t machine, implementation_index;
    /* Filled by it, too. A later measurement of the same problem counts, and this one only shows
     * the problem in one more shape set. */
    bool repeated;
};

/* A limit of the machine: a memory record or a compute record. */
struct plot_speed {
    char *kernel; /* such as "read", "copy-stream"; "fma32", "fma64" */
    long long threads;
    double footprint; /* bytes; 0: a compute record */
    double rate;      /* GB/s; GFLOP/s */
    size_t run;       /* index into plot_results.runs */
};

struct plot_speeds {
    struct plot_speed *items;
    size_t count;
};

/* One number for the bits of all results, as norma-verify --digest printed it on the machine. */
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

/* Reads one file and appends it to `results`, which must start as {0}. Ignores an incomplete last
 * line, with a note on stderr. Returns false, with *error, if the file is not a result file with at
 * least one measurement, memory, compute or digest record; then `results` holds the records before
 * the fault. */
bool plot_results_read(struct plot_results *results, FILE *file, const char *name,
                       struct plot_read_error *error);

void plot_results_free(struct plot_results *results);

#endif
