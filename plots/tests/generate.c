/* Writes a made-up result file to standard output, the same on every machine and every time: what
 * the tests draw, and what one looks at when a picture is changed. Times follow a simple model
 * (caches, overhead a plane, passes over memory), with noise.
 *
 *     generate full 1     nine operators, three networks, eight implementations, 1 and 2 threads;
 *                         three of the operators backward as well
 *     generate small 1    one operator and network, 1 thread
 *
 * The second number is that of the machine.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LARGEST_BATCH = 128 };

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
    const char *name, *kernel;
    double passes;         /* of the copy's time that the data takes */
    double overhead;       /* seconds a plane */
    double fixed;          /* seconds a call */
    double share_of_bound; /* about; 0: not verified */
};

static const struct implementation implementations[] = {
    {"portable", "portable", 2.1, 30e-9, 2e-7, 0.30},
    {"avx2", "avx2", 1.25, 12e-9, 2e-7, 0.30},
    {"avx512", "avx512", 1.12, 8e-9, 2e-7, 0.30},
    {"onednn", "ncsp_bnorm:any", 4.5, 90e-9, 4e-6, 0.12},
    {"onednn-nhwc", "bnorm_jit:avx512_core", 2.2, 0, 3e-6, 0.11},
    {"onednn-blocked", "bnorm_jit:avx512_core", 1.45, 1e-9, 2e-6, 0.11},
    {"copy", "memcpy", 1, 0, 3e-8, 0},
    {"copy-stream", "stream-avx512", 1, 0, 3e-8, 0},
};
enum { IMPLEMENTATIONS = sizeof implementations / sizeof implementations[0], COPY = 6 };

/* What the ceilings are called where two images are read. */
static const char *const sums[] = {"add", "add-stream"};

static uint64_t state = 1;

/* Uniform in [0, 1): Knuth's MMIX constants. */
static double uniform(void) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    return (double)(state >> 11) / 9007199254740992.0;
}

/* ---- model --------------------------------------------------------------------------------- */

/* Bytes a second of a copy whose tensors take so many bytes. */
static double bandwidth(double bytes, int threads, bool stream) {
    double inner = 160e9 / (1 + pow(bytes / (threads * 32768.0), 2));
    double middle = 90e9 / (1 + pow(bytes / (threads * 1048576.0), 2));
    double outer = 48e9 / (1 + pow(bytes / 33554432.0, 2));
    double memory = threads > 1 ? 20e9 : 14e9;
    return stream ? 1.35 * memory
                  : (inner > 1e9 ? inner * 0.6 : 0) + middle * 0.6 + outer * 0.5 + memory;
}

static double model(const struct implementation *implementation, double bytes, double planes,
                    int threads) {
    bool stream = strcmp(implementation->name, "copy-stream") == 0;
    double copy = fmax(bandwidth(bytes, threads, stream),
                       stream || bytes < 4e6 ? 0 : bandwidth(bytes, threads, true) * 0.97);
    double seconds = implementation->passes * bytes / copy +
                     (implementation->overhead * planes) / threads + implementation->fixed;
    return seconds * (1 + 0.04 * (uniform() - 0.5));
}

/* ---- records ------------------------------------------------------------------------------- */

