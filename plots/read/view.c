/* Sorts measurements, and walks the sorted list.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE /* strverscmp: resnet50 before resnet110 */
#include "plots/read/view.h"

#include "verify/harness/tool/tool.h"

#include <norma.h>
#include <stdlib.h>
#include <string.h>

static int compare_numbers(long long left, long long right) {
    return (left > right) - (left < right);
}

/* Returns view->implementation_count if there is none of that name. */
static size_t find_implementation(const struct plot_view *view, const char *name) {
    size_t i = 0;
    while (i < view->implementation_count && strcmp(view->implementations[i].name, name) != 0) {
        i++;
    }
    return i;
}

/* ---- machines ------------------------------------------------------------------------------ */

static size_t add_machine(struct plot_view *view, const char *id) {
    for (size_t i = 0; i < view->machine_count; i++) {
        if (strcmp(view->machines[i], id) == 0) {
            return i;
        }
    }
    view->machines = tool_grow(view->machines, view->machine_count, sizeof *view->machines);
    view->machines[view->machine_count] = id;
    return view->machine_count++;
}

bool plot_measurement_is_backward(const struct plot_measurement *measurement) {
    return strcmp(measurement->pass, norma_pass_name(NORMA_PASS_BACKWARD)) == 0 ||
           strcmp(measurement->pass, norma_pass_name(NORMA_PASS_INFERENCE_BACKWARD)) == 0;
}

/* ---- order --------------------------------------------------------------------------------- */

/* Returns the place of a name in libnorma's list. Unknown names have the place behind the last. */
#define PLOT_PLACE(what)                                                                           \
    static long long place_of_##what(const char *text) {                                           \
        int i = 0;                                                                                 \
        for (const char *name; (name = norma_##what##_name((norma_##what)i)); i++) {               \
            if (strcmp(name, text) == 0) {                                                         \
                break;                                                                             \
            }                                                                                      \
        }                                                                                          \
        return i;                                                                                  \
    }
PLOT_PLACE(operator)
PLOT_PLACE(pass)
PLOT_PLACE(dtype)
PLOT_PLACE(layout)

static long long place_of_cache(const char *text) {
    return strcmp(text, "hot") != 0;
}

static int compare_places(long long (*place)(const char *), const char *left, const char *right) {
    const int order = compare_numbers(place(left), place(right));
    return order == 0 ? strcmp(left, right) : order;
}

int plot_compare_operators(const struct plot_measurement *a, const struct plot_measurement *b) {
    int order = compare_places(place_of_operator, a->op, b->op);
    order = order != 0 ? order : compare_places(place_of_pass, a->pass, b->pass);
    order = order != 0 ? order : compare_places(place_of_dtype, a->dtype, b->dtype);
    order = order != 0 ? order : compare_places(place_of_layout, a->layout, b->layout);
    return order != 0 ? order : compare_places(place_of_cache, a->cache, b->cache);
}

static int compare_layers(const struct plot_measurement *a, const struct plot_measurement *b) {
    int order = compare_numbers(b->s, a->s);
    order = order != 0 ? order : compare_numbers(a->c, b->c);
    order = order != 0 ? order : strverscmp(a->layer, b->layer);
    return order != 0 ? order : strverscmp(a->variant, b->variant);
}

static int compare_problems(const struct plot_measurement *a, const struct plot_measurement *b) {
    int order = compare_numbers(a->n, b->n);
    return order != 0 ? order : strcmp(a->problem, b->problem);
}

static int compare_level(const struct plot_measurement *a, const struct plot_measurement *b,
                         enum plot_level level) {
    switch (level) {
    case PLOT_BY_MACHINE:
        return compare_numbers((long long)a->machine, (long long)b->machine);
    case PLOT_BY_OPERATOR:
        return plot_compare_operators(a, b);
    case PLOT_BY_THREADS:
        return compare_numbers(a->threads, b->threads);
    case PLOT_BY_SHAPES:
        return strverscmp(a->shapes, b->shapes);
    case PLOT_BY_LAYER:
        return compare_layers(a, b);
    case PLOT_BY_PROBLEM:
        return compare_problems(a, b);
    case PLOT_BY_IMPLEMENTATION:
        break;
    }
    return compare_numbers((long long)a->implementation_index, (long long)b->implementation_index);
}

