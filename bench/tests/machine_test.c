/* The machine record: complete, and the same twice.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE
#include "bench/machine/core_clock.h"
#include "bench/machine/machine_record.h"
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

static void open_places(void) {
    cr_assert(bench_cpu_binding_open(&binding));
}

static void close_places(void) {
    bench_cpu_binding_close(&binding);
}

TestSuite(machine, .init = open_places, .fini = close_places);

/* As hwloc describes machines: 2 packages with 2 last-level caches each, 8 cores, 16 threads. */
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

/* How many objects of a type the tree has; what has a size has one above 0. */
static int count(const json_t *tree, const char *type, bool sized) {
    const json_t *children = json_object_get(tree, "children");
    int found = strcmp(json_string_value(json_object_get(tree, "type")), type) == 0;
    cr_expect(!found || !sized || json_integer_value(json_object_get(tree, "bytes")) > 0);
    for (size_t i = 0; i < json_array_size(children); i++) {
        found += count(json_array_get(children, i), type, sized);
    }
    return found;
}

/* Not all sizes of this machine may be known. */
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
    bench_machine_add_run(record, 2, words, 7);
    json_t *arguments = json_object_get(record, "arguments");
    cr_assert_eq(json_array_size(arguments), 2);
    cr_expect_str_eq(json_string_value(json_array_get(arguments, 1)), "--quick");
    cr_expect_eq(json_integer_value(json_object_get(record, "seed")), 7);
    cr_expect_not_null(string(record, "profile", NULL));
    json_decref(record);
}

Test(machine, the_same_machine_has_the_same_id) {
    json_t *first = bench_machine_record(binding.topology);
    json_t *second = bench_machine_record(binding.topology);
    cr_expect_str_eq(string(first, "id", NULL), string(second, "id", NULL));
    cr_expect(json_equal(json_object_get(first, "build"), json_object_get(second, "build")));
    json_decref(first);
    json_decref(second);
}

/* ---- binding -----------------------------------------------------------------------------------
 */

/* The binding of a machine that hwloc is told to see. */
static void expect_places(const char *description, int cores, int count) {
    struct bench_cpu_binding made;
    setenv("HWLOC_SYNTHETIC", description, 1);
    setenv("HWLOC_THISSYSTEM", "0", 1);
    cr_assert(bench_cpu_binding_open(&made), "%s", description);
    cr_expect_eq(made.cores, cores, "%s: %d cores", description, made.cores);
    cr_assert_eq(made.count, count, "%s: %d hardware threads", description, made.count);
    for (int i = 0; i < count; i++) {
        cr_expect_eq(hwloc_bitmap_weight(made.sets[i]), 1, "%s, thread %d", description, i);
        for (int k = 0; k < i; k++) {
            cr_expect_not(hwloc_bitmap_intersects(made.sets[i], made.sets[k]), "%s, %d and %d",
                          description, i, k);
        }
    }
    bench_cpu_binding_close(&made);
}

Test(machine, every_core_has_a_place_and_then_every_hardware_thread) {
    expect_places("core:3 pu:1", 3, 3);
    expect_places("core:2 pu:2", 2, 4);
}

Test(machine, hardware_threads_stand_for_cores_that_are_not_known) {
    expect_places("pu:2", 2, 2);
}

/* The system, asked directly, agrees on where the caller then runs. */
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
