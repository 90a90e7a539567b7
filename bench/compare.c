/* norma-bench compare: from the command line to the exit code.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "commands.h"
#include "compare_options.h"
#include "compare_report.h"
#include "same.h"

static void say_unfinished(const struct norma_side *side) {
    if (side->unfinished > 0) {
        norma_say("warning: %s: %zu of %zu runs are not complete; what they have counts",
                  side->name, side->unfinished, side->runs);
    }
}

/* What failed the verification or was left out is no longer compared: that is said. */
static void say_alone(const struct norma_comparison *comparison) {
    if (comparison->base_alone > 0 || comparison->side_alone > 0) {
        norma_say("warning: only %s has times of %zu kernels, only %s of %zu",
                  comparison->base->name, comparison->base_alone, comparison->side->name,
                  comparison->side_alone);
    }
}

static void say_design(const struct norma_comparison *comparison) {
    if (comparison->design == NORMA_BY_SAMPLE) {
        norma_say("warning: one run each: what differs from run to run is not known, and looks "
                  "like a change; several runs in a file are rounds");
    } else if (norma_comparison_is_blind(comparison)) {
        norma_say("warning: with so few rounds no change can be told from chance; more rounds of "
                  "both, in turn, appended to their files");
    }
}

static bool compare(struct norma_comparison *comparison, struct norma_side sides[2],
                    const struct norma_compare_options *options, struct norma_message *error) {
    const struct norma_list *different = &options->different;
    if (!norma_side_read(&sides[0], options->base, different, error) ||
        !norma_side_read(&sides[1], options->side, different, error) ||
        !norma_same_conditions(sides[0].machine, sides[1].machine, sides[0].name, sides[1].name,
                               different, error) ||
        !norma_compare(comparison, &sides[0], &sides[1], &options->criterion, error)) {
        return false;
    }
    say_unfinished(&sides[0]);
    say_unfinished(&sides[1]);
    say_alone(comparison);
    say_design(comparison);
    norma_comparison_print(comparison, options->format, options->all);
    return true;
}

static int compare_files(const struct norma_compare_options *options) {
    struct norma_comparison comparison = {0};
    struct norma_side sides[2] = {0};
    struct norma_message error;
    int code = NORMA_EXIT_USAGE;
    if (compare(&comparison, sides, options, &error)) {
        const size_t regressions = norma_comparison_count(&comparison, NORMA_REGRESSION);
        code = norma_finish_stdout(regressions > 0 ? NORMA_EXIT_FAILED : NORMA_EXIT_FINE);
    } else {
        norma_say("%s", error.text);
    }
    norma_comparison_free(&comparison);
    norma_side_free(&sides[0]);
    norma_side_free(&sides[1]);
    return code;
}

int norma_bench_compare(int argc, char **argv) {
    struct norma_compare_options options;
    const enum norma_options_end end = norma_compare_options_read(argc, argv, &options);
    int code = NORMA_EXIT_USAGE;
    if (end == NORMA_OPTIONS_DONE) {
        code = norma_finish_stdout(NORMA_EXIT_FINE);
    } else if (end == NORMA_OPTIONS_RUN) {
        code = compare_files(&options);
    }
    norma_compare_options_free(&options);
    return code;
}