static void write_machine(int machine) {
    printf("{\"type\":\"machine\",\"schema\":1,\"program\":\"norma-bench 0.1.0\","
           "\"date\":\"2026-11-%02dT03:00:00Z\",\"cpu\":{\"name\":\"Example CPU %d <8-Core>\","
           "\"name_source\":\"libcpuid\",\"vendor\":\"Example\","
           "\"features\":[\"avx2\",\"fma\",\"avx512f\"],\"hypervisor\":\"KVM\"},"
           "\"topology\":{\"cores\":2,\"threads\":2,\"packages\":1,\"numa_nodes\":1,\"caches\":["
           "{\"level\":1,\"type\":\"data\",\"bytes\":32768,\"count\":2},"
           "{\"level\":1,\"type\":\"instruction\",\"bytes\":32768,\"count\":2},"
           "{\"level\":2,\"type\":\"unified\",\"bytes\":1048576,\"count\":2},"
           "{\"level\":3,\"type\":\"unified\",\"bytes\":33554432,\"count\":1}],"
           "\"memory_bytes\":25000000000,\"source\":\"hwloc\"},"
           "\"os\":{\"name\":\"Linux\",\"release\":\"6.1.0\",\"machine\":\"x86_64\","
           "\"governor\":\"unknown\",\"transparent_huge_pages\":\"madvise\"},"
           "\"build\":{\"compiler\":\"gcc 12.2.0\",\"flags\":\"-O3 -ffp-contract=off\","
           "\"revision\":\"abc1234\",\"dirty\":false},"
           "\"libraries\":{\"norma\":\"0.1.0\",\"onednn\":\"2.6.3\",\"hwloc\":\"2.9.0\","
           "\"libcpuid\":\"0.6.2\",\"jansson\":\"2.14\"},\"arguments\":[\"norma-bench "
           "run\",\"--quick\"],\"id\":\"%016x\"}\n",
           machine, machine, (unsigned)machine * 0x1234567U);
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
    double low = seconds * (1 - 0.02 * uniform()), high = seconds * (1 + 0.03 * uniform());
    printf("\"status\":\"ok\",\"reason\":\"\",\"time\":{\"median\":%.6g,\"low\":%.6g,"
           "\"high\":%.6g,\"samples\":[%.6g,%.6g,%.6g],\"batch\":10},\"bytes\":%.0f,"
           "\"footprint\":%.0f,\"gbps\":%.6g,\"ceiling\":{\"implementation\":\"copy\","
           "\"median\":%.6g,\"gbps\":%.6g},\"share\":%.5g}\n",
           seconds, low, high, low, seconds, high, bytes, bytes, bytes / seconds / 1e9, ceiling,
           bytes / ceiling / 1e9, ceiling / seconds);
}

/* Some cases are impossible, some too large, as in life. */
static bool write_excuse(const struct implementation *implementation, const char *op,
                         double bytes) {
    bool onednn = strncmp(implementation->name, "onednn", 6) == 0;
    if (onednn && strcmp(implementation->name, "onednn") != 0 && strcmp(op, "unit") == 0) {
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
        printf("\"share_of_bound\":%.4g,", implementation->share_of_bound * (0.5 + uniform()));
    } else {
        fputs("\"share_of_bound\":null,", stdout);
    }
}

static void write_problem(const char *op, const struct layer *layer, int n, int threads,
                          bool backward) {
    double planes = (double)n * layer->c;
    double bytes = (backward ? 12 : 8) * planes * layer->side * layer->side;
    double seconds[IMPLEMENTATIONS];
    for (int i = 0; i < IMPLEMENTATIONS; ++i) {
        seconds[i] = model(&implementations[i], bytes, planes, threads);
    }
    double ceiling = fmin(seconds[COPY], seconds[COPY + 1]);
    for (int i = 0; i < IMPLEMENTATIONS; ++i) {
        const struct implementation *implementation = &implementations[i];
        const char *name = backward && i >= COPY ? sums[i - COPY] : implementation->name;
        write_case(op, layer, n, backward);
        printf("\"implementation\":\"%s\",\"kernel\":\"%s\",\"threads\":%d,\"cache\":\"hot\",",
               name, implementation->kernel, threads);
        if (!write_excuse(implementation, op, bytes)) {
            write_share_of_bound(implementation);
            write_time(seconds[i], bytes, ceiling);
        }
    }
}

static void write_operator(const char *op, bool full, int threads, bool backward) {
    for (size_t l = 0; l < sizeof layers / sizeof layers[0]; ++l) {
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

int main(int count, char **arguments) {
    if (count != 3) {
        fputs("usage: generate full|small MACHINE\n", stderr);
        return 2;
    }
    bool full = strcmp(arguments[1], "full") == 0;
    int machine = atoi(arguments[2]);
    state = (uint64_t)machine;
    write_machine(machine);
    for (int threads = 1; threads <= (full ? 2 : 1); ++threads) {
        for (size_t o = 0; o < (full ? OPERATORS : 1); ++o) {
            write_operator(operators[o], full, threads, false);
            if (full && has_backward(operators[o])) {
                write_operator(operators[o], full, threads, true);
            }
        }
    }
    write_conditions();
    return fflush(stdout) == 0 ? 0 : 2;
}
