/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "bench/explain/explain.h"
#include "bench/explain/explanation.h"
#include "bench/machine/machine.h"
#include "verify/harness/harness.h"
#include "verify/harness/tool/tool.h"

#include <stdlib.h>

/* Says why no plan was made, and returns the exit code. */
static int say_status(const struct bench_explanation *explanation, norma_status status) {
    const struct bench_explain_options *options = explanation->options;
    switch (status) {
    case NORMA_STATUS_UNAVAILABLE_SET:
        tool_say("this machine cannot run '%s'", options->set ? options->set : explanation->choice);
        return TOOL_EXIT_MISSING;
    case NORMA_STATUS_UNKNOWN_SET:
        tool_say("NORMA_SETS=%s: %s", explanation->choice, norma_strerror(status));
        return TOOL_EXIT_USAGE;
    default:
        tool_say("%.300s: %s", options->text, norma_strerror(status));
        return TOOL_EXIT_USAGE;
    }
}

static size_t count_sets(void) {
    size_t count = 0;
    while (norma_set_at(count)) {
        count++;
    }
    return count;
}

static norma_status describe(struct bench_explanation *explanation) {
    const struct norma_options options = {.sets = explanation->options->set,
                                          .threads = explanation->threads};
    struct norma_plan *plan;
    const norma_status status = norma_plan_create(&plan, &explanation->options->problem, &options);
    if (status != NORMA_STATUS_OK) {
        return status;
    }
    norma_plan_describe(plan, &explanation->plan);
    norma_plan_destroy(plan); /* the path in the description is the user's profile's, and stays */
    return NORMA_STATUS_OK;
}

static void print(const struct bench_explanation *explanation) {
    if (!explanation->options->jsonl) {
        bench_explain_print(explanation);
        return;
    }
    json_t *record = bench_explain_record(explanation);
    json_dumpf(record, stdout, JSON_COMPACT | JSON_REAL_PRECISION(6));
    printf("\n");
    json_decref(record);
}

static int explain(const struct bench_explain_options *options,
                   const struct bench_cpu_binding *places) {
    struct bench_explanation explanation = {
        .options = options,
        .threads = options->threads > 0 ? options->threads : bench_default_threads(places),
        .choice = options->set ? NULL : getenv("NORMA_SETS"),
        .set_count = count_sets(),
        .l1 = (int64_t)bench_first_cache(places),
    };
    struct tool_message error;
    if (!bench_cpu_binding_allows(places, &explanation.threads, 1, &error)) {
        tool_say("%s", error.text);
        return TOOL_EXIT_USAGE;
    }
    const norma_status status = describe(&explanation);
    if (status != NORMA_STATUS_OK) {
        return say_status(&explanation, status);
    }
    const int code =
        options->plan_only ? TOOL_EXIT_FINE : bench_explain_measure(&explanation, places);
    if (code != TOOL_EXIT_FINE) {
        return code;
    }
    print(&explanation);
    return tool_finish_stdout(TOOL_EXIT_FINE);
}

int bench_explain(int argc, char **argv) {
    struct bench_explain_options options;
    const enum tool_options_end end = bench_explain_options_read(argc, argv, &options);
    if (end == TOOL_OPTIONS_DONE) {
        return tool_finish_stdout(TOOL_EXIT_FINE);
    }
    if (end == TOOL_OPTIONS_WRONG || !verify_use_profile(options.profile)) {
        return TOOL_EXIT_USAGE;
    }
    struct bench_cpu_binding places;
    struct tool_message error;
    if (!tool_output_check("-", &error) || !bench_use_cpus(options.cpus, &error)) {
        tool_say("%s", error.text);
        return TOOL_EXIT_USAGE;
    }
    if (!bench_cpu_binding_open(&places)) {
        tool_say("hwloc cannot read this machine's topology; lstopo may say why");
        return TOOL_EXIT_USAGE;
    }
    tool_crash_install();
    const int code = explain(&options, &places);
    bench_cpu_binding_close(&places);
    return code;
}
