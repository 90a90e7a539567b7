/* The cases of a sweep.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/shapes/cases.h"
#include "bench/shapes/named_problem.h"
#include "verify/harness/harness.h"
#include "verify/harness/tool/tool.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static void free_case(struct bench_case *test_case) {
    for (size_t i = 0; i < test_case->origin_count; i++) {
        free(test_case->origins[i].shapes);
    }
    free(test_case->origins);
}

void bench_cases_free(struct bench_cases *cases) {
    for (size_t i = 0; i < cases->count; i++) {
        free_case(&cases->items[i]);
    }
    free(cases->items);
    json_decref(cases->index);
    *cases = (struct bench_cases){0};
}

/* Returns the case of this problem, which is added if it is new. */
static struct bench_case *find_case(struct bench_cases *cases,
                                    const struct norma_problem *problem) {
    char text[NORMA_PROBLEM_TEXT];
    norma_problem_print(problem, text, sizeof text);
    if (!cases->index) {
        cases->index = json_object();
    }
    const json_t *position = json_object_get(cases->index, text);
    if (position) {
        return &cases->items[json_integer_value(position)];
    }
    json_object_set_new(cases->index, text, json_integer((json_int_t)cases->count));
    cases->items = tool_grow(cases->items, cases->count, sizeof cases->items[0]);
    struct bench_case *test_case = &cases->items[cases->count++];
    *test_case = (struct bench_case){.problem = *problem};
    memcpy(test_case->text, text, sizeof text);
    return test_case;
}

static void add_origin(struct bench_case *test_case, const char *shapes, const char *layer,
                       int64_t count) {
    for (size_t i = 0; i < test_case->origin_count; i++) {
        struct bench_origin *origin = &test_case->origins[i];
        if (strcmp(origin->shapes, shapes) == 0 && strcmp(origin->layer, layer) == 0) {
            origin->count += *shapes ? count : 0; /* a problem named twice is one problem */
            return;
        }
    }
    test_case->origins =
        tool_grow(test_case->origins, test_case->origin_count, sizeof test_case->origins[0]);
    struct bench_origin *origin = &test_case->origins[test_case->origin_count++];
    *origin = (struct bench_origin){.shapes = tool_copy_text(shapes), .count = count};
    snprintf(origin->layer, sizeof origin->layer, "%s", layer);
}

static bool is_empty(const struct norma_problem *problem) {
    return problem->n == 0 || problem->c == 0 || norma_problem_spatial(problem) == 0;
}

static void add_named(struct bench_cases *cases, const struct norma_problem *problem) {
    char layer[BENCH_LAYER_TEXT];
    bench_layer_print(problem->c, problem->spatial_rank, problem->spatial, layer);
    add_origin(find_case(cases, problem), "", layer, 1);
}

/* Parses and adds a problem. On failure *where says why, and at which character. */
static bool add_text(struct bench_cases *cases, const char *text,
                     const struct bench_sweep_axes *axes, struct norma_parse_error *where) {
    struct bench_variants variants;
    if (!bench_read_variants(text, axes, &variants, where)) {
        return false;
    }
    if (is_empty(&variants.problems[0])) {
        *where = (struct norma_parse_error){strcspn(text, ":"), "an empty tensor cannot be timed"};
        return false;
    }
    for (size_t i = 0; i < variants.count; i++) {
        add_named(cases, &variants.problems[i]);
    }
    return true;
}

bool bench_cases_add_problem(struct bench_cases *cases, const char *text,
                             const struct bench_sweep_axes *axes, struct tool_message *error) {
    struct norma_parse_error where;
    return add_text(cases, text, axes, &where) ||
           tool_fail(error, "%.200s: column %zu: %s", text, where.position + 1, where.message);
}

/* Adds the problem on the current line. */
static bool add_line(struct bench_cases *cases, const struct tool_lines *lines,
                     const struct bench_sweep_axes *axes, struct tool_message *error) {
    const char *text = lines->text;
    while (isspace((unsigned char)*text)) {
        text++;
    }
    struct norma_parse_error where;
    if (add_text(cases, text, axes, &where)) {
        return true;
    }
    size_t column = (size_t)(text - lines->text) + where.position + 1;
    return tool_fail(error, "%s:%zu:%zu: %s", lines->name, lines->number, column, where.message);
}

