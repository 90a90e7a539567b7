/* SPDX-License-Identifier: Apache-2.0 */
#include "session.h"

#include <stdio.h>
#include <string.h>

#include "command.h"
#include "crash.h"
#include "hash.h"
#include "implementations.h"
#include "nonfinite.h"
#include "plugin.h"
#include "results.h"
#include "same.h"

void norma_session_command(const struct norma_session *session, const char *implementation,
                           char *text, size_t size) {
    char problem[NORMA_PROBLEM_TEXT];
    norma_problem_print(session->problem, problem, sizeof problem);
    norma_verify_command(implementation, session->threads, session->seed, problem, text, size);
}

static void announce(const struct norma_session *session,
                     const struct norma_implementation *implementation) {
    char command[NORMA_CRASH_COMMAND];
    norma_session_command(session, implementation->name, command, sizeof command);
    norma_crash_case(command);
}

static const struct norma_setup usual = {NORMA_DATA_NORMAL, NORMA_PLACE_BACK};

/* It is its implementation's turn. */
static void announce_turn(const struct norma_session *session,
                          const struct norma_progress *progress, struct norma_setup setup) {
    norma_guard_running(session->guard, (int)(progress - session->progress), setup);
    announce(session, progress->implementation);
}

/* ---- the vote ----------------------------------------------------------------------------- */

/* The third opinion: oneDNN about a kernel of ours, our fastest about oneDNN. */
static const struct norma_implementation *
voter_for(const struct norma_implementation *implementation) {
    if (strncmp(implementation->name, "onednn", strlen("onednn")) != 0) {
        return norma_implementation_find("onednn");
    }
    for (size_t i = 0; norma_implementation(i); i++) {
        if (norma_implementation_available(norma_implementation(i))) {
            return norma_implementation(i);
        }
    }
    return NULL;
}

static void ask(struct norma_session *session, struct norma_progress *progress,
                const struct norma_truth *truth, const struct norma_implementation *voter) {
    void *state = NULL;
    if (voter->create(voter, &state, session->problem, session->threads) != NORMA_OK) {
        return;
    }
    const struct norma_verdict verdict =
        norma_check(voter, state, session->problem, truth, progress->setup, &session->fences);
    voter->destroy(state);
    if (verdict.passed) {
        snprintf(progress->vote, sizeof progress->vote,
                 "%s agrees with the reference (%.3g of its bound): %s is wrong", voter->name,
                 verdict.share, progress->implementation->name);
    } else {
        snprintf(progress->vote, sizeof progress->vote,
                 "%s disagrees with the reference, too: suspect the reference", voter->name);
    }
}

/* A kernel that disagrees with the reference is wrong if a third party agrees with the reference;
 * if it does not, the reference is suspect. */
static void vote(struct norma_session *session, struct norma_progress *progress,
                 const struct norma_truth *truth) {
    const struct norma_implementation *voter = voter_for(progress->implementation);
    snprintf(progress->vote, sizeof progress->vote, "no third implementation can do this");
    if (voter) {
        announce(session, voter);
        norma_guard_voting(session->guard, voter->name);
        ask(session, progress, truth, voter);
        norma_guard_voting(session->guard, "");
    }
}

/* ---- against the reference ---------------------------------------------------------------- */

static void fail(struct norma_progress *progress, struct norma_setup setup,
                 const struct norma_verdict *verdict) {
    progress->failed = true;
    progress->setup = setup;
    progress->check = verdict->check;
    memcpy(progress->message, verdict->message, sizeof progress->message);
}

