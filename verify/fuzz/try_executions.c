/* Makes trials of norma's execution. `try_executions COUNT SEED` makes so many random ones, from
 * number SEED on; `try_executions FILE...` makes those of files, such as libFuzzer's. Trials run in
 * a process of their own. The first that fails is made simpler, as long as it fails, and written to
 * a file; its story and the command that repeats it are printed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _POSIX_C_SOURCE 200809L
#include "verify/fuzz/trial/trial.h"
#include "verify/harness/tool/tool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* A trial, and making one simpler, take no longer than so many seconds. */
enum { MOST_BYTES = 4096, RANDOM_BYTES = 400, SECONDS = 60 };

/* An input of a trial. */
struct input {
    uint8_t bytes[MOST_BYTES];
    size_t size;
};

/* What the process that makes trials shares with the one that waits for it. */
struct shared {
    struct input input; /* of the trial that runs */
    unsigned long long number;
    time_t deadline; /* of making it simpler */
    char story[FUZZ_STORY];
};

/* Takes what a quiet worker writes to standard error. */
static FILE *messages;

/* The trials that a worker makes. */
struct work {
    struct shared *shared;
    unsigned long long first, count; /* random ones; 0: that of shared->input */
    bool quiet;
};

static void make_random(unsigned long long number, struct input *input) {
    uint64_t state = number;
    input->size = RANDOM_BYTES;
    for (size_t i = 0; i < input->size; i++) {
        input->bytes[i] = (uint8_t)tool_random_below(&state, 256);
    }
}

/* Runs in the worker. Each trial has its own limit of time. */
static void work(void *context, int pipe) {
    const struct work *work = context;
    struct shared *shared = work->shared;
    (void)pipe;
    if (work->quiet) {
        dup2(fileno(messages), STDERR_FILENO);
    }
    for (unsigned long long i = 0; i < work->count || (i == 0 && work->count == 0); i++) {
        if (work->count > 0) {
            shared->number = work->first + i;
            make_random(shared->number, &shared->input);
        }
        alarm(SECONDS);
        fuzz_trial(shared->input.bytes, shared->input.size, shared->story);
    }
}

/* Makes the trials in another process. Returns false if one of them failed. */
static bool holds(const struct work *trials, struct tool_ending *ending) {
    struct work copy = *trials;
    const struct tool_job job = {.work = work, .context = &copy};
    if (!tool_worker_run(&job, ending)) {
        fprintf(stderr, "try_executions: no more processes\n");
        exit(2);
    }
    return ending->finished && ending->status == 0;
}

/* ---- failures ----------------------------------------------------------------------------- */

/* Replaces the input by another if that fails as well, and if there is time to try it. */
static bool replace(struct shared *shared, struct input *failing, const struct input *other) {
    struct tool_ending ending;
    shared->input = *other;
    if (time(NULL) > shared->deadline ||
        holds(&(struct work){.shared = shared, .quiet = true}, &ending)) {
        return false;
    }
    *failing = *other;
    return true;
}

/* Cuts off as much of the end as possible. */
static void shorten(struct shared *shared, struct input *failing) {
    for (size_t step = failing->size / 2; step > 0; step /= 2) {
        struct input other = *failing;
        while (other.size > step) {
            other.size -= step;
            if (!replace(shared, failing, &other)) {
                break;
            }
        }
    }
}

/* Sets as many bytes as possible to 0, which stands for the simplest choice. */
static void simplify(struct shared *shared, struct input *failing) {
    for (size_t i = 0; i < failing->size; i++) {
        struct input other = *failing;
        other.bytes[i] = 0;
        if (failing->bytes[i] != 0) {
            replace(shared, failing, &other);
        }
    }
}

static void write_input(const char *path, const struct input *input) {
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(input->bytes, 1, input->size, file) != input->size || fclose(file) != 0) {
        fprintf(stderr, "try_executions: cannot write %s\n", path);
        exit(2);
    }
}

/* Prints the last messages of a worker: what a sanitizer found, as a trial need not fail twice. */
static void print_messages(void) {
    char text[4096];
    const off_t size = lseek(fileno(messages), 0, SEEK_END);
    const off_t start = size > (off_t)sizeof text ? size - (off_t)sizeof text : 0;
    const ssize_t length = pread(fileno(messages), text, sizeof text, start);
    if (length > 0) {
        fprintf(stderr, "%.*s\n", (int)length, text);
    }
}

/* Makes the trial that failed simpler, and repeats it with all that sanitizers have to say. */
static void report(struct shared *shared, const char *program, const char *path) {
    struct input failing = shared->input;
    struct tool_ending ending;
    char text[128];
    fprintf(stderr, "a trial failed:\n%s\n", shared->story);
    print_messages();
    shared->deadline = time(NULL) + SECONDS;
    shorten(shared, &failing);
    simplify(shared, &failing);
    shorten(shared, &failing);
    write_input(path, &failing);
    shared->input = failing;
    fprintf(stderr, "made as simple as possible:\n");
    holds(&(struct work){.shared = shared}, &ending);
    tool_ending_print(&ending, text, sizeof text);
    fprintf(stderr, "%s\n%s\nrepeat with: %s %s\n", shared->story, text, program, path);
}

/* ---- programs ----------------------------------------------------------------------------- */

static int try_random(struct shared *shared, const char *program, unsigned long long count,
                      unsigned long long seed) {
    struct tool_ending ending;
    if (!holds(&(struct work){.shared = shared, .first = seed, .count = count, .quiet = true},
               &ending)) {
        char path[64];
        snprintf(path, sizeof path, "execution.failed-%llu", shared->number);
        report(shared, program, path);
        return 1;
    }
    printf("%llu executions, all as promised\n", count);
    return 0;
}

static void read_input(const char *path, struct input *input) {
    FILE *file = fopen(path, "rb");
    if (!file) {
        fprintf(stderr, "try_executions: cannot read %s\n", path);
        exit(2);
    }
    input->size = fread(input->bytes, 1, MOST_BYTES, file);
    fclose(file);
}

static int try_files(struct shared *shared, int count, char **paths) {
    int failed = 0;
    for (int i = 0; i < count; i++) {
        struct tool_ending ending;
        read_input(paths[i], &shared->input);
        const bool right = holds(&(struct work){.shared = shared}, &ending);
        printf("%s: %s\n%s\n", paths[i], right ? "as promised" : "failed", shared->story);
        failed += !right;
    }
    return failed > 0;
}

int main(int argc, char **argv) {
    struct shared *shared = tool_worker_memory(sizeof *shared);
    char *end = NULL;
    const unsigned long long count = argc > 1 ? strtoull(argv[1], &end, 10) : 0;
    messages = tmpfile();
    if (!messages) {
        fprintf(stderr, "try_executions: cannot make a temporary file\n");
        return 2;
    }
    if (!shared || argc < 2) {
        fprintf(stderr, "Usage: try_executions COUNT SEED\n       try_executions FILE...\n");
        return 2;
    }
    return count > 0 && argc == 3 && *end == '\0'
               ? try_random(shared, argv[0], count, strtoull(argv[2], NULL, 10))
               : try_files(shared, argc - 1, argv + 1);
}
