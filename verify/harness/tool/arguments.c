/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "verify/harness/tool/arguments.h"
#include "verify/harness/tool/memory.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Reads digits alone: strtoull would take blanks and signs as well. *end is after them. */
static bool read_digits(const char *text, uint64_t *value, char **end) {
    if (!isdigit((unsigned char)text[0])) {
        return false;
    }
    errno = 0;
    *value = strtoull(text, end, 10);
    return errno == 0;
}

bool tool_read_integer(const char *text, int64_t low, int64_t high, int64_t *value) {
    uint64_t number;
    char *end;
    if (!read_digits(text, &number, &end) || *end || number > INT64_MAX || (int64_t)number < low ||
        (int64_t)number > high) {
        return false;
    }
    *value = (int64_t)number;
    return true;
}

bool tool_read_seed(const char *text, uint64_t *value) {
    uint64_t number;
    char *end;
    if (!read_digits(text, &number, &end) || *end) {
        return false;
    }
    *value = number;
    return true;
}

bool tool_read_seconds(const char *text, double *value) {
    char *end;
    double number = strtod(text, &end);
    if (end == text || *end || !isfinite(number) || number <= 0) {
        return false;
    }
    *value = number;
    return true;
}

bool tool_read_size(const char *text, uint64_t *value) {
    static const char units[] = "KMGT";
    uint64_t number;
    char *end;
    if (!read_digits(text, &number, &end)) {
        return false;
    }
    unsigned shift = 0;
    const char *unit = *end ? strchr(units, toupper((unsigned char)*end)) : NULL;
    if (unit) {
        shift = 10 * (unsigned)(unit - units + 1);
        end++;
    }
    if (*end || number == 0 || number > UINT64_MAX >> shift) {
        return false;
    }
    *value = number << shift;
    return true;
}

bool tool_read_shard(const char *text, size_t *index, size_t *of) {
    uint64_t first, second;
    char *end;
    if (!read_digits(text, &first, &end) || *end != '/' || !read_digits(end + 1, &second, &end) ||
        *end || first == 0 || first > second || second > SIZE_MAX) {
        return false;
    }
    *index = (size_t)first;
    *of = (size_t)second;
    return true;
}

void tool_list_add(struct tool_list *list, const char *item) {
    list->items = tool_grow(list->items, list->count, sizeof list->items[0]);
    list->items[list->count++] = tool_copy_text(item);
}

void tool_list_split(struct tool_list *list, const char *text) {
    tool_list_free(list);
    char *copy = tool_copy_text(text);
    char *rest = copy;
    char *comma;
    while ((comma = strchr(rest, ','))) {
        *comma = '\0';
        tool_list_add(list, rest);
        rest = comma + 1;
    }
    tool_list_add(list, rest);
    free(copy);
}

bool tool_list_has(const struct tool_list *list, const char *item) {
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->items[i], item) == 0) {
            return true;
        }
    }
    return false;
}

void tool_list_free(struct tool_list *list) {
    for (size_t i = 0; i < list->count; i++) {
        free(list->items[i]);
    }
    free(list->items);
    *list = (struct tool_list){NULL, 0};
}

static bool has_number(const int *numbers, size_t count, int64_t number) {
    for (size_t i = 0; i < count; i++) {
        if (numbers[i] == number) {
            return true;
        }
    }
    return false;
}

bool tool_read_threads(const char *text, int threads[TOOL_THREAD_COUNTS], size_t *count) {
    struct tool_list items = {NULL, 0};
    tool_list_split(&items, text);
    bool read = items.count <= TOOL_THREAD_COUNTS;
    *count = 0;
    for (size_t i = 0; i < items.count && read; i++) {
        int64_t number;
        read = tool_read_integer(items.items[i], 1, TOOL_THREADS_MOST, &number);
        if (read && !has_number(threads, *count, number)) {
            threads[(*count)++] = (int)number;
        }
    }
    tool_list_free(&items);
    return read;
}
