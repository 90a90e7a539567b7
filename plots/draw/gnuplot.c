/* Runs gnuplot once for each picture, in the stage, so that scripts name files without paths.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _POSIX_C_SOURCE 200809L
#include "plots/draw/gnuplot.h"

#include "plots/draw/stage.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NOT_FOUND = 127 }; /* exit status of a child that found no gnuplot, as in a shell */

static const char log_name[] = "gnuplot.log";

/* Turns the child into gnuplot. With -d, a gnuplotrc of the user cannot change the pictures. */
static _Noreturn void become_gnuplot(const char *folder, const char *argument) {
    int null = open("/dev/null", O_RDONLY);
    if (chdir(folder) != 0 || null < 0) {
        _exit(NOT_FOUND - 1);
    }
    int log = open(log_name, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (log < 0 || dup2(null, 0) < 0 || dup2(log, 1) < 0 || dup2(log, 2) < 0) {
        _exit(NOT_FOUND - 1);
    }
    execlp("gnuplot", "gnuplot", "-d", argument, (char *)NULL);
    _exit(errno == ENOENT || errno == EACCES ? NOT_FOUND : NOT_FOUND - 1);
}

/* Waits for the child, and ends it if a signal comes that was sent to this process alone. */
static int wait_for(pid_t child) {
    int status;
    while (waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) {
            tool_die(TOOL_EXIT_MISSING, "cannot wait for gnuplot: %s", strerror(errno));
        }
        if (tool_interrupted()) {
            kill(child, SIGTERM);
        }
    }
    return status;
}

/* Runs `gnuplot -d argument` in the stage, with its output in gnuplot.log. Returns the status of
 * waitpid. */
static int run_gnuplot(const char *argument) {
    char *folder = plot_stage_path(".");
    pid_t child = fork();
    if (child == 0) {
        become_gnuplot(folder, argument);
    }
    if (child < 0) {
        tool_die(TOOL_EXIT_MISSING, "cannot start gnuplot: %s", strerror(errno));
    }
    free(folder);
    int status = wait_for(child);
    plot_signals_obey();
    return status;
}

void plot_gnuplot_require(void) {
    int status = run_gnuplot("--version");
    if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_FOUND) {
        tool_die(TOOL_EXIT_MISSING,
                 "gnuplot was not found on PATH; install it: apt-get install gnuplot-nox (Debian, "
                 "Ubuntu), dnf install gnuplot (Fedora), brew install gnuplot (macOS)");
    }
}

/* ---- scripts ------------------------------------------------------------------------------- */

/* Writes the commands of one format. A PNG has twice the pixels, for dense screens, and everything
 * in it is twice as large. */
static void write_format(FILE *script, const struct plot_picture *picture, bool png) {
    if (png) {
        fprintf(script,
                "set terminal pngcairo noenhanced size %d,%d font 'sans,9' fontscale 2 "
                "linewidth 2 pointscale 2 background '#ffffff'\n",
                2 * picture->width, 2 * picture->height);
    } else {
        fprintf(script,
                "set terminal svg noenhanced size %d,%d font 'sans-serif,12' "
                "background '#ffffff'\n",
                picture->width, picture->height);
    }
    fprintf(script, "set output '%s.%s'\nset multiplot\n%sunset multiplot\nset output\nreset\n",
            picture->name, png ? "png" : "svg", picture->commands);
}

bool plot_gnuplot_has_png(void) {
    static const char name[] = "terminal.gp";
    FILE *script = plot_stage_create(name);
    fputs("set terminal pngcairo\n", script);
    plot_stage_close(script, name);
    const int status = run_gnuplot(name);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void write_script(const struct plot_picture *picture, const char *name, bool png) {
    FILE *script = plot_stage_create(name);
    fprintf(script, "set encoding utf8\n%s", picture->data);
    write_format(script, picture, false);
    if (png) {
        write_format(script, picture, true);
    }
    plot_stage_close(script, name);
}

static _Noreturn void fail_drawing(const char *script) {
    char *log = plot_stage_read(log_name);
    char *target = plot_stage_target(script);
    plot_stage_publish(script, target);
    tool_die(TOOL_EXIT_MISSING, "gnuplot failed:\n%sThe script is kept: see `gnuplot %s`",
             *log == '\0' ? "(it said nothing)\n" : log, target);
}

/* Checks that the file has its end, as gnuplot succeeds even if it could not write its output. */
static bool is_complete(const struct plot_picture *picture, const char *ending) {
    bool png = strcmp(ending, "png") == 0;
    const char *mark = png ? "IEND" : "</svg>";
    char *name = tool_text("%s.%s", picture->name, ending);
    char *path = plot_stage_path(name);
    char tail[17] = "";
    FILE *file = fopen(path, "r");
    bool complete = false;
    if (file && fseek(file, -16, SEEK_END) == 0 && fread(tail, 1, 16, file) == 16) {
        for (size_t i = 0; i + strlen(mark) <= 16; i++) {
            complete = complete || memcmp(tail + i, mark, strlen(mark)) == 0;
        }
    }
    if (file) {
        fclose(file);
    }
    free(path);
    free(name);
    return complete;
}

static void require_complete(const struct plot_picture *picture, const char *ending) {
    if (!is_complete(picture, ending)) {
        char *target = plot_stage_target(picture->name);
        tool_die(TOOL_EXIT_USAGE,
                 "gnuplot did not write all of %s.%s: is the disk full? Choose another place with "
                 "-o or make room",
                 target, ending);
    }
}

void plot_gnuplot_draw(const struct plot_picture *picture, bool png) {
    char *script = tool_text("%s.gp", picture->name);
    write_script(picture, script, png);
    int status = run_gnuplot(script);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        fail_drawing(script);
    }
    require_complete(picture, "svg");
    if (png) {
        require_complete(picture, "png");
    }
    free(script);
}
