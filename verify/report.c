/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "report.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "user_profile.h"

/* What one implementation did on one subject: its vocabulary, an operator, or the properties. */
struct tally {
    const char *implementation, *subject;
    size_t passed, failed, skipped;
    double *shares; /* of the passed ones */
    size_t capacity;
};

enum { MAX_TALLIES = 512 };

struct norma_report {
    FILE *out;
    size_t cases, number, failures;
    uint64_t seed;
    bool progress;
    struct tally tallies[MAX_TALLIES];
    size_t tally_count;
};

struct norma_report *norma_report_create(FILE *out, size_t cases, uint64_t seed) {
    struct norma_report *report = calloc(1, sizeof *report);
    if (report) {
        report->out = out;
        report->cases = cases;
        report->seed = seed;
        report->progress = isatty(STDERR_FILENO) && !isatty(fileno(out));
        fprintf(out, "TAP version 13\n1..%zu\n# norma-verify %s --seed %llu\n", cases,
                norma_version(), (unsigned long long)seed);
    }
    return report;
}

static struct tally *tally_of(struct norma_report *report, const char *implementation,
                              const char *subject) {
    for (size_t i = 0; i < report->tally_count; i++) {
        struct tally *tally = &report->tallies[i];
        if (strcmp(tally->subject, subject) == 0 &&
            strcmp(tally->implementation, implementation) == 0) {
            return tally;
        }
    }
    if (report->tally_count < MAX_TALLIES) {
        report->tally_count++;
    }
    struct tally *tally = &report->tallies[report->tally_count - 1];
    *tally = (struct tally){.implementation = implementation, .subject = subject};
    return tally;
}

/* A share that cannot be kept for want of memory is missing from the median alone. */
static void keep_share(struct tally *tally, double share) {
    if (tally->passed == tally->capacity) {
        const size_t capacity = tally->capacity ? 2 * tally->capacity : 64;
        double *shares = realloc(tally->shares, capacity * sizeof *shares);
        if (!shares) {
            return;
        }
        tally->shares = shares;
        tally->capacity = capacity;
    }
    tally->shares[tally->passed] = share;
}

/* ---- one line ----------------------------------------------------------------------------- */

/* What a line is about: an implementation on a problem, or on a case of a property, or a function
 * of its vocabulary. */
struct line {
    const char *implementation, *subject;
    char text[NORMA_PROBLEM_TEXT + 128];
};

static struct line line_of_problem(const char *implementation,
                                   const struct norma_problem *problem) {
    struct line line = {implementation, norma_operator_name(problem->op), ""};
    norma_problem_print(problem, line.text, sizeof line.text);
    return line;
}

static struct line line_of_property(const char *implementation, const char *property,
                                    const char *text) {
    struct line line = {implementation, "property", ""};
    snprintf(line.text, sizeof line.text, "property %s %s", property, text);
    return line;
}

static struct line line_of_function(const char *implementation, const char *function) {
    struct line line = {implementation, "vocabulary", ""};
    snprintf(line.text, sizeof line.text, "vocabulary: %s", function);
    return line;
}

static void show_progress(struct norma_report *report) {
    if (report->progress && (report->number % 64 == 0 || report->number == report->cases)) {
        fprintf(stderr, "\r%zu of %zu checked, %zu failed ", report->number, report->cases,
                report->failures);
        if (report->number == report->cases) {
            fputc('\n', stderr);
        }
    }
}

static void begin(struct norma_report *report, const char *verdict, const struct line *line) {
    fprintf(report->out, "%s %zu - %s %s", verdict, ++report->number, line->implementation,
            line->text);
}

static void pass(struct norma_report *report, const struct line *line, double share) {
    struct tally *tally = tally_of(report, line->implementation, line->subject);
    keep_share(tally, share);
    tally->passed++;
    begin(report, "ok", line);
}

static void skip(struct norma_report *report, const struct line *line, const char *reason) {
    tally_of(report, line->implementation, line->subject)->skipped++;
    begin(report, "ok", line);
    fprintf(report->out, " # SKIP %s\n", reason);
    show_progress(report);
}

static void fail(struct norma_report *report, const struct line *line, const char *message) {
    tally_of(report, line->implementation, line->subject)->failed++;
    report->failures++;
    begin(report, "not ok", line);
    fprintf(report->out, "\n# %s\n", message);
}

/* ---- problems ----------------------------------------------------------------------------- */

void norma_report_pass(struct norma_report *report, const char *implementation,
                       const struct norma_problem *problem, const char *kernel, int checks,
                       double share, const char *skipped) {
    const struct line line = line_of_problem(implementation, problem);
    pass(report, &line, share);
    fprintf(report->out, " # share of bound %.3f, %d checks, kernel %s%s%s\n", share, checks,
            kernel, skipped ? "; " : "", skipped ? skipped : "");
    show_progress(report);
}

void norma_report_skip(struct norma_report *report, const char *implementation,
                       const struct norma_problem *problem, const char *reason) {
    const struct line line = line_of_problem(implementation, problem);
    skip(report, &line, reason);
}

