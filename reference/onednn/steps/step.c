/* SPDX-License-Identifier: Apache-2.0 */
#include "reference/onednn/steps/step.h"

#include <stdio.h>
#include <string.h>
#include <threads.h>

/* ---- engine ------------------------------------------------------------------------------- */

/* The one engine of the process, which is never destroyed, because creating one looks for a driver
 * and costs milliseconds. NULL if oneDNN cannot run on this machine. */
static dnnl_engine_t shared_engine;

static void create_engine(void) {
    if (dnnl_engine_create(&shared_engine, dnnl_cpu, 0) != dnnl_success) {
        shared_engine = NULL;
    }
}

static dnnl_engine_t engine(void) {
    static once_flag once = ONCE_FLAG_INIT;
    call_once(&once, create_engine);
    return shared_engine;
}

/* ---- creation ----------------------------------------------------------------------------- */

struct onednn_shape onednn_shape4(int64_t n, int64_t c, int64_t h, int64_t w,
                                  dnnl_format_tag_t tag) {
    return (struct onednn_shape){.rank = 4, .sizes = {n, c, h, w}, .tag = tag};
}

/* The objects that a step is built from, released when it is built. */
struct builder {
    struct onednn_step *step;
    dnnl_primitive_attr_t attributes;
    dnnl_primitive_desc_t description;
    dnnl_status_t status; /* status of the first call that failed */
};

/* Begins a step. The scratchpad is ours, because oneDNN's own belongs to the thread that created
 * the primitive, and another thread that executes it would find none. */
static struct builder begin(struct onednn_step *step) {
    struct builder builder = {.step = step};
    memset(step, 0, sizeof *step);
    builder.status = engine()
                         ? dnnl_stream_create(&step->stream, engine(), dnnl_stream_default_flags)
                         : dnnl_unimplemented;
    if (builder.status == dnnl_success) {
        builder.status = dnnl_primitive_attr_create(&builder.attributes);
    }
    if (builder.status == dnnl_success) {
        builder.status =
            dnnl_primitive_attr_set_scratchpad_mode(builder.attributes, dnnl_scratchpad_mode_user);
    }
    return builder;
}

static void add_argument(struct onednn_step *step, int argument, dnnl_memory_t memory) {
    step->arguments[step->count++] = (dnnl_exec_arg_t){argument, memory};
}

/* Adds an argument without data. Returns NULL if that failed, as then no further call is made. */
static dnnl_memory_t add(struct builder *builder, int argument, const struct onednn_shape *shape) {
    dnnl_memory_t memory = NULL;
    if (builder->status == dnnl_success) {
        builder->status = onednn_memory_create(&memory, engine(), shape);
    }
    if (builder->status == dnnl_success) {
        add_argument(builder->step, argument, memory);
    }
    return memory;
}

/* Adds memory that oneDNN needs. */
static void add_own(struct builder *builder, int argument, dnnl_query_t what) {
    dnnl_memory_t memory = NULL;
    if (builder->status == dnnl_success) {
        builder->status = onednn_memory_create_for(&memory, engine(), builder->description, what);
    }
    if (builder->status == dnnl_success) {
        add_argument(builder->step, argument, memory);
    }
}

/* Stores the kernel's name, after `kind` where the name itself ("jit:uni") does not contain it. */
static void query_kernel(struct builder *builder, const char *kind) {
    const char *name = "unknown";
    dnnl_primitive_desc_query(builder->description, dnnl_query_impl_info_str, 0, &name);
    const bool told = strstr(name, kind) != NULL;
    snprintf(builder->step->kernel, sizeof builder->step->kernel, "%s%s%s", told ? "" : kind,
             told ? "" : ":", name);
}

static norma_status finish(struct builder *builder, const char *kind) {
    add_own(builder, DNNL_ARG_SCRATCHPAD, dnnl_query_scratchpad_md);
    if (builder->status == dnnl_success) {
        builder->status = dnnl_primitive_create(&builder->step->primitive, builder->description);
    }
    if (builder->status == dnnl_success) {
        query_kernel(builder, kind);
    }
    dnnl_primitive_desc_destroy(builder->description);
    dnnl_primitive_attr_destroy(builder->attributes);
    if (builder->status == dnnl_success) {
        return NORMA_STATUS_OK;
    }
    onednn_step_destroy(builder->step);
    return builder->status == dnnl_out_of_memory ? NORMA_STATUS_NO_MEMORY
                                                 : NORMA_STATUS_UNSUPPORTED;
}

