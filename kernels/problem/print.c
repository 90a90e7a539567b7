/* Prints problems as text.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _POSIX_C_SOURCE 200809L
#include <norma.h>

#include <inttypes.h>
#include <string.h>

#include "kernels/problem/keys.h"
#include "kernels/problem/surroundings.h"

static void append_shape(struct norma_writer *writer, const struct norma_problem *problem) {
    norma_append(writer, "%" PRId64 "x%" PRId64, problem->n, problem->c);
    if (problem->spatial_rank > 0) {
        norma_append(writer, "x");
        norma_append_sizes(writer, problem->spatial, problem->spatial_rank);
    }
}

/* Returns the operator's default; for unit, the default of its form. */
static struct norma_problem standard_of(const struct norma_problem *problem) {
    struct norma_problem standard = norma_problem_default(problem->op);
    if (problem->op == NORMA_OPERATOR_UNIT) {
        standard.alpha_kind = norma_default_alpha_kind(problem->form);
    }
    return standard;
}

/* Appends the keys whose value differs, as text, from the operator's default. */
static void append_keys(struct norma_writer *writer, const struct norma_problem *problem) {
    const struct norma_problem standard = standard_of(problem);
    char separator = ':';
    for (size_t i = 0; norma_keys[i].name != NULL; i++) {
        if (!norma_has_key(problem->op, &norma_keys[i])) {
            continue;
        }
        char value[NORMA_VALUE_TEXT] = "", default_value[NORMA_VALUE_TEXT] = "";
        norma_keys[i].print(problem, &(struct norma_writer){value, NORMA_VALUE_TEXT, 0});
        norma_keys[i].print(&standard, &(struct norma_writer){default_value, NORMA_VALUE_TEXT, 0});
        if (norma_keys[i].always || strcmp(value, default_value) != 0) {
            norma_append(writer, "%c%s=%s", separator, norma_keys[i].name, value);
            separator = ',';
        }
    }
}

/* NORMA_PROBLEM_TEXT is enough, even if one operator had every key. At most:
 *      6  operator and colon: "adain:"
 *     99  five int64_t of 19 digits with an x between
 *     52  ":pass=inf_bwd", ",layout=ncs", ",dtype=f32", ",epilogue=add_relu"
 *    150  ",eps=", ",momentum=", ",rho=", ",alpha=", ",k=" and five doubles of 24 characters
 *     77  ",g=", ",styles=", ",regions=" and three int64_t
 *     94  ",style=" and three int64_t with an x between, ",form=practical", ",std=unbiased"
 * That is 478, and the final NUL. */
size_t norma_problem_print(const struct norma_problem *problem, char *text, size_t size) {
    const struct norma_surroundings caller = norma_surroundings_leave();
    const char *name = norma_operator_name(problem->op);
    struct norma_writer writer = {text, size, 0};
    norma_append(&writer, "%s:", name != NULL ? name : "?");
    append_shape(&writer, problem);
    append_keys(&writer, problem);
    norma_surroundings_restore(&caller);
    return writer.length;
}
