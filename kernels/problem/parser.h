/* Parses the words and numbers of a problem's text.
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
    bool unsound;                 /* the keys so far make no sound problem; error says why */
    struct norma_parse_error error;
};

/* Returns the length of the word, a name or a number, at `at`; at most what a message quotes. */
int norma_word_length(const char *at);
bool norma_word_is(const char *at, const char *word);

/* Set the error at `at` and return NORMA_STATUS_MALFORMED. */
__attribute__((format(printf, 3, 4))) norma_status
norma_malformed(struct norma_parser *parser, const char *at, const char *format, ...);
norma_status norma_unexpected(struct norma_parser *parser, const char *at, const char *expected);

/* Move parser->at past the text that they parsed; `expected` is for the message. */
norma_status norma_parse_character(struct norma_parser *parser, char character,
                                   const char *expected);
/* Parses one of words, which end with NULL, and gives its number. */
norma_status norma_parse_word(struct norma_parser *parser, const char *const words[],
                              unsigned *value);
/* Parses a certain word. Returns false, without an error, where the text has another. */
bool norma_parse_given_word(struct norma_parser *parser, const char *word);
norma_status norma_parse_integer(struct norma_parser *parser, int64_t *value, const char *expected);
/* Parses sizes with an x between them, up to the first other character. */
norma_status norma_parse_sizes(struct norma_parser *parser, int64_t *sizes, int most, int *count,
                               const char *expected);
norma_status norma_parse_real(struct norma_parser *parser, double *value, const char *expected);

#endif
