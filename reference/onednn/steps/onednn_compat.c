/* In 2.x a memory descriptor is a value and a primitive is described in two steps (an operation
 * descriptor, then the primitive descriptor); in 3.x descriptors are opaque and there is one step.
 * Flags have other values in both, but the same names.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "reference/onednn/steps/onednn_compat.h"

#if DNNL_VERSION_MAJOR < 3

typedef const dnnl_memory_desc_t *descriptor;

dnnl_status_t onednn_memory_create(dnnl_memory_t *memory, dnnl_engine_t engine,
                                   const struct onednn_shape *shape) {
    dnnl_memory_desc_t description;
    const dnnl_status_t status =
        dnnl_memory_desc_init_by_tag(&description, shape->rank, shape->sizes, dnnl_f32, shape->tag);
    return status != dnnl_success
               ? status
               : dnnl_memory_create(memory, &description, engine, DNNL_MEMORY_NONE);
}

#else

typedef const_dnnl_memory_desc_t descriptor;

dnnl_status_t onednn_memory_create(dnnl_memory_t *memory, dnnl_engine_t engine,
                                   const struct onednn_shape *shape) {
    dnnl_memory_desc_t description;
    dnnl_status_t status = dnnl_memory_desc_create_with_tag(&description, shape->rank, shape->sizes,
                                                            dnnl_f32, shape->tag);
    if (status == dnnl_success) {
        status = dnnl_memory_create(memory, description, engine, DNNL_MEMORY_NONE);
        dnnl_memory_desc_destroy(description);
    }
    return status;
}

#endif

/* Fails for a null pointer only, which the callers never pass. */
static descriptor descriptor_of(const_dnnl_memory_t memory) {
    descriptor result = NULL;
    dnnl_memory_get_memory_desc(memory, &result);
    return result;
}

dnnl_status_t onednn_memory_create_for(dnnl_memory_t *memory, dnnl_engine_t engine,
                                       const_dnnl_primitive_desc_t primitive, dnnl_query_t what) {
    descriptor description = dnnl_primitive_desc_query_md(primitive, what, 0);
    return dnnl_memory_create(memory, description, engine, DNNL_MEMORY_ALLOCATE);
}

dnnl_status_t onednn_append_binary(dnnl_post_ops_t chain, dnnl_alg_kind_t algorithm,
                                   const_dnnl_memory_t operand) {
    return dnnl_post_ops_append_binary(chain, algorithm, descriptor_of(operand));
}

dnnl_status_t onednn_describe_reorder(dnnl_primitive_desc_t *primitive, dnnl_engine_t engine,
                                      const_dnnl_primitive_attr_t attributes,
                                      const_dnnl_memory_t from, const_dnnl_memory_t to) {
    return dnnl_reorder_primitive_desc_create(primitive, descriptor_of(from), engine,
                                              descriptor_of(to), engine, attributes);
}

#if DNNL_VERSION_MAJOR < 3

static dnnl_status_t describe(dnnl_primitive_desc_t *primitive, dnnl_status_t initialized,
                              const_dnnl_op_desc_t operation, dnnl_engine_t engine,
                              const_dnnl_primitive_attr_t attributes) {
    return initialized != dnnl_success
               ? initialized
               : dnnl_primitive_desc_create(primitive, operation, attributes, engine, NULL);
}

dnnl_status_t onednn_describe_batch_normalization(dnnl_primitive_desc_t *primitive,
                                                  dnnl_engine_t engine,
                                                  const_dnnl_primitive_attr_t attributes,
                                                  dnnl_prop_kind_t kind, const_dnnl_memory_t data,
                                                  float epsilon, unsigned flags) {
    dnnl_batch_normalization_desc_t operation;
    const dnnl_status_t status = dnnl_batch_normalization_forward_desc_init(
        &operation, kind, descriptor_of(data), epsilon, flags);
    return describe(primitive, status, &operation, engine, attributes);
}

dnnl_status_t onednn_describe_batch_normalization_backward(dnnl_primitive_desc_t *primitive,
                                                           dnnl_engine_t engine,
                                                           const_dnnl_primitive_attr_t attributes,
                                                           const_dnnl_memory_t data, float epsilon,
                                                           unsigned flags) {
    dnnl_batch_normalization_desc_t operation;
    const dnnl_status_t status = dnnl_batch_normalization_backward_desc_init(
        &operation, dnnl_backward, descriptor_of(data), descriptor_of(data), epsilon, flags);
    return describe(primitive, status, &operation, engine, attributes);
}

