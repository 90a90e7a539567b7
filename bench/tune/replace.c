/* SPDX-License-Identifier: Apache-2.0 */
#define _XOPEN_SOURCE 700
#include "bench/tune/replace.h"
#include "verify/harness/tool/tool.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool fail(const char *path, struct tool_message *error) {
    return tool_fail(error, "cannot write %.300s: %s", path, strerror(errno));
}

static bool make_folders(const char *path) {
    char *folder = tool_copy_text(path);
    bool made = true;
    for (char *slash = strchr(folder + 1, '/'); slash && made; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        made = mkdir(folder, 0777) == 0 || errno == EEXIST;
        *slash = '/';
    }
    free(folder);
    return made;
}

bool bench_replace_prepare(const char *path, struct tool_message *error) {
    return (make_folders(path) || fail(path, error)) && tool_output_check_move(path, error);
}

/* Gives an open file the rights that a new one would have, which mkstemp does not. */
static void give_usual_rights(int descriptor) {
    const mode_t mask = umask(0);
    umask(mask);
    fchmod(descriptor, 0666 & ~mask);
}

/* Creates a file in the folder of temporary files. Returns its name, which the caller frees. */
static char *open_draft(FILE **file) {
    const char *folder = getenv("TMPDIR");
    char *name = tool_text("%s/norma-profile.XXXXXX", folder && *folder ? folder : "/tmp");
    const int descriptor = mkstemp(name);
    *file = descriptor >= 0 ? fdopen(descriptor, "w") : NULL;
    if (*file) {
        give_usual_rights(descriptor);
    }
    return name;
}

/* Writes the text and closes the file. On success all of it is on the disk. */
static bool write_out(FILE *file, const char *text) {
    const bool written = fputs(text, file) >= 0 && fflush(file) == 0 && fsync(fileno(file)) == 0;
    const int reason = errno;
    const bool closed = fclose(file) == 0;
    errno = written ? errno : reason;
    return written && closed;
}

/* Returns a name beside `path` that no file has. */
static char *free_name(const char *path) {
    const size_t size = strlen(path) + sizeof ".broken.2147483647";
    char *name = tool_allocate(size, 1);
    struct stat status;
    snprintf(name, size, "%s.broken", path);
    for (int i = 2; lstat(name, &status) == 0 && i < INT_MAX; i++) {
        snprintf(name, size, "%s.broken.%d", path, i);
    }
    return name;
}

bool bench_replace_set_aside(const char *path, char **kept, struct tool_message *error) {
    char *target = realpath(path, NULL);
    const char *name = target ? target : path;
    *kept = free_name(name);
    const bool renamed = rename(name, *kept) == 0 ||
                         tool_fail(error, "cannot rename %.300s: %s", name, strerror(errno));
    free(target);
    if (!renamed) {
        free(*kept);
        *kept = NULL;
    }
    return renamed;
}

bool bench_replace_file(const char *path, const char *text, struct tool_message *error) {
    FILE *file;
    char *draft = open_draft(&file);
    const bool written = (file && write_out(file, text)) || fail(draft, error);
    const bool moved = written && tool_output_move(draft, path, error);
    if (file) {
        unlink(draft); /* is still there where it was copied */
    }
    free(draft);
    return moved;
}
