/* The machine record: complete, and the same twice.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE
#include "machine.h"
#include "places.h"

#include <criterion/criterion.h>
#include <sched.h>
#include <string.h>

static struct norma_places places;

static void open_places(void) {
    cr_assert(norma_places_open(&places));
}

static void close_places(void) {
    norma_places_close(&places);
}

TestSuite(machine, .init = open_places, .fini = close_places);

static const char *string(json_t *record, const char *first, const char *second) {
    json_t *member = json_object_get(record, first);
    return json_string_value(second ? json_object_get(member, second) : member);
}

Test(machine, the_record_is_complete) {
    json_t *record = norma_machine_record(places.topology);
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
    cr_expect_gt(json_integer_value(json_object_get(topology, "cores")), 0);
    cr_expect_gt(json_integer_value(json_object_get(topology, "memory_bytes")), 1 << 20);
    cr_expect_gt(json_array_size(json_object_get(topology, "caches")), 0);
    json_decref(record);
}

Test(machine, the_same_machine_has_the_same_id) {
    json_t *first = norma_machine_record(places.topology);
    json_t *second = norma_machine_record(places.topology);
    cr_expect_str_eq(string(first, "id", NULL), string(second, "id", NULL));
    cr_expect(json_equal(json_object_get(first, "build"), json_object_get(second, "build")));
    json_decref(first);
    json_decref(second);
}

/* The system, asked directly, agrees on where the caller then runs. */
Test(machine, threads_are_pinned_to_places_of_their_own) {
    cr_assert_geq(places.count, places.cores);
    int threads = places.count < 4 ? places.count : 4;
    int units[4] = {-1, -1, -1, -1};
    cr_assert(norma_places_bind(&places, threads));
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
