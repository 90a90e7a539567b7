/* Result files for the tests, written by hand.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef PLOTS_TESTS_SAMPLE_RECORDS_H
#define PLOTS_TESTS_SAMPLE_RECORDS_H

#include "plots/read/runs.h"

/* Lines of a result file. */
#define MACHINE(id)                                                                                \
    "{\"type\":\"machine\",\"schema\":1,\"id\":\"" id "\",\"build\":{\"revision\":\"r1\"}}\n"
#define CONDITIONS "{\"type\":\"conditions\",\"schema\":1,\"interrupted\":false}\n"

/* A finished measurement of f32, hot, whose interval is 10% to either side. */
struct record {
    const char *problem, *op, *pass, *layout, *shapes, *layer, *implementation;
    const char *kind; /* NULL: not recorded */
    int n, c, s, threads;
    double median; /* 0: "unsupported", with the reason "no such thing" */
    bool uncertain;
};

/* Returns its line; the caller frees it. */
char *record_line(struct record record);

/* Returns bn:8x64x56x56 of resnet50 on avx512, forward, ncs, 1 thread, 1 ms. */
struct record record_default(void);

/* Reads a text as a file of the name "file". Returns false, with *error, if it is refused. */
bool read_text(struct plot_results *results, const char *text, struct plot_read_error *error);

#endif
