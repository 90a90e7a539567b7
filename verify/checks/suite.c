/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/checks/suite.h"

#include <string.h>

#include "verify/checks/borders.h"
#include "verify/truth/truth.h"

/* ---- variants ----------------------------------------------------------------------------- */

static const struct verify_variant variants[] = {
    {NORMA_OPERATOR_BN, "", VERIFY_ALWAYS},
    {NORMA_OPERATOR_BN, "eps=0.1,momentum=0.3", VERIFY_SELDOM},
    {NORMA_OPERATOR_BN, "momentum=0", VERIFY_SELDOM},
    {NORMA_OPERATOR_BN, "momentum=1", VERIFY_SELDOM},
    {NORMA_OPERATOR_BN, "eps=0", VERIFY_SELDOM},
    {NORMA_OPERATOR_BN, "eps=1e-50", VERIFY_SELDOM},
    {NORMA_OPERATOR_IN, "", VERIFY_ALWAYS},
    {NORMA_OPERATOR_LN, "eps=1e-50", VERIFY_SELDOM},
    {NORMA_OPERATOR_RMS, "eps=1e-50", VERIFY_SELDOM},
    {NORMA_OPERATOR_IN, "eps=0.001", VERIFY_SELDOM},
    {NORMA_OPERATOR_IN, "eps=0", VERIFY_SELDOM},
    {NORMA_OPERATOR_CIN, "styles=3", VERIFY_ALWAYS},
    {NORMA_OPERATOR_CIN, "styles=1", VERIFY_SELDOM},
    {NORMA_OPERATOR_BIN, "", VERIFY_ALWAYS},
    {NORMA_OPERATOR_BIN, "rho=0.5", VERIFY_OFTEN},
    {NORMA_OPERATOR_BIN, "rho=0", VERIFY_SELDOM},
    {NORMA_OPERATOR_BIN, "rho=1", VERIFY_SELDOM},
    {NORMA_OPERATOR_ADAIN, "", VERIFY_ALWAYS},
    {NORMA_OPERATOR_ADAIN, "alpha=0.5", VERIFY_OFTEN},
    {NORMA_OPERATOR_ADAIN, "alpha=0", VERIFY_SELDOM},
    {NORMA_OPERATOR_ADAIN, "style=3x5,alpha=0.25", VERIFY_SELDOM},
    {NORMA_OPERATOR_ADAIN, "style=67x71", VERIFY_SELDOM},
    {NORMA_OPERATOR_ADAIN, "style=point", VERIFY_SELDOM},
    {NORMA_OPERATOR_ADAIN, "style=stats", VERIFY_OFTEN},
    {NORMA_OPERATOR_ADAIN, "style=stats,alpha=0.5", VERIFY_SELDOM},
    {NORMA_OPERATOR_ADAIN, "style=2x9,std=unbiased", VERIFY_SOMETIMES},
    {NORMA_OPERATOR_ADAIN, "style=swap", VERIFY_OFTEN},
    {NORMA_OPERATOR_ADAIN, "style=swap,std=unbiased,alpha=0.7", VERIFY_SOMETIMES},
    {NORMA_OPERATOR_ADAIN, "styles=3", VERIFY_OFTEN},
    {NORMA_OPERATOR_ADAIN, "styles=2,style=31,std=unbiased,alpha=0.6", VERIFY_SELDOM},
    {NORMA_OPERATOR_ADAIN, "styles=3,style=stats", VERIFY_SOMETIMES},
    {NORMA_OPERATOR_ADAIN, "regions=2", VERIFY_OFTEN},
    {NORMA_OPERATOR_ADAIN, "regions=3,style=17,std=unbiased,alpha=0.8", VERIFY_SELDOM},
    {NORMA_OPERATOR_ADAIN, "regions=4,style=stats", VERIFY_SOMETIMES},
    {NORMA_OPERATOR_ADAIN, "regions=256,style=3", VERIFY_SELDOM},
    {NORMA_OPERATOR_GN, "", VERIFY_ALWAYS},
    {NORMA_OPERATOR_GN, "eps=1", VERIFY_SELDOM},
    {NORMA_OPERATOR_LN, "", VERIFY_ALWAYS},
    {NORMA_OPERATOR_LN, "eps=0", VERIFY_SELDOM},
    {NORMA_OPERATOR_RMS, "", VERIFY_ALWAYS},
    {NORMA_OPERATOR_RMS, "eps=1", VERIFY_SELDOM},
    {NORMA_OPERATOR_UNIT, "", VERIFY_ALWAYS},
    {NORMA_OPERATOR_UNIT, "alpha=element", VERIFY_ALWAYS},
    {NORMA_OPERATOR_UNIT, "alpha=0.7", VERIFY_SOMETIMES},
    {NORMA_OPERATOR_UNIT, "alpha=0", VERIFY_SELDOM},
    {NORMA_OPERATOR_UNIT, "alpha=1", VERIFY_SELDOM},
    {NORMA_OPERATOR_UNIT, "form=vanilla", VERIFY_SOMETIMES},
    {NORMA_OPERATOR_UNIT, "form=scalar,alpha=0.7", VERIFY_SOMETIMES},
    {NORMA_OPERATOR_UNIT, "form=scalar,alpha=0", VERIFY_SELDOM},
    {NORMA_OPERATOR_UNIT, "form=scalar,alpha=1", VERIFY_SELDOM},
    {NORMA_OPERATOR_UNIT, "form=vector", VERIFY_OFTEN},
    {NORMA_OPERATOR_UNIT, "form=vector,alpha=element", VERIFY_OFTEN},
    {NORMA_OPERATOR_UNIT, "form=layer", VERIFY_OFTEN},
    {NORMA_OPERATOR_UNIT, "form=layer,k=2.5", VERIFY_SELDOM},
    {NORMA_OPERATOR_UNIT, "form=layer,alpha=0.6", VERIFY_SOMETIMES},
};