bool bench_cases_add_file(struct bench_cases *cases, const char *path,
                          const struct bench_sweep_axes *axes, struct tool_message *error) {
    struct tool_lines lines;
    if (!tool_lines_open(&lines, path, error)) {
        return false;
    }
    bool sound = true, any = false;
    int got = 0;
    while (sound && (got = tool_lines_next(&lines, error)) == 1) {
        sound = add_line(cases, &lines, axes, error);
        any = true;
    }
    tool_lines_close(&lines);
    if (got == 0 && !any) {
        return tool_fail(error, "%s: expected problems such as 'bn:8x64x56x56', found none",
                         lines.name);
    }
    return sound && got == 0;
}

/* The operator, pass and layout with which a shape becomes a problem. */
struct variant {
    norma_operator op;
    norma_pass pass;
    norma_layout layout;
};

/* Returns whether the operator has the pass. Tries it on the smallest problem, as a larger one may
 * be invalid for other reasons. */
static bool exists(struct variant variant) {
    struct norma_problem problem;
    char text[64];
    snprintf(text, sizeof text, "%s:1x1:pass=%s", norma_operator_name(variant.op),
             norma_pass_name(variant.pass));
    return norma_problem_parse(text, &problem, NULL) == NORMA_STATUS_OK;
}

/* Makes the problem from its text, as only the parser knows the defaults, such as that of
 * groups. */
static bool make_problem(const struct bench_shape *shape, int64_t micro_batch,
                         struct variant variant, struct norma_problem *problem,
                         struct tool_message *error) {
    char text[NORMA_PROBLEM_TEXT];
    int length = snprintf(text, sizeof text, "%s:%lldx%lld", norma_operator_name(variant.op),
                          (long long)micro_batch, (long long)shape->channels);
    for (int i = 0; i < shape->spatial_rank; i++) {
        length += snprintf(text + length, sizeof text - (size_t)length, "x%lld",
                           (long long)shape->spatial[i]);
    }
    snprintf(text + length, sizeof text - (size_t)length, ":pass=%s,layout=%s",
             norma_pass_name(variant.pass), norma_layout_name(variant.layout));
    struct norma_parse_error where;
    if (norma_problem_parse(text, problem, &where) != NORMA_STATUS_OK) {
        return tool_fail(error, "%s: column %zu: %s", text, where.position + 1, where.message);
    }
    return true;
}

/* Sets *variant to the variant number `index`. Returns false beyond the last. */
static bool variant_number(int index, struct variant *variant) {
    const int op = index % NORMA_OPERATOR_COUNT, rest = index / NORMA_OPERATOR_COUNT;
    *variant = (struct variant){(norma_operator)op, (norma_pass)(rest / BENCH_LAYOUT_COUNT),
                                (norma_layout)(rest % BENCH_LAYOUT_COUNT)};
    return rest / BENCH_LAYOUT_COUNT < BENCH_PASS_COUNT;
}

static bool add_shape(struct bench_cases *cases, const struct bench_shape_set *set,
                      const struct bench_shape *shape, int64_t micro_batch,
                      const struct bench_sweep_axes *axes, struct tool_message *error) {
    const bool *chosen = axes->operators_given ? axes->operator_chosen : shape->for_operator;
    struct variant variant;
    for (int i = 0; variant_number(i, &variant); i++) {
        struct norma_problem problem;
        if (!chosen[variant.op] || !axes->pass_chosen[variant.pass] ||
            !axes->layout_chosen[variant.layout] || !exists(variant)) {
            continue;
        }
        if (!make_problem(shape, micro_batch, variant, &problem, error)) {
            return false;
        }
        add_origin(find_case(cases, &problem), set->name, shape->layer, shape->count);
    }
    return true;
}

bool bench_cases_add_set(struct bench_cases *cases, const struct bench_shape_set *set,
                         const struct bench_sweep_axes *axes, struct tool_message *error) {
    for (size_t i = 0; i < set->count; i++) {
        const struct bench_shape *shape = &set->shapes[i];
        bool own = shape->micro_batch_count > 0 && !axes->micro_batches_given;
        const int64_t *micro_batches = own ? shape->micro_batches : axes->micro_batches;
        size_t count = own ? shape->micro_batch_count : axes->micro_batch_count;
        for (size_t k = 0; k < count; k++) {
            if (!add_shape(cases, set, shape, micro_batches[k], axes, error)) {
                return false;
            }
        }
    }
    return true;
}

void bench_cases_keep_shard(struct bench_cases *cases, size_t index, size_t shards) {
    size_t kept = 0;
    for (size_t i = 0; i < cases->count; i++) {
        if (i % shards == index - 1) {
            cases->items[kept++] = cases->items[i];
        } else {
            free_case(&cases->items[i]);
        }
    }
    cases->count = kept;
    json_object_clear(
        cases->index); /* positions are no longer right, and nothing is added any more */
}
