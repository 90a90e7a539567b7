/* SPDX-License-Identifier: Apache-2.0 */
#include "list.h"

#include <string.h>

#include "implementations.h"

static const char *features_of(const char *name) {
    for (size_t i = 0; norma_set_name(i); i++) {
        if (strcmp(norma_set_name(i), name) == 0) {
            return norma_set_features(i);
        }
    }
    return "";
}

static void list_implementations(FILE *out) {
    fprintf(out, "%-16s %-10s %-10s %s\n", "implementation", "available", "sums in", "needs");
    for (size_t i = 0; norma_implementation(i); i++) {
        const struct norma_implementation *implementation = norma_implementation(i);
        fprintf(out, "%-16s %-10s %-10s %s\n", implementation->name,
                norma_implementation_available(implementation) ? "yes" : "no",
                implementation->accumulation == NORMA_ACCUMULATE_F64 ? "f64" : "f32",
                features_of(implementation->name));
    }
}

/* By trying: an implementation knows itself what it can do. */
static const char *support(const struct norma_implementation *implementation,
                           const struct norma_problem *problem) {
    if (!norma_implementation_available(implementation)) {
        return "no CPU";
    }
    void *state = NULL;
    if (implementation->create(implementation, &state, problem, 1) != NORMA_OK) {
        return "-";
    }
    implementation->destroy(state);
    return "yes";
}

static void list_support(FILE *out, const char *text) {
    struct norma_problem problem;
    norma_problem_parse(text, &problem, NULL);
    fprintf(out, "%-28s", text);
    for (size_t i = 0; norma_implementation(i); i++) {
        const struct norma_implementation *implementation = norma_implementation(i);
        fprintf(out, " %-*s", (int)strlen(implementation->name), support(implementation, &problem));
    }
    fputc('\n', out);
}

void norma_list(FILE *out) {
    static const char *const examples[] = {
        "bn:2x16x6x6",
        "bn:2x16x6x6:pass=inf",
        "in:2x16x6x6",
        "in:2x16x6x6:pass=inf",
        "bin:2x16x6x6",
        "bin:2x16x6x6:pass=inf",
        "adain:2x16x6x6",
        "adain:2x16x6x6:style=stats",
        "gn:2x16x6x6:g=4",
        "unit:2x16x6x6",
        "unit:2x16x6x6:alpha=0.5",
        "unit:2x16x6x6:alpha=element",
    };
    list_implementations(out);
    fputc('\n', out);
    for (int op = 0; op < NORMA_OPERATOR_COUNT; op++) {
        fprintf(out, "%-6s %s\n", norma_operator_name((norma_operator)op),
                norma_operator_text((norma_operator)op));
    }
    fprintf(out, "\n%-28s", "who can do what");
    for (size_t i = 0; norma_implementation(i); i++) {
        fprintf(out, " %s", norma_implementation(i)->name);
    }
    fputc('\n', out);
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        list_support(out, examples[i]);
    }
}
