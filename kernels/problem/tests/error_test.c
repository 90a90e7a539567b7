/* Texts that are not problems: the message, and the place of the error.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <norma.h>

#include <criterion/criterion.h>
#include <string.h>

static const struct {
    const char *text;
    norma_status status;
    size_t position;
    const char *message; /* a part of it */
} broken[] = {
    /* operator */
    {"", NORMA_STATUS_MALFORMED, 0,
     "found the end of the text, expected an operator: bn, in, cin, bin, adain, gn, ln, rms, unit"},
    {" bn:1x1", NORMA_STATUS_MALFORMED, 0, "found ' ', expected an operator"},
    {"foo:1x1", NORMA_STATUS_MALFORMED, 0,
     "unknown operator 'foo'; the operators are bn, in, cin, bin, adain, gn, ln, rms, unit"},
    {"BN:1x1", NORMA_STATUS_MALFORMED, 0, "unknown operator 'BN'"},
    {"bnn:1x1", NORMA_STATUS_MALFORMED, 0, "unknown operator 'bnn'"},
    {"b:1x1", NORMA_STATUS_MALFORMED, 0, "unknown operator 'b'"},
    {"\x1b[2J", NORMA_STATUS_MALFORMED, 0, "found byte 0x1b, expected an operator"},
    {"\xc3\xa4:1x1", NORMA_STATUS_MALFORMED, 0, "found byte 0xc3, expected an operator"},
    {"bn", NORMA_STATUS_MALFORMED, 2, "found the end of the text, expected ':'"},
    {"bn 1x1", NORMA_STATUS_MALFORMED, 2, "found ' ', expected ':'"},
    {"layernorm:1x1", NORMA_STATUS_MALFORMED, 0, "adain, gn, ln, rms, unit; did you mean ln?"},
    {"Layer_Norm:1x1", NORMA_STATUS_MALFORMED, 0, "; did you mean ln?"},
    {"layernrm:1x1", NORMA_STATUS_MALFORMED, 0, "; did you mean ln?"},
    {"InstanceNorm:1x1", NORMA_STATUS_MALFORMED, 0, "; did you mean in?"},
    {"batch_normalization:1x1", NORMA_STATUS_MALFORMED, 0, "; did you mean bn?"},
    {"RMSNorm:1x1", NORMA_STATUS_MALFORMED, 0, "; did you mean rms?"},
    {"groupnorm:1x1", NORMA_STATUS_MALFORMED, 0, "; did you mean gn?"},
    {"GN:1x1", NORMA_STATUS_MALFORMED, 0, "; did you mean gn?"},
    /* shape */
    {"bn:", NORMA_STATUS_MALFORMED, 3, "found the end of the text, expected the number of samples"},
    {"bn: 1x1", NORMA_STATUS_MALFORMED, 3, "found ' ', expected the number of samples"},
    {"bn:-1x1", NORMA_STATUS_MALFORMED, 3, "found '-', expected the number of samples"},
    {"bn:+1x1", NORMA_STATUS_MALFORMED, 3, "found '+', expected the number of samples"},
    {"bn:x1", NORMA_STATUS_MALFORMED, 3, "found 'x1', expected the number of samples"},
    {"bn:8", NORMA_STATUS_MALFORMED, 4,
     "found the end of the text, expected 'x' and the number of cha"},
    {"bn:8:eps=1", NORMA_STATUS_MALFORMED, 4, "found ':', expected 'x' and the number of channels"},
    {"bn:8x", NORMA_STATUS_MALFORMED, 5, "found the end of the text, expected a whole number"},
    {"bn:8xx4", NORMA_STATUS_MALFORMED, 5, "found 'x4', expected a whole number"},
    {"bn:8x:", NORMA_STATUS_MALFORMED, 5, "found ':', expected a whole number"},
    {"bn:8X64", NORMA_STATUS_MALFORMED, 4, "found 'X64', expected 'x'"},
    {"bn:8x64x", NORMA_STATUS_MALFORMED, 8, "expected a whole number"},
    {"bn:8x64y7", NORMA_STATUS_MALFORMED, 7, "found 'y7', expected 'x', ':' or the end"},
    {"bn:8x64 ", NORMA_STATUS_MALFORMED, 7, "found ' ', expected 'x', ':' or the end"},
    {"bn:8x64\n", NORMA_STATUS_MALFORMED, 7, "found byte 0x0a, expected 'x', ':' or the end"},
    {"bn:8x6.4", NORMA_STATUS_MALFORMED, 6, "found '.', expected 'x', ':' or the end"},
    {"bn:1x2x3x4x5x6", NORMA_STATUS_MALFORMED, 12,
     "found 'x', but there are at most 3 spatial sizes"},
    {"bn:1x9223372036854775808", NORMA_STATUS_MALFORMED, 5, "more than 9223372036854775807"},
    {"bn:99999999999999999999999x1", NORMA_STATUS_MALFORMED, 3, "more than 9223372036854775807"},
    {"bn:1x9223372036854775807", NORMA_STATUS_INVALID, 3,
     "x of size 1x9223372036854775807 must not"},
    {"bn:4294967296x4294967296x0", NORMA_STATUS_INVALID, 3, "must not have more than"},
    /* keys */
    {"bn:1x1:", NORMA_STATUS_MALFORMED, 7,
     "found the end of the text, expected a key of bn: pass, layout, dtype, eps, epilogue, "
     "momentum"},
    {"bn:1x1:,", NORMA_STATUS_MALFORMED, 7, "found ',', expected a key of bn"},
    {"bn:1x1:eps=1,", NORMA_STATUS_MALFORMED, 13,
     "found the end of the text, expected a key of bn"},
    {"bn:1x1:eps=1, pass=inf", NORMA_STATUS_MALFORMED, 13, "found ' ', expected a key of bn"},
    {"bn:1x1:epsilon=1", NORMA_STATUS_MALFORMED, 7,
     "unknown key 'epsilon'; bn takes pass, layout, dtype, eps, epilogue, momentum"},
    {"adain:1x1:foo=1", NORMA_STATUS_MALFORMED, 10,
     "unknown key 'foo'; adain takes pass, layout, dtype, eps, epilogue, styles, regions, alpha, "
     "style, std"},
    {"unit:1x1:foo=1", NORMA_STATUS_MALFORMED, 9,
     "unit takes pass, layout, dtype, eps, epilogue, momentum, form, alpha, k"},
    {"bin:1x1:foo=1", NORMA_STATUS_MALFORMED, 8,
     "bin takes pass, layout, dtype, eps, epilogue, momentum, rho"},
    {"bn:1x1:g=1", NORMA_STATUS_MALFORMED, 7,
     "'g' is a key of gn, not of bn; bn takes pass, layout"},
    {"gn:1x1:momentum=1", NORMA_STATUS_MALFORMED, 7,
     "'momentum' is a key of bn, bin, unit, not of gn; gn takes pass, layout, dtype, eps, "
     "epilogue, g"},
    {"in:1x1:alpha=1", NORMA_STATUS_MALFORMED, 7, "'alpha' is a key of adain, unit, not of in"},
    {"bn:1x1:eps=1,eps=1", NORMA_STATUS_MALFORMED, 13, "key 'eps' is given twice"},
    {"bn:1x1:eps", NORMA_STATUS_MALFORMED, 10,
     "found the end of the text, expected '=' and a value"},
    {"bn:1x1:eps:1", NORMA_STATUS_MALFORMED, 10, "found ':', expected '='"},
    {"bn:1x1:eps =1", NORMA_STATUS_MALFORMED, 10, "found ' ', expected '='"},
    {"bn:1x1:eps=1:pass=inf", NORMA_STATUS_MALFORMED, 12, "found ':', expected ',' or the end"},
    {"gn:1x4:groups=2", NORMA_STATUS_MALFORMED, 7,
     "gn takes pass, layout, dtype, eps, epilogue, g; did you mean g?"},
    {"bn:1x1:epsilom=1", NORMA_STATUS_MALFORMED, 7, "; did you mean eps?"},
    {"bn:1x1:momentun=1", NORMA_STATUS_MALFORMED, 7, "; did you mean momentum?"},
    {"bn:1x1:NCHW", NORMA_STATUS_MALFORMED, 7, "; did you mean layout?"},
    {"adain:1x1:num_regions=1", NORMA_STATUS_MALFORMED, 10, "; did you mean regions?"},
    /* words */
    {"bn:1x1:layout=NCHW", NORMA_STATUS_MALFORMED, 14,
     "found 'NCHW', expected ncs, nsc; did you mean ncs?"},
    {"bn:1x1:layout=channels_last", NORMA_STATUS_MALFORMED, 14, "; did you mean nsc?"},
    {"bn:1x1:pass=backward", NORMA_STATUS_MALFORMED, 12, "; did you mean bwd?"},
    {"bn:1x1:epilogue=add_rellu", NORMA_STATUS_MALFORMED, 16, "; did you mean add_relu?"},
    {"bn:1x1:pass=", NORMA_STATUS_MALFORMED, 12,
     "found the end of the text, expected fwd, inf, bwd, inf_bwd"},
    {"bn:1x1:pass=back", NORMA_STATUS_MALFORMED, 12,
     "found 'back', expected fwd, inf, bwd, inf_bwd"},
    {"bn:1x1:pass=inference", NORMA_STATUS_MALFORMED, 12,
     "found 'inference', expected fwd, inf, bwd, inf_bwd"},
    {"bn:1x1:pass=inf ", NORMA_STATUS_MALFORMED, 15, "found ' ', expected ',' or the end"},
    {"in:1x1:epilogue=gelu", NORMA_STATUS_MALFORMED, 16,
     "found 'gelu', expected none, relu, add_relu"},
    {"in:1x1:epilogue=", NORMA_STATUS_MALFORMED, 16,
     "found the end of the text, expected none, relu"},
    {"in:1x1:pass=inf_bwd", NORMA_STATUS_INVALID, 12,
     "pass = inf_bwd is for running statistics, which this in does not have; use bwd"},
    {"bn:1x1:layout=nhwc", NORMA_STATUS_MALFORMED, 14, "found 'nhwc', expected ncs"},
    {"bn:1x1:dtype=f16", NORMA_STATUS_MALFORMED, 13, "found 'f16', expected f32"},
    /* decimal numbers */
    {"bn:1x1:eps=", NORMA_STATUS_MALFORMED, 11,
     "found the end of the text, expected a number such as"},
    {"bn:1x1:eps= 1", NORMA_STATUS_MALFORMED, 11, "found ' ', expected a number"},
    {"bn:1x1:eps=+1", NORMA_STATUS_MALFORMED, 11, "found '+', expected a number"},
    {"bn:1x1:eps=.", NORMA_STATUS_MALFORMED, 11, "found '.', expected a number"},
    {"bn:1x1:eps=-", NORMA_STATUS_MALFORMED, 12, "found the end of the text, expected a number"},
    {"bn:1x1:eps=inf", NORMA_STATUS_MALFORMED, 11, "found 'inf', expected a number"},
    {"bn:1x1:eps=-inf", NORMA_STATUS_MALFORMED, 12, "found 'inf', expected a number"},
    {"bn:1x1:eps=nan", NORMA_STATUS_MALFORMED, 11, "found 'nan', expected a number"},
    {"bn:1x1:eps=0x1p-3", NORMA_STATUS_MALFORMED, 12, "found 'x1p', expected ',' or the end"},
    {"bn:1x1:eps=0x1p9999", NORMA_STATUS_MALFORMED, 12, "found 'x1p9999', expected ',' or the end"},
    {"bn:1x1:eps=1.5.5", NORMA_STATUS_MALFORMED, 14, "found '.', expected ',' or the end"},
    {"bn:1x1:eps=0.0.0", NORMA_STATUS_MALFORMED, 14, "found '.', expected ',' or the end"},
    {"bn:1x1:eps=1e", NORMA_STATUS_MALFORMED, 13,
     "the end of the text, expected the digits of an expo"},
    {"bn:1x1:eps=1e-,", NORMA_STATUS_MALFORMED, 14,
     "found ',', expected the digits of an exponent"},
    {"bn:1x1:eps=1e5x", NORMA_STATUS_MALFORMED, 14, "found 'x', expected ',' or the end"},
    {"bn:1x1:eps=1_0", NORMA_STATUS_MALFORMED, 12, "found '_0', expected ',' or the end"},
    {"bn:1x1:eps=1e999", NORMA_STATUS_MALFORMED, 11, "beyond the range of double precision"},
    {"bn:1x1:eps=1e-999", NORMA_STATUS_MALFORMED, 11, "beyond the range of double precision"},
    {"bn:1x1:eps=-1e-6", NORMA_STATUS_INVALID, 11,
     "eps = -1e-06 must be a finite number of at least 0"},
    {"bn:1x1:momentum=1.1,eps=-1", NORMA_STATUS_INVALID, 16, "momentum = 1.1 must be in [0, 1]"},
    {"bin:1x1:rho=-0.5", NORMA_STATUS_INVALID, 12, "rho = -0.5 must be in [0, 1]"},
    {"adain:1x1:alpha=2", NORMA_STATUS_INVALID, 16, "alpha = 2 must be in [0, 1]"},
    {"adain:1x1:alpha=channel", NORMA_STATUS_MALFORMED, 16,
     "found 'channel', expected a number in [0"},
    {"unit:1x1:alpha=pixel", NORMA_STATUS_MALFORMED, 15,
     "found 'pixel', expected channel, element or a number"},
    {"unit:1x1:alpha=channels", NORMA_STATUS_MALFORMED, 15,
     "found 'channels', expected channel, elem"},
    /* groups */
    {"gn:8x256x56x56:g=33", NORMA_STATUS_INVALID, 17, "C = 256 is not divisible by g = 33"},
    {"gn:8x256:eps=1,g=33", NORMA_STATUS_INVALID, 17, "C = 256 is not divisible by g = 33"},
    {"gn:8x256:g=0", NORMA_STATUS_INVALID, 11, "g = 0 must be at least 1"},
    {"gn:8x256:g=", NORMA_STATUS_MALFORMED, 11, "expected a whole number that divides C"},
    {"gn:8x256:g=-1", NORMA_STATUS_MALFORMED, 11,
     "found '-', expected a whole number that divides C"},
    {"gn:8x256:g=1.5", NORMA_STATUS_MALFORMED, 12, "found '.', expected ',' or the end"},
    {"gn:8x256:g=9223372036854775808", NORMA_STATUS_MALFORMED, 11, "more than 9223372036854775807"},
    /* style */
    {"adain:1x1:style=", NORMA_STATUS_MALFORMED, 16,
     "expected stats, swap, point or sizes such as 32x32"},
    {"adain:1x1:style=mean", NORMA_STATUS_MALFORMED, 16,
     "found 'mean', expected stats, swap, point or sizes"},
    {"adain:1x1:style=1x2x3x4", NORMA_STATUS_MALFORMED, 21,
     "found 'x', but there are at most 3 spatial"},
    {"adain:1x1:style=1x", NORMA_STATUS_MALFORMED, 18,
     "found the end of the text, expected a whole num"},
    {"adain:1x1:style=4x0", NORMA_STATUS_INVALID, 16, "style = 4x0 is empty"},
    {"adain:1x1:style=swapped", NORMA_STATUS_MALFORMED, 16,
     "found 'swapped', expected stats, swap"},
    {"adain:1x9:std=unbiased", NORMA_STATUS_INVALID, 14,
     "std = unbiased divides by S - 1: a style need"},
    {"adain:1x9:style=swap,std=unbiased", NORMA_STATUS_INVALID, 25,
     "std = unbiased divides by S - 1"},
    {"adain:1x9:std=unbiased,style=stats", NORMA_STATUS_INVALID, 14,
     "std = unbiased divides by S - 1"},
    {"adain:1x9x4:std=unbiased,style=stats", NORMA_STATUS_INVALID, 31,
     "std = unbiased is for computed statistics; style = stats gives the std as it is"},
    {"adain:1x1:std=sample", NORMA_STATUS_MALFORMED, 14,
     "found 'sample', expected biased, unbiased"},
    {"in:1x1:std=biased", NORMA_STATUS_MALFORMED, 7,
     "'std' is a key of adain, not of in; in takes"},
    /* styles and regions */
    {"bn:1x1:styles=2", NORMA_STATUS_MALFORMED, 7, "'styles' is a key of cin, adain, not of bn"},
    {"cin:1x1:regions=2", NORMA_STATUS_MALFORMED, 8, "'regions' is a key of adain, not of cin"},
    {"cin:1x1:styles=all", NORMA_STATUS_MALFORMED, 15, "found 'all', expected a whole number"},
    {"cin:1x1:styles=0", NORMA_STATUS_INVALID, 15, "styles = 0 must be in 1 to 2147483647"},
    {"cin:1x1:styles=2147483648", NORMA_STATUS_INVALID, 15, "styles = 2147483648 must be in 1 to"},
    {"cin:1x2147483648:styles=2147483647", NORMA_STATUS_INVALID, 24,
     "gamma, styles x C of size 2147483"},
    {"adain:1x1:regions=all", NORMA_STATUS_MALFORMED, 18,
     "found 'all', expected a whole number from 1"},
    {"adain:1x1:regions=257", NORMA_STATUS_INVALID, 18, "regions = 257 must be in 1 to 256"},
    {"adain:1x1:styles=2,regions=2", NORMA_STATUS_INVALID, 27,
     "styles = 2 and regions = 2 exclude each"},
    {"adain:1x1:regions=2,styles=2", NORMA_STATUS_INVALID, 27,
     "styles = 2 and regions = 2 exclude each"},
    {"adain:1x1:style=swap,styles=2", NORMA_STATUS_INVALID, 28,
     "style = swap excludes styles and regio"},
    {"adain:1x1:regions=2,style=swap", NORMA_STATUS_INVALID, 26,
     "style = swap excludes styles and regi"},
    {"adain:1x2147483648:style=stats,styles=2147483647", NORMA_STATUS_INVALID, 38,
     "style_mean, N x styles x C of size 1x2147483647x2147483648 must not"},
    /* forms */
    {"unit:1x1:form=cosine", NORMA_STATUS_MALFORMED, 14,
     "found 'cosine', expected practical, vanilla, scalar, vector, layer"},
    {"bn:1x1:form=layer", NORMA_STATUS_MALFORMED, 7,
     "'form' is a key of unit, not of bn; bn takes"},
    {"unit:1x1:form=vanilla,alpha=channel", NORMA_STATUS_INVALID, 28,
     "form = vanilla has no alpha by"},
    {"unit:1x1:form=vanilla,alpha=0.5", NORMA_STATUS_INVALID, 28,
     "alpha = 0.5 is not used by this unit"},
    {"unit:1x1:alpha=channel,form=scalar", NORMA_STATUS_INVALID, 28,
     "form = scalar takes a number alpha"},
    {"unit:1x1:form=scalar,alpha=1.5", NORMA_STATUS_INVALID, 27, "alpha = 1.5 must be in [0, 1]"},
    {"unit:1x1:form=vector,alpha=0.5", NORMA_STATUS_INVALID, 27,
     "form = vector takes alpha by channel"},
    {"unit:1x1:form=vector,eps=0.5", NORMA_STATUS_INVALID, 25,
     "eps = 0.5 is not used by this unit and"},
    {"unit:1x1:form=layer,alpha=element", NORMA_STATUS_INVALID, 26,
     "form = layer takes a number alpha"},
    {"unit:1x1:form=layer,k=0", NORMA_STATUS_INVALID, 22, "k = 0 must be a finite number above 0"},
    {"unit:1x1:form=layer,k=two", NORMA_STATUS_MALFORMED, 22,
     "found 'two', expected a number such as 1"},
    {"unit:1x1:k=2", NORMA_STATUS_INVALID, 11,
     "k = 2 is not used by this unit and must be its default"},
    {"unit:1x1:momentum=0.5", NORMA_STATUS_INVALID, 18, "momentum = 0.5 is not used by this unit"},
    {"unit:1x1:pass=inf_bwd", NORMA_STATUS_INVALID, 14,
     "pass = inf_bwd is for running statistics, wh"},
    {"adain:1x1:style=9223372036854775807", NORMA_STATUS_INVALID, 16,
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
    cr_assert_eq(norma_problem_parse(NULL, &problem, &error), NORMA_STATUS_NULL);
    cr_assert_eq(error.position, 0);
    cr_assert_str_eq(error.message, "the text is a null pointer");
    cr_assert_eq(norma_problem_parse("bn:1x1", NULL, &error), NORMA_STATUS_NULL);
    cr_assert_str_eq(error.message, "the problem is a null pointer");
    cr_assert_eq(norma_problem_parse(NULL, NULL, NULL), NORMA_STATUS_NULL);
}

Test(error, is_untouched_by_success) {
    struct norma_problem problem;
    struct norma_parse_error error = {12345, "untouched"};
    cr_assert_eq(norma_problem_parse("bn:1x1:eps=1", &problem, &error), NORMA_STATUS_OK);
    cr_assert_eq(error.position, 12345);
    cr_assert_str_eq(error.message, "untouched");
}

Test(error, of_any_length_of_word_is_one_message) {
    char text[400];
    struct norma_problem problem;
    struct norma_parse_error error;
    memset(text, 'a', sizeof text);
    text[sizeof text - 1] = '\0';
    cr_assert_eq(norma_problem_parse(text, &problem, &error), NORMA_STATUS_MALFORMED);
    cr_assert_str_eq(error.message, "unknown operator 'aaaaaaaaaaaaaaaaaaaaaaaa'; the operators "
                                    "are bn, in, cin, bin, adain, gn, ln, rms, unit");
    memset(text, '1', sizeof text - 1);
    memcpy(text, "bn:1x1:eps=", 11);
    cr_assert_eq(norma_problem_parse(text, &problem, &error), NORMA_STATUS_MALFORMED);
    cr_assert_eq(error.position, 11);
}

/* Messages without a guess, for words that are near a name and mean something else. */
Test(error, guesses_nothing_where_little_agrees) {
    static const char *const texts[] = {"foo:1x1",          "inn:1x1",    "bn:1x1:epilogue=gelu",
                                        "bn:1x1:dtype=f16", "bn:1x1:x=1", "",
                                        "bn:1x1:pass="};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct norma_problem problem;
        struct norma_parse_error error;
        cr_assert_neq(norma_problem_parse(texts[i], &problem, &error), NORMA_STATUS_OK);
        cr_expect(!strstr(error.message, "did you mean"), "%s: %s", texts[i], error.message);
    }
}

/* The longest message ends with its guess, and is not cut off. */
Test(error, has_room_for_the_longest_guess) {
    struct norma_problem problem;
    struct norma_parse_error error;
    norma_problem_parse("adain:1x1:num_regions__________=1", &problem, &error);
    const size_t length = strlen(error.message);
    cr_expect(length > 0 && error.message[length - 1] == '?', "%s", error.message);
}
