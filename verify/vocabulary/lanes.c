/* What the functions of lanes compute, against C.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "verify/vocabulary/parts.h"

enum { TRIALS = 4096, OPERANDS = 3 };

/* What a function is asked: lane by lane up to three numbers, as doubles and, where they are
 * floats, as such; for select_by_label, labels. */
struct question {
    double wide[OPERANDS][NORMA_LANES];
    float small[OPERANDS][NORMA_LANES];
    uint8_t *labels;
    uint8_t label;
};

/* How a function is asked, and what a lane of its answer should be. */
struct operation {
    const char *name;
    int operands;
    const struct verify_range *range;
    void (*prepare)(struct verify_inquiry *inquiry, struct question *question, int trial);
    void (*ask)(const struct norma_vocabulary *set, const struct question *question, double *lanes);
    double (*lane)(const struct question *question, int lane);
};

/* ---- arithmetic --------------------------------------------------------------------------- */

#define OF_TWO(name, expression)                                                                   \
    static void ask_##name(const struct norma_vocabulary *set, const struct question *question,    \
                           double *lanes) {                                                        \
        float answer[NORMA_LANES];                                                                 \
        set->name(question->small[0], question->small[1], answer);                                 \
        verify_floats_to_lanes(answer, lanes);                                                     \
    }                                                                                              \
    static double lane_##name(const struct question *question, int lane) {                         \
        const float a = question->small[0][lane], b = question->small[1][lane];                    \
        return (double)(expression);                                                               \
    }

#define OF_TWO_DOUBLES(name, expression)                                                           \
    static void ask_##name(const struct norma_vocabulary *set, const struct question *question,    \
                           double *lanes) {                                                        \
        set->name(question->wide[0], question->wide[1], lanes);                                    \
    }                                                                                              \
    static double lane_##name(const struct question *question, int lane) {                         \
        const double a = question->wide[0][lane], b = question->wide[1][lane];                     \
        return expression;                                                                         \
    }

OF_TWO(add32, a + b)
OF_TWO(sub32, a - b)
OF_TWO(mul32, a *b)
OF_TWO(div32, a / b)
OF_TWO(relu_mask, b <= 0.0f ? 0.0f : a)
OF_TWO_DOUBLES(add64, a + b)
OF_TWO_DOUBLES(sub64, a - b)
OF_TWO_DOUBLES(mul64, a *b)
OF_TWO_DOUBLES(div64, a / b)

static void ask_fma32(const struct norma_vocabulary *set, const struct question *question,
                      double *lanes) {
    float answer[NORMA_LANES];
    set->fma32(question->small[0], question->small[1], question->small[2], answer);
    verify_floats_to_lanes(answer, lanes);
}

static double lane_fma32(const struct question *question, int lane) {
    return (double)fmaf(question->small[0][lane], question->small[1][lane],
                        question->small[2][lane]);
}

static void ask_fma64(const struct norma_vocabulary *set, const struct question *question,
                      double *lanes) {
    set->fma64(question->wide[0], question->wide[1], question->wide[2], lanes);
}

static double lane_fma64(const struct question *question, int lane) {
    return fma(question->wide[0][lane], question->wide[1][lane], question->wide[2][lane]);
}

/* ---- from one to all, from one type to the other, from all to one ------------------------- */

static void ask_splat32(const struct norma_vocabulary *set, const struct question *question,
                        double *lanes) {
    float answer[NORMA_LANES];
    set->splat32(question->small[0][0], answer);
    verify_floats_to_lanes(answer, lanes);
}

static void ask_splat64(const struct norma_vocabulary *set, const struct question *question,
                        double *lanes) {
    set->splat64(question->wide[0][0], lanes);
}

static double lane_splat(const struct question *question, int lane) {
    (void)lane;
    return question->wide[0][0];
}

static void ask_widen(const struct norma_vocabulary *set, const struct question *question,
                      double *lanes) {
    set->widen(question->small[0], lanes);
}

static double lane_widen(const struct question *question, int lane) {
    return (double)question->small[0][lane];
}

static void ask_narrow(const struct norma_vocabulary *set, const struct question *question,
                       double *lanes) {
    float answer[NORMA_LANES];
    set->narrow(question->wide[0], answer);
    verify_floats_to_lanes(answer, lanes);
}

static double lane_narrow(const struct question *question, int lane) {
    return (double)(float)question->wide[0][lane];
}

/* Every lane of the answer is the sum. */
static void ask_sum64(const struct norma_vocabulary *set, const struct question *question,
                      double *lanes) {
    const double sum = set->sum64(question->wide[0]);
    for (int i = 0; i < NORMA_LANES; i++) {
        lanes[i] = sum;
    }
}

