/* Target: a file of results that norma-plot reads. Every record has the fields that a report shows,
 * or a message names the line of the record that lacks one.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "plots/read/read.h"
#include "verify/fuzz/targets/target.h"

static void expect_measurement(const struct plot_measurement *measurement, size_t run_count) {
    fuzz_expect(measurement->problem && measurement->op && measurement->layer &&
                    measurement->kernel && measurement->reason && measurement->variant,
                "every text");
    fuzz_expect(measurement->run < run_count && measurement->threads >= 1, "a run and its threads");
    fuzz_expect(measurement->outcome != PLOT_DONE || measurement->median > 0, "a time");
}

static void expect_speeds(const struct plot_speeds *speeds, size_t run_count) {
    for (size_t i = 0; i < speeds->count; i++) {
        const struct plot_speed *speed = &speeds->items[i];
        fuzz_expect(speed->kernel && speed->threads >= 1 && speed->rate > 0 &&
                        speed->run < run_count,
                    "a kernel, its threads, rate and run");
    }
}

static void expect_digests(const struct plot_results *results) {
    for (size_t i = 0; i < results->digest_count; i++) {
        const struct plot_digest *digest = &results->digests[i];
        fuzz_expect(digest->digest && digest->level && digest->run < results->run_count,
                    "a digest, its level and run");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct plot_results results = {0};
    struct plot_read_error error = {""};
    FILE *file = fopen(fuzz_input_file(data, size), "r");
    fuzz_expect(file, "the file to open");
    const bool read = plot_results_read(&results, file, "input", &error);
    fuzz_expect(read ? results.measurement_count + results.memory.count + results.compute.count +
                               results.digest_count >
                           0
                     : error.message[0] != '\0',
                "a record or a message");
    for (size_t i = 0; i < results.measurement_count; i++) {
        expect_measurement(&results.measurements[i], results.run_count);
    }
    expect_speeds(&results.memory, results.run_count);
    expect_speeds(&results.compute, results.run_count);
    expect_digests(&results);
    plot_results_free(&results);
    fclose(file);
    return 0;
}
