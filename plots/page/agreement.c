/* Writes whether all machines give the same bits.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "plots/draw/draw.h"
#include "plots/figures/figures.h"
#include "plots/page/html.h"
#include "plots/page/page_parts.h"
#include "plots/read/read.h"

#include <stdlib.h>
#include <string.h>

static const char *verdict_of(enum plot_agreement agreement) {
    switch (agreement) {
    case PLOT_AGREE:
        return "All machines give the same bits: their digests agree.";
    case PLOT_AGREE_IN_PART:
        return "The digests that can be compared agree; not every machine has one of the same "
               "problems.";
    case PLOT_DIFFER:
        return "The digests DIFFER: the same problems gave other bits. At least one machine or "
               "build is wrong; norma-verify on each tells which.";
    case PLOT_NOT_COMPARABLE:
        return "The digests cannot be compared: no two machines have one of the same problems.";
    case PLOT_ONE_DIGEST:
        return "Only one machine has a digest: there is none to compare it with.";
    case PLOT_NO_DIGEST:
        break;
    }
    return "The results hold no digest: whether machines agree is not known.";
}

/* Returns the machines that have another digest of the same problems; "–": none. */
static char *rivals_of(const struct plot_view *view, const struct plot_digest *digest) {
    const struct plot_results *results = view->results;
    char *rivals = tool_text("%s", "");
    for (size_t i = 0; i < results->digest_count; i++) {
        if (plot_digests_differ(digest, &results->digests[i])) {
            char *label =
                plot_machine_label(view, results->runs[results->digests[i].run].machine_index);
            char *longer = tool_text("%s%s%s", rivals, *rivals == '\0' ? "" : ", ", label);
            free(label);
            free(rivals);
            rivals = longer;
        }
    }
    if (*rivals == '\0') {
        free(rivals);
        rivals = tool_text("–");
    }
    return rivals;
}

static void write_digest(FILE *out, const struct plot_view *view,
                         const struct plot_digest *digest) {
    char *label = plot_machine_label(view, view->results->runs[digest->run].machine_index);
    char *command = tool_text("norma-verify --digest%s --seed %lld",
                              strcmp(digest->level, "quick") == 0 ? " --quick" : "", digest->seed);
    fputs("<tr>", out);
    plot_html_cell(out, label);
    plot_html_code(out, digest->digest);
    char *rivals = rivals_of(view, digest);
    plot_html_cell(out, rivals);
    free(rivals);
    plot_html_count(out, (size_t)digest->problems);
    plot_html_count(out, (size_t)digest->seed);
    plot_html_cell(out, *digest->level == '\0' ? "–" : digest->level);
    plot_html_code(out, command);
    fputs("</tr>\n", out);
    free(command);
    free(label);
}

void plot_report_agreement(FILE *out, const struct plot_view *view) {
    static const struct plot_column columns[] = {
        {"machine", 0}, {"digest", 0}, {"differs from", 0}, {"problems", 1},
        {"seed", 1},    {"level", 0},  {"to repeat it", 0},
    };
    enum plot_agreement agreement = plot_agreement_of(view);
    plot_html_heading(out, 2, "agreement", "Do the machines agree?");
    plot_html_paragraph(out, agreement == PLOT_DIFFER ? "notice grave" : "", verdict_of(agreement));
    if (agreement == PLOT_NO_DIGEST) {
        return;
    }
    plot_html_paragraph(out, "note",
                        "A digest is one number for the bits of all results of norma's sets. Two "
                        "digests can be compared if their problems, seed and level are the same.");
    plot_html_table(out, "digests", columns, sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < view->results->digest_count; i++) {
        write_digest(out, view, &view->results->digests[i]);
    }
    plot_html_table_end(out);
    for (size_t m = 0; m < view->machine_count; m++) {
        if (!plot_machine_digest(view, m)) {
            char *label = plot_machine_label(view, m), *text = tool_text("No digest of %s.", label);
            plot_html_paragraph(out, "note", text);
            free(text);
            free(label);
        }
    }
}
