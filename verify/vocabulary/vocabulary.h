/* The vocabulary of a set against its definition in plain C, to the bit: every function, every
 * lane, every tail.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_VOCABULARY_VOCABULARY_H
#define VERIFY_VOCABULARY_VOCABULARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct norma_vocabulary;

enum { VERIFY_VOCABULARY_MESSAGE = 640 };

/* What came of one function. */
struct verify_vocabulary_verdict {
    bool passed;
    int checks;                              /* how many lanes, or elements, were compared */
    char message[VERIFY_VOCABULARY_MESSAGE]; /* where not passed: lane, operands, got, expected */
};

/* Of the set of that name; NULL: norma has no such set. */
const struct norma_vocabulary *verify_vocabulary_of(const char *set);

/* "load"; NULL beyond the last. */
const char *verify_vocabulary_function(size_t index);
size_t verify_vocabulary_functions(void);

/* Function number `index` on the data of a seed. The CPU must have what the set needs. */
struct verify_vocabulary_verdict verify_vocabulary_check(const struct norma_vocabulary *vocabulary,
                                                         size_t index, uint64_t seed);

#endif
