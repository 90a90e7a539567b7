/* The verdict on one function of a vocabulary.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_VOCABULARY_VERDICT_H
#define VERIFY_VOCABULARY_VERDICT_H

#include <stdbool.h>

enum { VERIFY_VOCABULARY_MESSAGE = 640 };

struct verify_vocabulary_verdict {
    bool passed;
    int checks; /* the number of lanes, or elements, that were compared */
    char message[VERIFY_VOCABULARY_MESSAGE]; /* not passed: lane, operands, got, expected */
};

#endif
