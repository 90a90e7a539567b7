/* The request that a command line of norma-verify makes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_PROGRAM_REQUESTED_H
#define VERIFY_PROGRAM_REQUESTED_H

#include "verify/checks/checks.h"
#include "verify/harness/harness.h"
#include "verify/harness/tool/tool.h"
#include "verify/program/shard.h"
#include "verify/report/report.h"

enum verify_mutants_mode {
    VERIFY_MUTANTS_NONE,
    VERIFY_MUTANTS_ALL,   /* test whether each is caught */
    VERIFY_MUTANTS_CHECKS /* test whether each check catches one that no other check does */
};

/* A report in addition to the one that --output names. */
struct verify_further_report {
    const struct verify_format *format;
    const char *path;
};

enum { VERIFY_MAX_FURTHER = 4 };

struct verify_options {
    const struct reference_implementation *implementations[VERIFY_MAX_IMPLEMENTATIONS];
    size_t implementation_count;
    bool implementations_named; /* by --impl */
    enum verify_level level;
    struct verify_problems problems; /* of all shards; the built-in ones if none are given */
    struct verify_shard shard;       /* the part that this run checks */
    bool built_in;
    bool vocabulary;                  /* checked before the problems */
    bool properties;                  /* checked after the problems */
    bool digest;                      /* hashes of the results instead of checks */
    enum verify_mutants_mode mutants; /* wrong kernels instead of the real ones */
    char *const *mutant_names;        /* the only ones to test; none: all */
    size_t mutant_count;
    uint64_t seed;
    int threads;           /* 0: 1, for large problems 1, 2 and 3 in turn */
    bool here;             /* everything in this process, for debuggers */
    unsigned case_timeout; /* seconds; 0: by the size of the problem */
    bool list;
    bool quiet;                  /* TAP of failures and the summary only */
    char *const *property_names; /* the only ones to check; none: all */
    size_t property_count;
    struct tool_list required; /* implementations that have to run */
    const char *output;        /* NULL: standard output */
    const struct verify_format *format;
    struct verify_further_report further[VERIFY_MAX_FURTHER];
    size_t further_count;
};

#endif
