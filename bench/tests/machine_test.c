/* The machine record, the page of a machine, and the binding of threads to its cores.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE
#include "bench/machine/core_clock.h"
#include "bench/machine/machine_page.h"
#include "bench/machine/machine_record.h"
#include "bench/machine/topology_record.h"
#include "bench/measure/cpu_binding.h"
#include <norma.h>
#include <norma_tools.h>

#include <criterion/criterion.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- machines: this one, and a known one ---------------------------------------------------- */

static struct bench_cpu_binding binding;

static void open_binding(void) {
    cr_assert(bench_cpu_binding_open(&binding));
}

static void close_binding(void) {
    bench_cpu_binding_close(&binding);
}

TestSuite(machine, .init = open_binding, .fini = close_binding);

/* The machine in the words of hwloc: 2 packages with 2 last-level caches each, 8 cores, 16
 * threads. */
#define KNOWN                                                                                      \
    "package:2 numa:1(memory=1073741824) l3:2(size=8388608) l2:2(size=1048576) "                   \
    "l1d:1(size=32768) core:1 pu:2"

static hwloc_topology_t make_topology(const char *description) {
    hwloc_topology_t topology;
    cr_assert_eq(hwloc_topology_init(&topology), 0);
    cr_assert_eq(hwloc_topology_set_synthetic(topology, description), 0);
    cr_assert_eq(hwloc_topology_load(topology), 0);
    return topology;
}

/* ---- the record ----------------------------------------------------------------------------- */

static const char *string(json_t *record, const char *first, const char *second) {
    json_t *member = json_object_get(record, first);
    return json_string_value(second ? json_object_get(member, second) : member);
}

Test(machine, the_record_is_complete) {
    json_t *record = bench_machine_record(binding.topology);
    cr_assert_not_null(record);
    cr_expect_str_eq(string(record, "type", NULL), "machine");
    cr_expect_eq(strlen(string(record, "id", NULL)), 16);
    cr_expect(strlen(string(record, "cpu", "name")) > 0);
    cr_expect_not_null(string(record, "cpu", "name_source"));
    cr_expect_not_null(string(record, "cpu", "hypervisor"));
    cr_expect_str_eq(string(record, "os", "name"), "Linux");
    cr_expect_not_null(string(record, "os", "governor"));
    cr_expect_not_null(string(record, "os", "transparent_huge_pages"));
    cr_expect_not_null(string(record, "build", "compiler"));
    cr_expect_not_null(string(record, "build", "flags"));
    cr_expect_not_null(string(record, "build", "revision"));
    cr_expect_not_null(string(record, "libraries", "norma"));
    json_t *topology = json_object_get(record, "topology");
    cr_expect_gt(json_integer_value(json_object_get(topology, "memory_bytes")), 1 << 20);
    json_decref(record);
}

Test(machine, the_record_has_the_topology) {
    static const json_int_t caches[][3] = {{1, 32 << 10, 8}, {2, 1 << 20, 8}, {3, 8 << 20, 4}};
    hwloc_topology_t known = make_topology(KNOWN);
    json_t *record = bench_machine_record(known);
    json_t *topology = json_object_get(record, "topology");
    cr_expect_eq(json_integer_value(json_object_get(topology, "packages")), 2);
    cr_expect_eq(json_integer_value(json_object_get(topology, "numa_nodes")), 2);
    cr_expect_eq(json_integer_value(json_object_get(topology, "cores")), 8);
    cr_expect_eq(json_integer_value(json_object_get(topology, "threads")), 16);
    json_t *list = json_object_get(topology, "caches");
    cr_assert_eq(json_array_size(list), 3);
    for (size_t i = 0; i < 3; i++) {
        json_t *cache = json_array_get(list, i);
        cr_expect_eq(json_integer_value(json_object_get(cache, "level")), caches[i][0]);
        cr_expect_eq(json_integer_value(json_object_get(cache, "bytes")), caches[i][1]);
        cr_expect_eq(json_integer_value(json_object_get(cache, "count")), caches[i][2]);
    }
    json_decref(record);
    hwloc_topology_destroy(known);
}

