/* What the reference makes of the inputs: arrays for its results, by tensor.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_TRUTH_EXPECTED_H
#define VERIFY_TRUTH_EXPECTED_H

#include "reference/interface/interface.h"
#include "reference/reference.h"

/* Where a reference keeps one output: its values and what bounds are made of; NULL: it has none. */
struct verify_place_of_output {
    double **value;
    float **terms, **sums;
};

/* Statistics sets of a plane: the regions of adain, else one. */
static inline int64_t verify_regions(const struct norma_problem *problem) {
    return problem->regions > 0 ? problem->regions : 1;
}

/* All NULL where no reference ever yields tensor `id`. */
struct verify_place_of_output verify_expected(struct reference_reference *reference, int id);

/* Allocates an array for every output in `tensors` and, forward, the conditions. False: no memory;
 * what was allocated is in *reference. */
bool verify_expected_allocate(const struct norma_problem *problem,
                              const struct reference_tensor tensors[REFERENCE_TENSOR_COUNT],
                              struct reference_reference *reference);
void verify_expected_release(struct reference_reference *reference);

/* The statistics in inputs[], which fwd (for inf_bwd: inf) returns: computed from the other inputs
 * and rounded to float. False: no memory. */
bool verify_expected_statistics(const struct norma_problem *backward,
                                void *const inputs[REFERENCE_TENSOR_COUNT]);

#endif
