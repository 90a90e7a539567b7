/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/checks/session_turn.h"

#include <stdlib.h>
#include <string.h>

bool verify_session_takes_part(const struct verify_session *session,
                               const struct reference_implementation *implementation) {
    return (float)session->problem->epsilon > 0.0f || implementation->kind == REFERENCE_KIND_NORMA;
}

/* Checks whether there is a useful error bound for an implementation that sums in float. There is
 * none at the ends of float's range, nor where float cannot count the terms of a sum that
 * cancels. */
static bool is_data_for_peers(const struct norma_problem *problem, enum verify_data data) {
    const bool countable = reference_elements(problem) <= 1 << 24;
    return data < VERIFY_DATA_EXTREMES && (countable || data != VERIFY_DATA_LARGE_MEAN);
}

/* Checks whether ranks give what a whole batch does. At the upper end of float's range they do not:
 * the coefficients that a caller sees are floats, and the gradients of a rank may be infinite where
 * their sum is not (norma.h). */
static bool is_data_for_ranks(const struct norma_problem *problem, enum verify_data data) {
    switch (data) {
    case VERIFY_DATA_HUGE:
        return !reference_is_backward(problem) && verify_staged_is_exact(problem) &&
               verify_inputs_have_normal_factors(problem, data);
    case VERIFY_DATA_HUGE_DY:
    case VERIFY_DATA_OPPOSITE:
        return false;
    default:
        return true;
    }
}

bool verify_session_asks(const struct verify_session *session,
                         const struct reference_implementation *implementation,
                         enum verify_data data) {
    const bool ranks = implementation->accumulation == REFERENCE_ACCUMULATE_F64_RANKS;
    const bool useful = implementation->kind != REFERENCE_KIND_NORMA
                            ? is_data_for_peers(session->problem, data)
                            : !ranks || is_data_for_ranks(session->problem, data);
    return verify_session_takes_part(session, implementation) && useful;
}

void verify_session_command(const struct verify_session *session, const char *implementation,
                            char *text, size_t size) {
    char problem[NORMA_PROBLEM_TEXT];
    norma_problem_print(session->problem, problem, sizeof problem);
    verify_print_command("", implementation, session->threads, session->seed, problem, text, size);
}

void verify_session_announce(const struct verify_session *session,
                             const struct reference_implementation *implementation) {
    char command[TOOL_CRASH_COMMAND];
    verify_session_command(session, implementation->name, command, sizeof command);
    tool_crash_case(command);
}

/* ---- time ----------------------------------------------------------------------------------- */

/* Begins the turn of an implementation, or of none. */
static void pass_time(struct verify_session *session, struct verify_progress *progress) {
    const double time = tool_seconds();
    if (session->timed) {
        session->timed->seconds += time - session->since;
    }
    session->timed = progress;
    session->since = time;
}

/* Shows what runs where a problem takes long, or will, as its first turn may. */
static void show(const struct verify_session *session, const char *name, enum verify_data data) {
    enum { LARGE = 1 << 22, PATIENCE = 1 };
    const double seconds = session->since - session->begun;
    if (seconds < PATIENCE && reference_elements(session->problem) < LARGE) {
        return;
    }
    char problem[NORMA_PROBLEM_TEXT];
    norma_problem_print(session->problem, problem, sizeof problem);
    char *line =
        tool_text("%.0f s: %.60s, %s data, %s", seconds, problem, verify_data_name(data), name);
    tool_status_line(line);
    free(line);
}

void verify_session_begin_time(struct verify_session *session) {
    session->begun = session->since = tool_seconds();
    session->timed = NULL;
}

void verify_session_end_time(struct verify_session *session) {
    pass_time(session, NULL);
    tool_status_line(NULL);
}

/* ---- turns ---------------------------------------------------------------------------------- */

void verify_session_turn(struct verify_session *session, struct verify_progress *progress,
                         struct verify_setup setup) {
    pass_time(session, progress);
    verify_guard_running(session->guard, (int)(progress - session->progress), setup);
    verify_session_announce(session, progress->implementation);
    show(session, progress->implementation->name, setup.data);
}

void verify_session_pause(struct verify_session *session, enum verify_data data) {
    pass_time(session, NULL);
    verify_guard_running(session->guard, VERIFY_NO_IMPLEMENTATION, verify_usual_setup);
    show(session, "the right results", data);
}

struct verify_subject verify_session_subject(struct verify_session *session,
                                             const struct reference_implementation *implementation,
                                             void *state) {
    return (struct verify_subject){
        implementation, state, session->problem, session->threads, &session->fences,
        session->seed,  NULL};
}

bool verify_progress_open(const struct verify_progress *progress) {
    return progress->created == NORMA_STATUS_OK && !progress->failed;
}

void verify_progress_fail(struct verify_progress *progress, struct verify_setup setup,
                          const struct verify_verdict *verdict) {
    progress->failed = true;
    progress->setup = setup;
    progress->check = verdict->check;
    memcpy(progress->message, verdict->message, sizeof progress->message);
}
