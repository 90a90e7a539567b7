/* The notes below a table: what was counted, and which figures do not say what they seem to.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/measure/measure.h"
#include "bench/run/table.h"
#include "bench/run/table_columns.h"
#include "verify/harness/tool/tool.h"

#include <stdlib.h>
#include <string.h>

/* Prints a note, and frees it. */
static void put_note(const struct bench_table_view *view, char *note, FILE *out) {
    bench_put_wrapped(note, 0, view->width, out);
    free(note);
}

static const char *name_of(const struct bench_entry *entry) {
    return entry->contender.implementation->name;
}

/* ---- other work on the cores ---------------------------------------------------------------- */

static void note_disturbed(const struct bench_table_view *view, FILE *out) {
    size_t disturbed = 0, all = 0;
    for (size_t i = 0; i < view->count; i++) {
        const struct bench_contender *contender = &view->entries[i].contender;
        disturbed += contender->uncertain ? 0 : contender->disturbed;
        all += bench_contender_quality(contender).samples;
    }
    if (disturbed > 0) {
        put_note(view,
                 tool_text("%zu of %zu samples were left out, as other work had a core meanwhile",
                           disturbed, all),
                 out);
    }
}

static void note_uncertain(const struct bench_table_view *view, FILE *out) {
    for (size_t i = 0; i < view->count; i++) {
        const struct bench_contender *contender = &view->entries[i].contender;
        if (bench_has_samples(&view->entries[i]) && contender->uncertain) {
            put_note(
                view,
                tool_text(
                    "? %s: uncertain, as other work had a core during %zu of %zu samples; the time "
                    "that it took is left out",
                    name_of(&view->entries[i]), contender->disturbed, contender->count),
                out);
        }
    }
}

/* ---- the ceilings --------------------------------------------------------------------------- */

/* A plain store reads the line first, so a plain copy moves 3 bytes where a streaming one moves 2,
 * and takes at most 1.5 times as long as anything that moves the same. A streaming ceiling may be
 * slow by any factor: in caches it is. The better of both is the ceiling; there, a kernel may be a
 * little faster, as loops need a moment to begin. */
static const double most_of_plain = 2, most_of_best = 1.1;

static double rate_of(const struct bench_table_view *view, const struct bench_entry *entry,
                      double seconds) {
    return bench_gigabytes_per_second(&view->test_case->problem, entry, seconds);
}

/* Returns the row with the highest rate, of the ceilings only or of all; NULL if there is none. */
static const struct bench_entry *fastest(const struct bench_table_view *view, bool ceilings_only) {
    const struct bench_entry *best = NULL;
    double best_rate = 0;
    for (size_t i = 0; i < view->count; i++) {
        const struct bench_entry *entry = &view->entries[i];
        const double rate =
            bench_has_samples(entry) ? rate_of(view, entry, entry->contender.estimate.median) : 0;
        if (rate > best_rate && (entry->is_ceiling || !ceilings_only)) {
            best = entry;
            best_rate = rate;
        }
    }
    return best;
}

/* Returns whether the row is more than `most` times as fast as the ceiling, beyond doubt. */
static bool contradicts(const struct bench_table_view *view, const struct bench_entry *row,
                        const struct bench_entry *ceiling, double most) {
    return rate_of(view, row, row->contender.estimate.high) >
           most * rate_of(view, ceiling, ceiling->contender.estimate.low);
}

static bool is_streaming(const struct bench_entry *ceiling) {
    return strstr(name_of(ceiling), "-stream") != NULL;
}

static void note_contradictions(const struct bench_table_view *view, FILE *out) {
    const struct bench_entry *best = fastest(view, true), *row = fastest(view, false);
    for (size_t i = 0; i < view->count; i++) {
        const struct bench_entry *ceiling = &view->entries[i];
        if (!ceiling->is_ceiling || !bench_has_samples(ceiling) ||
            (ceiling != best && is_streaming(ceiling)) ||
            !contradicts(view, row, ceiling, ceiling == best ? most_of_best : most_of_plain)) {
            continue;
        }
        put_note(
            view,
            tool_text("? %s: no ceiling here, or disturbed, as %s moves as much %.1f times as fast",
                      name_of(ceiling), name_of(row),
                      rate_of(view, row, row->contender.estimate.median) /
                          rate_of(view, ceiling, ceiling->contender.estimate.median)),
            out);
    }
}

/* ---- counters ------------------------------------------------------------------------------- */

static void print_counters(const struct bench_table_view *view, FILE *out) {
    for (size_t i = 0; i < view->count; i++) {
        const struct bench_entry *entry = &view->entries[i];
        if (bench_has_samples(entry) && entry->contender.counts.executions > 0) {
            fprintf(out, "%s: ", name_of(entry));
            bench_counts_print(out, &entry->contender.counts);
            fputc('\n', out);
        }
    }
}

void bench_table_notes_print(const struct bench_table_view *view, FILE *out) {
    print_counters(view, out);
    note_disturbed(view, out);
    note_uncertain(view, out);
    note_contradictions(view, out);
}
