/* SPDX-License-Identifier: Apache-2.0 */
#include "kernels/tests/variants.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <norma.h>

/* Operators and keys; %s is the shape, whose channels divide by 3. */
static const struct {
    const char *text;
    bool running; /* inf differs from fwd, and there is inf_bwd */
    bool spread;  /* needs several positions: a style far larger than x, or a deviation */
} variants[] = {
    {"bn:%s:momentum=0.3", true, false},
    {"in:%s:eps=0.001", false, false},
    {"cin:%s:styles=3", false, false},
    {"bin:%s:eps=0.001", true, false},
    {"bin:%s:rho=0.25", true, false},
    {"adain:%s:alpha=1", false, false},
    {"adain:%s:alpha=0.3,style=5x7", false, true},
    {"adain:%s:style=stats", false, false},
    {"adain:%s:style=swap,std=unbiased", false, true},
    {"adain:%s:styles=2,std=unbiased,style=521", false, true},
    {"adain:%s:styles=3,style=stats", false, false},
    {"adain:%s:regions=3,style=9", false, true},
    {"adain:%s:regions=2,style=stats", false, false},
    {"gn:%s:g=3", false, false},
    {"ln:%s:eps=0.001", false, false},
    {"rms:%s:eps=0.001", false, false},
    {"unit:%s:eps=0.001", false, false},
    {"unit:%s:alpha=element", false, false},
    {"unit:%s:alpha=0.3", false, false},
    {"unit:%s:form=vanilla", false, false},
    {"unit:%s:form=scalar,alpha=0.3", false, false},
    {"unit:%s:form=vector", false, false},
    {"unit:%s:form=vector,alpha=element", false, false},
    {"unit:%s:form=layer", true, false},
    {"unit:%s:form=layer,alpha=0.3,k=2", true, false},
};
enum { VARIANTS = sizeof variants / sizeof *variants };

static const char *const passes[] = {"fwd", "bwd", "inf", "inf_bwd"};
static const char *const epilogues[] = {"none", "relu", "add_relu"};
static const char *const layouts[] = {"ncs", "nsc"};

static void check_layouts(const char *shape, const char *keys, const char *pass,
                          const char *epilogue, variant_check *check) {
    for (int i = 0; i < 2; i++) {
        char format[NORMA_PROBLEM_TEXT], text[NORMA_PROBLEM_TEXT];
        snprintf(format, sizeof format, "%s,pass=%%s,epilogue=%%s,layout=%%s", keys);
        snprintf(text, sizeof text, format, shape, pass, epilogue, layouts[i]);
        check(text);
    }
}

static bool has_one_position(const char *shape) {
    return strchr(shape, 'x') == strrchr(shape, 'x');
}

typedef void each_epilogue(const char *shape, int variant, int pass, int turn,
                           variant_check *check);

/* inf without running statistics is fwd without returned ones, and is checked only without an
 * epilogue. */
static int epilogues_of(int variant, int pass) {
    return pass == 2 && !variants[variant].running ? 1 : 3;
}

static void with_all(const char *shape, int variant, int pass, int turn, variant_check *check) {
    (void)turn;
    for (int e = 0; e < epilogues_of(variant, pass); e++) {
        check_layouts(shape, variants[variant].text, passes[pass], epilogues[e], check);
    }
}

static void with_one(const char *shape, int variant, int pass, int turn, variant_check *check) {
    const int e = (turn + variant + pass) % epilogues_of(variant, pass);
    check_layouts(shape, variants[variant].text, passes[pass], epilogues[e], check);
}

static void for_each_pass(const char *shape, each_epilogue *each, int turn, variant_check *check) {
    for (int v = 0; v < VARIANTS; v++) {
        if (variants[v].spread && has_one_position(shape)) {
            continue;
        }
        for (int pass = 0; pass < (variants[v].running ? 4 : 3); pass++) {
            each(shape, v, pass, turn, check);
        }
    }
}

void test_for_each_variant(const char *shape, variant_check *check) {
    for_each_pass(shape, with_all, 0, check);
}

void test_for_each_variant_in_turn(const char *shape, int turn, variant_check *check) {
    for_each_pass(shape, with_one, turn, check);
}
