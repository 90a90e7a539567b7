/* SPDX-License-Identifier: Apache-2.0 */
#include "kernels/problem/keys.h"
#include "kernels/problem/names.h"

#include <inttypes.h>
#include <norma_tools.h>
#include <stddef.h>
#include <string.h>

/* ---- enumerations ------------------------------------------------------------------------- */

/* The words of values that no other file needs, by number, up to NULL. */
static const char *const forms[] = {"practical", "vanilla", "scalar", "vector", "layer", NULL};
static const char *const deviations[] = {"biased", "unbiased", NULL};

static void append_word(struct norma_writer *writer, const char *const words[], unsigned value) {
    while (*words != NULL && value > 0) {
        words++;
        value--;
    }
    norma_append(writer, "%s", *words != NULL ? *words : "?");
}

#define WORD_KEY(key, words, field, type)                                                          \
    static norma_status parse_##key(struct norma_parser *parser) {                                 \
        unsigned value;                                                                            \
        const norma_status status = norma_parse_word(parser, words, &value);                       \
        parser->problem.field = (type)value;                                                       \
        return status;                                                                             \
    }                                                                                              \
    static void print_##key(const struct norma_problem *problem, struct norma_writer *writer) {    \
        append_word(writer, words, (unsigned)problem->field);                                      \
    }

WORD_KEY(pass, norma_pass_names, pass, norma_pass)
WORD_KEY(layout, norma_layout_names, layout, norma_layout)
WORD_KEY(dtype, norma_dtype_names, dtype, norma_dtype)
WORD_KEY(epilogue, norma_epilogue_names, epilogue, norma_epilogue)
WORD_KEY(deviation, deviations, style_unbiased, bool)

/* ---- numbers ------------------------------------------------------------------------------ */

#define REAL_KEY(key, field, expected)                                                             \
    static norma_status parse_##key(struct norma_parser *parser) {                                 \
        return norma_parse_real(parser, &parser->problem.field, expected);                         \
    }                                                                                              \
    static void print_##key(const struct norma_problem *problem, struct norma_writer *writer) {    \
        norma_append_real(writer, problem->field);                                                 \
    }

REAL_KEY(epsilon, epsilon, "a number such as 1e-5")
REAL_KEY(momentum, momentum, "a number in [0, 1]")
REAL_KEY(tradeoff, alpha, "a number in [0, 1]")
REAL_KEY(norm_scale, norm_scale, "a number such as 1")

#define INTEGER_KEY(key, field, expected)                                                          \
    static norma_status parse_##key(struct norma_parser *parser) {                                 \
        return norma_parse_integer(parser, &parser->problem.field, expected);                      \
    }                                                                                              \
    static void print_##key(const struct norma_problem *problem, struct norma_writer *writer) {    \
        norma_append(writer, "%" PRId64, problem->field);                                          \
    }

INTEGER_KEY(groups, groups, "a whole number that divides C")
INTEGER_KEY(styles, styles, "a whole number")
INTEGER_KEY(regions, regions, "a whole number from 1 to 256")

/* ---- keys of their own kind --------------------------------------------------------------- */

static norma_status parse_rho(struct norma_parser *parser) {
    parser->problem.rho_fixed = true;
    return norma_parse_real(parser, &parser->problem.rho, "a number in [0, 1]");
}

static void print_rho(const struct norma_problem *problem, struct norma_writer *writer) {
    if (problem->rho_fixed) {
        norma_append_real(writer, problem->rho);
    }
}

