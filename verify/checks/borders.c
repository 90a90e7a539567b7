/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/checks/borders.h"

#include <stdio.h>

#include "verify/checks/tunings.h"

/* ---- the sizes ---------------------------------------------------------------------------- */

static const char set[] = "kernels/include/norma_set.h";
static const char columns[] = "kernels/spans/columns.h";
static const char folds[] = "kernels/spans/columns.c";
static const char channels[] = "kernels/stages/channels.h";
static const char rows[] = "kernels/stages/rows.c";
static const char merge[] = "kernels/spans/merge.c";
static const char traverse[] = "kernels/execute/traverse.c";
static const char backward[] = "kernels/execute/backward.c";
static const char template_columns[] = "kernels/sets/template_columns.h";
static const char template_rows[] = "kernels/sets/template_rows.h";
static const char template_moments[] = "kernels/sets/template_moments.h";
static const char template_gradient[] = "kernels/sets/template_gradient.h";

#define BORDER(name, source, value, scale, quantity, layout, size, ...)                            \
    {                                                                                              \
        name, source, value, scale, VERIFY_##quantity, NORMA_LAYOUT_##layout,                      \
            VERIFY_BORDER_##size, {                                                                \
            __VA_ARGS__                                                                            \
        }                                                                                          \
    }

/* With S = 1 the layout makes no difference. */
static const struct verify_border borders[] = {
    BORDER("NORMA_LANES", set, 16, 1, POSITIONS, NCS, SMALL, "2x2x15", "2x2x16", "2x2x17",
           "2x2x32"),
    BORDER("NORMA_LANES", set, 16, 1, CHANNELS, NSC, SMALL, "2x15x6", "2x16x6", "2x17x6", "2x32x6"),
    BORDER("NORMA_CHUNK", set, 4096, 1, POSITIONS, NCS, SMALL, "2x1x4095", "2x1x4096", "2x1x4097",
           "2x1x8192"),
    BORDER("NORMA_CHUNK", set, 4096, 1, ELEMENTS, NSC, SMALL, "1x1365x3", "1x256x16", "1x241x17",
           "1x512x16"),
    BORDER("NORMA_COLUMNS", columns, 2048, 1, CHANNELS, NSC, SMALL, "1x2047x2", "1x2048x2",
           "1x2049x2", "1x4096x2"),
    BORDER("NORMA_COLUMNS", columns, 2048, 1, CHANNELS, NCS, SMALL, "3x2047", "3x2048", "3x2049",
           "3x4096"),
    BORDER("NORMA_COLUMNS", columns, 2048, 2, CHANNELS, NCS, SMALL, "2x4095", "2x4096", "2x4097",
           "2x8192"),
    BORDER("NORMA_COLUMNS", columns, 2048, 4, CHANNELS, NCS, SMALL, "1x8191", "1x8192", "1x8193",
           "1x16384"),
    BORDER("NORMA_BLOCK", channels, 256, 1, CHANNELS, NCS, SMALL, "1x255x3", "1x256x3", "1x257x3",
           "1x512x3"),
    BORDER("NORMA_BLOCK", channels, 256, 1, CHANNELS, NSC, SMALL, "1x255x9", "1x256x9", "1x257x9",
           "1x512x9"),
    BORDER("NORMA_BLOCK", channels, 256, 1, CHANNELS, NCS, SMALL, "3x255", "3x256", "3x257",
           "3x512"),
    BORDER("NORMA_BLOCK_ELEMENTS", channels, 16 * 1024, 1, ELEMENTS, NCS, SMALL, "1x127x129",
           "1x128x128", "1x113x145", "1x128x256"),
    BORDER("FOLDED_CHANNELS", folds, 64, 1, CHANNELS, NSC, SMALL, "1x63x33", "1x64x33", "1x65x33",
           "1x128x33"),
    /* Rows that are not folded, and rows that are folded in two and in sixteen. */
    BORDER("CHUNK_LONG_ROWS", folds, 256, 1, POSITIONS, NSC, SMALL, "1x65x255", "1x65x256",
           "1x65x257", "1x65x512"),
    BORDER("CHUNK_LONG_ROWS", folds, 256, 2, POSITIONS, NSC, SMALL, "1x8x511", "1x8x512", "1x8x513",
           "1x8x1024"),
    BORDER("CHUNK_LONG_ROWS", folds, 256, 16, POSITIONS, NSC, SMALL, "1x3x4095", "1x3x4096",
           "1x3x4097", "1x3x8192"),
    BORDER("SUMMED_ROWS", template_columns, 8, 1, POSITIONS, NSC, SMALL, "1x80x7", "1x80x8",
           "1x80x9", "1x80x16"),
    BORDER("AFFINE_ROWS", template_columns, 4, 1, POSITIONS, NSC, SMALL, "2x80x3", "2x80x4",
           "2x80x5", "2x80x8"),
    BORDER("PIECE", template_columns, 4096, 1, ELEMENTS, NSC, SMALL, "2x195x21", "2x128x32",
           "2x241x17", "2x128x64"),
    BORDER("GROUP", template_gradient, 8, 16, POSITIONS, NCS, SMALL, "2x3x127", "2x3x128",
           "2x3x129", "2x3x256"),
    BORDER("SHORT_SPAN", template_moments, 512, 1, POSITIONS, NCS, SMALL, "2x3x511", "2x3x512",
           "2x3x513", "2x3x1024"),
    BORDER("SCALED_ROWS", template_rows, 4, 1, SAMPLES, NCS, SMALL, "3x40", "4x40", "5x40", "8x40"),
    BORDER("LONG_ROW", template_rows, 2048, 1, CHANNELS, NCS, SMALL, "4x2047", "4x2048", "4x2049",
           "5x4096"),
    BORDER("BLOCK_ROWS", template_rows, 8, 1, SAMPLES, NCS, SMALL, "7x33", "8x33", "9x33", "16x33"),
    BORDER("BLOCK_VECTORS", template_rows, 8, 16, CHANNELS, NCS, SMALL, "5x127", "5x128", "5x129",
           "5x256"),
    BORDER("CHAIN", template_rows, 4, 16, CHANNELS, NCS, SMALL, "5x63", "5x64", "5x65", "5x128"),
    BORDER("ENOUGH_ROWS", rows, 256, 1, SAMPLES, NCS, SMALL, "255x20", "256x20", "257x20",
           "512x20"),
    BORDER("ROWS", traverse, 16, 1, POSITIONS, NSC, SMALL, "1x72x15", "1x72x16", "1x72x17",
           "1x72x32"),
    BORDER("LEAST_ROWS", rows, 32, 1, SAMPLES, NCS, LARGE, "31x2049", "32x2049", "33x2049",
           "64x2049"),
    BORDER("MANY_ROWS", rows, 64, 8, SAMPLES, NCS, LARGE, "511x1025", "512x1025", "513x1025",
           "1024x1025"),
    BORDER("MOST_GROUPS", rows, 64, 256, SAMPLES, NCS, LARGE, "16383x3", "16384x3", "16385x3",
           "32768x3"),
    BORDER("ENOUGH_ELEMENTS", rows, 64 * 1024, 1, PLANES, NCS, LARGE, "255x257", "256x256",
           "1x65537", "512x256"),
    BORDER("WORTH_WAKING", backward, 16 * 1024, 1, PLANES, NCS, LARGE, "127x129x2", "128x128x2",
           "113x145x2", "256x128x2"),
    BORDER("CHUNKS_AT_ONCE", merge, 64, 4096, POSITIONS, NCS, LARGE, "1x1x262143", "1x1x262144",
           "1x1x262145", "1x1x524288"),
};
#undef BORDER

