/* norma-verify: checks every kernel on every problem against the reference.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "verify/harness/tool/tool.h"
#include "verify/program/program.h"
#include "verify/program/verify_options.h"
#include "verify/report/report.h"

static const char *output_name(const struct verify_options *options) {
    return options->output ? options->output : "standard output";
}

static int complain(const char *name, int error) {
    tool_say("cannot write %s: %s", name, strerror(error));
    return TOOL_EXIT_USAGE;
}

static int complain_about_output(const struct verify_options *options) {
    return complain(output_name(options), errno);
}

/* ---- checks ------------------------------------------------------------------------------- */

/* Checks whether a required implementation lacked the memory for a problem. */
static bool lacks_memory(const struct verify_options *options, const struct verify_report *report) {
    bool lacks = false;
    for (size_t i = 0; i < options->required.count; i++) {
        if (verify_report_was_too_large(report, options->required.items[i])) {
            tool_say("--require: there is too little memory for %s", options->required.items[i]);
            lacks = true;
        }
    }
    return lacks;
}

/* Checks whether a run that should have checked something did not. A shard may be empty. */
static bool checked_nothing(const struct verify_options *options,
                            const struct verify_report_result *result) {
    const bool nothing = result->checked == 0 && options->shard.count == 1;
    if (nothing) {
        tool_say("nothing was checked: every case was skipped, or there was none");
    }
    return nothing;
}

/* Finishes the report and returns the exit status. */
static int conclude(const struct verify_options *options, struct verify_report *report,
                    bool complete) {
    const int interrupted = tool_interrupted();
    const bool lacking = lacks_memory(options, report);
    const struct verify_report_result result =
        verify_report_finish(report, interrupted ? tool_signal_name(interrupted) : NULL);
    if (result.error != 0) {
        return complain(result.unwritten, result.error);
    }
    if (result.failed > 0) {
        tool_say("%zu %s failed", result.failed, result.failed == 1 ? "check" : "checks");
    }
    if (interrupted) {
        return TOOL_EXIT_SIGNAL + interrupted;
    }
    if (result.failed > 0 || !complete) {
        return TOOL_EXIT_FAILED;
    }
    return checked_nothing(options, &result) || lacking ? TOOL_EXIT_MISSING : TOOL_EXIT_FINE;
}

static int run(const struct verify_options *options, const struct verify_steps *steps,
               struct verify_report *report) {
    bool complete = true;
    if (options->here) {
        tool_crash_install();
        verify_run_here(options, steps, report);
    } else {
        complete = verify_run_isolated(options, steps, report);
    }
    return conclude(options, report, complete);
}

/* Returns NULL if there is not enough memory. */
static struct verify_report *create_report(const struct verify_options *options, size_t cases,
                                           FILE *out, FILE *const *further) {
    struct verify_report *report = verify_report_create(cases, options->seed, options->quiet);
    bool good = report && verify_report_add(report, options->format, out, output_name(options));
    for (size_t i = 0; good && i < options->further_count; i++) {
        good = verify_report_add(report, options->further[i].format, further[i],
                                 options->further[i].path);
    }
    if (!good) {
        tool_say("not enough memory for the report");
        free(report);
    }
    return good ? report : NULL;
}

/* Opens the files of further reports. Must be called before anything runs. */
static bool open_further(const struct verify_options *options, FILE **further) {
    struct tool_message error;
    for (size_t i = 0; i < options->further_count; i++) {
        further[i] = tool_output_open(options->further[i].path, &error);
        if (!further[i]) {
            tool_say("%s", error.text);
            return false;
        }
    }
    return true;
}

/* Closes the files of further reports, which must have been flushed. */
static void close_further(FILE **further) {
    for (size_t i = 0; i < VERIFY_MAX_FURTHER; i++) {
        if (further[i]) {
            fclose(further[i]);
        }
    }
}

static int report_steps(const struct verify_options *options, const struct verify_steps *steps,
                        FILE *out) {
    FILE *further[VERIFY_MAX_FURTHER] = {NULL};
    struct verify_report *report =
        open_further(options, further) ? create_report(options, steps->cases, out, further) : NULL;
    const int status = report ? run(options, steps, report) : TOOL_EXIT_USAGE;
    close_further(further);
    return status;
}

