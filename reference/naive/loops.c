/* SPDX-License-Identifier: Apache-2.0 */
#include "reference/naive/loops.h"

/* Returns the loops over so many samples, and over so many channels of each. */
static struct reference_loops loops_over(const struct norma_problem *problem, int64_t samples,
                                         int64_t channels) {
    const int64_t c = problem->c, s = norma_problem_spatial(problem);
    struct reference_loops loops = {.samples = samples,
                                    .sample_stride = c * s,
                                    .count = (double)samples * (double)channels * (double)s};
    if (problem->layout == NORMA_LAYOUT_NCS) {
        loops.rows = channels, loops.row_stride = s, loops.row_channels = 1;
        loops.length = s, loops.stride = 1;
    } else if (channels > 1) {
        loops.rows = s, loops.row_stride = c;
        loops.length = channels, loops.stride = 1, loops.channels = 1;
    } else {
        loops.rows = 1;
        loops.length = s, loops.stride = c;
    }
    return loops;
}

struct reference_loops reference_loops_of_set(const struct norma_problem *problem) {
    const int64_t channels = reference_channels_per_set(problem);
    return loops_over(problem, reference_planes_per_set(problem) / channels, channels);
}

struct reference_loops reference_loops_of_channel(const struct norma_problem *problem) {
    return loops_over(problem, problem->n, 1);
}