const struct verify_variant *verify_variant_at(size_t index) {
    return index < sizeof variants / sizeof *variants ? &variants[index] : NULL;
}

norma_status verify_variant_problem(const struct verify_variant *variant, const char *shape,
                                    norma_pass pass, norma_epilogue epilogue,
                                    struct norma_problem *problem) {
    char text[NORMA_PROBLEM_TEXT];
    snprintf(text, sizeof text, "%s:%s:pass=%s,epilogue=%s%s%s", norma_operator_name(variant->op),
             shape, norma_pass_name(pass), norma_epilogue_name(epilogue), *variant->keys ? "," : "",
             variant->keys);
    return norma_problem_parse(text, problem, NULL);
}

/* ---- problems of a shape ------------------------------------------------------------------ */

struct builder {
    struct verify_problems *problems;
    bool good;
    norma_layout layout;
    size_t longest; /* interval; the layout has at least so many shapes, so everything has a turn */
    size_t shapes;  /* added so far */
    size_t thinning; /* factor of the variants' intervals, for the list of shapes at hand */
};

static void add(struct builder *builder, const struct norma_problem *problem) {
    builder->good = builder->good && verify_problems_add(builder->problems, problem);
}

/* Adds a problem with one group, with one channel per group, and with a divisor between. */
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

/* Returns the interval between the shapes that a problem takes. It is longer for problems that
 * share most of their code with others: those with an epilogue, and inf without running
 * statistics. */
static size_t interval(const struct builder *builder, const struct norma_problem *problem,
                       enum verify_frequency frequency) {
    size_t shapes = (size_t)frequency * builder->thinning;
    if (problem->epilogue != NORMA_EPILOGUE_NONE) {
        shapes *= 6;
    }
    if (problem->pass == NORMA_PASS_INFERENCE && !reference_facts_of(problem)->running) {
        shapes *= 4;
    }
    return shapes < builder->longest ? shapes : builder->longest;
}

static void add_problem(struct builder *builder, const struct norma_problem *problem) {
    if (reference_facts_of(problem)->sets == REFERENCE_SETS_GROUP) {
        add_groups(builder, *problem);
    } else {
        add(builder, problem);
    }
}

/* Adds a variant in all passes and epilogues that have their turn. A shape that is invalid forward
 * is invalid in every pass. */
static void add_variant(struct builder *builder, const struct verify_variant *variant,
                        const char *shape, size_t turn) {
    struct norma_problem problem;
    if (verify_variant_problem(variant, shape, NORMA_PASS_FORWARD, NORMA_EPILOGUE_NONE, &problem) !=
        NORMA_STATUS_OK) {
        return;
    }
    problem.layout = builder->layout;
    for (int pass = 0; norma_pass_name((norma_pass)pass); pass++) {
        for (int k = 0; norma_epilogue_name((norma_epilogue)k); k++, turn++) {
            problem.pass = (norma_pass)pass;
            problem.epilogue = (norma_epilogue)k;
            if (turn % interval(builder, &problem, variant->frequency) == 0 &&
                norma_problem_check(&problem, NULL, 0) == NORMA_STATUS_OK) {
                add_problem(builder, &problem);
            }
        }
    }
}

/* Adds a shape such as "2x3x5" for all problems that have their turn. Each problem starts at
 * another shape, so that all shapes have about equally many problems. */
static void add_shape(struct builder *builder, const char *shape) {
    enum { TURNS = (NORMA_PASS_INFERENCE_BACKWARD + 1) * (NORMA_EPILOGUE_ADD_RELU + 1) };
    const size_t turn = builder->shapes++;
    for (size_t i = 0; verify_variant_at(i); i++) {
        add_variant(builder, verify_variant_at(i), shape, turn + i * TURNS);
    }
}

