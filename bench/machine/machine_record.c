/* The machine record.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _POSIX_C_SOURCE 200809L
#include "bench/machine/machine_record.h"
#include "bench/machine/cpu.h"
#include "bench/machine/quota.h"
#include "bench/machine/revision.h"
#include "bench/machine/topology_record.h"
#include "verify/harness/harness.h"
#include "verify/harness/tool/tool.h"
#include <norma_tools.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

#if defined(__clang__)
#define TEXT(number)    #number
#define DOTTED(a, b, c) TEXT(a) "." TEXT(b) "." TEXT(c)
#define COMPILER        "clang " DOTTED(__clang_major__, __clang_minor__, __clang_patchlevel__)
#else
#define COMPILER "gcc " __VERSION__
#endif

void bench_first_line(const char *path, char *line, size_t size) {
    line[0] = '\0';
    FILE *file = fopen(path, "r");
    if (!file) {
        return;
    }
    if (!fgets(line, (int)size, file)) {
        line[0] = '\0';
    }
    line[strcspn(line, "\n")] = '\0';
    fclose(file);
}

void bench_governor(char *text, size_t size) {
    bench_first_line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", text, size);
    if (!text[0]) {
        snprintf(text, size, "unknown");
    }
}

void bench_huge_pages(char *text, size_t size) {
    char line[128];
    bench_first_line("/sys/kernel/mm/transparent_hugepage/enabled", line, sizeof line);
    const char *open = strchr(line, '[');
    size_t length = open ? strcspn(open + 1, "]") : 0;
    snprintf(text, size, "%.*s", open ? (int)length : 7, open ? open + 1 : "unknown");
}

/* Returns the number in a small file of the system; 0 if there is none. */
static json_int_t number_in(const char *path) {
    char line[64];
    bench_first_line(path, line, sizeof line);
    return strtoll(line, NULL, 10);
}

static json_t *os_record(const struct utsname *name) {
    char governor[64], huge_pages[64];
    bench_governor(governor, sizeof governor);
    bench_huge_pages(huge_pages, sizeof huge_pages);
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:I, s:I}", "name", name->sysname, "release",
                     name->release, "machine", name->machine, "governor", governor,
                     "transparent_huge_pages", huge_pages, "huge_page_bytes",
                     number_in("/sys/kernel/mm/transparent_hugepage/hpage_pmd_size"),
                     "reserved_huge_pages", number_in("/proc/sys/vm/nr_hugepages"));
}

static json_t *build_record(void) {
    return json_pack("{s:s, s:s, s:s, s:b}", "compiler", COMPILER, "flags", BENCH_FLAGS, "revision",
                     BENCH_REVISION, "dirty", BENCH_DIRTY);
}

/* Returns the versions of all libraries that this build has. */
static json_t *library_record(void) {
    json_t *record = json_pack("{s:s}", "norma", norma_version());
    for (size_t i = 0; reference_peer(i); i++) {
        const char *const version = reference_peer(i)->version();
        if (version) {
            json_object_set_new(record, reference_peer(i)->key, json_string(version));
        }
    }
    json_t *rest = json_pack("{s:s, s:s*, s:s}", "hwloc", BENCH_HWLOC_VERSION, "libcpuid",
                             bench_libcpuid_version(), "jansson", jansson_version_str());
    json_object_update(record, rest);
    json_decref(rest);
    return record;
}

/* Continues an FNV-1a hash. */
static uint64_t hash(uint64_t state, const char *text) {
    for (; *text; text++) {
        state = (state ^ (unsigned char)*text) * 0x100000001b3u;
    }
    return state;
}

static uint64_t hash_record(uint64_t state, const json_t *record) {
    char *text = json_dumps(record, JSON_COMPACT | JSON_SORT_KEYS);
    state = hash(state, text ? text : "");
    free(text);
    return state;
}

/* Hashes all that identifies a machine. The size of the memory does not count: how much of it the
 * system sees changes from kernel to kernel. */
static void identify(const json_t *cpu, const json_t *topology, const char *machine, char id[17]) {
    json_t *rest = json_copy((json_t *)topology);
    json_object_del(rest, "memory_bytes");
    uint64_t state = 0xcbf29ce484222325u;
    state = hash(hash_record(hash_record(state, cpu), rest), machine);
    json_decref(rest);
    snprintf(id, 17, "%016llx", (unsigned long long)state);
}

json_t *bench_machine_record(hwloc_topology_t topology) {
    struct utsname name;
    uname(&name);
    char date[32], id[17];
    time_t now = time(NULL);
    struct tm utc;
    strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
    json_t *cpu = bench_cpu_record(topology);
    json_t *shape = bench_topology_record(topology);
    identify(cpu, shape, name.machine, id);
    bench_add_libcpuid_features(cpu); /* after the id, which must not change with them */
    char program[64];
    snprintf(program, sizeof program, "norma-bench %s", norma_version());
    json_t *record = json_pack(
        "{s:s, s:i, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:s}", "type", "machine", "schema",
        1, "program", program, "date", date, "cpu", cpu, "sets", bench_sets_record(), "topology",
        shape, "topology_tree", bench_topology_tree(topology), "os", os_record(&name), "build",
        build_record(), "libraries", library_record(), "id", id);
    const double quota = bench_quota_read("").processors;
    if (quota > 0) {
        json_object_set_new(record, "quota", json_real(quota));
    }
    return record;
}

void bench_machine_add_run(json_t *record, int argc, char **argv, uint64_t seed,
                           const struct bench_cpu_binding *binding) {
    json_t *cpus = json_array();
    for (int i = 0; i < binding->count; i++) {
        json_array_append_new(cpus, json_integer(bench_cpu_of_thread(binding, i)));
    }
    json_object_set_new(record, "cpus", cpus);
    json_t *arguments = json_array();
    for (int i = 0; i < argc; i++) {
        json_array_append_new(arguments, json_string(argv[i]));
    }
    json_object_set_new(record, "arguments", arguments);
    json_object_set_new(record, "profile", json_string(norma_profile_user_path()));
    json_object_set_new(record, "seed", json_integer((json_int_t)seed));
}