static enum norma_check_kind check_of_data(enum norma_data data) {
    static const enum norma_check_kind checks[NORMA_DATA_COUNT] = {
        [NORMA_DATA_LARGE_MEAN] = NORMA_CHECK_LARGE_MEAN,
        [NORMA_DATA_CONSTANT] = NORMA_CHECK_CONSTANT,
        [NORMA_DATA_DEFAULTS] = NORMA_CHECK_DEFAULTS,
        [NORMA_DATA_IMAGE] = NORMA_CHECK_IMAGE,
        [NORMA_DATA_TINY] = NORMA_CHECK_TINY,
        [NORMA_DATA_HUGE] = NORMA_CHECK_HUGE,
        [NORMA_DATA_OUTLIER] = NORMA_CHECK_OUTLIER,
    };
    return checks[data];
}

static enum norma_check_kind check_of_placement(enum norma_placement placement) {
    static const enum norma_check_kind checks[NORMA_PLACE_COUNT] = {
        [NORMA_PLACE_FRONT] = NORMA_CHECK_FRONT,
        [NORMA_PLACE_UNALIGNED] = NORMA_CHECK_UNALIGNED,
        [NORMA_PLACE_IN_PLACE] = NORMA_CHECK_IN_PLACE,
    };
    return checks[placement];
}

static bool is_data_wanted(enum norma_data data) {
    return data == NORMA_DATA_NORMAL || norma_check_wanted(check_of_data(data));
}

static bool is_placement_wanted(enum norma_placement placement) {
    return placement == NORMA_PLACE_BACK || norma_check_wanted(check_of_placement(placement));
}

/* The one placement of a kind of data other than normal, where not all are tried. */
static enum norma_placement place_of(enum norma_data data) {
    return data == NORMA_DATA_CONSTANT ? NORMA_PLACE_FRONT : NORMA_PLACE_BACK;
}

/* What data and placements show, they show in small tensors: large ones are there for tiles,
 * threads and caches. Styles can be larger than x. */
static bool is_large(const struct norma_problem *problem) {
    struct norma_tensor tensors[NORMA_TENSOR_COUNT];
    norma_tensors_of(problem, tensors);
    int64_t largest = 0;
    for (int id = 0; id < NORMA_TENSOR_COUNT; id++) {
        largest = tensors[id].count > largest ? tensors[id].count : largest;
    }
    return largest > 1 << 17;
}

/* Of the extremes, each problem has one; a large one has one of all kinds besides normal data. */
static bool has_turn(const struct norma_session *session, enum norma_data data) {
    const enum norma_data first =
        is_large(session->problem) ? NORMA_DATA_LARGE_MEAN : NORMA_DATA_EXTREMES;
    const size_t kinds = (size_t)(NORMA_DATA_COUNT - first);
    return session->single || data < first || session->turn % kinds == (size_t)(data - first);
}

/* Every placement on normal data; on others, one placement for each, or all. */
static bool wanted(const struct norma_session *session, struct norma_setup setup) {
    const bool thorough = session->single || (session->thorough && !is_large(session->problem));
    const bool everywhere =
        setup.data == NORMA_DATA_NORMAL || (thorough && setup.data < NORMA_DATA_EXTREMES);
    return is_placement_wanted(setup.placement) &&
           (everywhere || setup.placement == place_of(setup.data));
}

static bool is_open(const struct norma_progress *progress) {
    return progress->created == NORMA_OK && !progress->failed;
}

static void check(struct norma_session *session, struct norma_progress *progress,
                  const struct norma_truth *truth, struct norma_setup setup) {
    announce_turn(session, progress, setup);
    const struct norma_verdict verdict =
        norma_check(progress->implementation, progress->state, session->problem, truth, setup,
                    &session->fences);
    progress->checks++;
    if (verdict.share > progress->share) {
        progress->share = verdict.share;
    }
    if (setup.data == usual.data && setup.placement == usual.placement) {
        progress->median_share = verdict.median_share;
    }
    if (!verdict.passed) {
        fail(progress, setup, &verdict);
        if (session->vote) {
            vote(session, progress, truth);
        }
    }
}

/* ---- in other ways ------------------------------------------------------------------------ */

typedef struct norma_verdict another_way(const struct norma_subject *subject,
                                         const struct norma_truth *truth);

