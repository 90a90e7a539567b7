/* Problem texts: what parses, what is refused and where, and that texts and problems are one and
 * the same: round trips of random problems, random damage to texts, foreign locales.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _POSIX_C_SOURCE 200809L
#include "norma.h"

#include <criterion/criterion.h>
#include <fenv.h>
#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { RANDOM_CASES = 100000 };

/* ---- helpers ------------------------------------------------------------------------------ */

static struct norma_problem parsed(const char *text) {
    struct norma_problem problem;
    struct norma_parse_error error;
    const norma_status status = norma_problem_parse(text, &problem, &error);
    cr_assert_eq(status, NORMA_OK, "'%s' at %zu: %s", text, error.position, error.message);
    return problem;
}

/* The problem's text; checks that it fits and that its length is right. */
static const char *print(const struct norma_problem *problem, char text[NORMA_PROBLEM_TEXT]) {
    const size_t length = norma_problem_print(problem, text, NORMA_PROBLEM_TEXT);
    cr_assert_lt(length, (size_t)NORMA_PROBLEM_TEXT);
    cr_assert_eq(length, strlen(text));
    return text;
}

static bool same_sizes(int rank_a, const int64_t *a, int rank_b, const int64_t *b) {
    return rank_a == rank_b && memcmp(a, b, NORMA_MAX_SPATIAL * sizeof *a) == 0;
}

static bool same(const struct norma_problem *a, const struct norma_problem *b) {
    return a->op == b->op && a->pass == b->pass && a->dtype == b->dtype && a->layout == b->layout &&
           a->n == b->n && a->c == b->c &&
           same_sizes(a->spatial_rank, a->spatial, b->spatial_rank, b->spatial) &&
           a->epsilon == b->epsilon && a->momentum == b->momentum && a->groups == b->groups &&
           a->rho_fixed == b->rho_fixed && a->rho == b->rho && a->alpha_kind == b->alpha_kind &&
           a->alpha == b->alpha && a->epilogue == b->epilogue && a->styles == b->styles &&
           a->regions == b->regions && a->form == b->form && a->norm_scale == b->norm_scale &&
           a->style_unbiased == b->style_unbiased && a->style_source == b->style_source &&
           same_sizes(a->style_rank, a->style_spatial, b->style_rank, b->style_spatial);
}

/* parse(print(problem)) is the problem, and has the same text. */
static void round_trip(const struct norma_problem *problem, const char *hint) {
    char text[NORMA_PROBLEM_TEXT], again[NORMA_PROBLEM_TEXT];
    struct norma_problem back;
    struct norma_parse_error error;
    print(problem, text);
    const norma_status status = norma_problem_parse(text, &back, &error);
    cr_assert_eq(status, NORMA_OK, "%s: '%s' at %zu: %s", hint, text, error.position,
                 error.message);
    cr_assert(same(problem, &back), "%s: '%s' is not the problem that it was printed from", hint,
              text);
    cr_assert_str_eq(print(&back, again), text, "%s: '%s', then '%s'", hint, text, again);
}

/* ---- texts that are problems -------------------------------------------------------------- */

