/* The results of a channels-last problem are exactly those of the channels-first one, turned. Every
 * operator and pass is tested.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "reference/reference.h"

enum { MOST = 1024 };

/* ---- inputs and results ------------------------------------------------------------------- */

struct inputs {
    float x[MOST], y[MOST], residual[MOST], dy[MOST], style[MOST], alpha[MOST];
};

/* The results of a run, by tensor; NaNs where a tensor is no output. */
struct results {
    double values[REFERENCE_TENSOR_COUNT][MOST];
    double parts[REFERENCE_PARTS][REFERENCE_TENSOR_COUNT][MOST];
    struct reference_condition conditions[MOST][REFERENCE_CONDITIONS];
};

static struct inputs first_inputs, last_inputs;
static struct results first, last, turned;

/* Inputs that do not depend on the layout. */
static float numbers[MOST], positive[MOST];
static float weights[] = {0.25f, 0.75f, 1.5f, -0.5f, 1.0f, 0.0f, 0.5f, 0.5f};
static uint8_t labels[MOST];
static const int32_t rows[] = {1, 0, 1, 0}, order[] = {2, 0, 3, 1};

static void fill(float *values, double step) {
    for (int i = 0; i < MOST; i++) {
        values[i] = (float)sin(step * (i + 1));
    }
}

static void setup(void) {
    fill(first_inputs.x, 0.7);
    fill(first_inputs.y, 1.1);
    fill(first_inputs.residual, 1.3);
    fill(first_inputs.dy, 1.7);
    fill(first_inputs.style, 1.9);
    fill(numbers, 2.3);
    for (int i = 0; i < MOST; i++) {
        first_inputs.alpha[i] = (float)(i % 9) * 0.125f;
        positive[i] = (float)(i % 7 + 1) * 0.125f;
        labels[i] = (uint8_t)((i / 3 + (i % 5 == 2)) % 2);
    }
}

static struct norma_args args_of(const struct inputs *inputs, bool backward) {
    return (struct norma_args){
        .x = inputs->x,
        .y = backward ? (void *)(uintptr_t)inputs->y : NULL,
        .residual = inputs->residual,
        .gamma = numbers,
        .beta = positive,
        .rho = positive,
        .alpha = inputs->alpha,
        .style_index = rows,
        .style = inputs->style,
        .style_mean = numbers,
        .style_std = positive,
        .style_weights = weights,
        .labels = labels,
        .permutation = order,
        .running_mean = numbers,
        .running_variance = positive,
        .mean = numbers,
        .inverse_std = positive,
        .instance_mean = positive,
        .instance_inverse_std = positive,
        .dy = inputs->dy,
    };
}

static void place(struct reference_result *reference, enum reference_tensor_id id,
                  struct results *results) {
    const struct reference_place place = reference_place_of(reference, id);
    *place.value = results->values[id];
    for (int part = 0; part < REFERENCE_PARTS; part++) {
        if (place.parts[part]) {
            *place.parts[part] = results->parts[part][id];
        }
    }
}

static void run(const struct norma_problem *problem, const struct inputs *inputs,
                struct results *results) {
    const struct norma_args args = args_of(inputs, reference_is_backward(problem));
    struct reference_result reference = {.conditions = results->conditions};
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
    reference_tensors_of(problem, tensors);
    memset(results, 0xff, sizeof *results);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        if (reference_is_output(&tensors[id])) {
            cr_assert(tensors[id].count <= MOST);
            place(&reference, (enum reference_tensor_id)id, results);
        }
    }
    const norma_status status = reference_run(problem, &args, &reference);
    cr_assert(status == NORMA_STATUS_OK, "%s", norma_strerror(status));
}

/* ---- turning ------------------------------------------------------------------------------ */

struct shape {
    int64_t matrices, channels, positions;
};

/* Copies elements of `size` bytes, from channels-first to channels-last or, if `back`, the other
 * way. */
static void turn(void *to, const void *from, size_t size, struct shape shape, bool back) {
    for (int64_t m = 0; m < shape.matrices; m++) {
        for (int64_t c = 0; c < shape.channels; c++) {
            for (int64_t s = 0; s < shape.positions; s++) {
                const int64_t in_first = (m * shape.channels + c) * shape.positions + s;
                const int64_t in_last = (m * shape.positions + s) * shape.channels + c;
                cr_assert(in_first < MOST);
                memcpy((char *)to + (size_t)(back ? in_first : in_last) * size,
                       (const char *)from + (size_t)(back ? in_last : in_first) * size, size);
            }
        }
    }
}

#define TURN_INPUT(name, shape)                                                                    \
    turn(last_inputs.name, first_inputs.name, sizeof *last_inputs.name, shape, false)

