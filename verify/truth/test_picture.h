/* A computed picture: data as cameras and screens make them, unlike generated noise.
 *
 * It has a sky that grows brighter downwards, a sun that is white throughout, lettering with hard
 * edges, and a film's grain, in 8 bits. So there are whole numbers with many ties, spans of one
 * value where it is saturated, and rows whose means differ. It is made by a formula, because a
 * file would have one size, and the program would have to find it on every machine.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_TRUTH_TEST_PICTURE_H
#define VERIFY_TRUTH_TEST_PICTURE_H

#include <stdint.h>

struct verify_picture {
    int64_t height, width;
    int64_t number; /* decides on the sky and the place of the sun */
    int64_t colour; /* red, green, blue and so on, each with a grain of its own */
    uint64_t grain; /* stream of verify_normal */
};

enum { VERIFY_PICTURE_WHITE = 255 };

/* Returns the brightness of a pixel, 0 to VERIFY_PICTURE_WHITE. */
int verify_picture_level(const struct verify_picture *picture, int64_t row, int64_t column);

#endif
