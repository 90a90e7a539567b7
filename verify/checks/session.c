/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/checks/session.h"

#include <stdio.h>
#include <string.h>

#include "verify/checks/memory_needed.h"
#include "verify/checks/session_promises.h"
#include "verify/harness/harness.h"
#include "verify/harness/tool/tool.h"
#include "verify/truth/truth.h"

/* ---- the vote ----------------------------------------------------------------------------- */

/* Returns the peer that votes on results of norma's; NULL if there is none. */
static const struct reference_implementation *voting_peer(void) {
    const struct reference_implementation *voter = NULL;
    for (size_t i = 0; reference_peer(i) && !voter; i++) {
        voter =
            reference_peer(i)->voter ? verify_implementation_find(reference_peer(i)->voter) : NULL;
    }
    return voter;
}

/* Returns the implementation that votes on a failure: a peer on a kernel of norma's or the
 * definition, the fastest kernel on a peer. */
static const struct reference_implementation *
voter_for(const struct reference_implementation *implementation) {
    return implementation->kind == REFERENCE_KIND_PEER ? verify_fastest_set() : voting_peer();
}

/* Runs the voter on the setup that failed, and writes down what its result means. */
static void ask(struct verify_session *session, struct verify_progress *progress,
                const struct verify_truth *truth, const struct reference_implementation *voter) {
    void *state = NULL;
    if (voter->create(voter, &state, session->problem, session->threads) != NORMA_STATUS_OK) {
        return;
    }
    const struct verify_subject subject = verify_session_subject(session, voter, state);
    const struct verify_verdict verdict = verify_check(&subject, truth, progress->setup);
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

/* Lets a third implementation vote on a result that disagrees with the reference. If it agrees with
 * the reference, the result is wrong; otherwise the reference is suspect. One that would not be
 * checked on such data has no vote, as its errors there say nothing. */
static void vote(struct verify_session *session, struct verify_progress *progress,
                 const struct verify_truth *truth) {
    const struct reference_implementation *voter = voter_for(progress->implementation);
    snprintf(progress->vote, sizeof progress->vote, "no third implementation can do this");
    if (voter && verify_session_asks(session, voter, truth->data)) {
        verify_session_announce(session, voter);
        verify_guard_voting(session->guard, voter->name);
        ask(session, progress, truth, voter);
        verify_guard_voting(session->guard, "");
    }
}

/* ---- against the reference ---------------------------------------------------------------- */

static enum verify_check_kind check_of_data(enum verify_data data) {
    static const enum verify_check_kind checks[VERIFY_DATA_COUNT] = {
        [VERIFY_DATA_LARGE_MEAN] = VERIFY_CHECK_LARGE_MEAN,
        [VERIFY_DATA_CONSTANT] = VERIFY_CHECK_CONSTANT,
        [VERIFY_DATA_DEFAULTS] = VERIFY_CHECK_DEFAULTS,
        [VERIFY_DATA_IMAGE] = VERIFY_CHECK_IMAGE,
        [VERIFY_DATA_TINY] = VERIFY_CHECK_TINY,
        [VERIFY_DATA_HUGE] = VERIFY_CHECK_HUGE,
        [VERIFY_DATA_OUTLIER] = VERIFY_CHECK_OUTLIER,
        [VERIFY_DATA_HUGE_DY] = VERIFY_CHECK_HUGE_DY,
        [VERIFY_DATA_TINY_DY] = VERIFY_CHECK_TINY_DY,
        [VERIFY_DATA_OPPOSITE] = VERIFY_CHECK_OPPOSITE,
    };
    return checks[data];
}

static enum verify_check_kind check_of_placement(enum verify_placement placement) {
    static const enum verify_check_kind checks[VERIFY_PLACE_COUNT] = {
        [VERIFY_PLACE_FRONT] = VERIFY_CHECK_FRONT,
        [VERIFY_PLACE_UNALIGNED] = VERIFY_CHECK_UNALIGNED,
        [VERIFY_PLACE_IN_PLACE] = VERIFY_CHECK_IN_PLACE,
    };
    return checks[placement];
}

static bool is_data_wanted(enum verify_data data) {
    return data == VERIFY_DATA_NORMAL || verify_check_wanted(check_of_data(data));
}

static bool is_placement_wanted(enum verify_placement placement) {
    return placement == VERIFY_PLACE_BACK || verify_check_wanted(check_of_placement(placement));
}

/* Returns the only placement of a kind of data other than normal, where not all are tried. */
static enum verify_placement place_of(enum verify_data data) {
    return data == VERIFY_DATA_CONSTANT ? VERIFY_PLACE_FRONT : VERIFY_PLACE_BACK;
}

/* Checks whether a problem has a large tensor; a style can be larger than x. Data and placements
 * show their faults in small tensors, and large ones are there for tiles, threads and caches. */
static bool is_large(const struct norma_problem *problem) {
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
    reference_tensors_of(problem, tensors);
    int64_t largest = 0;
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        largest = tensors[id].count > largest ? tensors[id].count : largest;
    }
    return largest > 1 << 17;
}

