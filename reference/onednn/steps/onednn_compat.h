/* The differences between the APIs of oneDNN 2.x and 3.x, in one place: descriptors of memory and
 * of the primitives that are used. Everything else here is written against the part that both APIs
 * share.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_ONEDNN_STEPS_ONEDNN_COMPAT_H
#define REFERENCE_ONEDNN_STEPS_ONEDNN_COMPAT_H

#include <oneapi/dnnl/dnnl.h>
#include <stdint.h>

/* Whether oneDNN has the group normalization primitive. */
#define ONEDNN_HAS_GROUP_NORMALIZATION                                                             \
    (DNNL_VERSION_MAJOR > 3 || (DNNL_VERSION_MAJOR == 3 && DNNL_VERSION_MINOR >= 3))

/* A dense f32 tensor. */
struct onednn_shape {
    int rank;
    dnnl_dims_t sizes;
    dnnl_format_tag_t tag;
};

/* Creates memory of this shape without data, whose handle is set before each execution. */
dnnl_status_t onednn_memory_create(dnnl_memory_t *memory, dnnl_engine_t engine,
                                   const struct onednn_shape *shape);

/* Creates memory that a primitive needs besides the caller's tensors (dnnl_query_scratchpad_md,
 * dnnl_query_workspace_md). oneDNN allocates it; its size may be 0. */
dnnl_status_t onednn_memory_create_for(dnnl_memory_t *memory, dnnl_engine_t engine,
                                       const_dnnl_primitive_desc_t primitive, dnnl_query_t what);

dnnl_status_t onednn_append_binary(dnnl_post_ops_t chain, dnnl_alg_kind_t algorithm,
                                   const_dnnl_memory_t operand);
dnnl_status_t onednn_append_relu(dnnl_post_ops_t chain);

/* Creates the descriptor of a primitive, like the functions below, from memories of its shapes. */
dnnl_status_t onednn_describe_batch_normalization(dnnl_primitive_desc_t *primitive,
                                                  dnnl_engine_t engine,
                                                  const_dnnl_primitive_attr_t attributes,
                                                  dnnl_prop_kind_t kind, const_dnnl_memory_t data,
                                                  float epsilon, unsigned flags);
dnnl_status_t onednn_describe_batch_normalization_backward(dnnl_primitive_desc_t *primitive,
                                                           dnnl_engine_t engine,
                                                           const_dnnl_primitive_attr_t attributes,
                                                           const_dnnl_memory_t data, float epsilon,
                                                           unsigned flags);
dnnl_status_t onednn_describe_layer_normalization(
    dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, const_dnnl_primitive_attr_t attributes,
    const_dnnl_memory_t data, const_dnnl_memory_t statistics, float epsilon, unsigned flags);
dnnl_status_t onednn_describe_layer_normalization_backward(
    dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, const_dnnl_primitive_attr_t attributes,
    const_dnnl_memory_t data, const_dnnl_memory_t statistics, float epsilon, unsigned flags);
/* Returns dnnl_unimplemented before 3.3. */
dnnl_status_t onednn_describe_group_normalization(dnnl_primitive_desc_t *primitive,
                                                  dnnl_engine_t engine,
                                                  const_dnnl_primitive_attr_t attributes,
                                                  const_dnnl_memory_t data, int64_t groups,
                                                  float epsilon, unsigned flags);
dnnl_status_t onednn_describe_binary(dnnl_primitive_desc_t *primitive, dnnl_engine_t engine,
                                     const_dnnl_primitive_attr_t attributes,
                                     dnnl_alg_kind_t algorithm, const_dnnl_memory_t data,
                                     const_dnnl_memory_t operand);
/* Describes the ReLU that depends on its result instead of its source. */
dnnl_status_t onednn_describe_relu_backward(dnnl_primitive_desc_t *primitive, dnnl_engine_t engine,
                                            const_dnnl_primitive_attr_t attributes,
                                            const_dnnl_memory_t data);
dnnl_status_t onednn_describe_inner_product(dnnl_primitive_desc_t *primitive, dnnl_engine_t engine,
                                            const_dnnl_primitive_attr_t attributes,
                                            const_dnnl_memory_t data, const_dnnl_memory_t weights,
                                            const_dnnl_memory_t result);
dnnl_status_t onednn_describe_reorder(dnnl_primitive_desc_t *primitive, dnnl_engine_t engine,
                                      const_dnnl_primitive_attr_t attributes,
                                      const_dnnl_memory_t from, const_dnnl_memory_t to);

#endif