static const struct {
    const char *text, *canonical; /* NULL: the text itself */
} valid[] = {
    {"bn:8x64x56x56", NULL},
    {"in:8x64", NULL},
    {"in:8x64x7", NULL},
    {"in:2x3x4x5x6", NULL},
    {"unit:0x0", NULL},
    {"bn:0x3x0", NULL},
    {"bn:08x0064x056", "bn:8x64x56"},
    {"bn:1x18014398509481984", NULL},
    {"bn:1x1:pass=fwd,layout=ncs,dtype=f32,eps=1e-5,momentum=0.1", "bn:1x1"},
    {"bn:1x1:pass=inf", NULL},
    {"bn:1x1:momentum=1,eps=0,pass=inf", "bn:1x1:pass=inf,eps=0,momentum=1"},
    {"bn:1x1:eps=0.00001", "bn:1x1"},
    {"bn:1x1:eps=1E-5", "bn:1x1"},
    {"bn:1x1:eps=.5", "bn:1x1:eps=0.5"},
    {"bn:1x1:eps=5.", "bn:1x1:eps=5"},
    {"bn:1x1:eps=1e+2", "bn:1x1:eps=1e+02"},
    {"bn:1x1:eps=0.30000000000000004", NULL},
    {"bn:1x1:eps=0.3000000000000000", "bn:1x1:eps=0.3"},
    {"bn:1x1:eps=-0", "bn:1x1:eps=0"},
    {"bn:1x1:eps=0e999", "bn:1x1:eps=0"},
    {"bn:1x1:eps=5e-324", NULL},
    {"bn:1x1:eps=1.7976931348623157e308", "bn:1x1:eps=1.7976931348623157e+308"},
    {"gn:8x256x56x56", "gn:8x256x56x56:g=32"},
    {"gn:8x256x56x56:g=32", NULL},
    {"gn:8x48", "gn:8x48:g=16"},
    {"gn:8x7", "gn:8x7:g=1"},
    {"gn:8x0", "gn:8x0:g=32"},
    {"gn:8x0:g=5", NULL},
    {"gn:8x6:eps=1e-3,g=6,pass=inf", "gn:8x6:pass=inf,eps=0.001,g=6"},
    {"bin:2x16x32x32", NULL},
    {"bin:2x16x32x32:rho=0.3", NULL},
    {"bin:2x16x32x32:rho=0", NULL},
    {"bin:2x16x32x32:rho=1,momentum=0", "bin:2x16x32x32:momentum=0,rho=1"},
    {"adain:2x9x6x6", NULL},
    {"adain:2x9x6x6:alpha=1", "adain:2x9x6x6"},
    {"adain:2x9x6x6:alpha=0.5", NULL},
    {"adain:2x9x6x6:style=6x6", NULL},
    {"adain:2x9x6x6:style=3", NULL},
    {"adain:2x9x6x6:style=3x4x5,alpha=0", "adain:2x9x6x6:alpha=0,style=3x4x5"},
    {"adain:2x9x6x6:style=point", NULL},
    {"adain:2x9x6x6:style=stats", NULL},
    {"adain:0x9x6x6:style=0", NULL},
    {"unit:4x8x3:alpha=1", NULL},
    {"unit:4x8x3:alpha=-2.5", NULL},
    {"unit:4x8x3:alpha=channel", "unit:4x8x3"},
    {"unit:4x8x3:alpha=element,eps=1e-12", "unit:4x8x3:eps=1e-12,alpha=element"},
    {"in:2x3:pass=bwd", NULL},
    {"bn:2x3:pass=inf_bwd,eps=1,epilogue=add_relu,momentum=0", NULL},
    {"in:2x3:epilogue=relu,pass=bwd", "in:2x3:pass=bwd,epilogue=relu"},
    {"in:2x3:epilogue=none", "in:2x3"},
    {"cin:2x3", NULL},
    {"cin:2x3:styles=1", "cin:2x3"},
    {"cin:2x3:styles=08", "cin:2x3:styles=8"},
    {"cin:2x3:styles=2147483647", NULL},
    {"ln:2x3x4x5", NULL},
    {"rms:2x3x4x5:eps=0", NULL},
    {"adain:2x9x6x6:style=swap", NULL},
    {"adain:2x9x6x6:std=biased,regions=1,styles=1", "adain:2x9x6x6"},
    {"adain:2x9x6x6:std=unbiased,style=swap", "adain:2x9x6x6:style=swap,std=unbiased"},
    {"adain:2x9x6x6:styles=3,style=stats", NULL},
    {"adain:2x9x6x6:regions=256,alpha=0.5", NULL},
    {"adain:2x9:style=7,std=unbiased", NULL},
    {"unit:4x8x3:form=practical", "unit:4x8x3"},
    {"unit:4x8x3:form=vanilla", NULL},
    {"unit:4x8x3:form=vanilla,alpha=1", "unit:4x8x3:form=vanilla"},
    {"unit:4x8x3:form=scalar", NULL},
    {"unit:4x8x3:alpha=1,form=scalar", "unit:4x8x3:form=scalar"},
    {"unit:4x8x3:alpha=0,form=scalar", "unit:4x8x3:form=scalar,alpha=0"},
    {"unit:4x8x3:form=vector", NULL},
    {"unit:4x8x3:alpha=element,form=vector", "unit:4x8x3:form=vector,alpha=element"},
    {"unit:4x8x3:k=2,momentum=0.5,form=layer", "unit:4x8x3:momentum=0.5,form=layer,k=2"},
    {"unit:4x8x3:pass=inf_bwd,form=layer,alpha=-1", NULL},
};

Test(text, of_a_valid_problem_has_one_canonical_form) {
    for (size_t i = 0; i < sizeof valid / sizeof *valid; i++) {
        const char *expected = valid[i].canonical != NULL ? valid[i].canonical : valid[i].text;
        char text[NORMA_PROBLEM_TEXT];
        const struct norma_problem problem = parsed(valid[i].text);
        cr_expect_str_eq(print(&problem, text), expected, "'%s' is printed as '%s'", valid[i].text,
                         text);
        round_trip(&problem, valid[i].text);
    }
}

Test(text, sets_every_field) {
    struct norma_problem expected = norma_problem_default(NORMA_BIN);
    expected.n = 2;
    expected.c = 16;
    expected.spatial_rank = 3;
    memcpy(expected.spatial, (const int64_t[]){7, 5, 3}, sizeof expected.spatial);
    expected.pass = NORMA_INFERENCE;
    expected.epsilon = 0.25;
    expected.momentum = 0.75;
    expected.rho_fixed = true;
    expected.rho = 0.5;
    struct norma_problem problem = parsed("bin:2x16x7x5x3:pass=inf,eps=.25,momentum=.75,rho=.5");
    cr_assert(same(&problem, &expected));

    expected = norma_problem_default(NORMA_ADAIN);
    expected.n = 2;
    expected.c = 9;
    expected.alpha = 0.5;
    expected.style_rank = 2;
    expected.style_spatial[0] = 3;
    expected.style_spatial[1] = 4;
    problem = parsed("adain:2x9:style=3x4,alpha=0.5");
    cr_assert(same(&problem, &expected));

    expected = norma_problem_default(NORMA_UNIT);
    expected.n = 1;
    expected.c = 1;
    expected.alpha_kind = NORMA_ALPHA_ELEMENT;
    problem = parsed("unit:1x1:alpha=element");
    cr_assert(same(&problem, &expected));

    expected.form = NORMA_FORM_LAYER;
    expected.alpha_kind = NORMA_ALPHA_SCALAR;
    expected.alpha = 0.5;
    expected.norm_scale = 0.25;
    expected.momentum = 0.75;
    expected.epilogue = NORMA_EPILOGUE_ADD_RELU;
    expected.pass = NORMA_INFERENCE_BACKWARD;
    problem = parsed("unit:1x1:form=layer,alpha=.5,k=.25,momentum=.75,epilogue=add_relu,"
                     "pass=inf_bwd");
    cr_assert(same(&problem, &expected));

    expected = norma_problem_default(NORMA_ADAIN);
    expected.n = 2;
    expected.c = 9;
    expected.pass = NORMA_BACKWARD;
    expected.epilogue = NORMA_EPILOGUE_RELU;
    expected.regions = 7;
    expected.style_unbiased = true;
    expected.style_rank = 1;
    expected.style_spatial[0] = 3;
    problem = parsed("adain:2x9:regions=7,std=unbiased,style=3,epilogue=relu,pass=bwd");
    cr_assert(same(&problem, &expected));

    expected.regions = 1;
    expected.styles = 7;
    problem = parsed("adain:2x9:styles=7,std=unbiased,style=3,epilogue=relu,pass=bwd");
    cr_assert(same(&problem, &expected));
}

