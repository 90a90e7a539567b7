/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/tune/tuned_problems.h"
#include "bench/measure/measure.h"

#include <math.h>
#include <stdio.h>

/* They have both layouts and passes, statistics of planes, groups and batches, and large and small
 * planes. */
static const struct {
    const char *op;
    int64_t channels, side;
    const char *keys;
} templates[BENCH_TUNE_PROBLEMS] = {
    {"in", 64, 56, "pass=fwd,layout=ncs"},  {"bn", 256, 14, "pass=fwd,layout=ncs"},
    {"gn", 128, 28, "pass=bwd,layout=ncs"}, {"in", 512, 7, "pass=bwd,layout=ncs"},
    {"bn", 64, 56, "pass=bwd,layout=nsc"},  {"gn", 256, 14, "pass=fwd,layout=nsc"},
};

/* Returns the bytes of x and y in the middle of the class. The middle is a geometric mean, since
 * caches differ by factors. */
static double bytes_wanted(norma_size_class size) {
    switch (size) {
    case NORMA_CLASS_L2:
        return 0.5 * (double)norma_size_class_end(NORMA_CLASS_L2);
    case NORMA_CLASS_L3:
        return sqrt((double)norma_size_class_end(NORMA_CLASS_L2) *
                    (double)norma_size_class_end(NORMA_CLASS_L3));
    default:
        return 2.0 * (double)norma_size_class_end(NORMA_CLASS_L3);
    }
}

static struct norma_problem make(size_t index, int64_t samples, int64_t channels) {
    char text[NORMA_PROBLEM_TEXT];
    struct norma_problem problem;
    snprintf(text, sizeof text, "%s:%lldx%lldx%lldx%lld:%s", templates[index].op,
             (long long)samples, (long long)channels, (long long)templates[index].side,
             (long long)templates[index].side, templates[index].keys);
    norma_problem_parse(text, &problem, NULL);
    return problem;
}

/* Makes a problem of about so many bytes. It has several samples, if need be of fewer channels. */
static struct norma_problem make_of(size_t index, double bytes) {
    const int64_t side = templates[index].side;
    const double plane = 2.0 * (double)(side * side) * sizeof(float);
    int64_t channels = templates[index].channels;
    while (channels > 16 && (double)channels * plane > bytes / 2) {
        channels /= 2;
    }
    const int64_t samples = (int64_t)(bytes / ((double)channels * plane));
    return make(index, samples > 0 ? samples : 1, channels);
}

static bool is_of_class(const struct norma_problem *problem, norma_size_class size) {
    const int64_t bytes = 2 * reference_elements(problem) * (int64_t)sizeof(float);
    const int64_t begin = size > 0 ? norma_size_class_end((norma_size_class)(size - 1)) : 0;
    return begin <= bytes && bytes < norma_size_class_end(size);
}

size_t bench_tune_problems(norma_size_class size,
                           struct norma_problem problems[BENCH_TUNE_PROBLEMS]) {
    size_t count = 0;
    for (size_t i = 0; i < BENCH_TUNE_PROBLEMS; i++) {
        problems[count] = make_of(i, bytes_wanted(size));
        count += is_of_class(&problems[count], size);
    }
    return count;
}
