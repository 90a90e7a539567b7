/* SPDX-License-Identifier: Apache-2.0 */
#define _XOPEN_SOURCE 700
#include "verify/harness/tool/outputs.h"
#include "verify/harness/tool/first_bytes.h"
#include "verify/harness/tool/memory.h"

#include <ctype.h>
#include <errno.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- files in use ---------------------------------------------------------------------------- */

/* A file that the program reads or writes. Its names are of no use, as it may have many. */
struct used_file {
    dev_t device;
    ino_t inode;
    const char *as; /* "an input" */
};

static struct used_file *used;
static size_t used_count;

static void note(const struct stat *status, const char *as) {
    used = tool_grow(used, used_count, sizeof *used);
    used[used_count++] = (struct used_file){status->st_dev, status->st_ino, as};
}

/* Returns what a file is used as; NULL: it is not used. */
static const char *use_of(const struct stat *status) {
    for (size_t i = 0; i < used_count; i++) {
        if (used[i].device == status->st_dev && used[i].inode == status->st_ino) {
            return used[i].as;
        }
    }
    return NULL;
}

static bool is_standard(const char *path) {
    return strcmp(path, "-") == 0;
}

FILE *tool_input_open(const char *path) {
    struct stat status;
    FILE *file = is_standard(path) ? stdin : fopen(path, "r");
    if (file && fstat(fileno(file), &status) == 0 && S_ISREG(status.st_mode)) {
        note(&status, "an input");
    }
    return file;
}

void tool_input_note(const char *path) {
    struct stat status;
    if (stat(path, &status) == 0 && S_ISREG(status.st_mode)) {
        note(&status, "an input");
    }
}

/* ---- what may be written --------------------------------------------------------------------- */

static bool fail(const char *path, struct tool_message *error) {
    return tool_fail(error, "cannot write %.300s: %s", path, strerror(errno));
}

static bool refuse(const char *path, const char *what, struct tool_message *error) {
    return tool_fail(error, "cannot write %.300s: it is %s; name another output", path, what);
}

/* Returns the status of an output. Returns false if there is no such file yet. */
static bool find(const char *path, struct stat *status) {
    return is_standard(path) ? fstat(STDOUT_FILENO, status) == 0 : stat(path, status) == 0;
}

/* Returns the standard stream that a file is already; -1: none. */
static int stream_of(const struct stat *status) {
    for (int stream = STDOUT_FILENO; stream <= STDERR_FILENO; stream++) {
        struct stat open;
        if (fstat(stream, &open) == 0 && open.st_dev == status->st_dev &&
            open.st_ino == status->st_ino) {
            return stream;
        }
    }
    return -1;
}

/* Checks whether an output is no file that could be replaced as a whole. */
static bool is_stream(const char *path) {
    struct stat status;
    return find(path, &status) && (!S_ISREG(status.st_mode) || stream_of(&status) >= 0);
}

int tool_output_stream(const char *path) {
    struct stat status;
    return find(path, &status) ? stream_of(&status) : -1;
}

/* Returns what follows a word and blanks; NULL: the text is NULL or does not begin with them. */
static const char *skip(const char *text, const char *word) {
    const size_t length = strlen(word);
    if (!text || strncmp(text, word, length) != 0) {
        return NULL;
    }
    return text + length + strspn(text + length, " \t\r\n");
}

/* Checks whether a text begins with a record of norma-bench, whose lines all begin with their type.
 * Blanks and empty lines are allowed wherever readers allow them, as other programs write them. A
 * digest is a record of norma-verify, which makes it again in seconds. */
static bool is_record(const char *text) {
    const char *type = skip(skip(skip(skip(text, ""), "{"), "\"type\""), ":");
    return type && *type == '"' && !skip(type, "\"digest\"");
}

enum { BEGINNING = 256 };

/* Reads the beginning of a file, from its first byte that is not blank on. */
static void read_beginning(FILE *file, long from, char text[BEGINNING]) {
    int byte;
    fseek(file, from, SEEK_SET);
    do {
        byte = getc(file);
    } while (isspace(byte));
    ungetc(byte, file);
    text[fread(text, 1, BEGINNING - 1, file)] = '\0';
}

/* Returns what is known of measurements in a file, "holds measurements"; NULL: it has none, or
 * cannot be read. A compressed file counts, as that is how results are kept. */
static const char *measurements_in(const char *path) {
    char text[BEGINNING];
    FILE *file = fopen(path, "r");
    if (!file) {
        return NULL;
    }
    const size_t length = fread(text, 1, sizeof text, file);
    const bool compressed = tool_decompressor(text, length) != NULL;
    read_beginning(file, (long)tool_mark_length(text, length), text);
    fclose(file);
    return compressed        ? "is compressed and may hold measurements"
           : is_record(text) ? "holds measurements"
                             : NULL;
}

