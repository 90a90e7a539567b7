/* JUnit's XML, as CI servers read it: a test suite for each implementation. Everything is written
 * at the end, because the counts of a suite precede its cases.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _POSIX_C_SOURCE 200809L
#include <stdlib.h>
#include <string.h>

#include "verify/report/format.h"

/* The test cases of one implementation. */
struct suite {
    char name[64];
    size_t passed, failed, skipped;
    double seconds;
    FILE *cases;
    char *text;
    size_t size;
};

struct suites {
    struct suite list[VERIFY_MAX_IMPLEMENTATIONS];
    size_t count;
};

static bool begin(struct verify_report_writer *writer) {
    writer->state = calloc(1, sizeof(struct suites));
    return writer->state != NULL;
}

/* Returns the suite of an implementation, which is created when first needed; NULL if there is not
 * enough memory. */
static struct suite *suite_of(struct suites *suites, const char *name) {
    for (size_t i = 0; i < suites->count; i++) {
        if (strcmp(suites->list[i].name, name) == 0) {
            return &suites->list[i];
        }
    }
    if (suites->count == VERIFY_MAX_IMPLEMENTATIONS) {
        return NULL;
    }
    struct suite *suite = &suites->list[suites->count];
    snprintf(suite->name, sizeof suite->name, "%s", name);
    suite->cases = open_memstream(&suite->text, &suite->size);
    suites->count += suite->cases != NULL;
    return suite->cases ? suite : NULL;
}

/* ---- XML ------------------------------------------------------------------------------------- */

/* Writes text, or the value of an attribute. The name of a file may have characters other than
 * printable ASCII, which must not be in a report. */
static void write_text(FILE *out, const char *text) {
    for (const char *p = text; *p; p++) {
        switch (*p) {
        case '<':
            fputs("&lt;", out);
            break;
        case '>':
            fputs("&gt;", out);
            break;
        case '&':
            fputs("&amp;", out);
            break;
        case '"':
            fputs("&quot;", out);
            break;
        default:
            fputc((*p >= ' ' && *p <= '~') || *p == '\n' ? *p : '?', out);
        }
    }
}

static void write_attribute(FILE *out, const char *name, const char *value) {
    fprintf(out, " %s=\"", name);
    write_text(out, value);
    fputc('"', out);
}

static void write_counts(FILE *out, size_t tests, size_t failures, size_t errors, size_t skipped) {
    fprintf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\"", tests, failures,
            errors, skipped);
}

static void write_seconds(FILE *out, double seconds) {
    fprintf(out, " time=\"%.6f\"", seconds);
}

/* Writes the start of the run, in UTC and without a zone, which the schemas of readers lack. */
static void write_start(FILE *out, const struct verify_summary *summary) {
    struct tm parts;
    char text[32] = "";
    if (gmtime_r(&summary->start, &parts)) {
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
    }
    write_attribute(out, "timestamp", text);
}

/* ---- one case -------------------------------------------------------------------------------- */

static void write_pass(FILE *out, const struct verify_case *result) {
    char description[VERIFY_CASE_DESCRIPTION];
    verify_case_describe_pass(result, description);
    fprintf(out, "><system-out>");
    write_text(out, description);
    fprintf(out, "</system-out></testcase>\n");
}

static void write_failure(FILE *out, const struct verify_case *result) {
    char description[VERIFY_CASE_DESCRIPTION];
    verify_case_describe_failure(result, "", description);
    fprintf(out, "><failure");
    write_attribute(out, "message", result->message);
    fputc('>', out);
    write_text(out, description);
    fprintf(out, "reproduce: ");
    write_text(out, result->reproduce);
    fprintf(out, "</failure></testcase>\n");
}

static void write_case(struct suite *suite, const struct verify_case *result) {
    FILE *out = suite->cases;
    fprintf(out, "    <testcase");
    write_attribute(out, "classname", result->subject);
    write_attribute(out, "name", result->text);
    write_seconds(out, result->seconds);
    suite->seconds += result->seconds;
    switch (result->outcome) {
    case VERIFY_OUTCOME_PASSED:
        suite->passed++;
        write_pass(out, result);
        break;
    case VERIFY_OUTCOME_FAILED:
        suite->failed++;
        write_failure(out, result);
        break;
    case VERIFY_OUTCOME_SKIPPED:
        suite->skipped++;
        fprintf(out, "><skipped");
        write_attribute(out, "message", result->message);
        fprintf(out, "/></testcase>\n");
        break;
    }
}

static bool add(struct verify_report_writer *writer, const struct verify_case *result) {
    struct suite *suite = suite_of(writer->state, result->implementation);
    if (suite) {
        write_case(suite, result);
    }
    return suite && !ferror(suite->cases);
}

/* ---- all cases ------------------------------------------------------------------------------- */

static bool write_suite(FILE *out, struct suite *suite, const struct verify_summary *summary) {
    const bool good = fclose(suite->cases) == 0;
    fprintf(out, "  <testsuite");
    write_attribute(out, "name", suite->name);
    write_counts(out, suite->passed + suite->failed + suite->skipped, suite->failed, 0,
                 suite->skipped);
    write_seconds(out, suite->seconds);
    write_start(out, summary);
    fprintf(out, ">\n");
    fwrite(suite->text, 1, good ? suite->size : 0, out);
    fprintf(out, "  </testsuite>\n");
    free(suite->text);
    return good;
}

/* Writes an error for an interrupted run, as readers would not miss the cases that did not run. */
static void write_interrupt(FILE *out, const struct verify_summary *summary) {
    fprintf(out, "  <testsuite name=\"norma-verify\"");
    write_counts(out, 1, 0, 1, 0);
    write_seconds(out, 0);
    write_start(out, summary);
    fprintf(out,
            ">\n    <testcase classname=\"norma-verify\" name=\"all cases\" time=\"0\"><error "
            "message=\"%s after %zu of %zu\"/></testcase>\n  </testsuite>\n",
            summary->interrupted, summary->number, summary->cases);
}

static bool finish(struct verify_report_writer *writer) {
    const struct verify_summary *summary = writer->summary;
    struct suites *suites = writer->state;
    FILE *out = writer->out;
    bool good = true;
    fprintf(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"norma-verify\"");
    write_counts(out, summary->number + (summary->interrupted != NULL), summary->failed,
                 summary->interrupted != NULL, summary->skipped);
    write_seconds(out, tool_seconds() - summary->begun);
    write_start(out, summary);
    fprintf(out, ">\n");
    for (size_t i = 0; i < suites->count; i++) {
        good = write_suite(out, &suites->list[i], summary) && good;
    }
    if (summary->interrupted) {
        write_interrupt(out, summary);
    }
    fprintf(out, "</testsuites>\n");
    free(suites);
    return good;
}

const struct verify_format verify_format_junit = {"junit", begin, add, finish};
