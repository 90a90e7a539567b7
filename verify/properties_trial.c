/* SPDX-License-Identifier: Apache-2.0 */
#include "properties_trial.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "implementations.h"
#include "inputs.h"

const char *const norma_property_shapes[] = {"3x5x7",    "2x4x33", "4x6x3x5", "2x8x2x3x2",
                                             "1x2x4099", "2x70x5", "5x12",    NULL};

/* ---- trials ------------------------------------------------------------------------------- */

struct norma_block {
    struct norma_block *next;
    max_align_t bytes[];
};

static _Noreturn void end(struct norma_trial *trial, enum norma_property_outcome outcome,
                          const char *format, va_list arguments) {
    trial->result.outcome = outcome;
    vsnprintf(trial->result.message, sizeof trial->result.message, format, arguments);
    longjmp(trial->end, 1);
}

_Noreturn void norma_trial_skip(struct norma_trial *trial, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    end(trial, NORMA_PROPERTY_SKIPPED, format, arguments);
}

_Noreturn void norma_trial_fail(struct norma_trial *trial, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    end(trial, NORMA_PROPERTY_FAILS, format, arguments);
}

bool norma_bn_sums_otherwise(const struct norma_experiment *bn) {
    return bn->problem.op == NORMA_BN && bn->problem.layout == NORMA_NSC && bn->problem.n > 1;
}

bool norma_trial_is_norma(const struct norma_trial *trial) {
    return norma_implementation_is_norma(trial->implementation);
}

void *norma_trial_memory(struct norma_trial *trial, size_t bytes) {
    struct norma_block *block = calloc(1, sizeof *block + bytes);
    if (!block) {
        norma_trial_fail(trial, "not enough memory");
    }
    block->next = trial->memory;
    trial->memory = block;
    return block->bytes;
}

static struct norma_problem parse(struct norma_trial *trial, const char *format,
                                  va_list arguments) {
    char text[NORMA_PROBLEM_TEXT];
    struct norma_problem problem;
    struct norma_parse_error error;
    vsnprintf(text, sizeof text, format, arguments);
    if (norma_problem_parse(text, &problem, &error) != NORMA_OK) {
        norma_trial_fail(trial, "%s: %s", text, error.message);
    }
    problem.layout = trial->layout;
    return problem;
}

struct norma_problem norma_trial_problem(struct norma_trial *trial, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    const struct norma_problem problem = parse(trial, format, arguments);
    va_end(arguments);
    return problem;
}

void norma_trial_release(struct norma_trial *trial) {
    for (struct norma_experiment *e = trial->experiments; e; e = e->next) {
        trial->implementation->destroy(e->state);
    }
    while (trial->memory) {
        struct norma_block *next = trial->memory->next;
        free(trial->memory);
        trial->memory = next;
    }
}

/* ---- inputs ------------------------------------------------------------------------------- */

/* Gives the experiment its tensors, of the trial's memory, with generated inputs. */
static void make_tensors(struct norma_experiment *e) {
    void *inputs[NORMA_TENSOR_COUNT] = {NULL};
    norma_tensors_of(&e->problem, e->tensors);
    for (int id = 0; id < NORMA_TENSOR_COUNT; id++) {
        if (e->tensors[id].role != NORMA_ROLE_UNUSED) {
            e->data[id] = norma_trial_memory(e->trial, norma_tensor_bytes(&e->tensors[id]));
        }
    }
    const bool made =
        norma_inputs_make(&e->problem, e->tensors, NORMA_DATA_NORMAL, e->trial->seed, inputs);
    for (int id = 0; id < NORMA_TENSOR_COUNT; id++) {
        if (made && inputs[id]) {
            memcpy(e->data[id], inputs[id], norma_tensor_bytes(&e->tensors[id]));
        }
        free(inputs[id]);
    }
    if (!made) {
        norma_trial_fail(e->trial, "not enough memory");
    }
}

void norma_experiment_set(struct norma_experiment *experiment, enum norma_tensor_id id,
                          float value) {
    float *data = experiment->data[id];
    for (int64_t i = 0; data && i < experiment->tensors[id].count; i++) {
        data[i] = value;
    }
}

/* Copies the inputs of `from` that `to` has in the same size. */
static void copy_inputs(struct norma_experiment *to, const struct norma_experiment *from) {
    for (int id = 0; id < NORMA_TENSOR_COUNT; id++) {
        const struct norma_tensor *target = &to->tensors[id], *source = &from->tensors[id];
        if (!norma_is_input(target) || !norma_is_input(source) || target->count != source->count) {
            continue;
        }
        if (!from->data[id]) {
            to->data[id] = NULL;
        } else if (to->data[id]) {
            memcpy(to->data[id], from->data[id], norma_tensor_bytes(target));
        }
    }
}

void norma_experiment_without_affine(struct norma_experiment *experiment) {
    experiment->data[NORMA_TENSOR_gamma] = NULL;
    experiment->data[NORMA_TENSOR_beta] = NULL;
}

/* ---- running ------------------------------------------------------------------------------ */

void norma_experiment_poison(struct norma_experiment *experiment) {
    for (int id = 0; id < NORMA_TENSOR_COUNT; id++) {
        const struct norma_tensor *tensor = &experiment->tensors[id];
        if (experiment->data[id] && tensor->role == NORMA_ROLE_OUTPUT) {
            memset(experiment->data[id], 0xff, norma_tensor_bytes(tensor));
        }
    }
}

