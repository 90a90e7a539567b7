/* Generated data: the same for a seed on any machine and any number of threads.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_TRUTH_RANDOM_DATA_H
#define VERIFY_TRUTH_RANDOM_DATA_H

#include <stdint.h>

/* Independent stream number `stream` of a seed. */
uint64_t verify_stream(uint64_t seed, uint64_t stream);

/* Element `index` of a stream: uniform in [0, 1), and close to standard normal (the sum of four
 * uniforms, scaled: within +-3.5). */
double verify_uniform(uint64_t stream, uint64_t index);
double verify_normal(uint64_t stream, uint64_t index);

#endif
