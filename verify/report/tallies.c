/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/report/tallies.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *verify_report_subject(size_t index) {
    if (index == 0) {
        return "vocabulary";
    }
    if (index <= NORMA_OPERATOR_COUNT) {
        return norma_operator_name((norma_operator)(index - 1));
    }
    return index == NORMA_OPERATOR_COUNT + 1 ? "property" : NULL;
}

/* ---- tallies ------------------------------------------------------------------------------ */

/* Returns the index of a tally; the number of tallies if there is none. */
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
                                     const struct verify_case *result) {
    const size_t found = find(summary, result->subject, result->implementation);
    if (found < summary->tally_count) {
        return &summary->tallies[found];
    }
    if (summary->tally_count < VERIFY_MAX_TALLIES) {
        summary->tally_count++;
    }
    struct verify_tally *tally = &summary->tallies[summary->tally_count - 1];
    free_shares(tally);
    *tally = (struct verify_tally){.passed = 0};
    memcpy(tally->subject, result->subject, sizeof tally->subject);
    memcpy(tally->implementation, result->implementation, sizeof tally->implementation);
    return tally;
}

/* Appends a value. One for which there is no memory is only missing from the median. */
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

void verify_summary_count(struct verify_summary *summary, const struct verify_case *result) {
    struct verify_tally *tally = tally_of(summary, result);
    const bool passed = result->outcome == VERIFY_OUTCOME_PASSED;
    const bool failed = result->outcome == VERIFY_OUTCOME_FAILED;
    const bool skipped = result->outcome == VERIFY_OUTCOME_SKIPPED;
    tally->passed += passed, summary->passed += passed;
    tally->failed += failed, summary->failed += failed;
    tally->skipped += skipped, summary->skipped += skipped;
    tally->too_large += result->too_large;
    summary->number++;
    if (passed && result->kind != VERIFY_CASE_FUNCTION) {
        keep(&tally->shares, result->share);
    }
    if (passed && result->median_share > 0.0) {
        keep(&tally->medians, result->median_share);
    }
}

bool verify_summary_was_too_large(const struct verify_summary *summary,
                                  const char *implementation) {
    size_t count = 0;
    for (size_t i = 0; i < summary->tally_count; i++) {
        const struct verify_tally *tally = &summary->tallies[i];
        count += strcmp(tally->implementation, implementation) == 0 ? tally->too_large : 0;
    }
    return count > 0;
}

/* ---- shares ------------------------------------------------------------------------------- */

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

void verify_summary_release(struct verify_summary *summary) {
    for (size_t i = 0; i < summary->tally_count; i++) {
        free_shares(&summary->tallies[i]);
    }
}
