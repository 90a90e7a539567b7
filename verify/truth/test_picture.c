/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/truth/test_picture.h"

#include <stdbool.h>

#include "verify/truth/random_data.h"

enum { INK = 12, GLYPH_ROWS = 5, GLYPH_COLUMNS = 3 };

static bool is_sun(const struct verify_picture *picture, int64_t row, int64_t column) {
    const double height = (double)picture->height, width = (double)picture->width;
    const double radius = 0.2 * (height < width ? height : width);
    const double x = (double)column - width * (0.2 + 0.15 * (double)(picture->number % 5));
    const double y = (double)row - 0.3 * height;
    return x * x + y * y <= radius * radius;
}

/* Checks whether the pixel is part of the lettering: letters without a meaning in the lower third,
 * with a gap to the right of each and below each line. */
static bool is_ink(const struct verify_picture *picture, int64_t row, int64_t column) {
    static const uint16_t glyphs[] = {075557, 074757, 071117, 035553, 071317, 055755, 072227};
    const int64_t line = row / (GLYPH_ROWS + 1), letter = column / (GLYPH_COLUMNS + 1);
    const int64_t down = row % (GLYPH_ROWS + 1), along = column % (GLYPH_COLUMNS + 1);
    if (3 * row < 2 * picture->height || down == GLYPH_ROWS || along == GLYPH_COLUMNS) {
        return false;
    }
    const int64_t glyph = (letter + 3 * line + picture->number) % 7;
    return (glyphs[glyph] >> (GLYPH_COLUMNS * down + along)) & 1;
}

int verify_picture_level(const struct verify_picture *picture, int64_t row, int64_t column) {
    if (is_sun(picture, row, column)) {
        return VERIFY_PICTURE_WHITE;
    }
    if (is_ink(picture, row, column)) {
        return INK;
    }
    const double down = (double)(row + 1) / (double)picture->height;
    const double sky = 60.0 + 40.0 * (double)(picture->colour % 3) + 110.0 * down;
    const double grain = verify_normal(picture->grain, (uint64_t)(row * picture->width + column));
    const double level = sky + 5.0 * grain + 0.5;
    return level < 0.0 ? 0 : level > VERIFY_PICTURE_WHITE ? VERIFY_PICTURE_WHITE : (int)level;
}