/* Checks whether it is the turn of `data` among the kinds from `first` up to but not `end`. */
static bool is_turn(const struct verify_session *session, enum verify_data data,
                    enum verify_data first, enum verify_data end) {
    return data >= first && data < end &&
           session->turn % (size_t)(end - first) == (size_t)(data - first);
}

/* Checks whether the problem has a kind of data: one of the extremes of x and, backward, one of
 * those of dy. A large problem has one of all kinds besides normal data, and backward a large mean
 * as well, as that is what gradients lose most digits to. */
static bool has_turn(const struct verify_session *session, enum verify_data data) {
    const bool backward = reference_is_backward(session->problem);
    const bool large = is_large(session->problem);
    if (session->single || data == VERIFY_DATA_NORMAL ||
        (data == VERIFY_DATA_LARGE_MEAN && backward)) {
        return true;
    }
    if (large) {
        return is_turn(session, data, VERIFY_DATA_LARGE_MEAN,
                       backward ? VERIFY_DATA_COUNT : VERIFY_DATA_EXTREMES_OF_DY);
    }
    return data < VERIFY_DATA_EXTREMES ||
           is_turn(session, data, VERIFY_DATA_EXTREMES, VERIFY_DATA_EXTREMES_OF_DY) ||
           is_turn(session, data, VERIFY_DATA_EXTREMES_OF_DY, VERIFY_DATA_COUNT);
}

/* Checks whether the problem has a placement for a kind of data: every placement for normal data,
 * one or all for others. */
static bool is_wanted(const struct verify_session *session, struct verify_setup setup) {
    const bool thorough = session->single || (session->thorough && !is_large(session->problem));
    const bool everywhere =
        setup.data == VERIFY_DATA_NORMAL || (thorough && setup.data < VERIFY_DATA_EXTREMES);
    return is_placement_wanted(setup.placement) &&
           (everywhere || setup.placement == place_of(setup.data));
}

static void check(struct verify_session *session, struct verify_progress *progress,
                  const struct verify_truth *truth, struct verify_setup setup) {
    verify_session_turn(session, progress, setup);
    const struct verify_subject subject =
        verify_session_subject(session, progress->implementation, progress->state);
    const struct verify_verdict verdict = verify_check(&subject, truth, setup);
    progress->checks++;
    if (verdict.share > progress->share) {
        progress->share = verdict.share;
    }
    if (setup.data == verify_usual_setup.data && setup.placement == verify_usual_setup.placement) {
        progress->median_share = verdict.median_share;
    }
    if (!verdict.passed) {
        verify_progress_fail(progress, setup, &verdict);
        if (session->vote) {
            vote(session, progress, truth);
        }
    }
}

/* ---- the session -------------------------------------------------------------------------- */

static void check_implementation(struct verify_session *session, struct verify_progress *progress,
                                 struct verify_truth *truth, enum verify_data data) {
    if (!verify_session_asks(session, progress->implementation, data)) {
        return;
    }
    for (int place = 0; place < VERIFY_PLACE_COUNT; place++) {
        const struct verify_setup setup = {data, (enum verify_placement)place};
        if (verify_progress_open(progress) && is_wanted(session, setup)) {
            check(session, progress, truth, setup);
        }
    }
}

