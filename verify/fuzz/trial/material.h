/* The material of a trial: a problem, its inputs, and the form in which a caller passes them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_FUZZ_TRIAL_MATERIAL_H
#define VERIFY_FUZZ_TRIAL_MATERIAL_H

#include "verify/fuzz/trial/choices.h"
#include "verify/truth/truth.h"

/* What a caller passes for a tensor that the problem does not use, and that must be ignored. */
enum fuzz_unused { FUZZ_UNUSED_NULL, FUZZ_UNUSED_WILD, FUZZ_UNUSED_X, FUZZ_UNUSED_COUNT };

/* How the tensors are passed. */
struct fuzz_passing {
    bool absent[REFERENCE_TENSOR_COUNT]; /* optional ones that are left out */
    /* The elements by which a tensor is off the alignment of malloc. */
    size_t offset[REFERENCE_TENSOR_COUNT];
    /* The input whose memory an input has as well; itself, if that is not shared. */
    int owner[REFERENCE_TENSOR_COUNT];
    bool in_place; /* y is x; backward, dx is dy */
    enum fuzz_unused unused;
    uint64_t controls; /* the caller's floating-point environment */
};

struct fuzz_material {
    struct verify_truth
        *truth; /* the problem, its inputs and, after fuzz_material_expect, results */
    struct fuzz_passing passing;
};

/* Chooses a problem of up to so many elements, its inputs and their passing. */
void fuzz_material_make(struct fuzz_choices *choices, int64_t most_elements,
                        struct fuzz_material *material);
void fuzz_material_destroy(struct fuzz_material *material);

/* Runs the reference on the inputs. */
void fuzz_material_expect(const struct fuzz_material *material);

/* Expects that the outputs in pointers are right (NULL: left out), and the inputs unchanged. Where
 * the reference's result is beyond float's range or NaN, the result must be none that is well
 * within this range; which of the others is not judged. */
void fuzz_material_judge(const struct fuzz_material *material,
                         void *const pointers[REFERENCE_TENSOR_COUNT]);

#endif
