/* A problem with data and expected results, which one implementation after the other solves.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_ONEDNN_TESTS_ONEDNN_FIXTURE_H
#define REFERENCE_ONEDNN_TESTS_ONEDNN_FIXTURE_H

#include "reference/interface/interface.h"

struct fixture {
    struct norma_problem problem;
    const char *text;
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
    void *data[REFERENCE_TENSOR_COUNT];       /* NULL where the problem has no such tensor */
    double *expected[REFERENCE_TENSOR_COUNT]; /* NULL where the tensor is no output */
};

/* Writes the text of the same problem in layout=nsc. */
void turn(const char *text, char turned[NORMA_PROBLEM_TEXT]);

struct fixture setup(const char *text);
void teardown(struct fixture *f);

/* Fills the tensors with new data. Backward, the statistics are those of the new x. */
void fill(struct fixture *f, uint64_t seed);
struct norma_args args_of(const struct fixture *f);

/* Fills the tensors that the forward pass returns and the backward pass takes; part of fill. */
void fill_from_forward(const struct fixture *f);

/* Computes the results that are expected with these arguments. */
void expect(struct fixture *f, const struct norma_args *args);

/* Returns a state for the problem; NULL if it is unsupported. */
void *create(const struct reference_implementation *implementation, const struct fixture *f,
             int threads);
/* Runs import, execute and export. */
void run(const struct reference_implementation *implementation, void *state,
         const struct fixture *f, const struct norma_args *args);
/* Compares every output that args has with what is expected. */
void compare(const struct fixture *f, const char *implementation, const struct norma_args *args);

/* Changes the arguments of round 1 or 2 before they are used. */
typedef void variation(struct norma_args *args, struct fixture *f, int round);

/* Checks two rounds on one state, with other inputs in the second, so that anything that is left
 * over from the first shows. */
void check(const struct reference_implementation *implementation, const char *text, int threads);

/* Checks every implementation in both layouts. Those that `required` names, ended by NULL, must
 * support every problem, but onednn-nhwc must support none that is channels-last already. `vary`
 * may be NULL. */
void check_all(const char *const *texts, int threads, const char *const *required, variation *vary);

/* Returns the implementation of this name, which must exist. */
const struct reference_implementation *find(const char *name);

#endif
