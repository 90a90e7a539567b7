/* The state of a session, and the turn of one implementation in it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_CHECKS_SESSION_TURN_H
#define VERIFY_CHECKS_SESSION_TURN_H

#include "verify/checks/check.h"

/* The results of one implementation on one problem so far. */
struct verify_progress {
    const struct reference_implementation *implementation;
    void *state;
    norma_status created;
    bool failed;
    int checks;
    double seconds; /* of its turns; the reference's are nobody's */
    double share;
    double median_share;       /* of the elements, on normal data; 0: there are none */
    uint64_t hash;             /* of the results on normal data; 0: there are none yet */
    struct verify_setup setup; /* of the failure */
    enum verify_check_kind check;
    char message[256];
    char vote[160];
};

struct verify_session {
    const struct reference_implementation *const *implementations;
    size_t count;
    const struct norma_problem *problem;
    int threads;
    uint64_t seed;
    bool thorough; /* all kinds of data but the extremes in every placement, not in one by turns */
    bool single; /* the user named the problem: all checks, also those that suites take by turns */
    size_t turn; /* the number of the problem in the suite */
    bool vote;   /* on failure a third implementation votes */
    struct verify_guard *guard;  /* NULL: a kernel that ends the process ends the run */
    struct norma_problem given;  /* what plans are created from, and what changes afterwards */
    struct verify_fences fences; /* must be zero-initialized, and released at the end */
    struct verify_progress progress[VERIFY_MAX_IMPLEMENTATIONS];
    uint64_t needed;     /* bytes of memory, about */
    bool too_large;      /* for the memory: nothing was checked, or not all */
    int startable;       /* the largest team that is known to be startable; 0: none yet */
    int unstartable;     /* the smallest team left out, as it cannot be started; 0: none */
    double begun, since; /* when the session began, and the turn; in seconds */
    struct verify_progress *timed; /* whose turn it is; NULL: nobody's */
};

static const struct verify_setup verify_usual_setup = {VERIFY_DATA_NORMAL, VERIFY_PLACE_BACK};

/* Checks whether an implementation takes part. Peers do not take problems without an epsilon that
 * float can hold, where a set without variance is 0/0; norma promises that this is NaN, and they do
 * not. They are not asked for the other data either, so that a case stands for the same checks
 * whether a list has it or the user named it. */
bool verify_session_takes_part(const struct verify_session *session,
                               const struct reference_implementation *implementation);

/* Checks whether an implementation is asked for the problem on a kind of data. */
bool verify_session_asks(const struct verify_session *session,
                         const struct reference_implementation *implementation,
                         enum verify_data data);

/* Prints the command that checks one implementation on the problem of the session. */
void verify_session_command(const struct verify_session *session, const char *implementation,
                            char *text, size_t size);

/* Notes for crash messages that an implementation runs from now on. */
void verify_session_announce(const struct verify_session *session,
                             const struct reference_implementation *implementation);

/* Begins the session's time. */
void verify_session_begin_time(struct verify_session *session);

/* Announces an implementation, and notes in the guard that it runs from now on; its time begins.
 * On a terminal, a line says so where the problem takes long. */
void verify_session_turn(struct verify_session *session, struct verify_progress *progress,
                         struct verify_setup setup);

/* Notes that no implementation runs from now on, while the reference does. */
void verify_session_pause(struct verify_session *session, enum verify_data data);

/* Ends the last turn's time, and removes the line. */
void verify_session_end_time(struct verify_session *session);

struct verify_subject verify_session_subject(struct verify_session *session,
                                             const struct reference_implementation *implementation,
                                             void *state);

/* Checks whether an implementation can do the problem and has not failed yet. */
bool verify_progress_open(const struct verify_progress *progress);

void verify_progress_fail(struct verify_progress *progress, struct verify_setup setup,
                          const struct verify_verdict *verdict);

#endif