static void turn_inputs(struct shape x, struct shape style, struct shape alpha) {
    last_inputs = first_inputs;
    TURN_INPUT(x, x);
    TURN_INPUT(y, x);
    TURN_INPUT(residual, x);
    TURN_INPUT(dy, x);
    TURN_INPUT(style, style);
    TURN_INPUT(alpha, alpha);
}

static void turn_back(enum reference_tensor_id id, struct shape shape) {
    turn(turned.values[id], last.values[id], sizeof *last.values[id], shape, true);
    for (int part = 0; part < REFERENCE_PARTS; part++) {
        turn(turned.parts[part][id], last.parts[part][id], sizeof *last.parts[part][id], shape,
             true);
    }
}

static void turn_results(struct shape x, struct shape style, struct shape alpha) {
    turned = last;
    turn_back(REFERENCE_TENSOR_y, x);
    turn_back(REFERENCE_TENSOR_dresidual, x);
    turn_back(REFERENCE_TENSOR_dx, x);
    turn_back(REFERENCE_TENSOR_dstyle, style);
    turn_back(REFERENCE_TENSOR_dalpha, alpha);
}

/* ---- the tests ---------------------------------------------------------------------------- */

static void expect_same_doubles(const char *text, const char *tensor, const char *what,
                                const double *got, const double *expected) {
    cr_expect(memcmp(got, expected, MOST * sizeof *got) == 0, "%s: %s of %s", text, what, tensor);
}

static void expect_same(const struct norma_problem *problem, const char *text) {
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
    reference_tensors_of(problem, tensors);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        expect_same_doubles(text, tensors[id].name, "values", turned.values[id], first.values[id]);
        for (int part = 0; part < REFERENCE_PARTS; part++) {
            expect_same_doubles(text, tensors[id].name, "a part", turned.parts[part][id],
                                first.parts[part][id]);
        }
    }
    cr_expect(memcmp(turned.conditions, first.conditions, sizeof first.conditions) == 0,
              "%s: conditions", text);
}

static void check(const char *text) {
    struct norma_problem problem;
    cr_assert(norma_problem_parse(text, &problem, NULL) == NORMA_STATUS_OK, "%s", text);
    const int64_t spatial = norma_problem_spatial(&problem);
    const struct shape x = {problem.n, problem.c, spatial};
    const struct shape style = {problem.n * norma_problem_sample_styles(&problem), problem.c,
                                norma_problem_style_spatial(&problem)};
    const struct shape alpha = {problem.alpha_kind == NORMA_ALPHA_ELEMENT, problem.c, spatial};
    turn_inputs(x, style, alpha);
    run(&problem, &first_inputs, &first);
    problem.layout = NORMA_LAYOUT_NSC;
    run(&problem, &last_inputs, &last);
    turn_results(x, style, alpha);
    expect_same(&problem, text);
}

static const struct {
    const char *op, *keys;
    bool running; /* has passes inf and inf_bwd of its own */
} variants[] = {
    {"bn", "", true},
    {"in", "", false},
    {"cin", ",styles=2", false},
    {"bin", "", true},
    {"bin", ",rho=0.25", true},
    {"adain", ",alpha=0.75", false},
    {"adain", ",style=2x4,std=unbiased", false},
    {"adain", ",style=point", false},
    {"adain", ",style=stats", false},
    {"adain", ",style=swap", false},
    {"adain", ",styles=2,style=5", false},
    {"adain", ",regions=2,style=3", false},
    {"gn", ",g=2", false},
    {"ln", "", false},
    {"rms", "", false},
    {"unit", "", false},
    {"unit", ",alpha=0.75", false},
    {"unit", ",alpha=element", false},
    {"unit", ",form=vanilla", false},
    {"unit", ",form=scalar,alpha=0.75", false},
    {"unit", ",form=vector", false},
    {"unit", ",form=vector,alpha=element", false},
    {"unit", ",form=layer", true},
};

static void check_shape(const char *shape) {
    static const char *const passes[] = {"fwd", "bwd", "inf", "inf_bwd"};
    static const char *const epilogues[] = {"none", "add_relu"};
    for (size_t v = 0; v < sizeof variants / sizeof *variants; v++) {
        for (int pass = 0; pass < (variants[v].running ? 4 : 3); pass++) {
            for (int e = 0; e < 2; e++) {
                char text[NORMA_PROBLEM_TEXT];
                snprintf(text, sizeof text, "%s:%s:pass=%s,epilogue=%s%s", variants[v].op, shape,
                         passes[pass], epilogues[e], variants[v].keys);
                check(text);
            }
        }
    }
}

TestSuite(layout, .init = setup);

Test(layout, turns_what_has_several_positions) {
    check_shape("4x6x7");
    check_shape("4x2x3x5");
}

Test(layout, leaves_what_has_one_position) {
    check_shape("4x4");
    check_shape("4x2x1");
}
