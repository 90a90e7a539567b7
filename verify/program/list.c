/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/program/program.h"

#include <string.h>

#include "verify/checks/checks.h"
#include "verify/harness/harness.h"
#include "verify/truth/truth.h"

static const char *features_of(const char *name) {
    for (size_t i = 0; norma_set_name(i); i++) {
        if (strcmp(norma_set_name(i), name) == 0) {
            return norma_set_features(i);
        }
    }
    return "";
}

enum { SUPPORT_SHAPE_LENGTH = 16, COLUMNS = 64, LAYOUTS = NORMA_LAYOUT_NSC + 1 };

/* A small shape that every variant has a problem of. */
static const char support_shape[SUPPORT_SHAPE_LENGTH] = "2x16x6x6";

/* Checks whether an implementation can do a problem, by trying. */
static bool supports(const struct reference_implementation *implementation,
                     const struct norma_problem *problem) {
    void *state = NULL;
    if (implementation->create(implementation, &state, problem, 1) != NORMA_STATUS_OK) {
        return false;
    }
    implementation->destroy(state);
    return true;
}

/* ---- implementations ---------------------------------------------------------------------- */

/* Checks whether an implementation can do a variant in any pass. */
static bool has_variant(const struct reference_implementation *implementation,
                        const struct verify_variant *variant, norma_layout layout) {
    for (int pass = 0; norma_pass_name((norma_pass)pass); pass++) {
        struct norma_problem problem;
        if (verify_variant_problem(variant, support_shape, (norma_pass)pass, NORMA_EPILOGUE_NONE,
                                   &problem) == NORMA_STATUS_OK) {
            problem.layout = layout;
            if (supports(implementation, &problem)) {
                return true;
            }
        }
    }
    return false;
}

static bool has_layout(const struct reference_implementation *implementation, norma_layout layout) {
    for (size_t i = 0; verify_variant_at(i); i++) {
        if (has_variant(implementation, verify_variant_at(i), layout)) {
            return true;
        }
    }
    return false;
}

/* Returns the layouts in which an implementation can do at least one problem; "?" for a set that
 * this CPU cannot run, which cannot be tried. */
static const char *layouts_of(const struct reference_implementation *implementation) {
    static const char *const names[] = {"-", "ncs", "nsc", "ncs,nsc"};
    const bool available = verify_implementation_available(implementation);
    const int first = available && has_layout(implementation, NORMA_LAYOUT_NCS);
    const int last = available && has_layout(implementation, NORMA_LAYOUT_NSC);
    return available ? names[first + 2 * last] : "?";
}

static void list_implementations(FILE *out) {
    fprintf(out, "%-16s %-10s %-10s %-10s %s\n", "implementation", "available", "sums in",
            "layouts", "needs");
    for (size_t i = 0; verify_implementation(i); i++) {
        const struct reference_implementation *implementation = verify_implementation(i);
        fprintf(out, "%-16s %-10s %-10s %-10s %s\n", implementation->name,
                verify_implementation_available(implementation) ? "yes" : "no",
                implementation->accumulation == REFERENCE_ACCUMULATE_F32 ? "f32" : "f64",
                layouts_of(implementation), features_of(implementation->name));
    }
}

/* ---- supported problems ------------------------------------------------------------------- */

/* The number of problems that each implementation supports in each layout, and that it does not. */
struct table {
    FILE *out;
    size_t supported[LAYOUTS][COLUMNS], unsupported[LAYOUTS][COLUMNS];
};

/* Returns the heading of an implementation. The first part of a peer's name is left out, as its
 * variants stand side by side: "onednn", then "-nhwc". */
static const char *head_of(const char *name) {
    const char *variant = strchr(name, '-');
    return variant ? variant : name;
}

/* Returns the width of a column; the last is not padded. */
static int width_of(size_t index) {
    const bool last = verify_implementation(index + 1) == NULL;
    return last ? 0 : (int)strlen(head_of(verify_implementation(index)->name));
}

static void list_heads(FILE *out) {
    fprintf(out, "%-6s %-7s %-34s", "op", "pass", "variant");
    for (size_t i = 0; verify_implementation(i); i++) {
        fprintf(out, " %s", head_of(verify_implementation(i)->name));
    }
    fputc('\n', out);
}

/* Returns "yes" if the problem is supported in every layout, the name of a single layout, "-" if in
 * none, or "no CPU". */
