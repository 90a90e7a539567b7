/* Writes a made-up result file to standard output, the same on every machine and every time. The
 * tests draw it, and it shows the effect of a change to a picture. Times follow a simple model
 * (caches, overhead for each plane, passes over memory), with noise.
 *
 *     generate full 1     nine operators, three networks, all implementations, 1 thread and more;
 *                         three of the operators backward as well
 *     generate small 1    one operator and network, 1 thread
 *     generate hardware 1 the machine's limits (memory, compute), its topology, a digest
 *
 *
 * The number is that of the machine, 1 to 3, in made_up.c.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "plots/tests/made_up.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LARGEST_BATCH = 128 };

static const struct made_up_machine *machine;

struct layer {
    const char *shapes;
    int c, side, count;
};

static const struct layer layers[] = {
    {"resnet50", 64, 112, 1},  {"resnet50", 64, 56, 6},    {"resnet50", 256, 56, 4},
    {"resnet50", 128, 28, 8},  {"resnet50", 512, 28, 5},   {"resnet50", 256, 14, 12},
    {"resnet50", 1024, 14, 7}, {"resnet50", 512, 7, 6},    {"resnet50", 2048, 7, 4},
    {"resnet110", 16, 32, 37}, {"resnet110", 32, 16, 36},  {"resnet110", 64, 8, 36},
    {"vgg19-256", 64, 256, 1}, {"vgg19-256", 128, 128, 1}, {"vgg19-256", 256, 64, 1},
    {"vgg19-256", 512, 32, 1},
};

static const char *const operators[] = {"bn", "in", "cin", "bin", "adain",
                                        "gn", "ln", "rms", "unit"};
enum { OPERATORS = sizeof operators / sizeof operators[0] };

static bool has_backward(const char *op) {
    return strcmp(op, "bn") == 0 || strcmp(op, "in") == 0 || strcmp(op, "gn") == 0;
}

struct implementation {
    const char *name, *kind, *kernel;
    double passes;         /* time of the data as a multiple of the copy's */
    double overhead;       /* seconds for each plane */
    double fixed;          /* seconds for each call */
    double share_of_bound; /* approximate; 0: not verified */
};

static const struct implementation implementations[] = {
    {"portable", "norma", "portable", 2.1, 30e-9, 2e-7, 0.30},
    {"avx2", "norma", "avx2", 1.25, 12e-9, 2e-7, 0.30},
    {"avx512", "norma", "avx512", 1.12, 8e-9, 2e-7, 0.30},
    {"neon", "norma", "neon", 1.2, 10e-9, 2e-7, 0.30},
    {"onednn", "peer", "ncsp_bnorm:any", 4.5, 90e-9, 4e-6, 0.12},
    {"onednn-nhwc", "peer", "bnorm_jit:avx512_core", 2.2, 0, 3e-6, 0.11},
    {"onednn-blocked", "peer", "bnorm_jit:avx512_core", 1.45, 1e-9, 2e-6, 0.11},
    {"copy", "ceiling", "memcpy", 1, 0, 3e-8, 0},
    {"copy-stream", "ceiling", "stream-avx512", 1, 0, 3e-8, 0},
};
enum { IMPLEMENTATIONS = sizeof implementations / sizeof implementations[0], COPY = 7 };

/* Returns whether the machine has an implementation: all but the sets of other machines. */
static bool has_implementation(const char *name, const char *kind) {
    bool of_all = strcmp(kind, "norma") != 0;
    for (int i = 0; i < 3 && machine->sets[i]; i++) {
        of_all = of_all || strcmp(machine->sets[i], name) == 0;
    }
    return of_all;
}

/* The names of the ceilings if two images are read. */
static const char *const sums[] = {"add", "add-stream"};

static double model(const struct implementation *implementation, double bytes, double planes,
                    int threads) {
    bool stream = strcmp(implementation->name, "copy-stream") == 0;
    double copy =
        fmax(made_up_bandwidth(machine, bytes, threads, stream),
             stream || bytes < 4e6 ? 0 : made_up_bandwidth(machine, bytes, threads, true) * 0.97);
    double seconds = implementation->passes * bytes / copy +
                     (implementation->overhead * planes) / threads + implementation->fixed;
    return seconds * (1 + 0.04 * (made_up_uniform() - 0.5));
}

