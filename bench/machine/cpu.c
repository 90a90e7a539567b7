/* Who the processor says it is and what it can do. Names come from libcpuid, or from hwloc where
 * there is none (Arm). Features never come from libcpuid, which may not know a new processor: from
 * the compiler's run-time check (which asks the operating system, too) or the auxiliary vector.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/machine/cpu.h"

#if defined(BENCH_HAVE_LIBCPUID)
#include <libcpuid/libcpuid.h>
#endif
#if defined(__aarch64__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

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

#if defined(BENCH_HAVE_LIBCPUID)
/* Both arguments are given although the documentation allows NULL: 0.6.2 then crashes. */
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

/* NULL where libcpuid does not know the processor. */
static json_t *identify(void) {
    struct cpu_raw_data_t raw;
    struct cpu_id_t id;
    cpuid_set_warn_function(NULL);
    if (cpuid_get_raw_data(&raw) != 0 || cpu_identify(&raw, &id) != 0) {
        return NULL;
    }
    return json_pack("{s:s, s:s, s:s, s:o, s:s}", "name", id.brand_str, "name_source", "libcpuid",
                     "vendor", id.vendor_str, "features", features(), "hypervisor",
                     hypervisor_name(&raw, &id));
}

const char *bench_libcpuid_version(void) {
    return cpuid_lib_version();
}
#else
static json_t *identify(void) {
    return NULL;
}

const char *bench_libcpuid_version(void) {
    return NULL;
}
#endif

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
