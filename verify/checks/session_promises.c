/* What these checks need is made once for all of norma's sets, as it takes longer than to execute
 * them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "verify/checks/session_promises.h"

#include "verify/checks/promises.h"
#include "verify/checks/tunings.h"

static struct verify_setup setup_of(const struct verify_truth *truth) {
    return (struct verify_setup){truth->data, VERIFY_PLACE_BACK};
}

/* Checks whether an implementation is a set of norma's, or norma in stages, that is still open and
 * is asked for such data. */
static bool is_next(const struct verify_session *session, const struct verify_truth *truth,
                    const struct verify_progress *progress) {
    return verify_progress_open(progress) &&
           progress->implementation->kind == REFERENCE_KIND_NORMA &&
           verify_session_asks(session, progress->implementation, truth->data);
}

/* Returns the progress of the next of these, whose turn begins; after NULL, the first. NULL beyond
 * the last. */
static struct verify_progress *next_set(struct verify_session *session,
                                        const struct verify_truth *truth,
                                        struct verify_progress *progress) {
    struct verify_progress *end = session->progress + session->count;
    progress = progress ? progress + 1 : session->progress;
    while (progress < end && !is_next(session, truth, progress)) {
        progress++;
    }
    if (progress < end) {
        verify_session_turn(session, progress, setup_of(truth));
    }
    return progress < end ? progress : NULL;
}

static struct verify_subject subject_of(struct verify_session *session,
                                        const struct verify_progress *progress) {
    return verify_session_subject(session, progress->implementation, progress->state);
}

static void take(struct verify_progress *progress, const struct verify_truth *truth,
                 const struct verify_verdict *verdict) {
    progress->checks++;
    if (!verdict->passed && !progress->failed) {
        verify_progress_fail(progress, setup_of(truth), verdict);
    }
}

/* Checks whether `which` of so many is what a problem of a suite has. It is chosen at random, as
 * turns in order would always meet the same kinds of problems. */
static bool is_chosen(const struct verify_session *session, int which, int count) {
    const uint64_t chosen = verify_random_bits(verify_stream(session->seed, session->turn), 0);
    return (int)(chosen % (uint64_t)count) == which;
}

/* Finds out whether a team of so many threads can be started, once in a session: the answer starts
 * twice as many, which takes most of the time of a small problem if all of its checks ask. The next
 * session asks again, as its tensors may leave less memory. */
static bool is_startable(struct verify_session *session, int threads) {
    if (session->unstartable > 0 && threads >= session->unstartable) {
        return false;
    }
    if (threads > session->startable) {
        session->startable = tool_threads_startable(threads);
    }
    return threads <= session->startable;
}

/* Checks whether a team of so many threads can be started, which is not the kernels' affair. Where
 * it cannot be, checks are left out, and the first time this is said. */
static bool can_start(struct verify_session *session, int threads) {
    static bool said;
    if (is_startable(session, threads)) {
        return true;
    }
    if (!said) {
        tool_say("the system does not let %d threads be started (ulimit -v, ulimit -u, or pids.max "
                 "of a control group); checks on so many are left out",
                 threads);
        said = true;
    }
    if (session->unstartable == 0 || threads < session->unstartable) {
        session->unstartable = threads;
    }
    return false;
}

/* ---- the same bits ------------------------------------------------------------------------ */

enum { REPETITION, ENVIRONMENT, THREADS, TURNS };

/* Checks whether a check has its turn: one of them has at a problem of a suite. */
static bool has_turn(const struct verify_session *session, enum verify_check_kind check,
                     size_t turn) {
    return verify_check_wanted(check) && (session->single || session->turn % TURNS == turn);
}

static void check_repetition(struct verify_session *session, struct verify_truth *truth,
                             const struct verify_truth *other) {
    for (struct verify_progress *p = next_set(session, truth, NULL); p;
         p = next_set(session, truth, p)) {
        const struct verify_subject subject = subject_of(session, p);
        const struct verify_verdict verdict = verify_check_repetition(&subject, truth, other);
        take(p, truth, &verdict);
    }
}

/* Numbers of threads that are compared with the session's. More than the machine has are right,
 * too, and show where memory is thought to be of few. */
static const int teams[] = {1, 2, 3, 5, 8, 16, 64};

/* Checks whether a team has its turn: all have, or one, of which large ones are rarer, as they take
 * long. */
static bool is_team_in_turn(const struct verify_session *session, size_t team) {
    static const size_t order[] = {1, 0, 2, 1, 3, 0, 1, 2, 4, 0, 1, 3, 2, 5, 1, 0, 2, 1, 6};
    const size_t count = sizeof order / sizeof *order;
    return session->single || order[session->turn / TURNS % count] == team;
}

