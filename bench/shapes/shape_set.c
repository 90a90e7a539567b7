/* Shape sets: reads one layer a line.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/shapes/shape_set.h"
#include "bench/shapes/shape_files.h"
#include "verify/harness/tool/tool.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Larger numbers count as mistakes. Within these limits, C times S fits into 64 bits. */
static const int64_t largest_number = 1 << 28;
static const int64_t largest_sample = (int64_t)1 << 40;

struct scanner {
    const struct tool_lines *lines;
    const char *at;
    bool for_operator[NORMA_OPERATOR_COUNT]; /* those of the shapes to come */
    struct tool_message *error;
};

static void skip_blanks(struct scanner *scanner) {
    while (isspace((unsigned char)*scanner->at)) {
        scanner->at++;
    }
}

static bool expected(const struct scanner *scanner, const char *what) {
    return tool_lines_expected(scanner->lines, scanner->at, what, scanner->error);
}

static bool skip_word(struct scanner *scanner, const char *word) {
    size_t length = strlen(word);
    if (strncmp(scanner->at, word, length) != 0) {
        return false;
    }
    scanner->at += length;
    return true;
}

static bool scan_number(struct scanner *scanner, const char *what, int64_t *number) {
    if (!isdigit((unsigned char)*scanner->at)) {
        return expected(scanner, what);
    }
    const char *start = scanner->at;
    for (*number = 0; isdigit((unsigned char)*scanner->at); scanner->at++) {
        *number = 10 * *number + (*scanner->at - '0');
        if (*number > largest_number) {
            scanner->at = start;
            return expected(scanner, "a number of at most 268435456");
        }
    }
    if (*number == 0) {
        scanner->at = start;
        return expected(scanner, "a number above 0");
    }
    return true;
}

static bool scan_micro_batches(struct scanner *scanner, struct bench_shape *shape) {
    if (!skip_word(scanner, "mb")) {
        return true;
    }
    do {
        if (shape->micro_batch_count == BENCH_MICRO_BATCHES) {
            return expected(scanner, "at most 16 micro-batches");
        }
        if (!scan_number(scanner, "a micro-batch",
                         &shape->micro_batches[shape->micro_batch_count])) {
            return false;
        }
        shape->micro_batch_count++;
    } while (skip_word(scanner, ","));
    if (!isspace((unsigned char)*scanner->at)) {
        return expected(scanner, "',' or a blank after the micro-batches");
    }
    skip_blanks(scanner);
    return true;
}

static bool scan_spatial(struct scanner *scanner, struct bench_shape *shape) {
    if (!skip_word(scanner, "@")) {
        return true;
    }
    do {
        if (shape->spatial_rank == NORMA_MAX_SPATIAL) {
            return expected(scanner, "at most 3 spatial sizes");
        }
        if (!scan_number(scanner, "a spatial size", &shape->spatial[shape->spatial_rank])) {
            return false;
        }
        shape->spatial_rank++;
    } while (skip_word(scanner, "x"));
    return true;
}

static bool scan_count(struct scanner *scanner, struct bench_shape *shape) {
    skip_blanks(scanner);
    if (skip_word(scanner, "*")) {
        return scan_number(scanner, "how often the layer occurs", &shape->count);
    }
    return true;
}

static bool is_sample_possible(const struct bench_shape *shape) {
    int64_t elements = shape->channels;
    for (int i = 0; i < shape->spatial_rank; i++) {
        if (elements > largest_sample / shape->spatial[i]) {
            return false;
        }
        elements *= shape->spatial[i];
    }
    return true;
}

static bool scan_shape(struct scanner *scanner, struct bench_shape_set *set) {
    struct bench_shape shape = {.count = 1};
    const char *start = scanner->at;
    if (!scan_micro_batches(scanner, &shape) ||
        !scan_number(scanner, "'operators', 'mb' or a number of channels", &shape.channels) ||
        !scan_spatial(scanner, &shape) || !scan_count(scanner, &shape)) {
        return false;
    }
    skip_blanks(scanner);
    if (*scanner->at) {
        return expected(scanner, shape.spatial_rank ? "'x', '*' or the end of the line"
                                                    : "'@', '*' or the end of the line");
    }
    if (!is_sample_possible(&shape)) {
        scanner->at = start;
        return expected(scanner, "at most 2^40 elements a sample");
    }
    bench_layer_print(shape.channels, shape.spatial_rank, shape.spatial, shape.layer);
    memcpy(shape.for_operator, scanner->for_operator, sizeof shape.for_operator);
    set->shapes = tool_grow(set->shapes, set->count, sizeof set->shapes[0]);
    set->shapes[set->count++] = shape;
    return true;
}

static bool scan_operator(struct scanner *scanner) {
    size_t length = strcspn(scanner->at, ", \t");
    for (int op = 0; op < NORMA_OPERATOR_COUNT; op++) {
        const char *name = norma_operator_name((norma_operator)op);
        if (strlen(name) == length && strncmp(scanner->at, name, length) == 0) {
            scanner->for_operator[op] = true;
            scanner->at += length;
            return true;
        }
    }
    return expected(scanner, "the name of an operator");
}

/* Scans the rest of a line that begins with "operators". */
static bool scan_operators(struct scanner *scanner) {
    memset(scanner->for_operator, 0, sizeof scanner->for_operator);
    do {
        skip_blanks(scanner);
        if (!scan_operator(scanner)) {
            return false;
        }
    } while (skip_word(scanner, ","));
    skip_blanks(scanner);
    return !*scanner->at || expected(scanner, "',' or the end of the line");
}

static bool scan_line(struct scanner *scanner, struct bench_shape_set *set) {
    skip_blanks(scanner);
    if (skip_word(scanner, "operators")) {
        return scan_operators(scanner);
    }
    return scan_shape(scanner, set);
}

static bool read_lines(struct tool_lines *lines, struct bench_shape_set *set,
                       struct tool_message *error) {
    struct scanner scanner = {.lines = lines, .error = error};
    for (int op = 0; op < NORMA_OPERATOR_COUNT; op++) {
        scanner.for_operator[op] = true;
    }
    int got;
    while ((got = tool_lines_next(lines, error)) == 1) {
        scanner.at = lines->text;
        if (!scan_line(&scanner, set)) {
            return false;
        }
    }
    if (got == 0 && set->count == 0) {
        return tool_fail(error, "%s: expected layers such as '64@56x56 *6', found none",
                         lines->name);
    }
    return got == 0;
}

bool bench_shape_set_read(const char *name, struct bench_shape_set *set,
                          struct tool_message *error) {
    struct tool_lines lines;
    *set = (struct bench_shape_set){0};
    char *path = bench_shape_file_find(name, error);
    if (!path || !tool_lines_open(&lines, path, error)) {
        free(path);
        return false;
    }
    set->name = bench_shape_file_set_name(path);
    bool read = read_lines(&lines, set, error);
    tool_lines_close(&lines);
    free(path);
    if (!read) {
        bench_shape_set_free(set);
    }
    return read;
}

void bench_shape_set_free(struct bench_shape_set *set) {
    free(set->name);
    free(set->shapes);
    *set = (struct bench_shape_set){0};
}

void bench_layer_print(int64_t channels, int spatial_rank, const int64_t *spatial,
                       char layer[BENCH_LAYER_TEXT]) {
    int length = snprintf(layer, BENCH_LAYER_TEXT, "%lld", (long long)channels);
    for (int i = 0; i < spatial_rank; i++) {
        length += snprintf(layer + length, BENCH_LAYER_TEXT - (size_t)length, "%c%lld",
                           i == 0 ? '@' : 'x', (long long)spatial[i]);
    }
}