static struct onednn_shape vector(int64_t length) {
    return (struct onednn_shape){.rank = 1, .sizes = {length}, .tag = dnnl_a};
}

static struct onednn_shape matrix(int64_t rows, int64_t columns) {
    return (struct onednn_shape){.rank = 2, .sizes = {rows, columns}, .tag = dnnl_ab};
}

norma_status onednn_create_batch_normalization(struct onednn_step *step,
                                               const struct onednn_shape *data,
                                               const struct onednn_batch_options *options) {
    const struct onednn_shape per_channel = vector(data->sizes[1]);
    unsigned flags = options->given ? dnnl_use_global_stats : dnnl_normalization_flags_none;
    struct builder builder = begin(step);
    dnnl_memory_t source = add(&builder, DNNL_ARG_SRC, data);
    add(&builder, DNNL_ARG_DST, data);
    add(&builder, DNNL_ARG_MEAN, &per_channel);
    add(&builder, DNNL_ARG_VARIANCE, &per_channel);
    if (options->affine) {
        flags |= dnnl_use_scale | dnnl_use_shift;
        add(&builder, DNNL_ARG_SCALE, &per_channel);
        add(&builder, DNNL_ARG_SHIFT, &per_channel);
    }
    if (options->relu) {
        flags |= dnnl_fuse_norm_relu;
    }
    if (builder.status == dnnl_success) {
        builder.status = onednn_describe_batch_normalization(
            &builder.description, engine(), builder.attributes,
            options->given ? dnnl_forward_inference : dnnl_forward_training, source,
            (float)options->epsilon, flags);
    }
    if (options->relu && !options->given) {
        /* A backward pass of oneDNN's would read this; there is no way to do without it. */
        add_own(&builder, DNNL_ARG_WORKSPACE, dnnl_query_workspace_md);
    }
    return finish(&builder, "bnorm");
}

/* Adds a shift to a backward normalization if the primitive says that it is an input. No gradient
 * depends on it, but oneDNN 2.x requires it, and in 3.x layer normalization requires it while batch
 * normalization refuses it. */
static void add_shift(struct builder *builder, const struct onednn_shape *shape) {
    enum { OTHER_INPUTS = 5 }; /* SRC, DIFF_DST, MEAN, VARIANCE, SCALE */
    int inputs = 0;
    if (builder->status == dnnl_success) {
        builder->status = dnnl_primitive_desc_query(builder->description,
                                                    dnnl_query_num_of_inputs_s32, 0, &inputs);
    }
    if (inputs > OTHER_INPUTS) {
        add(builder, DNNL_ARG_SHIFT, shape);
    }
}

norma_status onednn_create_batch_normalization_backward(struct onednn_step *step,
                                                        const struct onednn_shape *data,
                                                        double epsilon, bool given) {
    static const int per_channel_arguments[] = {DNNL_ARG_MEAN, DNNL_ARG_VARIANCE, DNNL_ARG_SCALE,
                                                DNNL_ARG_DIFF_SCALE, DNNL_ARG_DIFF_SHIFT};
    const struct onednn_shape per_channel = vector(data->sizes[1]);
    unsigned flags = dnnl_use_scale | dnnl_use_shift;
    struct builder builder = begin(step);
    dnnl_memory_t source = add(&builder, DNNL_ARG_SRC, data);
    add(&builder, DNNL_ARG_DIFF_DST, data);
    add(&builder, DNNL_ARG_DIFF_SRC, data);
    for (size_t i = 0; i < sizeof per_channel_arguments / sizeof *per_channel_arguments; i++) {
        add(&builder, per_channel_arguments[i], &per_channel);
    }
    if (given) {
        flags |= dnnl_use_global_stats;
    }
    if (builder.status == dnnl_success) {
        builder.status = onednn_describe_batch_normalization_backward(
            &builder.description, engine(), builder.attributes, source, (float)epsilon, flags);
    }
    add_shift(&builder, &per_channel);
    return finish(&builder, "bnorm");
}