enum { BORDERS = sizeof borders / sizeof *borders };

const struct verify_border *verify_border_at(size_t index) {
    return index < BORDERS ? &borders[index] : NULL;
}

/* ---- their problems ----------------------------------------------------------------------- */

/* The problems that are tried with a shape. */
struct kind {
    const char *op, *keys;
};

/* One operator for each kind of statistics is tried with every shape, the others are in turn. */
static const struct kind always[] = {{"bn", ""}, {"in", ""}, {"ln", ""}};
static const struct kind in_turn[] = {
    {"gn", ""},
    {"adain", ":style=3"},
    {"bin", ""},
    {"unit", ":alpha=element"},
    {"rms", ""},
    {"cin", ":styles=3"},
    {"unit", ""},
    {"adain", ":style=stats"},
    {"unit", ":form=layer"},
    {"unit", ":form=vector"},
};
enum { ALWAYS = sizeof always / sizeof *always, IN_TURN = sizeof in_turn / sizeof *in_turn };

struct builder {
    struct verify_problems *problems;
    norma_layout layout;
    size_t shapes; /* so far */
};

/* Adds a problem, with one of the epilogues in turn. */
static bool add(const struct builder *builder, const struct kind *kind, const char *shape,
                norma_pass pass) {
    char text[NORMA_PROBLEM_TEXT];
    struct norma_problem problem;
    snprintf(text, sizeof text, "%s:%s%s", kind->op, shape, kind->keys);
    if (norma_problem_parse(text, &problem, NULL) != NORMA_STATUS_OK) {
        return false;
    }
    problem.layout = builder->layout;
    problem.pass = pass;
    problem.epilogue = (norma_epilogue)(builder->shapes % (NORMA_EPILOGUE_ADD_RELU + 1));
    return verify_problems_add(builder->problems, &problem);
}

