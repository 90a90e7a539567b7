/* norma-bench explain: from the command line to the exit code.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _POSIX_C_SOURCE 200809L
#include "explain.h"
#include "commands.h"
#include "crash.h"
#include "implementations.h"
#include "take_profile.h"

#include <stdlib.h>

/* What `status` of creating a plan is to the shell. */
static int say_status(const struct norma_explanation *explanation, norma_status status) {
    const struct norma_explain_options *options = explanation->options;
    switch (status) {
    case NORMA_UNAVAILABLE_SET:
        norma_say("this machine cannot run '%s'", options->set ? options->set : explanation->sets);
        return NORMA_EXIT_LACKING;
    case NORMA_UNKNOWN_SET:
        norma_say("NORMA_SETS=%s: %s", explanation->sets, norma_strerror(status));
        return NORMA_EXIT_USAGE;
    default:
        norma_say("%.300s: %s", options->text, norma_strerror(status));
        return NORMA_EXIT_USAGE;
    }
}

static norma_status describe(struct norma_explanation *explanation) {
    const struct norma_options options = {.sets = explanation->options->set,
                                          .threads = explanation->threads};
    struct norma_plan *plan;
    const norma_status status = norma_plan_create(&plan, &explanation->options->problem, &options);
    if (status != NORMA_OK) {
        return status;
    }
    norma_plan_describe(plan, &explanation->plan);
    norma_plan_destroy(plan); /* the profile's path is the user's, and stays */
    return NORMA_OK;
}

static void print(const struct norma_explanation *explanation) {
    if (!explanation->options->jsonl) {
        norma_explain_print(explanation);
        return;
    }
    json_t *record = norma_explain_record(explanation);
    json_dumpf(record, stdout, JSON_COMPACT | JSON_REAL_PRECISION(6));
    printf("\n");
    json_decref(record);
}

static int explain(const struct norma_explain_options *options, const struct norma_places *places) {
    struct norma_explanation explanation = {
        .options = options,
        .threads = options->threads > 0 ? options->threads : places->cores,
        .sets = options->set ? NULL : getenv("NORMA_SETS"),
        .l1 = (int64_t)norma_first_cache(places),
    };
    struct norma_message error;
    if (!norma_places_suffice(places, &explanation.threads, 1, &error)) {
        norma_say("%s", error.text);
        return NORMA_EXIT_USAGE;
    }
    const norma_status status = describe(&explanation);
    if (status != NORMA_OK) {
        return say_status(&explanation, status);
    }
    const int code =
        options->plan_only ? NORMA_EXIT_FINE : norma_explain_measure(&explanation, places);
    if (code != NORMA_EXIT_FINE) {
        return code;
    }
    print(&explanation);
    return norma_finish_stdout(NORMA_EXIT_FINE);
}

int norma_bench_explain(int argc, char **argv) {
    struct norma_explain_options options;
    const enum norma_options_end end = norma_explain_options_read(argc, argv, &options);
    if (end == NORMA_OPTIONS_DONE) {
        return norma_finish_stdout(NORMA_EXIT_FINE);
    }
    if (end == NORMA_OPTIONS_WRONG || !norma_take_profile(options.profile)) {
        return NORMA_EXIT_USAGE;
    }
    struct norma_places places;
    if (!norma_places_open(&places)) {
        norma_say("hwloc cannot read this machine's topology; lstopo may say why");
        return NORMA_EXIT_USAGE;
    }
    norma_crash_install("norma-bench explain");
    const int code = explain(&options, &places);
    norma_places_close(&places);
    return code;
}