/* Every order of the keys: keys[0, fixed) stay, the others take each place behind them. */
static void parse_in_every_order(const char *shape, const char *keys[], int count, int fixed,
                                 const struct norma_problem *expected) {
    if (fixed == count) {
        char text[NORMA_PROBLEM_TEXT];
        size_t length = (size_t)snprintf(text, sizeof text, "%s", shape);
        for (int i = 0; i < count; i++) {
            length += (size_t)snprintf(text + length, sizeof text - length, "%c%s",
                                       i == 0 ? ':' : ',', keys[i]);
        }
        const struct norma_problem problem = parsed(text);
        cr_assert(same(&problem, expected), "'%s' is another problem", text);
        return;
    }
    for (int i = fixed; i < count; i++) {
        const char *const first = keys[fixed], *const chosen = keys[i];
        keys[fixed] = chosen;
        keys[i] = first;
        parse_in_every_order(shape, keys, count, fixed + 1, expected);
        keys[fixed] = first;
        keys[i] = chosen;
    }
}

Test(text, means_the_same_in_every_order_of_its_keys) {
    struct norma_problem expected =
        parsed("unit:2x3x4:pass=inf_bwd,eps=0,epilogue=relu,momentum=0.5,form=layer,alpha=2,k=3");
    const char *layer[] = {"pass=inf_bwd", "eps=0", "epilogue=relu", "momentum=0.5", "form=layer",
                           "alpha=2",      "k=3"};
    parse_in_every_order("unit:2x3x4", layer, 7, 0, &expected);
    expected = parsed("unit:2x3x4:form=vector,alpha=element,pass=bwd");
    const char *vector[] = {"form=vector", "alpha=element", "pass=bwd"};
    parse_in_every_order("unit:2x3x4", vector, 3, 0, &expected);
    expected = parsed("unit:2x3x4:form=vanilla,pass=bwd");
    const char *vanilla[] = {"form=vanilla", "pass=bwd", "alpha=1"};
    parse_in_every_order("unit:2x3x4", vanilla, 3, 0, &expected);
    expected = parsed("adain:2x3x1:styles=2,std=unbiased,style=2,alpha=0.5,epilogue=relu");
    const char *adain[] = {"styles=2", "std=unbiased", "style=2", "alpha=0.5", "epilogue=relu"};
    parse_in_every_order("adain:2x3x1", adain, 5, 0, &expected);
    expected = parsed("gn:2x6:g=3,eps=0.5,pass=bwd");
    const char *groups[] = {"g=3", "eps=0.5", "pass=bwd"};
    parse_in_every_order("gn:2x6", groups, 3, 0, &expected);
}

Test(text, of_the_longest_problem_fits) {
    struct norma_problem problem = norma_problem_default(NORMA_ADAIN);
    problem.n = problem.c = INT64_MAX;
    problem.spatial_rank = problem.style_rank = 3;
    for (int i = 0; i < 3; i++) {
        problem.spatial[i] = problem.style_spatial[i] = INT64_MAX;
    }
    problem.pass = NORMA_INFERENCE_BACKWARD;
    problem.epilogue = NORMA_EPILOGUE_ADD_RELU;
    problem.styles = problem.regions = INT64_MAX;
    problem.style_unbiased = true;
    problem.epsilon = problem.alpha = -DBL_MAX;
    char text[NORMA_PROBLEM_TEXT];
    print(&problem, text);
}

Test(text, is_cut_as_snprintf_does) {
    const struct norma_problem problem = parsed("bin:2x16x32x32:pass=inf,eps=0.5,rho=0.25");
    char whole[NORMA_PROBLEM_TEXT], part[NORMA_PROBLEM_TEXT];
    const size_t length = strlen(print(&problem, whole));
    cr_assert_eq(norma_problem_print(&problem, NULL, 0), length);
    for (size_t size = 1; size <= length + 1; size++) {
        memset(part, '#', sizeof part);
        cr_assert_eq(norma_problem_print(&problem, part, size), length);
        cr_assert_eq(memcmp(part, whole, size - 1), 0, "size %zu", size);
        cr_assert(part[size - 1] == '\0' && part[size] == '#', "size %zu", size);
    }
}

Test(text, of_an_invalid_problem_is_harmless) {
    struct norma_problem problem;
    char text[NORMA_PROBLEM_TEXT];
    memset(&problem, 0x7f, sizeof problem);
    problem.rho_fixed = problem.style_unbiased = true; /* 0x7f is no bool */
    print(&problem, text);
    for (unsigned op = 0; op < NORMA_OPERATOR_COUNT; op++) {
        problem.op = (norma_operator)op;
        problem.epsilon = (double)NAN;
        problem.style_spatial[0] = problem.style_spatial[1] = problem.style_spatial[2] = INT64_MIN;
        print(&problem, text);
    }
}

/* ---- texts that are not ------------------------------------------------------------------- */