/* ---- records ------------------------------------------------------------------------------- */

static void write_machine(int number, const char *what) {
    int cores = machine->cores;
    printf("{\"type\":\"machine\",\"schema\":1,\"program\":\"norma-bench 0.1.0\","
           "\"date\":\"2026-11-%02dT03:00:00Z\",\"cpu\":{\"name\":\"%s\","
           "\"name_source\":\"libcpuid\",\"vendor\":\"%s\",\"features\":[%s],"
           "\"hypervisor\":\"KVM\"},",
           number, machine->name, machine->vendor, machine->features);
    printf("\"topology\":{\"cores\":%d,\"threads\":%d,\"packages\":1,\"numa_nodes\":1,\"caches\":["
           "{\"level\":1,\"type\":\"data\",\"bytes\":%.0f,\"count\":%d},"
           "{\"level\":1,\"type\":\"instruction\",\"bytes\":32768,\"count\":%d},"
           "{\"level\":2,\"type\":\"unified\",\"bytes\":%.0f,\"count\":%d},"
           "{\"level\":3,\"type\":\"unified\",\"bytes\":%.0f,\"count\":1}],"
           "\"memory_bytes\":25000000000,\"source\":\"hwloc\"},",
           cores, cores, machine->caches[0], cores, cores, machine->caches[1], cores,
           machine->caches[2]);
    if (strcmp(what, "hardware") == 0) {
        printf("\"topology_tree\":%s,", machine->topology);
    }
    printf("\"os\":{\"name\":\"Linux\",\"release\":\"6.1.0\",\"machine\":\"%s\","
           "\"governor\":\"unknown\",\"transparent_huge_pages\":\"madvise\"},"
           "\"build\":{\"compiler\":\"gcc 12.2.0\",\"flags\":\"-O3 -ffp-contract=off\","
           "\"revision\":\"abc1234\",\"dirty\":false},"
           "\"libraries\":{\"norma\":\"0.1.0\",\"onednn\":\"2.6.3\",\"hwloc\":\"2.9.0\","
           "\"libcpuid\":\"0.6.2\",\"jansson\":\"2.14\"},\"arguments\":[\"norma-bench "
           "run\",\"--quick\",\"-o\",\"results of %s.jsonl\"],\"id\":\"%016x\"}\n",
           machine->architecture, what, (unsigned)number * 0x1234567U);
}

static void write_case(const char *op, const struct layer *layer, int n, bool backward) {
    printf("{\"type\":\"measurement\",\"schema\":1,\"problem\":\"%s:%dx%dx%dx%d", op, n, layer->c,
           layer->side, layer->side);
    if (strcmp(op, "gn") == 0) {
        printf(":g=%d%s", layer->c % 32 == 0 ? 32 : 16, backward ? ",pass=bwd" : "");
    } else if (backward) {
        fputs(":pass=bwd", stdout);
    }
    printf("\",\"operator\":\"%s\",\"pass\":\"%s\",\"layout\":\"ncs\",\"dtype\":\"f32\","
           "\"n\":%d,\"c\":%d,\"s\":%d,\"spatial\":[%d,%d],\"shapes\":\"%s\","
           "\"layer\":\"%d@%dx%d\",\"count\":%d,",
           op, backward ? "bwd" : "fwd", n, layer->c, layer->side * layer->side, layer->side,
           layer->side, layer->shapes, layer->c, layer->side, layer->side, layer->count);
}

static void write_time(double seconds, double bytes, double ceiling) {
    double low = seconds * (1 - 0.02 * made_up_uniform()),
           high = seconds * (1 + 0.03 * made_up_uniform());
    printf("\"status\":\"ok\",\"reason\":\"\",\"time\":{\"median\":%.6g,\"low\":%.6g,"
           "\"high\":%.6g,\"samples\":[%.6g,%.6g,%.6g],\"batch\":10},\"bytes\":%.0f,"
           "\"footprint\":%.0f,\"gbps\":%.6g,\"ceiling\":{\"implementation\":\"copy\","
           "\"median\":%.6g,\"gbps\":%.6g},\"share\":%.5g}\n",
           seconds, low, high, low, seconds, high, bytes, bytes, bytes / seconds / 1e9, ceiling,
           bytes / ceiling / 1e9, ceiling / seconds);
}