/* Adds one problem. Of the shapes of a border, every second one is backward, and of those of the
 * next border the others. */
static bool add_one(const struct builder *builder, const char *shape) {
    const size_t turn = builder->shapes;
    const bool is_backward = (turn + turn / VERIFY_BORDER_SHAPES) % 2;
    const size_t kind = turn % (ALWAYS + IN_TURN);
    return add(builder, kind < ALWAYS ? &always[kind] : &in_turn[kind - ALWAYS], shape,
               is_backward ? NORMA_PASS_BACKWARD : NORMA_PASS_FORWARD);
}

static bool add_both(const struct builder *builder, const struct kind *kind, const char *shape) {
    return add(builder, kind, shape, NORMA_PASS_FORWARD) &&
           add(builder, kind, shape, NORMA_PASS_BACKWARD);
}

static bool add_several(const struct builder *builder, const char *shape) {
    bool good = true;
    for (size_t i = 0; good && i < ALWAYS; i++) {
        good = add_both(builder, &always[i], shape);
    }
    return good && add_both(builder, &in_turn[builder->shapes % IN_TURN], shape);
}

/* ---- numbers of styles and regions -------------------------------------------------------- */

/* Labels are bytes, so there are at most 256 regions. */
static const struct {
    struct kind kind;
    const char *shape;
} counts[] = {
    {{"cin", ":styles=255"}, "3x5x7"},
    {{"cin", ":styles=257"}, "3x5x7"},
    {{"adain", ":styles=2,style=3"}, "2x3x7"},
    {{"adain", ":styles=17,style=3"}, "2x3x7"},
    {{"adain", ":regions=255,style=3"}, "2x2x700"},
    {{"adain", ":regions=256,style=3"}, "2x2x700"},
    {{"adain", ":regions=255,style=stats"}, "1x2x1100"},
    {{"adain", ":regions=256,style=stats"}, "1x2x1100"},
    /* Regions of more than a chunk. */
    {{"adain", ":regions=2,style=3"}, "1x2x8197"},
    {{"adain", ":regions=3,style=3"}, "1x2x4097"},
    {{"adain", ":regions=2,style=stats"}, "2x1x8192"},
};

/* Adds these in both layouts; quick, in one each. */
static bool add_counts(struct builder *builder, bool quick) {
    bool good = true;
    for (size_t i = 0; good && i < sizeof counts / sizeof *counts; i++, builder->shapes++) {
        for (int layout = 0; good && layout <= NORMA_LAYOUT_NSC; layout++) {
            builder->layout = (norma_layout)layout;
            if (!quick || (i + (size_t)layout) % 2 == 0) {
                good = add_both(builder, &counts[i].kind, counts[i].shape);
            }
        }
    }
    return good;
}

/* ---- groups of channels ------------------------------------------------------------------- */

/* Adds sixteen samples of some groups of two to six channels. If a plan has several tiles in a
 * sample, its groups must not be cut. */
static bool add_groups(struct builder *builder, norma_pass pass) {
    enum { SHAPES = 16, FEWEST_GROUPS = 3, FEWEST_CHANNELS = 2 };
    bool good = true;
    for (int i = 0; good && i < SHAPES; i++, builder->shapes++) {
        const int groups = FEWEST_GROUPS + i % 4;
        char shape[32], keys[32];
        snprintf(shape, sizeof shape, "1x%dx%d", groups * (FEWEST_CHANNELS + i % 5), 40 + 7 * i);
        snprintf(keys, sizeof keys, ":g=%d", groups);
        good = add(builder, &(struct kind){"gn", keys}, shape, pass);
    }
    return good;
}

/* Adds groups that the borders of blocks of channels cut, which are at every 256th. */
static bool add_cut_groups(struct builder *builder) {
    static const struct {
        struct kind kind;
        const char *shape;
    } groups[] = {{{"gn", ":g=4"}, "1x300x3"}, {{"gn", ":g=5"}, "2x515x2"}};
    bool good = true;
    for (size_t i = 0; good && i < sizeof groups / sizeof *groups; i++, builder->shapes++) {
        for (int layout = 0; good && layout <= NORMA_LAYOUT_NSC; layout++) {
            builder->layout = (norma_layout)layout;
            good = add_both(builder, &groups[i].kind, groups[i].shape);
        }
    }
    return good;
}

/* ---- sums whose order shows ---------------------------------------------------------------- */

