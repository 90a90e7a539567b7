/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/truth/hash.h"

#include <math.h>
#include <string.h>

uint64_t verify_hash_start(void) {
    return UINT64_C(0xcbf29ce484222325);
}

/* FNV-1a, by words instead of bytes, with a shift: a product takes nothing from high bits to low
 * ones. */
uint64_t verify_hash_word(uint64_t hash, uint64_t word) {
    hash = (hash ^ word) * UINT64_C(0x100000001b3);
    return hash ^ (hash >> 29);
}

uint64_t verify_hash_floats(uint64_t hash, const float *values, int64_t count) {
    for (int64_t i = 0; i < count; i++) {
        uint32_t bits = UINT32_C(0x7fc00000);
        if (!isnan(values[i])) {
            memcpy(&bits, &values[i], sizeof bits);
        }
        hash = verify_hash_word(hash, bits);
    }
    return hash;
}