Test(machine, the_sets_are_those_of_the_library) {
    json_t *record = bench_machine_record(binding.topology);
    json_t *sets = json_object_get(record, "sets");
    for (size_t i = 0; norma_set_name(i); i++) {
        json_t *set = json_array_get(sets, i);
        cr_expect_str_eq(string(set, "name", NULL), norma_set_name(i));
        cr_expect_str_eq(string(set, "features", NULL), norma_set_features(i));
        cr_expect_eq(json_is_true(json_object_get(set, "available")), norma_set_available(i));
    }
    json_decref(record);
}

/* Returns how many objects of a type the tree has. If they have a size, it must be above 0. */
static int count(const json_t *tree, const char *type, bool sized) {
    const json_t *children = json_object_get(tree, "children");
    int found = strcmp(json_string_value(json_object_get(tree, "type")), type) == 0;
    cr_expect(!found || !sized || json_integer_value(json_object_get(tree, "bytes")) > 0);
    for (size_t i = 0; i < json_array_size(children); i++) {
        found += count(json_array_get(children, i), type, sized);
    }
    return found;
}

/* Checks that the tree has as many objects as the counts say. Some sizes of this machine may be
 * unknown. */
static void expect_tree_of_counts(hwloc_topology_t machine, bool sizes_known) {
    json_t *record = bench_machine_record(machine);
    json_t *tree = json_object_get(record, "topology_tree");
    json_t *topology = json_object_get(record, "topology");
    const struct {
        const char *type, *key;
        bool sized;
    } kinds[] = {{"PU", "threads", false},
                 {"Core", "cores", false},
                 {"Package", "packages", false},
                 {"NUMANode", "numa_nodes", true}};
    cr_expect_str_eq(string(tree, "type", NULL), "Machine");
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        cr_expect_eq(count(tree, kinds[i].type, sizes_known && kinds[i].sized),
                     json_integer_value(json_object_get(topology, kinds[i].key)), "%s",
                     kinds[i].type);
    }
    json_t *caches = json_object_get(topology, "caches");
    for (size_t i = 0; i < json_array_size(caches); i++) {
        json_t *cache = json_array_get(caches, i);
        int level;
        const char *kind;
        char type[16];
        cr_assert_eq(json_unpack(cache, "{s:i, s:s}", "level", &level, "type", &kind), 0);
        snprintf(type, sizeof type, "L%d%s", level, strcmp(kind, "data") == 0 ? "d" : "");
        cr_expect_eq(count(tree, type, sizes_known),
                     json_integer_value(json_object_get(cache, "count")), "%s", type);
    }
    json_decref(record);
}

Test(machine, the_tree_has_all_that_the_counts_say) {
    hwloc_topology_t known = make_topology(KNOWN);
    expect_tree_of_counts(known, true);
    expect_tree_of_counts(binding.topology, false);
    hwloc_topology_destroy(known);
}

Test(machine, the_last_level_is_all_of_its_caches) {
    const struct bench_cpu_binding known = {.topology = make_topology(KNOWN)};
    cr_expect_eq(bench_first_cache(&known), 32 << 10);
    cr_expect_eq(bench_largest_cache(&known), 8 << 20);
    cr_expect_eq(bench_last_level_cache(&known), 4 * (8 << 20));
    hwloc_topology_destroy(known.topology);
}

Test(machine, caches_that_are_not_known_are_what_plans_go_by) {
    const struct bench_cpu_binding known = {.topology = make_topology("core:2 pu:1")};
    cr_expect_eq(bench_first_cache(&known), 0);
    const uint64_t assumed = (uint64_t)norma_size_class_end(NORMA_CLASS_L3);
    cr_expect_eq(bench_largest_cache(&known), assumed);
    cr_expect_eq(bench_last_level_cache(&known), assumed);
    hwloc_topology_destroy(known.topology);
}

Test(machine, the_clock_has_figures_above_zero) {
    json_t *clock = bench_clock_record();
    cr_assert_not_null(clock);
    cr_expect(strlen(string(clock, "source", NULL)) > 0);
    const char *const keys[] = {"resolution", "step", "cost"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        cr_expect_gt(json_number_value(json_object_get(clock, keys[i])), 0, "%s", keys[i]);
    }
#if defined(__x86_64__) || defined(__aarch64__)
    json_t *core = json_object_get(clock, "core_hz");
    cr_expect_gt(json_number_value(json_object_get(core, "low")), 0);
#endif
    json_decref(clock);
}

