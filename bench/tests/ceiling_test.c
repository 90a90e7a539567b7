/* The ceilings copy or add every element and no other, whatever the size and the number of threads.
 * Their probe: which footprints, and records that are consistent; how fast they are is not tested.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/machine/ceiling.h"
#include "bench/machine/probe.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- the ceilings --------------------------------------------------------------------------- */

enum { MOST = 20000, FENCE = 16 };

static _Alignas(64) float from[MOST];
static _Alignas(64) float also[MOST];
static _Alignas(64) float to[MOST + FENCE];

static struct norma_problem make_problem(norma_pass pass, norma_epilogue epilogue, int64_t s) {
    struct norma_problem problem = norma_problem_default(NORMA_OPERATOR_BN);
    problem.n = 1;
    problem.c = 1;
    problem.spatial_rank = 1;
    problem.spatial[0] = s;
    problem.pass = pass;
    problem.epilogue = epilogue;
    return problem;
}

/* Checks that the loop wrote to all of `to` and not beyond: a copy, or a sum. */
static void expect_written(const char *name, size_t count, int threads, bool adds) {
    for (size_t i = 0; i < count; i++) {
        cr_assert_eq(to[i], from[i] + (adds ? also[i] : 0), "%s %zu by %d at %zu: %g", name, count,
                     threads, i, (double)to[i]);
    }
    for (size_t i = count; i < count + FENCE; i++) {
        cr_assert_eq(to[i], 0, "%s %zu by %d wrote beyond", name, count, threads);
    }
}

static void expect_ceiling(const struct reference_implementation *ceiling,
                           const struct norma_problem *problem, const struct norma_args *args,
                           int threads, bool adds) {
    for (size_t i = 0; i < MOST; i++) {
        from[i] = (float)i + 1;
        also[i] = (float)(i % 7) * 1000;
    }
    memset(to, 0, sizeof to);
    void *state;
    cr_assert_eq(ceiling->create(ceiling, &state, problem, threads), NORMA_STATUS_OK);
    cr_assert_eq(ceiling->execute(state, args), NORMA_STATUS_OK);
    cr_expect(strlen(ceiling->kernel(state)) > 0);
    ceiling->destroy(state);
    expect_written(ceiling->name, (size_t)problem->spatial[0], threads, adds);
}

static void expect_all(norma_pass pass, norma_epilogue epilogue, const struct norma_args *args,
                       bool adds) {
    const int64_t sizes[] = {1, 15, 16, 17, 31, 33, 257, 1000, 4096, 19999};
    for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
        struct norma_problem problem = make_problem(pass, epilogue, sizes[k]);
        for (int i = 0; i < BENCH_CEILING_COUNT; i++) {
            for (int threads = 1; threads <= 5; threads++) {
                expect_ceiling(&bench_ceilings_of(&problem)[i], &problem, args, threads, adds);
            }
        }
    }
}

Test(ceiling, forward_copies) {
    struct norma_args args = {.x = from, .y = to};
    expect_all(NORMA_PASS_FORWARD, NORMA_EPILOGUE_NONE, &args, false);
    expect_all(NORMA_PASS_INFERENCE, NORMA_EPILOGUE_RELU, &args, false);
}

Test(ceiling, forward_with_a_residual_adds) {
    struct norma_args args = {.x = from, .y = to, .residual = also};
    expect_all(NORMA_PASS_FORWARD, NORMA_EPILOGUE_ADD_RELU, &args, true);
}

Test(ceiling, backward_adds) {
    struct norma_args args = {.x = from, .dy = also, .dx = to};
    expect_all(NORMA_PASS_BACKWARD, NORMA_EPILOGUE_NONE, &args, true);
    expect_all(NORMA_PASS_INFERENCE_BACKWARD, NORMA_EPILOGUE_NONE, &args, true);
}

/* Each thread passes over its own part, also where a ceiling of kernels would take one thread. */
Test(ceiling, those_of_a_machine_take_all_threads) {
    struct norma_args args = {.x = from, .y = to, .residual = also};
    struct norma_problem problem = make_problem(NORMA_PASS_FORWARD, NORMA_EPILOGUE_ADD_RELU, 4096);
    for (int threads = 1; threads <= 3; threads++) {
        const int64_t passes = bench_machine_ceiling_passes(&problem, threads);
        cr_expect_eq(passes, threads * (16 << 20) / (4096 * 4));
        expect_ceiling(&bench_machine_ceilings[BENCH_CEILING_ADD], &problem, &args, threads, true);
        expect_ceiling(&bench_machine_ceilings[BENCH_CEILING_COPY], &problem, &args, threads,
                       false);
    }
    problem.spatial[0] = 4097;
    expect_ceiling(&bench_machine_ceilings[BENCH_CEILING_ADD], &problem, &args, 3, true);
}

