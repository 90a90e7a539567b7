/* Implementations for tests, that do as they are told.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_BENCH_TEST_ACTORS_H
#define NORMA_BENCH_TEST_ACTORS_H

#include "implementation.h"
#include "measure.h"

/* How an actor behaves, and how often it was asked to. */
struct actor {
    double seconds; /* that an execution takes */
    int fails_from; /* this execution and all later ones fail; 0: none does */
    int executions;
};

static inline norma_status actor_execute(void *state, const struct norma_args *args) {
    struct actor *actor = state;
    (void)args;
    actor->executions++;
    double end = norma_now() + actor->seconds;
    while (norma_now() < end) {
    }
    return actor->fails_from && actor->executions >= actor->fails_from ? NORMA_OVERLAP : NORMA_OK;
}

static const struct norma_implementation actor_implementation = {
    .name = "actor",
    .execute = actor_execute,
};

#endif
