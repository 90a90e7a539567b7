/* A problem with all of its tensors, for the tests of execution. The tensors have plausible values
 * that are the same every time, so that two bundles of one problem can be compared.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_TESTS_BUNDLE_H
#define KERNELS_TESTS_BUNDLE_H

#include "reference/interface/interface.h"

/* Outputs are filled as well, so that a test notices elements that are not written. Pointers that
 * the problem does not use are invalid. */
struct bundle {
    struct norma_problem problem;
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
    void *memory[REFERENCE_TENSOR_COUNT]; /* NULL: unused or empty */
    void *data[REFERENCE_TENSOR_COUNT];   /* passed to execution; tests may change it */
};

/* Returns the problem of a text, which must be valid. */
struct norma_problem bundle_problem(const char *text);

/* Makes a bundle whose tensors begin `offset` bytes after an address aligned as malloc does. */
struct bundle *bundle_make(const char *text, size_t offset);
/* Makes a bundle with the present values of another. */
struct bundle *bundle_copy(const struct bundle *bundle, size_t offset);
void bundle_free(struct bundle *bundle);

/* Makes most elements of the planes of x, dy and the style large, but such that their sums, and
 * those of dy x, cancel. The rounding errors that remain then show the order of the additions. */
void bundle_cancel_sums(struct bundle *bundle);

/* Creates the plan and executes it, with a workspace filled with NaNs. */
norma_status bundle_execute(const struct bundle *bundle, const struct norma_options *options);

/* Executes a plan, with a workspace filled with NaNs. */
norma_status bundle_execute_plan(const struct bundle *bundle, const struct norma_plan *plan);

/* Does what norma_args_check does, with a workspace. */
norma_status bundle_explain(const struct bundle *bundle, char *message, size_t size);

/* Returns whether the problem has tensor number id, and it is not empty. */
bool bundle_uses(const struct bundle *bundle, int id);

/* Returns the name of the first tensor, other than number `except`, whose bits differ in a and b;
 * NULL if there is none. */
const char *bundle_difference(const struct bundle *a, const struct bundle *b, int except);

#endif