static struct norma_experiment *create_forward(struct norma_experiment *e) {
    struct norma_problem problem = e->problem;
    problem.pass = problem.pass == NORMA_BACKWARD ? NORMA_FORWARD : NORMA_INFERENCE;
    return norma_experiment_of(e->trial, &problem);
}

struct norma_experiment *norma_experiment_of(struct norma_trial *trial,
                                             const struct norma_problem *problem) {
    const struct norma_implementation *implementation = trial->implementation;
    struct norma_experiment *e = norma_trial_memory(trial, sizeof *e);
    e->trial = trial;
    e->problem = *problem;
    norma_problem_print(problem, e->text, sizeof e->text);
    const norma_status status =
        implementation->create(implementation, &e->state, problem, trial->threads);
    if (status == NORMA_UNSUPPORTED) {
        norma_trial_skip(trial, "%s: %s", e->text, norma_strerror(status));
    }
    if (status != NORMA_OK) {
        norma_trial_fail(trial, "%s: creation failed: %s", e->text, norma_strerror(status));
    }
    e->next = trial->experiments;
    trial->experiments = e;
    make_tensors(e);
    norma_experiment_poison(e);
    e->forward = norma_is_backward(problem) ? create_forward(e) : NULL;
    return e;
}

struct norma_experiment *norma_experiment(struct norma_trial *trial, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    const struct norma_problem problem = parse(trial, format, arguments);
    va_end(arguments);
    return norma_experiment_of(trial, &problem);
}

norma_status norma_experiment_execute(struct norma_experiment *experiment) {
    const struct norma_implementation *implementation = experiment->trial->implementation;
    const struct norma_args args = norma_tensors_bind(experiment->data);
    norma_status status = NORMA_OK;
    if (implementation->import) {
        status = implementation->import(experiment->state, &args);
    }
    if (status == NORMA_OK) {
        status = implementation->execute(experiment->state, &args);
    }
    if (status == NORMA_OK && implementation->export) {
        status = implementation->export(experiment->state, &args);
    }
    return status;
}

/* What the forward pass returns and the backward pass takes: y, and the statistics. */
static void take_saved(struct norma_experiment *e) {
    for (int id = 0; id < NORMA_TENSOR_COUNT; id++) {
        if (e->tensors[id].role == NORMA_ROLE_INPUT &&
            e->forward->tensors[id].role == NORMA_ROLE_OUTPUT && e->data[id]) {
            memcpy(e->data[id], e->forward->data[id], norma_tensor_bytes(&e->tensors[id]));
        }
    }
}

void norma_experiment_run(struct norma_experiment *experiment) {
    if (experiment->forward) {
        copy_inputs(experiment->forward, experiment);
        norma_experiment_run(experiment->forward);
        take_saved(experiment);
    }
    const norma_status status = norma_experiment_execute(experiment);
    if (status != NORMA_OK) {
        norma_trial_fail(experiment->trial, "%s: execution failed: %s", experiment->text,
                         norma_strerror(status));
    }
}

/* ---- the structure of problems ------------------------------------------------------------ */

bool norma_is_per_sample(const struct norma_problem *problem, enum norma_tensor_id id) {
    switch (id) {
    case NORMA_TENSOR_x:
    case NORMA_TENSOR_y:
    case NORMA_TENSOR_residual:
    case NORMA_TENSOR_style_index:
    case NORMA_TENSOR_style:
    case NORMA_TENSOR_style_mean:
    case NORMA_TENSOR_style_std:
    case NORMA_TENSOR_style_weights:
    case NORMA_TENSOR_labels:
    case NORMA_TENSOR_instance_mean:
    case NORMA_TENSOR_instance_inverse_std:
    case NORMA_TENSOR_style_loss:
    case NORMA_TENSOR_dy:
    case NORMA_TENSOR_dx:
    case NORMA_TENSOR_dresidual:
    case NORMA_TENSOR_dstyle:
    case NORMA_TENSOR_dstyle_mean:
    case NORMA_TENSOR_dstyle_std:
        return true;
    case NORMA_TENSOR_mean:
    case NORMA_TENSOR_inverse_std:
        return problem->op != NORMA_BN && problem->op != NORMA_BIN &&
               !(problem->op == NORMA_UNIT && problem->form == NORMA_FORM_LAYER);
    default:
        return false;
    }
}

int64_t norma_plane_of(const struct norma_problem *problem, int64_t index) {
    const int64_t spatial = norma_problem_spatial(problem);
    return problem->layout == NORMA_NSC
               ? index / (spatial * problem->c) * problem->c + index % problem->c
               : index / spatial;
}

int64_t norma_channel_of(const struct norma_problem *problem, int64_t index) {
    return norma_plane_of(problem, index) % problem->c;
}

int64_t norma_set_of(const struct norma_problem *problem, int64_t index) {
    const int64_t plane = norma_plane_of(problem, index);
    switch (problem->op) {
    case NORMA_BN:
    case NORMA_BIN:
        return plane % problem->c;
    case NORMA_GN:
        return plane / (problem->c / problem->groups);
    case NORMA_LN:
    case NORMA_RMS:
    case NORMA_UNIT:
        return plane / problem->c;
    default:
        return plane;
    }
}
