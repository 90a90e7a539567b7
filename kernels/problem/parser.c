/* SPDX-License-Identifier: Apache-2.0 */
#include "kernels/problem/parser.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/problem/guess.h"
#include "kernels/problem/writer.h"

#define DIGITS "0123456789"

/* Returns whether a character is part of a word. It is ASCII in every locale. */
static bool is_of_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

int norma_word_length(const char *at) {
    enum { QUOTED = 24 };
    int length = 0;
    while (length < QUOTED && is_of_word(at[length])) {
        length++;
    }
    return length;
}

bool norma_word_is(const char *at, const char *word) {
    const size_t length = strlen(word);
    return strncmp(at, word, length) == 0 && !is_of_word(at[length]);
}

__attribute__((format(printf, 3, 4))) norma_status
norma_malformed(struct norma_parser *parser, const char *at, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(parser->error.message, sizeof parser->error.message, format, arguments);
    va_end(arguments);
    parser->error.position = (size_t)(at - parser->text);
    return NORMA_STATUS_MALFORMED;
}

norma_status norma_unexpected(struct norma_parser *parser, const char *at, const char *expected) {
    if (*at == '\0') {
        return norma_malformed(parser, at, "found the end of the text, expected %s", expected);
    }
    if (norma_word_length(at) > 0) {
        return norma_malformed(parser, at, "found '%.*s', expected %s", norma_word_length(at), at,
                               expected);
    }
    if (*at >= ' ' && *at <= '~') {
        return norma_malformed(parser, at, "found '%c', expected %s", *at, expected);
    }
    return norma_malformed(parser, at, "found byte 0x%02x, expected %s", (unsigned char)*at,
                           expected);
}

norma_status norma_parse_character(struct norma_parser *parser, char character,
                                   const char *expected) {
    if (*parser->at != character) {
        return norma_unexpected(parser, parser->at, expected);
    }
    parser->at++;
    return NORMA_STATUS_OK;
}

norma_status norma_parse_word(struct norma_parser *parser, const char *const words[],
                              unsigned *value) {
    char names[96];
    struct norma_writer list = {names, sizeof names, 0};
    struct norma_guess guess = norma_guess_of(parser->at, norma_word_length(parser->at));
    for (*value = 0; words[*value] != NULL; ++*value) {
        if (norma_word_is(parser->at, words[*value])) {
            parser->at += strlen(words[*value]);
            return NORMA_STATUS_OK;
        }
        norma_append_item(&list, words[*value]);
        norma_guess_try(&guess, words[*value]);
    }
    norma_append_guess(&list, &guess);
    return norma_unexpected(parser, parser->at, names);
}

bool norma_parse_given_word(struct norma_parser *parser, const char *word) {
    const bool is = norma_word_is(parser->at, word);
    parser->at += is ? strlen(word) : 0;
    return is;
}

norma_status norma_parse_integer(struct norma_parser *parser, int64_t *value,
                                 const char *expected) {
    const char *start = parser->at;
    const size_t digits = strspn(start, DIGITS);
    if (digits == 0) {
        return norma_unexpected(parser, start, expected);
    }
    *value = 0;
    for (; parser->at < start + digits; parser->at++) {
        const int digit = *parser->at - '0';
        if (*value > (INT64_MAX - digit) / 10) {
            return norma_malformed(parser, start,
                                   "this number is more than %" PRId64 ", the largest", INT64_MAX);
        }
        *value = *value * 10 + digit;
    }
    return NORMA_STATUS_OK;
}

norma_status norma_parse_sizes(struct norma_parser *parser, int64_t *sizes, int most, int *count,
                               const char *expected) {
    norma_status status = norma_parse_integer(parser, &sizes[0], expected);
    for (*count = 1; status == NORMA_STATUS_OK && *parser->at == 'x'; ++*count) {
        if (*count == most) {
            return norma_malformed(parser, parser->at,
                                   "found 'x', but there are at most %d spatial sizes",
                                   NORMA_MAX_SPATIAL);
        }
        parser->at++;
        status = norma_parse_integer(parser, &sizes[*count], "a whole number");
    }
    return status;
}

/* Returns the end of a decimal number whose exponent may begin at `at`; NULL after an error. */
static const char *scan_exponent(struct norma_parser *parser, const char *at) {
    if (*at != 'e' && *at != 'E') {
        return at;
    }
    at += at[1] == '-' || at[1] == '+' ? 2 : 1;
    const size_t digits = strspn(at, DIGITS);
    if (digits == 0) {
        norma_unexpected(parser, at, "the digits of an exponent");
        return NULL;
    }
    return at + digits;
}

/* Accepts decimal numbers only: strtod would also accept blanks, inf, nan and hexadecimal. A number
 * beyond the range of double is an error in both directions, as an eps of 1e-400 must not silently
 * become 0. */
norma_status norma_parse_real(struct norma_parser *parser, double *value, const char *expected) {
    const char *start = parser->at;
    const char *digits = start + (*start == '-');
    const size_t whole = strspn(digits, DIGITS);
    const size_t fraction = digits[whole] == '.' ? strspn(digits + whole + 1, DIGITS) : 0;
    if (whole + fraction == 0) {
        return norma_unexpected(parser, digits, expected);
    }
    const char *mantissa_end = digits + whole + (digits[whole] == '.' ? 1 + fraction : 0);
    parser->at = scan_exponent(parser, mantissa_end);
    if (parser->at == NULL) {
        return NORMA_STATUS_MALFORMED;
    }
    char *read_end;
    *value = strtod(start, &read_end);
    if (read_end != parser->at) {
        return norma_unexpected(parser, parser->at, "',' or the end");
    }
    const bool zero = digits + strspn(digits, "0.") >= mantissa_end;
    if (isinf(*value) || (*value == 0 && !zero)) {
        return norma_malformed(parser, start,
                               "this number is beyond the range of double precision");
    }
    *value = zero ? 0 : *value;
    return NORMA_STATUS_OK;
}
