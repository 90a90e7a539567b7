/* The page of a machine: made-up records, read as text.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _POSIX_C_SOURCE 200809L
#include "bench/machine/machine_page.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
                  "\"level\":1,\"bytes\":32768},{\"level\":2,\"bytes\":1048576}]}}");
    json_t *memory =
        record_of("[{\"kernel\":\"read\",\"threads\":1,\"footprint\":32768,\"gbps\":11.0},"
                  "{\"kernel\":\"copy\",\"threads\":1,\"footprint\":32768,\"gbps\":12.0},"
                  "{\"kernel\":\"add\",\"threads\":1,\"footprint\":32640,\"gbps\":13.0},"
                  "{\"kernel\":\"read\",\"threads\":1,\"footprint\":65536,\"gbps\":14.0},"
                  "{\"kernel\":\"read\",\"threads\":4,\"footprint\":2097152,\"gbps\":15.0}]");
    print(bench_page_memory, memory, machine);
    expect("threads: 1\n  footprint");
    expect("     32 KiB        11.00        12.00            -        13.00            -   L1\n"
           "     64 KiB        14.00            -            -            -            -   L2\n"
           "\nMemory, GB/s, threads: 4\n");
    expect(
        "      2 MiB        15.00            -            -            -            -   memory\n");
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
