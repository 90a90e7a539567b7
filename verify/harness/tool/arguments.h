/* Reads the values of options: numbers, sizes, shards, comma-separated lists.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_HARNESS_TOOL_ARGUMENTS_H
#define VERIFY_HARNESS_TOOL_ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TOOL_THREADS_MOST = 4096, TOOL_THREAD_COUNTS = 32 };

/* Read one number, and return false if text is anything else; then *value stays as it is. */
bool tool_read_integer(const char *text, int64_t low, int64_t high, int64_t *value);
bool tool_read_seed(const char *text, uint64_t *value);
bool tool_read_seconds(const char *text, double *value); /* above 0 */
bool tool_read_size(const char *text, uint64_t *value);  /* "800M", "4G", "123456" */

/* Reads "2/8", the second of eight parts. Returns false if text is anything else. */
bool tool_read_shard(const char *text, size_t *index, size_t *of);

/* Reads "1,2,4": each number once, in their order. Returns false if text is anything else. */
bool tool_read_threads(const char *text, int threads[TOOL_THREAD_COUNTS], size_t *count);

struct tool_list {
    char **items;
    size_t count;
};

void tool_list_add(struct tool_list *list, const char *item);

/* Replaces the list by the items between the commas of text. */
void tool_list_split(struct tool_list *list, const char *text);
bool tool_list_has(const struct tool_list *list, const char *item);
void tool_list_free(struct tool_list *list);

#endif
