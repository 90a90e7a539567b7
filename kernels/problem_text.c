/* Problems as text: the parser and the printer, both driven by one table of keys.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _POSIX_C_SOURCE 200809L
#include "norma.h"

#include <fenv.h>
#include <inttypes.h>
#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- numbers mean the same everywhere ----------------------------------------------------- */

/* strtod and printf follow the thread's locale (a decimal comma in de_DE) and floating-point
 * environment (rounding mode; flush-to-zero, which users of SIMD code like to set). Parsing and
 * printing run under the "C" locale and the default environment and put the caller's back. Both
 * belong to the thread, so no other thread notices. glibc and musl have the "C" locale in static
 * memory: newlocale cannot fail there. strtod_l would do for half of this, but there is no portable
 * snprintf_l; localeconv, to learn the decimal point, is not thread-safe. */
struct surroundings {
    fenv_t environment;
    locale_t locale, plain;
};

static struct surroundings surroundings_leave(void) {
    struct surroundings caller;
    fegetenv(&caller.environment);
    fesetenv(FE_DFL_ENV);
    caller.plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    caller.locale = uselocale(caller.plain);
    return caller;
}

static void surroundings_restore(const struct surroundings *caller) {
    uselocale(caller->locale);
    if (caller->plain != (locale_t)0) {
        freelocale(caller->plain);
    }
    fesetenv(&caller->environment);
}

/* ---- writing text ------------------------------------------------------------------------- */

/* Appends as snprintf does: never beyond size, while length counts what there was to write. */
struct writer {
    char *text;
    size_t size, length;
};

__attribute__((format(printf, 2, 3))) static void append(struct writer *writer, const char *format,
                                                         ...) {
    const size_t room = writer->length < writer->size ? writer->size - writer->length : 0;
    va_list arguments;
    va_start(arguments, format);
    const int length =
        vsnprintf(room ? writer->text + writer->length : NULL, room, format, arguments);
    va_end(arguments);
    writer->length += length > 0 ? (size_t)length : 0;
}

static void append_item(struct writer *writer, const char *item) {
    append(writer, "%s%s", writer->length ? ", " : "", item);
}

/* The values of enumerations, by number, up to NULL. */
static const char *const passes[] = {"fwd", "inf", NULL};
static const char *const layouts[] = {"ncs", NULL};
static const char *const dtypes[] = {"f32", NULL};

static void append_word(struct writer *writer, const char *const words[], unsigned value) {
    while (*words != NULL && value > 0) {
        words++;
        value--;
    }
    append(writer, "%s", *words != NULL ? *words : "?");
}

static void append_sizes(struct writer *writer, const int64_t *sizes, int count) {
    for (int i = 0; i < count && i < NORMA_MAX_SPATIAL; i++) {
        append(writer, "%s%" PRId64, i ? "x" : "", sizes[i]);
    }
}

/* With the fewest digits that strtod reads back as the same number; 17 always do. Zero has one
 * text, as -0 means the same to every operator. */
static void append_real(struct writer *writer, double value) {
    char text[32];
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value == 0 ? 0 : value);
        if (strtod(text, NULL) == value) {
            break;
        }
    }
    append(writer, "%s", text);
}

/* ---- parsing text ------------------------------------------------------------------------- */

struct parser {
    const char *text, *at;
    struct norma_problem problem; /* meaningless after an error */
    unsigned given;               /* bit i: keys[i] was there */
    struct norma_parse_error error;
};

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"
#define DIGITS  "0123456789"

/* Names and numbers alike: what a message quotes as one thing. */
static int word_length(const char *at) {
    enum { QUOTED = 24 };
    const size_t length = strspn(at, LETTERS DIGITS);
    return length < QUOTED ? (int)length : QUOTED;
}

static bool word_is(const char *at, const char *word) {
    const size_t length = strspn(at, LETTERS DIGITS);
    return length == strlen(word) && memcmp(at, word, length) == 0;
}

