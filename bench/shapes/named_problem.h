/* A problem that is named by itself, in the passes and layouts of the command line.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_SHAPES_NAMED_PROBLEM_H
#define BENCH_SHAPES_NAMED_PROBLEM_H

#include "bench/shapes/axes.h"

struct bench_variants {
    struct norma_problem problems[BENCH_PASS_COUNT * BENCH_LAYOUT_COUNT];
    size_t count; /* at least 1 */
};

/* Reads a problem and combines it with the passes and layouts that are given. A pass or layout that
 * its text names itself stays, and must be one of them: neither silently wins over the other.
 * Passes that the operator does not have are left out, as with shapes. Returns false if nothing is
 * left, or if the text is not a problem; *where then says why, and at which character. */
bool bench_read_variants(const char *text, const struct bench_sweep_axes *axes,
                         struct bench_variants *variants, struct norma_parse_error *where);

#endif