Test(machine, a_run_says_how_it_was_called) {
    char program[] = "norma-bench run", option[] = "--quick";
    char *words[] = {program, option};
    json_t *record = bench_machine_record(binding.topology);
    bench_machine_add_run(record, 2, words, 7, &binding);
    json_t *arguments = json_object_get(record, "arguments");
    cr_assert_eq(json_array_size(arguments), 2);
    cr_expect_str_eq(json_string_value(json_array_get(arguments, 1)), "--quick");
    cr_expect_eq(json_integer_value(json_object_get(record, "seed")), 7);
    cr_expect_not_null(string(record, "profile", NULL));
    json_decref(record);
}

/* Computes the id of a machine with this topology. */
static void id_of(const char *description, char id[17]) {
    hwloc_topology_t topology = make_topology(description);
    json_t *record = bench_machine_record(topology);
    snprintf(id, 17, "%s", string(record, "id", NULL));
    json_decref(record);
    hwloc_topology_destroy(topology);
}

Test(machine, the_same_machine_has_the_same_id_and_build) {
    json_t *first = bench_machine_record(binding.topology);
    json_t *second = bench_machine_record(binding.topology);
    cr_expect_str_eq(string(first, "id", NULL), string(second, "id", NULL));
    cr_expect(json_equal(json_object_get(first, "build"), json_object_get(second, "build")));
    json_decref(first);
    json_decref(second);
}

Test(machine, the_id_is_that_of_the_topology) {
    char known[17], again[17], more_memory[17], other_cache[17], fewer_cores[17];
    id_of("numa:1(memory=1073741824) l2:2(size=1048576) core:1 pu:1", known);
    id_of("numa:1(memory=1073741824) l2:2(size=1048576) core:1 pu:1", again);
    id_of("numa:1(memory=4294967296) l2:2(size=1048576) core:1 pu:1", more_memory);
    id_of("numa:1(memory=1073741824) l2:2(size=2097152) core:1 pu:1", other_cache);
    id_of("numa:1(memory=1073741824) l2:1(size=1048576) core:1 pu:1", fewer_cores);
    cr_expect_str_eq(again, known);
    cr_expect_str_eq(more_memory, known);
    cr_expect_str_neq(other_cache, known);
    cr_expect_str_neq(fewer_cores, known);
}

/* ---- binding -------------------------------------------------------------------------------- */

/* Checks the binding on a machine that hwloc is told to see. */
static void expect_binding(const char *description, int cores, int count) {
    struct bench_cpu_binding described;
    setenv("HWLOC_SYNTHETIC", description, 1);
    setenv("HWLOC_THISSYSTEM", "0", 1);
    cr_assert(bench_cpu_binding_open(&described), "%s", description);
    cr_expect_eq(described.cores, cores, "%s: %d cores", description, described.cores);
    cr_assert_eq(described.count, count, "%s: %d hardware threads", description, described.count);
    for (int i = 0; i < count; i++) {
        cr_expect_eq(hwloc_bitmap_weight(described.sets[i]), 1, "%s, thread %d", description, i);
        for (int k = 0; k < i; k++) {
            cr_expect_not(hwloc_bitmap_intersects(described.sets[i], described.sets[k]),
                          "%s, %d and %d", description, i, k);
        }
    }
    bench_cpu_binding_close(&described);
}

Test(machine, every_core_has_a_place_and_then_every_hardware_thread) {
    expect_binding("core:3 pu:1", 3, 3);
    expect_binding("core:2 pu:2", 2, 4);
}

Test(machine, hardware_threads_stand_for_cores_that_are_not_known) {
    expect_binding("pu:2", 2, 2);
}

/* Asks the system, and not hwloc, where each thread runs. */
Test(machine, threads_are_pinned_to_places_of_their_own) {
    cr_assert_geq(binding.count, binding.cores);
    int threads = binding.count < 4 ? binding.count : 4;
    int units[4] = {-1, -1, -1, -1};
    cr_assert(bench_bind_threads(&binding, threads));
#pragma omp parallel for num_threads(threads) schedule(static, 1)
    for (int i = 0; i < threads; i++) {
        cpu_set_t set;
        sched_getaffinity(0, sizeof set, &set);
        units[i] = CPU_COUNT(&set) == 1 ? sched_getcpu() : -1;
    }
    for (int i = 0; i < threads; i++) {
        cr_expect_geq(units[i], 0, "thread %d may run in several places", i);
        for (int k = 0; k < i; k++) {
            cr_expect_neq(units[i], units[k], "threads %d and %d share a place", i, k);
        }
    }
}

