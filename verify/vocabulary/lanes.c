/* The functions that compute, compared with their definitions in C.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "verify/vocabulary/function_check.h"

enum { TRIALS = 4096, OPERANDS = 3 };

/* Up to three operands of a function, as doubles and, where they are floats, also as floats; the
 * labels of select_by_label, and the count of join_lanes as a label. */
struct operands {
    double wide[OPERANDS][NORMA_LANES];
    float small[OPERANDS][NORMA_LANES];
    uint8_t *labels;
    uint8_t label;
};

/* A function: its call, and the definition of a lane of its result. */
struct operation {
    const char *name;
    int operand_count;
    const struct verify_range *range;
    void (*call)(const struct norma_vocabulary *set, const struct operands *operands,
                 double *lanes);
    /* Replaces some random operands; NULL: none */
    void (*prepare)(struct verify_function_check *check, struct operands *operands, int trial);
    /* The definition: for any operands, or for two floats, or for two doubles */
    double (*lane)(const struct operands *operands, int lane);
    float (*floats)(float a, float b);
    double (*doubles)(double a, double b);
};

/* ---- arithmetic --------------------------------------------------------------------------- */

/* Call a function of two floats, or of two doubles. */
#define CALL_FLOATS(name)                                                                          \
    static void call_##name(const struct norma_vocabulary *set, const struct operands *operands,   \
                            double *lanes) {                                                       \
        float result[NORMA_LANES];                                                                 \
        set->name(operands->small[0], operands->small[1], result);                                 \
        verify_floats_to_lanes(result, lanes);                                                     \
    }
#define CALL_DOUBLES(name)                                                                         \
    static void call_##name(const struct norma_vocabulary *set, const struct operands *operands,   \
                            double *lanes) {                                                       \
        set->name(operands->wide[0], operands->wide[1], lanes);                                    \
    }

CALL_FLOATS(add32)
CALL_FLOATS(sub32)
CALL_FLOATS(mul32)
CALL_FLOATS(div32)
CALL_FLOATS(relu_mask)
CALL_DOUBLES(add64)
CALL_DOUBLES(sub64)
CALL_DOUBLES(mul64)
CALL_DOUBLES(div64)

static float sum_of_floats(float a, float b) {
    return a + b;
}

static float difference_of_floats(float a, float b) {
    return a - b;
}

static float product_of_floats(float a, float b) {
    return a * b;
}

static float quotient_of_floats(float a, float b) {
    return a / b;
}

static float masked_float(float v, float y) {
    return y <= 0.0f ? 0.0f : v;
}

static double sum_of_doubles(double a, double b) {
    return a + b;
}

static double difference_of_doubles(double a, double b) {
    return a - b;
}

static double product_of_doubles(double a, double b) {
    return a * b;
}

static double quotient_of_doubles(double a, double b) {
    return a / b;
}

static void call_fma32(const struct norma_vocabulary *set, const struct operands *operands,
                       double *lanes) {
    float result[NORMA_LANES];
    set->fma32(operands->small[0], operands->small[1], operands->small[2], result);
    verify_floats_to_lanes(result, lanes);
}

static double lane_fma32(const struct operands *operands, int lane) {
    return (double)fmaf(operands->small[0][lane], operands->small[1][lane],
                        operands->small[2][lane]);
}

static void call_fma64(const struct norma_vocabulary *set, const struct operands *operands,
                       double *lanes) {
    set->fma64(operands->wide[0], operands->wide[1], operands->wide[2], lanes);
}

static double lane_fma64(const struct operands *operands, int lane) {
    return fma(operands->wide[0][lane], operands->wide[1][lane], operands->wide[2][lane]);
}

/* ---- splats, conversions, sums ------------------------------------------------------------ */

static void call_splat32(const struct norma_vocabulary *set, const struct operands *operands,
                         double *lanes) {
    float result[NORMA_LANES];
    set->splat32(operands->small[0][0], result);
    verify_floats_to_lanes(result, lanes);
}

static void call_splat64(const struct norma_vocabulary *set, const struct operands *operands,
                         double *lanes) {
    set->splat64(operands->wide[0][0], lanes);
}

static double lane_splat(const struct operands *operands, int lane) {
    (void)lane;
    return operands->wide[0][0];
}

static void call_widen(const struct norma_vocabulary *set, const struct operands *operands,
                       double *lanes) {
    set->widen(operands->small[0], lanes);
}

static double lane_widen(const struct operands *operands, int lane) {
    return (double)operands->small[0][lane];
}

static void call_narrow(const struct norma_vocabulary *set, const struct operands *operands,
                        double *lanes) {
    float result[NORMA_LANES];
    set->narrow(operands->wide[0], result);
    verify_floats_to_lanes(result, lanes);
}

static double lane_narrow(const struct operands *operands, int lane) {
    return (double)(float)operands->wide[0][lane];
}

/* Gives the sum to every lane. */
static void call_sum64(const struct norma_vocabulary *set, const struct operands *operands,
                       double *lanes) {
    const double sum = set->sum64(operands->wide[0]);
    for (int i = 0; i < NORMA_LANES; i++) {
        lanes[i] = sum;
    }
}

