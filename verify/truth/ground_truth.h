/* The truth about one case: its generated inputs and what the double-precision reference computes
 * from them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_TRUTH_GROUND_TRUTH_H
#define VERIFY_TRUTH_GROUND_TRUTH_H

#include "reference/interface/interface.h"
#include "verify/truth/check_kinds.h"
#include "verify/truth/data_kinds.h"
#include "verify/truth/kept_results.h"

/* The outcome of comparing results with the truth. */
struct verify_verdict {
    bool passed;
    enum verify_check_kind check; /* that failed */
    double share; /* the largest |result - reference| / bound over all outputs; > 1: failed */
    double median_share; /* of the elements that are not exact, on normal data; 0: there are none */
    char message[256];   /* tensor, index, got, expected and bound of a failure; else empty */
};

/* The results that passed last, and their verdict. Sets that agree to the bit, and placements that
 * change no bit, are compared with the reference only once; that comparison is two thirds of the
 * time that checking a fast kernel takes. */
struct verify_accepted {
    bool any;
    enum reference_accumulation accumulation;
    struct verify_results results;
    struct verify_verdict verdict;
};

struct verify_truth {
    struct norma_problem problem;
    enum verify_data data;
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
    void *inputs[REFERENCE_TENSOR_COUNT]; /* inputs, and initial values of inouts */
    struct reference_result expected;
    struct verify_accepted *accepted; /* a cache: it changes while the truth stays constant */
};

/* The memory that a truth needs, in bytes per element of x. */
enum { VERIFY_TRUTH_BYTES = 28, VERIFY_TRUTH_BYTES_BACKWARD = 84 };

/* Generates the inputs from the seed and runs the reference, on OpenMP's threads. The statistics
 * that a backward pass takes are those of x, rounded to float. Returns NULL if there is not enough
 * memory. */
struct verify_truth *verify_truth_create(const struct norma_problem *problem, enum verify_data data,
                                         uint64_t seed);

/* Generates the inputs only. Nothing can be compared with such a truth. */
struct verify_truth *verify_truth_create_inputs(const struct norma_problem *problem,
                                                enum verify_data data, uint64_t seed);

/* Runs the reference on the inputs as they are now. Must be called at most once, on a truth from
 * verify_truth_create_inputs. Returns false if there is not enough memory. */
bool verify_truth_expect(struct verify_truth *truth);

void verify_truth_destroy(struct verify_truth *truth);

/* Copies every input (and the initial value of every inout) into pointers[id], unless the problem
 * does not use the tensor or the pointer is NULL. */
void verify_truth_inputs(const struct verify_truth *truth,
                         void *const pointers[REFERENCE_TENSOR_COUNT]);

/* Compares every output in pointers (NULL: left out) with the reference, and every input with
 * its original, because an implementation must not write to its inputs. The exception is in-place
 * execution (pointers[y] == pointers[x] or, backward, pointers[dx] == pointers[dy]), which
 * overwrites that input. */
struct verify_verdict verify_truth_compare(const struct verify_truth *truth,
                                           enum reference_accumulation accumulation,
                                           void *const pointers[REFERENCE_TENSOR_COUNT]);

#endif