__attribute__((format(printf, 3, 4))) static norma_status
malformed(struct parser *parser, const char *at, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(parser->error.message, sizeof parser->error.message, format, arguments);
    va_end(arguments);
    parser->error.position = (size_t)(at - parser->text);
    return NORMA_MALFORMED;
}

static norma_status unexpected(struct parser *parser, const char *at, const char *expected) {
    if (*at == '\0') {
        return malformed(parser, at, "found the end of the text, expected %s", expected);
    }
    if (word_length(at) > 0) {
        return malformed(parser, at, "found '%.*s', expected %s", word_length(at), at, expected);
    }
    if (*at >= ' ' && *at <= '~') {
        return malformed(parser, at, "found '%c', expected %s", *at, expected);
    }
    return malformed(parser, at, "found byte 0x%02x, expected %s", (unsigned char)*at, expected);
}

static norma_status parse_character(struct parser *parser, char character, const char *expected) {
    if (*parser->at != character) {
        return unexpected(parser, parser->at, expected);
    }
    parser->at++;
    return NORMA_OK;
}

static norma_status parse_word(struct parser *parser, const char *const words[], unsigned *value) {
    char names[64];
    struct writer list = {names, sizeof names, 0};
    for (*value = 0; words[*value] != NULL; ++*value) {
        if (word_is(parser->at, words[*value])) {
            parser->at += strlen(words[*value]);
            return NORMA_OK;
        }
        append_item(&list, words[*value]);
    }
    return unexpected(parser, parser->at, names);
}

static norma_status parse_integer(struct parser *parser, int64_t *value, const char *expected) {
    const char *start = parser->at;
    const size_t digits = strspn(start, DIGITS);
    if (digits == 0) {
        return unexpected(parser, start, expected);
    }
    *value = 0;
    for (; parser->at < start + digits; parser->at++) {
        const int digit = *parser->at - '0';
        if (*value > (INT64_MAX - digit) / 10) {
            return malformed(parser, start, "this number is more than %" PRId64 ", the largest",
                             INT64_MAX);
        }
        *value = *value * 10 + digit;
    }
    return NORMA_OK;
}

/* Parses sizes with an x between until something else comes. */
static norma_status parse_sizes(struct parser *parser, int64_t *sizes, int most, int *count,
                                const char *expected) {
    norma_status status = parse_integer(parser, &sizes[0], expected);
    for (*count = 1; status == NORMA_OK && *parser->at == 'x'; ++*count) {
        if (*count == most) {
            return malformed(parser, parser->at,
                             "found 'x', but there are at most %d spatial sizes",
                             NORMA_MAX_SPATIAL);
        }
        parser->at++;
        status = parse_integer(parser, &sizes[*count], "a whole number");
    }
    return status;
}

/* The end of a decimal number, or NULL with the error told. */
static const char *scan_exponent(struct parser *parser, const char *at) {
    if (*at != 'e' && *at != 'E') {
        return at;
    }
    at += at[1] == '-' || at[1] == '+' ? 2 : 1;
    const size_t digits = strspn(at, DIGITS);
    if (digits == 0) {
        unexpected(parser, at, "the digits of an exponent");
        return NULL;
    }
    return at + digits;
}

/* Decimal numbers alone: strtod would also take blanks, inf, nan and hexadecimal. Beyond the range
 * of double is an error in both directions: an eps of 1e-400 must not become 0 in silence. */
