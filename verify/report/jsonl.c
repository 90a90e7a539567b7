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
    json_t *object = json_object();
    int wrong = json_object_set_new(object, "number", count(writer->summary->number));
    wrong |= json_object_set_new(object, "outcome", text(outcomes[result->outcome]));
    wrong |= json_object_set_new(object, "implementation", text(result->implementation));
    wrong |= json_object_set_new(object, "subject", text(result->subject));
    wrong |= json_object_set_new(object, "case", text(result->text));
    wrong |= json_object_set_new(object, "threads", json_integer(result->threads));
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
    json_t *object = json_object();
    int wrong = json_object_set_new(object, "subject", text(tally->subject));
    wrong |= json_object_set_new(object, "implementation", text(tally->implementation));
    wrong |= json_object_set_new(object, "passed", count(tally->passed));
    wrong |= json_object_set_new(object, "failed", count(tally->failed));
    wrong |= json_object_set_new(object, "skipped", count(tally->skipped));
    if (verify_tally_shares(tally, &shares)) {
        wrong |= json_object_set_new(object, "element_share", number(shares.of_elements));
        wrong |= json_object_set_new(object, "median_share", number(shares.median));
        wrong |= json_object_set_new(object, "largest_share", number(shares.largest));
    }
    if (wrong != 0) {
        json_decref(object);
        return NULL;
    }
    return object;
}

static bool finish(struct verify_report_writer *writer) {
    const struct verify_summary *summary = writer->summary;
    json_t *object = json_object(), *tallies = json_array(), *line = json_object();
    int wrong = json_object_set_new(line, "summary", object);
    wrong |= json_object_set_new(object, "version", text(norma_version()));
    wrong |= json_object_set_new(object, "seed", verify_jsonl_seed(summary->seed));
    wrong |= json_object_set_new(object, "cases", count(summary->cases));
    wrong |= json_object_set_new(object, "passed", count(summary->passed));
    wrong |= json_object_set_new(object, "failed", count(summary->failed));
    wrong |= json_object_set_new(object, "skipped", count(summary->skipped));
    if (summary->interrupted) {
        wrong |= json_object_set_new(object, "interrupted", text(summary->interrupted));
    }
    wrong |= json_object_set_new(object, "tallies", tallies);
    for (size_t i = 0; i < summary->tally_count; i++) {
        wrong |= json_array_append_new(tallies, tally_object(&summary->tallies[i]));
    }
    return verify_jsonl_write(writer->out, line, wrong == 0);
}

const struct verify_format verify_format_jsonl = {"jsonl", begin, add, finish};
