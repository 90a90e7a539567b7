/* A step: one oneDNN primitive with its arguments. Tensors stay where the caller has them. Binding
 * points an argument at the data, and execution allocates nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_ONEDNN_STEPS_STEP_H
#define REFERENCE_ONEDNN_STEPS_STEP_H

#include <stdbool.h>
#include <stddef.h>

#include "reference/onednn/steps/onednn_compat.h"
#include <norma.h>

enum { ONEDNN_MAX_ARGUMENTS = 12 };

/* A step that was never created is all zeros, which destroy accepts. */
struct onednn_step {
    dnnl_stream_t stream;
    dnnl_primitive_t primitive;
    int count;
    dnnl_exec_arg_t arguments[ONEDNN_MAX_ARGUMENTS];
    char kernel[64]; /* the implementation that oneDNN chose */
};

struct onednn_shape onednn_shape4(int64_t n, int64_t c, int64_t h, int64_t w,
                                  dnnl_format_tag_t tag);

/* Every function below that creates a step returns NORMA_STATUS_UNSUPPORTED if oneDNN refuses it;
 * then the step is all zeros again. Their comments begin with the arguments that the step has. */

struct onednn_batch_options {
    double epsilon;
    bool given;  /* the statistics are inputs */
    bool affine; /* there are SCALE and SHIFT */
    bool relu;
};

/* SRC, DST, MEAN, VARIANCE and, with affine, SCALE, SHIFT. */
norma_status onednn_create_batch_normalization(struct onednn_step *step,
                                               const struct onednn_shape *data,
                                               const struct onednn_batch_options *options);

/* SRC, DIFF_DST, DIFF_SRC, MEAN, VARIANCE, SCALE, SHIFT (never read, and absent where oneDNN does
 * not take it), DIFF_SCALE, DIFF_SHIFT. If `given`, the statistics are constants. */
norma_status onednn_create_batch_normalization_backward(struct onednn_step *step,
                                                        const struct onednn_shape *data,
                                                        double epsilon, bool given);

/* DST, DIFF_DST, DIFF_SRC. Passes DIFF_DST on where DST > 0, otherwise 0. */
norma_status onednn_create_relu_backward(struct onednn_step *step, const struct onednn_shape *data);

/* SRC, DST, MEAN, VARIANCE, and with affine SCALE and SHIFT for each column. Standardizes each row
 * of a matrix. */
norma_status onednn_create_layer_normalization(struct onednn_step *step, int64_t rows,
                                               int64_t length, double epsilon, bool affine);

/* SRC, DIFF_DST, DIFF_SRC, MEAN, VARIANCE, SCALE, SHIFT (as above), DIFF_SCALE, DIFF_SHIFT. The
 * epsilon is 0. */
norma_status onednn_create_layer_normalization_backward(struct onednn_step *step, int64_t rows,
                                                        int64_t length);

/* SRC, DST, SCALE, SHIFT, and MEAN and VARIANCE for each group. Unsupported before oneDNN 3.3. */
norma_status onednn_create_group_normalization(struct onednn_step *step,
                                               const struct onednn_shape *data, int64_t groups,
                                               double epsilon, bool relu);

/* One link of a chain y = ((x OP operand) OP operand) and so on; operands are broadcast. */
struct onednn_link {
    dnnl_alg_kind_t algorithm;
    struct onednn_shape operand;
};

/* SRC_0, DST, and ONEDNN_OPERAND(i) for each link. One pass over x, however long the chain, which a
 * ReLU ends if `relu`. */
norma_status onednn_create_chain(struct onednn_step *step, const struct onednn_shape *data,
                                 int count, const struct onednn_link *links, bool relu);
#define ONEDNN_OPERAND(i)                                                                          \
    ((i) == 0 ? DNNL_ARG_SRC_1 : (DNNL_ARG_ATTR_MULTIPLE_POST_OP((i)-1) | DNNL_ARG_SRC_1))

/* SRC, WEIGHTS, DST. Computes the inner product of two vectors. */
norma_status onednn_create_inner_product(struct onednn_step *step, int64_t length);

/* FROM, TO. Changes the layout. */
norma_status onednn_create_reorder(struct onednn_step *step, const struct onednn_shape *from,
                                   const struct onednn_shape *to);

/* Points an argument of the step at data, which is written only if the argument is an output.
 * Nothing happens if the step has no such argument. */
void onednn_bind(const struct onednn_step *step, int argument, const void *data);

/* Executes the step. Returns NORMA_STATUS_UNSUPPORTED when oneDNN fails, which it does not for
 * steps that it agreed to create. */
norma_status onednn_run(const struct onednn_step *step);

void onednn_step_destroy(struct onednn_step *step);

/* Adds the step's kernel to a list "a+b"; nothing for a step that was not created. */
void onednn_name(char *names, size_t size, const struct onednn_step *step);

#endif