/* In the tree that the sets' results are defined by; the lanes are overwritten. */
static double add_lanes(double *sums) {
    for (int half = NORMA_LANES / 2; half > 0; half /= 2) {
        for (int i = 0; i < half; i++) {
            sums[i] += sums[i + half];
        }
    }
    return sums[0];
}

static double lane_sum64(const struct question *question, int lane) {
    double sums[NORMA_LANES];
    (void)lane;
    memcpy(sums, question->wide[0], sizeof sums);
    return add_lanes(sums);
}

/* 16 sums that differ. */
static void scale_for_sum(const struct question *question, int sum, double *lanes) {
    for (int i = 0; i < NORMA_LANES; i++) {
        lanes[i] = question->wide[0][i] * (double)(sum + 1);
    }
}

static void ask_sums64(const struct norma_vocabulary *set, const struct question *question,
                       double *lanes) {
    double all[NORMA_LANES][NORMA_LANES];
    for (int i = 0; i < NORMA_LANES; i++) {
        scale_for_sum(question, i, all[i]);
    }
    set->sums64(all[0], lanes);
}

static double lane_sums64(const struct question *question, int lane) {
    double sums[NORMA_LANES];
    scale_for_sum(question, lane, sums);
    return add_lanes(sums);
}

/* ---- select_by_label ---------------------------------------------------------------------- */

/* In 4096 trials every label is met in every lane; others are that label, or one bit off it. */
static void prepare_labels(struct verify_inquiry *inquiry, struct question *question, int trial) {
    const int certain = trial / 256 % NORMA_LANES;
    question->label = (uint8_t)(trial % 256);
    for (int i = 0; i < NORMA_LANES; i++) {
        const int flip = i == certain ? 0 : verify_draw_below(inquiry, 2);
        question->labels[i] = (uint8_t)(question->label ^ (flip << verify_draw_below(inquiry, 8)));
    }
}

static void ask_select_by_label(const struct norma_vocabulary *set, const struct question *question,
                                double *lanes) {
    float answer[NORMA_LANES];
    set->select_by_label(question->labels, question->label, question->small[0], question->small[1],
                         answer);
    verify_floats_to_lanes(answer, lanes);
}

static double lane_select_by_label(const struct question *question, int lane) {
    return question->wide[question->labels[lane] == question->label ? 0 : 1][lane];
}

/* ---- join_lanes --------------------------------------------------------------------------- */

/* The label is the count. */
static void prepare_count(struct verify_inquiry *inquiry, struct question *question, int trial) {
    (void)inquiry;
    question->label = (uint8_t)(trial % (NORMA_LANES - 1) + 1);
}

static void ask_join_lanes(const struct norma_vocabulary *set, const struct question *question,
                           double *lanes) {
    float answer[NORMA_LANES];
    set->join_lanes(question->small[0], question->label, question->small[1], answer);
    verify_floats_to_lanes(answer, lanes);
}

static double lane_join_lanes(const struct question *question, int lane) {
    return question->wide[lane < question->label ? 0 : 1][lane];
}

/* ---- data --------------------------------------------------------------------------------- */

/* A third of the trials is what is hard to round. */
static void prepare_fused(struct verify_inquiry *inquiry, struct question *question,
                          const struct verify_range *range, int trial) {
    for (int i = 0; i < NORMA_LANES && trial % 3 == 0; i++) {
        verify_draw_fused(inquiry, range, &question->wide[0][i], &question->wide[1][i],
                          &question->wide[2][i]);
    }
}

static void prepare_fma32(struct verify_inquiry *inquiry, struct question *question, int trial) {
    prepare_fused(inquiry, question, &verify_range_floats, trial);
}

static void prepare_fma64(struct verify_inquiry *inquiry, struct question *question, int trial) {
    prepare_fused(inquiry, question, &verify_range_factors, trial);
}

static void prepare_narrow(struct verify_inquiry *inquiry, struct question *question, int trial) {
    for (int i = 0; i < NORMA_LANES && trial % 2 == 0; i++) {
        question->wide[0][i] = verify_draw_middle(inquiry);
    }
}

#define FLOATS  &verify_range_floats
#define DOUBLES &verify_range_doubles