static struct norma_subject subject_of(struct norma_session *session,
                                       const struct norma_progress *progress) {
    return (struct norma_subject){progress->implementation, progress->state, session->problem,
                                  session->threads, &session->fences};
}

static void take(struct norma_progress *progress, const struct norma_verdict *verdict) {
    progress->checks++;
    if (!verdict->passed && !progress->failed) {
        fail(progress, usual, verdict);
    }
}

/* One of the ways in turn, or all. */
static void check_other_ways(struct norma_session *session, struct norma_progress *progress,
                             const struct norma_truth *truth) {
    static const struct {
        enum norma_check_kind check;
        another_way *compare;
    } ways[] = {
        {NORMA_CHECK_REPETITION, norma_check_repetition},
        {NORMA_CHECK_ENVIRONMENT, norma_check_environment},
        {NORMA_CHECK_THREADS, norma_check_threads},
    };
    const size_t count = sizeof ways / sizeof *ways;
    const struct norma_subject subject = subject_of(session, progress);
    for (size_t i = 0; i < count; i++) {
        if (norma_check_wanted(ways[i].check) && (session->single || session->turn % count == i)) {
            const struct norma_verdict verdict = ways[i].compare(&subject, truth);
            take(progress, &verdict);
        }
    }
}

/* One of the cases at each fourth problem, as each takes a reference of its own; or all. */
static void check_non_finite(struct norma_session *session, struct norma_progress *progress,
                             struct norma_truth *truth) {
    const struct norma_subject subject = subject_of(session, progress);
    for (int i = 0; i < NORMA_NON_FINITE_CASES; i++) {
        if (session->single || session->turn % (4 * NORMA_NON_FINITE_CASES) == 4 * (size_t)i) {
            const struct norma_verdict verdict =
                norma_check_non_finite(&subject, truth, session->seed, i);
            take(progress, &verdict);
        }
    }
}

/* What the implementation makes of normal data, against the first that made something of it. A
 * plug-in is compared with its base, and nobody with a plug-in. */
static void check_bits(struct norma_session *session, struct norma_progress *progress,
                       const struct norma_truth *truth) {
    void *pointers[NORMA_TENSOR_COUNT];
    const struct norma_subject subject = subject_of(session, progress);
    const char *base = norma_plugin_base(progress->implementation->name);
    if (base) {
        const struct norma_verdict verdict =
            norma_check_base(&subject, norma_implementation_find(base), truth);
        take(progress, &verdict);
        return;
    }
    if (norma_subject_execute(&subject, truth, pointers) != NORMA_OK) {
        return;
    }
    progress->hash = norma_results_hash(norma_hash_start(), session->problem, pointers);
    for (struct norma_progress *other = session->progress; other < progress; other++) {
        if (other->hash != 0 && other->hash != progress->hash) {
            const struct norma_verdict verdict = norma_verdict_failed(
                NORMA_CHECK_BITS, "not the bits of %s", other->implementation->name);
            take(progress, &verdict);
            return;
        }
    }
    progress->checks++;
}

/* What norma promises on top. */
static void check_promises(struct norma_session *session, struct norma_progress *progress,
                           struct norma_truth *truth) {
    announce_turn(session, progress, usual);
    check_other_ways(session, progress, truth);
    if (norma_check_wanted(NORMA_CHECK_BITS)) {
        check_bits(session, progress, truth);
    }
    if (norma_check_wanted(NORMA_CHECK_NON_FINITE)) {
        check_non_finite(session, progress, truth);
    }
}

/* ---- all of them -------------------------------------------------------------------------- */

/* Can who sums floats be bound to anything? Not at the ends of their range, nor where they cannot
 * even count the terms of a sum that cancels. */
static bool is_data_for_peers(const struct norma_problem *problem, enum norma_data data) {
    const bool countable = norma_elements(problem) <= 1 << 24;
    return data < NORMA_DATA_EXTREMES && (countable || data != NORMA_DATA_LARGE_MEAN);
}

