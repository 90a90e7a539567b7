/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#define _XOPEN_SOURCE   700 /* mkdtemp */
#include "plots/draw/stage.h"

#include "plots/read/read.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *output_folder;
static char *stage_folder; /* NULL: there is none */

/* ---- signals ------------------------------------------------------------------------------- */

void plot_signals_obey(void) {
    const int caught = tool_interrupted();
    if (caught == 0) {
        return;
    }
    plot_stage_remove();
    tool_say("interrupted; nothing was changed");
    signal(caught, SIG_DFL);
    raise(caught);
}

/* ---- folders ------------------------------------------------------------------------------- */

static _Noreturn void fail_output(const char *what, const char *path) {
    tool_die(TOOL_EXIT_USAGE, "cannot %s %s: %s; choose another place with -o or make room", what,
             path, strerror(errno));
}

static void make_folder(const char *path) {
    struct stat status;
    if (mkdir(path, 0777) != 0 && (errno != EEXIST || stat(path, &status) != 0)) {
        fail_output("make the folder", path);
    }
}

static void make_folders(const char *folder) {
    char *path = tool_text("%s", folder);
    for (char *slash = path + 1; *path != '\0' && (slash = strchr(slash, '/')) != NULL; slash++) {
        *slash = '\0';
        make_folder(path);
        *slash = '/';
    }
    make_folder(path);
    free(path);
}

void plot_stage_open(const char *folder) {
    signal(SIGXFSZ, SIG_IGN); /* a file size limit then is a write error, which has a message */
    make_folders(folder);
    output_folder = tool_text("%s", folder);
    char *stage = tool_text("%s/.norma-plot-XXXXXX", folder);
    if (mkdtemp(stage) == NULL) {
        fail_output("write into", folder);
    }
    stage_folder = stage;
    atexit(plot_stage_remove);
}

static void empty_stage(void) {
    DIR *folder = opendir(stage_folder);
    if (folder == NULL) {
        return;
    }
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            char *path = plot_stage_path(entry->d_name);
            unlink(path);
            free(path);
        }
    }
    closedir(folder);
}

void plot_stage_remove(void) {
    if (stage_folder != NULL) {
        empty_stage();
        rmdir(stage_folder);
        free(stage_folder);
        stage_folder = NULL;
    }
    free(output_folder);
    output_folder = NULL;
}

char *plot_stage_path(const char *name) {
    return tool_text("%s/%s", stage_folder, name);
}

char *plot_stage_target(const char *name) {
    return tool_text("%s/%s", output_folder, name);
}

/* ---- files --------------------------------------------------------------------------------- */

FILE *plot_stage_create(const char *name) {
    char *path = plot_stage_path(name);
    FILE *file = fopen(path, "w");
    if (file == NULL) {
        fail_output("write", path);
    }
    free(path);
    return file;
}

void plot_stage_close(FILE *file, const char *name) {
    bool failed = fflush(file) != 0 || ferror(file);
    int reason = errno;
    if (fclose(file) != 0 || failed) {
        errno = failed ? reason : errno;
        char *target = plot_stage_target(name);
        fail_output("write", target);
    }
}

static FILE *open_for_reading(const char *path) {
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        fail_output("read back", path);
    }
    return file;
}

static void copy_stream(FILE *from, FILE *to) {
    char block[65536];
    for (size_t length; (length = fread(block, 1, sizeof block, from)) > 0;) {
        fwrite(block, 1, length, to);
    }
}

char *plot_stage_read(const char *name) {
    char *path = plot_stage_path(name);
    FILE *file = open_for_reading(path);
    struct tool_stream memory;
    tool_stream_open(&memory);
    copy_stream(file, memory.stream);
    fclose(file);
    free(path);
    return tool_stream_close(&memory);
}

static _Noreturn void refuse(const struct tool_message *error) {
    plot_signals_obey(); /* which may be what ended a write into a pipe */
    tool_die(TOOL_EXIT_USAGE, "%s", error->text);
}

void plot_stage_check(const char *target) {
    struct tool_message error;
    if (!tool_output_check(target, &error)) {
        refuse(&error);
    }
}

void plot_stage_publish(const char *name, const char *target) {
    struct tool_message error;
    char *path = plot_stage_path(name);
    if (!tool_output_move(path, target, &error)) {
        refuse(&error);
    }
    free(path);
}
