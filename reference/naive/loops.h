/* The loops over the elements of a statistics set, or of a plane.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_NAIVE_LOOPS_H
#define REFERENCE_NAIVE_LOOPS_H

#include "reference/interface/interface.h"

/* Three loops, as one writes them for a layout: the innermost goes over contiguous elements where
 * there are any. They are the same for all sets of a problem. All but the counts are distances in
 * elements, or in channels. */
struct reference_loops {
    int64_t samples, rows, length;
    int64_t sample_stride, row_stride, stride;
    int64_t row_channels, channels;
    double count; /* of all elements */
};

/* Where a set is: its first channel, and its first element. */
struct reference_loops_start {
    int64_t channel, element;
};

/* Returns the loops over a set of the problem's statistics. */
struct reference_loops reference_loops_of_set(const struct norma_problem *problem);

/* Returns the loops over a channel in all samples, a row for each sample. */
struct reference_loops reference_loops_of_channel(const struct norma_problem *problem);

/* Returns where set number `set` starts, of those that have so many channels. */
static inline struct reference_loops_start
reference_loops_start(const struct norma_problem *problem, const struct reference_loops *loops,
                      int64_t set, int64_t channels) {
    const int64_t plane = set * channels, n = plane / problem->c, c = plane % problem->c;
    const int64_t channel_stride =
        problem->layout == NORMA_LAYOUT_NCS ? loops->sample_stride / problem->c : 1;
    return (struct reference_loops_start){c, n * loops->sample_stride + c * channel_stride};
}

/* Returns the entry of a parameter for element [.][row][i], from its channel; `absent` where the
 * caller gave none. */
static inline double reference_loops_parameter(const struct reference_loops *loops,
                                               const float *parameter, int64_t row, int64_t i,
                                               double absent) {
    return parameter ? (double)parameter[row * loops->row_channels + i * loops->channels] : absent;
}

#endif
