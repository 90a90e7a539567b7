/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "bench/machine/machine.h"
#include "bench/measure/measure.h"
#include "bench/tune/replace.h"
#include "bench/tune/search.h"
#include "bench/tune/tune_options.h"
#include "verify/harness/harness.h"
#include "verify/harness/tool/tool.h"
#include <norma_tools.h>

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct tune {
    struct bench_tune_options options;
    char path[NORMA_PROFILE_PATH]; /* "-": standard output */
    struct bench_cpu_binding places;
    struct bench_search search;
    struct norma_tuning best[NORMA_SIZE_CLASS_COUNT];
    bool found[NORMA_SIZE_CLASS_COUNT];
};

/* ---- the file ------------------------------------------------------------------------------- */

static bool choose_path(struct tune *tune, struct tool_message *error) {
    const char *given = tune->options.output;
    const size_t length = given ? (size_t)snprintf(tune->path, sizeof tune->path, "%s", given)
                                : norma_profile_path(tune->path, sizeof tune->path);
    if (length == 0) {
        return tool_fail(
            error, "there is no place for the profile, as HOME is not set: name a file with -o");
    }
    return length < sizeof tune->path ||
           tool_fail(error, "%.60s...: the name is too long", tune->path);
}

static bool is_stdout(const struct tune *tune) {
    return tool_output_stream(tune->path) == STDOUT_FILENO;
}