/* Reading has no result to check; a sanitizer sees whether it reads beyond x. */
Test(ceiling, reading_writes_nothing) {
    const struct reference_implementation *reading = &bench_ceilings[BENCH_CEILING_READ];
    const int64_t sizes[] = {1, 31, 1000, 19999};
    struct norma_args args = {.x = from, .y = to};
    memset(to, 0, sizeof to);
    for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
        struct norma_problem problem =
            make_problem(NORMA_PASS_FORWARD, NORMA_EPILOGUE_NONE, sizes[k]);
        for (int threads = 1; threads <= 5; threads++) {
            void *state;
            cr_assert_eq(reading->create(reading, &state, &problem, threads), NORMA_STATUS_OK);
            cr_assert_eq(reading->execute(state, &args), NORMA_STATUS_OK);
            cr_expect(strlen(reading->kernel(state)) > 0);
            reading->destroy(state);
        }
    }
    for (size_t i = 0; i < MOST + FENCE; i++) {
        cr_assert_eq(to[i], 0);
    }
}

Test(ceiling, names) {
    cr_expect(bench_is_ceiling("copy"));
    cr_expect(bench_is_ceiling("copy-stream"));
    cr_expect(bench_is_ceiling("add"));
    cr_expect(bench_is_ceiling("add-stream"));
    cr_expect_not(bench_is_ceiling("copy-"));
}

/* ---- the probe ------------------------------------------------------------------------------ */

static const uint64_t kib = 1 << 10, mib = 1 << 20, much = (uint64_t)1 << 40;

static uint64_t footprints[BENCH_FOOTPRINTS];

Test(machine_probe, footprints_go_to_four_times_the_caches) {
    size_t count = bench_probe_footprints(32 * mib, much, 1, footprints);
    cr_assert_eq(count, 14);
    cr_expect_eq(footprints[0], 16 * kib);
    cr_expect_eq(footprints[1], 32 * kib);
    cr_expect_eq(footprints[13], 128 * mib);
    count = bench_probe_footprints(33 * mib, much, 1, footprints);
    cr_expect_eq(footprints[count - 1], 256 * mib);
}

Test(machine_probe, wider_steps_keep_the_largest) {
    size_t count = bench_probe_footprints(64 * mib, much, 2, footprints);
    cr_assert_eq(count, 8);
    cr_expect_eq(footprints[7], 256 * mib);
    cr_expect_eq(footprints[6], 64 * mib);
    cr_expect_eq(footprints[0], 16 * kib);
    count = bench_probe_footprints(32 * mib, much, 2, footprints);
    cr_expect_eq(footprints[count - 1], 128 * mib);
    cr_expect_eq(footprints[0], 32 * kib);
}

Test(machine_probe, three_tensors_fit_into_the_memory) {
    size_t count = bench_probe_footprints(32 * mib, 3 * mib, 1, footprints);
    cr_expect_eq(footprints[count - 1], mib);
    count = bench_probe_footprints(32 * mib, 3 * mib - 1, 1, footprints);
    cr_expect_eq(footprints[count - 1], mib / 2);
    cr_expect_eq(bench_probe_footprints(32 * mib, 1, 1, footprints), 1);
    cr_expect_eq(bench_probe_footprints(0, much, 1, footprints), 1);
    cr_expect_eq(footprints[0], 16 * kib);
    cr_expect_leq(bench_probe_footprints(much, UINT64_MAX / 8, 1, footprints), BENCH_FOOTPRINTS);
}

static struct bench_cpu_binding binding;
static struct bench_conditions conditions;
static struct bench_probe probe;

