/* The results that a fixture must yield, from the reference.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

#include "reference/onednn/tests/onednn_fixture.h"
#include "reference/reference.h"

/* Executes the forward problem whose gradient the fixture's problem is. */
static norma_status execute_forward(const struct fixture *f, const struct norma_args *args) {
    const struct reference_implementation *reference = &reference_implementation_reference;
    struct norma_problem forward = f->problem;
    forward.pass = forward.pass == NORMA_PASS_BACKWARD ? NORMA_PASS_FORWARD : NORMA_PASS_INFERENCE;
    void *state;
    norma_status status = reference->create(reference, &state, &forward, 1);
    if (status == NORMA_STATUS_OK) {
        status = reference->execute(state, args);
        reference->destroy(state);
    }
    return status;
}

void fill_from_forward(const struct fixture *f) {
    const int64_t count = f->tensors[REFERENCE_TENSOR_x].count;
    struct norma_args args = args_of(f);
    float *residual = calloc((size_t)count + 1, sizeof *residual);
    float *unused = calloc((size_t)count + 1, sizeof *unused);
    cr_assert(residual && unused);
    for (int64_t i = 0; i < count; i++) {
        residual[i] = (float)sin((double)i);
    }
    args.residual = residual;
    args.y = args.y ? args.y : unused;
    cr_assert_eq(execute_forward(f, &args), NORMA_STATUS_OK, "%s", f->text);
    free(residual);
    free(unused);
}

void expect(struct fixture *f, const struct norma_args *args) {
    struct reference_result results = {0};
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        if (f->expected[id]) {
            *reference_place_of(&results, (enum reference_tensor_id)id).value = f->expected[id];
        }
    }
    cr_assert_eq(reference_run(&f->problem, args, &results), NORMA_STATUS_OK, "%s", f->text);
}