dnnl_status_t onednn_describe_relu_backward(dnnl_primitive_desc_t *primitive, dnnl_engine_t engine,
                                            const_dnnl_primitive_attr_t attributes,
                                            const_dnnl_memory_t data) {
    dnnl_eltwise_desc_t operation;
    const dnnl_status_t status =
        dnnl_eltwise_backward_desc_init(&operation, dnnl_eltwise_relu_use_dst_for_bwd,
                                        descriptor_of(data), descriptor_of(data), 0.0F, 0.0F);
    return describe(primitive, status, &operation, engine, attributes);
}

dnnl_status_t onednn_append_relu(dnnl_post_ops_t chain) {
    return dnnl_post_ops_append_eltwise(chain, 1.0F, dnnl_eltwise_relu, 0.0F, 0.0F);
}

dnnl_status_t onednn_describe_layer_normalization(
    dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, const_dnnl_primitive_attr_t attributes,
    const_dnnl_memory_t data, const_dnnl_memory_t statistics, float epsilon, unsigned flags) {
    dnnl_layer_normalization_desc_t operation;
    const dnnl_status_t status = dnnl_layer_normalization_forward_desc_init(
        &operation, dnnl_forward_training, descriptor_of(data), descriptor_of(statistics), epsilon,
        flags);
    return describe(primitive, status, &operation, engine, attributes);
}

dnnl_status_t onednn_describe_layer_normalization_backward(
    dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, const_dnnl_primitive_attr_t attributes,
    const_dnnl_memory_t data, const_dnnl_memory_t statistics, float epsilon, unsigned flags) {
    dnnl_layer_normalization_desc_t operation;
    const dnnl_status_t status = dnnl_layer_normalization_backward_desc_init(
        &operation, dnnl_backward, descriptor_of(data), descriptor_of(data),
        descriptor_of(statistics), epsilon, flags);
    return describe(primitive, status, &operation, engine, attributes);
}

dnnl_status_t onednn_describe_binary(dnnl_primitive_desc_t *primitive, dnnl_engine_t engine,
                                     const_dnnl_primitive_attr_t attributes,
                                     dnnl_alg_kind_t algorithm, const_dnnl_memory_t data,
                                     const_dnnl_memory_t operand) {
    dnnl_binary_desc_t operation;
    const dnnl_status_t status = dnnl_binary_desc_init(&operation, algorithm, descriptor_of(data),
                                                       descriptor_of(operand), descriptor_of(data));
    return describe(primitive, status, &operation, engine, attributes);
}

dnnl_status_t onednn_describe_inner_product(dnnl_primitive_desc_t *primitive, dnnl_engine_t engine,
                                            const_dnnl_primitive_attr_t attributes,
                                            const_dnnl_memory_t data, const_dnnl_memory_t weights,
                                            const_dnnl_memory_t result) {
    dnnl_inner_product_desc_t operation;
    const dnnl_status_t status = dnnl_inner_product_forward_desc_init(
        &operation, dnnl_forward_inference, descriptor_of(data), descriptor_of(weights), NULL,
        descriptor_of(result));
    return describe(primitive, status, &operation, engine, attributes);
}

#else

dnnl_status_t onednn_describe_batch_normalization(dnnl_primitive_desc_t *primitive,
                                                  dnnl_engine_t engine,
                                                  const_dnnl_primitive_attr_t attributes,
                                                  dnnl_prop_kind_t kind, const_dnnl_memory_t data,
                                                  float epsilon, unsigned flags) {
    return dnnl_batch_normalization_forward_primitive_desc_create(
        primitive, engine, kind, descriptor_of(data), descriptor_of(data), epsilon, flags,
        attributes);
}

/* Describes the forward primitive first, which the backward one refers to. */
dnnl_status_t onednn_describe_batch_normalization_backward(dnnl_primitive_desc_t *primitive,
                                                           dnnl_engine_t engine,
                                                           const_dnnl_primitive_attr_t attributes,
                                                           const_dnnl_memory_t data, float epsilon,
                                                           unsigned flags) {
    descriptor of = descriptor_of(data);
    dnnl_primitive_desc_t forward = NULL;
    dnnl_status_t status = onednn_describe_batch_normalization(
        &forward, engine, attributes, dnnl_forward_training, data, epsilon, flags);
    if (status == dnnl_success) {
        status = dnnl_batch_normalization_backward_primitive_desc_create(
            primitive, engine, dnnl_backward, of, of, of, epsilon, flags, forward, attributes);
        dnnl_primitive_desc_destroy(forward);
    }
    return status;
}

