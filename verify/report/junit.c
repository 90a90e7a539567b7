/* JUnit's XML, as CI servers read it: a test suite for each implementation. As its counts precede
 * its cases, everything is written at the end.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _POSIX_C_SOURCE 200809L
#include <stdlib.h>
#include <string.h>

#include "verify/harness/harness.h"
#include "verify/report/format.h"

/* The test cases of one implementation. */
struct suite {
    char name[64];
    size_t passed, failed, skipped;
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

/* NULL: no memory. */
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

/* Text, or the value of an attribute. What is no printable ASCII is not to be in a report, but may
 * be in the name of a file. */
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

/* ---- one case -------------------------------------------------------------------------------- */

static void write_pass(FILE *out, const struct verify_case *what) {
    fprintf(out, "><system-out>");
    if (what->kind == VERIFY_CASE_FUNCTION) {
        fprintf(out, "%d lanes", what->checks);
    } else {
        fprintf(out, "share of bound %.3f, %d checks", what->share, what->checks);
    }
    if (*what->kernel) {
        fprintf(out, ", kernel ");
        write_text(out, what->kernel);
    }
    if (*what->note) {
        fprintf(out, "; ");
        write_text(out, what->note);
    }
    fprintf(out, "</system-out></testcase>\n");
}

static void write_failure(FILE *out, const struct verify_case *what) {
    fprintf(out, "><failure");
    write_attribute(out, "message", what->message);
    fputc('>', out);
    write_text(out, what->message);
    fputc('\n', out);
    if (what->kind == VERIFY_CASE_PROBLEM) {
        fprintf(out, "data %s, placement %s, threads %d\n", verify_data_name(what->setup.data),
                verify_placement_name(what->setup.placement), what->threads);
    }
    if (*what->vote) {
        fprintf(out, "vote: ");
        write_text(out, what->vote);
        fputc('\n', out);
    }
    fprintf(out, "reproduce: ");
    write_text(out, what->reproduce);
    fprintf(out, "</failure></testcase>\n");
}

static void write_case(struct suite *suite, const struct verify_case *what) {
    FILE *out = suite->cases;
    fprintf(out, "    <testcase");
    write_attribute(out, "classname", what->subject);
    write_attribute(out, "name", what->text);
    switch (what->outcome) {
    case VERIFY_OUTCOME_PASSED:
        suite->passed++;
        write_pass(out, what);
        break;
    case VERIFY_OUTCOME_FAILED:
        suite->failed++;
        write_failure(out, what);
        break;
    case VERIFY_OUTCOME_SKIPPED:
        suite->skipped++;
        fprintf(out, "><skipped");
        write_attribute(out, "message", what->message);
        fprintf(out, "/></testcase>\n");
        break;
    }
}

static bool add(struct verify_report_writer *writer, const struct verify_case *what) {
    struct suite *suite = suite_of(writer->state, what->implementation);
    if (suite) {
        write_case(suite, what);
    }
    return suite && !ferror(suite->cases);
}

/* ---- all of them ----------------------------------------------------------------------------- */

static bool write_suite(FILE *out, struct suite *suite) {
    const bool good = fclose(suite->cases) == 0;
    fprintf(out, "  <testsuite");
    write_attribute(out, "name", suite->name);
    write_counts(out, suite->passed + suite->failed + suite->skipped, suite->failed, 0,
                 suite->skipped);
    fprintf(out, ">\n");
    fwrite(suite->text, 1, good ? suite->size : 0, out);
    fprintf(out, "  </testsuite>\n");
    free(suite->text);
    return good;
}

/* What did not run would be missed by nobody. */
static void write_interrupt(FILE *out, const struct verify_summary *summary) {
    fprintf(out, "  <testsuite name=\"norma-verify\"");
    write_counts(out, 1, 0, 1, 0);
    fprintf(out,
            ">\n    <testcase classname=\"norma-verify\" name=\"all cases\"><error "
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
    fprintf(out, ">\n");
    for (size_t i = 0; i < suites->count; i++) {
        good = write_suite(out, &suites->list[i]) && good;
    }
    if (summary->interrupted) {
        write_interrupt(out, summary);
    }
    fprintf(out, "</testsuites>\n");
    free(suites);
    return good;
}

const struct verify_format verify_format_junit = {"junit", begin, add, finish};
