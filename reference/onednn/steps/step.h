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

/* The functions below create steps. Each returns NORMA_STATUS_UNSUPPORTED if oneDNN refuses the
 * step, which then is all zeros again. */

struct onednn_batch_options {
    double epsilon;
    bool given;  /* the statistics are inputs */
    bool affine; /* there are SCALE and SHIFT */
    bool relu;
};

/* Creates batch normalization, with SRC, DST, MEAN, VARIANCE and, if affine, SCALE and SHIFT. */
norma_status onednn_create_batch_normalization(struct onednn_step *step,
                                               const struct onednn_shape *data,
                                               const struct onednn_batch_options *options);

/* Creates its backward pass, with SRC, DIFF_DST, DIFF_SRC, MEAN, VARIANCE, SCALE, SHIFT (never
 * read, and absent where oneDNN does not take it), DIFF_SCALE and DIFF_SHIFT. If `given`, the
 * statistics are constants. */
norma_status onednn_create_batch_normalization_backward(struct onednn_step *step,
                                                        const struct onednn_shape *data,
                                                        double epsilon, bool given);

/* Creates the backward pass of a ReLU, with DST, DIFF_DST and DIFF_SRC, which is DIFF_DST where DST
 * > 0 and otherwise 0. */
norma_status onednn_create_relu_backward(struct onednn_step *step, const struct onednn_shape *data);

/* Creates layer normalization, which standardizes each row of a matrix, with SRC, DST, MEAN,
 * VARIANCE and, if affine, SCALE and SHIFT for each column. */
norma_status onednn_create_layer_normalization(struct onednn_step *step, int64_t rows,
                                               int64_t length, double epsilon, bool affine);

/* Creates its backward pass with epsilon 0, with the arguments of batch normalization's. */
norma_status onednn_create_layer_normalization_backward(struct onednn_step *step, int64_t rows,
                                                        int64_t length);

/* Creates group normalization, with SRC, DST, SCALE, SHIFT, and MEAN and VARIANCE for each group.
 * It is unsupported before oneDNN 3.3. */
norma_status onednn_create_group_normalization(struct onednn_step *step,
                                               const struct onednn_shape *data, int64_t groups,
                                               double epsilon, bool relu);

/* One link of a chain y = ((x OP operand) OP operand) and so on; operands are broadcast. */
struct onednn_link {
    dnnl_alg_kind_t algorithm;
    struct onednn_shape operand;
};

/* Creates a chain, one pass over x however many links it has, which a ReLU ends if `relu`. It has
 * SRC_0, DST, and ONEDNN_OPERAND(i) for each link. */
norma_status onednn_create_chain(struct onednn_step *step, const struct onednn_shape *data,
                                 int count, const struct onednn_link *links, bool relu);
#define ONEDNN_OPERAND(i)                                                                          \
    ((i) == 0 ? DNNL_ARG_SRC_1 : (DNNL_ARG_ATTR_MULTIPLE_POST_OP((i)-1) | DNNL_ARG_SRC_1))

/* Creates the inner product of two vectors, with SRC, WEIGHTS and DST. */
norma_status onednn_create_inner_product(struct onednn_step *step, int64_t length);

/* Creates a change of layout, with FROM and TO. */
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
