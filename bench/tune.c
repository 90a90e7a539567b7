/* norma-bench tune: from the command line to the profile.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _POSIX_C_SOURCE 200809L
#include "clock.h"
#include "commands.h"
#include "implementations.h"
#include "interrupt.h"
#include "machine.h"
#include "memory.h"
#include "profile.h"
#include "replace.h"
#include "tune_options.h"
#include "tune_search.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct tune {
    struct norma_tune_options options;
    char path[NORMA_PROFILE_PATH]; /* "-": standard output */
    struct norma_places places;
    struct norma_search search;
    struct norma_tuning best[NORMA_SIZE_CLASS_COUNT];
    bool found[NORMA_SIZE_CLASS_COUNT];
};

/* ---- the file ------------------------------------------------------------------------------- */

static bool choose_path(struct tune *tune, struct norma_message *error) {
    const char *given = tune->options.output;
    const size_t length = given ? (size_t)snprintf(tune->path, sizeof tune->path, "%s", given)
                                : norma_profile_path(tune->path, sizeof tune->path);
    if (length == 0) {
        return norma_fail(error, "where to? HOME is not set: name a file with -o");
    }
    return length < sizeof tune->path ||
           norma_fail(error, "%.60s...: the name is too long", tune->path);
}

static bool is_stdout(const struct tune *tune) {
    return strcmp(tune->path, "-") == 0;
}