norma_status onednn_create_relu_backward(struct onednn_step *step,
                                         const struct onednn_shape *data) {
    struct builder builder = begin(step);
    dnnl_memory_t result = add(&builder, DNNL_ARG_DST, data);
    add(&builder, DNNL_ARG_DIFF_DST, data);
    add(&builder, DNNL_ARG_DIFF_SRC, data);
    if (builder.status == dnnl_success) {
        builder.status = onednn_describe_relu_backward(&builder.description, engine(),
                                                       builder.attributes, result);
    }
    return finish(&builder, "eltwise");
}

norma_status onednn_create_layer_normalization(struct onednn_step *step, int64_t rows,
                                               int64_t length, double epsilon, bool affine) {
    const struct onednn_shape data = matrix(rows, length), per_row = vector(rows),
                              per_column = vector(length);
    unsigned flags = dnnl_normalization_flags_none;
    struct builder builder = begin(step);
    dnnl_memory_t source = add(&builder, DNNL_ARG_SRC, &data);
    add(&builder, DNNL_ARG_DST, &data);
    dnnl_memory_t mean = add(&builder, DNNL_ARG_MEAN, &per_row);
    add(&builder, DNNL_ARG_VARIANCE, &per_row);
    if (affine) {
        flags |= dnnl_use_scale | dnnl_use_shift;
        add(&builder, DNNL_ARG_SCALE, &per_column);
        add(&builder, DNNL_ARG_SHIFT, &per_column);
    }
    if (builder.status == dnnl_success) {
        builder.status =
            onednn_describe_layer_normalization(&builder.description, engine(), builder.attributes,
                                                source, mean, (float)epsilon, flags);
    }
    return finish(&builder, "layer_normalization");
}

norma_status onednn_create_layer_normalization_backward(struct onednn_step *step, int64_t rows,
                                                        int64_t length) {
    static const int per_column_arguments[] = {DNNL_ARG_SCALE, DNNL_ARG_DIFF_SCALE,
                                               DNNL_ARG_DIFF_SHIFT};
    const struct onednn_shape data = matrix(rows, length), per_row = vector(rows),
                              per_column = vector(length);
    struct builder builder = begin(step);
    dnnl_memory_t source = add(&builder, DNNL_ARG_SRC, &data);
    add(&builder, DNNL_ARG_DIFF_DST, &data);
    add(&builder, DNNL_ARG_DIFF_SRC, &data);
    dnnl_memory_t mean = add(&builder, DNNL_ARG_MEAN, &per_row);
    add(&builder, DNNL_ARG_VARIANCE, &per_row);
    for (size_t i = 0; i < sizeof per_column_arguments / sizeof *per_column_arguments; i++) {
        add(&builder, per_column_arguments[i], &per_column);
    }
    if (builder.status == dnnl_success) {
        builder.status = onednn_describe_layer_normalization_backward(
            &builder.description, engine(), builder.attributes, source, mean, 0.0F,
            dnnl_use_scale | dnnl_use_shift);
    }
    add_shift(&builder, &per_column);
    return finish(&builder, "layer_normalization");
}

/* Adds the links after the first, which the primitive itself applies, as its post-operations. */
static void append_links(struct builder *builder, int count, const struct onednn_link *links,
                         bool relu) {
    dnnl_post_ops_t chain = NULL;
    if (builder->status == dnnl_success) {
        builder->status = dnnl_post_ops_create(&chain);
    }
    for (int i = 1; i < count; i++) {
        dnnl_memory_t operand = add(builder, ONEDNN_OPERAND(i), &links[i].operand);
        if (builder->status == dnnl_success) {
            builder->status = onednn_append_binary(chain, links[i].algorithm, operand);
        }
    }
    if (builder->status == dnnl_success && relu) {
        builder->status = onednn_append_relu(chain);
    }
    if (builder->status == dnnl_success) {
        builder->status = dnnl_primitive_attr_set_post_ops(builder->attributes, chain);
    }
    dnnl_post_ops_destroy(chain);
}

