/* The Test Anything Protocol: one line per case, a table at the end.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "verify/report/format.h"

static bool begin(struct verify_report_writer *writer) {
    fprintf(writer->out, "TAP version 13\n1..%zu\n# norma-verify %s --seed %" PRIu64 "\n",
            writer->summary->cases, norma_version(), writer->summary->seed);
    return true;
}

/* ---- one case ----------------------------------------------------------------------------- */

static void write_pass(FILE *out, const struct verify_case *what) {
    switch (what->kind) {
    case VERIFY_CASE_FUNCTION:
        fprintf(out, " # %d lanes\n", what->checks);
        break;
    case VERIFY_CASE_PROBLEM:
        fprintf(out, " # share of bound %.3f, %d checks, kernel %s%s%s\n", what->share,
                what->checks, what->kernel, *what->note ? "; " : "", what->note);
        break;
    case VERIFY_CASE_PROPERTY:
        fprintf(out, " # share of bound %.3f, %d checks\n", what->share, what->checks);
        break;
    }
}

static void write_failure(FILE *out, const struct verify_case *what) {
    fprintf(out, "\n# %s\n", what->message);
    if (what->kind == VERIFY_CASE_PROBLEM) {
        fprintf(out, "# data %s, placement %s, threads %d\n", verify_data_name(what->setup.data),
                verify_placement_name(what->setup.placement), what->threads);
    }
    if (*what->vote) {
        fprintf(out, "# vote: %s\n", what->vote);
    }
    fprintf(out, "# reproduce: %s\n", what->reproduce);
}

static bool add(struct verify_report_writer *writer, const struct verify_case *what) {
    FILE *out = writer->out;
    fprintf(out, "%s %zu - %s %s", what->outcome == VERIFY_OUTCOME_FAILED ? "not ok" : "ok",
            writer->summary->number, what->implementation, what->text);
    switch (what->outcome) {
    case VERIFY_OUTCOME_PASSED:
        write_pass(out, what);
        break;
    case VERIFY_OUTCOME_FAILED:
        write_failure(out, what);
        break;
    case VERIFY_OUTCOME_SKIPPED:
        fprintf(out, " # SKIP %s\n", what->message);
        break;
    }
    return true;
}

/* ---- the summary -------------------------------------------------------------------------- */

static void write_tally(FILE *out, const struct verify_tally *tally) {
    struct verify_share_summary shares;
    fprintf(out, "# %-10s %-16s %7zu %7zu %7zu", tally->subject, tally->implementation,
            tally->passed, tally->failed, tally->skipped);
    if (verify_tally_shares(tally, &shares)) {
        isnan(shares.of_elements) ? fprintf(out, "   %8s", "-")
                                  : fprintf(out, "   %8.3f", shares.of_elements);
        fprintf(out, " %7.3f %7.3f", shares.median, shares.largest);
    }
    fputc('\n', out);
}

static bool finish(struct verify_report_writer *writer) {
    const struct verify_summary *summary = writer->summary;
    FILE *out = writer->out;
    if (summary->interrupted) {
        fprintf(out, "Bail out! %s after %zu of %zu\n", summary->interrupted, summary->number,
                summary->cases);
    }
    fprintf(out, "#\n# %-10s %-16s %7s %7s %7s   %s\n", "op", "implementation", "passed", "failed",
            "skipped", "elements, median, max: shares of the bound");
    for (size_t k = 0; verify_report_subject(k); k++) {
        for (size_t i = 0; i < summary->tally_count; i++) {
            if (strcmp(summary->tallies[i].subject, verify_report_subject(k)) == 0) {
                write_tally(out, &summary->tallies[i]);
            }
        }
    }
    fprintf(out, "#\n# %zu passed, %zu failed, %zu skipped, seed %" PRIu64 "\n", summary->passed,
            summary->failed, summary->skipped, summary->seed);
    return true;
}

const struct verify_format verify_format_tap = {"tap", begin, add, finish};
