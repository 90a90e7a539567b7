/* SPDX-License-Identifier: Apache-2.0 */
#include "plots/read/plot_implementations.h"

#include "verify/harness/tool/tool.h"

#include <stdlib.h>
#include <string.h>

enum { KEY = 32 }; /* bytes of the longest key of a library */

/* ---- kinds and styles ----------------------------------------------------------------------- */

/* Norma's sets have cool colours and filled points, peers warm colours and open points, from
 * palettes that the colour-blind can tell apart. They are shown in this order. The kinds are for
 * records that lack them, as they were written before there was that field. */
static const struct plot_implementation known[] = {
    {"avx512", PLOT_KIND_NORMA, {"#0072b2", "#4aa8e0", 7}},
    {"avx2", PLOT_KIND_NORMA, {"#009e73", "#2fc79b", 5}},
    {"neon", PLOT_KIND_NORMA, {"#0072b2", "#4aa8e0", 7}},
    {"portable", PLOT_KIND_NORMA, {"#6a51a3", "#a894dd", 9}},
    {"reference", PLOT_KIND_DEFINITION, {"#555555", "#b5b5b5", 3}},
    {"naive", PLOT_KIND_DEFINITION, {"#333333", "#8c8c8c", 11}},
    {"onednn", PLOT_KIND_PEER, {"#d55e00", "#ff8f3f", 6}},
    {"onednn-composed", PLOT_KIND_PEER, {"#8c510a", "#d9a066", 8}},
    {"onednn-nhwc", PLOT_KIND_PEER, {"#b8860b", "#e6b93d", 4}},
    {"onednn-blocked", PLOT_KIND_PEER, {"#c2387d", "#f07ab5", 12}},
    {"copy", PLOT_KIND_CEILING, {"#777777", "#999999", 1}},
    {"copy-stream", PLOT_KIND_CEILING, {"#777777", "#999999", 2}},
    {"add", PLOT_KIND_CEILING, {"#777777", "#999999", 1}},
    {"add-stream", PLOT_KIND_CEILING, {"#777777", "#999999", 2}},
};
enum { KNOWN = sizeof known / sizeof *known };

/* The styles of other implementations, which get them in order of name. Those of peers are warm. */
enum { SPARE = 6 };
static const struct plot_style spare_cool[SPARE] = {
    {"#56b4e9", "#8fd0f7", 13}, {"#2d6a4f", "#74c69d", 11}, {"#3d405b", "#a9adc9", 15},
    {"#00848c", "#3fc1c9", 8},  {"#5b8e00", "#a3d139", 10}, {"#8d6bd1", "#bfa6f2", 14},
};
static const struct plot_style spare_warm[SPARE] = {
    {"#a50026", "#ff6b6b", 10}, {"#cc6677", "#f4a3b0", 14}, {"#882255", "#cf86ae", 4},
    {"#d6604d", "#ff9e8a", 6},  {"#e08214", "#ffc078", 8},  {"#5c1a1b", "#c98a8b", 12},
};

/* Returns KNOWN for a name that is not known. */
static size_t known_index(const char *name) {
    size_t i = 0;
    while (i < KNOWN && strcmp(known[i].name, name) != 0) {
        i++;
    }
    return i;
}

/* A record without a kind has a known name, or that of a set of norma's. */
static enum plot_kind kind_of(const struct plot_measurement *measurement) {
    const size_t index = known_index(measurement->implementation);
    if (measurement->kind != PLOT_KIND_NOT_RECORDED) {
        return measurement->kind;
    }
    return index < KNOWN ? known[index].kind : PLOT_KIND_NORMA;
}

static void assign_styles(struct plot_implementation *list, size_t count) {
    size_t warm = 0, cool = 0;
    for (size_t i = 0; i < count; i++) {
        const size_t index = known_index(list[i].name);
        if (index < KNOWN) {
            list[i].style = known[index].style;
        } else if (list[i].kind == PLOT_KIND_PEER) {
            list[i].style = spare_warm[warm++ % SPARE];
        } else {
            list[i].style = spare_cool[cool++ % SPARE];
        }
    }
}

/* ---- the list ------------------------------------------------------------------------------- */

static int compare_implementations(const void *left, const void *right) {
    const struct plot_implementation *a = left, *b = right;
    const size_t place = known_index(a->name), other = known_index(b->name);
    if (a->kind != b->kind) {
        return a->kind < b->kind ? -1 : 1;
    }
    return place != other ? (place < other ? -1 : 1) : strcmp(a->name, b->name);
}

static bool is_listed(const struct plot_implementation *list, size_t count, const char *name) {
    for (size_t i = 0; i < count; i++) {
        if (strcmp(list[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

size_t plot_implementations(const struct plot_results *results, struct plot_implementation **list) {
    struct plot_implementation *found = tool_allocate(1, sizeof *found);
    size_t count = 0;
    for (size_t i = 0; i < results->measurement_count; i++) {
        const struct plot_measurement *measurement = &results->measurements[i];
        if (!is_listed(found, count, measurement->implementation)) {
            found = tool_grow(found, count, sizeof *found);
            found[count++] = (struct plot_implementation){.name = measurement->implementation,
                                                          .kind = kind_of(measurement)};
        }
    }
    qsort(found, count, sizeof *found, compare_implementations);
    assign_styles(found, count);
    *list = found;
    return count;
}

/* ---- libraries ------------------------------------------------------------------------------ */

/* The names of libraries. A library that is not listed is called by its key. */
static const struct { const char *key, *name; } libraries[] = {{"onednn", "oneDNN"}};
enum { LIBRARIES = sizeof libraries / sizeof *libraries };

static const char *library_name(const char *key) {
    for (size_t i = 0; i < LIBRARIES; i++) {
        if (strcmp(libraries[i].key, key) == 0) {
            return libraries[i].name;
        }
    }
    return key;
}

/* Returns the library of a peer, whose implementations are called by the library's key, alone or
 * with "-" and more behind it. */
static const char *library_of(const struct plot_implementation *peer, char key[KEY]) {
    snprintf(key, KEY, "%.*s", (int)strcspn(peer->name, "-"), peer->name);
    return library_name(key);
}

bool plot_is_own_layout(const struct plot_implementation *implementation) {
    return implementation->kind == PLOT_KIND_PEER && !strchr(implementation->name, '-');
}

/* Returns a library that norma was built with, from the machine records; NULL: none is known. */
static const char *built_with(const struct plot_results *results) {
    for (size_t r = 0; r < results->run_count; r++) {
        const json_t *record = json_object_get(results->runs[r].machine, "libraries");
        for (size_t i = 0; i < LIBRARIES; i++) {
            if (json_object_get(record, libraries[i].key)) {
                return libraries[i].name;
            }
        }
    }
    return NULL;
}

char *plot_peer_libraries(const struct plot_results *results,
                          const struct plot_implementation *list, size_t count) {
    struct tool_stream names;
    char key[KEY], before[KEY] = "";
    tool_stream_open(&names);
    for (size_t i = 0; i < count; i++) {
        if (list[i].kind == PLOT_KIND_PEER && strcmp(library_of(&list[i], key), before) != 0) {
            fprintf(names.stream, "%s%s", *before == '\0' ? "" : " or ", library_of(&list[i], key));
            snprintf(before, sizeof before, "%s", library_of(&list[i], key));
        }
    }
    if (*before == '\0') {
        const char *library = built_with(results);
        fputs(library ? library : "another library", names.stream);
    }
    return tool_stream_close(&names);
}
