/* Measures how fast this machine's memory and arithmetic are.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/machine/probe.h"
#include "bench/machine/ceiling.h"
#include "bench/measure/measure.h"
#include "bench/results/results.h"
#include "verify/harness/tool/tool.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- a group of ceilings that are measured against each other ------------------------------- */

enum { MOST_CEILINGS = 2 };

struct group {
    const struct reference_implementation *implementations;
    size_t count;
    const struct norma_problem *problem;
    int threads;
    int64_t footprint; /* the bytes of all tensors; 0: arithmetic */
    int64_t passes;    /* over them in one execution */
};

static norma_status start(struct bench_contender *contender, const struct group *group,
                          const struct norma_args *args) {
    const struct reference_implementation *implementation = contender->implementation;
    norma_status status =
        implementation->create(implementation, &contender->state, group->problem, group->threads);
    if (status == NORMA_STATUS_OK) {
        const double before = bench_now();
        status = implementation->execute(contender->state, args);
        contender->expected = bench_now() - before;
    }
    return status;
}

static json_t *record_of(const struct group *group, const struct bench_contender *contender) {
    const char *kernel = contender->implementation->name;
    const double seconds = contender->estimate.median;
    json_t *time = bench_time_record(contender);
    if (group->footprint == 0) {
        const double operations =
            bench_arithmetic_operations(contender->implementation, group->threads);
        return json_pack("{s:s, s:i, s:s, s:i, s:f, s:o}", "type", "compute", "schema", 1, "kernel",
                         kernel, "threads", group->threads, "gflops", operations / seconds / 1e9,
                         "time", time);
    }
    const json_int_t bytes = group->footprint * group->passes;
    return json_pack("{s:s, s:i, s:s, s:i, s:I, s:I, s:o, s:f}", "type", "memory", "schema", 1,
                     "kernel", kernel, "threads", group->threads, "footprint",
                     (json_int_t)group->footprint, "bytes", bytes, "time", time, "gbps",
                     (double)bytes / seconds / 1e9);
}

static enum bench_probe_end keep(struct bench_probe *probe, json_t *list, json_t *record) {
    struct tool_message error;
    json_array_append(list, record);
    if (!probe->results) {
        json_decref(record);
    } else if (!bench_results_write(probe->results, record, &error)) {
        tool_say("%s", error.text);
        return BENCH_PROBE_UNWRITABLE;
    }
    return BENCH_PROBE_COMPLETE;
}

static enum bench_probe_end keep_all(struct bench_probe *probe, const struct group *group,
                                     const struct bench_contender *contenders, size_t count) {
    json_t *list = group->footprint ? probe->memory : probe->compute;
    enum bench_probe_end end = BENCH_PROBE_COMPLETE;
    for (size_t i = 0; i < count && end == BENCH_PROBE_COMPLETE; i++) {
        const struct bench_quality quality = bench_contender_quality(&contenders[i]);
        bench_conditions_note(probe->conditions, &quality);
        end = keep(probe, list, record_of(group, &contenders[i]));
    }
    return end;
}

static enum bench_probe_end time_contenders(struct bench_probe *probe, const struct group *group,
                                            const struct norma_args *args,
                                            struct bench_contender *contenders, size_t count) {
    struct bench_effort effort = probe->effort;
    if ((uint64_t)group->footprint > bench_largest_cache(probe->binding)) {
        effort.primers = 0;
    }
    return bench_measure(contenders, count, args, &effort, probe->seed)
               ? keep_all(probe, group, contenders, count)
               : BENCH_PROBE_INTERRUPTED;
}

static enum bench_probe_end run_group(struct bench_probe *probe, const struct group *group,
                                      const struct norma_args *args) {
    struct bench_contender contenders[MOST_CEILINGS] = {0};
    size_t count = 0;
    enum bench_probe_end end = BENCH_PROBE_COMPLETE;
    for (size_t i = 0; i < group->count && end == BENCH_PROBE_COMPLETE; i++) {
        contenders[count].implementation = &group->implementations[i];
        const norma_status status = start(&contenders[count], group, args);
        if (status == NORMA_STATUS_OK) {
            contenders[count].samples = tool_allocate(probe->effort.max_samples, sizeof(double));
            count++;
        } else if (status != NORMA_STATUS_UNSUPPORTED) {
            end = BENCH_PROBE_NO_MEMORY;
        }
    }
    if (end == BENCH_PROBE_COMPLETE) {
        end = time_contenders(probe, group, args, contenders, count);
    }
    for (size_t i = 0; i < count; i++) {
        contenders[i].implementation->destroy(contenders[i].state);
        free(contenders[i].samples);
    }
    return end;
}

/* ---- arithmetic ----------------------------------------------------------------------------- */

static enum bench_probe_end probe_arithmetic(struct bench_probe *probe, int threads) {
    const struct norma_args none = {0};
    const struct group group = {bench_arithmetic, BENCH_ARITHMETIC_COUNT, NULL, threads, 0, 0};
    bench_bind_threads(probe->binding, threads);
    return run_group(probe, &group, &none);
}

/* ---- memory --------------------------------------------------------------------------------- */

static const uint64_t least_footprint = 16 << 10;

