/* Texts are read and printed as always, whatever the caller's locale and rounding mode are.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _POSIX_C_SOURCE 200809L
#include <criterion/criterion.h>
#include <fenv.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "kernels/tests/texts.h"

static void parses_and_prints_as_always(void) {
    char text[NORMA_PROBLEM_TEXT];
    const struct norma_problem problem =
        bundle_problem("bn:1x1:eps=0.30000000000000004,momentum=0.7");
    cr_assert(problem.epsilon == 0x1.3333333333334p-2 && problem.momentum == 0x1.6666666666666p-1);
    cr_assert_str_eq(print(&problem, text), "bn:1x1:eps=0.30000000000000004,momentum=0.7");
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
