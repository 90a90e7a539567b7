/* norma-verify: checks every kernel on every problem against the reference.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "crash.h"
#include "digest.h"
#include "interrupt.h"
#include "isolation.h"
#include "list.h"
#include "mutants_run.h"
#include "report_format.h"
#include "worker.h"

static const char *output_name(const struct norma_verify_options *options) {
    return options->output ? options->output : "standard output";
}

static int complain(const char *name, int error) {
    fprintf(stderr, "norma-verify: cannot write %s: %s\n", name, strerror(error));
    return NORMA_EXIT_USAGE;
}

static int complain_about_output(const struct norma_verify_options *options) {
    return complain(output_name(options), errno);
}

/* ---- checks ------------------------------------------------------------------------------- */

/* The status that the report, or what kept it from being complete, amounts to. */
static int conclude(struct norma_report *report, bool complete) {
    const int interrupted = norma_interrupted();
    const struct norma_report_result result =
        norma_report_finish(report, interrupted ? norma_signal_name(interrupted) : NULL);
    if (result.error != 0) {
        return complain(result.unwritten, result.error);
    }
    if (result.failed > 0) {
        fprintf(stderr, "norma-verify: %zu checks failed\n", result.failed);
    }
    if (interrupted) {
        return NORMA_EXIT_SIGNAL + interrupted;
    }
    return result.failed > 0 || !complete ? NORMA_EXIT_FAILED : NORMA_EXIT_FINE;
}

static int run(const struct norma_verify_options *options, const struct norma_steps *steps,
               struct norma_report *report) {
    bool complete = true;
    if (options->here) {
        norma_crash_install("norma-verify");
        norma_run_here(options, steps, report);
    } else {
        complete = norma_run_isolated(options, steps, report);
    }
    return conclude(report, complete);
}

/* NULL: no memory. */
static struct norma_report *create_report(const struct norma_verify_options *options, size_t cases,
                                          FILE *out, FILE *const *further) {
    struct norma_report *report = norma_report_create(cases, options->seed);
    bool good = report && norma_report_add(report, options->format, out, output_name(options));
    for (size_t i = 0; good && i < options->further_count; i++) {
        good = norma_report_add(report, options->further[i].format, further[i],
                                options->further[i].path);
    }
    if (!good) {
        fprintf(stderr, "norma-verify: not enough memory for the report\n");
        free(report);
    }
    return good ? report : NULL;
}

/* Before anything runs. */
static bool open_further(const struct norma_verify_options *options, FILE **further) {
    for (size_t i = 0; i < options->further_count; i++) {
        further[i] = fopen(options->further[i].path, "w");
        if (!further[i]) {
            complain(options->further[i].path, errno);
            return false;
        }
    }
    return true;
}

/* All was flushed. */
static void close_further(FILE **further) {
    for (size_t i = 0; i < NORMA_MAX_FURTHER; i++) {
        if (further[i]) {
            fclose(further[i]);
        }
    }
}

static int verify_steps(const struct norma_verify_options *options, const struct norma_steps *steps,
                        FILE *out) {
    FILE *further[NORMA_MAX_FURTHER] = {NULL};
    struct norma_report *report =
        open_further(options, further) ? create_report(options, steps->cases, out, further) : NULL;
    const int status = report ? run(options, steps, report) : NORMA_EXIT_USAGE;
    close_further(further);
    return status;
}

static int verify(const struct norma_verify_options *options, FILE *out) {
    struct norma_steps steps;
    if (!norma_steps_create(options, &steps)) {
        fprintf(stderr, "norma-verify: not enough memory for the list of checks\n");
        return NORMA_EXIT_USAGE;
    }
    const int status = verify_steps(options, &steps, out);
    free(steps.list);
    return status;
}

static int digest(const struct norma_verify_options *options, FILE *out) {
    norma_crash_install("norma-verify");
    size_t different;
    if (!norma_digest(options, out, &different)) {
        errno = ENOMEM;
        return complain_about_output(options);
    }
    if (fflush(out) != 0 || ferror(out)) {
        return complain_about_output(options);
    }
    return different > 0 ? NORMA_EXIT_FAILED : NORMA_EXIT_FINE;
}

static int mutants(const struct norma_verify_options *options, FILE *out) {
    norma_interrupt_watch();
    const size_t wrong = options->mutants == NORMA_MUTANTS_CHECKS
                             ? norma_mutants_run_checks(options, out)
                             : norma_mutants_run(options, out);
    if (fflush(out) != 0 || ferror(out)) {
        return complain_about_output(options);
    }
    if (norma_interrupted()) {
        return NORMA_EXIT_SIGNAL + norma_interrupted();
    }
    return wrong > 0 ? NORMA_EXIT_FAILED : NORMA_EXIT_FINE;
}

/* Nothing is timed here, and threads that wait actively take the processors from what else runs.
 * OpenMP looks at its environment when a program is loaded: so load it again. Where that fails,
 * checking is slower. */
static void wait_passively(char **argv) {
    if (!getenv("OMP_WAIT_POLICY") && setenv("OMP_WAIT_POLICY", "passive", 1) == 0) {
        execv("/proc/self/exe", argv);
    }
}

int main(int argc, char **argv) {
    wait_passively(argv);
    struct norma_verify_options options;
    int status = norma_verify_options(&options, argc, argv);
    if (status >= 0) {
        free(options.problems.list);
        return status;
    }
    FILE *out = options.output ? fopen(options.output, "w") : stdout;
    if (!out) {
        status = complain_about_output(&options);
    } else if (options.list) {
        norma_list(out);
        status = fflush(out) == 0 ? NORMA_EXIT_FINE : complain_about_output(&options);
    } else if (options.digest) {
        status = digest(&options, out);
    } else if (options.mutants != NORMA_MUTANTS_NONE) {
        status = mutants(&options, out);
    } else {
        status = verify(&options, out);
    }
    if (out && out != stdout && fclose(out) != 0 && status == NORMA_EXIT_FINE) {
        status = complain_about_output(&options);
    }
    free(options.problems.list);
    return status;
}
