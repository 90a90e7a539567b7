/* What the tests of execution share: a problem with all of its tensors, filled with plausible
 * values that are the same every time, so that two bundles of one problem can be compared.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_TESTS_BUNDLE_H
#define KERNELS_TESTS_BUNDLE_H

#include "reference/interface/interface.h"

/* Outputs are filled as well: what is not written to keeps its values. Pointers that the problem
 * does not use lead nowhere. */
struct bundle {
    struct norma_problem problem;
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
    void *memory[REFERENCE_TENSOR_COUNT]; /* NULL: unused or empty */
    void *data[REFERENCE_TENSOR_COUNT];   /* what execution gets; tests may change it */
};

struct norma_problem bundle_problem(const char *text);

/* Every tensor begins `offset` bytes behind an address aligned as malloc does. */
struct bundle *bundle_make(const char *text, size_t offset);
/* With the values that the other has now. */
struct bundle *bundle_copy(const struct bundle *bundle, size_t offset);
void bundle_free(struct bundle *bundle);

/* Makes most elements of the planes of x, dy and the style large, but such that their sums, and
 * those of dy x, cancel: what is left shows in which order they were added up. */
void bundle_cancel_sums(struct bundle *bundle);

/* Creates the plan and executes it, with a workspace filled with NaNs. */
norma_status bundle_execute(const struct bundle *bundle, const struct norma_options *options);

/* The same with a plan at hand. */
norma_status bundle_execute_plan(const struct bundle *bundle, const struct norma_plan *plan);

bool bundle_uses(const struct bundle *bundle, int id);

/* The name of the first tensor, other than number `except`, that has other bits in a than in b;
 * NULL if there is none. */
const char *bundle_difference(const struct bundle *a, const struct bundle *b, int except);

#endif
