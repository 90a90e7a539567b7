/* What the processor can do.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/machine/features.h"
#include <norma.h>

#include <stdbool.h>
#include <string.h>

#if defined(BENCH_HAVE_LIBCPUID)
#include <libcpuid/libcpuid.h>
#endif

json_t *bench_sets_record(void) {
    json_t *list = json_array();
    for (size_t i = 0; norma_set_name(i); i++) {
        json_array_append_new(list, json_pack("{s:s, s:s, s:b}", "name", norma_set_name(i),
                                              "features", norma_set_features(i), "available",
                                              norma_set_available(i)));
    }
    return list;
}

#if defined(BENCH_HAVE_LIBCPUID)
/* The features of the cpu record that libcpuid has a name for. */
static const struct {
    const char *name;
    cpu_feature_t feature;
} shared_features[] = {
    {"sse4.2", CPU_FEATURE_SSE4_2},     {"avx", CPU_FEATURE_AVX},
    {"avx2", CPU_FEATURE_AVX2},         {"fma", CPU_FEATURE_FMA3},
    {"avx512f", CPU_FEATURE_AVX512F},   {"avx512bw", CPU_FEATURE_AVX512BW},
    {"avx512dq", CPU_FEATURE_AVX512DQ}, {"avx512vl", CPU_FEATURE_AVX512VL},
};

static bool has(const json_t *list, const char *word) {
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (strcmp(json_string_value(json_array_get(list, i)), word) == 0) {
            return true;
        }
    }
    return false;
}

static json_t *disagreements(const json_t *features, const struct cpu_id_t *id) {
    json_t *list = json_array();
    for (size_t i = 0; i < sizeof shared_features / sizeof shared_features[0]; i++) {
        const bool norma = has(features, shared_features[i].name);
        const bool libcpuid = id->flags[shared_features[i].feature] != 0;
        if (norma != libcpuid) {
            json_array_append_new(list,
                                  json_pack("{s:s, s:b, s:b}", "feature", shared_features[i].name,
                                            "norma", norma, "libcpuid", libcpuid));
        }
    }
    return list;
}

void bench_add_libcpuid_features(json_t *cpu) {
    struct cpu_raw_data_t raw;
    struct cpu_id_t id;
    cpuid_set_warn_function(NULL);
    if (cpuid_get_raw_data(&raw) != 0 || cpu_identify(&raw, &id) != 0) {
        return;
    }
    json_t *list = json_array();
    for (int i = 0; i < NUM_CPU_FEATURES; i++) {
        if (id.flags[i]) {
            json_array_append_new(list, json_string(cpu_feature_str((cpu_feature_t)i)));
        }
    }
    json_object_set_new(cpu, "libcpuid_features", list);
    json_object_set_new(cpu, "disagreements", disagreements(json_object_get(cpu, "features"), &id));
}
#else
void bench_add_libcpuid_features(json_t *cpu) {
    (void)cpu;
}
#endif