static bool is_file(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

/* What is there and is no profile is somebody's: it is not replaced. An empty file may be. */
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

static bool check_output(const struct tune *tune, struct norma_message *error) {
    if (is_stdout(tune)) {
        return true;
    }
    if (!is_free_to_replace(tune->path)) {
        return norma_fail(error, "%.300s: is there and is not a profile; name another file",
                          tune->path);
    }
    return norma_replace_prepare(tune->path, error);
}

/* What the file has for other sets, or an empty profile. */
static struct norma_profile *read_existing(const struct tune *tune) {
    struct norma_profile *profile = NULL;
    char message[1024];
    if (is_file(tune->path) &&
        norma_profile_load(tune->path, &profile, message, sizeof message) != NORMA_OK) {
        norma_say("%s; it is replaced", message);
    }
    return profile ? profile : norma_profile_create();
}

static bool put_best(const struct tune *tune, struct norma_profile *profile,
                     struct norma_message *error) {
    for (int size = 0; size < NORMA_SIZE_CLASS_COUNT; size++) {
        if (tune->found[size] && !norma_profile_put(profile, tune->options.set->name,
                                                    (norma_size_class)size, &tune->best[size])) {
            return norma_fail(error, "%.300s: has too many sets", tune->path);
        }
    }
    return true;
}

static bool write_text(const struct tune *tune, const char *text, struct norma_message *error) {
    if (is_stdout(tune)) {
        fputs(text, stdout); /* errors are found where it is flushed */
        return true;
    }
    if (!norma_replace_file(tune->path, text, error)) {
        return false;
    }
    norma_say("wrote %s", tune->path);
    return true;
}

static bool write_profile(const struct tune *tune, struct norma_message *error) {
    struct norma_profile *profile = read_existing(tune);
    if (!profile) {
        return norma_fail(error, "%s", norma_strerror(NORMA_NO_MEMORY));
    }
    bool written = put_best(tune, profile, error);
    if (written) {
        const size_t size = norma_profile_print(profile, NULL, 0) + 1;
        char *text = norma_allocate(size, 1);
        norma_profile_print(profile, text, size);
        written = write_text(tune, text, error);
        free(text);
    }
    norma_profile_destroy(profile);
    return written;
}

/* ---- the search ----------------------------------------------------------------------------- */

static bool choose_threads(struct tune *tune, struct norma_message *error) {
    struct norma_tune_options *options = &tune->options;
    options->threads = options->threads > 0 ? options->threads : tune->places.cores;
    return norma_places_suffice(&tune->places, options->threads, error);
}

static void open_search(struct tune *tune) {
    const struct norma_tune_options *options = &tune->options;
    size_t comparisons = 0;
    for (int size = 0; size < NORMA_SIZE_CLASS_COUNT; size++) {
        comparisons += norma_search_comparisons((norma_size_class)size);
    }
    tune->search = (struct norma_search){
        .trial = {.set = options->set,
                  .threads = options->threads,
                  .effort = options->effort,
                  .seed = options->seed,
                  .places = &tune->places,
                  .progress = {.started = norma_now(),
                               .total = comparisons,
                               .total_bytes = (double)comparisons}},
        .octaves = options->octaves,
        .max_memory = options->max_memory ? options->max_memory : norma_memory_bytes() / 2,
        .table = is_stdout(tune) ? stderr : stdout,
    };
    norma_buffers_open(&tune->search.trial.buffers, norma_places_several_nodes(&tune->places));
}

static enum norma_trial_end search(struct tune *tune) {
    open_search(tune);
    norma_search_print_header(&tune->search);
    enum norma_trial_end end = NORMA_TRIAL_COMPLETE;
    for (int size = 0; size < NORMA_SIZE_CLASS_COUNT && end == NORMA_TRIAL_COMPLETE; size++) {
        end = norma_search_class(&tune->search, (norma_size_class)size, &tune->best[size],
                                 &tune->found[size]);
    }
    norma_status_line(NULL);
    norma_buffers_close(&tune->search.trial.buffers);
    return norma_interrupted() ? NORMA_TRIAL_INTERRUPTED : end;
}

/* ---- the command ---------------------------------------------------------------------------- */

static int usage_error(const struct norma_message *error) {
    norma_say("%s", error->text);
    return NORMA_EXIT_USAGE;
}

static int write_findings(const struct tune *tune) {
    bool any = false;
    for (int size = 0; size < NORMA_SIZE_CLASS_COUNT; size++) {
        any = any || tune->found[size];
    }
    if (!any) {
        norma_say("nothing was tuned and nothing was written");
        return NORMA_EXIT_USAGE;
    }
    struct norma_message error;
    return write_profile(tune, &error) ? norma_finish_stdout(NORMA_EXIT_FINE) : usage_error(&error);
}

static int search_and_write(struct tune *tune) {
    switch (search(tune)) {
    case NORMA_TRIAL_COMPLETE:
        return write_findings(tune);
    case NORMA_TRIAL_INTERRUPTED:
        norma_say("interrupted; nothing was written");
        return NORMA_EXIT_SIGNAL + norma_interrupted();
    case NORMA_TRIAL_WRONG:
        return NORMA_EXIT_FAILED;
    case NORMA_TRIAL_NO_MEMORY:
        break;
    }
    norma_say("not enough memory; --max-memory leaves out what needs much");
    return NORMA_EXIT_USAGE;
}

static int run_on_machine(struct tune *tune) {
    struct norma_message error;
    if (!norma_implementation_available(tune->options.set)) {
        norma_say("this machine cannot run '%s'", tune->options.set->name);
        return NORMA_EXIT_LACKING;
    }
    if (!choose_path(tune, &error) || !choose_threads(tune, &error) ||
        !check_output(tune, &error)) {
        return usage_error(&error);
    }
    norma_interrupt_watch();
    return search_and_write(tune);
}

int norma_bench_tune(int argc, char **argv) {
    struct tune tune = {0};
    const enum norma_options_end end = norma_tune_options_read(argc, argv, &tune.options);
    if (end == NORMA_OPTIONS_DONE) {
        return norma_finish_stdout(NORMA_EXIT_FINE);
    }
    if (end == NORMA_OPTIONS_WRONG) {
        return NORMA_EXIT_USAGE;
    }
    if (!norma_places_open(&tune.places)) {
        norma_say("hwloc cannot read this machine's topology; lstopo may say why");
        return NORMA_EXIT_USAGE;
    }
    const int code = run_on_machine(&tune);
    norma_places_close(&tune.places);
    return code;
}
