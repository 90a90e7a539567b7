/* The vote: who is asked when a kernel disagrees with the reference, and which problems peers are
 * never asked.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <criterion/criterion.h>
#include <string.h>

#include "verify/harness/implementations.h"
#include "verify/tests/run_session.h"

static const struct reference_implementation *unmodified;

static bool is_tiny(const float *x) {
    return x[0] > -0x1p-100f && x[0] < 0x1p-100f && x[0] != 0.0f;
}

static norma_status fail_on_all(void *state, const struct norma_args *args) {
    const norma_status status = unmodified->execute(state, args);
    if (status == NORMA_STATUS_OK) {
        ((float *)args->y)[0] += 1.0f;
    }
    return status;
}

/* Fails where x is too small for peers, which sum in float. */
static norma_status fail_on_tiny(void *state, const struct norma_args *args) {
    const norma_status status = unmodified->execute(state, args);
    if (status == NORMA_STATUS_OK && is_tiny(args->x)) {
        ((float *)args->y)[0] += 1.0f;
    }
    return status;
}

/* Checks a kernel on every kind of data, and returns its first failure. */
static struct verify_progress check(norma_status (*execute)(void *, const struct norma_args *),
                                    const char *text) {
    struct norma_problem problem;
    cr_assert(norma_problem_parse(text, &problem, NULL) == NORMA_STATUS_OK);
    unmodified = verify_implementation_find("portable");
    struct reference_implementation faulty = *unmodified;
    faulty.execute = execute;
    const struct reference_implementation *const list[] = {&faulty};
    static struct verify_session session;
    session = (struct verify_session){.single = true, .vote = true};
    run_session(&session, list, 1, &problem);
    return session.progress[0];
}

static bool has_voter(void) {
    return reference_peer(0) && reference_peer(0)->implementations[0];
}

Test(vote, is_taken_where_peers_are_checked) {
    const struct verify_progress progress = check(fail_on_all, "in:2x3x7");
    cr_assert(progress.failed && progress.setup.data == VERIFY_DATA_NORMAL);
    cr_expect(strstr(progress.vote, has_voter() ? "agrees with the reference" : "no third"), "%s",
              progress.vote);
}

Test(vote, is_not_taken_on_data_that_peers_are_excused_from) {
    const struct verify_progress progress = check(fail_on_tiny, "in:2x3x7");
    cr_assert(progress.failed && progress.setup.data == VERIFY_DATA_TINY, "%s", progress.message);
    cr_expect(strstr(progress.vote, "no third implementation"), "%s", progress.vote);
}

/* ---- an epsilon of 0 ------------------------------------------------------------------------- */

/* Checks a peer, on a problem that the user named or one of a list, and returns whether a plan was
 * asked of it. */
static bool is_peer_asked(const char *text, bool single) {
    struct norma_problem problem;
    cr_assert(norma_problem_parse(text, &problem, NULL) == NORMA_STATUS_OK);
    struct reference_implementation peer = reference_implementation_reference;
    peer.kind = REFERENCE_KIND_PEER;
    const struct reference_implementation *const list[] = {&peer};
    static struct verify_session session;
    session = (struct verify_session){.single = single};
    run_session(&session, list, 1, &problem);
    cr_expect_eq(session.progress[0].checks > 0, session.progress[0].created == NORMA_STATUS_OK);
    return session.progress[0].checks > 0;
}

Test(peers, are_not_asked_where_epsilon_is_0_as_a_float) {
    static const char *const none[] = {"ln:2x7:eps=0", "bn:2x3x5:eps=0", "in:2x3x5:eps=1e-50"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        cr_expect(!is_peer_asked(none[i], true), "%s", none[i]);
        cr_expect(!is_peer_asked(none[i], false), "%s", none[i]);
    }
    cr_expect(is_peer_asked("in:2x3x5:eps=1e-40", true));
    cr_expect(is_peer_asked("in:2x3x5", false));
}
