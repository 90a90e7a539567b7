/* The names of a problem's enumerators, which no other file repeats.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels/problem/names.h"

#include <norma.h>

const char *const norma_pass_names[] = {"fwd", "inf", "bwd", "inf_bwd", NULL};
const char *const norma_layout_names[] = {"ncs", "nsc", NULL};
const char *const norma_dtype_names[] = {"f32", NULL};
const char *const norma_epilogue_names[] = {"none", "relu", "add_relu", NULL};

const char *norma_operator_name(norma_operator op) {
    static const char *const names[] = {
#define NAME(upper, lower, text) #lower,
        NORMA_OPERATORS(NAME)
#undef NAME
    };
    return (unsigned)op < NORMA_OPERATOR_COUNT ? names[op] : NULL;
}

const char *norma_operator_text(norma_operator op) {
    static const char *const texts[] = {
#define TEXT(upper, lower, text) text,
        NORMA_OPERATORS(TEXT)
#undef TEXT
    };
    return (unsigned)op < NORMA_OPERATOR_COUNT ? texts[op] : NULL;
}

/* Returns entry number `index` of a list that ends with NULL, or NULL beyond it. */
static const char *entry(const char *const names[], unsigned index) {
    while (*names && index > 0) {
        names++;
        index--;
    }
    return *names;
}

const char *norma_pass_name(norma_pass pass) {
    return entry(norma_pass_names, (unsigned)pass);
}

const char *norma_layout_name(norma_layout layout) {
    return entry(norma_layout_names, (unsigned)layout);
}

const char *norma_dtype_name(norma_dtype dtype) {
    return entry(norma_dtype_names, (unsigned)dtype);
}

const char *norma_epilogue_name(norma_epilogue epilogue) {
    return entry(norma_epilogue_names, (unsigned)epilogue);
}
