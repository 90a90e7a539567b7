/* Reads the values of options: numbers, sizes, shards, comma-separated lists.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_HARNESS_TOOL_ARGUMENTS_H
#define VERIFY_HARNESS_TOOL_ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TOOL_THREADS_MOST = 4096 };

/* All return false where text is not wholly what is asked for, and then leave *value alone. */
bool tool_read_integer(const char *text, int64_t low, int64_t high, int64_t *value);
bool tool_read_seed(const char *text, uint64_t *value);
bool tool_read_seconds(const char *text, double *value);           /* above 0 */
bool tool_read_size(const char *text, uint64_t *value);            /* "800M", "4G", "123456" */
bool tool_read_shard(const char *text, size_t *index, size_t *of); /* "2/8": the second of 8 */

/* Says what --option should have been; false. */
bool tool_wrong_value(const char *option, const char *value, const char *expected);

/* The values of options that several commands have. False, and said why: it is none. */
bool tool_take_time(const char *text, double *seconds);
bool tool_take_thread_count(const char *text, int *threads);
bool tool_take_seed(const char *text, uint64_t *seed);
bool tool_take_max_memory(const char *text, uint64_t *bytes);

enum { TOOL_THREAD_COUNTS = 32 };

/* "1,2,4": each once, in their order. */
bool tool_take_threads(const char *text, int threads[TOOL_THREAD_COUNTS], size_t *count);

struct tool_list {
    char **items;
    size_t count;
};

void tool_list_add(struct tool_list *list, const char *item);
/* Makes it what stands between the commas: an option that is given again replaces its list. */
void tool_list_split(struct tool_list *list, const char *text);
bool tool_list_has(const struct tool_list *list, const char *item);
void tool_list_free(struct tool_list *list);

#endif
