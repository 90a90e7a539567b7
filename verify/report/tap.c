/* The Test Anything Protocol: a line per case, and a table at the end.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "verify/report/format.h"

static bool begin(struct verify_report_writer *writer) {
    if (!writer->summary->quiet) {
        fprintf(writer->out, "TAP version 13\n1..%zu\n", writer->summary->cases);
    }
    fprintf(writer->out, "# norma-verify %s --seed %" PRIu64 "\n", norma_version(),
            writer->summary->seed);
    return true;
}

/* ---- one case ----------------------------------------------------------------------------- */

static void write_pass(FILE *out, const struct verify_case *result) {
    char description[VERIFY_CASE_DESCRIPTION];
    verify_case_describe_pass(result, description);
    fprintf(out, " # %s\n", description);
}

static void write_failure(FILE *out, const struct verify_case *result) {
    char description[VERIFY_CASE_DESCRIPTION];
    verify_case_describe_failure(result, "# ", description);
    fprintf(out, "\n%s# reproduce: %s\n", description, result->reproduce);
}

static bool add(struct verify_report_writer *writer, const struct verify_case *result) {
    FILE *out = writer->out;
    if (writer->summary->quiet && result->outcome != VERIFY_OUTCOME_FAILED) {
        return true;
    }
    fprintf(out, "%s %zu - %s %s", result->outcome == VERIFY_OUTCOME_FAILED ? "not ok" : "ok",
            writer->summary->number, result->implementation, result->text);
    switch (result->outcome) {
    case VERIFY_OUTCOME_PASSED:
        write_pass(out, result);
        break;
    case VERIFY_OUTCOME_FAILED:
        write_failure(out, result);
        break;
    case VERIFY_OUTCOME_SKIPPED:
        fprintf(out, " # SKIP %s\n", result->message);
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
    const bool nothing = summary->passed + summary->failed == 0;
    fprintf(out, "#\n# %zu passed, %zu failed, %zu skipped, seed %" PRIu64 "%s\n", summary->passed,
            summary->failed, summary->skipped, summary->seed,
            nothing ? ": nothing was checked" : "");
    return true;
}

const struct verify_format verify_format_tap = {"tap", begin, add, finish};
