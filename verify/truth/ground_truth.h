/* The truth about one case: its generated inputs, what the f64 reference makes of them, and how far
 * a correct implementation may be from that.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_TRUTH_GROUND_TRUTH_H
#define VERIFY_TRUTH_GROUND_TRUTH_H

#include "reference/interface/interface.h"
#include "verify/truth/check_kinds.h"

/* What x and the styles look like. */
enum verify_data {
    VERIFY_DATA_NORMAL,     /* standard normal, each channel with a mean and scale of its own */
    VERIFY_DATA_LARGE_MEAN, /* |mean| is 1e4 or 1e6 times the standard deviation */
    VERIFY_DATA_CONSTANT,   /* constant runs: zero variance; where norms are divided by, one is 0 */
    VERIFY_DATA_DEFAULTS,   /* as normal, but gamma is 1 and beta 0: they may be left out */
    VERIFY_DATA_IMAGE,      /* of two spatial dimensions: a picture, in 0 to 255 or in 0 to 1 */
    VERIFY_DATA_TINY,    /* subnormal, around 1e-40; gamma is 1 and beta 0, or it would not show */
    VERIFY_DATA_HUGE,    /* around 1e18: squares are near the end of float's range; in each second
                           channel signs alternate */
    VERIFY_DATA_OUTLIER, /* zeros of both signs, and one element of every plane that is none */
    VERIFY_DATA_COUNT
};

/* From here on, sums in float may overflow, or vanish: nothing that a peer could be bound to. */
#define VERIFY_DATA_EXTREMES VERIFY_DATA_TINY

/* "normal", "large-mean", "constant"; NULL beyond the last. */
const char *verify_data_name(enum verify_data data);

/* False: such data say nothing of the problem that others do not. */
bool verify_data_suits(enum verify_data data, const struct norma_problem *problem);

struct verify_truth;

/* What one needs of memory, in bytes per element of x. */
enum { VERIFY_TRUTH_BYTES = 24, VERIFY_TRUTH_BYTES_BACKWARD = 44 };

/* Generates the inputs from the seed and runs the reference. NULL when there is not enough memory.
 * Uses OpenMP's threads. The statistics that a backward pass takes are those that x has, rounded to
 * float. */
struct verify_truth *verify_truth_create(const struct norma_problem *problem, enum verify_data data,
                                         uint64_t seed);

/* The same without what is expected of them: nothing can be compared with it. */
struct verify_truth *verify_truth_create_inputs(const struct norma_problem *problem,
                                                enum verify_data data, uint64_t seed);
/* Makes of such a one, its inputs being what they are by now, what is expected; once. False: no
 * memory. */
bool verify_truth_expect(struct verify_truth *truth);
void verify_truth_destroy(struct verify_truth *truth);

/* Copies every input (and the initial value of every inout) into pointers[id]; ids that the problem
 * does not use, or whose pointer is NULL, are left alone. */
void verify_truth_inputs(const struct verify_truth *truth,
                         void *const pointers[REFERENCE_TENSOR_COUNT]);

struct verify_verdict {
    bool passed;
    enum verify_check_kind check; /* if failed: which */
    double share; /* the largest |result - reference| / bound over all outputs; > 1: failed */
    double median_share; /* of the elements that are not exact, of normal data; 0: there are none */
    char message[256];   /* if failed: tensor, index, got, expected, bound; else empty */
};

/* Compares every output in pointers (NULL: not asked for) with the reference, and every input with
 * what it was: an implementation must not write its inputs. In place, where
 * pointers[y] == pointers[x] or, backward, pointers[dx] == pointers[dy], that input may be. */
struct verify_verdict verify_truth_compare(const struct verify_truth *truth,
                                           enum reference_accumulation accumulation,
                                           void *const pointers[REFERENCE_TENSOR_COUNT]);

#endif
