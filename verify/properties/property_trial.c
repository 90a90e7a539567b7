/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/properties/property_trial.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "verify/harness/harness.h"

const char *const verify_property_shapes[] = {"3x5x7",    "2x4x33", "4x6x3x5", "2x8x2x3x2",
                                              "1x2x4099", "2x70x5", "5x12",    NULL};

/* ---- trials ------------------------------------------------------------------------------- */

struct verify_block {
    struct verify_block *next;
    max_align_t bytes[];
};

static _Noreturn void end(struct verify_trial *trial, enum verify_property_outcome outcome,
                          const char *format, va_list arguments) {
    trial->result.outcome = outcome;
    vsnprintf(trial->result.message, sizeof trial->result.message, format, arguments);
    longjmp(trial->end, 1);
}

_Noreturn void verify_trial_skip(struct verify_trial *trial, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    end(trial, VERIFY_PROPERTY_SKIPPED, format, arguments);
}

_Noreturn void verify_trial_fail(struct verify_trial *trial, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    end(trial, VERIFY_PROPERTY_FAILS, format, arguments);
}

bool verify_bn_sums_otherwise(const struct verify_experiment *bn) {
    return bn->problem.op == NORMA_OPERATOR_BN && bn->problem.layout == NORMA_LAYOUT_NSC &&
           bn->problem.n > 1;
}

bool verify_trial_is_norma(const struct verify_trial *trial) {
    return verify_implementation_is_norma(trial->implementation);
}

void *verify_trial_memory(struct verify_trial *trial, size_t bytes) {
    struct verify_block *block = calloc(1, sizeof *block + bytes);
    if (!block) {
        verify_trial_fail(trial, "not enough memory");
    }
    block->next = trial->memory;
    trial->memory = block;
    return block->bytes;
}

static struct norma_problem parse(struct verify_trial *trial, const char *format,
                                  va_list arguments) {
    char text[NORMA_PROBLEM_TEXT];
    struct norma_problem problem;
    struct norma_parse_error error;
    vsnprintf(text, sizeof text, format, arguments);
    if (norma_problem_parse(text, &problem, &error) != NORMA_STATUS_OK) {
        verify_trial_fail(trial, "%s: %s", text, error.message);
    }
    problem.layout = trial->layout;
    return problem;
}

struct norma_problem verify_trial_problem(struct verify_trial *trial, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    const struct norma_problem problem = parse(trial, format, arguments);
    va_end(arguments);
    return problem;
}

void verify_trial_release(struct verify_trial *trial) {
    for (struct verify_experiment *e = trial->experiments; e; e = e->next) {
        trial->implementation->destroy(e->state);
    }
    while (trial->memory) {
        struct verify_block *next = trial->memory->next;
        free(trial->memory);
        trial->memory = next;
    }
}

/* ---- inputs ------------------------------------------------------------------------------- */

/* Gives the experiment its tensors, in memory of the trial, with generated inputs. */
static void make_tensors(struct verify_experiment *e) {
    void *inputs[REFERENCE_TENSOR_COUNT] = {NULL};
    reference_tensors_of(&e->problem, e->tensors);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        if (e->tensors[id].role != REFERENCE_ROLE_UNUSED) {
            e->data[id] = verify_trial_memory(e->trial, reference_tensor_bytes(&e->tensors[id]));
        }
    }
    const bool made =
        verify_inputs_make(&e->problem, e->tensors, VERIFY_DATA_NORMAL, e->trial->seed, inputs);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        if (made && inputs[id]) {
            memcpy(e->data[id], inputs[id], reference_tensor_bytes(&e->tensors[id]));
        }
        free(inputs[id]);
    }
    if (!made) {
        verify_trial_fail(e->trial, "not enough memory");
    }
}

void verify_experiment_set(struct verify_experiment *experiment, enum reference_tensor_id id,
                           float value) {
    float *data = experiment->data[id];
    for (int64_t i = 0; data && i < experiment->tensors[id].count; i++) {
        data[i] = value;
    }
}

/* Copies those inputs of `from` that `to` has in the same size; an input that `from` leaves out is
 * left out of `to`. */
static void copy_inputs(struct verify_experiment *to, const struct verify_experiment *from) {
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        const struct reference_tensor *target = &to->tensors[id], *source = &from->tensors[id];
        if (!reference_is_input(target) || !reference_is_input(source) ||
            target->count != source->count) {
            continue;
        }
        if (!from->data[id]) {
            to->data[id] = NULL;
        } else if (to->data[id]) {
            memcpy(to->data[id], from->data[id], reference_tensor_bytes(target));
        }
    }
}

void verify_experiment_without_affine(struct verify_experiment *experiment) {
    experiment->data[REFERENCE_TENSOR_gamma] = NULL;
    experiment->data[REFERENCE_TENSOR_beta] = NULL;
}

/* ---- running ------------------------------------------------------------------------------ */

void verify_experiment_poison(struct verify_experiment *experiment) {
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        const struct reference_tensor *tensor = &experiment->tensors[id];
        if (experiment->data[id] && tensor->role == REFERENCE_ROLE_OUTPUT) {
            memset(experiment->data[id], 0xff, reference_tensor_bytes(tensor));
        }
    }
}

