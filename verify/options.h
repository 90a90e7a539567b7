/* The command line of norma-verify.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_VERIFY_OPTIONS_H
#define NORMA_VERIFY_OPTIONS_H

#include "implementations.h"
#include "report_format.h"
#include "session.h"
#include "shard.h"
#include "suite.h"

/* Exit codes of every program of norma. */
enum {
    NORMA_EXIT_FINE = 0,
    NORMA_EXIT_FAILED = 1,
    NORMA_EXIT_USAGE = 2,
    NORMA_EXIT_MISSING = 3,
    NORMA_EXIT_SIGNAL = 128 /* and the signal that interrupted */
};

enum norma_mutants_mode {
    NORMA_MUTANTS_NONE,
    NORMA_MUTANTS_ALL,   /* is each caught? */
    NORMA_MUTANTS_CHECKS /* does each check catch one that only it does? */
};

/* A report beside the one that --output names. */
struct norma_further_report {
    const struct norma_format *format;
    const char *path;
};

enum { NORMA_MAX_FURTHER = 4 };

struct norma_verify_options {
    const struct norma_implementation *implementations[NORMA_MAX_IMPLEMENTATIONS];
    size_t implementation_count;
    enum norma_level level;
    struct norma_problems problems; /* of all shards; the built-in ones unless given */
    struct norma_shard shard;       /* that this run is */
    bool built_in;
    bool vocabulary;                 /* is checked ahead of the problems */
    bool properties;                 /* are checked after the problems */
    bool digest;                     /* hashes of the results instead of checks */
    enum norma_mutants_mode mutants; /* wrong kernels instead of those that there are */
    char *const *mutant_names;       /* those alone; none: all */
    size_t mutant_count;
    uint64_t seed;
    int threads;           /* 0: 1, on large problems 1, 2 and 3 in turn */
    bool here;             /* all in this process, for debuggers */
    unsigned case_timeout; /* seconds; 0: by the size of the problem */
    bool list;
    const char *output; /* NULL: standard output */
    const struct norma_format *format;
    struct norma_further_report further[NORMA_MAX_FURTHER];
    size_t further_count;
};

/* Returns a negative number to go on, or the exit code. Talks on stderr (--help on stdout). */
int norma_verify_options(struct norma_verify_options *options, int argc, char **argv);

#endif