Test(machine, chosen_hardware_threads_are_all_there_are) {
    struct tool_message error;
    struct bench_cpu_binding chosen;
    char last[16];
    const int cpu = bench_cpu_of_thread(&binding, binding.count - 1);
    snprintf(last, sizeof last, "%d", cpu);
    cr_assert(bench_use_cpus(NULL, &error));
    cr_assert(bench_use_cpus(last, &error), "%s", error.text);
    cr_assert(bench_cpu_binding_open(&chosen));
    cr_expect_eq(chosen.count, 1);
    cr_expect_eq(bench_cpu_of_thread(&chosen, 0), cpu);
    json_t *record = json_object();
    char *words[] = {"norma-bench run"};
    bench_machine_add_run(record, 1, words, 7, &chosen);
    json_t *cpus = json_object_get(record, "cpus");
    cr_expect_eq(json_array_size(cpus), 1);
    cr_expect_eq(json_integer_value(json_array_get(cpus, 0)), cpu);
    json_decref(record);
    bench_cpu_binding_close(&chosen);
}

Test(machine, wrong_hardware_threads_are_refused) {
    static const char *const unreadable[] = {"", ",", "0-", "first", "-1", "0x1", "99999999999"};
    struct tool_message error;
    for (size_t i = 0; i < sizeof unreadable / sizeof unreadable[0]; i++) {
        cr_expect_not(bench_use_cpus(unreadable[i], &error), "'%s'", unreadable[i]);
        cr_expect(strstr(error.text, "a list of numbers is expected"), "%s", error.text);
    }
    cr_expect_not(bench_use_cpus("1023", &error), "more than this machine has");
    cr_expect(strstr(error.text, "--cpus 1023: this process may use "), "%s", error.text);
}

/* ---- the page, from records that are made up ------------------------------------------------ */

static char *page;
static size_t length;

static json_t *record_of(const char *text) {
    json_t *record = json_loads(text, 0, NULL);
    cr_assert_not_null(record);
    return record;
}

static void print(void (*what)(FILE *, const json_t *, const json_t *), const json_t *records,
                  const json_t *machine) {
    FILE *out = open_memstream(&page, &length);
    what(out, records, machine);
    fclose(out);
}

static void print_machine(FILE *out, const json_t *records, const json_t *machine) {
    (void)records;
    bench_page_machine(out, machine);
}

static void expect(const char *fragment) {
    cr_expect(strstr(page, fragment), "'%s' is not in:\n%s", fragment, page);
}

static void expect_not(const char *fragment) {
    cr_expect_not(strstr(page, fragment), "'%s' is in:\n%s", fragment, page);
}

Test(machine_page, says_where_libcpuid_and_the_dispatch_disagree) {
    json_t *machine =
        record_of("{\"id\":\"0123\",\"cpu\":{\"name\":\"A\",\"name_source\":\"libcpuid\","
                  "\"features\":[\"avx2\"],"
                  "\"libcpuid_features\":[\"avx512f\"],\"disagreements\":[{\"feature\":\"avx512f\","
                  "\"norma\":false,"
                  "\"libcpuid\":true}]},\"sets\":[{\"name\":\"avx2\",\"features\":\"avx2 "
                  "fma\",\"available\":true},"
                  "{\"name\":\"avx512\",\"features\":\"avx512f\",\"available\":false}]}");
    print(print_machine, NULL, machine);
    expect("A (libcpuid)");
    expect("DISAGREES on avx512f: it says yes, norma says no");
    expect("avx2             yes, needs avx2 fma");
    expect("avx512           no, needs avx512f");
    expect_not("\nNoise");
    expect_not("\nClock");
    free(page);
    json_object_set_new(json_object_get(machine, "cpu"), "disagreements", json_array());
    print(print_machine, NULL, machine);
    expect("libcpuid           agrees");
    free(page);
    json_object_del(json_object_get(machine, "cpu"), "disagreements");
    print(print_machine, NULL, machine);
    expect("is not in this build");
    free(page);
    json_decref(machine);
}