size_t bench_probe_footprints(uint64_t last_level, uint64_t max_memory, int octaves,
                              uint64_t footprints[BENCH_FOOTPRINTS]) {
    uint64_t largest = least_footprint;
    while (largest < 4 * last_level && 3 * 2 * largest <= max_memory) {
        largest *= 2;
    }
    size_t count = 0;
    for (uint64_t footprint = largest; footprint >= least_footprint; footprint >>= octaves) {
        count++;
    }
    for (size_t i = 0; i < count; i++) {
        footprints[i] = largest >> (size_t)octaves * (count - 1 - i);
    }
    return count;
}

/* Returns a problem whose tensors have at most so many bytes each, in whole cache lines. */
static struct norma_problem problem_of(uint64_t bytes, norma_epilogue epilogue) {
    const uint64_t lines = bytes / BENCH_CEILING_LINE;
    struct norma_problem problem = norma_problem_default(NORMA_OPERATOR_BN);
    problem.n = problem.c = 1;
    problem.spatial_rank = 1;
    problem.spatial[0] = (int64_t)(lines * BENCH_CEILING_LINE / sizeof(float));
    problem.epilogue = epilogue;
    return problem;
}

/* Measures ceilings on so many tensors that have the footprint together: 1 to read, 2 to copy, 3 to
 * add. */
static enum bench_probe_end probe_tensors(struct bench_probe *probe, uint64_t footprint,
                                          unsigned tensors, int threads) {
    const struct norma_problem problem = problem_of(
        footprint / tensors, tensors == 3 ? NORMA_EPILOGUE_ADD_RELU : NORMA_EPILOGUE_NONE);
    const struct group group = {
        .implementations = &bench_machine_ceilings[tensors == 1   ? BENCH_CEILING_READ
                                                   : tensors == 2 ? BENCH_CEILING_COPY
                                                                  : BENCH_CEILING_ADD],
        .count = tensors == 1 ? 1 : BENCH_CEILING_COUNT,
        .problem = &problem,
        .threads = threads,
        .footprint = problem.spatial[0] * (int64_t)sizeof(float) * tensors,
        .passes = bench_machine_ceiling_passes(&problem, threads),
    };
    void *pointers[REFERENCE_TENSOR_COUNT];
    bench_bind_threads(probe->binding, threads);
    if (!bench_buffers_place(&probe->buffers, &problem, threads, pointers)) {
        return BENCH_PROBE_NO_MEMORY;
    }
    const struct norma_args args = reference_tensors_bind(pointers);
    return run_group(probe, &group, &args);
}

static enum bench_probe_end probe_footprint(struct bench_probe *probe, uint64_t footprint,
                                            int threads) {
    char what[64];
    snprintf(what, sizeof what, "memory, %llu KiB, threads %d", (unsigned long long)footprint >> 10,
             threads);
    bench_progress_show(&probe->progress, what);
    enum bench_probe_end end = BENCH_PROBE_COMPLETE;
    for (unsigned tensors = 1; tensors <= 3 && end == BENCH_PROBE_COMPLETE; tensors++) {
        end = probe_tensors(probe, footprint, tensors, threads);
    }
    probe->progress.done++;
    probe->progress.done_bytes += bench_progress_weight((double)footprint);
    return end;
}

static enum bench_probe_end probe_memory(struct bench_probe *probe, const uint64_t *footprints,
                                         size_t count, int threads) {
    enum bench_probe_end end = BENCH_PROBE_COMPLETE;
    for (size_t i = 0; i < count && end == BENCH_PROBE_COMPLETE; i++) {
        end = probe_footprint(probe, footprints[i], threads);
    }
    return end;
}

/* ---- all ------------------------------------------------------------------------------------ */

static struct bench_progress progress_of(const struct bench_probe *probe,
                                         const uint64_t *footprints, size_t count) {
    struct bench_progress progress = {.started = bench_now(), .total = count * probe->thread_count};
    for (size_t i = 0; i < count; i++) {
        progress.total_bytes +=
            bench_progress_weight((double)footprints[i]) * (double)probe->thread_count;
    }
    return progress;
}

enum bench_probe_end bench_probe_run(struct bench_probe *probe) {
    uint64_t footprints[BENCH_FOOTPRINTS];
    const size_t count = bench_probe_footprints(bench_last_level_cache(probe->binding),
                                                probe->max_memory, probe->octaves, footprints);
    const bool several = bench_has_several_nodes(probe->binding);
    bench_buffers_open(&probe->buffers, several);
    probe->progress = progress_of(probe, footprints, count);
    probe->memory = json_array();
    probe->compute = json_array();
    enum bench_probe_end end = BENCH_PROBE_COMPLETE;
    for (size_t i = 0; i < probe->thread_count && end == BENCH_PROBE_COMPLETE; i++) {
        end = probe_arithmetic(probe, probe->threads[i]);
    }
    for (size_t i = 0; i < probe->thread_count && end == BENCH_PROBE_COMPLETE; i++) {
        end = probe_memory(probe, footprints, count, probe->threads[i]);
    }
    tool_status_line(NULL);
    bench_buffers_close(&probe->buffers);
    return end;
}