static const char *support(struct table *table, size_t index, struct norma_problem problem) {
    const struct reference_implementation *implementation = verify_implementation(index);
    const char *one = "-";
    size_t yes = 0;
    if (!verify_implementation_available(implementation)) {
        return "no CPU";
    }
    for (int layout = 0; layout < LAYOUTS; layout++) {
        problem.layout = (norma_layout)layout;
        const bool supported = supports(implementation, &problem);
        table->supported[layout][index] += supported;
        table->unsupported[layout][index] += !supported;
        yes += supported;
        one = supported ? norma_layout_name(problem.layout) : one;
    }
    return yes == LAYOUTS ? "yes" : one;
}

static void list_support(struct table *table, const struct norma_problem *problem,
                         const char *keys) {
    fprintf(table->out, "%-6s %-7s %-34s", norma_operator_name(problem->op),
            norma_pass_name(problem->pass), keys);
    for (size_t i = 0; i < COLUMNS && verify_implementation(i); i++) {
        fprintf(table->out, " %-*s", width_of(i), support(table, i, *problem));
    }
    fputc('\n', table->out);
}

/* Writes a row for each pass; for an operator's first variant, also for each epilogue. */
static void list_variant(struct table *table, const struct verify_variant *variant, bool first) {
    for (int pass = 0; norma_pass_name((norma_pass)pass); pass++) {
        for (int i = 0; norma_epilogue_name((norma_epilogue)i); i++) {
            const norma_epilogue epilogue = (norma_epilogue)i;
            struct norma_problem problem;
            char keys[128];
            snprintf(keys, sizeof keys, "%s%s%s%s", variant->keys,
                     epilogue && *variant->keys ? "," : "", epilogue ? "epilogue=" : "",
                     epilogue ? norma_epilogue_name(epilogue) : "");
            if ((first || epilogue == NORMA_EPILOGUE_NONE) &&
                verify_variant_problem(variant, support_shape, (norma_pass)pass, epilogue,
                                       &problem) == NORMA_STATUS_OK) {
                list_support(table, &problem, keys);
            }
        }
    }
}

static void list_totals(const struct table *table, const char *text, norma_layout layout,
                        const size_t *totals) {
    fprintf(table->out, "%-11s %s %33s", text, norma_layout_name(layout), "");
    for (size_t i = 0; i < COLUMNS && verify_implementation(i); i++) {
        fprintf(table->out, " %-*zu", width_of(i), totals[i]);
    }
    fputc('\n', table->out);
}

/* Writes the version of every peer of this build, and its note. */
static void list_peers(FILE *out) {
    for (size_t i = 0; reference_peer(i); i++) {
        const struct reference_peer_facts *const peer = reference_peer(i);
        if (peer->version()) {
            fprintf(out, "\n%s is %s %s.%s%s\n", peer->key, peer->library, peer->version(),
                    peer->note ? " " : "", peer->note ? peer->note : "");
        }
    }
}

static void list_checks(FILE *out) {
    fprintf(out, "\nThe checks, for --without:\n");
    for (int i = 0; i < VERIFY_CHECK_COUNT; i++) {
        fprintf(out, "%-15s %s\n", verify_check_name((enum verify_check_kind)i),
                verify_check_text((enum verify_check_kind)i));
    }
}

void verify_list(FILE *out) {
    struct table table = {.out = out};
    list_implementations(out);
    fputc('\n', out);
    for (int op = 0; op < NORMA_OPERATOR_COUNT; op++) {
        fprintf(out, "%-6s %s\n", norma_operator_name((norma_operator)op),
                norma_operator_text((norma_operator)op));
    }
    fprintf(
        out,
        "\nWhich implementation can do what (yes: channels-first, ncs, and channels-last, nsc):\n");
    list_heads(out);
    for (size_t i = 0; verify_variant_at(i); i++) {
        const bool first = i == 0 || verify_variant_at(i)->op != verify_variant_at(i - 1)->op;
        if (verify_variant_at(i)->frequency != VERIFY_SELDOM) {
            list_variant(&table, verify_variant_at(i), first);
        }
    }
    fputc('\n', out);
    for (int layout = 0; layout < LAYOUTS; layout++) {
        list_totals(&table, "supported", (norma_layout)layout, table.supported[layout]);
        list_totals(&table, "unsupported", (norma_layout)layout, table.unsupported[layout]);
    }
    list_peers(out);
    list_checks(out);
}
