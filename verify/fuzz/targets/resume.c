/* Target: a file of results that norma-bench run --resume continues. It is either accepted and cut
 * off behind its last complete line, or refused with a message and not changed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _POSIX_C_SOURCE 200809L
#include "bench/results/results.h"
#include "verify/fuzz/targets/target.h"

#include <string.h>
#include <sys/stat.h>

static size_t size_of(const char *path) {
    struct stat status;
    fuzz_expect(stat(path, &status) == 0, "that the file still exists");
    return (size_t)status.st_size;
}

static size_t complete_size(const uint8_t *data, size_t size) {
    while (size > 0 && data[size - 1] != '\n') {
        size--;
    }
    return size;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct bench_results results;
    struct tool_message error = {""};
    const char *path = fuzz_input_file(data, size);
    json_t *machine = json_pack("{s:s, s:s, s:{}}", "type", "machine", "id", "m", "build");
    if (bench_results_resume(&results, path, machine, &error)) {
        fuzz_expect(size_of(path) == complete_size(data, size),
                    "all complete lines and nothing else");
        bench_results_has(&results, "bn:1x2", "avx2", 1, "hot");
    } else {
        fuzz_expect(error.text[0] && size_of(path) == size, "a message and an unchanged file");
    }
    bench_results_close(&results, &error);
    json_decref(machine);
    return 0;
}
