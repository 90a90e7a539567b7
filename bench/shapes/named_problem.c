/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/shapes/named_problem.h"
#include "verify/harness/tool/tool.h"

#include <stdlib.h>
#include <string.h>

/* A pass and a layout for a problem; those that are NULL are left to its text. */
struct choice {
    const char *pass, *layout;
};

/* Returns where the text says "key=" after its sizes; NULL if it does not. */
static const char *find_key(const char *text, const char *key) {
    const size_t length = strlen(key);
    for (const char *at = strpbrk(text, ":,"); at; at = strpbrk(at + 1, ":,")) {
        if (strncmp(at + 1, key, length) == 0 && at[1 + length] == '=') {
            return at + 1;
        }
    }
    return NULL;
}

/* Returns the text with the choice as its last keys; the caller frees it. Only the parser knows
 * what else depends on a pass. */
static char *with_choice(const char *text, struct choice choice) {
    const char *sizes = strchr(text, ':');
    const char *first = sizes && strchr(sizes + 1, ':') ? "," : ":";
    return tool_text("%s%s%s%s%s%s%s", text, choice.pass || choice.layout ? first : "",
                     choice.pass ? "pass=" : "", choice.pass ? choice.pass : "",
                     choice.pass && choice.layout ? "," : "", choice.layout ? "layout=" : "",
                     choice.layout ? choice.layout : "");
}

static void add(struct bench_variants *variants, const char *text, struct choice choice,
                struct norma_parse_error *where) {
    char *whole = with_choice(text, choice);
    variants->count +=
        norma_problem_parse(whole, &variants->problems[variants->count], where) == NORMA_STATUS_OK;
    free(whole);
}

static void add_layouts(struct bench_variants *variants, const char *text, const char *pass,
                        const bool *layouts, struct norma_parse_error *where) {
    for (int i = 0; layouts && i < BENCH_LAYOUT_COUNT; i++) {
        if (layouts[i]) {
            add(variants, text, (struct choice){pass, norma_layout_name((norma_layout)i)}, where);
        }
    }
    if (!layouts) {
        add(variants, text, (struct choice){pass, NULL}, where);
    }
}

/* Fails for a key whose value in the text is not among those of its option. */
static bool fail_other(const char *text, const char *key, struct norma_parse_error *where) {
    where->position = (size_t)(find_key(text, key) - text);
    snprintf(where->message, sizeof where->message,
             "--%s asks for another: leave one of the two out", key);
    return false;
}

static void add_all(struct bench_variants *variants, const char *text, const bool *passes,
                    const bool *layouts, struct norma_parse_error *where) {
    for (int i = 0; passes && i < BENCH_PASS_COUNT; i++) {
        if (passes[i]) {
            add_layouts(variants, text, norma_pass_name((norma_pass)i), layouts, where);
        }
    }
    if (!passes) {
        add_layouts(variants, text, NULL, layouts, where);
    }
}

bool bench_read_variants(const char *text, const struct bench_sweep_axes *axes,
                         struct bench_variants *variants, struct norma_parse_error *where) {
    struct norma_problem own;
    variants->count = 0;
    *where = (struct norma_parse_error){0};
    if (norma_problem_parse(text, &own, where) != NORMA_STATUS_OK) {
        return false;
    }
    const bool own_pass = find_key(text, "pass"), own_layout = find_key(text, "layout");
    if (own_pass && axes->passes_given && !axes->pass_chosen[own.pass]) {
        return fail_other(text, "pass", where);
    }
    if (own_layout && axes->layouts_given && !axes->layout_chosen[own.layout]) {
        return fail_other(text, "layout", where);
    }
    add_all(variants, text, axes->passes_given && !own_pass ? axes->pass_chosen : NULL,
            axes->layouts_given && !own_layout ? axes->layout_chosen : NULL, where);
    if (where->position > strlen(text)) {
        where->position = strlen(text); /* what was added there is not the user's text */
    }
    return variants->count > 0;
}