static bool is_file(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

/* Checks that there is no file, an empty one, or a profile. */
static bool is_free_to_replace(const char *path) {
    static const char header[] = "norma-profile";
    char start[sizeof header] = "";
    FILE *file = is_file(path) ? fopen(path, "r") : NULL;
    const size_t length = file ? fread(start, 1, sizeof header - 1, file) : 0;
    if (file) {
        fclose(file);
    }
    return length == 0 || strcmp(start, header) == 0;
}

/* A file that -o names may be anything, and stays if it is no profile. That at the place of the
 * user's profile is meant as one: where it is broken, it is set aside. */
static bool check_output(const struct tune *tune, struct tool_message *error) {
    if (is_stdout(tune)) {
        return true;
    }
    if (tune->options.output && !is_free_to_replace(tune->path)) {
        return tool_fail(error,
                         "%.300s: is there and is not a profile; name another file, or move it "
                         "away",
                         tune->path);
    }
    return bench_replace_prepare(tune->path, error);
}

static bool is_empty(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 && status.st_size == 0;
}

/* Returns the profile that is there, so that it keeps the sections of other sets, or an empty one.
 * Sets *broken if there is one that cannot be read, which may have been edited by hand. */
static struct norma_profile *read_existing(const struct tune *tune, bool *broken) {
    struct norma_profile *profile = NULL;
    char message[1024];
    *broken = !is_stdout(tune) && is_file(tune->path) && !is_empty(tune->path) &&
              norma_profile_load(tune->path, &profile, message, sizeof message) != NORMA_STATUS_OK;
    if (*broken) {
        tool_say("%s", message);
    }
    return profile ? profile : norma_profile_create();
}

static bool set_aside(const struct tune *tune, struct tool_message *error) {
    char *kept;
    if (!bench_replace_set_aside(tune->path, &kept, error)) {
        return false;
    }
    tool_say("the profile that could not be used is now %s", kept);
    free(kept);
    return true;
}

static bool put_best(const struct tune *tune, struct norma_profile *profile,
                     struct tool_message *error) {
    for (int size = 0; size < NORMA_SIZE_CLASS_COUNT; size++) {
        if (tune->found[size] && !norma_profile_put(profile, tune->options.set->name,
                                                    (norma_size_class)size, &tune->best[size])) {
            return tool_fail(error, "%.300s: has too many sets", tune->path);
        }
    }
    return true;
}

static bool write_text(const struct tune *tune, const char *text, struct tool_message *error) {
    if (is_stdout(tune)) {
        fputs(text, stdout); /* errors are found where it is flushed */
        return true;
    }
    if (!bench_replace_file(tune->path, text, error)) {
        return false;
    }
    tool_say("wrote %s", tune->path);
    return true;
}

static bool write_profile(const struct tune *tune, struct tool_message *error) {
    bool broken;
    struct norma_profile *profile = read_existing(tune, &broken);
    if (!profile) {
        return tool_fail(error, "%s", norma_strerror(NORMA_STATUS_NO_MEMORY));
    }
    bool written = put_best(tune, profile, error) && (!broken || set_aside(tune, error));
    if (written) {
        const size_t size = norma_profile_print(profile, NULL, 0) + 1;
        char *text = tool_allocate(size, 1);
        norma_profile_print(profile, text, size);
        written = write_text(tune, text, error);
        free(text);
    }
    norma_profile_destroy(profile);
    return written;
}

/* ---- the search ----------------------------------------------------------------------------- */

static bool choose_threads(struct tune *tune, struct tool_message *error) {
    struct bench_tune_options *options = &tune->options;
    options->threads =
        options->threads > 0 ? options->threads : bench_default_threads(&tune->places);
    return bench_cpu_binding_allows(&tune->places, &options->threads, 1, error);
}

static void open_search(struct tune *tune) {
    const struct bench_tune_options *options = &tune->options;
    size_t comparisons = 0;
    for (int size = 0; size < NORMA_SIZE_CLASS_COUNT; size++) {
        comparisons += bench_search_comparisons((norma_size_class)size);
    }
    tune->search = (struct bench_search){
        .trial = {.set = options->set,
                  .threads = options->threads,
                  .effort = options->effort,
                  .seed = options->seed,
                  .places = &tune->places,
                  .progress = {.started = bench_now(),
                               .total = comparisons,
                               .total_bytes = (double)comparisons}},
        .octaves = options->octaves,
        .memory = bench_memory_budget(options->max_memory),
        .table = is_stdout(tune) ? stderr : stdout,
    };
    bench_buffers_open(&tune->search.trial.buffers, bench_has_several_nodes(&tune->places));
}

static enum bench_trial_end search(struct tune *tune) {
    open_search(tune);
    bench_search_print_header(&tune->search);
    enum bench_trial_end end = BENCH_TRIAL_COMPLETE;
    for (int size = 0; size < NORMA_SIZE_CLASS_COUNT && end == BENCH_TRIAL_COMPLETE; size++) {
        end = bench_search_class(&tune->search, (norma_size_class)size, &tune->best[size],
                                 &tune->found[size]);
    }
    tool_status_line(NULL);
    bench_buffers_close(&tune->search.trial.buffers);
    return tool_interrupted() ? BENCH_TRIAL_INTERRUPTED : end;
}

/* ---- the command ---------------------------------------------------------------------------- */

static int usage_error(const struct tool_message *error) {
    tool_say("%s", error->text);
    return TOOL_EXIT_USAGE;
}

static bool is_kept(const struct tune *tune, int size) {
    const struct norma_tuning defaults = norma_tuning_default((norma_size_class)size);
    return tune->found[size] && memcmp(&tune->best[size], &defaults, sizeof defaults) != 0;
}

static void say_kept(const struct tune *tune) {
    char names[64] = "";
    for (int size = 0; size < NORMA_SIZE_CLASS_COUNT; size++) {
        const size_t used = strlen(names);
        if (is_kept(tune, size)) {
            snprintf(names + used, sizeof names - used, "%s%s", used > 0 ? ", " : "",
                     norma_size_class_name((norma_size_class)size));
        }
    }
    tool_say(*names ? "kept other values than the defaults in %s"
                    : "nothing kept, the defaults stay%s",
             names);
}

static int write_findings(const struct tune *tune) {
    bool any = false;
    for (int size = 0; size < NORMA_SIZE_CLASS_COUNT; size++) {
        any = any || tune->found[size];
    }
    if (!any) {
        tool_say("nothing was tuned and nothing was written");
        return TOOL_EXIT_MISSING; /* as of a run that measured nothing */
    }
    struct tool_message error;
    say_kept(tune);
    return write_profile(tune, &error) ? tool_finish_stdout(TOOL_EXIT_FINE) : usage_error(&error);
}

static int search_and_write(struct tune *tune) {
    switch (search(tune)) {
    case BENCH_TRIAL_COMPLETE:
        return write_findings(tune);
    case BENCH_TRIAL_INTERRUPTED:
        tool_say("interrupted; nothing was written");
        return TOOL_EXIT_SIGNAL + tool_interrupted();
    case BENCH_TRIAL_WRONG:
        return TOOL_EXIT_FAILED;
    case BENCH_TRIAL_NO_MEMORY:
        break;
    }
    tool_say("not enough memory; --max-memory leaves out what needs much");
    return TOOL_EXIT_USAGE;
}

static int run_on_machine(struct tune *tune) {
    struct tool_message error;
    if (!verify_implementation_available(tune->options.set)) {
        tool_say("this machine cannot run '%s'", tune->options.set->name);
        return TOOL_EXIT_MISSING;
    }
    if (!choose_path(tune, &error) || !choose_threads(tune, &error) ||
        !check_output(tune, &error)) {
        return usage_error(&error);
    }
    tool_interrupt_watch(TOOL_GRACE);
    return search_and_write(tune);
}

int bench_tune(int argc, char **argv) {
    struct tune tune = {0};
    const enum tool_options_end end = bench_tune_options_read(argc, argv, &tune.options);
    if (end == TOOL_OPTIONS_DONE) {
        return tool_finish_stdout(TOOL_EXIT_FINE);
    }
    if (end == TOOL_OPTIONS_WRONG) {
        return TOOL_EXIT_USAGE;
    }
    struct tool_message error;
    if (!bench_use_cpus(tune.options.cpus, &error)) {
        return usage_error(&error);
    }
    if (!bench_cpu_binding_open(&tune.places)) {
        tool_say("hwloc cannot read this machine's topology; lstopo may say why");
        return TOOL_EXIT_USAGE;
    }
    const int code = run_on_machine(&tune);
    bench_cpu_binding_close(&tune.places);
    return code;
}
