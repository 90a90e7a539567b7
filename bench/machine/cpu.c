/* The processor. Its names come from libcpuid, or from hwloc where there is none (Arm). Its
 * features come from the compiler's run-time check, which asks the operating system, too, or from
 * the auxiliary vector; not from libcpuid, which may not know a new processor.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/machine/cpu.h"
#include <norma.h>

#include <stdbool.h>
#include <string.h>

#if defined(BENCH_HAVE_LIBCPUID)
#include <libcpuid/libcpuid.h>
#endif
#if defined(__aarch64__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

/* ---- features ------------------------------------------------------------------------------- */

#if defined(__x86_64__)
static json_t *features(void) {
    json_t *list = json_array();
    __builtin_cpu_init();
#define ADD(name) __builtin_cpu_supports(name) ? json_array_append_new(list, json_string(name)) : 0
    ADD("sse4.2");
    ADD("avx");
    ADD("avx2");
    ADD("fma");
    ADD("avx512f");
    ADD("avx512bw");
    ADD("avx512dq");
    ADD("avx512vl");
    ADD("avx512bf16");
#undef ADD
    return list;
}
#elif defined(__aarch64__)
static json_t *features(void) {
    json_t *list = json_array();
    unsigned long first = getauxval(AT_HWCAP), second = getauxval(AT_HWCAP2);
#define ADD(has, name) (has) ? json_array_append_new(list, json_string(name)) : 0
    ADD(first & HWCAP_ASIMD, "neon");
    ADD(first & HWCAP_ASIMDHP, "fp16");
    ADD(first & HWCAP_SVE, "sve");
    ADD(second & HWCAP2_SVE2, "sve2");
    ADD(second & HWCAP2_BF16, "bf16");
#undef ADD
    return list;
}
#else
static json_t *features(void) {
    return json_array();
}
#endif

/* ---- libcpuid ------------------------------------------------------------------------------- */

#if defined(BENCH_HAVE_LIBCPUID)
/* Returns false if libcpuid does not know the processor. */
static bool ask_libcpuid(struct cpu_raw_data_t *raw, struct cpu_id_t *id) {
    cpuid_set_warn_function(NULL);
    return cpuid_get_raw_data(raw) == 0 && cpu_identify(raw, id) == 0;
}

/* Passes both arguments although the documentation allows NULL: libcpuid 0.6.2 then crashes. */
static const char *hypervisor_name(struct cpu_raw_data_t *raw, struct cpu_id_t *id) {
    switch (cpuid_get_hypervisor(raw, id)) {
    case HYPERVISOR_NONE:
        return "none";
    case HYPERVISOR_BHYVE:
        return "bhyve";
    case HYPERVISOR_HYPERV:
        return "Hyper-V";
    case HYPERVISOR_KVM:
        return "KVM";
    case HYPERVISOR_PARALLELS:
        return "Parallels";
    case HYPERVISOR_QEMU:
        return "QEMU";
    case HYPERVISOR_VIRTUALBOX:
        return "VirtualBox";
    case HYPERVISOR_VMWARE:
        return "VMware";
    case HYPERVISOR_XEN:
        return "Xen";
    default:
        return "unknown";
    }
}

/* Returns the record; NULL if libcpuid does not know the processor. */
static json_t *identify(void) {
    struct cpu_raw_data_t raw;
    struct cpu_id_t id;
    if (!ask_libcpuid(&raw, &id)) {
        return NULL;
    }
    return json_pack("{s:s, s:s, s:s, s:o, s:s}", "name", id.brand_str, "name_source", "libcpuid",
                     "vendor", id.vendor_str, "features", features(), "hypervisor",
                     hypervisor_name(&raw, &id));
}

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
    if (!ask_libcpuid(&raw, &id)) {
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

const char *bench_libcpuid_version(void) {
    return cpuid_lib_version();
}
#else
static json_t *identify(void) {
    return NULL;
}

void bench_add_libcpuid_features(json_t *cpu) {
    (void)cpu;
}

const char *bench_libcpuid_version(void) {
    return NULL;
}
#endif

/* ---- the records ---------------------------------------------------------------------------- */

static const char *hwloc_says(hwloc_topology_t topology, const char *key) {
    hwloc_obj_t package = hwloc_get_obj_by_type(topology, HWLOC_OBJ_PACKAGE, 0);
    const char *value = package ? hwloc_obj_get_info_by_name(package, key) : NULL;
    return value ? value : "unknown";
}

json_t *bench_cpu_record(hwloc_topology_t topology) {
    json_t *record = identify();
    if (record) {
        return record;
    }
    return json_pack("{s:s, s:s, s:s, s:o, s:s}", "name", hwloc_says(topology, "CPUModel"),
                     "name_source", "hwloc", "vendor", hwloc_says(topology, "CPUVendor"),
                     "features", features(), "hypervisor", "unknown");
}

json_t *bench_sets_record(void) {
    json_t *list = json_array();
    for (size_t i = 0; norma_set_name(i); i++) {
        json_array_append_new(list, json_pack("{s:s, s:s, s:b}", "name", norma_set_name(i),
                                              "features", norma_set_features(i), "available",
                                              norma_set_available(i)));
    }
    return list;
}
