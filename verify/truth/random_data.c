/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/truth/random_data.h"

/* The finalizer of SplitMix64: a hash of the counter, so that elements can be made in any order. */
static uint64_t mix(uint64_t z) {
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

uint64_t verify_stream(uint64_t seed, uint64_t stream) {
    return mix(mix(seed + UINT64_C(0x9e3779b97f4a7c15)) + stream);
}

static uint64_t bits(uint64_t stream, uint64_t index) {
    return mix(stream + index * UINT64_C(0x9e3779b97f4a7c15));
}

double verify_uniform(uint64_t stream, uint64_t index) {
    return (double)(bits(stream, index) >> 11) * 0x1p-53;
}

/* Each of the four 16-bit parts has variance (2^32 - 1) / 12; their sum is exact in double. */
double verify_normal(uint64_t stream, uint64_t index) {
    const uint64_t b = bits(stream, index);
    const int64_t sum =
        (int64_t)((b & 0xffff) + (b >> 16 & 0xffff) + (b >> 32 & 0xffff) + (b >> 48));
    return (double)(sum - 2 * 65535) * (1.7320508075688772 / 65536.0);
}
