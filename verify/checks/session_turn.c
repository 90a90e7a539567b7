/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/checks/session_turn.h"

#include <string.h>

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

void verify_session_turn(const struct verify_session *session,
                         const struct verify_progress *progress, struct verify_setup setup) {
    verify_guard_running(session->guard, (int)(progress - session->progress), setup);
    verify_session_announce(session, progress->implementation);
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
