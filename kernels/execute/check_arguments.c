/* SPDX-License-Identifier: Apache-2.0 */
#include "kernels/execute/check_execution.h"

#include <stdarg.h>
#include <stdio.h>

#include "kernels/execute/argument_table.h"

norma_status norma_refuse(const struct norma_reason *reason, norma_status status,
                          const char *format, ...) {
    va_list values;
    va_start(values, format);
    if (reason) {
        vsnprintf(reason->text, reason->size, format, values);
    }
    va_end(values);
    return status;
}

/* ---- null --------------------------------------------------------------------------------- */

static bool is_missing(const struct norma_argument *argument) {
    return argument->pointer == NULL && argument->bytes > 0 &&
           (argument->role == NORMA_ROLE_INPUT || argument->role == NORMA_ROLE_OUTPUT);
}

static norma_status check_null(const struct norma_plan *plan, const struct norma_args *args,
                               const struct norma_arguments *arguments,
                               const struct norma_reason *reason) {
    for (int i = 0; i < arguments->count; i++) {
        if (is_missing(&arguments->list[i])) {
            return norma_refuse(reason, NORMA_STATUS_NULL, "args.%s must not be NULL",
                                arguments->list[i].name);
        }
    }
    if (plan->workspace > 0 && !args->workspace) {
        return norma_refuse(reason, NORMA_STATUS_NULL,
                            "args.workspace must not be NULL; it has %zu bytes", plan->workspace);
    }
    return NORMA_STATUS_OK;
}

/* ---- overlap ------------------------------------------------------------------------------ */

static bool overlap(const struct norma_argument *a, const struct norma_argument *b) {
    const uintptr_t a_first = (uintptr_t)a->pointer;
    const uintptr_t b_first = (uintptr_t)b->pointer;
    return a_first < b_first + (uintptr_t)b->bytes && b_first < a_first + (uintptr_t)a->bytes;
}

static bool has_memory(const struct norma_argument *argument) {
    return argument->pointer && argument->bytes > 0;
}

/* Checks whether two arguments are the first two, which may be the same memory. */
static bool in_place(const struct norma_arguments *arguments, int i, int j) {
    return i + j == 1 && arguments->list[0].pointer == arguments->list[1].pointer;
}

/* Compares an output with the arguments that have not been compared with it: all inputs, and the
 * outputs behind it. */
static norma_status check_output(const struct norma_arguments *arguments, int output,
                                 const struct norma_reason *reason) {
    const struct norma_argument *const a = &arguments->list[output];
    for (int i = 0; i < arguments->count; i++) {
        const struct norma_argument *b = &arguments->list[i];
        const bool compared = i <= output && norma_is_output(b);
        if (!compared && overlap(a, b) && has_memory(b) && !in_place(arguments, output, i)) {
            return norma_refuse(reason, NORMA_STATUS_OVERLAP, "args.%s overlaps args.%s", a->name,
                                b->name);
        }
    }
    return NORMA_STATUS_OK;
}

static norma_status check_overlap(const struct norma_arguments *arguments,
                                  const struct norma_reason *reason) {
    norma_status status = NORMA_STATUS_OK;
    for (int i = 0; i < arguments->count && status == NORMA_STATUS_OK; i++) {
        const struct norma_argument *argument = &arguments->list[i];
        if (norma_is_output(argument) && has_memory(argument)) {
            status = check_output(arguments, i, reason);
        }
    }
    return status;
}

/* ---- empty -------------------------------------------------------------------------------- */

/* Checks whether an output is requested that has no values: statistics of no elements. */
static bool has_no_values(const struct norma_plan *plan, const struct norma_argument *argument,
                          bool has_batch) {
    const bool known = plan->backward || (has_batch && argument->role == NORMA_ROLE_BATCH_OUTPUT);
    return norma_is_output(argument) && argument->pointer && argument->bytes > 0 && !known;
}

norma_status norma_check_empty(const struct norma_plan *plan, const struct norma_args *args,
                               bool has_batch, const struct norma_reason *reason) {
    struct norma_arguments arguments;
    norma_arguments_of(plan, args, &arguments);
    for (int i = 0; i < arguments.count; i++) {
        if (has_no_values(plan, &arguments.list[i], has_batch)) {
            return norma_refuse(reason, NORMA_STATUS_EMPTY,
                                "args.%s must be NULL, as there are no elements that it is of",
                                arguments.list[i].name);
        }
    }
    return check_overlap(&arguments, reason);
}

/* ---- all ---------------------------------------------------------------------------------- */

norma_status norma_check_arguments(const struct norma_plan *plan, const struct norma_args *args,
                                   const struct norma_reason *reason) {
    if (norma_is_empty(plan)) {
        return norma_check_empty(plan, args, false, reason);
    }
    struct norma_arguments arguments;
    norma_arguments_of(plan, args, &arguments);
    const norma_status status = check_null(plan, args, &arguments, reason);
    return status == NORMA_STATUS_OK ? check_overlap(&arguments, reason) : status;
}
