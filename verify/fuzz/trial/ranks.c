/* Staged execution by several processes, with some of the samples each.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "verify/fuzz/trial/stage_limits.h"
#include "verify/fuzz/trial/story.h"
#include "verify/fuzz/trial/trial_stages.h"

enum { MOST_RANKS = 5 };

/* The samples of the ranks: number i has those from first[i] to first[i + 1]. */
struct division {
    size_t ranks;
    int64_t first[MOST_RANKS + 1];
};

/* Returns the first sample of the next rank; a rank may have no sample. */
static int64_t next_first(struct fuzz_choices *choices, int64_t first, int64_t last) {
    return first + (int64_t)fuzz_choose(choices, (size_t)(last - first) + 1);
}

static struct division divide(struct fuzz_choices *choices, int64_t samples) {
    struct division division = {.ranks = 0};
    const size_t most = 1 + fuzz_choose(choices, MOST_RANKS);
    while (division.ranks + 1 < most) {
        const int64_t first = division.first[division.ranks];
        division.ranks++;
        division.first[division.ranks] = next_first(choices, first, samples);
    }
    division.ranks++;
    division.first[division.ranks] = samples;
    return division;
}

/* Returns the bytes that a tensor has of one sample; 0 if it is the same for all. */
static size_t bytes_of_sample(const struct norma_problem *problem, int id) {
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT], more[REFERENCE_TENSOR_COUNT];
    struct norma_problem longer = *problem;
    longer.n++;
    reference_tensors_of(problem, tensors);
    reference_tensors_of(&longer, more);
    return (size_t)(more[id].count - tensors[id].count) * tensors[id].size;
}

static void make_rank(const struct fuzz_scene *scene, int64_t first, int64_t last,
                      struct fuzz_rank *rank) {
    struct norma_problem problem = scene->material.truth->problem;
    struct fuzz_inputs inputs = fuzz_inputs_of(&scene->material);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        if (inputs.data[id]) {
            inputs.data[id] =
                (const char *)inputs.data[id] + (size_t)first * bytes_of_sample(&problem, id);
        }
    }
    problem.n = last - first;
    inputs.problem = &problem;
    fuzz_rank_make(scene, &inputs, rank);
    fuzz_tell(" %lld", (long long)problem.n);
}

/* Passes every tensor in memory of its own, because a rank's part of one may be all of another, and
 * leaves out what no stage computes. */
static void separate(struct fuzz_passing *passing) {
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        passing->owner[id] = id;
    }
    passing->absent[REFERENCE_TENSOR_style_loss] = true;
}

/* ---- results ------------------------------------------------------------------------------ */

/* Checks whether an output is a gradient that has a sum over samples. */
static bool is_sum(int id) {
    return id == REFERENCE_TENSOR_dgamma || id == REFERENCE_TENSOR_dbeta ||
           id == REFERENCE_TENSOR_drho || id == REFERENCE_TENSOR_dalpha;
}

/* Adds the gradients of all ranks. Where one is beyond float's range, the sum tells nothing, and
 * that of the execution stays. */
static void add_up(const struct fuzz_rank *ranks, size_t count, int id, int64_t elements,
                   float *total) {
    for (int64_t k = 0; k < elements; k++) {
        double sum = 0.0;
        for (size_t i = 0; i < count; i++) {
            sum += (double)((const float *)ranks[i].memory.data[id])[k];
        }
        total[k] = isfinite(sum) ? (float)sum : total[k];
    }
}

/* Takes the statistics of the first rank, and expects that all have these. */
static void take_common(const struct fuzz_rank *ranks, size_t count, int id, size_t bytes,
                        void *result) {
    memcpy(result, ranks[0].memory.data[id], bytes);
    for (size_t i = 1; i < count; i++) {
        fuzz_demand(memcmp(result, ranks[i].memory.data[id], bytes) == 0,
                    "%s of rank %zu to be that of rank 0", ranks[0].memory.tensors[id].name, i);
    }
}

static void join_samples(const struct fuzz_rank *ranks, size_t count, int id, char *result) {
    for (size_t i = 0; i < count; i++) {
        const size_t bytes = reference_tensor_bytes(&ranks[i].memory.tensors[id]);
        memcpy(result, ranks[i].memory.data[id], bytes);
        result += bytes;
    }
}

/* Returns an output of all ranks together, in the memory of the scene's execution, which it
 * overwrites. */
static void join(const struct fuzz_scene *scene, const struct fuzz_rank *ranks, size_t count,
                 int id) {
    const struct norma_problem *problem = &scene->material.truth->problem;
    const struct reference_tensor *tensor = &scene->memory.tensors[id];
    void *result = scene->memory.data[id];
    if (bytes_of_sample(problem, id) > 0) {
        join_samples(ranks, count, id, result);
    } else if (is_sum(id)) {
        add_up(ranks, count, id, tensor->count, result);
    } else {
        take_common(ranks, count, id, reference_tensor_bytes(tensor), result);
    }
}

void fuzz_execute_ranks(struct fuzz_scene *scene) {
    struct fuzz_rank ranks[MOST_RANKS];
    const struct division division = divide(scene->choices, scene->material.truth->problem.n);
    if (!fuzz_has_stages(&scene->material.truth->problem) || fuzz_is_unstaged(scene)) {
        return;
    }
    separate(&scene->material.passing);
    fuzz_tell("ranks:");
    for (size_t i = 0; i < division.ranks; i++) {
        make_rank(scene, division.first[i], division.first[i + 1], &ranks[i]);
    }
    fuzz_tell("\n");
    fuzz_run_stages(scene, ranks, division.ranks, false);
    for (size_t i = 0; i < division.ranks; i++) {
        fuzz_keep_unstaged(scene, &ranks[i], division.first[i]);
    }
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        if (reference_is_output(&scene->memory.tensors[id]) && scene->memory.data[id] &&
            ranks[0].memory.data[id]) {
            join(scene, ranks, division.ranks, id);
        }
    }
    fuzz_material_judge(&scene->material, scene->memory.data);
    for (size_t i = 0; i < division.ranks; i++) {
        fuzz_rank_free(&ranks[i]);
    }
}
