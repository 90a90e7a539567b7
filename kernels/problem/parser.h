/* Parsing text: the words and numbers that a problem's text is made of.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_PROBLEM_PARSER_H
#define KERNELS_PROBLEM_PARSER_H

#include <norma.h>

struct norma_parser {
    const char *text, *at;
    struct norma_problem problem; /* meaningless after an error */
    unsigned given;               /* bit i: norma_keys[i] was there */
    bool unsound;                 /* ... and the error says what made the problem so */
    struct norma_parse_error error;
};

/* Of the word at `at`, names and numbers alike; cut to what a message quotes. */
int norma_word_length(const char *at);
bool norma_word_is(const char *at, const char *word);

/* Both set the error at `at` and return NORMA_STATUS_MALFORMED. */
__attribute__((format(printf, 3, 4))) norma_status
norma_malformed(struct norma_parser *parser, const char *at, const char *format, ...);
norma_status norma_unexpected(struct norma_parser *parser, const char *at, const char *expected);

/* Each moves parser->at behind what it parsed; `expected` is for the message. */
norma_status norma_parse_character(struct norma_parser *parser, char character,
                                   const char *expected);
/* One of words, which end with NULL: its number. */
norma_status norma_parse_word(struct norma_parser *parser, const char *const words[],
                              unsigned *value);
/* False, without an error, where the word is another one. */
bool norma_parse_given_word(struct norma_parser *parser, const char *word);
norma_status norma_parse_integer(struct norma_parser *parser, int64_t *value, const char *expected);
/* Sizes with an x between, until something else comes. */
norma_status norma_parse_sizes(struct norma_parser *parser, int64_t *sizes, int most, int *count,
                               const char *expected);
norma_status norma_parse_real(struct norma_parser *parser, double *value, const char *expected);

#endif