static norma_status parse_real(struct parser *parser, double *value, const char *expected) {
    const char *start = parser->at;
    const char *digits = start + (*start == '-');
    const size_t whole = strspn(digits, DIGITS);
    const size_t fraction = digits[whole] == '.' ? strspn(digits + whole + 1, DIGITS) : 0;
    if (whole + fraction == 0) {
        return unexpected(parser, digits, expected);
    }
    const char *mantissa_end = digits + whole + (digits[whole] == '.' ? 1 + fraction : 0);
    parser->at = scan_exponent(parser, mantissa_end);
    if (parser->at == NULL) {
        return NORMA_MALFORMED;
    }
    char *read_end;
    *value = strtod(start, &read_end);
    if (read_end != parser->at) {
        return unexpected(parser, parser->at, "',' or the end");
    }
    const bool zero = digits + strspn(digits, "0.") >= mantissa_end;
    if (isinf(*value) || (*value == 0 && !zero)) {
        return malformed(parser, start, "this number is beyond the range of double precision");
    }
    *value = zero ? 0 : *value;
    return NORMA_OK;
}

/* ---- keys --------------------------------------------------------------------------------- */

/* Long enough for any value: three int64_t with an x between are 59 characters, the longest double
 * (-1.7976931348623157e+308) is 24. */
enum { VALUE_TEXT = 64 };

static norma_status parse_pass(struct parser *parser) {
    unsigned value;
    const norma_status status = parse_word(parser, passes, &value);
    parser->problem.pass = (norma_pass)value;
    return status;
}

static void print_pass(const struct norma_problem *problem, struct writer *writer) {
    append_word(writer, passes, problem->pass);
}

static norma_status parse_layout(struct parser *parser) {
    unsigned value;
    const norma_status status = parse_word(parser, layouts, &value);
    parser->problem.layout = (norma_layout)value;
    return status;
}

static void print_layout(const struct norma_problem *problem, struct writer *writer) {
    append_word(writer, layouts, problem->layout);
}

static norma_status parse_dtype(struct parser *parser) {
    unsigned value;
    const norma_status status = parse_word(parser, dtypes, &value);
    parser->problem.dtype = (norma_dtype)value;
    return status;
}

static void print_dtype(const struct norma_problem *problem, struct writer *writer) {
    append_word(writer, dtypes, problem->dtype);
}

static norma_status parse_epsilon(struct parser *parser) {
    return parse_real(parser, &parser->problem.epsilon, "a number such as 1e-5");
}

static void print_epsilon(const struct norma_problem *problem, struct writer *writer) {
    append_real(writer, problem->epsilon);
}

static norma_status parse_momentum(struct parser *parser) {
    return parse_real(parser, &parser->problem.momentum, "a number in [0, 1]");
}

static void print_momentum(const struct norma_problem *problem, struct writer *writer) {
    append_real(writer, problem->momentum);
}

static norma_status parse_groups(struct parser *parser) {
    return parse_integer(parser, &parser->problem.groups, "a whole number that divides C");
}

static void print_groups(const struct norma_problem *problem, struct writer *writer) {
    append(writer, "%" PRId64, problem->groups);
}

static norma_status parse_rho(struct parser *parser) {
    parser->problem.rho_fixed = true;
    return parse_real(parser, &parser->problem.rho, "a number in [0, 1]");
}

static void print_rho(const struct norma_problem *problem, struct writer *writer) {
    if (problem->rho_fixed) {
        append_real(writer, problem->rho);
    }
}

static norma_status parse_tradeoff(struct parser *parser) {
    return parse_real(parser, &parser->problem.alpha, "a number in [0, 1]");
}

static void print_tradeoff(const struct norma_problem *problem, struct writer *writer) {
    append_real(writer, problem->alpha);
}

static norma_status parse_alpha(struct parser *parser) {
    if (word_is(parser->at, "channel")) {
        parser->problem.alpha_kind = NORMA_ALPHA_CHANNEL;
    } else if (word_is(parser->at, "element")) {
        parser->problem.alpha_kind = NORMA_ALPHA_ELEMENT;
    } else {
        parser->problem.alpha_kind = NORMA_ALPHA_SCALAR;
        return parse_real(parser, &parser->problem.alpha, "channel, element or a number");
    }
    parser->at += strspn(parser->at, LETTERS);
    return NORMA_OK;
}