static const struct {
    const char *text;
    norma_status status;
    size_t position;
    const char *message; /* a part of it */
} broken[] = {
    /* operator */
    {"", NORMA_MALFORMED, 0,
     "found the end of the text, expected an operator: bn, in, cin, bin, adain, gn, ln, rms, unit"},
    {" bn:1x1", NORMA_MALFORMED, 0, "found ' ', expected an operator"},
    {"foo:1x1", NORMA_MALFORMED, 0,
     "unknown operator 'foo'; the operators are bn, in, cin, bin, adain, gn, ln, rms, unit"},
    {"BN:1x1", NORMA_MALFORMED, 0, "unknown operator 'BN'"},
    {"bnn:1x1", NORMA_MALFORMED, 0, "unknown operator 'bnn'"},
    {"b:1x1", NORMA_MALFORMED, 0, "unknown operator 'b'"},
    {"\x1b[2J", NORMA_MALFORMED, 0, "found byte 0x1b, expected an operator"},
    {"\xc3\xa4:1x1", NORMA_MALFORMED, 0, "found byte 0xc3, expected an operator"},
    {"bn", NORMA_MALFORMED, 2, "found the end of the text, expected ':'"},
    {"bn 1x1", NORMA_MALFORMED, 2, "found ' ', expected ':'"},
    /* shape */
    {"bn:", NORMA_MALFORMED, 3, "found the end of the text, expected the number of samples"},
    {"bn: 1x1", NORMA_MALFORMED, 3, "found ' ', expected the number of samples"},
    {"bn:-1x1", NORMA_MALFORMED, 3, "found '-', expected the number of samples"},
    {"bn:+1x1", NORMA_MALFORMED, 3, "found '+', expected the number of samples"},
    {"bn:x1", NORMA_MALFORMED, 3, "found 'x1', expected the number of samples"},
    {"bn:8", NORMA_MALFORMED, 4, "found the end of the text, expected 'x' and the number of cha"},
    {"bn:8:eps=1", NORMA_MALFORMED, 4, "found ':', expected 'x' and the number of channels"},
    {"bn:8x", NORMA_MALFORMED, 5, "found the end of the text, expected a whole number"},
    {"bn:8xx4", NORMA_MALFORMED, 5, "found 'x4', expected a whole number"},
    {"bn:8x:", NORMA_MALFORMED, 5, "found ':', expected a whole number"},
    {"bn:8X64", NORMA_MALFORMED, 4, "found 'X64', expected 'x'"},
    {"bn:8x64x", NORMA_MALFORMED, 8, "expected a whole number"},
    {"bn:8x64y7", NORMA_MALFORMED, 7, "found 'y7', expected 'x', ':' or the end"},
    {"bn:8x64 ", NORMA_MALFORMED, 7, "found ' ', expected 'x', ':' or the end"},
    {"bn:8x64\n", NORMA_MALFORMED, 7, "found byte 0x0a, expected 'x', ':' or the end"},
    {"bn:8x6.4", NORMA_MALFORMED, 6, "found '.', expected 'x', ':' or the end"},
    {"bn:1x2x3x4x5x6", NORMA_MALFORMED, 12, "found 'x', but there are at most 3 spatial sizes"},
    {"bn:1x9223372036854775808", NORMA_MALFORMED, 5, "more than 9223372036854775807"},
    {"bn:99999999999999999999999x1", NORMA_MALFORMED, 3, "more than 9223372036854775807"},
    {"bn:1x9223372036854775807", NORMA_INVALID, 3, "x of size 1x9223372036854775807 must not"},
    {"bn:4294967296x4294967296x0", NORMA_INVALID, 3, "must not have more than"},
    /* keys */
    {"bn:1x1:", NORMA_MALFORMED, 7,
     "found the end of the text, expected a key of bn: pass, layout, dtype, eps, epilogue, "
     "momentum"},
    {"bn:1x1:,", NORMA_MALFORMED, 7, "found ',', expected a key of bn"},
    {"bn:1x1:eps=1,", NORMA_MALFORMED, 13, "found the end of the text, expected a key of bn"},
    {"bn:1x1:eps=1, pass=inf", NORMA_MALFORMED, 13, "found ' ', expected a key of bn"},
    {"bn:1x1:epsilon=1", NORMA_MALFORMED, 7,
     "unknown key 'epsilon'; bn takes pass, layout, dtype, eps, epilogue, momentum"},
    {"adain:1x1:foo=1", NORMA_MALFORMED, 10,
     "unknown key 'foo'; adain takes pass, layout, dtype, eps, epilogue, styles, regions, alpha, "
     "style, std"},
    {"unit:1x1:foo=1", NORMA_MALFORMED, 9,
     "unit takes pass, layout, dtype, eps, epilogue, momentum, form, alpha, k"},
    {"bin:1x1:foo=1", NORMA_MALFORMED, 8,
     "bin takes pass, layout, dtype, eps, epilogue, momentum, rho"},
    {"bn:1x1:g=1", NORMA_MALFORMED, 7, "'g' is a key of gn, not of bn; bn takes pass, layout"},
    {"gn:1x1:momentum=1", NORMA_MALFORMED, 7,
     "'momentum' is a key of bn, bin, unit, not of gn; gn takes pass, layout, dtype, eps, "
     "epilogue, g"},
    {"in:1x1:alpha=1", NORMA_MALFORMED, 7, "'alpha' is a key of adain, unit, not of in"},
    {"bn:1x1:eps=1,eps=1", NORMA_MALFORMED, 13, "key 'eps' is given twice"},
    {"bn:1x1:eps", NORMA_MALFORMED, 10, "found the end of the text, expected '=' and a value"},
    {"bn:1x1:eps:1", NORMA_MALFORMED, 10, "found ':', expected '='"},
    {"bn:1x1:eps =1", NORMA_MALFORMED, 10, "found ' ', expected '='"},
    {"bn:1x1:eps=1:pass=inf", NORMA_MALFORMED, 12, "found ':', expected ',' or the end"},
    /* words */
    {"bn:1x1:pass=", NORMA_MALFORMED, 12,
     "found the end of the text, expected fwd, inf, bwd, inf_bwd"},
    {"bn:1x1:pass=back", NORMA_MALFORMED, 12, "found 'back', expected fwd, inf, bwd, inf_bwd"},
    {"bn:1x1:pass=inference", NORMA_MALFORMED, 12,
     "found 'inference', expected fwd, inf, bwd, inf_bwd"},
    {"bn:1x1:pass=inf ", NORMA_MALFORMED, 15, "found ' ', expected ',' or the end"},
    {"in:1x1:epilogue=gelu", NORMA_MALFORMED, 16, "found 'gelu', expected none, relu, add_relu"},
    {"in:1x1:epilogue=", NORMA_MALFORMED, 16, "found the end of the text, expected none, relu"},
    {"in:1x1:pass=inf_bwd", NORMA_INVALID, 12,
     "pass = inf_bwd is for running statistics, which this in has not; use bwd"},
    {"bn:1x1:layout=nhwc", NORMA_MALFORMED, 14, "found 'nhwc', expected ncs"},
    {"bn:1x1:dtype=f16", NORMA_MALFORMED, 13, "found 'f16', expected f32"},
    /* decimal numbers */
    {"bn:1x1:eps=", NORMA_MALFORMED, 11, "found the end of the text, expected a number such as"},
    {"bn:1x1:eps= 1", NORMA_MALFORMED, 11, "found ' ', expected a number"},
    {"bn:1x1:eps=+1", NORMA_MALFORMED, 11, "found '+', expected a number"},
    {"bn:1x1:eps=.", NORMA_MALFORMED, 11, "found '.', expected a number"},
    {"bn:1x1:eps=-", NORMA_MALFORMED, 12, "found the end of the text, expected a number"},
    {"bn:1x1:eps=inf", NORMA_MALFORMED, 11, "found 'inf', expected a number"},
    {"bn:1x1:eps=-inf", NORMA_MALFORMED, 12, "found 'inf', expected a number"},
    {"bn:1x1:eps=nan", NORMA_MALFORMED, 11, "found 'nan', expected a number"},
    {"bn:1x1:eps=0x1p-3", NORMA_MALFORMED, 12, "found 'x1p', expected ',' or the end"},
    {"bn:1x1:eps=0x1p9999", NORMA_MALFORMED, 12, "found 'x1p9999', expected ',' or the end"},
    {"bn:1x1:eps=1.5.5", NORMA_MALFORMED, 14, "found '.', expected ',' or the end"},
    {"bn:1x1:eps=0.0.0", NORMA_MALFORMED, 14, "found '.', expected ',' or the end"},
    {"bn:1x1:eps=1e", NORMA_MALFORMED, 13, "the end of the text, expected the digits of an expo"},
    {"bn:1x1:eps=1e-,", NORMA_MALFORMED, 14, "found ',', expected the digits of an exponent"},
    {"bn:1x1:eps=1e5x", NORMA_MALFORMED, 14, "found 'x', expected ',' or the end"},
    {"bn:1x1:eps=1_0", NORMA_MALFORMED, 12, "found '_0', expected ',' or the end"},
    {"bn:1x1:eps=1e999", NORMA_MALFORMED, 11, "beyond the range of double precision"},
    {"bn:1x1:eps=1e-999", NORMA_MALFORMED, 11, "beyond the range of double precision"},
    {"bn:1x1:eps=-1e-6", NORMA_INVALID, 11, "eps = -1e-06 must be a finite number of at least 0"},
    {"bn:1x1:momentum=1.1,eps=-1", NORMA_INVALID, 16, "momentum = 1.1 must be in [0, 1]"},
    {"bin:1x1:rho=-0.5", NORMA_INVALID, 12, "rho = -0.5 must be in [0, 1]"},
    {"adain:1x1:alpha=2", NORMA_INVALID, 16, "alpha = 2 must be in [0, 1]"},
    {"adain:1x1:alpha=channel", NORMA_MALFORMED, 16, "found 'channel', expected a number in [0"},
    {"unit:1x1:alpha=pixel", NORMA_MALFORMED, 15,
     "found 'pixel', expected channel, element or a number"},
    {"unit:1x1:alpha=channels", NORMA_MALFORMED, 15, "found 'channels', expected channel, elem"},
    /* groups */
    {"gn:8x256x56x56:g=33", NORMA_INVALID, 17, "C = 256 is not divisible by g = 33"},
    {"gn:8x256:eps=1,g=33", NORMA_INVALID, 17, "C = 256 is not divisible by g = 33"},
    {"gn:8x256:g=0", NORMA_INVALID, 11, "g = 0 must be at least 1"},
    {"gn:8x256:g=", NORMA_MALFORMED, 11, "expected a whole number that divides C"},
    {"gn:8x256:g=-1", NORMA_MALFORMED, 11, "found '-', expected a whole number that divides C"},
    {"gn:8x256:g=1.5", NORMA_MALFORMED, 12, "found '.', expected ',' or the end"},
    {"gn:8x256:g=9223372036854775808", NORMA_MALFORMED, 11, "more than 9223372036854775807"},
    /* style */
    {"adain:1x1:style=", NORMA_MALFORMED, 16, "expected stats, swap, point or sizes such as 32x32"},
    {"adain:1x1:style=mean", NORMA_MALFORMED, 16,
     "found 'mean', expected stats, swap, point or sizes"},
    {"adain:1x1:style=1x2x3x4", NORMA_MALFORMED, 21, "found 'x', but there are at most 3 spatial"},
    {"adain:1x1:style=1x", NORMA_MALFORMED, 18, "found the end of the text, expected a whole num"},
    {"adain:1x1:style=4x0", NORMA_INVALID, 16, "style = 4x0 is empty"},
    {"adain:1x1:style=swapped", NORMA_MALFORMED, 16, "found 'swapped', expected stats, swap"},
    {"adain:1x9:std=unbiased", NORMA_INVALID, 14, "std = unbiased divides by S - 1: a style need"},
    {"adain:1x9:style=swap,std=unbiased", NORMA_INVALID, 25, "std = unbiased divides by S - 1"},
    {"adain:1x9:std=unbiased,style=stats", NORMA_INVALID, 14, "std = unbiased divides by S - 1"},
    {"adain:1x9x4:std=unbiased,style=stats", NORMA_INVALID, 31,
     "std = unbiased is for computed statistics; style = stats gives the std as it is"},
    {"adain:1x1:std=sample", NORMA_MALFORMED, 14, "found 'sample', expected biased, unbiased"},
    {"in:1x1:std=biased", NORMA_MALFORMED, 7, "'std' is a key of adain, not of in; in takes"},
    /* styles and regions */
    {"bn:1x1:styles=2", NORMA_MALFORMED, 7, "'styles' is a key of cin, adain, not of bn"},
    {"cin:1x1:regions=2", NORMA_MALFORMED, 8, "'regions' is a key of adain, not of cin"},
    {"cin:1x1:styles=all", NORMA_MALFORMED, 15, "found 'all', expected a whole number"},
    {"cin:1x1:styles=0", NORMA_INVALID, 15, "styles = 0 must be in 1 to 2147483647"},
    {"cin:1x1:styles=2147483648", NORMA_INVALID, 15, "styles = 2147483648 must be in 1 to"},
    {"cin:1x2147483648:styles=2147483647", NORMA_INVALID, 24, "gamma, styles x C of size 2147483"},
    {"adain:1x1:regions=all", NORMA_MALFORMED, 18, "found 'all', expected a whole number from 1"},
    {"adain:1x1:regions=257", NORMA_INVALID, 18, "regions = 257 must be in 1 to 256"},
    {"adain:1x1:styles=2,regions=2", NORMA_INVALID, 27, "styles = 2 and regions = 2 exclude each"},
    {"adain:1x1:regions=2,styles=2", NORMA_INVALID, 27, "styles = 2 and regions = 2 exclude each"},
    {"adain:1x1:style=swap,styles=2", NORMA_INVALID, 28, "style = swap excludes styles and regio"},
    {"adain:1x1:regions=2,style=swap", NORMA_INVALID, 26, "style = swap excludes styles and regi"},
    {"adain:1x2147483648:style=stats,styles=2147483647", NORMA_INVALID, 38,
     "style_mean, N x styles x C of size 1x2147483647x2147483648 must not"},
    /* forms */
    {"unit:1x1:form=cosine", NORMA_MALFORMED, 14,
     "found 'cosine', expected practical, vanilla, scalar, vector, layer"},
    {"bn:1x1:form=layer", NORMA_MALFORMED, 7, "'form' is a key of unit, not of bn; bn takes"},
    {"unit:1x1:form=vanilla,alpha=channel", NORMA_INVALID, 28, "form = vanilla has no alpha by"},
    {"unit:1x1:form=vanilla,alpha=0.5", NORMA_INVALID, 28, "alpha = 0.5 is not used by this unit"},
    {"unit:1x1:alpha=channel,form=scalar", NORMA_INVALID, 28, "form = scalar takes a number alpha"},
    {"unit:1x1:form=scalar,alpha=1.5", NORMA_INVALID, 27, "alpha = 1.5 must be in [0, 1]"},
    {"unit:1x1:form=vector,alpha=0.5", NORMA_INVALID, 27, "form = vector takes alpha by channel"},
    {"unit:1x1:form=vector,eps=0.5", NORMA_INVALID, 25, "eps = 0.5 is not used by this unit and"},
    {"unit:1x1:form=layer,alpha=element", NORMA_INVALID, 26, "form = layer takes a number alpha"},
    {"unit:1x1:form=layer,k=0", NORMA_INVALID, 22, "k = 0 must be a finite number above 0"},
    {"unit:1x1:form=layer,k=two", NORMA_MALFORMED, 22, "found 'two', expected a number such as 1"},
    {"unit:1x1:k=2", NORMA_INVALID, 11, "k = 2 is not used by this unit and must be its default"},
    {"unit:1x1:momentum=0.5", NORMA_INVALID, 18, "momentum = 0.5 is not used by this unit"},
    {"unit:1x1:pass=inf_bwd", NORMA_INVALID, 14, "pass = inf_bwd is for running statistics, wh"},
    {"adain:1x1:style=9223372036854775807", NORMA_INVALID, 16,
     "style, N x styles x C x spatial of size 1x1x1x92"},
};

