/* A picture, computed: what cameras and screens put before a network, and generated noise does not.
 *
 * A sky that grows brighter downwards, a sun that is white throughout, lettering with hard edges,
 * and a film's grain, in 8 bits: whole numbers, many of them alike, runs of one value where it is
 * saturated, and rows whose means differ. It is made of a formula, as a file would have one size
 * and would have to be found by whoever runs the program, on whatever machine.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_TRUTH_TEST_PICTURE_H
#define VERIFY_TRUTH_TEST_PICTURE_H

#include <stdint.h>

struct verify_picture {
    int64_t height, width;
    int64_t number; /* another sky and another place of the sun */
    int64_t colour; /* red, green, blue, ... each with a grain of its own */
    uint64_t grain; /* stream of verify_normal */
};

enum { VERIFY_PICTURE_WHITE = 255 };

/* 0 to VERIFY_PICTURE_WHITE. */
int verify_picture_level(const struct verify_picture *picture, int64_t row, int64_t column);

#endif
