/* Implementations for tests whose behaviour is prescribed, on a clock that only they move, so that
 * the tests do not depend on how busy the machine is. A program must include this once.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_TESTS_ACTORS_H
#define BENCH_TESTS_ACTORS_H

#include "bench/measure/clock.h"
#include "bench/measure/sampling.h"
#include "bench/measure/scheduling.h"
#include "reference/interface/interface.h"

/* The behaviour of an actor, and how often it was executed. */
struct actor {
    double seconds; /* for an execution */
    int fails_from; /* this execution and all later ones fail; 0: none does */
    int executions;
    double taken;      /* seconds more, in which another process has the core */
    int taken_once_in; /* in every so many executions; 0: never */
};

static double actor_clock;
static double actor_reading = 20e-9;  /* seconds that reading the clock takes */
static int actor_interrupted_reading; /* so many readings from now, one takes 4 ms; 0: none */

/* Replaces the function of clock.c. A reading takes time, as with a real clock. */
double bench_now(void) {
    if (actor_interrupted_reading > 0 && --actor_interrupted_reading == 0) {
        actor_clock += 4e-3;
    }
    return actor_clock += actor_reading;
}

static double actor_taken;  /* seconds that other processes have taken so far */
static double actor_waited; /* seconds more in the accounts of each sample, from before it began */

/* These replace the functions of scheduling.c. */
void bench_scheduling_open(struct bench_scheduling *scheduling) {
    *scheduling = (struct bench_scheduling){0};
}

void bench_scheduling_close(struct bench_scheduling *scheduling) {
    (void)scheduling;
}

void bench_scheduling_start(struct bench_scheduling *scheduling) {
    scheduling->cpu = actor_taken;
}

struct bench_scheduled bench_scheduling_stop(const struct bench_scheduling *scheduling,
                                             double wall) {
    const double lost = actor_taken - scheduling->cpu;
    return (struct bench_scheduled){.cpu = wall - lost, .lost = lost + actor_waited};
}

static inline norma_status actor_execute(void *state, const struct norma_args *args) {
    struct actor *actor = state;
    (void)args;
    actor->executions++;
    actor_clock += actor->seconds;
    if (actor->taken_once_in > 0 && actor->executions % actor->taken_once_in == 0) {
        actor_taken += actor->taken;
        actor_clock += actor->taken;
    }
    return actor->fails_from && actor->executions >= actor->fails_from ? NORMA_STATUS_OVERLAP
                                                                       : NORMA_STATUS_OK;
}

static const struct reference_implementation actor_implementation = {
    .name = "actor",
    .execute = actor_execute,
};

#endif