/* Checks whether the folder of the file that a path leads to can be written. */
static bool can_add_beside(const char *path) {
    char *target = realpath(path, NULL);
    char *name = target ? target : tool_copy_text(path);
    char *folder = tool_text("%s/.", dirname(name)); /* a file is none */
    const bool can = access(folder, W_OK) == 0;
    const int reason = errno;
    free(folder);
    free(name);
    errno = reason;
    return can;
}

bool tool_output_check_append(const char *path, struct tool_message *error) {
    struct stat status;
    if (!find(path, &status)) {
        return true; /* what keeps it from being made shows when it is opened */
    }
    if (use_of(&status)) {
        return refuse(path, use_of(&status), error);
    }
    if (S_ISDIR(status.st_mode)) {
        errno = EISDIR;
        return fail(path, error);
    }
    return stream_of(&status) >= 0 || access(path, W_OK) == 0 || fail(path, error);
}

bool tool_output_check(const char *path, struct tool_message *error) {
    if (!tool_output_check_append(path, error)) {
        return false;
    }
    const char *found = is_stream(path) ? NULL : measurements_in(path);
    return !found ||
           tool_fail(error, "cannot write %.300s: it %s; remove it first, or name another output",
                     path, found);
}

bool tool_output_check_move(const char *path, struct tool_message *error) {
    if (!tool_output_check(path, error)) {
        return false;
    }
    return is_stream(path) || can_add_beside(path) || fail(path, error);
}

/* ---- opening --------------------------------------------------------------------------------- */

/* Opens a path for writing: a standard stream under another descriptor, if it is one. */
static FILE *open_through(const char *path) {
    const int stream = tool_output_stream(path);
    if (stream < 0) {
        return fopen(path, "w");
    }
    const int copy = dup(stream);
    return copy >= 0 ? fdopen(copy, "w") : NULL;
}

FILE *tool_output_open(const char *path, struct tool_message *error) {
    struct stat status;
    if (!tool_output_check(path, error)) {
        return NULL;
    }
    FILE *file = open_through(path);
    if (!file) {
        fail(path, error);
    } else if (fstat(fileno(file), &status) == 0 && S_ISREG(status.st_mode)) {
        note(&status, "an output already");
    }
    return file;
}

/* ---- moving ---------------------------------------------------------------------------------- */

/* Brings a file to the disk, so that it survives a crash that follows its renaming. Only files can
 * be, streams cannot. */
static bool sync_file(FILE *file) {
    return fsync(fileno(file)) == 0 || errno == EINVAL || errno == EROFS;
}

/* Closes a file and returns whether all of it was written; errno is that of the first failure. */
static bool close_written(FILE *file) {
    const bool written = fflush(file) == 0 && !ferror(file) && sync_file(file);
    const int reason = errno;
    const bool closed = fclose(file) == 0;
    errno = written ? errno : reason;
    return written && closed;
}

/* Copies a file into an open one, which it closes. */
static bool copy_into(const char *from, FILE *to) {
    FILE *file = to ? fopen(from, "r") : NULL;
    char block[65536];
    for (size_t length; file && (length = fread(block, 1, sizeof block, file)) > 0;) {
        fwrite(block, 1, length, to);
    }
    const bool read = file && !ferror(file);
    if (file) {
        fclose(file);
    }
    return to && close_written(to) && read;
}

/* Returns the file that links lead to, which is made if the last leads nowhere, so that the link
 * stays; a copy of a path that does not exist. The caller frees it. */
static char *follow(const char *path) {
    struct stat status;
    if (lstat(path, &status) == 0 && S_ISLNK(status.st_mode)) {
        FILE *made = fopen(path, "a");
        if (made) {
            fclose(made);
        }
    }
    char *target = realpath(path, NULL);
    return target ? target : tool_copy_text(path);
}

/* Moves a file to another file system, to which rename cannot. The copy gets a name of its own
 * beside the target first. */
static bool move_across(const char *from, const char *target, mode_t mode) {
    char *beside = tool_text("%s.XXXXXX", target);
    const int descriptor = mkstemp(beside);
    const bool made = descriptor >= 0 && fchmod(descriptor, mode) == 0 &&
                      copy_into(from, fdopen(descriptor, "w"));
    const bool moved = made && rename(beside, target) == 0;
    const int reason = errno;
    if (descriptor >= 0 && !moved) {
        unlink(beside);
    }
    free(beside);
    errno = reason;
    return moved;
}

static bool move(const char *from, const char *target) {
    struct stat status;
    if (stat(stat(target, &status) == 0 ? target : from, &status) != 0) {
        return false;
    }
    const mode_t mode = status.st_mode & 0777;
    return (chmod(from, mode) == 0 && rename(from, target) == 0) ||
           (errno == EXDEV && move_across(from, target, mode));
}

bool tool_output_move(const char *from, const char *path, struct tool_message *error) {
    if (!tool_output_check(path, error)) {
        return false;
    }
    if (is_stream(path)) {
        return copy_into(from, open_through(path)) || fail(path, error);
    }
    char *target = follow(path);
    const bool moved = move(from, target) || fail(path, error);
    free(target);
    return moved;
}
