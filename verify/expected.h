/* What the reference makes of the inputs: arrays for its results, by tensor.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_VERIFY_EXPECTED_H
#define NORMA_VERIFY_EXPECTED_H

#include "reference.h"
#include "tensors.h"

/* Where a reference keeps one output: its values and what bounds are made of; NULL: it has none. */
struct norma_place_of_output {
    double **value;
    float **terms, **sums;
};

/* Statistics sets of a plane: the regions of adain, else one. */
static inline int64_t norma_regions(const struct norma_problem *problem) {
    return problem->regions > 0 ? problem->regions : 1;
}

/* All NULL where no reference ever yields tensor `id`. */
struct norma_place_of_output norma_expected(struct norma_reference *reference, int id);

/* Allocates an array for every output in `tensors` and, forward, the conditions. False: no memory;
 * what was allocated is in *reference. */
bool norma_expected_allocate(const struct norma_problem *problem,
                             const struct norma_tensor tensors[NORMA_TENSOR_COUNT],
                             struct norma_reference *reference);
void norma_expected_release(struct norma_reference *reference);

/* The statistics in inputs[], which fwd (for inf_bwd: inf) returns: computed from the other inputs
 * and rounded to float. False: no memory. */
bool norma_expected_statistics(const struct norma_problem *backward,
                               void *const inputs[NORMA_TENSOR_COUNT]);

#endif
