/* Random numbers that are the same for a seed on any machine and with any number of threads.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_TRUTH_RANDOM_DATA_H
#define VERIFY_TRUTH_RANDOM_DATA_H

#include <stdint.h>

/* Returns a hash of the counter (the finalizer of SplitMix64), so that elements can be made in any
 * order. */
static inline uint64_t verify_random_mix(uint64_t z) {
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static inline uint64_t verify_random_bits(uint64_t stream, uint64_t index) {
    return verify_random_mix(stream + index * UINT64_C(0x9e3779b97f4a7c15));
}

/* Returns the independent stream number `stream` of a seed. */
static inline uint64_t verify_stream(uint64_t seed, uint64_t stream) {
    return verify_random_mix(verify_random_mix(seed + UINT64_C(0x9e3779b97f4a7c15)) + stream);
}

/* Returns element `index` of a stream, uniform in [0, 1). */
static inline double verify_uniform(uint64_t stream, uint64_t index) {
    return (double)(verify_random_bits(stream, index) >> 11) * 0x1p-53;
}

/* Returns element `index` of a stream, close to standard normal: the sum of four uniform numbers,
 * scaled, within +-3.5. Each of the four 16-bit parts has variance (2^32 - 1) / 12; their sum is
 * exact in double. */
static inline double verify_normal(uint64_t stream, uint64_t index) {
    const uint64_t bits = verify_random_bits(stream, index);
    const int64_t sum =
        (int64_t)((bits & 0xffff) + (bits >> 16 & 0xffff) + (bits >> 32 & 0xffff) + (bits >> 48));
    return (double)(sum - 2 * 65535) * (1.7320508075688772 / 65536.0);
}

#endif
