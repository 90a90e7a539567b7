/* Whether all machines give the same bits, in plain words.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "agreement.h"
#include "html.h"
#include "machine.h"
#include "report.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

static const char *verdict_of(enum norma_agreement agreement) {
    switch (agreement) {
    case NORMA_AGREE:
        return "All machines give the same bits: their digests agree.";
    case NORMA_AGREE_IN_PART:
        return "The digests that can be compared agree; not every machine has one of the same "
               "problems.";
    case NORMA_DIFFER:
        return "The digests DIFFER: the same problems gave other bits. At least one machine or "
               "build is wrong; norma-verify on each tells which.";
    case NORMA_NOT_COMPARABLE:
        return "The digests cannot be compared: no two machines were asked the same problems.";
    case NORMA_ONE_DIGEST:
        return "Only one machine has a digest: there is none to compare it with.";
    case NORMA_NO_DIGEST:
        break;
    }
    return "The results hold no digest: whether machines agree is not known.";
}

/* The machines with another digest of the same problems; "–": none. */
static char *rivals_of(const struct norma_view *view, const struct norma_digest *digest) {
    const struct norma_results *results = view->results;
    char *rivals = norma_text("%s", "");
    for (size_t i = 0; i < results->digest_count; ++i) {
        if (norma_digests_differ(digest, &results->digests[i])) {
            char *label =
                norma_machine_label(view, results->runs[results->digests[i].run].machine_index);
            char *longer = norma_text("%s%s%s", rivals, *rivals == '\0' ? "" : ", ", label);
            free(label);
            free(rivals);
            rivals = longer;
        }
    }
    if (*rivals == '\0') {
        free(rivals);
        rivals = norma_text("–");
    }
    return rivals;
}

static void write_digest(FILE *out, const struct norma_view *view,
                         const struct norma_digest *digest) {
    char *label = norma_machine_label(view, view->results->runs[digest->run].machine_index);
    char *command = norma_text("norma-verify --digest%s --seed %lld",
                               strcmp(digest->level, "quick") == 0 ? " --quick" : "", digest->seed);
    fputs("<tr>", out);
    norma_html_cell(out, label);
    fputs("<td><code>", out);
    norma_html_text(out, digest->digest);
    fputs("</code>", out);
    char *rivals = rivals_of(view, digest);
    norma_html_cell(out, rivals);
    free(rivals);
    norma_html_count(out, (size_t)digest->problems);
    norma_html_count(out, (size_t)digest->seed);
    norma_html_cell(out, *digest->level == '\0' ? "–" : digest->level);
    fputs("<td><code>", out);
    norma_html_text(out, command);
    fputs("</code></tr>\n", out);
    free(command);
    free(label);
}

void norma_report_agreement(FILE *out, const struct norma_view *view) {
    static const struct norma_column columns[] = {
        {"machine", 0}, {"digest", 0}, {"differs from", 0}, {"problems", 1},
        {"seed", 1},    {"level", 0},  {"to repeat it", 0},
    };
    enum norma_agreement agreement = norma_agreement(view);
    norma_html_heading(out, 2, "agreement", "Do the machines agree?");
    norma_html_paragraph(out, agreement == NORMA_DIFFER ? "notice grave" : "",
                         verdict_of(agreement));
    if (agreement == NORMA_NO_DIGEST) {
        return;
    }
    norma_html_paragraph(out, "note",
                         "A digest is one number for the bits of all results of norma's sets. Two "
                         "are comparable that have the same problems, seed and level.");
    norma_html_table(out, "digests", columns, sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < view->results->digest_count; ++i) {
        write_digest(out, view, &view->results->digests[i]);
    }
    norma_html_table_end(out);
    for (size_t m = 0; m < view->machine_count; ++m) {
        if (norma_machine_digest(view, m) == NULL) {
            char *label = norma_machine_label(view, m),
                 *text = norma_text("No digest of %s.", label);
            norma_html_paragraph(out, "note", text);
            free(text);
            free(label);
        }
    }
}
