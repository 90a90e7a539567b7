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

static bool is_device(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 && !S_ISREG(status.st_mode);
}

/* Returns the file that a link leads to, so that the link stays; else a copy of the path. */
static char *resolve(const char *path) {
    char *resolved = realpath(path, NULL);
    return resolved ? resolved : tool_copy_text(path);
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

/* Creates a file beside `path`, with the rights that `path` has or would get. Returns its name,
 * which the caller frees; NULL on failure. */
static char *open_beside(const char *path, FILE **file) {
    static const char suffix[] = ".XXXXXX";
    char *name = tool_allocate(strlen(path) + sizeof suffix, 1);
    strcat(strcpy(name, path), suffix);
    const int descriptor = mkstemp(name);
    *file = descriptor >= 0 ? fdopen(descriptor, "w") : NULL;
    if (!*file) {
        free(name);
        return NULL;
    }
    struct stat status;
    const mode_t mask = umask(0);
    umask(mask);
    fchmod(descriptor, stat(path, &status) == 0 ? status.st_mode & 0777 : 0666 & ~mask);
    return name;
}

/* Returns false, with errno, for what cannot be written, such as a folder. */
static bool can_open(const char *path) {
    FILE *file = fopen(path, "w");
    if (file) {
        fclose(file);
    }
    return file != NULL;
}

bool bench_replace_prepare(const char *path, struct tool_message *error) {
    if (is_device(path)) {
        return can_open(path) || fail(path, error);
    }
    char *resolved = resolve(path);
    FILE *file = NULL;
    char *beside = make_folders(resolved) ? open_beside(resolved, &file) : NULL;
    if (beside) {
        fclose(file);
        unlink(beside);
    } else {
        fail(path, error);
    }
    free(resolved);
    free(beside);
    return file != NULL;
}

/* Writes the text and closes the file. With `sync`, all of it is on the disk on success. */
static bool write_out(FILE *file, const char *text, bool sync) {
    const bool written =
        fputs(text, file) >= 0 && fflush(file) == 0 && (!sync || fsync(fileno(file)) == 0);
    const int reason = errno;
    const bool closed = fclose(file) == 0;
    errno = written ? errno : reason;
    return written && closed;
}

static bool write_device(const char *path, const char *text) {
    FILE *file = fopen(path, "w");
    return file && write_out(file, text, false);
}

static bool replace(const char *path, const char *text) {
    FILE *file;
    char *beside = open_beside(path, &file);
    if (!beside) {
        return false;
    }
    const bool replaced = write_out(file, text, true) && rename(beside, path) == 0;
    const int reason = errno;
    if (!replaced) {
        unlink(beside);
    }
    free(beside);
    errno = reason;
    return replaced;
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
    char *resolved = resolve(path);
    *kept = free_name(resolved);
    const bool renamed = rename(resolved, *kept) == 0 ||
                         tool_fail(error, "cannot rename %.300s: %s", resolved, strerror(errno));
    free(resolved);
    if (!renamed) {
        free(*kept);
        *kept = NULL;
    }
    return renamed;
}

bool bench_replace_file(const char *path, const char *text, struct tool_message *error) {
    if (is_device(path)) {
        return write_device(path, text) || fail(path, error);
    }
    char *resolved = resolve(path);
    const bool replaced = replace(resolved, text) || fail(path, error);
    free(resolved);
    return replaced;
}
