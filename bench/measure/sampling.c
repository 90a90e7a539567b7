/* Times contenders against each other.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/measure/sampling.h"
#include "bench/measure/clock.h"
#include "bench/measure/scheduling.h"
#include "verify/harness/tool/tool.h"

#include <math.h>
#include <stdlib.h>

/* A call of the clock costs 20 to 50 ns, and waking a team of threads some microseconds. 200 us
 * keeps both below a few percent of what is timed, and is short enough that a preemption, of which
 * there are a few hundred a second on a busy machine, spoils single samples and not the median. */
static const double sample_seconds = 200e-6;

/* An execution of at least this is not primed, and one execution warms it up: page faults and
 * sleeping threads no longer matter, and it is slow or moves more than a cache keeps for the
 * next. */
static const double slow_seconds = 10e-3;

/* An execution of at least this needs no warm-up if it ran once before: the warm-up would cost as
 * much as a sample, a quarter of the time of a quick sweep, and change nothing. */
static const double known_seconds = 50e-3;

/* For an execution of at least this, three samples are enough: no short disturbance spoils one. */
static const double long_seconds = 0.3;
enum { LONG_SAMPLES = 3 };

/* A sample is disturbed if a thread lost more than this share of it to other work. Where nothing
 * else runs, nothing is lost; a time slice of another process is some milliseconds. */
static const double disturbing_share = 0.02;

/* So many samples are tried for each that is needed. Where an execution takes longer than the time
 * slices of a process that shares the core, all are disturbed, and more would not help. */
enum { ATTEMPTS = 4 };

/* The precision is checked once in so many rounds: an interval of fewer samples means nothing. */
enum { ROUNDS_PER_CHECK = 10 };

/* ---- the observer --------------------------------------------------------------------------- */

static const struct bench_observer *observer;

void bench_set_observer(const struct bench_observer *set) {
    observer = set;
}

void bench_notify_turn(const struct reference_implementation *implementation) {
    if (observer) {
        observer->turn(observer->context, implementation);
    }
}

static void notify_round(const struct bench_contender *contenders, size_t count) {
    if (observer) {
        observer->turn(observer->context, NULL);
        observer->round(observer->context, contenders, count);
    }
}

/* ---- samples -------------------------------------------------------------------------------- */

/* A group while it is measured. */
struct session {
    struct bench_contender *contenders;
    size_t count;
    const struct norma_args *args;
    const struct bench_effort *effort;
    uint64_t seed, random;
    struct bench_scheduling scheduling;
};

/* Returns the seconds that a batch of executions took. */
static double execute_batch(struct bench_contender *contender, const struct norma_args *args,
                            int64_t batch) {
    double start = bench_now();
    if (contender->status == NORMA_STATUS_OK) {
        contender->status = bench_contender_execute(contender, args, batch);
    }
    return bench_now() - start;
}

/* Doubles the batch until it fills half a sample, which warms the contender up as well. */
static void choose_batch(struct bench_contender *contender, const struct norma_args *args) {
    int64_t batch = 1;
    if (contender->expected > known_seconds) {
        contender->batch = batch;
        return;
    }
    double seconds = execute_batch(contender, args, batch);
    if (seconds < slow_seconds) {
        seconds = execute_batch(contender, args, batch);
    }
    while (seconds < sample_seconds / 2 && contender->status == NORMA_STATUS_OK) {
        batch *= 2;
        seconds = execute_batch(contender, args, batch);
    }
    if (contender->status != NORMA_STATUS_OK) {
        return;
    }
    contender->expected = seconds / (double)batch;
    contender->batch = (int64_t)(sample_seconds / contender->expected) + 1;
}

/* Returns how often to execute the contender before each sample. */
static int64_t primers(const struct bench_contender *contender, const struct bench_effort *effort) {
    return contender->expected < slow_seconds ? effort->primers : 0;
}

/* Keeps a sample, or sets it aside if it is disturbed, without the time that it lost. That may be
 * more than the sample took, as a wait counts when it ends and may have begun before; but no sample
 * is shorter than the time for which its caller ran. */
static void keep_sample(struct bench_contender *contender, double seconds,
                        struct bench_scheduled scheduled) {
    const double batch = (double)contender->batch, cpu = scheduled.cpu / batch;
    if (scheduled.unknown || scheduled.lost > disturbing_share * seconds) {
        contender->set_aside[contender->disturbed++] =
            fmax((seconds - scheduled.lost) / batch, cpu);
    } else {
        contender->samples[contender->count++] = seconds / batch;
    }
    contender->cpu += (cpu - contender->cpu) / (double)(contender->count + contender->disturbed);
}

static void take_sample(struct session *session, struct bench_contender *contender) {
    double priming = execute_batch(contender, session->args, primers(contender, session->effort));
    bench_scheduling_start(&session->scheduling);
    double seconds = execute_batch(contender, session->args, contender->batch);
    const struct bench_scheduled scheduled = bench_scheduling_stop(&session->scheduling, seconds);
    contender->spent += priming + seconds;
    keep_sample(contender, seconds, scheduled);
}

/* ---- rounds --------------------------------------------------------------------------------- */

