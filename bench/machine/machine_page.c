/* The sections of a machine record, as text.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/machine/machine_page.h"

#include <stdbool.h>
#include <string.h>

/* ---- looking things up ---------------------------------------------------------------------- */

/* Returns a text; "" if there is no such member. For the numbers below, that is 0. */
static const char *text(const json_t *object, const char *key) {
    const char *value = json_string_value(json_object_get(object, key));
    return value ? value : "";
}

static long long integer(const json_t *object, const char *key) {
    return json_integer_value(json_object_get(object, key));
}

static double number(const json_t *object, const char *key) {
    return json_number_value(json_object_get(object, key));
}

/* ---- lines ---------------------------------------------------------------------------------- */

static void heading(FILE *out, const char *name) {
    fprintf(out, "\n%s\n", name);
}

static void label(FILE *out, const char *name) {
    fprintf(out, "  %-18s ", name);
}

static void line(FILE *out, const char *name, const char *value) {
    if (*value) {
        label(out, name);
        fprintf(out, "%s\n", value);
    }
}

/* Writes words, in lines of a readable length. */
static void words(FILE *out, const char *name, const json_t *list) {
    enum { WIDTH = 79 };
    size_t column = WIDTH;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *word = json_string_value(json_array_get(list, i));
        if (column + strlen(word) >= WIDTH) {
            fputs(i ? "\n" : "", out);
            label(out, i ? "" : name);
            column = 21;
        } else {
            fputc(' ', out);
        }
        fputs(word, out);
        column += strlen(word) + 1;
    }
    fputs(json_array_size(list) ? "\n" : "", out);
}

void bench_print_bytes(uint64_t bytes, char text[BENCH_BYTES_TEXT]) {
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    enum { LAST = sizeof units / sizeof units[0] - 1 };
    double value = (double)bytes;
    int unit = 0;
    while (value >= 1024 && unit < LAST) {
        value /= 1024;
        unit++;
    }
    const double tenths = (double)(int64_t)(10 * value + 0.5);
    const int digits = value < 100 && (int64_t)tenths % 10 != 0;
    snprintf(text, BENCH_BYTES_TEXT, "%.*f %s", digits, value, units[unit]);
}

/* ---- sections ------------------------------------------------------------------------------- */

static const char *yes_or_no(const json_t *object, const char *key) {
    return json_is_true(json_object_get(object, key)) ? "yes" : "no";
}

static void print_sets(FILE *out, const json_t *sets) {
    for (size_t i = 0; i < json_array_size(sets); i++) {
        const json_t *set = json_array_get(sets, i);
        label(out, i ? "" : "norma's sets");
        fprintf(out, "%-16s %s%s%s\n", text(set, "name"), yes_or_no(set, "available"),
                *text(set, "features") ? ", needs " : "", text(set, "features"));
    }
}

static void print_disagreements(FILE *out, const json_t *cpu) {
    const json_t *list = json_object_get(cpu, "disagreements");
    if (!list) {
        line(out, "libcpuid", "is not in this build, or does not know the processor");
        return;
    }
    if (json_array_size(list) == 0) {
        line(out, "libcpuid", "agrees with norma on all features that both check");
    }
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *entry = json_array_get(list, i);
        label(out, i ? "" : "libcpuid");
        fprintf(out, "DISAGREES on %s: it says %s, norma says %s, which counts\n",
                text(entry, "feature"), yes_or_no(entry, "libcpuid"), yes_or_no(entry, "norma"));
    }
}

static void print_processor(FILE *out, const json_t *machine) {
    const json_t *cpu = json_object_get(machine, "cpu");
    heading(out, "Processor");
    label(out, "name");
    fprintf(out, "%s (%s)\n", text(cpu, "name"), text(cpu, "name_source"));
    line(out, "vendor", text(cpu, "vendor"));
    line(out, "hypervisor", text(cpu, "hypervisor"));
    words(out, "features", json_object_get(cpu, "features"));
    print_sets(out, json_object_get(machine, "sets"));
    print_disagreements(out, cpu);
    words(out, "libcpuid sees", json_object_get(cpu, "libcpuid_features"));
}

static void print_cache(FILE *out, const json_t *cache, long long threads) {
    char size[BENCH_BYTES_TEXT];
    const long long count = integer(cache, "count");
    const bool shared = count > 0 && threads > count;
    bench_print_bytes((uint64_t)integer(cache, "bytes"), size);
    label(out, "");
    fprintf(out, "L%lld %-8s %9s  x %lld", integer(cache, "level"), text(cache, "type"), size,
            count);
    fprintf(out, shared ? ", each of %lld threads\n" : ", one for each thread\n",
            shared ? threads / count : 1);
}