/* Returns the sum in the order of a tree, which defines the results of the sets. Overwrites the
 * lanes. */
static double add_lanes(double *sums) {
    for (int half = NORMA_LANES / 2; half > 0; half /= 2) {
        for (int i = 0; i < half; i++) {
            sums[i] += sums[i + half];
        }
    }
    return sums[0];
}

static double lane_sum64(const struct operands *operands, int lane) {
    double sums[NORMA_LANES];
    (void)lane;
    memcpy(sums, operands->wide[0], sizeof sums);
    return add_lanes(sums);
}

/* Scales the operand, so that each of the 16 sums of sums64 differs. */
static void scale_for_sum(const struct operands *operands, int sum, double *lanes) {
    for (int i = 0; i < NORMA_LANES; i++) {
        lanes[i] = operands->wide[0][i] * (double)(sum + 1);
    }
}

static void call_sums64(const struct norma_vocabulary *set, const struct operands *operands,
                        double *lanes) {
    double all[NORMA_LANES][NORMA_LANES];
    for (int i = 0; i < NORMA_LANES; i++) {
        scale_for_sum(operands, i, all[i]);
    }
    set->sums64(all[0], lanes);
}

static double lane_sums64(const struct operands *operands, int lane) {
    double sums[NORMA_LANES];
    scale_for_sum(operands, lane, sums);
    return add_lanes(sums);
}

/* ---- select_by_label ---------------------------------------------------------------------- */

/* Takes each label in turn, so that 4096 trials have every label in every lane. The other lanes
 * have that label, or one that differs in one bit. */
static void prepare_labels(struct verify_function_check *check, struct operands *operands,
                           int trial) {
    const int certain = trial / 256 % NORMA_LANES;
    operands->label = (uint8_t)(trial % 256);
    for (int i = 0; i < NORMA_LANES; i++) {
        const int flip = i == certain ? 0 : verify_draw_below(check, 2);
        operands->labels[i] = (uint8_t)(operands->label ^ (flip << verify_draw_below(check, 8)));
    }
}

static void call_select_by_label(const struct norma_vocabulary *set,
                                 const struct operands *operands, double *lanes) {
    float result[NORMA_LANES];
    set->select_by_label(operands->labels, operands->label, operands->small[0], operands->small[1],
                         result);
    verify_floats_to_lanes(result, lanes);
}

static double lane_select_by_label(const struct operands *operands, int lane) {
    return operands->wide[operands->labels[lane] == operands->label ? 0 : 1][lane];
}

/* ---- join_lanes --------------------------------------------------------------------------- */

/* Takes each count from 1 to 15 in turn, as the label. */
static void prepare_count(struct verify_function_check *check, struct operands *operands,
                          int trial) {
    (void)check;
    operands->label = (uint8_t)(trial % (NORMA_LANES - 1) + 1);
}

static void call_join_lanes(const struct norma_vocabulary *set, const struct operands *operands,
                            double *lanes) {
    float result[NORMA_LANES];
    set->join_lanes(operands->small[0], operands->label, operands->small[1], result);
    verify_floats_to_lanes(result, lanes);
}

static double lane_join_lanes(const struct operands *operands, int lane) {
    return operands->wide[lane < operands->label ? 0 : 1][lane];
}

/* ---- data --------------------------------------------------------------------------------- */

/* Gives a third of the trials operands that are hard to round. */
static void prepare_fused(struct verify_function_check *check, struct operands *operands,
                          const struct verify_range *range, int trial) {
    for (int i = 0; i < NORMA_LANES && trial % 3 == 0; i++) {
        verify_draw_fused(check, range, &operands->wide[0][i], &operands->wide[1][i],
                          &operands->wide[2][i]);
    }
}

static void prepare_fma32(struct verify_function_check *check, struct operands *operands,
                          int trial) {
    prepare_fused(check, operands, &verify_range_floats, trial);
}

static void prepare_fma64(struct verify_function_check *check, struct operands *operands,
                          int trial) {
    prepare_fused(check, operands, &verify_range_factors, trial);
}

static void prepare_narrow(struct verify_function_check *check, struct operands *operands,
                           int trial) {
    for (int i = 0; i < NORMA_LANES && trial % 2 == 0; i++) {
        operands->wide[0][i] = verify_draw_middle(check);
    }
}

#define FLOATS  &verify_range_floats
#define DOUBLES &verify_range_doubles