static void print_alpha(const struct norma_problem *problem, struct writer *writer) {
    if (problem->alpha_kind == NORMA_ALPHA_SCALAR) {
        append_real(writer, problem->alpha);
    } else {
        append(writer, problem->alpha_kind == NORMA_ALPHA_CHANNEL ? "channel" : "element");
    }
}

/* A style tensor without spatial sizes (style_rank 0) is called a point: an empty value would let a
 * text that was cut off pass for one. */
static norma_status parse_style(struct parser *parser) {
    if (word_is(parser->at, "stats")) {
        parser->problem.style_source = NORMA_STYLE_STATS;
    } else if (word_is(parser->at, "point")) {
        parser->problem.style_rank = 0;
    } else {
        return parse_sizes(parser, parser->problem.style_spatial, NORMA_MAX_SPATIAL,
                           &parser->problem.style_rank, "stats, point or sizes such as 32x32");
    }
    parser->at += strspn(parser->at, LETTERS);
    return NORMA_OK;
}

static void print_style(const struct norma_problem *problem, struct writer *writer) {
    if (problem->style_source == NORMA_STYLE_STATS) {
        append(writer, "stats");
    } else if (problem->style_rank == 0) {
        append(writer, "point");
    } else {
        append_sizes(writer, problem->style_spatial, problem->style_rank);
    }
}

struct key {
    const char *name;
    unsigned operators; /* bit op: the operator has this key */
    bool always;        /* printed also where it has its default */
    /* Parses the value at parser->at into parser->problem. */
    norma_status (*parse)(struct parser *parser);
    /* Prints the value; nothing where only leaving the key out says it. */
    void (*print)(const struct norma_problem *problem, struct writer *writer);
};

#define OF(op) (1u << NORMA_##op)
#define ALL    ((1u << NORMA_OPERATOR_COUNT) - 1)

/* In the order of the canonical text. One name may be a different key of different operators. */
static const struct key keys[] = {
    {"pass", ALL, false, parse_pass, print_pass},
    {"layout", ALL, false, parse_layout, print_layout},
    {"dtype", ALL, false, parse_dtype, print_dtype},
    {"eps", ALL, false, parse_epsilon, print_epsilon},
    {"momentum", OF(BN) | OF(BIN), false, parse_momentum, print_momentum},
    {"g", OF(GN), true, parse_groups, print_groups},
    {"rho", OF(BIN), false, parse_rho, print_rho},
    {"alpha", OF(ADAIN), false, parse_tradeoff, print_tradeoff},
    {"alpha", OF(UNIT), false, parse_alpha, print_alpha},
    {"style", OF(ADAIN), false, parse_style, print_style},
};
enum { KEY_COUNT = sizeof keys / sizeof *keys };

static bool has_key(norma_operator op, const struct key *key) {
    return (unsigned)op < NORMA_OPERATOR_COUNT && (key->operators >> op & 1) != 0;
}

/* ---- parse -------------------------------------------------------------------------------- */

static void list_keys(norma_operator op, struct writer *list) {
    for (int i = 0; i < KEY_COUNT; i++) {
        if (has_key(op, &keys[i])) {
            append_item(list, keys[i].name);
        }
    }
}

/* The operators that have a key of the name at `at`; empty if none has. */
static void list_owners(const char *at, struct writer *list) {
    for (unsigned op = 0; op < NORMA_OPERATOR_COUNT; op++) {
        for (int i = 0; i < KEY_COUNT; i++) {
            if (has_key((norma_operator)op, &keys[i]) && word_is(at, keys[i].name)) {
                append_item(list, norma_operator_name((norma_operator)op));
            }
        }
    }
}

