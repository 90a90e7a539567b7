/* How much longer do the steps of staged execution take than norma_execute? Times both against each
 * other on one thread, in one process that has all samples. Where no statistics are of the batch,
 * it times the steps part by part as well, with a plan for as many samples as stay in a cache from
 * one step to the next. Takes a second for each problem, so it is no test of its own.
 * Usage: stage_trials SET PROBLEM...
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/measure/measure.h"
#include "verify/harness/tool/tool.h"

#include <stdio.h>
#include <stdlib.h>

enum { MOST_SAMPLES = 200, PART_BYTES = 256 * 1024 };

/* A plan for some of the samples, and what its steps need. */
struct steps {
    struct norma_problem problem;
    struct norma_plan *plan;
    int64_t parts; /* how many of them are all samples */
    void *workspace;
    struct norma_partial_moments *moments;
    struct norma_partial_sums *sums;
    struct norma_stage_affine affine;
    size_t part_bytes[REFERENCE_TENSOR_COUNT]; /* of each tensor; 0: it has no samples */
};

/* ---- what is timed -------------------------------------------------------------------------- */

static norma_status execute(void *state, const struct norma_args *args) {
    const struct steps *steps = state;
    struct norma_args own = *args;
    own.workspace = steps->workspace;
    return norma_execute(steps->plan, &own);
}

static norma_status forward(const struct steps *steps, const struct norma_args *args) {
    norma_status status = norma_stage_moments(steps->plan, args, steps->moments);
    if (status == NORMA_STATUS_OK) {
        status = norma_stage_coefficients(steps->plan, args, steps->moments, &steps->affine);
    }
    return status == NORMA_STATUS_OK ? norma_stage_apply(steps->plan, args, &steps->affine)
                                     : status;
}

static norma_status backward(const struct steps *steps, const struct norma_args *args) {
    const norma_status status = norma_stage_sums(steps->plan, args, steps->sums);
    return status == NORMA_STATUS_OK ? norma_stage_gradient(steps->plan, args, steps->sums)
                                     : status;
}

/* Returns the arguments of one part. Tensors that have no samples are the same for all. */
static struct norma_args arguments_of(const struct steps *steps, const struct norma_args *args,
                                      int64_t part) {
    void *pointers[REFERENCE_TENSOR_COUNT];
    reference_tensors_unbind(args, pointers);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        const size_t offset = steps->part_bytes[id] * (size_t)part;
        pointers[id] = pointers[id] ? (char *)pointers[id] + offset : NULL;
    }
    struct norma_args own = reference_tensors_bind(pointers);
    own.workspace = steps->workspace;
    return own;
}

static norma_status take_steps(void *state, const struct norma_args *args) {
    const struct steps *steps = state;
    norma_status status = NORMA_STATUS_OK;
    for (int64_t i = 0; i < steps->parts && status == NORMA_STATUS_OK; i++) {
        const struct norma_args own = arguments_of(steps, args, i);
        status = (reference_is_backward(&steps->problem) ? backward : forward)(steps, &own);
    }
    return status;
}

/* ---- plans and tensors ---------------------------------------------------------------------- */

static void *allocate(size_t count, size_t size) {
    void *memory = calloc(count + 1, size);
    if (!memory) {
        tool_die(TOOL_EXIT_MISSING, "there is too little memory");
    }
    return memory;
}

static void measure_parts(struct steps *steps) {
    struct reference_tensor one[REFERENCE_TENSOR_COUNT], two[REFERENCE_TENSOR_COUNT];
    struct norma_problem batch = steps->problem;
    reference_tensors_of(&batch, one);
    batch.n *= 2;
    reference_tensors_of(&batch, two);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        steps->part_bytes[id] = (size_t)(two[id].count - one[id].count) * one[id].size;
    }
}

static struct steps make_steps(const char *set, const struct norma_problem *problem,
                               int64_t parts) {
    const struct norma_options options = {.sets = set, .threads = 1};
    struct steps steps = {.problem = *problem, .parts = parts};
    steps.problem.n /= parts;
    const norma_status status = norma_plan_create(&steps.plan, &steps.problem, &options);
    if (status != NORMA_STATUS_OK) {
        tool_die(TOOL_EXIT_USAGE, "%s: %s", set, norma_strerror(status));
    }
    measure_parts(&steps);
    const size_t sets = (size_t)norma_stage_sets(steps.plan);
    const size_t entries = (size_t)norma_stage_affine_entries(steps.plan);
    const size_t own = norma_stage_workspace(steps.plan), all = norma_plan_workspace(steps.plan);
    steps.workspace = allocate(own > all ? own : all, 1);
    steps.moments = allocate(sets, sizeof *steps.moments);
    steps.sums = allocate(sets, sizeof *steps.sums);
    steps.affine.centre = allocate(entries, sizeof(float));
    steps.affine.scale = allocate(entries, sizeof(float));
    steps.affine.shift = allocate(entries, sizeof(float));
    return steps;
}