static void check_threads(struct verify_session *session, const struct verify_truth *truth) {
    for (struct verify_progress *p = next_set(session, truth, NULL); p;
         p = next_set(session, truth, p)) {
        const struct verify_subject subject = subject_of(session, p);
        for (size_t i = 0; i < sizeof teams / sizeof *teams && verify_progress_open(p); i++) {
            /* A team of one runs inside of a region of two as well. */
            if (is_team_in_turn(session, i) && can_start(session, teams[i] > 2 ? teams[i] : 2)) {
                const struct verify_verdict verdict =
                    verify_check_threads(&subject, truth, teams[i]);
                take(p, truth, &verdict);
            }
        }
    }
}

/* Makes the checks that need other inputs, on those whose sums cancel. */
static void check_others(struct verify_session *session, struct verify_truth *truth) {
    const bool repetition = has_turn(session, VERIFY_CHECK_REPETITION, REPETITION);
    const bool threads = has_turn(session, VERIFY_CHECK_THREADS, THREADS);
    if (!repetition && !threads) {
        return;
    }
    verify_session_pause(session, truth->data);
    struct verify_truth *cancelling = verify_cancelling_create(session->problem, session->seed);
    if (cancelling && repetition) {
        check_repetition(session, truth, cancelling);
    }
    if (cancelling && threads) {
        check_threads(session, cancelling);
    }
    verify_truth_destroy(cancelling);
}

static void check_environment(struct verify_session *session, const struct verify_truth *truth) {
    const bool turn = has_turn(session, VERIFY_CHECK_ENVIRONMENT, ENVIRONMENT) ||
                      has_turn(session, VERIFY_CHECK_CONTROLS, ENVIRONMENT);
    for (struct verify_progress *p = turn ? next_set(session, truth, NULL) : NULL; p;
         p = next_set(session, truth, p)) {
        const struct verify_subject subject = subject_of(session, p);
        struct verify_verdict verdict = verify_check_environment(&subject, truth);
        take(p, truth, &verdict);
        verdict = verify_check_refusals(&subject, truth);
        take(p, truth, &verdict);
    }
}

/* Compares the hash of the results with that of the first implementation that has one. Staged
 * execution takes part where it gives the bits of execution. A plug-in is compared with its base
 * instead, and nothing is compared with a plug-in. */
static void check_bits(struct verify_session *session, struct verify_progress *progress,
                       const struct verify_truth *truth) {
    void *pointers[REFERENCE_TENSOR_COUNT];
    const struct verify_subject subject = subject_of(session, progress);
    const char *base = verify_plugin_base(progress->implementation->name);
    if (base) {
        const struct verify_verdict verdict =
            verify_check_base(&subject, verify_implementation_find(base), truth);
        take(progress, truth, &verdict);
        return;
    }
    const bool whole = verify_implementation_is_norma(progress->implementation);
    if ((!whole && !verify_staged_is_exact(session->problem)) ||
        verify_subject_execute(&subject, truth, pointers) != NORMA_STATUS_OK) {
        return;
    }
    progress->hash = verify_results_hash(verify_hash_start(), session->problem, pointers);
    for (struct verify_progress *other = session->progress; other < progress; other++) {
        if (other->hash != 0 && other->hash != progress->hash) {
            const struct verify_verdict verdict = verify_verdict_failed(
                VERIFY_CHECK_BITS, "not the bits of %s", other->implementation->name);
            take(progress, truth, &verdict);
            return;
        }
    }
    progress->checks++;
}

static void check_all_bits(struct verify_session *session, const struct verify_truth *truth) {
    for (size_t i = 0; i < session->count; i++) {
        session->progress[i].hash = 0;
    }
    for (struct verify_progress *p = next_set(session, truth, NULL); p;
         p = next_set(session, truth, p)) {
        check_bits(session, p, truth);
    }
}

/* The most threads of a tuning (tunings.c). */
enum { TUNING_THREADS = 3 };

static void check_tuning(struct verify_session *session, const struct verify_truth *truth,
                         size_t tuning) {
    for (struct verify_progress *p = next_set(session, truth, NULL); p;
         p = next_set(session, truth, p)) {
        const struct verify_subject subject = subject_of(session, p);
        const struct verify_verdict verdict = verify_check_tuning(&subject, truth, tuning);
        take(p, truth, &verdict);
    }
}

