/* SPDX-License-Identifier: Apache-2.0 */
#include "suite.h"

#include <string.h>

/* Keys that each operator is tried with; each line is one variant. */
struct variant {
    norma_operator op;
    const char *keys;
    bool quick;
};

static const struct variant variants[] = {
    {NORMA_BN, "", true},
    {NORMA_BN, ":pass=inf", true},
    {NORMA_BN, ":eps=0.1,momentum=0.3", false},
    {NORMA_IN, "", true},
    {NORMA_IN, ":pass=inf,eps=0.001", false},
    {NORMA_BIN, "", true},
    {NORMA_BIN, ":pass=inf", true},
    {NORMA_BIN, ":rho=0.5", true},
    {NORMA_BIN, ":rho=1", false},
    {NORMA_BIN, ":rho=0", false},
    {NORMA_ADAIN, "", true},
    {NORMA_ADAIN, ":style=stats", true},
    {NORMA_ADAIN, ":alpha=0.5", true},
    {NORMA_ADAIN, ":alpha=0", true},
    {NORMA_ADAIN, ":style=3x5,alpha=0.25", false},
    {NORMA_ADAIN, ":style=67x71", false},
    {NORMA_GN, "", true},
    {NORMA_UNIT, "", true},
    {NORMA_UNIT, ":alpha=element", true},
    {NORMA_UNIT, ":alpha=0.7", true},
    {NORMA_UNIT, ":alpha=0", false},
    {NORMA_UNIT, ":alpha=1", false},
};

struct builder {
    enum norma_level level;
    struct norma_problems *problems;
    bool good;
};

static void add(struct builder *builder, const struct norma_problem *problem) {
    builder->good = builder->good && norma_problems_add(builder->problems, problem);
}

/* gn: one group, one channel per group, and a divisor between. */
static void add_groups(struct builder *builder, struct norma_problem problem) {
    problem.groups = 1;
    add(builder, &problem);
    if (problem.c > 1) {
        problem.groups = problem.c;
        add(builder, &problem);
    }
    for (int64_t divisor = 2; divisor < problem.c; divisor++) {
        if (problem.c % divisor == 0) {
            problem.groups = problem.c / divisor;
            add(builder, &problem);
            return;
        }
    }
}

/* The shape "2x3x5" for every variant of every operator. */
static void add_shape(struct builder *builder, const char *shape) {
    for (size_t i = 0; i < sizeof variants / sizeof *variants; i++) {
        const struct variant *variant = &variants[i];
        if (builder->level == NORMA_LEVEL_QUICK && !variant->quick) {
            continue;
        }
        char text[NORMA_PROBLEM_TEXT];
        struct norma_problem problem;
        snprintf(text, sizeof text, "%s:%s%s", norma_operator_name(variant->op), shape,
                 variant->keys);
        if (norma_problem_parse(text, &problem, NULL) != NORMA_OK) {
            builder->good = false;
        } else if (problem.op == NORMA_GN) {
            add_groups(builder, problem);
        } else {
            add(builder, &problem);
        }
    }
}

static void add_sizes(struct builder *builder, const char *format, const int *sizes) {
    for (; *sizes > 0; sizes++) {
        char shape[64];
        snprintf(shape, sizeof shape, format, *sizes);
        add_shape(builder, shape);
    }
}

static void add_range(struct builder *builder, const char *format, int first, int last) {
    for (int size = first; size <= last; size++) {
        add_sizes(builder, format, (const int[]){size, 0});
    }
}

/* Around vector widths of every set, around chunks of 4096, and primes. */
static const int quick_tails[] = {1,  2,  3,  4,  5,  7,  8,  9,  15,  16,
                                  17, 31, 32, 33, 47, 49, 64, 65, 127, 0};
static const int chunk_borders[] = {4095, 4096, 4097, 8192, 8197, 0};
static const int primes[] = {131, 257, 521, 1031, 2053, 4099, 8209, 12289, 65537, 0};
static const int quick_channels[] = {1, 2, 5, 16, 33, 67, 0};
static const int batches[] = {1, 2, 3, 4, 5, 7, 8, 17, 33, 0};

static const char *const ranks[] = {"7x33",   "3x4x10", "2x6x5x4", "2x4x3x4x5",
                                    "300x20", "1x1",    NULL};
static const char *const quick_layers[] = {"2x64x28x28", "2x512x7x7", "4x64x8x8", "1x3x150x151",
                                           NULL};
static const char *const layers[] = {"2x64x56x56", "8x512x7x7",   "1x2048x7x7",
                                     "4x64x8x8",   "1x3x300x301", NULL};
static const char *const large_layers[] = {"8x64x112x112",  "1x512x64x64",  "16x256x14x14",
                                           "1x32x16x96x96", "2x1280x24x24", "6x320x10x14x14",
                                           "5x33x27",       "128x1024",     NULL};

static void add_shapes(struct builder *builder, const char *const *shapes) {
    for (; *shapes; shapes++) {
        add_shape(builder, *shapes);
    }
}

bool norma_suite(enum norma_level level, struct norma_problems *problems) {
    struct builder builder = {level, problems, true};
    if (level == NORMA_LEVEL_QUICK) {
        add_sizes(&builder, "2x4x%d", quick_tails);
        add_sizes(&builder, "2x%dx7", quick_channels);
    } else {
        add_range(&builder, "2x4x%d", 1, 129);
        add_range(&builder, "2x%dx7", 1, 67);
        add_sizes(&builder, "2x2x%d", primes);
        add_sizes(&builder, "%dx6x13", batches);
    }
    add_sizes(&builder, "1x2x%d", chunk_borders);
    add_shapes(&builder, ranks);
    add_shapes(&builder, level == NORMA_LEVEL_QUICK ? quick_layers : layers);
    if (level == NORMA_LEVEL_FULL) {
        add_shapes(&builder, large_layers);
    }
    return builder.good;
}
