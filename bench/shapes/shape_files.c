/* Finds the files of shape sets.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _POSIX_C_SOURCE 200809L
#include "bench/shapes/shape_files.h"
#include "verify/harness/tool/tool.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char suffix[] = ".txt";

enum { FOLDER_COUNT = 3 };

struct folders {
    char *paths[FOLDER_COUNT]; /* in the order of search; NULL: there is no such folder */
};

static char *join(const char *folder, const char *name, const char *ending) {
    const size_t size = strlen(folder) + strlen(name) + strlen(ending) + 1;
    char *path = tool_allocate(size, 1);
    snprintf(path, size, "%s%s%s", folder, name, ending);
    return path;
}

/* Returns the folders. No path of the build or of the installation is compiled in, as both may be
 * moved. */
static struct folders list_folders(void) {
    const char *own = getenv("NORMA_SHAPES");
    return (struct folders){{
        own ? tool_copy_text(own) : NULL,
        tool_beside_program("shapes"),
        tool_beside_program(BENCH_SHAPES_INSTALLED),
    }};
}

static void free_folders(struct folders *folders) {
    for (int i = 0; i < FOLDER_COUNT; i++) {
        free(folders->paths[i]);
    }
}

/* Returns the path of a set in a folder; NULL if it is not there. */
static char *find_in(const char *folder, const char *name) {
    char *start = join(folder, "/", "");
    char *path = join(start, name, suffix);
    free(start);
    if (access(path, F_OK) == 0) {
        return path;
    }
    free(path);
    return NULL;
}

char *bench_shape_file_find(const char *name, struct tool_message *error) {
    if (strcmp(name, "-") == 0 || strpbrk(name, "/.")) {
        return tool_copy_text(name);
    }
    struct folders folders = list_folders();
    char *path = NULL;
    for (int i = 0; i < FOLDER_COUNT && *name && !path; i++) {
        path = folders.paths[i] ? find_in(folders.paths[i], name) : NULL;
    }
    free_folders(&folders);
    if (path) {
        return path;
    }
    char names[300];
    bench_shape_file_names(names, sizeof names);
    tool_fail(error, "there is no shape set '%s'; there are: %s; or give the path of a file", name,
              names[0] ? names : "none");
    return NULL;
}

char *bench_shape_file_set_name(const char *path) {
    if (strcmp(path, "-") == 0) {
        return tool_copy_text("stdin");
    }
    const char *slash = strrchr(path, '/');
    char *name = tool_copy_text(slash ? slash + 1 : path);
    size_t length = strlen(name);
    if (length >= sizeof suffix && strcmp(name + length - (sizeof suffix - 1), suffix) == 0) {
        name[length - (sizeof suffix - 1)] = '\0';
    }
    return name;
}

static void add_folder(struct tool_list *names, const char *folder) {
    DIR *stream = folder ? opendir(folder) : NULL;
    if (!stream) {
        return;
    }
    const struct dirent *entry;
    while ((entry = readdir(stream))) {
        const char *end = strstr(entry->d_name, suffix);
        char *name = bench_shape_file_set_name(entry->d_name);
        if (end && strcmp(end, suffix) == 0 && !tool_list_has(names, name)) {
            tool_list_add(names, name);
        }
        free(name);
    }
    closedir(stream);
}

static int compare(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

void bench_shape_file_names(char *text, size_t size) {
    struct tool_list names = {NULL, 0};
    struct folders folders = list_folders();
    for (int i = 0; i < FOLDER_COUNT; i++) {
        add_folder(&names, folders.paths[i]);
    }
    free_folders(&folders);
    if (names.count > 0) {
        qsort(names.items, names.count, sizeof names.items[0], compare);
    }
    text[0] = '\0';
    for (size_t i = 0, used = 0; i < names.count && used < size; i++) {
        used += (size_t)snprintf(text + used, size - used, "%s%s", i ? " " : "", names.items[i]);
    }
    tool_list_free(&names);
}
