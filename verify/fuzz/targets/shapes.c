/* Target: a file with a set of shapes. In a valid one every layer is within the limits that sweeps
 * rely on; for an invalid one a message names line and column, and nothing of it remains allocated.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/shapes/shapes.h"
#include "verify/fuzz/targets/target.h"

#include <string.h>

static void expect_shape(const struct bench_shape *shape) {
    int64_t elements = shape->channels;
    fuzz_expect(shape->channels > 0 && shape->count > 0, "numbers above 0");
    fuzz_expect(shape->spatial_rank >= 0 && shape->spatial_rank <= NORMA_MAX_SPATIAL, "a rank");
    for (int i = 0; i < shape->spatial_rank; i++) {
        fuzz_expect(shape->spatial[i] > 0, "a size above 0");
        elements *= shape->spatial[i];
    }
    fuzz_expect(elements <= (int64_t)1 << 40, "a sample within the limit");
    fuzz_expect(shape->micro_batch_count <= BENCH_MICRO_BATCHES, "room for the micro-batches");
    fuzz_expect(memchr(shape->layer, '\0', sizeof shape->layer), "the name of a layer");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct bench_shape_set set;
    struct tool_message error = {""};
    if (!bench_shape_set_read(fuzz_input_file(data, size), &set, &error)) {
        fuzz_expect(error.text[0] && !set.shapes && !set.name && set.count == 0,
                    "a message and no set");
        return 0;
    }
    fuzz_expect(set.count > 0, "a layer");
    for (size_t i = 0; i < set.count; i++) {
        expect_shape(&set.shapes[i]);
    }
    bench_shape_set_free(&set);
    return 0;
}