static void check_implementation(struct norma_session *session, struct norma_progress *progress,
                                 struct norma_truth *truth, enum norma_data data) {
    const bool promises = norma_implementation_is_norma(progress->implementation);
    if (!promises && !is_data_for_peers(session->problem, data)) {
        return;
    }
    for (int place = 0; place < NORMA_PLACE_COUNT; place++) {
        const struct norma_setup setup = {data, (enum norma_placement)place};
        if (is_open(progress) && wanted(session, setup)) {
            check(session, progress, truth, setup);
        }
    }
    const bool empty = norma_elements(session->problem) == 0;
    if (data == NORMA_DATA_NORMAL && promises && !empty && is_open(progress)) {
        check_promises(session, progress, truth);
    }
}

static bool any_is_open(const struct norma_session *session) {
    for (size_t i = 0; i < session->count; i++) {
        if (is_open(&session->progress[i])) {
            return true;
        }
    }
    return false;
}

static void check_data(struct norma_session *session, enum norma_data data) {
    if (!any_is_open(session)) {
        return;
    }
    norma_guard_running(session->guard, NORMA_NOBODY, usual);
    struct norma_truth *truth = norma_truth_create(session->problem, data, session->seed);
    for (size_t i = 0; i < session->count; i++) {
        struct norma_progress *progress = &session->progress[i];
        if (!truth && progress->created == NORMA_OK) {
            progress->created = NORMA_NO_MEMORY;
        }
        if (is_open(progress)) {
            check_implementation(session, progress, truth, data);
        }
    }
    norma_truth_destroy(truth);
}

/* Without an epsilon, a set without variance is 0/0: NaN, as norma promises and peers do not. */
static bool is_asked(const struct norma_session *session,
                     const struct norma_implementation *implementation) {
    return session->single || session->problem->epsilon > 0.0 ||
           norma_implementation_is_norma(implementation);
}

/* It ended another process at this problem, and does not get a second chance. */
static bool is_lost(const struct norma_session *session, struct norma_progress *progress) {
    const size_t index = (size_t)(progress - session->progress);
    if (!session->guard || !session->guard->losses[index].lost) {
        return false;
    }
    const struct norma_loss *loss = &session->guard->losses[index];
    const struct norma_verdict verdict =
        norma_verdict_failed(NORMA_CHECK_FAULTS, "%s", loss->message);
    fail(progress, loss->setup, &verdict);
    return true;
}

static void begin(struct norma_session *session) {
    for (size_t i = 0; i < session->count; i++) {
        const struct norma_implementation *implementation = session->implementations[i];
        struct norma_progress *progress = &session->progress[i];
        *progress = (struct norma_progress){.implementation = implementation};
        if (is_lost(session, progress)) {
            continue;
        }
        if (!is_asked(session, implementation)) {
            progress->created = NORMA_UNSUPPORTED;
            continue;
        }
        announce_turn(session, progress, usual);
        progress->created = norma_implementation_available(implementation)
                                ? implementation->create(implementation, &progress->state,
                                                         session->problem, session->threads)
                                : NORMA_UNAVAILABLE_SET;
    }
}

void norma_session_check(struct norma_session *session) {
    begin(session);
    for (int i = 0; i < NORMA_DATA_COUNT; i++) {
        const enum norma_data data = (enum norma_data)i;
        if (is_data_wanted(data) && norma_data_suits(data, session->problem) &&
            has_turn(session, data)) {
            check_data(session, data);
        }
    }
}

void norma_session_end(struct norma_session *session) {
    for (size_t i = 0; i < session->count; i++) {
        struct norma_progress *progress = &session->progress[i];
        if (progress->state) {
            announce_turn(session, progress, usual);
            progress->implementation->destroy(progress->state);
            progress->state = NULL;
        }
    }
}
