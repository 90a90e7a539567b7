/* Repeats building and measuring whenever a source file changes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _POSIX_C_SOURCE 200809L
#include "bench/run/rebuild.h"
#include "bench/measure/measure.h"
#include "verify/harness/tool/tool.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* The command by which the documentation builds a plug-in; $0 is the folder of norma_set.h, and $@
 * the result and the files. */
static const char compile[] = "exec ${CC:-cc} -O3 -march=native -ffp-contract=off -fPIC -shared "
                              "-I \"$0\" \"$@\" -lm";

/* ---- files ---------------------------------------------------------------------------------- */

/* Some editors rewrite a file and others replace it; one of these members changes either way. */
struct stamp {
    struct timespec modified;
    ino_t inode;
    off_t size;
};

/* Returns false if there is no such file at the moment. */
static bool read_stamp(const char *path, struct stamp *stamp) {
    struct stat status;
    if (stat(path, &status) != 0) {
        return false;
    }
    *stamp = (struct stamp){status.st_mtim, status.st_ino, status.st_size};
    return true;
}

static bool is_same(const struct stamp *a, const struct stamp *b) {
    return a->modified.tv_sec == b->modified.tv_sec && a->modified.tv_nsec == b->modified.tv_nsec &&
           a->inode == b->inode && a->size == b->size;
}

/* Returns whether all files exist and any has changed; if so, notes their new stamps. */
static bool note_change(const struct tool_list *files, struct stamp *stamps) {
    bool changed = false;
    for (size_t i = 0; i < files->count; i++) {
        struct stamp now;
        if (!read_stamp(files->items[i], &now)) {
            return false;
        }
        changed = changed || !is_same(&now, &stamps[i]);
    }
    for (size_t i = 0; i < files->count && changed; i++) {
        read_stamp(files->items[i], &stamps[i]);
    }
    return changed;
}

static void pause_for(long milliseconds) {
    const struct timespec duration = {.tv_nsec = milliseconds * 1000000};
    nanosleep(&duration, NULL);
}

/* Returns false if it was interrupted. */
static bool wait_for_change(const struct tool_list *files, struct stamp *stamps) {
    while (!tool_interrupted()) {
        if (note_change(files, stamps)) {
            return true;
        }
        pause_for(200);
    }
    return false;
}

/* ---- building ------------------------------------------------------------------------------- */

static bool is_source(const char *path) {
    const size_t length = strlen(path);
    return length > 2 && strcmp(path + length - 2, ".c") == 0;
}

/* Returns the folder of the headers, of the build or installed; the caller must free it. */
static char *include_folder(void) {
    char *built = tool_beside_program("include");
    if (built && access(built, R_OK) == 0) {
        return built;
    }
    free(built);
    char *installed = tool_beside_program(BENCH_INCLUDE_INSTALLED);
    return installed ? installed : tool_copy_text(".");
}

/* Replaces this process by the build. Its output goes to standard error, as it is not a result. */
static _Noreturn void become_build(const struct bench_rebuild *rebuild) {
    char **arguments = tool_allocate(rebuild->files->count + 7, sizeof *arguments);
    size_t count = 0;
    const char *const begin[] = {"sh", "-c", compile, include_folder(), "-o", rebuild->result};
    dup2(STDERR_FILENO, STDOUT_FILENO);
    if (rebuild->build) {
        execl("/bin/sh", "sh", "-c", rebuild->build, (char *)NULL);
    }
    for (; count < sizeof begin / sizeof *begin; count++) {
        arguments[count] = tool_copy_text(begin[count]);
    }
    for (size_t i = 0; i < rebuild->files->count; i++) {
        if (is_source(rebuild->files->items[i])) {
            arguments[count++] = rebuild->files->items[i];
        }
    }
    arguments[count] = NULL;
    if (!rebuild->build) {
        execv("/bin/sh", arguments);
    }
    _exit(127);
}

/* Waits for the build. When this process is interrupted, it ends the build, which a signal sent to
 * this process alone would not reach. */
static int wait_for_build(pid_t build) {
    int status = 0;
    while (waitpid(build, &status, WNOHANG) == 0) {
        if (tool_interrupted()) {
            kill(build, SIGTERM);
        }
        pause_for(20);
    }
    return status;
}

static bool build(const struct bench_rebuild *rebuild) {
    const double started = bench_now();
    const pid_t child = fork();
    if (child == 0) {
        become_build(rebuild);
    }
    const int status = child > 0 ? wait_for_build(child) : 1;
    if (tool_interrupted()) {
        return false;
    }
    if (child < 0 || status != 0) {
        tool_say("the build failed; waiting for the next change");
        return false;
    }
    tool_say("built %s in %.1f s", rebuild->result, bench_now() - started);
    return true;
}

/* ---- rounds --------------------------------------------------------------------------------- */

static void play(const struct bench_rebuild *rebuild) {
    int status = 0;
    fflush(NULL);
    const pid_t child = fork();
    if (child == 0) {
        exit(rebuild->round(rebuild->context));
    }
    if (child < 0) {
        tool_say("cannot start a process");
        return;
    }
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (!tool_interrupted()) {
        tool_say("waiting for the next change; Ctrl-C ends");
    }
}

static bool are_all_there(const struct tool_list *files) {
    struct stamp stamp;
    for (size_t i = 0; i < files->count; i++) {
        if (!read_stamp(files->items[i], &stamp)) {
            tool_say("--watch %s: %s", files->items[i], strerror(errno));
            return false;
        }
    }
    return true;
}

int bench_rebuild_run(const struct bench_rebuild *rebuild) {
    if (!are_all_there(rebuild->files)) {
        return TOOL_EXIT_USAGE;
    }
    struct stamp *stamps = tool_allocate(rebuild->files->count, sizeof *stamps);
    tool_interrupt_watch(TOOL_GRACE);
    while (wait_for_change(rebuild->files, stamps)) {
        if (build(rebuild)) {
            play(rebuild);
        }
    }
    free(stamps);
    return TOOL_EXIT_SIGNAL + tool_interrupted();
}