static bool any_is_open(const struct verify_session *session) {
    for (size_t i = 0; i < session->count; i++) {
        if (verify_progress_open(&session->progress[i])) {
            return true;
        }
    }
    return false;
}

static void check_data(struct verify_session *session, enum verify_data data) {
    if (!any_is_open(session)) {
        return;
    }
    verify_session_pause(session, data);
    struct verify_truth *truth = verify_truth_create(session->problem, data, session->seed);
    session->too_large = session->too_large || !truth;
    for (size_t i = 0; i < session->count; i++) {
        struct verify_progress *progress = &session->progress[i];
        if (!truth && progress->created == NORMA_STATUS_OK) {
            progress->created = NORMA_STATUS_NO_MEMORY;
        }
        if (verify_progress_open(progress)) {
            check_implementation(session, progress, truth, data);
        }
    }
    if (truth && reference_elements(session->problem) > 0) {
        verify_session_promises(session, truth);
    }
    verify_truth_destroy(truth);
}

/* Checks whether an implementation crashed an earlier worker at this problem, which is its failure.
 * It is not run again. */
static bool has_crashed(const struct verify_session *session, struct verify_progress *progress) {
    const size_t index = (size_t)(progress - session->progress);
    if (!session->guard || !session->guard->crashes[index].crashed) {
        return false;
    }
    const struct verify_crash_record *crash = &session->guard->crashes[index];
    const struct verify_verdict verdict =
        verify_verdict_failed(VERIFY_CHECK_FAULTS, "%s", crash->message);
    verify_progress_fail(progress, crash->setup, &verdict);
    return true;
}

/* Creates a plan from a copy of the problem, which is overwritten at once: a plan must not need the
 * caller's struct any longer. */
static norma_status create(struct verify_session *session,
                           const struct reference_implementation *implementation, void **state) {
    session->given = *session->problem;
    const norma_status status =
        implementation->create(implementation, state, &session->given, session->threads);
    session->given = norma_problem_default(NORMA_OPERATOR_BN);
    return status;
}

/* Checks whether the memory suffices, before a kernel runs: where it does not, the system may end
 * a process that is none of the kernels' fault. */
static bool is_too_large(struct verify_session *session) {
    session->needed = verify_memory_needed(session->problem);
    return session->needed > tool_memory_limit("") ||
           !verify_fences_reserve(&session->fences, session->problem);
}

static void begin(struct verify_session *session) {
    verify_session_begin_time(session);
    session->too_large = is_too_large(session);
    for (size_t i = 0; i < session->count; i++) {
        const struct reference_implementation *implementation = session->implementations[i];
        struct verify_progress *progress = &session->progress[i];
        *progress = (struct verify_progress){.implementation = implementation};
        if (has_crashed(session, progress)) {
            continue;
        }
        if (!verify_session_takes_part(session, implementation)) {
            progress->created = NORMA_STATUS_UNSUPPORTED;
            continue;
        }
        if (session->too_large) {
            progress->created = NORMA_STATUS_NO_MEMORY;
            continue;
        }
        verify_session_turn(session, progress, verify_usual_setup);
        progress->created = verify_implementation_available(implementation)
                                ? create(session, implementation, &progress->state)
                                : NORMA_STATUS_UNAVAILABLE_SET;
    }
}

void verify_session_check(struct verify_session *session) {
    begin(session);
    for (int i = 0; i < VERIFY_DATA_COUNT; i++) {
        const enum verify_data data = (enum verify_data)i;
        if (is_data_wanted(data) && verify_data_suits(data, session->problem) &&
            has_turn(session, data)) {
            check_data(session, data);
        }
    }
}

void verify_session_end(struct verify_session *session) {
    for (size_t i = 0; i < session->count; i++) {
        struct verify_progress *progress = &session->progress[i];
        if (progress->state) {
            verify_session_turn(session, progress, verify_usual_setup);
            progress->implementation->destroy(progress->state);
            progress->state = NULL;
        }
    }
    verify_session_end_time(session);
}
