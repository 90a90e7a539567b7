/* Problems as values: defaults, checks and sizes; statuses and the version.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <norma.h>

#include <criterion/criterion.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- status ------------------------------------------------------------------------------- */

Test(status, has_a_sentence_of_its_own_for_every_value) {
    for (int i = NORMA_STATUS_OK; i <= NORMA_STATUS_BAD_PERMUTATION + 1; i++) {
        const char *text = norma_strerror((norma_status)i);
        cr_assert_not_null(text);
        cr_assert_eq(text[strlen(text) - 1], '.', "%d: '%s' is no sentence", i, text);
        for (int k = NORMA_STATUS_OK; k < i; k++) {
            cr_assert_str_neq(text, norma_strerror((norma_status)k), "%d and %d", i, k);
        }
    }
    cr_assert_str_eq(norma_strerror((norma_status)-1), norma_strerror((norma_status)1000));
}

Test(version, is_that_of_the_header) {
    char text[32];
    snprintf(text, sizeof text, "%d.%d.%d", NORMA_VERSION_MAJOR, NORMA_VERSION_MINOR,
             NORMA_VERSION_PATCH);
    cr_assert_str_eq(norma_version(), text);
}

/* ---- operators and defaults --------------------------------------------------------------- */

Test(operators, have_names_and_texts) {
    cr_assert_str_eq(norma_operator_name(NORMA_OPERATOR_BN), "bn");
    cr_assert_str_eq(norma_operator_name(NORMA_OPERATOR_ADAIN), "adain");
    cr_assert_str_eq(norma_operator_name(NORMA_OPERATOR_UNIT), "unit");
    cr_assert_str_eq(norma_operator_text(NORMA_OPERATOR_GN), "group normalization");
    cr_assert_null(norma_operator_name(NORMA_OPERATOR_COUNT));
    cr_assert_null(norma_operator_text(NORMA_OPERATOR_COUNT));
    cr_assert_null(norma_operator_name((norma_operator)-1));
    cr_assert_null(norma_operator_text((norma_operator)-1));
}

Test(defaults, are_valid_and_those_of_the_header) {
    for (unsigned op = 0; op < NORMA_OPERATOR_COUNT; op++) {
        char message[160] = "";
        const struct norma_problem problem = norma_problem_default((norma_operator)op);
        cr_assert_eq(norma_problem_check(&problem, message, sizeof message), NORMA_STATUS_OK, "%s",
                     message);
        cr_assert_eq(problem.op, op);
        cr_assert_eq(problem.pass, NORMA_PASS_FORWARD);
        cr_assert_eq(problem.dtype, NORMA_DTYPE_F32);
        cr_assert_eq(problem.layout, NORMA_LAYOUT_NCS);
        cr_assert(problem.n == 0 && problem.c == 0 && problem.spatial_rank == 0);
        cr_assert_eq(problem.epsilon, 1e-5);
        cr_assert_eq(problem.momentum, 0.1);
        cr_assert_eq(problem.groups, op == NORMA_OPERATOR_GN ? 32 : 0);
        cr_assert(!problem.rho_fixed && problem.rho == 0);
        cr_assert_eq(problem.epilogue, NORMA_EPILOGUE_NONE);
        cr_assert_eq(problem.styles, op == NORMA_OPERATOR_CIN || op == NORMA_OPERATOR_ADAIN);
        cr_assert_eq(problem.regions, op == NORMA_OPERATOR_ADAIN);
        cr_assert(problem.form == NORMA_FORM_PRACTICAL && problem.norm_scale == 1);
        cr_assert(!problem.style_unbiased);
        cr_assert_eq(problem.alpha_kind,
                     op == NORMA_OPERATOR_UNIT ? NORMA_ALPHA_CHANNEL : NORMA_ALPHA_SCALAR);
        cr_assert_eq(problem.alpha, 1);
        cr_assert(problem.style_source == NORMA_STYLE_TENSOR && problem.style_rank == -1);
    }
}

/* ---- check -------------------------------------------------------------------------------- */

