/* The tables of a machine's ceilings, as text.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/machine/ceiling.h"
#include "bench/machine/machine_page.h"

#include <stdbool.h>

#include <string.h>

static long long integer(const json_t *object, const char *key) {
    return json_integer_value(json_object_get(object, key));
}

/* Returns the power of two that stands for a footprint: the footprints of a row differ by less than
 * a cache line for each tensor. */
static uint64_t row_of(const json_t *record) {
    uint64_t row = 1, footprint = (uint64_t)integer(record, "footprint");
    while (row < footprint) {
        row *= 2;
    }
    return row;
}

/* Returns the record of a kernel with so many threads, in this row unless it is 0; NULL if there is
 * none. */
static const json_t *find(const json_t *records, const char *kernel, long long threads,
                          uint64_t row) {
    for (size_t i = 0; i < json_array_size(records); i++) {
        const json_t *record = json_array_get(records, i);
        if (strcmp(json_string_value(json_object_get(record, "kernel")), kernel) == 0 &&
            integer(record, "threads") == threads && (row == 0 || row_of(record) == row)) {
            return record;
        }
    }
    return NULL;
}

/* Returns whether no earlier record has this number of threads. */
static bool is_first(const json_t *records, size_t index) {
    const json_t *record = json_array_get(records, index);
    for (size_t i = 0; i < index; i++) {
        if (integer(json_array_get(records, i), "threads") == integer(record, "threads")) {
            return false;
        }
    }
    return true;
}

/* ---- arithmetic ----------------------------------------------------------------------------- */

static void print_operations(FILE *out, const json_t *records, long long threads, double hz) {
    fprintf(out, "  %9lld", threads);
    for (int i = 0; i < BENCH_ARITHMETIC_COUNT; i++) {
        const json_t *record = find(records, bench_arithmetic[i].name, threads, 0);
        const double gflops = json_number_value(json_object_get(record, "gflops"));
        fprintf(out, " %12.1f", gflops);
        if (hz > 0) {
            fprintf(out, " (%5.1f)", 1e9 * gflops / hz / (double)threads);
        }
    }
    fputc('\n', out);
}

void bench_page_compute(FILE *out, const json_t *records, const json_t *machine) {
    const json_t *core = json_object_get(json_object_get(machine, "clock"), "core_hz");
    const double hz = json_number_value(json_object_get(core, "median"));
    fprintf(out, "\nArithmetic, Gflop/s%s\n    threads",
            hz > 0 ? " (a thread's operations per cycle)" : "");
    for (int i = 0; i < BENCH_ARITHMETIC_COUNT; i++) {
        fprintf(out, " %*s", hz > 0 && i ? 20 : 12, bench_arithmetic[i].name);
    }
    fputc('\n', out);
    for (size_t i = 0; i < json_array_size(records); i++) {
        if (is_first(records, i)) {
            print_operations(out, records, integer(json_array_get(records, i), "threads"), hz);
        }
    }
}

/* ---- memory --------------------------------------------------------------------------------- */

/* Writes the smallest level of which the caches of so many threads hold so much, or "memory". The
 * threads are on cores of their own, and a level may have fewer caches than there are threads. */
static void print_level(FILE *out, const json_t *machine, long long threads, uint64_t bytes) {
    const json_t *caches = json_object_get(json_object_get(machine, "topology"), "caches");
    for (size_t i = 0; i < json_array_size(caches); i++) {
        const json_t *cache = json_array_get(caches, i);
        const long long count = integer(cache, "count");
        const long long used = count < threads ? count : threads;
        if ((uint64_t)(integer(cache, "bytes") * (used > 0 ? used : 1)) >= bytes) {
            fprintf(out, "  L%lld\n", integer(cache, "level"));
            return;
        }
    }
    fputs("  memory\n", out);
}

static void print_row(FILE *out, const json_t *records, const json_t *machine, long long threads,
                      uint64_t row) {
    char size[BENCH_BYTES_TEXT];
    bench_print_bytes(row, size);
    fprintf(out, "  %9s ", size);
    for (int i = 0; i < BENCH_CEILING_KINDS; i++) {
        const json_t *record = find(records, bench_ceilings[i].name, threads, row);
        if (record) {
            const json_t *time = json_object_get(record, "time");
            fprintf(out, "%12.2f%c", json_number_value(json_object_get(record, "gbps")),
                    json_is_true(json_object_get(time, "uncertain")) ? '?' : ' ');
        } else {
            fprintf(out, "%12s ", "-");
        }
    }
    print_level(out, machine, threads, row);
}

static void print_table(FILE *out, const json_t *records, const json_t *machine,
                        long long threads) {
    fprintf(out, "\nMemory, GB/s, threads: %lld\n  %9s", threads, "footprint");
    for (int i = 0; i < BENCH_CEILING_KINDS; i++) {
        fprintf(out, " %12s", bench_ceilings[i].name);
    }
    fputs("   fits into\n", out);
    for (size_t i = 0; i < json_array_size(records); i++) {
        const json_t *record = json_array_get(records, i);
        const uint64_t row = row_of(record);
        if (find(records, bench_ceilings[BENCH_CEILING_READ].name, threads, row) == record) {
            print_row(out, records, machine, threads, row);
        }
    }
}

void bench_page_memory(FILE *out, const json_t *records, const json_t *machine) {
    for (size_t i = 0; i < json_array_size(records); i++) {
        if (is_first(records, i)) {
            print_table(out, records, machine, integer(json_array_get(records, i), "threads"));
        }
    }
}