static int compare_cases(const struct plot_measurement *a, const struct plot_measurement *b) {
    int order = 0;
    for (int level = PLOT_BY_MACHINE; order == 0 && level <= PLOT_BY_IMPLEMENTATION; level++) {
        order = compare_level(a, b, (enum plot_level)level);
    }
    return order;
}

static int compare_items(const void *left, const void *right) {
    const struct plot_measurement *a = *(struct plot_measurement *const *)left;
    const struct plot_measurement *b = *(struct plot_measurement *const *)right;
    int order = compare_cases(a, b);
    return order != 0 ? order : compare_numbers((long long)a->order, (long long)b->order);
}

static void keep_last_of_each_case(struct plot_view *view) {
    size_t kept = 0;
    for (size_t i = 0; i < view->item_count; i++) {
        if (i + 1 == view->item_count || compare_cases(view->items[i], view->items[i + 1]) != 0) {
            view->items[kept++] = view->items[i];
        }
    }
    view->item_count = kept;
}

/* Compares what makes two measurements the same case in whatever shape sets they are shown:
 * machine, implementation, threads, cache and problem. */
static int compare_keys(const struct plot_measurement *a, const struct plot_measurement *b) {
    int order = compare_level(a, b, PLOT_BY_MACHINE);
    order = order != 0 ? order : compare_level(a, b, PLOT_BY_IMPLEMENTATION);
    order = order != 0 ? order : compare_level(a, b, PLOT_BY_THREADS);
    order = order != 0 ? order : strcmp(a->cache, b->cache);
    return order != 0 ? order : strcmp(a->problem, b->problem);
}

static int compare_by_key(const void *left, const void *right) {
    const struct plot_measurement *a = *(struct plot_measurement *const *)left;
    const struct plot_measurement *b = *(struct plot_measurement *const *)right;
    int order = compare_keys(a, b);
    return order != 0 ? order : compare_numbers((long long)a->order, (long long)b->order);
}

static void mark_repeated(struct plot_view *view) {
    qsort(view->items, view->item_count, sizeof(struct plot_measurement *), compare_by_key);
    for (size_t i = 0; i + 1 < view->item_count; i++) {
        view->items[i]->repeated = compare_keys(view->items[i], view->items[i + 1]) == 0;
    }
}

void plot_view_create(struct plot_view *view, struct plot_results *results) {
    *view = (struct plot_view){.results = results, .item_count = results->measurement_count};
    view->implementation_count = plot_implementations(results, &view->implementations);
    view->peers = plot_peer_libraries(results, view->implementations, view->implementation_count);
    for (size_t i = 0; i < results->run_count; i++) {
        results->runs[i].machine_index = add_machine(view, results->runs[i].id);
    }
    view->items = tool_allocate(view->item_count + 1, sizeof(struct plot_measurement *));
    for (size_t i = 0; i < view->item_count; i++) {
        struct plot_measurement *item = &results->measurements[i];
        item->implementation_index = find_implementation(view, item->implementation);
        item->machine = results->runs[item->run].machine_index;
        view->items[i] = item;
    }
    mark_repeated(view);
    qsort(view->items, view->item_count, sizeof(struct plot_measurement *), compare_items);
    keep_last_of_each_case(view);
}

bool plot_view_compare(struct plot_view *view, const char *name) {
    size_t index = find_implementation(view, name);
    if (index == view->implementation_count) {
        return false;
    }
    view->compared = tool_grow(view->compared, view->compared_count, sizeof *view->compared);
    view->compared[view->compared_count++] = index;
    return true;
}

void plot_view_destroy(struct plot_view *view) {
    free(view->compared);
    free(view->implementations);
    free(view->peers);
    free(view->machines);
    free(view->items);
    *view = (struct plot_view){0};
}

/* ---- spans --------------------------------------------------------------------------------- */

struct plot_span plot_view_span(const struct plot_view *view) {
    return (struct plot_span){view->items, view->item_count};
}

struct plot_span plot_view_machine(const struct plot_view *view, size_t machine) {
    struct plot_span all = plot_view_span(view), part = {0};
    while (plot_span_next(all, PLOT_BY_MACHINE, &part)) {
        if (part.items[0]->machine == machine) {
            return part;
        }
    }
    return (struct plot_span){view->items, 0};
}

