/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/compare/compare.h"
#include "bench/compare/compare_options.h"
#include "bench/compare/compare_report.h"
#include "bench/compare/same_machine.h"
#include "verify/harness/tool/tool.h"

static void say_unfinished(const struct bench_input *input) {
    if (input->unfinished > 0) {
        tool_say("warning: %s: %zu of %zu runs are not complete; what they have counts",
                 input->name, input->unfinished, input->runs);
    }
}

/* Says how many kernels are not compared, as they failed the verification or were left out. */
static void say_alone(const struct bench_comparison *comparison) {
    if (comparison->base_alone > 0 || comparison->candidate_alone > 0) {
        tool_say("warning: only %s has times of %zu kernels, only %s of %zu",
                 comparison->base->name, comparison->base_alone, comparison->candidate->name,
                 comparison->candidate_alone);
    }
}

static void say_design(const struct bench_comparison *comparison) {
    if (comparison->design == BENCH_BY_SAMPLE) {
        tool_say("warning: one run each: what differs from run to run is not known, so that "
                 "nothing is called slower or faster; several runs in a file are rounds");
    } else if (bench_comparison_is_blind(comparison)) {
        tool_say("warning: with so few rounds no change can be told from chance; more rounds of "
                 "both, in turn, appended to their files");
    }
}

/* Says what the silence of a status of 0 would hide: differences may be there that nobody could
 * see. */
static void say_inconclusive(const struct bench_comparison *comparison) {
    const size_t uncertain = bench_comparison_count_uncertain(comparison),
                 count = bench_comparison_count(comparison, BENCH_INCONCLUSIVE) - uncertain,
                 needed = bench_comparison_needs(comparison);
    if (count > 0) {
        tool_say("warning: inconclusive kernels: %zu of %zu; %g%% cannot be told here; %s %zu "
                 "rounds of each would tell of all",
                 count, comparison->count, 100 * comparison->criterion.threshold,
                 needed < BENCH_MOST_NEEDED ? "about" : "more than", needed);
    }
}

static void say_uncertain(const struct bench_comparison *comparison) {
    const size_t count = bench_comparison_count_uncertain(comparison);
    if (count > 0) {
        tool_say("warning: uncertain kernels, and so inconclusive: %zu of %zu; other work had a "
                 "core in all rounds; measure them again on a quieter machine",
                 count, comparison->count);
    }
}

static bool compare(struct bench_comparison *comparison, struct bench_input inputs[2],
                    const struct bench_compare_options *options, struct tool_message *error) {
    const struct tool_list *different = &options->different;
    if (!bench_input_read(&inputs[0], options->base, different, error) ||
        !bench_input_read(&inputs[1], options->side, different, error) ||
        !tool_output_check("-", error) ||
        !bench_same_conditions(inputs[0].machine, inputs[1].machine, inputs[0].name, inputs[1].name,
                               different, error) ||
        !bench_comparisons(comparison, &inputs[0], &inputs[1], &options->criterion, error)) {
        return false;
    }
    say_unfinished(&inputs[0]);
    say_unfinished(&inputs[1]);
    say_alone(comparison);
    say_design(comparison);
    say_inconclusive(comparison);
    say_uncertain(comparison);
    bench_comparison_print(comparison, options->format, options->all);
    return true;
}

static int status_of(const struct bench_comparison *comparison, bool require_conclusive) {
    if (bench_comparison_count(comparison, BENCH_SLOWER) > 0) {
        return TOOL_EXIT_FAILED;
    }
    return require_conclusive && bench_comparison_count(comparison, BENCH_INCONCLUSIVE) > 0
               ? TOOL_EXIT_MISSING
               : TOOL_EXIT_FINE;
}

static int compare_files(const struct bench_compare_options *options) {
    struct bench_comparison comparison = {0};
    struct bench_input inputs[2] = {0};
    struct tool_message error;
    int code = TOOL_EXIT_USAGE;
    if (compare(&comparison, inputs, options, &error)) {
        code = tool_finish_stdout(status_of(&comparison, options->require_conclusive));
    } else {
        tool_say("%s", error.text);
    }
    bench_comparison_free(&comparison);
    bench_input_free(&inputs[0]);
    bench_input_free(&inputs[1]);
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