/* ---- shapes ------------------------------------------------------------------------------- */

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

/* Sizes around the vector widths of every set, around chunks of 4096, and primes. */
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

static void add_channels_first(struct builder *builder, enum verify_level level) {
    const bool quick = level == VERIFY_LEVEL_QUICK;
    builder->longest = 32;
    builder->thinning = quick ? 3 : 1;
    if (quick) {
        add_sizes(builder, "3x4x%d", quick_tails);
        add_sizes(builder, "2x%dx7", quick_channels);
    } else {
        add_range(builder, "3x4x%d", 1, 129);
        add_range(builder, "2x%dx7", 1, 67);
        add_sizes(builder, "2x2x%d", primes);
        add_sizes(builder, "%dx6x13", batches);
    }
    add_sizes(builder, "1x2x%d", chunk_borders);
    add_shapes(builder, ranks);
    add_shapes(builder, quick ? quick_layers : layers);
    if (level == VERIFY_LEVEL_FULL) {
        builder->thinning = 6;
        add_shapes(builder, large_layers);
    }
}

/* ---- channels-last ------------------------------------------------------------------------ */

/* The number of channels decides how vectors are formed. Up to 64, several rows are joined into a
 * long one (all 16 of them with an odd number of channels). From 257 on there are several blocks of
 * coefficients, and from 2049 on several pieces of rows. A chunk has 256 of the long rows. The
 * order is such that the largest styles meet few channels. */
static const char *const quick_rows[] = {
    "2x65x5", "1x1000x3", "1x40x520", "2x64x7x7",   "1x2060x2", "2x72x17x17", "3x12x16x16", "5x5",
    "3x1x37", "2x16x7x7", "2x3x7x7",  "2x20x2x3x4", "2x17x2",   "1x3x4133",   "35x20",      NULL};
static const int rows_of_channels[] = {1,   2,   7,   15,  16,  17,  31, 49,
                                       100, 255, 256, 257, 511, 513, 0};
static const char *const rows[] = {
    "2x1x4099", "1x3x8200", "2x5x4096",   "2x10x2049",   "1x20x1025", "3x40x513",  "2x48x257",
    "2x64x512", "1x80x300", "33x7x5",     "8x130x1",     "3x256x20",  "2x257x19",  "1x512x7x7",
    "300x70",   "1x4100x3", "2x64x28x28", "1x3x150x151", "2x768x6x6", "2x6x2x3x4", NULL};
/* Shapes with several tiles of several groups of rows. */
static const char *const flat_rows[] = {"35x2048", NULL};
static const char *const large_rows[] = {
    "8x64x56x56", "1x512x64x64", "16x256x14x14", "1x32x8x48x48", "1x3x600x601", "512x1024", NULL};

static void add_channels_last(struct builder *builder, enum verify_level level) {
    const bool quick = level == VERIFY_LEVEL_QUICK;
    builder->longest = quick ? 15 : 32;
    builder->thinning = quick ? 1 : 3;
    if (quick) {
        add_shapes(builder, quick_rows);
        return;
    }
    add_range(builder, "2x%dx19", 1, 70);
    add_range(builder, "2x%dx3", 250, 265);
    add_sizes(builder, "2x12x%d", rows_of_channels);
    add_sizes(builder, "2x66x%d", rows_of_channels);
    builder->thinning = 1;
    add_shapes(builder, rows);
    builder->thinning = 6;
    add_shapes(builder, flat_rows);
    if (level == VERIFY_LEVEL_FULL) {
        add_shapes(builder, large_rows);
    }
}

/* ---- more elements than float counts ------------------------------------------------------ */

bool verify_suite_long(struct verify_problems *problems) {
    static const char *const texts[] = {"in:1x1x4200x4100", "bn:2x1x2900x2900:layout=nsc"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct norma_problem problem;
        if (norma_problem_parse(texts[i], &problem, NULL) != NORMA_STATUS_OK ||
            !verify_problems_add(problems, &problem)) {
            return false;
        }
    }
    return true;
}

bool verify_suite(enum verify_level level, struct verify_problems *problems) {
    struct builder first = {.problems = problems, .good = true, .layout = NORMA_LAYOUT_NCS};
    struct builder last = {.problems = problems, .good = true, .layout = NORMA_LAYOUT_NSC};
    add_channels_first(&first, level);
    add_channels_last(&last, level);
    const bool borders = verify_borders_add(problems, level == VERIFY_LEVEL_QUICK);
    const bool is_long = level == VERIFY_LEVEL_FULL && verify_check_wanted(VERIFY_CHECK_LONG);
    return first.good && last.good && borders && (!is_long || verify_suite_long(problems));
}