/* Compares one of the tunings, or all, with the default. */
static void check_tunings(struct verify_session *session, const struct verify_truth *truth) {
    const bool startable = can_start(session, TUNING_THREADS);
    for (size_t i = 0; startable && i < VERIFY_TUNINGS; i++) {
        if (session->single || verify_tuning_has_turn(session->turn, i)) {
            check_tuning(session, truth, i);
        }
    }
}

/* ---- changed inputs ----------------------------------------------------------------------- */

/* Checks whether case `which` of so many has its turn. At every third problem of a suite, one
 * does. */
static bool is_case_in_turn(const struct verify_session *session, int which, int cases) {
    return session->single || (session->turn % 3 == 0 && is_chosen(session, which, cases));
}

static void check_non_finite(struct verify_session *session, struct verify_truth *truth,
                             int which) {
    struct verify_non_finite trial;
    verify_session_pause(session, truth->data);
    if (verify_non_finite_begin(&trial, truth, session->seed, which)) {
        for (struct verify_progress *p = next_set(session, truth, NULL); p;
             p = next_set(session, truth, p)) {
            const struct verify_subject subject = subject_of(session, p);
            const struct verify_verdict verdict = verify_check_non_finite(&subject, &trial);
            take(p, truth, &verdict);
        }
    }
    verify_non_finite_end(&trial);
}

static void check_left_out(struct verify_session *session, struct verify_truth *truth, int which) {
    struct verify_left_out trial;
    verify_session_pause(session, truth->data);
    if (verify_left_out_begin(&trial, truth, session->seed, which)) {
        for (struct verify_progress *p = next_set(session, truth, NULL); p;
             p = next_set(session, truth, p)) {
            const struct verify_subject subject = subject_of(session, p);
            const struct verify_verdict verdict = verify_check_left_out(&subject, &trial);
            take(p, truth, &verdict);
        }
    }
    verify_left_out_end(&trial);
}

typedef void trial_check(struct verify_session *session, struct verify_truth *truth, int which);

static void check_cases(struct verify_session *session, struct verify_truth *truth, int cases,
                        trial_check *check) {
    for (int i = 0; i < cases; i++) {
        if (is_case_in_turn(session, i, cases)) {
            check(session, truth, i);
        }
    }
}

/* ---- all of them -------------------------------------------------------------------------- */

static void check_normal(struct verify_session *session, struct verify_truth *truth) {
    check_others(session, truth);
    check_environment(session, truth);
    if (verify_check_wanted(VERIFY_CHECK_BITS)) {
        check_all_bits(session, truth);
    }
    if (verify_check_wanted(VERIFY_CHECK_TUNING)) {
        check_tunings(session, truth);
    }
    if (verify_check_wanted(VERIFY_CHECK_NON_FINITE)) {
        check_cases(session, truth, verify_non_finite_cases(session->problem), check_non_finite);
    }
    if (verify_check_wanted(VERIFY_CHECK_LEFT_OUT)) {
        check_cases(session, truth, verify_left_out_cases(session->problem), check_left_out);
    }
}

/* Checks whether norma computes otherwise on such data than on normal ones: it recovers large means
 * backward, and takes channels of huge data in double. */
static bool is_computed_otherwise(const struct verify_truth *truth) {
    return truth->data == VERIFY_DATA_HUGE ||
           (truth->data == VERIFY_DATA_LARGE_MEAN && reference_is_backward(&truth->problem));
}

/* Checks whether a check is wanted and is the one of so many that the problem has. */
static bool has_choice(const struct verify_session *session, enum verify_check_kind check,
                       int which, int count) {
    return verify_check_wanted(check) && (session->single || is_chosen(session, which, count));
}

/* Checks the bits over sets, threads and tunings; in a suite, over one of these. Nothing else may
 * follow on this truth. */
static void check_computed_otherwise(struct verify_session *session, struct verify_truth *truth) {
    enum { OVER_SETS, OVER_THREADS, OVER_TUNINGS, CHOICES };
    verify_cancel_gradient(truth);
    if (has_choice(session, VERIFY_CHECK_BITS, OVER_SETS, CHOICES)) {
        check_all_bits(session, truth);
    }
    if (has_choice(session, VERIFY_CHECK_THREADS, OVER_THREADS, CHOICES)) {
        check_threads(session, truth);
    }
    if (has_choice(session, VERIFY_CHECK_TUNING, OVER_TUNINGS, CHOICES)) {
        check_tunings(session, truth);
    }
}

void verify_session_promises(struct verify_session *session, struct verify_truth *truth) {
    if (truth->data == VERIFY_DATA_NORMAL) {
        check_normal(session, truth);
    } else if (is_computed_otherwise(truth)) {
        check_computed_otherwise(session, truth);
    }
}
