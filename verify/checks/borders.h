/* The sizes at which the kernels change how they work, and shapes around each of them: one less,
 * the size itself, one more, and twice the size.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_CHECKS_BORDERS_H
#define VERIFY_CHECKS_BORDERS_H

#include "verify/checks/problem_list.h"

/* The sizes that a constant of the kernels limits. */
enum verify_quantity {
    VERIFY_SAMPLES,
    VERIFY_CHANNELS,
    VERIFY_POSITIONS,
    VERIFY_ELEMENTS, /* of a sample */
    VERIFY_PLANES    /* of the batch */
};

enum { VERIFY_BORDER_SHAPES = 4 };

enum verify_border_size {
    VERIFY_BORDER_SMALL,
    VERIFY_BORDER_LARGE /* --quick leaves it out */
};

struct verify_border {
    const char *constant, *source; /* its name, and the file that defines it */
    int64_t value;                 /* in the source */
    int64_t scale;                 /* the border is at value * scale */
    enum verify_quantity quantity;
    norma_layout layout;
    enum verify_border_size size;
    const char *shapes[VERIFY_BORDER_SHAPES];
};

/* Returns border number `index`; NULL beyond the last. */
const struct verify_border *verify_border_at(size_t index);

/* Appends problems of the shapes: one of each small one (quick), or several, which are forward and
 * backward; and problems of many styles and regions, of groups of several
 * channels, and of many channels in few rows. Returns false if there is not enough
 * memory. */
bool verify_borders_add(struct verify_problems *problems, bool quick);

#endif