/* Says why there is no key of this operator at parser->at. */
static norma_status no_key(struct parser *parser) {
    const norma_operator op = parser->problem.op;
    const char *at = parser->at, *name = norma_operator_name(op);
    char own[80], owners[48] = "";
    struct writer own_list = {own, sizeof own, 0}, owners_list = {owners, sizeof owners, 0};
    list_keys(op, &own_list);
    list_owners(at, &owners_list);
    if (word_length(at) == 0) {
        char expected[96];
        snprintf(expected, sizeof expected, "a key of %s: %s", name, own);
        return unexpected(parser, at, expected);
    }
    if (owners_list.length > 0) {
        return malformed(parser, at, "'%.*s' is a key of %s, not of %s; %s takes %s",
                         word_length(at), at, owners, name, name, own);
    }
    return malformed(parser, at, "unknown key '%.*s'; %s takes %s", word_length(at), at, name, own);
}

static const struct key *find_key(const struct parser *parser) {
    for (int i = 0; i < KEY_COUNT; i++) {
        if (has_key(parser->problem.op, &keys[i]) && word_is(parser->at, keys[i].name)) {
            return &keys[i];
        }
    }
    return NULL;
}

/* Checks what has been parsed so far; blames the value at `at`, which came last. The defaults of
 * the keys that are still to come are sound with every shape. */
static norma_status check(struct parser *parser, const char *at) {
    parser->error.position = (size_t)(at - parser->text);
    return norma_problem_check(&parser->problem, parser->error.message,
                               sizeof parser->error.message);
}

static norma_status parse_key(struct parser *parser) {
    const struct key *key = find_key(parser);
    if (key == NULL) {
        return no_key(parser);
    }
    const unsigned bit = 1u << (key - keys);
    if (parser->given & bit) {
        return malformed(parser, parser->at, "key '%s' is given twice", key->name);
    }
    parser->given |= bit;
    parser->at += strlen(key->name);
    norma_status status = parse_character(parser, '=', "'=' and a value");
    const char *value = parser->at;
    if (status == NORMA_OK) {
        status = key->parse(parser);
    }
    if (status == NORMA_OK && *parser->at != ',' && *parser->at != '\0') {
        status = unexpected(parser, parser->at, "',' or the end");
    }
    return status == NORMA_OK ? check(parser, value) : status;
}

static norma_status parse_keys(struct parser *parser) {
    norma_status status = parse_character(parser, ':', "'x', ':' or the end");
    if (status == NORMA_OK) {
        status = parse_key(parser);
    }
    while (status == NORMA_OK && *parser->at == ',') {
        parser->at++;
        status = parse_key(parser);
    }
    return status;
}

/* gcd(c, 32): 32 groups where that is possible, as the field's networks have. */
static int64_t default_groups(int64_t c) {
    int64_t groups = 32;
    while (c % groups != 0) {
        groups /= 2;
    }
    return groups;
}

static norma_status parse_shape(struct parser *parser) {
    struct norma_problem *problem = &parser->problem;
    const char *start = parser->at;
    int64_t sizes[2 + NORMA_MAX_SPATIAL] = {0};
    int count;
    const norma_status status =
        parse_sizes(parser, sizes, 2 + NORMA_MAX_SPATIAL, &count, "the number of samples");
    if (status != NORMA_OK) {
        return status;
    }
    if (count < 2) {
        return unexpected(parser, parser->at, "'x' and the number of channels");
    }
    problem->n = sizes[0];
    problem->c = sizes[1];
    problem->spatial_rank = count - 2;
    memcpy(problem->spatial, sizes + 2, sizeof problem->spatial);
    if (problem->op == NORMA_GN) {
        problem->groups = default_groups(problem->c);
    }
    return check(parser, start);
}