static void shuffle(size_t *order, size_t count, uint64_t *random) {
    for (size_t i = count; i > 1; i--) {
        size_t k = tool_random_below(random, i);
        size_t swapped = order[i - 1];
        order[i - 1] = order[k];
        order[k] = swapped;
    }
}

static size_t samples_needed(const struct bench_contender *contender,
                             const struct bench_effort *effort) {
    bool is_long = contender->expected > long_seconds && effort->min_samples > LONG_SAMPLES;
    return is_long ? LONG_SAMPLES : effort->min_samples;
}

/* Returns whether a contender must have another sample, whatever that takes: it has too few, and
 * not so many were disturbed that there is no hope. */
static bool is_short(const struct bench_contender *contender, const struct bench_effort *effort) {
    const size_t needed = samples_needed(contender, effort);
    return contender->count < needed && contender->count + contender->disturbed < ATTEMPTS * needed;
}

/* Returns whether a contender's next sample is due: it has too few, or another fits into its equal
 * share of the budget. A slow contender that has its minimum must not use up the time of the quick
 * ones. */
static bool is_due(const struct bench_contender *contender, const struct bench_effort *effort,
                   double share) {
    if (contender->status != NORMA_STATUS_OK || contender->count >= effort->max_samples ||
        contender->disturbed >= effort->max_samples) {
        return false;
    }
    int64_t executions = contender->batch + primers(contender, effort);
    return is_short(contender, effort) ||
           contender->spent + contender->expected * (double)executions < share;
}

/* Returns whether the relative error of every contender is at most the precision. */
static bool is_precise(const struct session *session) {
    for (size_t i = 0; i < session->count; i++) {
        const struct bench_contender *contender = &session->contenders[i];
        if (contender->status != NORMA_STATUS_OK) {
            continue;
        }
        if (contender->count == 0) {
            return false;
        }
        struct bench_estimate estimate =
            bench_estimate_median(contender->samples, contender->count, session->seed);
        if (bench_relative_error(&estimate) > session->effort->precision) {
            return false;
        }
    }
    return true;
}

/* Takes one sample of each contender that is due, in random order. Returns how many were due. */
static size_t play_round(struct session *session) {
    size_t order[session->count], due = 0;
    for (size_t i = 0; i < session->count; i++) {
        order[i] = i;
    }
    shuffle(order, session->count, &session->random);
    for (size_t i = 0; i < session->count && !tool_interrupted(); i++) {
        struct bench_contender *contender = &session->contenders[order[i]];
        const double share = session->effort->seconds / (double)session->count;
        if (is_due(contender, session->effort, share)) {
            bench_notify_turn(contender->implementation);
            take_sample(session, contender);
            due++;
        }
    }
    return due;
}

/* Plays rounds until no sample is due or all are precise. */
static void play(struct session *session) {
    bool precise = false;
    for (size_t round = 1; !precise && !tool_interrupted(); round++) {
        if (play_round(session) == 0) {
            break;
        }
        notify_round(session->contenders, session->count);
        precise = round >= session->effort->min_samples && round % ROUNDS_PER_CHECK == 0 &&
                  is_precise(session);
    }
}

/* ---- the whole ------------------------------------------------------------------------------ */

/* Takes the disturbed samples back where too few are left without them. Without what they lost they
 * are still too long, as other work leaves caches cold behind it: better than nothing, if it is
 * marked. */
static void take_back(struct bench_contender *contender, const struct bench_effort *effort) {
    if (contender->count >= samples_needed(contender, effort)) {
        return;
    }
    contender->uncertain = contender->disturbed > 0;
    for (size_t i = 0; i < contender->disturbed && contender->count < effort->max_samples; i++) {
        contender->samples[contender->count++] = contender->set_aside[i];
    }
}

static void estimate_all(struct session *session) {
    for (size_t i = 0; i < session->count; i++) {
        struct bench_contender *contender = &session->contenders[i];
        if (contender->status == NORMA_STATUS_OK) {
            take_back(contender, session->effort);
            contender->estimate =
                bench_estimate_median(contender->samples, contender->count, session->seed);
        }
    }
}

/* Chooses the batches, which also starts all threads whose accounts are then opened. */
static void start(struct session *session) {
    for (size_t i = 0; i < session->count && !tool_interrupted(); i++) {
        struct bench_contender *contender = &session->contenders[i];
        bench_notify_turn(contender->implementation);
        choose_batch(contender, session->args);
    }
    for (size_t i = 0; i < session->count; i++) {
        session->contenders[i].set_aside =
            tool_allocate(session->effort->max_samples, sizeof(double));
    }
    bench_scheduling_open(&session->scheduling);
}

static void finish(struct session *session) {
    bench_scheduling_close(&session->scheduling);
    for (size_t i = 0; i < session->count; i++) {
        free(session->contenders[i].set_aside);
        session->contenders[i].set_aside = NULL;
    }
}

bool bench_measure(struct bench_contender *contenders, size_t count, const struct norma_args *args,
                   const struct bench_effort *effort, uint64_t seed) {
    struct session session = {.contenders = contenders,
                              .count = count,
                              .args = args,
                              .effort = effort,
                              .seed = seed,
                              .random = seed};
    start(&session);
    play(&session);
    const bool complete = !tool_interrupted();
    if (complete) {
        estimate_all(&session);
    }
    finish(&session);
    return complete;
}