/* Prints to which hardware threads a team is bound. */
static void print_cpus(FILE *out, const json_t *cpus) {
    if (json_array_size(cpus) == 0) {
        return;
    }
    label(out, "threads on");
    for (size_t i = 0; i < json_array_size(cpus); i++) {
        fprintf(out, "%s%lld", i ? " " : "",
                (long long)json_integer_value(json_array_get(cpus, i)));
    }
    fputs(", in this order\n", out);
}

static void print_topology(FILE *out, const json_t *machine) {
    const json_t *topology = json_object_get(machine, "topology");
    const json_t *caches = json_object_get(topology, "caches");
    char size[BENCH_BYTES_TEXT], cores[32] = "not known";
    if (integer(topology, "cores") > 0) {
        snprintf(cores, sizeof cores, "%lld", integer(topology, "cores"));
    }
    heading(out, "Topology");
    label(out, "processors");
    fprintf(out, "packages %lld, cores %s, hardware threads %lld, memory nodes %lld\n",
            integer(topology, "packages"), cores, integer(topology, "threads"),
            integer(topology, "numa_nodes"));
    if (json_object_get(machine, "quota")) {
        label(out, "quota");
        fprintf(out, "%.3g processors for this process, by its control group\n",
                number(machine, "quota"));
    }
    print_cpus(out, json_object_get(machine, "cpus"));
    bench_print_bytes((uint64_t)integer(topology, "memory_bytes"), size);
    line(out, "memory", size);
    fputs(json_array_size(caches) ? "  caches\n" : "", out);
    for (size_t i = 0; i < json_array_size(caches); i++) {
        print_cache(out, json_array_get(caches, i), integer(topology, "threads"));
    }
}

static void print_clock(FILE *out, const json_t *machine) {
    const json_t *clock = json_object_get(machine, "clock");
    const json_t *core = json_object_get(clock, "core_hz");
    if (!clock) {
        return;
    }
    heading(out, "Clock");
    line(out, "kernel's source", text(clock, "source"));
    label(out, "timer");
    fprintf(out, "%s: resolution %.3g ns, a step %.3g ns, a call %.3g ns\n", text(clock, "timer"),
            1e9 * number(clock, "resolution"), 1e9 * number(clock, "step"),
            1e9 * number(clock, "cost"));
    if (core) {
        label(out, "core");
        fprintf(out, "%.3f GHz [%.3f, %.3f], by dependent additions\n",
                number(core, "median") / 1e9, number(core, "low") / 1e9,
                number(core, "high") / 1e9);
    }
    line(out, "governor", text(json_object_get(machine, "os"), "governor"));
}

static void print_system(FILE *out, const json_t *machine) {
    const json_t *os = json_object_get(machine, "os");
    char size[BENCH_BYTES_TEXT];
    heading(out, "System");
    label(out, "kernel");
    fprintf(out, "%s %s %s\n", text(os, "name"), text(os, "release"), text(os, "machine"));
    bench_print_bytes((uint64_t)integer(os, "huge_page_bytes"), size);
    label(out, "huge pages");
    fprintf(out, "transparent: %s, of %s; reserved: %lld\n", text(os, "transparent_huge_pages"),
            size, integer(os, "reserved_huge_pages"));
}

static void print_noise(FILE *out, const json_t *machine) {
    const json_t *noise = json_object_get(machine, "noise");
    if (!noise) {
        return;
    }
    heading(out, "Noise");
    label(out, "a spinning thread");
    fprintf(out, "%.2f s: worst gap %.3g ms, %lld gaps above 10 us, %.2f%% of the time lost\n",
            number(noise, "seconds"), 1e3 * number(noise, "worst_gap"), integer(noise, "gaps"),
            100 * number(noise, "lost_share"));
    label(out, "");
    fprintf(out, "stolen by the hypervisor %.2f%%, involuntary switches %lld\n",
            100 * number(noise, "steal_share"), integer(noise, "involuntary_switches"));
}

static void print_software(FILE *out, const json_t *machine) {
    const json_t *build = json_object_get(machine, "build");
    const char *key, *profile = text(machine, "profile");
    json_t *version;
    heading(out, "Software");
    json_object_foreach(json_object_get(machine, "libraries"), key, version) {
        line(out, key, json_string_value(version));
    }
    label(out, "build");
    fprintf(out, "%s, revision %s%s\n", text(build, "compiler"), text(build, "revision"),
            json_is_true(json_object_get(build, "dirty")) ? ", changed since" : "");
    line(out, "flags", text(build, "flags"));
    line(out, "profile", *profile ? profile : "none: norma-bench tune makes one");
}

void bench_page_machine(FILE *out, const json_t *machine) {
    fprintf(out, "Machine %s, %s\n", text(machine, "id"), text(machine, "date"));
    print_processor(out, machine);
    print_topology(out, machine);
    print_clock(out, machine);
    print_system(out, machine);
    print_noise(out, machine);
    print_software(out, machine);
}