static bool is_given(const struct norma_parser *parser, const char *name) {
    for (size_t i = 0; norma_keys[i].name != NULL; i++) {
        if ((parser->given >> i & 1) != 0 && strcmp(norma_keys[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

norma_alpha_kind norma_default_alpha_kind(norma_unit_form form) {
    return form == NORMA_FORM_VANILLA || form == NORMA_FORM_SCALAR ? NORMA_ALPHA_SCALAR
                                                                   : NORMA_ALPHA_CHANNEL;
}

/* Parses the form, which sets the default kind of alpha where alpha is not given. */
static norma_status parse_form(struct norma_parser *parser) {
    unsigned value;
    const norma_status status = norma_parse_word(parser, forms, &value);
    parser->problem.form = (norma_unit_form)value;
    if (!is_given(parser, "alpha")) {
        parser->problem.alpha_kind = norma_default_alpha_kind(parser->problem.form);
    }
    return status;
}

static void print_form(const struct norma_problem *problem, struct norma_writer *writer) {
    append_word(writer, forms, problem->form);
}

static norma_status parse_alpha(struct norma_parser *parser) {
    if (norma_parse_given_word(parser, "channel")) {
        parser->problem.alpha_kind = NORMA_ALPHA_CHANNEL;
    } else if (norma_parse_given_word(parser, "element")) {
        parser->problem.alpha_kind = NORMA_ALPHA_ELEMENT;
    } else {
        parser->problem.alpha_kind = NORMA_ALPHA_SCALAR;
        return norma_parse_real(parser, &parser->problem.alpha, "channel, element or a number");
    }
    return NORMA_STATUS_OK;
}

static void print_alpha(const struct norma_problem *problem, struct norma_writer *writer) {
    if (problem->alpha_kind == NORMA_ALPHA_SCALAR) {
        norma_append_real(writer, problem->alpha);
    } else {
        norma_append(writer, problem->alpha_kind == NORMA_ALPHA_CHANNEL ? "channel" : "element");
    }
}

/* Parses the style. A style tensor without spatial sizes (style_rank 0) is written "point": if it
 * were an empty value, a truncated text would be accepted as one. */
static norma_status parse_style(struct norma_parser *parser) {
    struct norma_problem *problem = &parser->problem;
    if (norma_parse_given_word(parser, "stats")) {
        problem->style_source = NORMA_STYLE_STATS;
    } else if (norma_parse_given_word(parser, "swap")) {
        problem->style_source = NORMA_STYLE_SWAP;
    } else if (norma_parse_given_word(parser, "point")) {
        problem->style_rank = 0;
    } else {
        return norma_parse_sizes(parser, problem->style_spatial, NORMA_MAX_SPATIAL,
                                 &problem->style_rank, "stats, swap, point or sizes such as 32x32");
    }
    return NORMA_STATUS_OK;
}

static void print_style(const struct norma_problem *problem, struct norma_writer *writer) {
    if (problem->style_source == NORMA_STYLE_STATS) {
        norma_append(writer, "stats");
    } else if (problem->style_source == NORMA_STYLE_SWAP) {
        norma_append(writer, "swap");
    } else if (problem->style_rank == 0) {
        norma_append(writer, "point");
    } else {
        norma_append_sizes(writer, problem->style_spatial, problem->style_rank);
    }
}

/* ---- the table ---------------------------------------------------------------------------- */

#define OF(op) (1u << NORMA_OPERATOR_##op)
#define ALL    ((1u << NORMA_OPERATOR_COUNT) - 1)

const struct norma_key norma_keys[] = {
    {"pass", ALL, false, parse_pass, print_pass},
    {"layout", ALL, false, parse_layout, print_layout},
    {"dtype", ALL, false, parse_dtype, print_dtype},
    {"eps", ALL, false, parse_epsilon, print_epsilon},
    {"epilogue", ALL, false, parse_epilogue, print_epilogue},
    {"momentum", OF(BN) | OF(BIN) | OF(UNIT), false, parse_momentum, print_momentum},
    {"g", OF(GN), true, parse_groups, print_groups},
    {"rho", OF(BIN), false, parse_rho, print_rho},
    {"styles", OF(CIN) | OF(ADAIN), false, parse_styles, print_styles},
    {"regions", OF(ADAIN), false, parse_regions, print_regions},
    {"alpha", OF(ADAIN), false, parse_tradeoff, print_tradeoff},
    {"form", OF(UNIT), false, parse_form, print_form},
    {"alpha", OF(UNIT), false, parse_alpha, print_alpha},
    {"k", OF(UNIT), false, parse_norm_scale, print_norm_scale},
    {"style", OF(ADAIN), false, parse_style, print_style},
    {"std", OF(ADAIN), false, parse_deviation, print_deviation},
    {NULL, 0, false, NULL, NULL},
};

const char *norma_operator_key(norma_operator op, size_t index) {
    for (const struct norma_key *key = norma_keys; key->name != NULL; key++) {
        if (norma_has_key(op, key) && index-- == 0) {
            return key->name;
        }
    }
    return NULL;
}

bool norma_has_key(norma_operator op, const struct norma_key *key) {
    return (unsigned)op < NORMA_OPERATOR_COUNT && (key->operators >> op & 1) != 0;
}
