/* A problem with data, what is expected of it, and one implementation after the other to do it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_ONEDNN_TESTS_ONEDNN_FIXTURE_H
#define REFERENCE_ONEDNN_TESTS_ONEDNN_FIXTURE_H

#include "reference/interface/implementation.h"
#include "reference/onednn/tests/definition.h"

struct fixture {
    struct norma_problem problem;
    const char *text;
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
    void *data[REFERENCE_TENSOR_COUNT]; /* NULL where the problem has no such tensor */
    double
        *expected[REFERENCE_TENSOR_COUNT]; /* of outputs; channels-first, as the definitions are */
};

/* Where element i of a channels-first tensor is in a tensor of the problem's layout. */
int64_t place_of(const struct norma_problem *problem, enum reference_tensor_id id, int64_t i);

/* The same problem in layout=nsc. */
void turn(const char *text, char turned[NORMA_PROBLEM_TEXT]);

struct fixture setup(const char *text);
void teardown(struct fixture *f);

/* New data; backward, the statistics are those of the new x. */
void fill(struct fixture *f, uint64_t seed);
struct norma_args args_of(const struct fixture *f);

/* What backward takes from forward, as floats; part of fill. */
void fill_from_forward(const struct fixture *f);

/* Works out what is expected of these arguments. */
void expect(struct fixture *f, const struct norma_args *args);

/* NULL if it is unsupported. */
void *create(const struct reference_implementation *implementation, const struct fixture *f,
             int threads);
/* Import, execute, export. */
void run(const struct reference_implementation *implementation, void *state,
         const struct fixture *f, const struct norma_args *args);
/* Every output that args asks for. */
void compare(const struct fixture *f, const char *implementation, const struct norma_args *args);

/* Changes the arguments before they are used, in round 1 or 2. */
typedef void variation(struct norma_args *args, struct fixture *f, int round);

/* Two rounds on one state, with other inputs in the second, in case anything is left over. */
void check(const struct reference_implementation *implementation, const char *text, int threads);

/* Every implementation, in both layouts. At least those of `required` (names, ended by NULL) must
 * support every problem, but for onednn-nhwc, which must not where channels are last as they are.
 * NULL for a variation: none. */
void check_all(const char *const *texts, int threads, const char *const *required, variation *vary);

const struct reference_implementation *find(const char *name);

#endif