Test(error, says_where_and_what) {
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        const char *text = broken[i].text;
        struct norma_problem problem;
        struct norma_parse_error error = {12345, "untouched"};
        memset(&problem, 0x5a, sizeof problem);
        const struct norma_problem before = problem;
        const norma_status status = norma_problem_parse(text, &problem, &error);
        cr_expect_eq(status, broken[i].status, "'%s': status %d", text, (int)status);
        cr_expect_eq(error.position, broken[i].position, "'%s': position %zu (%s)", text,
                     error.position, error.message);
        cr_expect_not_null(strstr(error.message, broken[i].message), "'%s': message '%s'", text,
                           error.message);
        cr_expect_eq(memcmp(&problem, &before, sizeof problem), 0, "'%s' changed the problem",
                     text);
        cr_expect_eq(norma_problem_parse(text, &problem, NULL), broken[i].status);
    }
}

Test(error, of_null_pointers) {
    struct norma_problem problem;
    struct norma_parse_error error = {12345, "untouched"};
    cr_assert_eq(norma_problem_parse(NULL, &problem, &error), NORMA_NULL);
    cr_assert_eq(error.position, 0);
    cr_assert_str_eq(error.message, "the text is a null pointer");
    cr_assert_eq(norma_problem_parse("bn:1x1", NULL, &error), NORMA_NULL);
    cr_assert_str_eq(error.message, "the problem is a null pointer");
    cr_assert_eq(norma_problem_parse(NULL, NULL, NULL), NORMA_NULL);
}