bool plot_span_next(struct plot_span whole, enum plot_level level, struct plot_span *part) {
    struct plot_measurement *const *end = whole.items + whole.count;
    part->items = part->items ? part->items + part->count : whole.items;
    part->count = 0;
    while (part->items + part->count < end &&
           compare_level(part->items[0], part->items[part->count], level) == 0) {
        part->count++;
    }
    return part->count > 0;
}

const struct plot_measurement *plot_span_find(struct plot_span problem, size_t implementation) {
    for (size_t i = 0; i < problem.count; i++) {
        if (problem.items[i]->implementation_index == implementation) {
            return problem.items[i];
        }
    }
    return NULL;
}

bool plot_span_has(struct plot_span span, size_t implementation) {
    for (size_t i = 0; i < span.count; i++) {
        if (span.items[i]->implementation_index == implementation &&
            span.items[i]->outcome == PLOT_DONE) {
            return true;
        }
    }
    return false;
}

static int compare_batches(const void *left, const void *right) {
    return compare_numbers(*(const long long *)left, *(const long long *)right);
}

size_t plot_span_batches(struct plot_span span, long long **batches) {
    long long *list = tool_allocate(span.count, sizeof *list);
    size_t count = 0;
    for (size_t i = 0; i < span.count; i++) {
        list[i] = span.items[i]->n;
    }
    qsort(list, span.count, sizeof *list, compare_batches);
    for (size_t i = 0; i < span.count; i++) {
        if (count == 0 || list[i] != list[count - 1]) {
            list[count++] = list[i];
        }
    }
    *batches = list;
    return count;
}

static size_t count_threads(struct plot_span span, long long threads) {
    size_t count = 0;
    for (size_t i = 0; i < span.count; i++) {
        count += span.items[i]->threads == threads;
    }
    return count;
}

int plot_compare_threads(struct plot_span span, long long a, long long b) {
    int order =
        compare_numbers((long long)count_threads(span, b), (long long)count_threads(span, a));
    return order != 0 ? order : compare_numbers(a, b);
}

bool plot_fastest(const struct plot_view *view, struct plot_span span, size_t *implementation) {
    for (size_t i = 0; i < view->implementation_count; i++) {
        if (view->implementations[i].kind == PLOT_KIND_NORMA && plot_span_has(span, i)) {
            *implementation = i;
            return true;
        }
    }
    return false;
}

/* ---- labels -------------------------------------------------------------------------------- */

char *plot_operator_label(const struct plot_measurement *measurement) {
    const char *const usual[] = {norma_dtype_name(NORMA_DTYPE_F32),
                                 norma_layout_name(NORMA_LAYOUT_NCS), "hot"};
    const char *const actual[] = {measurement->dtype, measurement->layout, measurement->cache};
    struct tool_stream label;
    tool_stream_open(&label);
    fprintf(label.stream, "%s %s", measurement->op, measurement->pass);
    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++) {
        if (strcmp(usual[i], actual[i]) != 0) {
            fprintf(label.stream, ", %s", actual[i]);
        }
    }
    return tool_stream_close(&label);
}

static bool has_other_variant(struct plot_span shapes, const struct plot_measurement *measurement) {
    for (size_t i = 0; i < shapes.count; i++) {
        const struct plot_measurement *other = shapes.items[i];
        if (strcmp(other->layer, measurement->layer) == 0 &&
            strcmp(other->variant, measurement->variant) != 0) {
            return true;
        }
    }
    return false;
}

char *plot_layer_label(struct plot_span shapes, const struct plot_measurement *measurement) {
    if (!has_other_variant(shapes, measurement)) {
        return tool_text("%s", measurement->layer);
    }
    return tool_text("%s %s", measurement->layer,
                     *measurement->variant == '\0' ? "(default)" : measurement->variant);
}

char *plot_case_label(const struct plot_measurement *measurement) {
    return tool_text("%s%s%s n=%lld", measurement->shapes, *measurement->shapes == '\0' ? "" : " ",
                     measurement->layer, measurement->n);
}

const char *plot_shapes_label(const struct plot_measurement *measurement) {
    return *measurement->shapes == '\0' ? "other shapes" : measurement->shapes;
}
