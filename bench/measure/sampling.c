/* Times contenders against each other.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/measure/sampling.h"
#include "bench/measure/clock.h"
#include "verify/harness/tool/tool.h"

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

static void take_sample(struct bench_contender *contender, const struct norma_args *args,
                        const struct bench_effort *effort) {
    double priming = execute_batch(contender, args, primers(contender, effort));
    double seconds = execute_batch(contender, args, contender->batch);
    contender->spent += priming + seconds;
    contender->samples[contender->count++] = seconds / (double)contender->batch;
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

/* Returns whether a contender's next sample is due: it has too few, or another fits into its equal
 * share of the budget. A slow contender that has its minimum must not use up the time of the quick
 * ones. */
static bool is_due(const struct bench_contender *contender, const struct bench_effort *effort,
                   double share) {
    if (contender->status != NORMA_STATUS_OK || contender->count >= effort->max_samples) {
        return false;
    }
    int64_t executions = contender->batch + primers(contender, effort);
    return contender->count < samples_needed(contender, effort) ||
           contender->spent + contender->expected * (double)executions < share;
}

/* Returns whether the relative error of every contender is at most the precision. */
static bool is_precise(struct bench_contender *contenders, size_t count, double precision,
                       uint64_t seed) {
    for (size_t i = 0; i < count; i++) {
        if (contenders[i].status == NORMA_STATUS_OK) {
            struct bench_estimate estimate =
                bench_estimate_median(contenders[i].samples, contenders[i].count, seed);
            if (bench_relative_error(&estimate) > precision) {
                return false;
            }
        }
    }
    return true;
}

/* Takes one sample of each contender that is due, in random order. Returns how many were due. */
static size_t play_round(struct bench_contender *contenders, size_t count,
                         const struct norma_args *args, const struct bench_effort *effort,
                         uint64_t *random) {
    size_t order[count], due = 0;
    for (size_t i = 0; i < count; i++) {
        order[i] = i;
    }
    shuffle(order, count, random);
    for (size_t i = 0; i < count && !tool_interrupted(); i++) {
        struct bench_contender *contender = &contenders[order[i]];
        if (is_due(contender, effort, effort->seconds / (double)count)) {
            bench_notify_turn(contender->implementation);
            take_sample(contender, args, effort);
            due++;
        }
    }
    return due;
}

static void estimate_all(struct bench_contender *contenders, size_t count, uint64_t seed) {
    for (size_t i = 0; i < count; i++) {
        if (contenders[i].status == NORMA_STATUS_OK) {
            contenders[i].estimate =
                bench_estimate_median(contenders[i].samples, contenders[i].count, seed);
        }
    }
}

bool bench_measure(struct bench_contender *contenders, size_t count, const struct norma_args *args,
                   const struct bench_effort *effort, uint64_t seed) {
    for (size_t i = 0; i < count && !tool_interrupted(); i++) {
        bench_notify_turn(contenders[i].implementation);
        choose_batch(&contenders[i], args);
    }
    uint64_t random = seed;
    bool precise = false;
    for (size_t round = 1; !precise && !tool_interrupted(); round++) {
        if (play_round(contenders, count, args, effort, &random) == 0) {
            break;
        }
        notify_round(contenders, count);
        precise = round >= effort->min_samples && round % ROUNDS_PER_CHECK == 0 &&
                  is_precise(contenders, count, effort->precision, seed);
    }
    if (tool_interrupted()) {
        return false;
    }
    estimate_all(contenders, count, seed);
    return true;
}
