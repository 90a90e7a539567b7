/* SPDX-License-Identifier: Apache-2.0 */
#define _DEFAULT_SOURCE
#include "bench/results/sole_writer.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { TRIES = 50, NANOSECONDS_BETWEEN_TRIES = 20000000 };

enum lock { LOCKED, TAKEN, CANNOT_LOCK };

static enum lock try_lock(int file) {
    if (flock(file, LOCK_EX | LOCK_NB) == 0) {
        return LOCKED;
    }
    return errno == EWOULDBLOCK || errno == EINTR ? TAKEN : CANNOT_LOCK;
}

static enum lock lock(int file) {
    const struct timespec pause = {0, NANOSECONDS_BETWEEN_TRIES};
    enum lock got = try_lock(file);
    for (int i = 1; i < TRIES && got == TAKEN && !tool_interrupted(); i++) {
        nanosleep(&pause, NULL);
        got = try_lock(file);
    }
    return got;
}

static bool is_regular(int file) {
    struct stat status;
    return fstat(file, &status) == 0 && S_ISREG(status.st_mode);
}

/* Returns whether the path still leads to the file, which may have been renamed or removed before
 * it was locked. */
static bool is_at(int file, const char *path) {
    struct stat opened, named;
    return fstat(file, &opened) == 0 && stat(path, &named) == 0 && opened.st_dev == named.st_dev &&
           opened.st_ino == named.st_ino;
}

static int fail_open(const char *path, struct tool_message *error) {
    tool_fail(error, "cannot write %.300s: %s", path, strerror(errno));
    return -1;
}

static int fail_taken(const char *path, struct tool_message *error) {
    tool_fail(error, "another process writes %.300s: wait for its end, or name another file", path);
    return -1;
}

/* Locks an opened file. Returns false if another process has locked it. */
static bool is_sole_writer(int file, const char *path) {
    const enum lock got = is_regular(file) ? lock(file) : LOCKED;
    if (got == CANNOT_LOCK) {
        tool_say("warning: %s cannot be locked (%s): no other run may write it at the same time",
                 path, strerror(errno));
    }
    return got != TAKEN;
}

int bench_open_as_sole_writer(const char *path, struct tool_message *error) {
    for (int i = 0; i < TRIES; i++) {
        const int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
        if (file < 0) {
            return fail_open(path, error);
        }
        const bool sole = is_sole_writer(file, path);
        if (sole && is_at(file, path)) {
            return file;
        }
        close(file);
        if (!sole) {
            break;
        }
    }
    return fail_taken(path, error);
}