static const struct operation operations[] = {
    {"splat32", 1, FLOATS, call_splat32, .lane = lane_splat},
    {"add32", 2, FLOATS, call_add32, .floats = sum_of_floats},
    {"sub32", 2, FLOATS, call_sub32, .floats = difference_of_floats},
    {"mul32", 2, FLOATS, call_mul32, .floats = product_of_floats},
    {"div32", 2, FLOATS, call_div32, .floats = quotient_of_floats},
    {"fma32", 3, FLOATS, call_fma32, .lane = lane_fma32, .prepare = prepare_fma32},
    {"relu_mask", 2, FLOATS, call_relu_mask, .floats = masked_float},
    {"join_lanes", 2, FLOATS, call_join_lanes, .lane = lane_join_lanes, .prepare = prepare_count},
    {"select_by_label", 2, FLOATS, call_select_by_label, .lane = lane_select_by_label,
     .prepare = prepare_labels},
    {"widen", 1, FLOATS, call_widen, .lane = lane_widen},
    {"narrow", 1, DOUBLES, call_narrow, .lane = lane_narrow, .prepare = prepare_narrow},
    {"splat64", 1, DOUBLES, call_splat64, .lane = lane_splat},
    {"add64", 2, DOUBLES, call_add64, .doubles = sum_of_doubles},
    {"sub64", 2, DOUBLES, call_sub64, .doubles = difference_of_doubles},
    {"mul64", 2, DOUBLES, call_mul64, .doubles = product_of_doubles},
    {"div64", 2, DOUBLES, call_div64, .doubles = quotient_of_doubles},
    {"fma64", 3, &verify_range_factors, call_fma64, .lane = lane_fma64, .prepare = prepare_fma64},
    {"sum64", 1, DOUBLES, call_sum64, .lane = lane_sum64},
    {"sums64", 1, DOUBLES, call_sums64, .lane = lane_sums64},
};
const char *verify_vocabulary_lanes(size_t index) {
    return index < sizeof operations / sizeof *operations ? operations[index].name : NULL;
}

/* ---- the check ---------------------------------------------------------------------------- */

static void prepare(struct verify_function_check *check, const struct operation *operation,
                    struct operands *operands, int trial) {
    for (int k = 0; k < operation->operand_count; k++) {
        verify_draw_lanes(check, operation->range, operands->wide[k]);
    }
    if (operation->prepare) {
        operation->prepare(check, operands, trial);
    }
    for (int k = 0; k < operation->operand_count && operation->range == &verify_range_floats; k++) {
        verify_lanes_to_floats(operands->wide[k], operands->small[k]);
    }
}

static size_t append(char *text, size_t length, size_t size, const char *word, double value) {
    const size_t room = length < size ? size - length : 0;
    return length + (size_t)snprintf(text + size - room, room, "%s%a", word, value);
}

/* Writes the message, with the operands of the lane, or of all lanes for a sum over them. */
static void describe(struct verify_function_check *check, const struct operation *operation,
                     const struct operands *operands, int lane, double got, double expected) {
    char *text = check->verdict.message;
    const size_t size = sizeof check->verdict.message;
    const bool all = operation->call == call_sum64 || operation->call == call_sums64;
    const bool labelled = operation->call == call_select_by_label;
    const int first = all ? 0 : lane, end = all ? NORMA_LANES : lane + 1;
    size_t length = (size_t)snprintf(text, size, "lane %d: %s", lane, operation->name);
    if (labelled) {
        length += (size_t)snprintf(text + length, size - length, "(%d == %d",
                                   operands->labels[lane], operands->label);
    }
    for (int k = 0; k < operation->operand_count; k++) {
        for (int i = first; i < end; i++) {
            const char *separator = k == 0 && i == first && !labelled ? "(" : ", ";
            length = append(text, length, size, separator, operands->wide[k][i]);
        }
    }
    length = append(text, length, size, ") is ", got);
    append(text, length, size, ", not ", expected);
}

static double expected_lane(const struct operation *operation, const struct operands *operands,
                            int lane) {
    if (operation->floats) {
        return (double)operation->floats(operands->small[0][lane], operands->small[1][lane]);
    }
    return operation->doubles ? operation->doubles(operands->wide[0][lane], operands->wide[1][lane])
                              : operation->lane(operands, lane);
}

static void compare(struct verify_function_check *check, const struct operation *operation,
                    const struct operands *operands, const double *lanes) {
    for (int i = 0; i < NORMA_LANES && check->verdict.passed; i++) {
        const double expected = expected_lane(operation, operands, i);
        check->verdict.checks++;
        if (!verify_vocabulary_same(lanes[i], expected)) {
            check->verdict.passed = false;
            describe(check, operation, operands, i, lanes[i], expected);
        }
    }
}

/* Places the labels at the end of their pages, so that reading more than 16 is a fault. */
void verify_vocabulary_check_lanes(struct verify_function_check *check, size_t index) {
    const struct operation *operation = &operations[index];
    struct operands operands = {
        .labels = verify_fence_place(&check->fence, NORMA_LANES, VERIFY_PLACE_BACK, 0)};
    if (!operands.labels) {
        check->verdict =
            (struct verify_vocabulary_verdict){.message = "not enough memory for the check"};
        return;
    }
    for (int trial = 0; trial < TRIALS && check->verdict.passed; trial++) {
        double lanes[NORMA_LANES];
        prepare(check, operation, &operands, trial);
        operation->call(check->vocabulary, &operands, lanes);
        compare(check, operation, &operands, lanes);
    }
}
