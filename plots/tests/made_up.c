/* The machines, the model of their speed, and the records about their hardware.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "plots/tests/made_up.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define PU(index) "{\"type\":\"PU\",\"index\":" #index "}"
#define L1(pus)                                                                                    \
    "{\"type\":\"L1\",\"bytes\":32768,\"children\":[{\"type\":\"Core\",\"children\":[" pus "]}]}"
#define L2(bytes, inner) "{\"type\":\"L2\",\"bytes\":" #bytes ",\"children\":[" inner "]}"
#define PAIR(a, b)       L2(524288, L1(PU(a) "," PU(b)))

#define CORES_0_1 L2(1048576, L1(PU(0))) "," L2(1048576, L1(PU(1)))
#define CORES_2_3 L2(1048576, L1(PU(2))) "," L2(1048576, L1(PU(3)))
#define PAIRS_0_3 PAIR(0, 8) "," PAIR(1, 9) "," PAIR(2, 10) "," PAIR(3, 11)
#define PAIRS_4_7 PAIR(4, 12) "," PAIR(5, 13) "," PAIR(6, 14) "," PAIR(7, 15)

static const struct made_up_machine machines[] = {
    {
        .name = "Example CPU 1 <8-Core>",
        .vendor = "Example",
        .architecture = "x86_64",
        .features = "\"avx2\",\"fma\",\"avx512f\"",
        .sets = {"portable", "avx2", "avx512"},
        .topology = "{\"type\":\"Machine\",\"children\":[{\"type\":\"Package\",\"children\":["
                    "{\"type\":\"NUMANode\",\"bytes\":25000000000},"
                    "{\"type\":\"L3\",\"bytes\":33554432,\"children\":[" CORES_0_1 "]}]}]}",
        .cores = 2,
        .teams = {1, 2},
        .caches = {32768, 1048576, 33554432},
        .speeds = {256e9, 144e9, 38e9, 14e9},
        .most = 20e9,
        .gflops = 150,
    },
    {
        .name = "Example CPU 2 <8-Core> with a name as long as some have it, 3.4 GHz",
        .vendor = "Example",
        .architecture = "x86_64",
        .features = "\"avx2\",\"fma\"",
        .sets = {"portable", "avx2"},
        .topology = "{\"type\":\"Machine\",\"children\":[{\"type\":\"Package\",\"children\":["
                    "{\"type\":\"NUMANode\",\"bytes\":67000000000},"
                    "{\"type\":\"L3\",\"bytes\":16777216,\"children\":[" PAIRS_0_3 "]},"
                    "{\"type\":\"L3\",\"bytes\":16777216,\"children\":[" PAIRS_4_7 "]}]}]}",
        .cores = 8,
        .teams = {1, 2, 8},
        .caches = {32768, 524288, 16777216},
        .speeds = {180e9, 90e9, 50e9, 24e9},
        .most = 60e9,
        .gflops = 110,
    },
    {
        .name = "Example Arm 3",
        .vendor = "Other",
        .architecture = "aarch64",
        .features = "\"neon\",\"sve\"",
        .sets = {"portable", "neon"},
        .topology = "{\"type\":\"Machine\",\"children\":["
                    "{\"type\":\"NUMANode\",\"bytes\":8000000000}," CORES_0_1 "," CORES_2_3 "]}",
        .cores = 4,
        .teams = {1, 4},
        .caches = {65536, 1048576, 33554432},
        .speeds = {96e9, 60e9, 44e9, 30e9},
        .most = 90e9,
        .gflops = 40,
    },
};

const struct made_up_machine *made_up_machine(int number) {
    return &machines[number >= 2 && number <= 3 ? number - 1 : 0];
}

static uint64_t state = 1;

void made_up_seed(int seed) {
    state = (uint64_t)seed;
}

/* Steps the linear congruential generator of Knuth's MMIX. */
double made_up_uniform(void) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    return (double)(state >> 11) / 9007199254740992.0;
}

/* ---- model --------------------------------------------------------------------------------- */

double made_up_bandwidth(const struct made_up_machine *machine, double bytes, int threads,
                         bool stream) {
    const double *speeds = machine->speeds, *caches = machine->caches;
    double memory = fmin(threads * speeds[3], machine->most);
    if (stream) {
        return 1.35 * memory;
    }
    double inner = speeds[0] * threads / (1 + pow(bytes / (threads * caches[0]), 4));
    double middle = speeds[1] * threads / (1 + pow(bytes / (threads * caches[1]), 4));
    double outer = speeds[2] * fmin(threads, 4) / (1 + pow(bytes / caches[2], 4));
    return fmax(fmax(inner, middle), fmax(outer, memory));
}

/* ---- records ------------------------------------------------------------------------------- */

static void write_memory(const struct made_up_machine *machine, const char *kernel, double share,
                         double footprint, int threads) {
    bool stream = strstr(kernel, "stream") != NULL;
    double rate = share * made_up_bandwidth(machine, footprint, threads, stream) *
                  (1 + 0.05 * (made_up_uniform() - 0.5));
    double seconds = footprint / rate;
    printf("{\"type\":\"memory\",\"schema\":1,\"kernel\":\"%s\",\"threads\":%d,"
           "\"footprint\":%.0f,\"bytes\":%.0f,\"time\":{\"median\":%.6g,\"low\":%.6g,"
           "\"high\":%.6g,\"samples\":[%.6g],\"batch\":10},\"gbps\":%.6g}\n",
           kernel, threads, footprint, footprint, seconds, seconds * 0.99, seconds * 1.01, seconds,
           rate / 1e9);
}

static void write_compute(const char *kernel, double gflops, int threads) {
    printf("{\"type\":\"compute\",\"schema\":1,\"kernel\":\"%s\",\"threads\":%d,"
           "\"gflops\":%.6g,\"time\":{\"median\":0.001,\"low\":0.001,\"high\":0.001}}\n",
           kernel, threads, gflops * threads * 0.98);
}

static void write_team(const struct made_up_machine *machine, int threads) {
    static const struct {
        const char *kernel;
        double share;
    } kernels[] = {
        {"read", 1.3}, {"copy", 1}, {"copy-stream", 1}, {"add", 0.95}, {"add-stream", 0.97},
    };
    for (size_t k = 0; k < sizeof kernels / sizeof kernels[0]; k++) {
        for (double bytes = 4096; bytes <= 512e6; bytes *= 2) {
            write_memory(machine, kernels[k].kernel, kernels[k].share, bytes, threads);
        }
    }
    write_compute("fma32", machine->gflops, threads);
    write_compute("fma64", machine->gflops / 2, threads);
}

void made_up_hardware(const struct made_up_machine *machine) {
    for (int i = 0; i < MADE_UP_TEAMS && machine->teams[i] > 0; i++) {
        write_team(machine, machine->teams[i]);
    }
    puts("{\"type\":\"digest\",\"schema\":1,\"digest\":\"5e8f8f30fe1981d9\",\"problems\":2334,"
         "\"seed\":1,\"level\":\"quick\"}");
}
