/* Times contenders against each other.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/measure/sampling.h"
#include "bench/measure/clock.h"
#include "bench/measure/observer.h"
#include "verify/harness/tool/tool.h"

/* The clock costs 20 to 50 ns a call and a team of threads some microseconds to wake: 200 us keeps
 * both below a few percent of what is timed, and is short enough that a preemption, of which there
 * are a few hundred a second on a busy machine, spoils single samples and not the median. */
static const double sample_seconds = 200e-6;

/* From here on an execution is not primed and is warm after one: page faults and sleeping threads
 * no longer count, and it is slow, or moves more than stays in a cache for the next. */
static const double slow_seconds = 10e-3;

/* From here on what was executed once needs no warm-up of its own: it would cost as much as a
 * sample, a quarter of the time of a quick sweep, and change nothing. */
static const double known_seconds = 50e-3;

/* From here on three samples are enough: nothing short can spoil one. */
static const double long_seconds = 0.3;
enum { LONG_SAMPLES = 3 };

/* Rounds between two looks at the precision: an interval of fewer samples means nothing. */
enum { ROUNDS_A_LOOK = 10 };

/* Seconds for a batch of executions. */
static double execute_batch(struct bench_contender *contender, const struct norma_args *args,
                            int64_t batch) {
    const struct reference_implementation *implementation = contender->implementation;
    double start = bench_now();
    for (int64_t i = 0; i < batch && contender->status == NORMA_STATUS_OK; i++) {
        contender->status = implementation->execute(contender->state, args);
    }
    return bench_now() - start;
}

/* Doubles the batch until it fills half a sample, which warms up as well. */
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

/* A contender's next sample is due if it lacks samples, or fits in its equal share of the budget: a
 * slow one, which has its least number of samples, must not eat up the time of the quick ones. */
static bool is_due(const struct bench_contender *contender, const struct bench_effort *effort,
                   double share) {
    if (contender->status != NORMA_STATUS_OK || contender->count >= effort->max_samples) {
        return false;
    }
    int64_t executions = contender->batch + primers(contender, effort);
    return contender->count < samples_needed(contender, effort) ||
           contender->spent + contender->expected * (double)executions < share;
}

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

/* One sample of each contender that is due, in random order. Returns how many were. */
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
            bench_observed_turn(contender->implementation);
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
        bench_observed_turn(contenders[i].implementation);
        choose_batch(&contenders[i], args);
    }
    uint64_t random = seed;
    bool precise = false;
    for (size_t round = 1; !precise && !tool_interrupted(); round++) {
        if (play_round(contenders, count, args, effort, &random) == 0) {
            break;
        }
        bench_observed_round(contenders, count);
        precise = round >= effort->min_samples && round % ROUNDS_A_LOOK == 0 &&
                  is_precise(contenders, count, effort->precision, seed);
    }
    if (tool_interrupted()) {
        return false;
    }
    estimate_all(contenders, count, seed);
    return true;
}
