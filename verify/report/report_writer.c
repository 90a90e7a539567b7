/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "verify/report/report_writer.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "verify/report/format.h"

enum { MAX_WRITERS = 8 };

struct verify_report {
    struct verify_summary summary;
    struct verify_report_writer writers[MAX_WRITERS];
    size_t writer_count;
    bool progress;
    int error;             /* errno of the first that could not be written ... */
    const char *unwritten; /* ... and its name */
};

/* ---- formats ------------------------------------------------------------------------------ */

const struct verify_format *verify_format_find(const char *name) {
    static const struct verify_format *const formats[] = {
        &verify_format_tap, &verify_format_junit, &verify_format_jsonl, &verify_format_markdown};
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        if (strcmp(formats[i]->name, name) == 0) {
            return formats[i];
        }
    }
    return NULL;
}

const char *verify_report_subject(size_t index) {
    if (index == 0) {
        return "vocabulary";
    }
    if (index <= NORMA_OPERATOR_COUNT) {
        return norma_operator_name((norma_operator)(index - 1));
    }
    return index == NORMA_OPERATOR_COUNT + 1 ? "property" : NULL;
}

/* ---- counts ------------------------------------------------------------------------------- */

static size_t find(const struct verify_summary *summary, const char *subject,
                   const char *implementation) {
    size_t i = 0;
    while (i < summary->tally_count &&
           (strcmp(summary->tallies[i].subject, subject) != 0 ||
            strcmp(summary->tallies[i].implementation, implementation) != 0)) {
        i++;
    }
    return i;
}

const struct verify_tally *verify_summary_tally(const struct verify_summary *summary,
                                                const char *subject, const char *implementation) {
    const size_t index = find(summary, subject, implementation);
    return index < summary->tally_count ? &summary->tallies[index] : NULL;
}

static void free_shares(struct verify_tally *tally) {
    free(tally->shares.list);
    free(tally->medians.list);
}

static struct verify_tally *tally_of(struct verify_summary *summary,
                                     const struct verify_case *what) {
    const size_t found = find(summary, what->subject, what->implementation);
    if (found < summary->tally_count) {
        return &summary->tallies[found];
    }
    if (summary->tally_count < VERIFY_MAX_TALLIES) {
        summary->tally_count++;
    }
    struct verify_tally *tally = &summary->tallies[summary->tally_count - 1];
    free_shares(tally);
    *tally = (struct verify_tally){.passed = 0};
    memcpy(tally->subject, what->subject, sizeof tally->subject);
    memcpy(tally->implementation, what->implementation, sizeof tally->implementation);
    return tally;
}

/* A share that cannot be kept for want of memory is missing from the median alone. */
static void keep(struct verify_values *values, double value) {
    if (values->count == values->capacity) {
        const size_t capacity = values->capacity ? 2 * values->capacity : 64;
        double *list = realloc(values->list, capacity * sizeof *list);
        if (!list) {
            return;
        }
        values->list = list;
        values->capacity = capacity;
    }
    values->list[values->count++] = value;
}

static void count(struct verify_summary *summary, const struct verify_case *what) {
    struct verify_tally *tally = tally_of(summary, what);
    const bool passed = what->outcome == VERIFY_OUTCOME_PASSED;
    const bool failed = what->outcome == VERIFY_OUTCOME_FAILED;
    const bool skipped = what->outcome == VERIFY_OUTCOME_SKIPPED;
    tally->passed += passed, summary->passed += passed;
    tally->failed += failed, summary->failed += failed;
    tally->skipped += skipped, summary->skipped += skipped;
    summary->number++;
    if (passed && what->kind != VERIFY_CASE_FUNCTION) {
        keep(&tally->shares, what->share);
    }
    if (passed && what->median_share > 0.0) {
        keep(&tally->medians, what->median_share);
    }
}

static int ascending(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median_of(const struct verify_values *values) {
    qsort(values->list, values->count, sizeof *values->list, ascending);
    return values->list[values->count / 2];
}

bool verify_tally_shares(const struct verify_tally *tally, struct verify_share_summary *summary) {
    if (tally->shares.count == 0) {
        return false;
    }
    summary->of_elements = tally->medians.count > 0 ? median_of(&tally->medians) : (double)NAN;
    summary->median = median_of(&tally->shares);
    summary->largest = tally->shares.list[tally->shares.count - 1];
    return true;
}

/* ---- progress ----------------------------------------------------------------------------- */

static void show_progress(const struct verify_report *report) {
    const struct verify_summary *summary = &report->summary;
    const bool last = summary->number == summary->cases;
    if (report->progress && (summary->number % 64 == 0 || last)) {
        fprintf(stderr, "\r%zu of %zu checked, %zu failed %s", summary->number, summary->cases,
                summary->failed, last ? "\n" : "");
    }
}

/* ---- the report --------------------------------------------------------------------------- */

struct verify_report *verify_report_create(size_t cases, uint64_t seed) {
    struct verify_report *report = calloc(1, sizeof *report);
    if (report) {
        report->summary.cases = cases;
        report->summary.seed = seed;
        report->progress = isatty(STDERR_FILENO);
    }
    return report;
}

bool verify_report_add(struct verify_report *report, const struct verify_format *format, FILE *out,
                       const char *name) {
    if (report->writer_count == MAX_WRITERS) {
        return false;
    }
    struct verify_report_writer *writer = &report->writers[report->writer_count];
    *writer = (struct verify_report_writer){
        .format = format, .out = out, .name = name, .summary = &report->summary};
    report->progress = report->progress && !isatty(fileno(out));
    if (!format->begin(writer)) {
        return false;
    }
    report->writer_count++;
    return true;
}

static void note_error(struct verify_report *report, size_t writer, int error) {
    if (report->error == 0) {
        report->error = error;
        report->unwritten = report->writers[writer].name;
    }
}

void verify_report_flush(struct verify_report *report) {
    for (size_t i = 0; i < report->writer_count; i++) {
        FILE *out = report->writers[i].out;
        if (fflush(out) != 0 || ferror(out)) {
            note_error(report, i, errno);
        }
    }
}

bool verify_report_good(const struct verify_report *report) {
    return report->error == 0;
}

void verify_report_case(struct verify_report *report, const struct verify_case *what) {
    count(&report->summary, what);
    for (size_t i = 0; i < report->writer_count; i++) {
        if (!report->writers[i].format->add(&report->writers[i], what)) {
            note_error(report, i, ENOMEM);
        }
    }
    verify_report_flush(report);
    show_progress(report);
}

struct verify_report_result verify_report_finish(struct verify_report *report,
                                                 const char *interrupted) {
    report->summary.interrupted = interrupted;
    for (size_t i = 0; i < report->writer_count; i++) {
        if (!report->writers[i].format->finish(&report->writers[i])) {
            note_error(report, i, ENOMEM);
        }
    }
    verify_report_flush(report);
    const struct verify_report_result result = {report->summary.failed, report->error,
                                                report->unwritten};
    for (size_t i = 0; i < report->summary.tally_count; i++) {
        free_shares(&report->summary.tallies[i]);
    }
    free(report);
    return result;
}