static struct verify_experiment *create_forward(struct verify_experiment *e) {
    struct norma_problem problem = e->problem;
    problem.pass = problem.pass == NORMA_PASS_BACKWARD ? NORMA_PASS_FORWARD : NORMA_PASS_INFERENCE;
    return verify_experiment_of(e->trial, &problem);
}

struct verify_experiment *verify_experiment_of(struct verify_trial *trial,
                                               const struct norma_problem *problem) {
    const struct reference_implementation *implementation = trial->implementation;
    struct verify_experiment *e = verify_trial_memory(trial, sizeof *e);
    e->trial = trial;
    e->problem = *problem;
    norma_problem_print(problem, e->text, sizeof e->text);
    const norma_status status =
        implementation->create(implementation, &e->state, problem, trial->threads);
    if (status == NORMA_STATUS_UNSUPPORTED) {
        verify_trial_skip(trial, "%s: %s", e->text, norma_strerror(status));
    }
    if (status != NORMA_STATUS_OK) {
        verify_trial_fail(trial, "%s: creation failed: %s", e->text, norma_strerror(status));
    }
    e->next = trial->experiments;
    trial->experiments = e;
    make_tensors(e);
    verify_experiment_poison(e);
    e->forward = reference_is_backward(problem) ? create_forward(e) : NULL;
    return e;
}

struct verify_experiment *verify_experiment_named(struct verify_trial *trial, const char *format,
                                                  ...) {
    va_list arguments;
    va_start(arguments, format);
    const struct norma_problem problem = parse(trial, format, arguments);
    va_end(arguments);
    return verify_experiment_of(trial, &problem);
}

norma_status verify_experiment_execute(struct verify_experiment *experiment) {
    const struct reference_implementation *implementation = experiment->trial->implementation;
    const struct norma_args args = reference_tensors_bind(experiment->data);
    norma_status status = NORMA_STATUS_OK;
    if (implementation->import) {
        status = implementation->import(experiment->state, &args);
    }
    if (status == NORMA_STATUS_OK) {
        status = implementation->execute(experiment->state, &args);
    }
    if (status == NORMA_STATUS_OK && implementation->export) {
        status = implementation->export(experiment->state, &args);
    }
    return status;
}

/* Copies y and the statistics, which the forward pass returns and the backward pass takes. */
static void take_saved(struct verify_experiment *e) {
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        if (e->tensors[id].role == REFERENCE_ROLE_INPUT &&
            e->forward->tensors[id].role == REFERENCE_ROLE_OUTPUT && e->data[id]) {
            memcpy(e->data[id], e->forward->data[id], reference_tensor_bytes(&e->tensors[id]));
        }
    }
}

void verify_experiment_run(struct verify_experiment *experiment) {
    if (experiment->forward) {
        copy_inputs(experiment->forward, experiment);
        verify_experiment_run(experiment->forward);
        take_saved(experiment);
    }
    const norma_status status = verify_experiment_execute(experiment);
    if (status != NORMA_STATUS_OK) {
        verify_trial_fail(experiment->trial, "%s: execution failed: %s", experiment->text,
                          norma_strerror(status));
    }
}

/* ---- the structure of problems ------------------------------------------------------------ */

bool verify_is_per_sample(const struct norma_problem *problem, enum reference_tensor_id id) {
    switch (id) {
    case REFERENCE_TENSOR_x:
    case REFERENCE_TENSOR_y:
    case REFERENCE_TENSOR_residual:
    case REFERENCE_TENSOR_style_index:
    case REFERENCE_TENSOR_style:
    case REFERENCE_TENSOR_style_mean:
    case REFERENCE_TENSOR_style_std:
    case REFERENCE_TENSOR_style_weights:
    case REFERENCE_TENSOR_labels:
    case REFERENCE_TENSOR_instance_mean:
    case REFERENCE_TENSOR_instance_inverse_std:
    case REFERENCE_TENSOR_style_loss:
    case REFERENCE_TENSOR_dy:
    case REFERENCE_TENSOR_dx:
    case REFERENCE_TENSOR_dresidual:
    case REFERENCE_TENSOR_dstyle:
    case REFERENCE_TENSOR_dstyle_mean:
    case REFERENCE_TENSOR_dstyle_std:
        return true;
    case REFERENCE_TENSOR_mean:
    case REFERENCE_TENSOR_inverse_std:
        return reference_facts_of(problem)->sets != REFERENCE_SETS_CHANNEL;
    default:
        return false;
    }
}

int64_t verify_plane_of(const struct norma_problem *problem, int64_t index) {
    const int64_t spatial = norma_problem_spatial(problem);
    return problem->layout == NORMA_LAYOUT_NSC
               ? index / (spatial * problem->c) * problem->c + index % problem->c
               : index / spatial;
}

int64_t verify_channel_of(const struct norma_problem *problem, int64_t index) {
    return verify_plane_of(problem, index) % problem->c;
}

int64_t verify_set_of(const struct norma_problem *problem, int64_t index) {
    return reference_set_of(problem, verify_plane_of(problem, index), 0);
}