Test(error, is_untouched_by_success) {
    struct norma_problem problem;
    struct norma_parse_error error = {12345, "untouched"};
    cr_assert_eq(norma_problem_parse("bn:1x1:eps=1", &problem, &error), NORMA_OK);
    cr_assert_eq(error.position, 12345);
    cr_assert_str_eq(error.message, "untouched");
}

Test(error, of_any_length_of_word_is_one_message) {
    char text[400];
    struct norma_problem problem;
    struct norma_parse_error error;
    memset(text, 'a', sizeof text);
    text[sizeof text - 1] = '\0';
    cr_assert_eq(norma_problem_parse(text, &problem, &error), NORMA_MALFORMED);
    cr_assert_str_eq(error.message, "unknown operator 'aaaaaaaaaaaaaaaaaaaaaaaa'; the operators "
                                    "are bn, in, cin, bin, adain, gn, ln, rms, unit");
    memset(text, '1', sizeof text - 1);
    memcpy(text, "bn:1x1:eps=", 11);
    cr_assert_eq(norma_problem_parse(text, &problem, &error), NORMA_MALFORMED);
    cr_assert_eq(error.position, 11);
}

/* ---- random problems and random damage ---------------------------------------------------- */

/* SplitMix64: every seed, and so every case of its own, is a good start. */
static uint64_t next(uint64_t *state) {
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static unsigned below(uint64_t *state, unsigned bound) {
    return (unsigned)(next(state) % bound);
}

static int64_t random_size(uint64_t *state) {
    static const int64_t sizes[] = {0, 1, 2, 3, 7, 16, 48, 56, 64, 100, 256, 1000, 2048};
    const unsigned kind = below(state, 20);
    if (kind == 0) {
        return (int64_t)(next(state) >> (1 + below(state, 63)));
    }
    return kind < 5 ? below(state, 5000) : sizes[below(state, sizeof sizes / sizeof *sizes)];
}

static int random_sizes(uint64_t *state, int64_t sizes[NORMA_MAX_SPATIAL]) {
    const int rank = (int)below(state, NORMA_MAX_SPATIAL + 1);
    for (int i = 0; i < rank; i++) {
        sizes[i] = random_size(state);
    }
    return rank;
}

/* Any double from its bits, decimals that people type, and the ends of the range. */
static double random_real(uint64_t *state) {
    static const double special[] = {0.0,     -0.0,    1.0,    0.5,         0.1, 1e-5,
                                     DBL_MIN, DBL_MAX, 5e-324, DBL_EPSILON, 0.3, 1e22};
    double value;
    uint64_t bits = next(state);
    switch (below(state, 4)) {
    case 0:
        return special[below(state, sizeof special / sizeof *special)];
    case 1:
        return below(state, 1001) / 1000.0;
    case 2:
        return (double)(bits >> 11) / 9007199254740992.0;
    default:
        memcpy(&value, &bits, sizeof value);
        return value;
    }
}

static void random_fields(uint64_t *state, struct norma_problem *problem) {
    switch (problem->op) {
    case NORMA_BIN:
        problem->rho_fixed = below(state, 2) == 0;
        problem->rho = problem->rho_fixed ? random_real(state) : 0;
        problem->momentum = random_real(state);
        break;
    case NORMA_BN:
        problem->momentum = random_real(state);
        break;
    case NORMA_GN:
        problem->groups = INT64_C(1) << below(state, 6);
        if (below(state, 4) == 0) {
            problem->groups = below(state, 2) ? problem->c : random_size(state);
        }
        break;
    case NORMA_CIN:
        problem->styles = 1 + (int64_t)(next(state) >> (33 + below(state, 30)));
        break;
    case NORMA_ADAIN:
        problem->alpha = random_real(state);
        problem->style_source = (norma_style_source)below(state, 3);
        problem->style_unbiased = below(state, 2) == 0;
        if (problem->style_source != NORMA_STYLE_SWAP) {
            problem->styles = below(state, 2) ? 1 + below(state, 9) : 1;
            problem->regions = problem->styles == 1 ? 1 + below(state, 256) : 1;
        }
        if (problem->style_source == NORMA_STYLE_TENSOR && below(state, 3) > 0) {
            problem->style_rank = random_sizes(state, problem->style_spatial);
        }
        break;
    case NORMA_UNIT:
        problem->form = (norma_unit_form)below(state, 5);
        problem->norm_scale = problem->form == NORMA_FORM_LAYER ? random_real(state) : 1;
        problem->momentum = problem->form == NORMA_FORM_LAYER ? random_real(state) : 0.1;
        problem->alpha_kind = (norma_alpha_kind)below(state, 3);
        problem->alpha = problem->alpha_kind == NORMA_ALPHA_SCALAR ? random_real(state) : 1;
        break;
    default:
        break;
    }
}

static struct norma_problem random_problem(uint64_t *state) {
    struct norma_problem problem;
    do {
        problem = norma_problem_default((norma_operator)below(state, NORMA_OPERATOR_COUNT));
        problem.pass = (norma_pass)below(state, 4);
        problem.epilogue = (norma_epilogue)below(state, 3);
        problem.n = random_size(state);
        problem.c = random_size(state);
        problem.spatial_rank = random_sizes(state, problem.spatial);
        problem.epsilon = below(state, 2) ? random_real(state) : 1e-5;
        random_fields(state, &problem);
    } while (norma_problem_check(&problem, NULL, 0) != NORMA_OK);
    return problem;
}

Test(random, problems_survive_the_round_trip, .timeout = 250) {
    for (uint64_t seed = 0; seed < RANDOM_CASES; seed++) {
        uint64_t state = seed;
        char hint[32];
        snprintf(hint, sizeof hint, "seed %llu", (unsigned long long)seed);
        const struct norma_problem problem = random_problem(&state);
        round_trip(&problem, hint);
    }
}

static char random_byte(uint64_t *state) {
    static const char likely[] = "0123456789xxx:::,,,===..--++eEbningadaiunt pfsrhoml\t";
    return below(state, 4) == 0 ? (char)below(state, 256) : likely[below(state, sizeof likely - 1)];
}

/* Flips, inserts or deletes one byte; the position may be that of the final NUL. */
static void damage(uint64_t *state, char *text) {
    const size_t length = strlen(text), at = below(state, (unsigned)length + 1);
    switch (below(state, 3)) {
    case 0:
        text[at] = at < length ? random_byte(state) : '\0';
        break;
    case 1:
        memmove(text + at + 1, text + at, length + 1 - at);
        text[at] = random_byte(state);
        break;
    default:
        memmove(text + at, text + at + (at < length), length + 1 - at - (at < length));
    }
}

Test(random, damage_is_parsed_or_refused_within_the_text, .timeout = 250) {
    size_t refused = 0;
    for (uint64_t seed = 0; seed < RANDOM_CASES; seed++) {
        uint64_t state = seed;
        char text[NORMA_PROBLEM_TEXT + 8] = "";
        struct norma_problem problem = random_problem(&state);
        norma_problem_print(&problem, text, NORMA_PROBLEM_TEXT);
        for (unsigned i = 0, times = 1 + below(&state, 4); i < times; i++) {
            damage(&state, text);
        }
        struct norma_parse_error error = {SIZE_MAX, ""};
        const norma_status status = norma_problem_parse(text, &problem, &error);
        if (status == NORMA_OK) {
            cr_assert_eq(norma_problem_check(&problem, NULL, 0), NORMA_OK, "seed %llu: '%s'",
                         (unsigned long long)seed, text);
            round_trip(&problem, text);
            continue;
        }
        refused++;
        cr_assert(status == NORMA_MALFORMED || status == NORMA_INVALID, "seed %llu: '%s'",
                  (unsigned long long)seed, text);
        cr_assert_leq(error.position, strlen(text), "seed %llu: '%s' at %zu",
                      (unsigned long long)seed, text, error.position);
        cr_assert_gt(strlen(error.message), 0, "seed %llu: '%s'", (unsigned long long)seed, text);
    }
    cr_assert(refused > RANDOM_CASES / 4 && refused < RANDOM_CASES, "%zu refused", refused);
}

/* ---- the caller's surroundings ------------------------------------------------------------ */

static void parses_and_prints_as_always(void) {
    char text[NORMA_PROBLEM_TEXT];
    const struct norma_problem problem = parsed("bn:1x1:eps=0.30000000000000004,momentum=0.7");
    cr_assert(problem.epsilon == 0x1.3333333333334p-2 && problem.momentum == 0x1.6666666666666p-1);
    cr_assert_str_eq(print(&problem, text), "bn:1x1:eps=0.30000000000000004,momentum=0.7");
    struct norma_problem ignored;
    struct norma_parse_error error;
    cr_assert_eq(norma_problem_parse("bn:1x1:eps=0,5", &ignored, &error), NORMA_MALFORMED);
    cr_assert_eq(error.position, 13);
    cr_assert_eq(norma_problem_parse("bn:1x1:eps=-0.5", &ignored, &error), NORMA_INVALID);
    cr_assert_str_eq(error.message, "eps = -0.5 must be a finite number of at least 0");
}

Test(surroundings, a_decimal_comma_changes_nothing) {
    static const char *const locales[] = {"de_DE.UTF-8", "de_DE.utf8",  "de_DE",
                                          "fr_FR.UTF-8", "es_ES.UTF-8", "ru_RU.UTF-8"};
    const char *chosen = NULL;
    for (size_t i = 0; chosen == NULL && i < sizeof locales / sizeof *locales; i++) {
        chosen = setlocale(LC_ALL, locales[i]);
    }
    if (chosen == NULL) {
        cr_skip("no locale with a decimal comma is installed (de_DE.UTF-8, fr_FR.UTF-8, ...)");
    }
    cr_assert_str_eq(localeconv()->decimal_point, ",");
    parses_and_prints_as_always();
    cr_assert_str_eq(localeconv()->decimal_point, ",", "the caller's locale is gone");
    char text[8];
    snprintf(text, sizeof text, "%g", 0.5);
    cr_assert_str_eq(text, "0,5", "the caller's locale is gone");
}

Test(surroundings, a_locale_of_the_thread_alone_is_put_back) {
    const locale_t mine = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    uselocale(mine);
    parses_and_prints_as_always();
    cr_assert_eq(uselocale(LC_GLOBAL_LOCALE), mine);
    freelocale(mine);
}

Test(surroundings, rounding_modes_change_nothing) {
    static const int modes[] = {FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO, FE_TONEAREST};
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        fesetround(modes[i]);
        feclearexcept(FE_ALL_EXCEPT);
        parses_and_prints_as_always();
        const int mode = fegetround();
        const int raised = fetestexcept(FE_ALL_EXCEPT);
        fesetround(FE_TONEAREST);
        cr_assert_eq(mode, modes[i], "the caller's rounding mode is gone");
        cr_assert_eq(raised, 0, "the caller's exception flags changed");
    }
}