void norma_report_failure(struct norma_report *report, const char *implementation,
                          const struct norma_problem *problem, struct norma_setup setup,
                          int threads, const char *message, const char *vote) {
    const struct line line = line_of_problem(implementation, problem);
    fail(report, &line, message);
    fprintf(report->out, "# data %s, placement %s, threads %d\n", norma_data_name(setup.data),
            norma_placement_name(setup.placement), threads);
    if (vote) {
        fprintf(report->out, "# vote: %s\n", vote);
    }
    char profile[NORMA_PROFILE_WORDS];
    norma_user_profile_words(profile);
    fprintf(report->out, "# reproduce: norma-verify --impl %s --threads %d --seed %llu%s '%s'\n",
            implementation, threads, (unsigned long long)report->seed, profile, line.text);
    fflush(report->out);
    show_progress(report);
}

/* ---- properties --------------------------------------------------------------------------- */

void norma_report_pass_named(struct norma_report *report, const char *implementation,
                             const char *property, const char *text, int checks, double share) {
    const struct line line = line_of_property(implementation, property, text);
    pass(report, &line, share);
    fprintf(report->out, " # share of bound %.3f, %d checks\n", share, checks);
    show_progress(report);
}

void norma_report_skip_named(struct norma_report *report, const char *implementation,
                             const char *property, const char *text, const char *reason) {
    const struct line line = line_of_property(implementation, property, text);
    skip(report, &line, reason);
}

void norma_report_failure_named(struct norma_report *report, const char *implementation,
                                const char *property, const char *text, const char *message) {
    const struct line line = line_of_property(implementation, property, text);
    fail(report, &line, message);
    char profile[NORMA_PROFILE_WORDS];
    norma_user_profile_words(profile);
    fprintf(report->out, "# reproduce: norma-verify --properties --impl %s --seed %llu%s\n",
            implementation, (unsigned long long)report->seed, profile);
    fflush(report->out);
    show_progress(report);
}

/* ---- vocabulary --------------------------------------------------------------------------- */

/* There is no bound to have a share of. */
void norma_report_pass_function(struct norma_report *report, const char *implementation,
                                const char *function, int checks) {
    const struct line line = line_of_function(implementation, function);
    tally_of(report, implementation, line.subject)->passed++;
    begin(report, "ok", &line);
    fprintf(report->out, " # %d lanes\n", checks);
    show_progress(report);
}

void norma_report_skip_function(struct norma_report *report, const char *implementation,
                                const char *function, const char *reason) {
    const struct line line = line_of_function(implementation, function);
    skip(report, &line, reason);
}

void norma_report_failure_function(struct norma_report *report, const char *implementation,
                                   const char *function, const char *message) {
    const struct line line = line_of_function(implementation, function);
    fail(report, &line, message);
    fprintf(report->out, "# reproduce: norma-verify --vocabulary --impl %s --seed %llu\n",
            implementation, (unsigned long long)report->seed);
    fflush(report->out);
    show_progress(report);
}

/* ---- the summary -------------------------------------------------------------------------- */

static int ascending(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void print_tally(FILE *out, struct tally *tally) {
    fprintf(out, "# %-10s %-16s %7zu %7zu %7zu", tally->subject, tally->implementation,
            tally->passed, tally->failed, tally->skipped);
    if (tally->passed > 0 && tally->passed <= tally->capacity) {
        qsort(tally->shares, tally->passed, sizeof *tally->shares, ascending);
        fprintf(out, "   %6.3f %6.3f", tally->shares[tally->passed / 2],
                tally->shares[tally->passed - 1]);
    }
    fputc('\n', out);
}

static void print_tallies(struct norma_report *report, const char *subject) {
    for (size_t i = 0; i < report->tally_count; i++) {
        if (strcmp(report->tallies[i].subject, subject) == 0) {
            print_tally(report->out, &report->tallies[i]);
        }
    }
}

size_t norma_report_finish(struct norma_report *report, bool *good) {
    size_t passed = 0, failed = 0, skipped = 0;
    fprintf(report->out, "#\n# %-10s %-16s %7s %7s %7s   %s\n", "op", "implementation", "passed",
            "failed", "skipped", "share of bound: median, max");
    print_tallies(report, "vocabulary");
    for (int op = 0; op < NORMA_OPERATOR_COUNT; op++) {
        print_tallies(report, norma_operator_name((norma_operator)op));
    }
    print_tallies(report, "property");
    for (size_t i = 0; i < report->tally_count; i++) {
        passed += report->tallies[i].passed;
        failed += report->tallies[i].failed;
        skipped += report->tallies[i].skipped;
        free(report->tallies[i].shares);
    }
    fprintf(report->out, "#\n# %zu passed, %zu failed, %zu skipped, seed %llu\n", passed, failed,
            skipped, (unsigned long long)report->seed);
    *good = fflush(report->out) == 0 && !ferror(report->out);
    free(report);
    return failed;
}