static const struct operation operations[] = {
    {"splat32", 1, FLOATS, NULL, ask_splat32, lane_splat},
    {"add32", 2, FLOATS, NULL, ask_add32, lane_add32},
    {"sub32", 2, FLOATS, NULL, ask_sub32, lane_sub32},
    {"mul32", 2, FLOATS, NULL, ask_mul32, lane_mul32},
    {"div32", 2, FLOATS, NULL, ask_div32, lane_div32},
    {"fma32", 3, FLOATS, prepare_fma32, ask_fma32, lane_fma32},
    {"relu_mask", 2, FLOATS, NULL, ask_relu_mask, lane_relu_mask},
    {"join_lanes", 2, FLOATS, prepare_count, ask_join_lanes, lane_join_lanes},
    {"select_by_label", 2, FLOATS, prepare_labels, ask_select_by_label, lane_select_by_label},
    {"widen", 1, FLOATS, NULL, ask_widen, lane_widen},
    {"narrow", 1, DOUBLES, prepare_narrow, ask_narrow, lane_narrow},
    {"splat64", 1, DOUBLES, NULL, ask_splat64, lane_splat},
    {"add64", 2, DOUBLES, NULL, ask_add64, lane_add64},
    {"sub64", 2, DOUBLES, NULL, ask_sub64, lane_sub64},
    {"mul64", 2, DOUBLES, NULL, ask_mul64, lane_mul64},
    {"div64", 2, DOUBLES, NULL, ask_div64, lane_div64},
    {"fma64", 3, &verify_range_factors, prepare_fma64, ask_fma64, lane_fma64},
    {"sum64", 1, DOUBLES, NULL, ask_sum64, lane_sum64},
    {"sums64", 1, DOUBLES, NULL, ask_sums64, lane_sums64},
};

const char *verify_vocabulary_lanes(size_t index) {
    return index < sizeof operations / sizeof *operations ? operations[index].name : NULL;
}

/* ---- asking ------------------------------------------------------------------------------- */

static void prepare(struct verify_inquiry *inquiry, const struct operation *operation,
                    struct question *question, int trial) {
    for (int k = 0; k < operation->operands; k++) {
        verify_draw_lanes(inquiry, operation->range, question->wide[k]);
    }
    if (operation->prepare) {
        operation->prepare(inquiry, question, trial);
    }
    for (int k = 0; k < operation->operands && operation->range == &verify_range_floats; k++) {
        verify_lanes_to_floats(question->wide[k], question->small[k]);
    }
}

static size_t append(char *text, size_t length, size_t size, const char *word, double value) {
    const size_t room = length < size ? size - length : 0;
    return length + (size_t)snprintf(text + size - room, room, "%s%a", word, value);
}

/* The operands of one lane, or all that there are where the answer comes from all of them. */
static void describe(struct verify_inquiry *inquiry, const struct operation *operation,
                     const struct question *question, int lane, double got, double expected) {
    char *text = inquiry->verdict.message;
    const size_t size = sizeof inquiry->verdict.message;
    const bool all = operation->ask == ask_sum64 || operation->ask == ask_sums64;
    const bool labelled = operation->ask == ask_select_by_label;
    const int first = all ? 0 : lane, end = all ? NORMA_LANES : lane + 1;
    size_t length = (size_t)snprintf(text, size, "lane %d: %s", lane, operation->name);
    if (labelled) {
        length += (size_t)snprintf(text + length, size - length, "(%d == %d",
                                   question->labels[lane], question->label);
    }
    for (int k = 0; k < operation->operands; k++) {
        for (int i = first; i < end; i++) {
            const char *separator = k == 0 && i == first && !labelled ? "(" : ", ";
            length = append(text, length, size, separator, question->wide[k][i]);
        }
    }
    length = append(text, length, size, ") is ", got);
    append(text, length, size, ", not ", expected);
}

static void compare(struct verify_inquiry *inquiry, const struct operation *operation,
                    const struct question *question, const double *lanes) {
    for (int i = 0; i < NORMA_LANES && inquiry->verdict.passed; i++) {
        const double expected = operation->lane(question, i);
        inquiry->verdict.checks++;
        if (!verify_vocabulary_same(lanes[i], expected)) {
            inquiry->verdict.passed = false;
            describe(inquiry, operation, question, i, lanes[i], expected);
        }
    }
}

/* The labels end where their pages do: 16 may be read, and no more. */
void verify_vocabulary_check_lanes(struct verify_inquiry *inquiry, size_t index) {
    const struct operation *operation = &operations[index];
    struct question question = {
        .labels = verify_fence_place(&inquiry->fence, NORMA_LANES, VERIFY_PLACE_BACK)};
    if (!question.labels) {
        inquiry->verdict =
            (struct verify_vocabulary_verdict){.message = "not enough memory for the check"};
        return;
    }
    for (int trial = 0; trial < TRIALS && inquiry->verdict.passed; trial++) {
        double lanes[NORMA_LANES];
        prepare(inquiry, operation, &question, trial);
        operation->ask(inquiry->vocabulary, &question, lanes);
        compare(inquiry, operation, &question, lanes);
    }
}