static struct norma_problem of(norma_operator op, int64_t n, int64_t c, int64_t h, int64_t w) {
    struct norma_problem problem = norma_problem_default(op);
    problem.n = n;
    problem.c = c;
    problem.spatial_rank = 2;
    problem.spatial[0] = h;
    problem.spatial[1] = w;
    return problem;
}

static void rejects(int line, const struct norma_problem *problem, const char *expected) {
    char message[160] = "";
    const norma_status status = norma_problem_check(problem, message, sizeof message);
    cr_assert_eq(status, NORMA_STATUS_INVALID, "line %d: not rejected (expected: %s)", line,
                 expected);
    cr_assert_str_eq(message, expected, "line %d: got '%s'", line, message);
    cr_assert_eq(norma_problem_check(problem, NULL, 0), NORMA_STATUS_INVALID);
}

static void accepts(int line, const struct norma_problem *problem) {
    char message[160] = "";
    cr_assert_eq(norma_problem_check(problem, message, sizeof message), NORMA_STATUS_OK,
                 "line %d: %s", line, message);
}

/* REJECT(op, message, changes): the problem op:2x64x5x6 after the changes to p. */
#define REJECT(op, message, ...)                                                                   \
    do {                                                                                           \
        struct norma_problem p = of(NORMA_OPERATOR_##op, 2, 64, 5, 6);                             \
        accepts(__LINE__, &p);                                                                     \
        __VA_ARGS__;                                                                               \
        rejects(__LINE__, &p, message);                                                            \
    } while (0)

#define ACCEPT(op, ...)                                                                            \
    do {                                                                                           \
        struct norma_problem p = of(NORMA_OPERATOR_##op, 2, 64, 5, 6);                             \
        __VA_ARGS__;                                                                               \
        accepts(__LINE__, &p);                                                                     \
    } while (0)

Test(check, rejects_values_outside_enumerations) {
    REJECT(BN, "op = 9 is not an operator; operators are 0 to 8", p.op = NORMA_OPERATOR_COUNT);
    REJECT(BN, "op = -1 is not an operator; operators are 0 to 8", p.op = (norma_operator)-1);
    REJECT(BN, "pass = 4 must be 0 (fwd), 1 (inf), 2 (bwd) or 3 (inf_bwd)", p.pass = (norma_pass)4);
    REJECT(BN, "epilogue = 3 must be 0 (none), 1 (relu) or 2 (add_relu)",
           p.epilogue = (norma_epilogue)3);
    REJECT(BN, "epilogue = -1 must be 0 (none), 1 (relu) or 2 (add_relu)",
           p.epilogue = (norma_epilogue)-1);
    REJECT(BN, "dtype = 1 must be 0 (f32)", p.dtype = (norma_dtype)1);
    REJECT(BN, "layout = -1 must be 0 (ncs) or 1 (nsc)", p.layout = (norma_layout)-1);
    REJECT(ADAIN, "style_source = 3 must be 0 (tensor), 1 (stats) or 2 (swap)",
           p.style_source = (norma_style_source)3);
    REJECT(UNIT, "form = 5 must be in 0 (practical) to 4 (layer)", p.form = (norma_unit_form)5);
    REJECT(UNIT, "alpha_kind = 3 must be 0 (scalar), 1 (channel) or 2 (element)",
           p.alpha_kind = (norma_alpha_kind)3);
}

Test(check, rejects_impossible_shapes) {
    REJECT(IN, "spatial_rank = 4 must be in 0 to 3", p.spatial_rank = 4);
    REJECT(IN, "spatial_rank = -1 must be in 0 to 3", p.spatial_rank = -1);
    REJECT(IN, "N = -1 must be at least 0", p.n = -1);
    REJECT(IN, "C = -9223372036854775808 must be at least 0", p.c = INT64_MIN);
    REJECT(IN, "spatial[1] = -3 must be at least 0", p.spatial[1] = -3);
    REJECT(IN, "spatial[2] = 7 is not used by this in and must be its default, 0",
           p.spatial[2] = 7);
    REJECT(IN, "spatial[1] = 6 is not used by this in and must be its default, 0",
           p.spatial_rank = 1);
    REJECT(ADAIN, "style_rank = 4 must be in -1 to 3", p.style_rank = 4);
    REJECT(ADAIN, "style_rank = -2 must be in -1 to 3", p.style_rank = -2);
    REJECT(ADAIN, "style_spatial[0] = -3 must be at least 0", p.style_rank = 1,
           p.style_spatial[0] = -3);
    ACCEPT(IN, p.n = 0);
    ACCEPT(IN, p.c = 0);
    ACCEPT(IN, p.spatial[0] = 0);
}

Test(check, rejects_parameters_out_of_range) {
    REJECT(BN, "eps = -0.5 must be a finite number of at least 0", p.epsilon = -0.5);
    REJECT(IN, "eps = inf must be a finite number of at least 0", p.epsilon = INFINITY);
    REJECT(IN, "eps = nan must be a finite number of at least 0", p.epsilon = (double)NAN);
    REJECT(BN, "momentum = -0.1 must be in [0, 1]", p.momentum = -0.1);
    REJECT(BIN, "momentum = 1.0000000000000002 must be in [0, 1]", p.momentum = nextafter(1, 2));
    REJECT(BIN, "momentum = nan must be in [0, 1]", p.momentum = (double)NAN);
    REJECT(BIN, "rho = 1.5 must be in [0, 1]", p.rho_fixed = true, p.rho = 1.5);
    REJECT(BIN, "rho = nan must be in [0, 1]", p.rho_fixed = true, p.rho = (double)NAN);
    REJECT(ADAIN, "alpha = 2 must be in [0, 1]", p.alpha = 2);
    REJECT(ADAIN, "alpha = nan must be in [0, 1]", p.alpha = (double)NAN);
    REJECT(UNIT, "alpha = -inf must be a finite number", p.alpha_kind = NORMA_ALPHA_SCALAR,
           p.alpha = (double)-INFINITY);
    REJECT(UNIT, "alpha = nan must be a finite number", p.alpha_kind = NORMA_ALPHA_SCALAR,
           p.alpha = (double)NAN);
    REJECT(UNIT, "k = 0 must be a finite number above 0", p.form = NORMA_FORM_LAYER,
           p.norm_scale = 0);
    REJECT(UNIT, "k = inf must be a finite number above 0", p.form = NORMA_FORM_LAYER,
           p.norm_scale = INFINITY);
    REJECT(UNIT, "k = nan must be a finite number above 0", p.form = NORMA_FORM_LAYER,
           p.norm_scale = (double)NAN);
    REJECT(UNIT, "momentum = 2 must be in [0, 1]", p.form = NORMA_FORM_LAYER, p.momentum = 2);
    ACCEPT(BN, p.epsilon = 0, p.momentum = 0);
    ACCEPT(BIN, p.rho_fixed = true, p.rho = 1, p.momentum = 1);
    ACCEPT(ADAIN, p.alpha = 0);
    ACCEPT(UNIT, p.alpha_kind = NORMA_ALPHA_SCALAR, p.alpha = -1e300);
}

Test(check, rejects_groups_that_do_not_divide) {
    REJECT(GN, "g = 0 must be at least 1", p.groups = 0);
    REJECT(GN, "g = -2 must be at least 1", p.groups = -2);
    REJECT(GN, "C = 64 is not divisible by g = 33", p.groups = 33);
    REJECT(GN, "C = 64 is not divisible by g = 128", p.groups = 128);
    ACCEPT(GN, p.groups = 64);
    ACCEPT(GN, p.groups = 1);
    ACCEPT(GN, p.c = 0, p.groups = 5);
    REJECT(GN,
           "mean, N x g of size 2x4611686018427387904 must not have more than "
           "72057594037927936 bytes",
           p.c = 0, p.groups = INT64_C(1) << 62);
}

Test(check, rejects_styles_and_regions_out_of_range) {
    REJECT(CIN, "styles = 0 must be in 1 to 2147483647", p.styles = 0);
    REJECT(CIN, "styles = 2147483648 must be in 1 to 2147483647", p.styles = INT64_C(1) << 31);
    REJECT(ADAIN, "styles = -1 must be in 1 to 2147483647", p.styles = -1);
    REJECT(ADAIN, "regions = 0 must be in 1 to 256", p.regions = 0);
    REJECT(ADAIN, "regions = 257 must be in 1 to 256", p.regions = 257);
    REJECT(ADAIN, "styles = 2 and regions = 3 exclude each other: a region has one style",
           p.styles = 2, p.regions = 3);
    REJECT(ADAIN,
           "style = swap excludes styles and regions: the samples' own statistics are the styles",
           p.style_source = NORMA_STYLE_SWAP, p.styles = 2);
    REJECT(ADAIN,
           "style = swap excludes styles and regions: the samples' own statistics are the styles",
           p.style_source = NORMA_STYLE_SWAP, p.regions = 2);
    ACCEPT(CIN, p.styles = INT32_MAX);
    ACCEPT(ADAIN, p.regions = 256);
    ACCEPT(ADAIN, p.style_source = NORMA_STYLE_STATS, p.styles = 9);
    ACCEPT(ADAIN, p.style_source = NORMA_STYLE_SWAP);
}

Test(check, rejects_an_unbiased_deviation_of_what_has_none) {
    REJECT(ADAIN, "std = unbiased is for computed statistics; style = stats gives the std as it is",
           p.style_source = NORMA_STYLE_STATS, p.style_unbiased = true);
    REJECT(ADAIN, "std = unbiased divides by S - 1: a style needs at least 2 positions",
           p.style_unbiased = true, p.style_rank = 0);
    REJECT(ADAIN, "std = unbiased divides by S - 1: a style needs at least 2 positions",
           p.style_unbiased = true, p.spatial[0] = p.spatial[1] = 1);
    REJECT(ADAIN, "std = unbiased divides by S - 1: a style needs at least 2 positions",
           p.style_unbiased = true, p.style_source = NORMA_STYLE_SWAP,
           p.spatial[0] = p.spatial[1] = 1);
    ACCEPT(ADAIN, p.style_unbiased = true, p.style_rank = 1, p.style_spatial[0] = 2,
           p.spatial[0] = p.spatial[1] = 1);
    ACCEPT(ADAIN, p.style_unbiased = true, p.style_rank = 0, p.n = 0);
}

Test(check, rejects_an_alpha_of_another_form) {
    REJECT(UNIT, "form = vanilla has no alpha by channel or element", p.form = NORMA_FORM_VANILLA);
    REJECT(UNIT,
           "form = scalar takes a number alpha; form = vector takes alpha by channel or element",
           p.form = NORMA_FORM_SCALAR);
    REJECT(UNIT, "alpha = -0.5 must be in [0, 1]", p.form = NORMA_FORM_SCALAR,
           p.alpha_kind = NORMA_ALPHA_SCALAR, p.alpha = -0.5);
    REJECT(UNIT, "form = vector takes alpha by channel or element; form = scalar takes a number",
           p.form = NORMA_FORM_VECTOR, p.alpha_kind = NORMA_ALPHA_SCALAR);
    REJECT(UNIT, "form = layer takes a number alpha or alpha by channel", p.form = NORMA_FORM_LAYER,
           p.alpha_kind = NORMA_ALPHA_ELEMENT);
    ACCEPT(UNIT, p.form = NORMA_FORM_VANILLA, p.alpha_kind = NORMA_ALPHA_SCALAR);
    ACCEPT(UNIT, p.form = NORMA_FORM_SCALAR, p.alpha_kind = NORMA_ALPHA_SCALAR, p.alpha = 0);
    ACCEPT(UNIT, p.form = NORMA_FORM_VECTOR, p.alpha_kind = NORMA_ALPHA_ELEMENT);
    ACCEPT(UNIT, p.form = NORMA_FORM_LAYER);
    ACCEPT(UNIT, p.form = NORMA_FORM_LAYER, p.alpha_kind = NORMA_ALPHA_SCALAR, p.alpha = -7);
}

Test(check, rejects_gradients_of_running_statistics_that_there_are_not) {
    REJECT(IN, "pass = inf_bwd is for running statistics, which this in does not have; use bwd",
           p.pass = NORMA_PASS_INFERENCE_BACKWARD);
    REJECT(UNIT, "pass = inf_bwd is for running statistics, which this unit does not have; use bwd",
           p.pass = NORMA_PASS_INFERENCE_BACKWARD);
    ACCEPT(BN, p.pass = NORMA_PASS_INFERENCE_BACKWARD);
    ACCEPT(BIN, p.pass = NORMA_PASS_INFERENCE_BACKWARD);
    ACCEPT(UNIT, p.pass = NORMA_PASS_INFERENCE_BACKWARD, p.form = NORMA_FORM_LAYER);
    ACCEPT(IN, p.pass = NORMA_PASS_BACKWARD);
}

Test(check, rejects_sizes_beyond_memory) {
    const int64_t most = INT64_MAX;
    REJECT(BN,
           "x of size 9223372036854775807x64x5x6 must not have more than 72057594037927936 "
           "bytes",
           p.n = most);
    REJECT(BN,
           "x of size 9223372036854775807x9223372036854775807x9223372036854775807x"
           "9223372036854775807 must not have more than 72057594037927936 bytes",
           p.n = p.c = p.spatial[0] = p.spatial[1] = most);
    REJECT(ADAIN,
           "style, N x styles x C x spatial of size 2x1x64x9223372036854775807 must not have more "
           "than 72057594037927936 "
           "bytes",
           p.style_rank = 1, p.style_spatial[0] = most);
    REJECT(
        ADAIN,
        "style, N x styles x C x spatial of size 2x2147483647x64x4294967296x6 must not have more "
        "than 72057594037927936 bytes",
        p.styles = INT32_MAX, p.spatial[0] = INT64_C(1) << 32);
    REJECT(ADAIN,
           "style_mean, N x styles x C of size 2x2147483647x2147483648 must not have more than "
           "72057594037927936 bytes",
           p.styles = INT32_MAX, p.c = INT64_C(1) << 31, p.style_source = NORMA_STYLE_STATS);
    ACCEPT(ADAIN, p.styles = INT32_MAX, p.spatial[0] = INT64_C(1) << 32,
           p.style_source = NORMA_STYLE_STATS);
    REJECT(CIN,
           "gamma, styles x C of size 2147483647x2147483648 must not have more than "
           "72057594037927936 bytes",
           p.styles = INT32_MAX, p.c = INT64_C(1) << 31);
    /* Products that wrap around to something small. */
    REJECT(IN,
           "x of size 4294967296x4294967296x5x6 must not have more than 72057594037927936 "
           "bytes",
           p.n = p.c = INT64_C(1) << 32);
    /* A size of 0 does not hide alpha[C][S]. */
    REJECT(UNIT,
           "x of size 0x4294967296x4294967296x6 must not have more than 72057594037927936 "
           "bytes",
           p.n = 0, p.c = p.spatial[0] = INT64_C(1) << 32, p.alpha_kind = NORMA_ALPHA_ELEMENT);
    /* The largest that fits: 2^54 floats. */
    ACCEPT(BN, p.n = 1, p.c = 1, p.spatial[0] = 1, p.spatial[1] = INT64_C(1) << 54);
    REJECT(BN,
           "x of size 1x1x1x18014398509481985 must not have more than 72057594037927936 "
           "bytes",
           p.n = 1, p.c = 1, p.spatial[0] = 1, p.spatial[1] = (INT64_C(1) << 54) + 1);
}

Test(check, rejects_fields_that_the_operator_does_not_use) {
    REJECT(IN, "momentum = 0.2 is not used by this in and must be its default, 0.1",
           p.momentum = 0.2);
    REJECT(IN, "momentum = nan is not used by this in and must be its default, 0.1",
           p.momentum = (double)NAN);
    REJECT(BN, "g = 4 is not used by this bn and must be its default, 0", p.groups = 4);
    REJECT(BN, "rho_fixed = 1 is not used by this bn and must be its default, 0",
           p.rho_fixed = true);
    REJECT(BIN, "rho = 0.5 is not used by this bin and must be its default, 0", p.rho = 0.5);
    REJECT(ADAIN, "alpha_kind = 1 is not used by this adain and must be its default, 0",
           p.alpha_kind = NORMA_ALPHA_CHANNEL);
    REJECT(IN, "styles = 1 is not used by this in and must be its default, 0", p.styles = 1);
    REJECT(CIN, "regions = 1 is not used by this cin and must be its default, 0", p.regions = 1);
    REJECT(BN, "form = 4 is not used by this bn and must be its default, 0",
           p.form = NORMA_FORM_LAYER);
    REJECT(UNIT, "k = 2 is not used by this unit and must be its default, 1", p.norm_scale = 2);
    REJECT(UNIT, "momentum = 0.2 is not used by this unit and must be its default, 0.1",
           p.momentum = 0.2);
    REJECT(UNIT, "eps = 0.1 is not used by this unit and must be its default, 1e-05",
           p.form = NORMA_FORM_VECTOR, p.epsilon = 0.1);
    REJECT(UNIT, "alpha = 0.5 is not used by this unit and must be its default, 1",
           p.form = NORMA_FORM_VANILLA, p.alpha_kind = NORMA_ALPHA_SCALAR, p.alpha = 0.5);
    REJECT(IN, "std = 1 is not used by this in and must be its default, 0",
           p.style_unbiased = true);
    REJECT(GN, "alpha = 0.5 is not used by this gn and must be its default, 1", p.alpha = 0.5);
    REJECT(UNIT, "alpha = 0.5 is not used by this unit and must be its default, 1", p.alpha = 0.5,
           p.alpha_kind = NORMA_ALPHA_CHANNEL);
    REJECT(UNIT, "style_source = 1 is not used by this unit and must be its default, 0",
           p.style_source = NORMA_STYLE_STATS);
    REJECT(IN, "style_rank = 0 is not used by this in and must be its default, -1",
           p.style_rank = 0);
    REJECT(ADAIN, "style_rank = 1 is not used by this adain and must be its default, -1",
           p.style_source = NORMA_STYLE_STATS, p.style_rank = 1, p.style_spatial[0] = 3);
    REJECT(ADAIN, "style_spatial[0] = 3 is not used by this adain and must be its default, 0",
           p.style_source = NORMA_STYLE_STATS, p.style_spatial[0] = 3);
    REJECT(ADAIN, "style_spatial[0] = 9 is not used by this adain and must be its default, 0",
           p.style_spatial[0] = 9);
    REJECT(ADAIN, "style_spatial[2] = 9 is not used by this adain and must be its default, 0",
           p.style_rank = 2, p.style_spatial[0] = 1, p.style_spatial[1] = 1,
           p.style_spatial[2] = 9);
}

Test(check, rejects_an_empty_style_of_a_content_that_is_not) {
    REJECT(ADAIN, "style = 0x5 is empty and has no mean; its sizes must be at least 1",
           p.style_rank = 2, p.style_spatial[1] = 5);
    ACCEPT(ADAIN, p.style_rank = 2, p.style_spatial[1] = 5, p.n = 0);
    ACCEPT(ADAIN, p.style_rank = 2, p.style_spatial[1] = 5, p.spatial[0] = 0);
    ACCEPT(ADAIN, p.style_rank = 2, p.style_spatial[0] = 5, p.style_spatial[1] = 5,
           p.spatial[0] = 0);
    ACCEPT(ADAIN, p.style_rank = 0);
    ACCEPT(ADAIN, p.style_source = NORMA_STYLE_STATS);
}

Test(check, says_null_and_cuts_messages_to_their_size) {
    char message[8], sentence[160];
    cr_assert_eq(norma_problem_check(NULL, NULL, 0), NORMA_STATUS_NULL);
    cr_assert_eq(norma_problem_check(NULL, sentence, sizeof sentence), NORMA_STATUS_NULL);
    cr_assert_str_eq(sentence, "the problem is a null pointer");
    memset(message, '#', sizeof message);
    struct norma_problem problem = of(NORMA_OPERATOR_BN, -1, 1, 1, 1);
    cr_assert_eq(norma_problem_check(&problem, message, 4), NORMA_STATUS_INVALID);
    cr_assert_arr_eq(message, "N =\0####", 8);
}

/* ---- sizes -------------------------------------------------------------------------------- */

Test(sizes, spatial) {
    struct norma_problem problem = of(NORMA_OPERATOR_IN, 2, 3, 5, 7);
    cr_assert_eq(norma_problem_spatial(&problem), 35);
    problem.spatial[0] = 0;
    cr_assert_eq(norma_problem_spatial(&problem), 0);
    problem = norma_problem_default(NORMA_OPERATOR_IN);
    cr_assert_eq(norma_problem_spatial(&problem), 1);
}

Test(sizes, style) {
    struct norma_problem problem = of(NORMA_OPERATOR_ADAIN, 2, 3, 5, 7);
    cr_assert_eq(norma_problem_style_spatial(&problem), 35);
    problem.style_rank = 0;
    cr_assert_eq(norma_problem_style_spatial(&problem), 1);
    problem.style_rank = 3;
    memcpy(problem.style_spatial, (const int64_t[]){2, 3, 4}, sizeof problem.style_spatial);
    cr_assert_eq(norma_problem_style_spatial(&problem), 24);
    problem.style_source = NORMA_STYLE_STATS;
    cr_assert_eq(norma_problem_style_spatial(&problem), 0);
    problem = of(NORMA_OPERATOR_IN, 2, 3, 5, 7);
    cr_assert_eq(norma_problem_style_spatial(&problem), 0);
}

Test(sizes, styles_of_a_sample) {
    struct norma_problem problem = of(NORMA_OPERATOR_ADAIN, 2, 3, 5, 7);
    cr_assert_eq(norma_problem_sample_styles(&problem), 1);
    problem.styles = 4;
    cr_assert_eq(norma_problem_sample_styles(&problem), 4);
    problem.styles = 1;
    problem.regions = 5;
    cr_assert_eq(norma_problem_sample_styles(&problem), 5);
    problem = of(NORMA_OPERATOR_CIN, 2, 3, 5, 7);
    problem.styles = 4;
    cr_assert_eq(norma_problem_sample_styles(&problem), 0);
}

Test(sizes, statistics) {
    static const int64_t expected[] = {
        [NORMA_OPERATOR_BN] = 64,  [NORMA_OPERATOR_IN] = 3 * 64,    [NORMA_OPERATOR_CIN] = 3 * 64,
        [NORMA_OPERATOR_BIN] = 64, [NORMA_OPERATOR_ADAIN] = 3 * 64, [NORMA_OPERATOR_GN] = 3 * 16,
        [NORMA_OPERATOR_LN] = 3,   [NORMA_OPERATOR_RMS] = 3,        [NORMA_OPERATOR_UNIT] = 3,
    };
    for (unsigned op = 0; op < NORMA_OPERATOR_COUNT; op++) {
        struct norma_problem problem = of((norma_operator)op, 3, 64, 5, 7);
        problem.groups = op == NORMA_OPERATOR_GN ? 16 : 0;
        cr_assert_eq(norma_problem_statistics(&problem), expected[op], "%s: %" PRId64,
                     norma_operator_name((norma_operator)op), norma_problem_statistics(&problem));
    }
    struct norma_problem problem = of(NORMA_OPERATOR_ADAIN, 3, 64, 5, 7);
    problem.regions = 4;
    cr_assert_eq(norma_problem_statistics(&problem), 3 * 4 * 64);
    problem.regions = 1;
    problem.styles = 4;
    cr_assert_eq(norma_problem_statistics(&problem), 3 * 64);
    problem = of(NORMA_OPERATOR_UNIT, 3, 64, 5, 7);
    problem.form = NORMA_FORM_LAYER;
    cr_assert_eq(norma_problem_statistics(&problem), 64);
}
