/* norma-bench compare: from the command line to the exit code.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/compare/compare_options.h"
#include "bench/compare/compare_report.h"
#include "bench/compare/same_machine.h"
#include "verify/harness/tool/tool.h"

static void say_unfinished(const struct bench_side *side) {
    if (side->unfinished > 0) {
        tool_say("warning: %s: %zu of %zu runs are not complete; what they have counts", side->name,
                 side->unfinished, side->runs);
    }
}

/* What failed the verification or was left out is no longer compared: that is said. */
static void say_alone(const struct bench_comparison *comparison) {
    if (comparison->base_alone > 0 || comparison->side_alone > 0) {
        tool_say("warning: only %s has times of %zu kernels, only %s of %zu",
                 comparison->base->name, comparison->base_alone, comparison->side->name,
                 comparison->side_alone);
    }
}

static void say_design(const struct bench_comparison *comparison) {
    if (comparison->design == BENCH_BY_SAMPLE) {
        tool_say("warning: one run each: what differs from run to run is not known, and looks "
                 "like a change; several runs in a file are rounds");
    } else if (bench_comparison_is_blind(comparison)) {
        tool_say("warning: with so few rounds no change can be told from chance; more rounds of "
                 "both, in turn, appended to their files");
    }
}

static bool compare(struct bench_comparison *comparison, struct bench_side sides[2],
                    const struct bench_compare_options *options, struct tool_message *error) {
    const struct tool_list *different = &options->different;
    if (!bench_side_read(&sides[0], options->base, different, error) ||
        !bench_side_read(&sides[1], options->side, different, error) ||
        !bench_same_conditions(sides[0].machine, sides[1].machine, sides[0].name, sides[1].name,
                               different, error) ||
        !bench_comparisons(comparison, &sides[0], &sides[1], &options->criterion, error)) {
        return false;
    }
    say_unfinished(&sides[0]);
    say_unfinished(&sides[1]);
    say_alone(comparison);
    say_design(comparison);
    bench_comparison_print(comparison, options->format, options->all);
    return true;
}

static int compare_files(const struct bench_compare_options *options) {
    struct bench_comparison comparison = {0};
    struct bench_side sides[2] = {0};
    struct tool_message error;
    int code = TOOL_EXIT_USAGE;
    if (compare(&comparison, sides, options, &error)) {
        const size_t regressions = bench_comparison_count(&comparison, BENCH_REGRESSION);
        code = tool_finish_stdout(regressions > 0 ? TOOL_EXIT_FAILED : TOOL_EXIT_FINE);
    } else {
        tool_say("%s", error.text);
    }
    bench_comparison_free(&comparison);
    bench_side_free(&sides[0]);
    bench_side_free(&sides[1]);
    return code;
}

int bench_compare(int argc, char **argv) {
    struct bench_compare_options options;
    const enum tool_options_end end = bench_compare_options_read(argc, argv, &options);
    int code = TOOL_EXIT_USAGE;
    if (end == TOOL_OPTIONS_DONE) {
        code = tool_finish_stdout(TOOL_EXIT_FINE);
    } else if (end == TOOL_OPTIONS_RUN) {
        code = compare_files(&options);
    }
    bench_compare_options_free(&options);
    return code;
}
