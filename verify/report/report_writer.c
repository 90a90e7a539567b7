/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "verify/report/report_writer.h"

#include <errno.h>
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
    int error;             /* errno of the first failed write; 0: all succeeded */
    const char *unwritten; /* the name of the file that it was for */
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

/* ---- progress ----------------------------------------------------------------------------- */

static void show_progress(const struct verify_report *report) {
    const struct verify_summary *summary = &report->summary;
    const bool last = summary->number == summary->cases;
    if (report->progress && (summary->number % 64 == 0 || last)) {
        char *line = tool_text("%zu of %zu checked, %zu failed", summary->number, summary->cases,
                               summary->failed);
        tool_status_line(line);
        free(line);
    }
}

/* ---- the report --------------------------------------------------------------------------- */

struct verify_report *verify_report_create(size_t cases, uint64_t seed, bool quiet) {
    struct verify_report *report = calloc(1, sizeof *report);
    if (report) {
        report->summary.cases = cases;
        report->summary.seed = seed;
        report->summary.quiet = quiet;
        report->summary.start = time(NULL);
        report->summary.begun = tool_seconds();
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
    report->progress = report->progress && (report->summary.quiet || !isatty(fileno(out)));
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

void verify_report_case(struct verify_report *report, const struct verify_case *result) {
    verify_summary_count(&report->summary, result);
    tool_status_line(NULL);
    for (size_t i = 0; i < report->writer_count; i++) {
        if (!report->writers[i].format->add(&report->writers[i], result)) {
            note_error(report, i, ENOMEM);
        }
    }
    verify_report_flush(report);
    show_progress(report);
}

bool verify_report_was_too_large(const struct verify_report *report, const char *implementation) {
    return verify_summary_was_too_large(&report->summary, implementation);
}

struct verify_report_result verify_report_finish(struct verify_report *report,
                                                 const char *interrupted) {
    report->summary.interrupted = interrupted;
    tool_status_line(NULL);
    for (size_t i = 0; i < report->writer_count; i++) {
        if (!report->writers[i].format->finish(&report->writers[i])) {
            note_error(report, i, ENOMEM);
        }
    }
    verify_report_flush(report);
    const struct verify_report_result result = {
        .failed = report->summary.failed,
        .checked = report->summary.passed + report->summary.failed,
        .error = report->error,
        .unwritten = report->unwritten,
    };
    verify_summary_release(&report->summary);
    free(report);
    return result;
}
