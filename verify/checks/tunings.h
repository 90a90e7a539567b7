/* Tunings that force a plan into what its problem's size would not lead to: several threads, the
 * smallest tiles or a single one, results that are stored past the caches, and prefetching. With
 * these, small problems meet every strategy, whatever the caches of the machine are.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_CHECKS_TUNINGS_H
#define VERIFY_CHECKS_TUNINGS_H

#include <norma.h>

struct verify_tuning {
    const struct norma_profile *profile; /* with the same tuning for every set and size */
    int threads;
};

enum { VERIFY_TUNINGS = 4 };

/* Returns tuning number `index`, below VERIFY_TUNINGS, which lives as long as the program. Its
 * profile is NULL if there is not enough memory. It is not thread-safe. */
struct verify_tuning verify_tuning_at(size_t index);

/* Checks whether problem number `turn` of a suite is tried with tuning number `index`. Every second
 * problem has one in turn. */
static inline bool verify_tuning_has_turn(size_t turn, size_t index) {
    return turn % (2 * VERIFY_TUNINGS) == 2 * index;
}

/* Returns "with the smallest tiles and 2 threads" and its like. */
const char *verify_tuning_text(size_t index);

#endif