dnnl_status_t onednn_describe_relu_backward(dnnl_primitive_desc_t *primitive, dnnl_engine_t engine,
                                            const_dnnl_primitive_attr_t attributes,
                                            const_dnnl_memory_t data) {
    const dnnl_alg_kind_t kind = dnnl_eltwise_relu_use_dst_for_bwd;
    descriptor of = descriptor_of(data);
    dnnl_primitive_desc_t forward = NULL;
    dnnl_status_t status = dnnl_eltwise_forward_primitive_desc_create(
        &forward, engine, dnnl_forward_training, kind, of, of, 0.0F, 0.0F, attributes);
    if (status == dnnl_success) {
        status = dnnl_eltwise_backward_primitive_desc_create(primitive, engine, kind, of, of, of,
                                                             0.0F, 0.0F, forward, attributes);
        dnnl_primitive_desc_destroy(forward);
    }
    return status;
}

dnnl_status_t onednn_append_relu(dnnl_post_ops_t chain) {
    return dnnl_post_ops_append_eltwise(chain, dnnl_eltwise_relu, 0.0F, 0.0F);
}

dnnl_status_t onednn_describe_layer_normalization(
    dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, const_dnnl_primitive_attr_t attributes,
    const_dnnl_memory_t data, const_dnnl_memory_t statistics, float epsilon, unsigned flags) {
    return dnnl_layer_normalization_forward_primitive_desc_create(
        primitive, engine, dnnl_forward_training, descriptor_of(data), descriptor_of(data),
        descriptor_of(statistics), epsilon, flags, attributes);
}

dnnl_status_t onednn_describe_layer_normalization_backward(
    dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, const_dnnl_primitive_attr_t attributes,
    const_dnnl_memory_t data, const_dnnl_memory_t statistics, float epsilon, unsigned flags) {
    descriptor of = descriptor_of(data);
    dnnl_primitive_desc_t forward = NULL;
    dnnl_status_t status = onednn_describe_layer_normalization(&forward, engine, attributes, data,
                                                               statistics, epsilon, flags);
    if (status == dnnl_success) {
        status = dnnl_layer_normalization_backward_primitive_desc_create(
            primitive, engine, dnnl_backward, of, of, of, descriptor_of(statistics), epsilon, flags,
            forward, attributes);
        dnnl_primitive_desc_destroy(forward);
    }
    return status;
}

dnnl_status_t onednn_describe_binary(dnnl_primitive_desc_t *primitive, dnnl_engine_t engine,
                                     const_dnnl_primitive_attr_t attributes,
                                     dnnl_alg_kind_t algorithm, const_dnnl_memory_t data,
                                     const_dnnl_memory_t operand) {
    return dnnl_binary_primitive_desc_create(primitive, engine, algorithm, descriptor_of(data),
                                             descriptor_of(operand), descriptor_of(data),
                                             attributes);
}

dnnl_status_t onednn_describe_inner_product(dnnl_primitive_desc_t *primitive, dnnl_engine_t engine,
                                            const_dnnl_primitive_attr_t attributes,
                                            const_dnnl_memory_t data, const_dnnl_memory_t weights,
                                            const_dnnl_memory_t result) {
    return dnnl_inner_product_forward_primitive_desc_create(
        primitive, engine, dnnl_forward_inference, descriptor_of(data), descriptor_of(weights),
        NULL, descriptor_of(result), attributes);
}

#endif

#if ONEDNN_HAS_GROUP_NORMALIZATION

dnnl_status_t onednn_describe_group_normalization(dnnl_primitive_desc_t *primitive,
                                                  dnnl_engine_t engine,
                                                  const_dnnl_primitive_attr_t attributes,
                                                  const_dnnl_memory_t data, int64_t groups,
                                                  float epsilon, unsigned flags) {
    return dnnl_group_normalization_forward_primitive_desc_create(
        primitive, engine, dnnl_forward_training, descriptor_of(data), descriptor_of(data), groups,
        epsilon, flags, attributes);
}

#else

dnnl_status_t onednn_describe_group_normalization(dnnl_primitive_desc_t *primitive,
                                                  dnnl_engine_t engine,
                                                  const_dnnl_primitive_attr_t attributes,
                                                  const_dnnl_memory_t data, int64_t groups,
                                                  float epsilon, unsigned flags) {
    (void)primitive, (void)engine, (void)attributes, (void)data;
    (void)groups, (void)epsilon, (void)flags;
    return dnnl_unimplemented;
}

#endif
