/* Sorting, and walking what is sorted.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE /* strverscmp: resnet50 before resnet110 */
#include "plots/read/view.h"

#include "verify/harness/tool/tool.h"

#include <stdlib.h>
#include <string.h>

/* ---- implementations ----------------------------------------------------------------------- */

/* Norma's sets in cool colours and filled points, oneDNN in warm ones and open points, all from
 * palettes that the colour-blind can tell apart. Order: as shown. */
static const struct plot_implementation_entry known[] = {
    {"avx512", PLOT_KIND_OURS, {"#0072b2", "#4aa8e0", 7}},
    {"avx2", PLOT_KIND_OURS, {"#009e73", "#2fc79b", 5}},
    {"neon", PLOT_KIND_OURS, {"#0072b2", "#4aa8e0", 7}},
    {"portable", PLOT_KIND_OURS, {"#6a51a3", "#a894dd", 9}},
    {"reference", PLOT_KIND_OTHER, {"#555555", "#b5b5b5", 3}},
    {"onednn", PLOT_KIND_ONEDNN, {"#d55e00", "#ff8f3f", 6}},
    {"onednn-composed", PLOT_KIND_ONEDNN, {"#8c510a", "#d9a066", 8}},
    {"onednn-nhwc", PLOT_KIND_ONEDNN, {"#b8860b", "#e6b93d", 4}},
    {"onednn-blocked", PLOT_KIND_ONEDNN, {"#c2387d", "#f07ab5", 12}},
    {"copy", PLOT_KIND_CEILING, {"#777777", "#999999", 1}},
    {"copy-stream", PLOT_KIND_CEILING, {"#777777", "#999999", 2}},
    {"add", PLOT_KIND_CEILING, {"#777777", "#999999", 1}},
    {"add-stream", PLOT_KIND_CEILING, {"#777777", "#999999", 2}},
};
enum { KNOWN = sizeof known / sizeof known[0] };

/* For sets that the list does not know (highway-*, the user's own): given out in order of name. */
static const struct plot_style spare[] = {
    {"#56b4e9", "#8fd0f7", 13}, {"#2d6a4f", "#74c69d", 11}, {"#3d405b", "#a9adc9", 15},
    {"#00848c", "#3fc1c9", 8},  {"#5b8e00", "#a3d139", 10}, {"#8d6bd1", "#bfa6f2", 14},
};
enum { SPARE = sizeof spare / sizeof spare[0] };

static size_t known_index(const char *name) {
    size_t i = 0;
    while (i < KNOWN && strcmp(known[i].name, name) != 0) {
        i++;
    }
    return i;
}

static enum plot_kind kind_of(const char *name) {
    size_t index = known_index(name);
    if (index < KNOWN) {
        return known[index].kind;
    }
    if (strncmp(name, "copy", 4) == 0 || strncmp(name, "add", 3) == 0) {
        return PLOT_KIND_CEILING;
    }
    return strncmp(name, "onednn", 6) == 0 ? PLOT_KIND_ONEDNN : PLOT_KIND_OURS;
}

static int compare_numbers(long long left, long long right) {
    return (left > right) - (left < right);
}

static int compare_implementations(const void *left, const void *right) {
    const struct plot_implementation_entry *a = left, *b = right;
    int order = compare_numbers(a->kind, b->kind);
    if (order == 0) {
        order = compare_numbers((long long)known_index(a->name), (long long)known_index(b->name));
    }
    return order == 0 ? strcmp(a->name, b->name) : order;
}

static size_t find_implementation(const struct plot_view *view, const char *name) {
    size_t i = 0;
    while (i < view->implementation_count && strcmp(view->implementations[i].name, name) != 0) {
        i++;
    }
    return i;
}

static void add_implementation(struct plot_view *view, const char *name) {
    if (find_implementation(view, name) < view->implementation_count) {
        return;
    }
    view->implementations =
        tool_grow(view->implementations, view->implementation_count, sizeof *view->implementations);
    view->implementations[view->implementation_count++] =
        (struct plot_implementation_entry){.name = name, .kind = kind_of(name)};
}

static void assign_styles(struct plot_view *view) {
    size_t spares = 0;
    for (size_t i = 0; i < view->implementation_count; i++) {
        struct plot_implementation_entry *entry = &view->implementations[i];
        size_t index = known_index(entry->name);
        entry->style = index < KNOWN ? known[index].style : spare[spares++ % SPARE];
    }
}

static void collect_implementations(struct plot_view *view) {
    const struct plot_results *results = view->results;
    for (size_t i = 0; i < results->measurement_count; i++) {
        add_implementation(view, results->measurements[i].implementation);
    }
    if (view->implementation_count > 0) {
        qsort(view->implementations, view->implementation_count, sizeof *view->implementations,
              compare_implementations);
    }
    assign_styles(view);
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
    return strstr(measurement->pass, "bwd") != NULL;
}

/* ---- order --------------------------------------------------------------------------------- */

/* The place of a name in a list that ends with NULL; unknown names come after all known ones. */
static long long place(const char *const *list, const char *name) {
    long long i = 0;
    while (list[i] && strcmp(list[i], name) != 0) {
        i++;
    }
    return i;
}

static int compare_places(const char *const *list, const char *left, const char *right) {
    int order = compare_numbers(place(list, left), place(list, right));
    return order == 0 ? strcmp(left, right) : order;
}

int plot_compare_operators(const struct plot_measurement *a, const struct plot_measurement *b) {
    static const char *const operators[] = {"bn", "in", "cin", "bin",  "adain",
                                            "gn", "ln", "rms", "unit", NULL};
    static const char *const passes[] = {"fwd", "inf", "bwd", "inf_bwd", NULL};
    static const char *const dtypes[] = {"f32", NULL};
    static const char *const layouts[] = {"ncs", NULL};
    static const char *const caches[] = {"hot", NULL};
    int order = compare_places(operators, a->op, b->op);
    order = order != 0 ? order : compare_places(passes, a->pass, b->pass);
    order = order != 0 ? order : compare_places(dtypes, a->dtype, b->dtype);
    order = order != 0 ? order : compare_places(layouts, a->layout, b->layout);
    return order != 0 ? order : compare_places(caches, a->cache, b->cache);
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

/* Machine, problem, threads, cache, implementation: what one measurement is of, in whatever shape
 * sets it is shown. Newest last. */
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
    collect_implementations(view);
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
        if (view->implementations[i].kind == PLOT_KIND_OURS && plot_span_has(span, i)) {
            *implementation = i;
            return true;
        }
    }
    return false;
}

/* ---- labels -------------------------------------------------------------------------------- */

char *plot_operator_label(const struct plot_measurement *measurement) {
    const char *const usual[] = {"f32", "ncs", "hot"};
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

char *plot_threads_label(const struct plot_measurement *measurement) {
    return tool_text("%lld thread%s", measurement->threads, measurement->threads == 1 ? "" : "s");
}

const char *plot_shapes_label(const struct plot_measurement *measurement) {
    return *measurement->shapes == '\0' ? "other shapes" : measurement->shapes;
}