static void run(void) {
    static const int threads[] = {1, 2};
    cr_assert(bench_cpu_binding_open(&binding));
    bench_conditions_start(&conditions, &binding);
    probe = (struct bench_probe){
        .binding = &binding,
        .threads = threads,
        .thread_count = 2,
        .effort = {.seconds = 1e-4, .min_samples = 2, .max_samples = 4, .primers = 1},
        .seed = 1,
        .max_memory = 3 * 64 * kib,
        .octaves = 1,
        .conditions = &conditions,
    };
    cr_assert_eq(bench_probe_run(&probe), BENCH_PROBE_COMPLETE);
}

static void drop(void) {
    json_decref(probe.memory);
    json_decref(probe.compute);
    json_decref(bench_conditions_finish(&conditions, false));
    bench_cpu_binding_close(&binding);
}

static double number(const json_t *record, const char *key) {
    const json_t *member = json_object_get(record, key);
    cr_assert(json_is_number(member), "no number '%s'", key);
    return json_number_value(member);
}

static const char *kernel_of(const json_t *record) {
    return json_string_value(json_object_get(record, "kernel"));
}

static double median_of(const json_t *record) {
    const json_t *time = json_object_get(record, "time");
    const size_t samples = json_array_size(json_object_get(time, "samples"));
    cr_expect(samples >= 2 && samples <= 4);
    cr_expect_geq(number(time, "batch"), 1);
    cr_expect_leq(number(time, "low"), number(time, "median"));
    cr_expect_geq(number(time, "high"), number(time, "median"));
    return number(time, "median");
}

Test(machine_probe, memory_is_measured_at_every_footprint_with_every_number_of_threads) {
    static const char *const kernels[] = {"read", "copy", "copy-stream", "add", "add-stream"};
    int found[5] = {0};
    run();
    for (size_t i = 0; i < json_array_size(probe.memory); i++) {
        const json_t *record = json_array_get(probe.memory, i);
        const double bytes = number(record, "bytes"), footprint = number(record, "footprint");
        cr_expect_str_eq(json_string_value(json_object_get(record, "type")), "memory");
        const double passes = bytes / footprint, threads = number(record, "threads");
        cr_expect_float_eq(number(record, "gbps") * 1e9 * median_of(record) / bytes, 1, 1e-9);
        cr_expect_float_eq(passes, round(passes), 1e-12, "whole passes");
        cr_expect_geq(bytes, threads * 16e6, "%s: enough for each thread", kernel_of(record));
        for (int k = 0; k < 5; k++) {
            found[k] += strcmp(kernel_of(record), kernels[k]) == 0;
        }
        const int images = kernel_of(record)[0] == 'r' ? 1 : kernel_of(record)[0] == 'c' ? 2 : 3;
        cr_expect_eq((int64_t)footprint % (images * 64), 0, "%s: whole lines", kernel_of(record));
        const double nominal = footprint > 32768 ? 65536 : footprint > 16384 ? 32768 : 16384;
        cr_expect(footprint <= nominal && footprint > nominal - 3 * 64, "%s: %g bytes",
                  kernel_of(record), footprint);
    }
    for (int k = 0; k < 5; k++) {
        const bool may_lack = strstr(kernels[k], "stream") != NULL;
        cr_expect(found[k] == 3 * 2 || (may_lack && found[k] == 0), "%s: %d", kernels[k], found[k]);
    }
    drop();
}

Test(machine_probe, arithmetic_counts_two_operations_for_each_lane) {
    run();
    cr_assert_eq(json_array_size(probe.compute), 2 * BENCH_ARITHMETIC_COUNT);
    for (size_t i = 0; i < json_array_size(probe.compute); i++) {
        const json_t *record = json_array_get(probe.compute, i);
        const int threads = (int)number(record, "threads");
        const struct reference_implementation *kind =
            &bench_arithmetic[strcmp(kernel_of(record), "fma64") == 0];
        cr_expect_str_eq(kernel_of(record), kind->name);
        cr_expect_float_eq(number(record, "gflops") * 1e9 * median_of(record) /
                               bench_arithmetic_operations(kind, threads),
                           1, 1e-9);
    }
    cr_expect_float_eq(bench_arithmetic_operations(&bench_arithmetic[0], 1),
                       2 * bench_arithmetic_operations(&bench_arithmetic[1], 1), 1);
    cr_expect_float_eq(bench_arithmetic_operations(&bench_arithmetic[0], 3),
                       3 * bench_arithmetic_operations(&bench_arithmetic[0], 1), 1);
    drop();
}