static int verify(const struct verify_options *options, FILE *out) {
    struct verify_steps steps;
    if (!verify_steps_create(options, &steps)) {
        tool_say("not enough memory for the list of checks");
        return TOOL_EXIT_USAGE;
    }
    const int status = report_steps(options, &steps, out);
    free(steps.list);
    return status;
}

static int digest(const struct verify_options *options, FILE *out) {
    tool_crash_install();
    size_t different;
    if (!verify_digest(options, out, &different)) {
        errno = ENOMEM;
        return complain_about_output(options);
    }
    if (fflush(out) != 0 || ferror(out)) {
        return complain_about_output(options);
    }
    return different > 0 ? TOOL_EXIT_FAILED : TOOL_EXIT_FINE;
}

static int mutants(const struct verify_options *options, FILE *out) {
    tool_interrupt_watch(0);
    const size_t wrong = options->mutants == VERIFY_MUTANTS_CHECKS
                             ? verify_mutants_run_checks(options, out)
                             : verify_mutants_run(options, out);
    if (fflush(out) != 0 || ferror(out)) {
        return complain_about_output(options);
    }
    if (tool_interrupted()) {
        return TOOL_EXIT_SIGNAL + tool_interrupted();
    }
    return wrong > 0 ? TOOL_EXIT_FAILED : TOOL_EXIT_FINE;
}

/* Makes OpenMP's threads wait passively. Nothing is timed here, and threads that wait actively take
 * processors from other programs. OpenMP reads its environment when a program is loaded, so the
 * program is loaded again. If that fails, checking is only slower. */
static void wait_passively(char **argv) {
    if (!getenv("OMP_WAIT_POLICY") && setenv("OMP_WAIT_POLICY", "passive", 1) == 0) {
        execv("/proc/self/exe", argv);
    }
}

/* Checks whether the threads that were asked for can be started, and makes OpenMP take no more than
 * can be. Must be called before anything runs in parallel. */
static bool prepare_threads(const struct verify_options *options) {
    tool_threads_settle();
    const int startable = tool_threads_startable(options->threads);
    if (startable < options->threads) {
        tool_say(
            "--threads %d: the system lets only %d be started (ulimit -v, ulimit -u, or pids.max "
            "of a control group); give fewer, or a smaller OMP_STACKSIZE",
            options->threads, startable);
    }
    return startable >= options->threads;
}

/* Checks all outputs before the first is opened, which empties it. */
static bool check_outputs(const struct verify_options *options) {
    struct tool_message error;
    bool good = !options->output || tool_output_check(options->output, &error);
    for (size_t i = 0; good && i < options->further_count; i++) {
        good = tool_output_check(options->further[i].path, &error);
    }
    if (!good) {
        tool_say("%s", error.text);
    }
    return good;
}

/* Returns NULL after it has said why there is no output. */
static FILE *open_output(const struct verify_options *options) {
    struct tool_message error;
    if (!check_outputs(options)) {
        return NULL;
    }
    FILE *out = options->output ? tool_output_open(options->output, &error) : stdout;
    if (!out) {
        tool_say("%s", error.text);
    }
    return out;
}

static void free_options(struct verify_options *options) {
    free(options->problems.list);
    tool_list_free(&options->required);
}

int main(int argc, char **argv) {
    wait_passively(argv);
    tool_program_begin("norma-verify", norma_version());
    struct verify_options options;
    int status = verify_options_read(&options, argc, argv);
    if (status >= 0) {
        free_options(&options);
        return status;
    }
    if (!prepare_threads(&options)) {
        free_options(&options);
        return TOOL_EXIT_USAGE;
    }
    FILE *out = open_output(&options);
    if (!out) {
        status = TOOL_EXIT_USAGE;
    } else if (options.list) {
        verify_list(out);
        status = fflush(out) == 0 ? TOOL_EXIT_FINE : complain_about_output(&options);
    } else if (options.digest) {
        status = digest(&options, out);
    } else if (options.mutants != VERIFY_MUTANTS_NONE) {
        status = mutants(&options, out);
    } else {
        status = verify(&options, out);
    }
    if (out && out != stdout && fclose(out) != 0 && status == TOOL_EXIT_FINE) {
        status = complain_about_output(&options);
    }
    free_options(&options);
    return status;
}
