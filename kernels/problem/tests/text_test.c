/* Texts that are problems: every problem has one text, and the order of its keys has no meaning.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _POSIX_C_SOURCE 200809L
#include <criterion/criterion.h>
#include <fenv.h>
#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "kernels/tests/texts.h"

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
        const struct norma_problem problem = bundle_problem(valid[i].text);
        cr_expect_str_eq(test_print(&problem, text), expected, "'%s' is printed as '%s'",
                         valid[i].text, text);
        test_round_trip(&problem, valid[i].text);
    }
}

Test(text, sets_every_field) {
    struct norma_problem expected = norma_problem_default(NORMA_OPERATOR_BIN);
    expected.n = 2;
    expected.c = 16;
    expected.spatial_rank = 3;
    memcpy(expected.spatial, (const int64_t[]){7, 5, 3}, sizeof expected.spatial);
    expected.pass = NORMA_PASS_INFERENCE;
    expected.epsilon = 0.25;
    expected.momentum = 0.75;
    expected.rho_fixed = true;
    expected.rho = 0.5;
    struct norma_problem problem =
        bundle_problem("bin:2x16x7x5x3:pass=inf,eps=.25,momentum=.75,rho=.5");
    cr_assert(test_same_problem(&problem, &expected));

    expected = norma_problem_default(NORMA_OPERATOR_ADAIN);
    expected.n = 2;
    expected.c = 9;
    expected.alpha = 0.5;
    expected.style_rank = 2;
    expected.style_spatial[0] = 3;
    expected.style_spatial[1] = 4;
    problem = bundle_problem("adain:2x9:style=3x4,alpha=0.5");
    cr_assert(test_same_problem(&problem, &expected));

    expected = norma_problem_default(NORMA_OPERATOR_UNIT);
    expected.n = 1;
    expected.c = 1;
    expected.alpha_kind = NORMA_ALPHA_ELEMENT;
    problem = bundle_problem("unit:1x1:alpha=element");
    cr_assert(test_same_problem(&problem, &expected));

    expected.form = NORMA_FORM_LAYER;
    expected.alpha_kind = NORMA_ALPHA_SCALAR;
    expected.alpha = 0.5;
    expected.norm_scale = 0.25;
    expected.momentum = 0.75;
    expected.epilogue = NORMA_EPILOGUE_ADD_RELU;
    expected.pass = NORMA_PASS_INFERENCE_BACKWARD;
    problem = bundle_problem("unit:1x1:form=layer,alpha=.5,k=.25,momentum=.75,epilogue=add_relu,"
                             "pass=inf_bwd");
    cr_assert(test_same_problem(&problem, &expected));

    expected = norma_problem_default(NORMA_OPERATOR_ADAIN);
    expected.n = 2;
    expected.c = 9;
    expected.pass = NORMA_PASS_BACKWARD;
    expected.epilogue = NORMA_EPILOGUE_RELU;
    expected.regions = 7;
    expected.style_unbiased = true;
    expected.style_rank = 1;
    expected.style_spatial[0] = 3;
    problem = bundle_problem("adain:2x9:regions=7,std=unbiased,style=3,epilogue=relu,pass=bwd");
    cr_assert(test_same_problem(&problem, &expected));

    expected.regions = 1;
    expected.styles = 7;
    problem = bundle_problem("adain:2x9:styles=7,std=unbiased,style=3,epilogue=relu,pass=bwd");
    cr_assert(test_same_problem(&problem, &expected));
}

/* Parses every order of the keys: keys[0, fixed) stay, and the others take each place after them.
 * */