Test(machine_page, shows_caches_clock_and_noise) {
    json_t *machine = record_of(
        "{\"topology\":{\"threads\":8,\"memory_bytes\":17179869184,\"caches\":[{\"level\":1,"
        "\"type\":"
        "\"data\",\"bytes\":49152,\"count\":8},{\"level\":3,\"type\":\"unified\",\"bytes\":"
        "33554432,"
        "\"count\":2}]},\"clock\":{\"source\":\"tsc\",\"timer\":\"T\",\"resolution\":1e-9,\"step\":"
        "2e-8,"
        "\"cost\":2.5e-8,\"core_hz\":{\"median\":3e9,\"low\":2.9e9,\"high\":3.1e9}},\"noise\":{"
        "\"seconds\":"
        "1.0,\"worst_gap\":0.002,\"gaps\":7,\"lost_share\":0.05,\"steal_share\":0.01,"
        "\"involuntary_switches\":3},\"libraries\":{\"hwloc\":\"2.9\"},\"profile\":\"/p\"}");
    print(print_machine, NULL, machine);
    expect("16 GiB");
    expect("48 KiB  x 8, one for each thread");
    expect("32 MiB  x 2, each of 4 threads");
    expect("resolution 1 ns, a step 20 ns, a call 25 ns");
    expect("3.000 GHz [2.900, 3.100]");
    expect("worst gap 2 ms, 7 gaps above 10 us, 5.00% of the time lost");
    expect("stolen by the hypervisor 1.00%, involuntary switches 3");
    expect("hwloc              2.9");
    expect("profile            /p");
    free(page);
    json_decref(machine);
}

Test(machine_page, tables_put_each_figure_into_its_row_and_column) {
    json_t *machine =
        record_of("{\"clock\":{\"core_hz\":{\"median\":2e9}},\"topology\":{\"caches\":[{"
                  "\"level\":1,\"bytes\":32768,\"count\":4},"
                  "{\"level\":2,\"bytes\":1048576,\"count\":2}]}}");
    json_t *memory =
        record_of("[{\"kernel\":\"read\",\"threads\":1,\"footprint\":32768,\"gbps\":11.0},"
                  "{\"kernel\":\"copy\",\"threads\":1,\"footprint\":32768,\"gbps\":12.0},"
                  "{\"kernel\":\"add\",\"threads\":1,\"footprint\":32640,\"gbps\":13.0},"
                  "{\"kernel\":\"read\",\"threads\":1,\"footprint\":65536,\"gbps\":14.0,"
                  "\"time\":{\"uncertain\":true}},"
                  "{\"kernel\":\"read\",\"threads\":4,\"footprint\":2097152,\"gbps\":15.0},"
                  "{\"kernel\":\"read\",\"threads\":4,\"footprint\":131072,\"gbps\":16.0},"
                  "{\"kernel\":\"read\",\"threads\":4,\"footprint\":4194304,\"gbps\":17.0}]");
    print(bench_page_memory, memory, machine);
    expect("threads: 1\n  footprint");
    expect("     32 KiB        11.00        12.00            -        13.00            -   L1\n"
           "     64 KiB        14.00?           -            -            -            -   L2\n"
           "\nMemory, GB/s, threads: 4\n");
    expect(
        "      2 MiB        15.00            -            -            -            -   L2\n"
        "    128 KiB        16.00            -            -            -            -   L1\n"
        "      4 MiB        17.00            -            -            -            -   memory\n");
    free(page);
    json_t *compute = record_of("[{\"kernel\":\"fma32\",\"threads\":2,\"gflops\":128.0},"
                                "{\"kernel\":\"fma64\",\"threads\":2,\"gflops\":64.0}]");
    print(bench_page_compute, compute, machine);
    expect("          2        128.0 ( 32.0)         64.0 ( 16.0)\n");
    free(page);
    json_decref(compute);
    json_decref(memory);
    json_decref(machine);
}

Test(machine_page, sizes) {
    const struct {
        uint64_t bytes;
        const char *text;
    } cases[] = {{0, "0 B"},
                 {512, "512 B"},
                 {49152, "48 KiB"},
                 {1572864, "1.5 MiB"},
                 {25232932864, "23.5 GiB"},
                 {503316480, "480 MiB"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[BENCH_BYTES_TEXT];
        bench_print_bytes(cases[i].bytes, text);
        cr_expect_str_eq(text, cases[i].text);
    }
}