static norma_status parse_operator(struct parser *parser) {
    char names[96];
    struct writer list = {names, sizeof names, 0};
    for (unsigned i = 0; i < NORMA_OPERATOR_COUNT; i++) {
        const char *name = norma_operator_name((norma_operator)i);
        if (word_is(parser->at, name)) {
            parser->at += strlen(name);
            parser->problem = norma_problem_default((norma_operator)i);
            return parse_character(parser, ':', "':' and the sizes, NxC...");
        }
        append_item(&list, name);
    }
    if (word_length(parser->at) > 0) {
        return malformed(parser, parser->at, "unknown operator '%.*s'; the operators are %s",
                         word_length(parser->at), parser->at, names);
    }
    char expected[128];
    snprintf(expected, sizeof expected, "an operator: %s", names);
    return unexpected(parser, parser->at, expected);
}

static norma_status parse_problem(struct parser *parser) {
    norma_status status = parse_operator(parser);
    if (status == NORMA_OK) {
        status = parse_shape(parser);
    }
    if (status == NORMA_OK && *parser->at != '\0') {
        status = parse_keys(parser);
    }
    return status;
}

/* As parse_problem, whatever the caller's pointers and surroundings are. */
static norma_status parse_safely(struct parser *parser, const struct norma_problem *problem) {
    if (parser->text == NULL || problem == NULL) {
        snprintf(parser->error.message, sizeof parser->error.message, "the %s is a null pointer",
                 parser->text == NULL ? "text" : "problem");
        return NORMA_NULL;
    }
    const struct surroundings caller = surroundings_leave();
    const norma_status status = parse_problem(parser);
    surroundings_restore(&caller);
    return status;
}

norma_status norma_problem_parse(const char *text, struct norma_problem *problem,
                                 struct norma_parse_error *error) {
    struct parser parser = {.text = text, .at = text};
    const norma_status status = parse_safely(&parser, problem);
    if (status == NORMA_OK) {
        *problem = parser.problem;
    } else if (error != NULL) {
        *error = parser.error;
    }
    return status;
}

/* ---- print -------------------------------------------------------------------------------- */

static void append_shape(struct writer *writer, const struct norma_problem *problem) {
    append(writer, "%" PRId64 "x%" PRId64, problem->n, problem->c);
    if (problem->spatial_rank > 0) {
        append(writer, "x");
        append_sizes(writer, problem->spatial, problem->spatial_rank);
    }
}

/* Leaves out what has the same text as the operator's default. */
static void append_keys(struct writer *writer, const struct norma_problem *problem) {
    const struct norma_problem standard = norma_problem_default(problem->op);
    char separator = ':';
    for (int i = 0; i < KEY_COUNT; i++) {
        if (!has_key(problem->op, &keys[i])) {
            continue;
        }
        char value[VALUE_TEXT] = "", default_value[VALUE_TEXT] = "";
        keys[i].print(problem, &(struct writer){value, VALUE_TEXT, 0});
        keys[i].print(&standard, &(struct writer){default_value, VALUE_TEXT, 0});
        if (keys[i].always || strcmp(value, default_value) != 0) {
            append(writer, "%c%s=%s", separator, keys[i].name, value);
            separator = ',';
        }
    }
}

/* NORMA_PROBLEM_TEXT is enough, even if one operator had every key. At most:
 *      6  operator and colon: "adain:"
 *     99  five int64_t of 19 digits with an x between
 *     30  ":pass=inf", ",layout=ncs", ",dtype=f32"
 *    123  ",eps=", ",momentum=", ",rho=", ",alpha=" and four doubles of 24 characters
 *     22  ",g=" and an int64_t
 *     66  ",style=" and three int64_t with an x between
 * That is 346, and the final NUL. */
size_t norma_problem_print(const struct norma_problem *problem, char *text, size_t size) {
    const struct surroundings caller = surroundings_leave();
    const char *name = norma_operator_name(problem->op);
    struct writer writer = {text, size, 0};
    append(&writer, "%s:", name != NULL ? name : "?");
    append_shape(&writer, problem);
    append_keys(&writer, problem);
    surroundings_restore(&caller);
    return writer.length;
}
