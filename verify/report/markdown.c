/* Markdown, for the page of a CI job: failures with the commands that reproduce them, then a table
 * of counts and shares of the bound. Everything is written at the end, because the counts come
 * first.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _POSIX_C_SOURCE 200809L
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "verify/report/format.h"

enum { SHOWN = 50 }; /* failures, as the size of a page is limited */

struct page {
    const char *implementations[VERIFY_MAX_IMPLEMENTATIONS];
    size_t implementation_count;
    FILE *failures;
    char *text;
    size_t size;
};

static bool begin(struct verify_report_writer *writer) {
    struct page *page = calloc(1, sizeof *page);
    writer->state = page;
    if (page) {
        page->failures = open_memstream(&page->text, &page->size);
    }
    if (page && !page->failures) {
        free(page);
        return false;
    }
    return page != NULL;
}

/* ---- failures ----------------------------------------------------------------------------- */

static bool add(struct verify_report_writer *writer, const struct verify_case *result) {
    const struct page *page = writer->state;
    if (result->outcome != VERIFY_OUTCOME_FAILED || writer->summary->failed > SHOWN) {
        return true;
    }
    char description[VERIFY_CASE_DESCRIPTION];
    verify_case_describe_failure(result, "    ", description);
    fprintf(page->failures, "%s %s\n%s    %s\n", result->implementation, result->text, description,
            result->reproduce);
    return !ferror(page->failures);
}

static void write_failures(FILE *out, const struct page *page,
                           const struct verify_summary *summary) {
    if (summary->failed == 0) {
        return;
    }
    fprintf(out, "```text\n");
    fwrite(page->text, 1, page->size, out);
    if (summary->failed > SHOWN) {
        fprintf(out, "and %zu more\n", summary->failed - SHOWN);
    }
    fprintf(out, "```\n\n");
}

/* ---- the table ---------------------------------------------------------------------------- */

static void note_implementation(struct page *page, const char *name) {
    for (size_t i = 0; i < page->implementation_count; i++) {
        if (strcmp(page->implementations[i], name) == 0) {
            return;
        }
    }
    if (page->implementation_count < VERIFY_MAX_IMPLEMENTATIONS) {
        page->implementations[page->implementation_count++] = name;
    }
}

static void write_cell(FILE *out, const struct verify_tally *tally) {
    struct verify_share_summary shares;
    if (!tally) {
        fprintf(out, " |");
        return;
    }
    if (tally->failed > 0) {
        fprintf(out, " **%zu failed**,", tally->failed);
    }
    fprintf(out, " %zu passed", tally->passed);
    if (tally->skipped > 0) {
        fprintf(out, ", %zu skipped", tally->skipped);
    }
    if (verify_tally_shares(tally, &shares)) {
        fprintf(out, "; ");
        if (!isnan(shares.of_elements)) {
            fprintf(out, "%.3f, ", shares.of_elements);
        }
        fprintf(out, "%.3f, %.3f", shares.median, shares.largest);
    }
    fprintf(out, " |");
}

static bool has_row(const struct verify_summary *summary, const char *subject) {
    for (size_t i = 0; i < summary->tally_count; i++) {
        if (strcmp(summary->tallies[i].subject, subject) == 0) {
            return true;
        }
    }
    return false;
}

static void write_table(FILE *out, const struct page *page, const struct verify_summary *summary) {
    if (page->implementation_count == 0) {
        return;
    }
    fprintf(out, "| |");
    for (size_t i = 0; i < page->implementation_count; i++) {
        fprintf(out, " %s |", page->implementations[i]);
    }
    fprintf(out, "\n|---|");
    for (size_t i = 0; i < page->implementation_count; i++) {
        fprintf(out, "---|");
    }
    fputc('\n', out);
    for (size_t k = 0; verify_report_subject(k); k++) {
        const char *subject = verify_report_subject(k);
        if (!has_row(summary, subject)) {
            continue;
        }
        fprintf(out, "| %s |", subject);
        for (size_t i = 0; i < page->implementation_count; i++) {
            write_cell(out, verify_summary_tally(summary, subject, page->implementations[i]));
        }
        fputc('\n', out);
    }
}

/* ---- the page ----------------------------------------------------------------------------- */

static bool finish(struct verify_report_writer *writer) {
    const struct verify_summary *summary = writer->summary;
    struct page *page = writer->state;
    FILE *out = writer->out;
    const bool good = fclose(page->failures) == 0;
    for (size_t i = 0; i < summary->tally_count; i++) {
        note_implementation(page, summary->tallies[i].implementation);
    }
    fprintf(out, "## norma-verify: %zu passed, %zu failed, %zu skipped\n\n", summary->passed,
            summary->failed, summary->skipped);
    if (summary->interrupted) {
        fprintf(out, "**Interrupted: %s after %zu of %zu cases.**\n\n", summary->interrupted,
                summary->number, summary->cases);
    }
    if (good) {
        write_failures(out, page, summary);
    }
    write_table(out, page, summary);
    fprintf(out,
            "\nBehind the counts, shares of the error bound: the median of elements, and of the "
            "largest of each problem the median and the largest. "
            "norma-verify %s, seed %" PRIu64 ".\n\n",
            norma_version(), summary->seed);
    free(page->text);
    free(page);
    return good;
}

const struct verify_format verify_format_markdown = {"markdown", begin, add, finish};