static void free_steps(struct steps *steps) {
    norma_plan_destroy(steps->plan);
    free(steps->workspace);
    free(steps->moments);
    free(steps->sums);
    free(steps->affine.centre);
    free(steps->affine.scale);
    free(steps->affine.shift);
}

/* Fills the floats of a tensor with values that every one may have; the integers stay 0. */
static void fill(const struct norma_problem *problem, const struct reference_tensor *tensor, int id,
                 float *values) {
    const bool signs = id == REFERENCE_TENSOR_x || id == REFERENCE_TENSOR_dy;
    uint32_t state = (uint32_t)problem->c;
    for (int64_t i = 0; tensor->size == sizeof *values && i < tensor->count; i++) {
        state = state * 1664525u + 1013904223u;
        const float uniform = (float)(state >> 8) * 0x1p-24f;
        values[i] = signs ? 2.0f * uniform - 1.0f : uniform;
    }
}

static struct norma_args make_tensors(struct bench_buffers *buffers,
                                      const struct norma_problem *problem) {
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
    void *pointers[REFERENCE_TENSOR_COUNT];
    reference_tensors_of(problem, tensors);
    if (!bench_buffers_place(buffers, problem, 1, pointers)) {
        tool_die(TOOL_EXIT_MISSING, "there is too little memory");
    }
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        if (pointers[id] && id != REFERENCE_TENSOR_style_index) {
            fill(problem, &tensors[id], id, pointers[id]);
        }
    }
    return reference_tensors_bind(pointers);
}

/* ---- trials --------------------------------------------------------------------------------- */

/* Returns how many parts the batch is cut into, which divide it: 1 where statistics are of the
 * batch. */
static int64_t parts_of(const struct norma_problem *problem) {
    const int64_t bytes = problem->c * norma_problem_spatial(problem) * (int64_t)sizeof(float);
    const bool mixes = reference_facts_of(problem)->running || problem->form == NORMA_FORM_LAYER;
    int64_t samples = mixes ? problem->n : PART_BYTES / bytes;
    samples = samples < 1 ? 1 : samples > problem->n ? problem->n : samples;
    while (problem->n % samples != 0) {
        samples--;
    }
    return problem->n / samples;
}

/* Prints the time of norma_execute, and the ratios to it. */
static void print_row(const char *text, const struct bench_contender *contenders, size_t count) {
    printf("%-44s %10.1f", text, 1e6 * contenders[0].estimate.median);
    for (size_t i = 1; i < count; i++) {
        struct bench_estimate ratio;
        bench_judge_contenders(&contenders[0], &contenders[i], 0.05, 1, &ratio);
        printf("  %5.2f [%4.2f, %4.2f]", ratio.median, ratio.low, ratio.high);
    }
    printf("\n");
    fflush(stdout);
}

static void play(const char *set, const char *text) {
    static const struct reference_implementation at_once = {.name = "execute", .execute = execute};
    static const struct reference_implementation in_steps = {.name = "steps",
                                                             .execute = take_steps};
    static const struct bench_effort effort = {.seconds = 0.6,
                                               .min_samples = 7,
                                               .max_samples = MOST_SAMPLES,
                                               .precision = 0.005,
                                               .primers = 2};
    struct norma_problem problem;
    struct norma_parse_error error;
    if (norma_problem_parse(text, &problem, &error) != NORMA_STATUS_OK) {
        tool_die(TOOL_EXIT_USAGE, "%s: %s", text, error.message);
    }
    const int64_t parts = parts_of(&problem);
    double samples[3][MOST_SAMPLES];
    struct bench_buffers buffers;
    bench_buffers_open(&buffers, false);
    struct norma_args args = make_tensors(&buffers, &problem);
    struct steps whole = make_steps(set, &problem, 1), part = make_steps(set, &problem, parts);
    struct bench_contender contenders[] = {
        {.implementation = &at_once, .state = &whole, .samples = samples[0]},
        {.implementation = &in_steps, .state = &whole, .samples = samples[1]},
        {.implementation = &in_steps, .state = &part, .samples = samples[2]},
    };
    const size_t count = parts > 1 ? 3 : 2;
    bench_measure(contenders, count, &args, &effort, 1);
    for (size_t i = 0; i < count; i++) {
        if (contenders[i].status != NORMA_STATUS_OK) {
            tool_die(TOOL_EXIT_USAGE, "%s: %s", text, norma_strerror(contenders[i].status));
        }
    }
    print_row(text, contenders, count);
    free_steps(&whole);
    free_steps(&part);
    bench_buffers_close(&buffers);
}

int main(int argc, char **argv) {
    if (argc < 3) {
        tool_die(TOOL_EXIT_USAGE, "usage: stage_trials SET PROBLEM...");
    }
    printf("%-44s %10s  %-18s  %s\n", "problem", "us at once", "in steps", "part by part");
    for (int i = 2; i < argc; i++) {
        play(argv[1], argv[i]);
    }
    return TOOL_EXIT_FINE;
}
