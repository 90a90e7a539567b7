/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/program/program.h"

#include <inttypes.h>

#include "verify/checks/checks.h"
#include "verify/harness/harness.h"
#include "verify/harness/tool/tool.h"
#include "verify/program/verify_run.h"
#include "verify/report/report.h"
#include "verify/truth/truth.h"

/* ---- one problem -------------------------------------------------------------------------- */

/* The state of one implementation and the hash of its results so far. */
struct progress {
    void *state;
    norma_status status;
    uint64_t hash;
};

struct session {
    const struct verify_options *options;
    const struct norma_problem *problem;
    char text[NORMA_PROBLEM_TEXT]; /* of the problem */
    int threads;
    struct verify_fences fences;
    struct progress progress[VERIFY_MAX_IMPLEMENTATIONS];
};

static void announce(const struct session *session, size_t index) {
    char command[TOOL_CRASH_COMMAND];
    verify_print_command("--digest", session->options->implementations[index]->name,
                         session->threads, session->options->seed, session->text, command,
                         sizeof command);
    tool_crash_case(command);
}

static void begin(struct session *session, size_t index) {
    const struct reference_implementation *implementation =
        session->options->implementations[index];
    struct progress *progress = &session->progress[index];
    announce(session, index);
    *progress = (struct progress){.hash = verify_hash_start()};
    progress->status = implementation->create(implementation, &progress->state, session->problem,
                                              session->threads);
}

static void execute(struct session *session, size_t index, const struct verify_truth *truth,
                    enum verify_data data) {
    const struct verify_setup setup = {data, VERIFY_PLACE_BACK};
    struct progress *progress = &session->progress[index];
    const struct verify_subject subject = {session->options->implementations[index],
                                           progress->state,
                                           session->problem,
                                           session->threads,
                                           &session->fences,
                                           session->options->seed,
                                           NULL};
    void *pointers[REFERENCE_TENSOR_COUNT];
    if (progress->status != NORMA_STATUS_OK) {
        return;
    }
    announce(session, index);
    progress->status =
        truth ? verify_check_execute(&subject, truth, setup, pointers) : NORMA_STATUS_NO_MEMORY;
    if (progress->status == NORMA_STATUS_OK) {
        progress->hash = verify_results_hash(progress->hash, session->problem, pointers);
    }
}

/* Releases the state, and checks whether the implementation could do the problem and gave the bits
 * of the first one. */
static bool finish(struct session *session, size_t index) {
    const struct reference_implementation *const *list = session->options->implementations;
    struct progress *progress = &session->progress[index];
    if (progress->state) {
        list[index]->destroy(progress->state);
    }
    if (progress->status != NORMA_STATUS_OK) {
        tool_say("%s: %s: %s", list[index]->name, session->text, norma_strerror(progress->status));
        return false;
    }
    if (progress->hash != session->progress[0].hash) {
        tool_say("%s: %s does not have the bits of %s", list[index]->name, session->text,
                 list[0]->name);
        return false;
    }
    return true;
}

/* Returns the number of implementations that differ from the first. */
static size_t digest_problem(struct session *session) {
    const struct verify_options *options = session->options;
    size_t different = 0;
    for (size_t i = 0; i < options->implementation_count; i++) {
        begin(session, i);
    }
    for (int data = 0; data < VERIFY_DATA_EXTREMES; data++) {
        if (!verify_data_suits((enum verify_data)data, session->problem)) {
            continue;
        }
        struct verify_truth *truth =
            verify_truth_create_inputs(session->problem, (enum verify_data)data, options->seed);
        for (size_t i = 0; i < options->implementation_count; i++) {
            execute(session, i, truth, (enum verify_data)data);
        }
        verify_truth_destroy(truth);
    }
    for (size_t i = 0; i < options->implementation_count; i++) {
        different += !finish(session, i);
    }
    return different;
}

/* ---- all problems ------------------------------------------------------------------------- */

enum { HASH_DIGITS = 17 };

static void print_hash(uint64_t hash, char digits[HASH_DIGITS]) {
    snprintf(digits, HASH_DIGITS, "%016" PRIx64, hash);
}

static bool is_jsonl(const struct verify_options *options) {
    return options->format == &verify_format_jsonl;
}

static bool write_problem(const struct session *session, FILE *out) {
    char digits[HASH_DIGITS];
    print_hash(session->progress[0].hash, digits);
    if (!is_jsonl(session->options)) {
        fprintf(out, "%s  %s\n", digits, session->text);
        return true;
    }
    json_t *line = json_pack("{s:s, s:i, s:s, s:s}", "type", "problem_digest", "schema", 1,
                             "digest", digits, "problem", session->text);
    return verify_jsonl_write(out, line, line != NULL);
}

/* Returns the name of the set of problems, which must be the same in digests that are compared. */
static const char *level_of(const struct verify_options *options) {
    static const char *const names[] = {
        [VERIFY_LEVEL_QUICK] = "quick",
        [VERIFY_LEVEL_STANDARD] = "standard",
        [VERIFY_LEVEL_FULL] = "full",
    };
    return options->built_in ? names[options->level] : "given";
}

static bool write_all(const struct verify_options *options, uint64_t hash, size_t count,
                      FILE *out) {
    char digits[HASH_DIGITS];
    print_hash(hash, digits);
    if (!is_jsonl(options)) {
        fprintf(out, "%s  all %zu problems, seed %" PRIu64 "\n", digits, count, options->seed);
        return true;
    }
    json_t *line = json_pack("{s:s, s:i, s:s, s:I, s:o, s:s}", "type", "digest", "schema", 1,
                             "digest", digits, "problems", (json_int_t)count, "seed",
                             verify_jsonl_seed(options->seed), "level", level_of(options));
    return verify_jsonl_write(out, line, line != NULL);
}

bool verify_digest(const struct verify_options *options, FILE *out, size_t *different) {
    struct session session = {.options = options};
    uint64_t all = verify_hash_start();
    size_t count = 0;
    bool written = true;
    *different = 0;
    for (size_t i = 0; i < options->problems.count && written; i++) {
        if (!verify_shard_has(&options->shard, i)) {
            continue;
        }
        session.problem = &options->problems.list[i];
        session.threads = verify_threads(options, i);
        norma_problem_print(session.problem, session.text, sizeof session.text);
        *different += digest_problem(&session);
        written = write_problem(&session, out);
        all = verify_hash_word(all, session.progress[0].hash);
        count++;
    }
    written = written && write_all(options, all, count, out);
    verify_fences_release(&session.fences);
    return written;
}
