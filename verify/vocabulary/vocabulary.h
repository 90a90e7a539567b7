/* Compares every function of the vocabulary of a set with its definition in plain C, to the bit, in
 * every lane and for every tail. This header is for other folders.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_VOCABULARY_VOCABULARY_H
#define VERIFY_VOCABULARY_VOCABULARY_H

#include <stddef.h>
#include <stdint.h>

#include "verify/vocabulary/verdict.h"

struct norma_vocabulary;

/* Returns the vocabulary of the set of that name; NULL: norma has no such set. */
const struct norma_vocabulary *verify_vocabulary_of(const char *set);

/* Returns the name of function number `index`, "load"; NULL beyond the last. */
const char *verify_vocabulary_function(size_t index);

/* Returns the number of functions. */
size_t verify_vocabulary_functions(void);

/* Checks function number `index` on the data of a seed. The CPU must support the set. */
struct verify_vocabulary_verdict verify_vocabulary_check(const struct norma_vocabulary *vocabulary,
                                                         size_t index, uint64_t seed);

#endif