norma_status onednn_create_chain(struct onednn_step *step, const struct onednn_shape *data,
                                 int count, const struct onednn_link *links, bool relu) {
    struct builder builder = begin(step);
    dnnl_memory_t source = add(&builder, DNNL_ARG_SRC_0, data);
    add(&builder, DNNL_ARG_DST, data);
    dnnl_memory_t operand = add(&builder, ONEDNN_OPERAND(0), &links[0].operand);
    append_links(&builder, count, links, relu);
    if (builder.status == dnnl_success) {
        builder.status = onednn_describe_binary(&builder.description, engine(), builder.attributes,
                                                links[0].algorithm, source, operand);
    }
    return finish(&builder, "binary");
}

norma_status onednn_create_group_normalization(struct onednn_step *step,
                                               const struct onednn_shape *data, int64_t groups,
                                               double epsilon, bool relu) {
    const struct onednn_shape per_channel = vector(data->sizes[1]),
                              per_group = matrix(data->sizes[0], groups);
    struct builder builder = begin(step);
    dnnl_memory_t source = add(&builder, DNNL_ARG_SRC, data);
    add(&builder, DNNL_ARG_DST, data);
    add(&builder, DNNL_ARG_MEAN, &per_group);
    add(&builder, DNNL_ARG_VARIANCE, &per_group);
    add(&builder, DNNL_ARG_SCALE, &per_channel);
    add(&builder, DNNL_ARG_SHIFT, &per_channel);
    append_links(&builder, 0, NULL, relu);
    if (builder.status == dnnl_success) {
        builder.status = onednn_describe_group_normalization(
            &builder.description, engine(), builder.attributes, source, groups, (float)epsilon,
            dnnl_use_scale | dnnl_use_shift);
    }
    return finish(&builder, "group_normalization");
}

norma_status onednn_create_inner_product(struct onednn_step *step, int64_t length) {
    const struct onednn_shape row = matrix(1, length), scalar = matrix(1, 1);
    struct builder builder = begin(step);
    dnnl_memory_t source = add(&builder, DNNL_ARG_SRC, &row);
    dnnl_memory_t weights = add(&builder, DNNL_ARG_WEIGHTS, &row);
    dnnl_memory_t result = add(&builder, DNNL_ARG_DST, &scalar);
    if (builder.status == dnnl_success) {
        builder.status = onednn_describe_inner_product(&builder.description, engine(),
                                                       builder.attributes, source, weights, result);
    }
    return finish(&builder, "inner_product");
}

norma_status onednn_create_reorder(struct onednn_step *step, const struct onednn_shape *from,
                                   const struct onednn_shape *to) {
    struct builder builder = begin(step);
    dnnl_memory_t source = add(&builder, DNNL_ARG_FROM, from);
    dnnl_memory_t result = add(&builder, DNNL_ARG_TO, to);
    if (builder.status == dnnl_success) {
        builder.status = onednn_describe_reorder(&builder.description, engine(), builder.attributes,
                                                 source, result);
    }
    return finish(&builder, "reorder");
}

/* ---- use ---------------------------------------------------------------------------------- */

void onednn_bind(const struct onednn_step *step, int argument, const void *data) {
    for (int i = 0; i < step->count; i++) {
        if (step->arguments[i].arg == argument) {
            dnnl_memory_set_data_handle(step->arguments[i].memory, (void *)(uintptr_t)data);
            return;
        }
    }
}

norma_status onednn_run(const struct onednn_step *step) {
    const dnnl_status_t status =
        dnnl_primitive_execute(step->primitive, step->stream, step->count, step->arguments);
    return status == dnnl_success ? NORMA_STATUS_OK : NORMA_STATUS_UNSUPPORTED;
}

void onednn_step_destroy(struct onednn_step *step) {
    dnnl_primitive_destroy(step->primitive);
    for (int i = 0; i < step->count; i++) {
        dnnl_memory_destroy(step->arguments[i].memory);
    }
    dnnl_stream_destroy(step->stream);
    memset(step, 0, sizeof *step);
}

void onednn_name(char *names, size_t size, const struct onednn_step *step) {
    const size_t length = strlen(names);
    if (step->primitive != NULL) {
        snprintf(names + length, size - length, "%s%s", length > 0 ? "+" : "", step->kernel);
    }
}