/* A ReLU would stop some of the dy that cancel, so that there is none. As every third problem is
 * tried with other threads, a few follow each other. */
static bool add_without_epilogue(const struct builder *builder, const struct kind *kind,
                                 norma_layout layout, const char *shape) {
    const struct builder plain = {.problems = builder->problems, .layout = layout};
    return add(&plain, kind, shape, NORMA_PASS_BACKWARD);
}

/* Adds problems whose planes have six or seven chunks: few often give the same sum in any order. */
static bool add_chunks(const struct builder *builder) {
    static const struct {
        norma_layout layout;
        const char *shape;
    } shapes[] = {
        {NORMA_LAYOUT_NCS, "1x1x24600"},
        {NORMA_LAYOUT_NSC, "1x65x1300"},
        {NORMA_LAYOUT_NSC, "1x3x24600"},
    };
    bool good = true;
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        for (int k = 0; good && k < ALWAYS; k++) {
            good = add_without_epilogue(builder, &always[k], shapes[i].layout, shapes[i].shape);
        }
    }
    return good;
}

/* Adds rows of which a machine with few processors could make other groups. */
static bool add_many_rows(const struct builder *builder) {
    static const struct kind kind = {"ln", ""};
    enum { SHAPES = 12, FEWEST = 1100 };
    bool good = true;
    for (int i = 0; good && i < SHAPES; i++) {
        char shape[32];
        snprintf(shape, sizeof shape, "%dx3", FEWEST + i);
        good = add_without_epilogue(builder, &kind, NORMA_LAYOUT_NCS, shape);
    }
    return good;
}

/* ---- huge data of many channels ------------------------------------------------------------ */

/* Adds channels-last samples of more channels than a call takes. Every third problem has huge data;
 * an odd number of channels has the ones whose stages are exact. */
static bool add_many_channels(const struct builder *builder) {
    enum { SHAPES = 3, FEWEST = 2101 };
    const struct kind kind = {"in", ""};
    const struct builder plain = {.problems = builder->problems, .layout = NORMA_LAYOUT_NSC};
    bool good = true;
    for (int i = 0; good && i < SHAPES; i++) {
        char shape[32];
        snprintf(shape, sizeof shape, "1x%dx2", FEWEST + 2 * i);
        good = add(&plain, &kind, shape, NORMA_PASS_FORWARD);
    }
    return good;
}

/* ---- strategies of one channels-last sample ------------------------------------------------ */

/* Adds samples of about so many channels and a few rows, three for each of the tunings, which every
 * second problem has in turn. */
static bool add_rows(struct builder *builder, int fewest_channels, norma_pass pass) {
    enum { SHAPES = 3 * 2 * VERIFY_TUNINGS };
    bool good = true;
    for (int i = 0; good && i < SHAPES; i++, builder->shapes++) {
        char shape[32];
        snprintf(shape, sizeof shape, "1x%dx%d", fewest_channels + i, 2 + i % 3);
        good = add(builder, &(struct kind){i % 2 ? "bin" : "bn", ""}, shape, pass);
    }
    return good;
}

/* With 512 channels for each of three threads, these take tiles of columns; with fewer, they split
 * channels. */
static bool add_strategies(struct builder *builder) {
    enum { WIDE = 3 * 512, NARROW = 300 };
    builder->layout = NORMA_LAYOUT_NSC;
    return add_rows(builder, WIDE, NORMA_PASS_FORWARD) &&
           add_rows(builder, WIDE, NORMA_PASS_BACKWARD) &&
           add_rows(builder, NARROW, NORMA_PASS_FORWARD) &&
           add_rows(builder, NARROW, NORMA_PASS_BACKWARD);
}

bool verify_borders_add(struct verify_problems *problems, bool quick) {
    struct builder builder = {.problems = problems};
    bool good = true;
    for (size_t i = 0; i < BORDERS; i++) {
        const bool left_out = quick && borders[i].size == VERIFY_BORDER_LARGE;
        builder.layout = borders[i].layout;
        for (int k = 0; good && !left_out && k < VERIFY_BORDER_SHAPES; k++, builder.shapes++) {
            good = (quick ? add_one : add_several)(&builder, borders[i].shapes[k]);
        }
    }
    good = good && add_counts(&builder, quick);
    builder.layout = NORMA_LAYOUT_NCS;
    return good && add_groups(&builder, NORMA_PASS_FORWARD) &&
           add_groups(&builder, NORMA_PASS_BACKWARD) && add_cut_groups(&builder) &&
           add_chunks(&builder) && add_many_rows(&builder) && add_many_channels(&builder) &&
           add_strategies(&builder);
}