static void parse_in_every_order(const char *shape, const char *keys[], int count, int fixed,
                                 const struct norma_problem *expected) {
    if (fixed == count) {
        char text[NORMA_PROBLEM_TEXT];
        size_t length = (size_t)snprintf(text, sizeof text, "%s", shape);
        for (int i = 0; i < count; i++) {
            length += (size_t)snprintf(text + length, sizeof text - length, "%c%s",
                                       i == 0 ? ':' : ',', keys[i]);
        }
        const struct norma_problem problem = bundle_problem(text);
        cr_assert(test_same_problem(&problem, expected), "'%s' is another problem", text);
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
    struct norma_problem expected = bundle_problem(
        "unit:2x3x4:pass=inf_bwd,eps=0,epilogue=relu,momentum=0.5,form=layer,alpha=2,k=3");
    const char *layer[] = {"pass=inf_bwd", "eps=0", "epilogue=relu", "momentum=0.5", "form=layer",
                           "alpha=2",      "k=3"};
    parse_in_every_order("unit:2x3x4", layer, 7, 0, &expected);
    expected = bundle_problem("unit:2x3x4:form=vector,alpha=element,pass=bwd");
    const char *vector[] = {"form=vector", "alpha=element", "pass=bwd"};
    parse_in_every_order("unit:2x3x4", vector, 3, 0, &expected);
    expected = bundle_problem("unit:2x3x4:form=vanilla,pass=bwd");
    const char *vanilla[] = {"form=vanilla", "pass=bwd", "alpha=1"};
    parse_in_every_order("unit:2x3x4", vanilla, 3, 0, &expected);
    expected = bundle_problem("adain:2x3x1:styles=2,std=unbiased,style=2,alpha=0.5,epilogue=relu");
    const char *adain[] = {"styles=2", "std=unbiased", "style=2", "alpha=0.5", "epilogue=relu"};
    parse_in_every_order("adain:2x3x1", adain, 5, 0, &expected);
    expected = bundle_problem("gn:2x6:g=3,eps=0.5,pass=bwd");
    const char *groups[] = {"g=3", "eps=0.5", "pass=bwd"};
    parse_in_every_order("gn:2x6", groups, 3, 0, &expected);
}

Test(text, of_the_longest_problem_fits) {
    struct norma_problem problem = norma_problem_default(NORMA_OPERATOR_ADAIN);
    problem.n = problem.c = INT64_MAX;
    problem.spatial_rank = problem.style_rank = 3;
    for (int i = 0; i < 3; i++) {
        problem.spatial[i] = problem.style_spatial[i] = INT64_MAX;
    }
    problem.pass = NORMA_PASS_INFERENCE_BACKWARD;
    problem.epilogue = NORMA_EPILOGUE_ADD_RELU;
    problem.styles = problem.regions = INT64_MAX;
    problem.style_unbiased = true;
    problem.epsilon = problem.alpha = -DBL_MAX;
    char text[NORMA_PROBLEM_TEXT];
    test_print(&problem, text);
}

Test(text, is_cut_as_snprintf_does) {
    const struct norma_problem problem = bundle_problem("bin:2x16x32x32:pass=inf,eps=0.5,rho=0.25");
    char whole[NORMA_PROBLEM_TEXT], part[NORMA_PROBLEM_TEXT];
    const size_t length = strlen(test_print(&problem, whole));
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
    problem.rho_fixed = problem.style_unbiased = true; /* 0x7f is not a bool */
    test_print(&problem, text);
    for (unsigned op = 0; op < NORMA_OPERATOR_COUNT; op++) {
        problem.op = (norma_operator)op;
        problem.epsilon = (double)NAN;
        problem.style_spatial[0] = problem.style_spatial[1] = problem.style_spatial[2] = INT64_MIN;
        test_print(&problem, text);
    }
}

/* ---- surroundings: the caller's locale and rounding mode ---------------------------------- */

static void parses_and_prints_as_always(void) {
    char text[NORMA_PROBLEM_TEXT];
    const struct norma_problem problem =
        bundle_problem("bn:1x1:eps=0.30000000000000004,momentum=0.7");
    cr_assert(problem.epsilon == 0x1.3333333333334p-2 && problem.momentum == 0x1.6666666666666p-1);
    cr_assert_str_eq(test_print(&problem, text), "bn:1x1:eps=0.30000000000000004,momentum=0.7");
    struct norma_problem ignored;
    struct norma_parse_error error;
    cr_assert_eq(norma_problem_parse("bn:1x1:eps=0,5", &ignored, &error), NORMA_STATUS_MALFORMED);
    cr_assert_eq(error.position, 13);
    cr_assert_eq(norma_problem_parse("bn:1x1:eps=-0.5", &ignored, &error), NORMA_STATUS_INVALID);
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
