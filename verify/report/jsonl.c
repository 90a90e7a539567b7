/* JSON Lines: an object per case, and one for the whole run at the end.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "verify/report/jsonl.h"

/* Returns null for text that is not UTF-8, as the name of a file may be. */
static json_t *text(const char *words) {
    json_t *value = json_string(words);
    return value ? value : json_null();
}

static json_t *number(double value) {
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *count(size_t value) {
    return json_integer((json_int_t)value);
}

json_t *verify_jsonl_seed(uint64_t seed) {
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRIu64, seed);
    return seed <= INT64_MAX ? json_integer((json_int_t)seed) : json_string(digits);
}

bool verify_jsonl_write(FILE *out, json_t *object, bool good) {
    good = good && json_dumpf(object, out, JSON_COMPACT | JSON_REAL_PRECISION(9)) == 0;
    json_decref(object);
    fputc('\n', out);
    return good || ferror(out);
}

static bool begin(struct verify_report_writer *writer) {
    (void)writer;
    return true;
}

/* ---- one case ----------------------------------------------------------------------------- */

static int set_unless_empty(json_t *object, const char *key, const char *words) {
    return *words ? json_object_set_new(object, key, text(words)) : 0;
}

static int set_pass(json_t *object, const struct verify_case *result) {
    int wrong = json_object_set_new(object, "checks", json_integer(result->checks));
    if (result->kind != VERIFY_CASE_FUNCTION) {
        wrong |= json_object_set_new(object, "share", number(result->share));
    }
    if (result->median_share > 0.0) {
        wrong |= json_object_set_new(object, "element_share", number(result->median_share));
    }
    return wrong | set_unless_empty(object, "kernel", result->kernel) |
           set_unless_empty(object, "note", result->note);
}

static int set_failure(json_t *object, const struct verify_case *result) {
    int wrong = json_object_set_new(object, "message", text(result->message));
    if (result->kind == VERIFY_CASE_PROBLEM) {
        wrong |= json_object_set_new(object, "data", text(verify_data_name(result->setup.data)));
        wrong |= json_object_set_new(object, "placement",
                                     text(verify_placement_name(result->setup.placement)));
    }
    return wrong | set_unless_empty(object, "vote", result->vote) |
           json_object_set_new(object, "reproduce", text(result->reproduce));
}

static bool add(struct verify_report_writer *writer, const struct verify_case *result) {
    static const char *const outcomes[] = {"passed", "failed", "skipped"};
    json_t *object =
        json_pack("{s:o, s:s, s:s, s:s, s:s, s:i}", "number", count(writer->summary->number),
                  "outcome", outcomes[result->outcome], "implementation", result->implementation,
                  "subject", result->subject, "case", result->text, "threads", result->threads);
    int wrong = 0;
    switch (result->outcome) {
    case VERIFY_OUTCOME_PASSED:
        wrong |= set_pass(object, result);
        break;
    case VERIFY_OUTCOME_FAILED:
        wrong |= set_failure(object, result);
        break;
    case VERIFY_OUTCOME_SKIPPED:
        wrong |= json_object_set_new(object, "message", text(result->message));
        break;
    }
    return verify_jsonl_write(writer->out, object, wrong == 0);
}

/* ---- the summary -------------------------------------------------------------------------- */

static json_t *tally_object(const struct verify_tally *tally) {
    struct verify_share_summary shares;
    json_t *object =
        json_pack("{s:s, s:s, s:o, s:o, s:o}", "subject", tally->subject, "implementation",
                  tally->implementation, "passed", count(tally->passed), "failed",
                  count(tally->failed), "skipped", count(tally->skipped));
    if (!verify_tally_shares(tally, &shares)) {
        return object;
    }
    int wrong = json_object_set_new(object, "element_share", number(shares.of_elements));
    wrong |= json_object_set_new(object, "median_share", number(shares.median));
    wrong |= json_object_set_new(object, "largest_share", number(shares.largest));
    if (wrong != 0) {
        json_decref(object);
        return NULL;
    }
    return object;
}

/* Returns NULL if there is not enough memory. */
static json_t *tally_objects(const struct verify_summary *summary) {
    json_t *tallies = json_array();
    int wrong = 0;
    for (size_t i = 0; i < summary->tally_count; i++) {
        wrong |= json_array_append_new(tallies, tally_object(&summary->tallies[i]));
    }
    if (wrong != 0) {
        json_decref(tallies);
        return NULL;
    }
    return tallies;
}

static bool finish(struct verify_report_writer *writer) {
    const struct verify_summary *summary = writer->summary;
    json_t *object = json_pack("{s:s, s:o, s:o, s:o, s:o, s:o}", "version", norma_version(), "seed",
                               verify_jsonl_seed(summary->seed), "cases", count(summary->cases),
                               "passed", count(summary->passed), "failed", count(summary->failed),
                               "skipped", count(summary->skipped));
    int wrong = 0;
    if (summary->interrupted) {
        wrong |= json_object_set_new(object, "interrupted", text(summary->interrupted));
    }
    wrong |= json_object_set_new(object, "tallies", tally_objects(summary));
    return verify_jsonl_write(writer->out, json_pack("{s:o}", "summary", object), wrong == 0);
}

const struct verify_format verify_format_jsonl = {"jsonl", begin, add, finish};