/* Writes that a case is not supported, or too large, as some are in real results. */
static bool write_excuse(const struct implementation *implementation, const char *op,
                         double bytes) {
    bool peer = strcmp(implementation->kind, "peer") == 0;
    if (peer && strcmp(implementation->name, "onednn") != 0 && strcmp(op, "unit") == 0) {
        puts("\"status\":\"unsupported\",\"reason\":\"no composition in oneDNN's own layouts\"}");
        return true;
    }
    if (bytes > 1e9) {
        puts("\"status\":\"skipped\",\"reason\":\"memory cap: 1 GiB\"}");
        return true;
    }
    return false;
}

static void write_share_of_bound(const struct implementation *implementation) {
    if (implementation->share_of_bound > 0) {
        printf("\"share_of_bound\":%.4g,",
               implementation->share_of_bound * (0.5 + made_up_uniform()));
    } else {
        fputs("\"share_of_bound\":null,", stdout);
    }
}

static void write_problem(const char *op, const struct layer *layer, int n, int threads,
                          bool backward) {
    double planes = (double)n * layer->c;
    double bytes = (backward ? 12 : 8) * planes * layer->side * layer->side;
    double seconds[IMPLEMENTATIONS];
    for (int i = 0; i < IMPLEMENTATIONS; i++) {
        seconds[i] = model(&implementations[i], bytes, planes, threads);
    }
    double ceiling = fmin(seconds[COPY], seconds[COPY + 1]);
    for (int i = 0; i < IMPLEMENTATIONS; i++) {
        const struct implementation *implementation = &implementations[i];
        if (!has_implementation(implementation->name, implementation->kind)) {
            continue;
        }
        const char *name = backward && i >= COPY ? sums[i - COPY] : implementation->name;
        write_case(op, layer, n, backward);
        printf("\"implementation\":\"%s\",\"kind\":\"%s\",\"kernel\":\"%s\",\"threads\":%d,"
               "\"cache\":\"hot\",",
               name, implementation->kind, implementation->kernel, threads);
        if (!write_excuse(implementation, op, bytes)) {
            write_share_of_bound(implementation);
            write_time(seconds[i], bytes, ceiling);
        }
    }
}

static void write_operator(const char *op, bool full, int threads, bool backward) {
    for (size_t l = 0; l < sizeof layers / sizeof layers[0]; l++) {
        bool vgg = strcmp(layers[l].shapes, "vgg19-256") == 0;
        bool wanted = full ? vgg == false || strcmp(op, "adain") == 0
                           : strcmp(layers[l].shapes, "resnet110") == 0;
        for (int n = 1; wanted && n <= LARGEST_BATCH; n *= 2) {
            write_problem(op, &layers[l], n, threads, backward);
        }
    }
}

static void write_conditions(void) {
    puts("{\"type\":\"conditions\",\"schema\":1,\"seconds\":300.0,\"interrupted\":false,"
         "\"steal_share\":0.001,\"involuntary_switches\":120,\"noise\":0.014,"
         "\"warnings\":[\"the frequency governor is unknown\"],\"load_average\":1.2}");
}

static void write_sweep(bool full) {
    for (int t = 0; t < (full ? MADE_UP_TEAMS : 1) && machine->teams[t] > 0; t++) {
        for (size_t o = 0; o < (full ? OPERATORS : 1); o++) {
            write_operator(operators[o], full, machine->teams[t], false);
            if (full && has_backward(operators[o])) {
                write_operator(operators[o], full, machine->teams[t], true);
            }
        }
    }
}

int main(int count, char **arguments) {
    if (count != 3) {
        fputs("usage: generate full|small|hardware MACHINE\n", stderr);
        return 2;
    }
    int number = atoi(arguments[2]);
    machine = made_up_machine(number);
    made_up_seed(number);
    write_machine(number, arguments[1]);
    if (strcmp(arguments[1], "hardware") == 0) {
        made_up_hardware(machine);
    } else {
        write_sweep(strcmp(arguments[1], "full") == 0);
    }
    write_conditions();
    return fflush(stdout) == 0 ? 0 : 2;
}
