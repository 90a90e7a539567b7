/* Parses problems from text.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _POSIX_C_SOURCE 200809L
#include <norma.h>

#include <stdio.h>
#include <string.h>

#include "kernels/problem/guess.h"
#include "kernels/problem/keys.h"
#include "kernels/problem/surroundings.h"

static void list_keys(norma_operator op, struct norma_writer *list) {
    for (size_t i = 0; norma_keys[i].name != NULL; i++) {
        if (norma_has_key(op, &norma_keys[i])) {
            norma_append_item(list, norma_keys[i].name);
        }
    }
}

/* Lists the operators that have a key with the name at `at`; the list may be empty. */
static void list_owners(const char *at, struct norma_writer *list) {
    for (unsigned op = 0; op < NORMA_OPERATOR_COUNT; op++) {
        for (size_t i = 0; norma_keys[i].name != NULL; i++) {
            if (norma_has_key((norma_operator)op, &norma_keys[i]) &&
                norma_word_is(at, norma_keys[i].name)) {
                norma_append_item(list, norma_operator_name((norma_operator)op));
            }
        }
    }
}

/* Appends the operator's key that was meant by the word at `at`. */
static void append_meant_key(norma_operator op, const char *at, struct norma_writer *list) {
    struct norma_guess guess = norma_guess_of(at, norma_word_length(at));
    for (size_t i = 0; norma_keys[i].name != NULL; i++) {
        if (norma_has_key(op, &norma_keys[i])) {
            norma_guess_try(&guess, norma_keys[i].name);
        }
    }
    norma_append_guess(list, &guess);
}

/* Writes the error for a word at parser->at that is not a key of this operator. */
static norma_status no_key(struct norma_parser *parser) {
    const norma_operator op = parser->problem.op;
    const char *at = parser->at, *name = norma_operator_name(op);
    char own[112], owners[64] = "";
    struct norma_writer own_list = {own, sizeof own, 0}, owners_list = {owners, sizeof owners, 0};
    list_keys(op, &own_list);
    list_owners(at, &owners_list);
    if (norma_word_length(at) == 0) {
        char expected[144];
        snprintf(expected, sizeof expected, "a key of %s: %s", name, own);
        return norma_unexpected(parser, at, expected);
    }
    if (owners_list.length > 0) {
        return norma_malformed(parser, at, "'%.*s' is a key of %s, not of %s; %s takes %s",
                               norma_word_length(at), at, owners, name, name, own);
    }
    append_meant_key(op, at, &own_list);
    return norma_malformed(parser, at, "unknown key '%.*s'; %s takes %s", norma_word_length(at), at,
                           name, own);
}

static const struct norma_key *find_key(const struct norma_parser *parser) {
    for (size_t i = 0; norma_keys[i].name != NULL; i++) {
        if (norma_has_key(parser->problem.op, &norma_keys[i]) &&
            norma_word_is(parser->at, norma_keys[i].name)) {
            return &norma_keys[i];
        }
    }
    return NULL;
}

/* Checks the problem so far. Where it is unsound, the position of the error is `at`. */
static norma_status check(struct norma_parser *parser, const char *at) {
    parser->error.position = (size_t)(at - parser->text);
    return norma_problem_check(&parser->problem, parser->error.message,
                               sizeof parser->error.message);
}

/* Keeps the error of the first value that makes the problem unsound. It is reported only at the
 * end, as the order of keys has no meaning and a later key may make the problem sound again. */
static void blame(struct norma_parser *parser, const char *value) {
    struct norma_parser trial = *parser;
    const bool sound = check(&trial, value) == NORMA_STATUS_OK;
    if (!sound && !parser->unsound) {
        parser->error = trial.error;
    }
    parser->unsound = !sound;
}

static norma_status parse_key(struct norma_parser *parser) {
    const struct norma_key *key = find_key(parser);
    if (key == NULL) {
        return no_key(parser);
    }
    const unsigned bit = 1u << (key - norma_keys);
    if (parser->given & bit) {
        return norma_malformed(parser, parser->at, "key '%s' is given twice", key->name);
    }
    parser->given |= bit;
    parser->at += strlen(key->name);
    norma_status status = norma_parse_character(parser, '=', "'=' and a value");
    const char *value = parser->at;
    if (status == NORMA_STATUS_OK) {
        status = key->parse(parser);
    }
    if (status == NORMA_STATUS_OK && *parser->at != ',' && *parser->at != '\0') {
        status = norma_unexpected(parser, parser->at, "',' or the end");
    }
    if (status == NORMA_STATUS_OK) {
        blame(parser, value);
    }
    return status;
}

static norma_status parse_keys(struct norma_parser *parser) {
    norma_status status = norma_parse_character(parser, ':', "'x', ':' or the end");
    if (status == NORMA_STATUS_OK) {
        status = parse_key(parser);
    }
    while (status == NORMA_STATUS_OK && *parser->at == ',') {
        parser->at++;
        status = parse_key(parser);
    }
    return status == NORMA_STATUS_OK && parser->unsound ? NORMA_STATUS_INVALID : status;
}

/* Returns gcd(c, 32): 32 groups where that is possible, as in most networks. */
static int64_t default_groups(int64_t c) {
    int64_t groups = 32;
    while (c % groups != 0) {
        groups /= 2;
    }
    return groups;
}

static norma_status parse_shape(struct norma_parser *parser) {
    struct norma_problem *problem = &parser->problem;
    const char *start = parser->at;
    int64_t sizes[2 + NORMA_MAX_SPATIAL] = {0};
    int count;
    const norma_status status =
        norma_parse_sizes(parser, sizes, 2 + NORMA_MAX_SPATIAL, &count, "the number of samples");
    if (status != NORMA_STATUS_OK) {
        return status;
    }
    if (count < 2) {
        return norma_unexpected(parser, parser->at, "'x' and the number of channels");
    }
    problem->n = sizes[0];
    problem->c = sizes[1];
    problem->spatial_rank = count - 2;
    memcpy(problem->spatial, sizes + 2, sizeof problem->spatial);
    if (problem->op == NORMA_OPERATOR_GN) {
        problem->groups = default_groups(problem->c);
    }
    return check(parser, start);
}

static norma_status parse_operator(struct norma_parser *parser) {
    char names[96];
    struct norma_writer list = {names, sizeof names, 0};
    struct norma_guess guess = norma_guess_of(parser->at, norma_word_length(parser->at));
    for (unsigned i = 0; i < NORMA_OPERATOR_COUNT; i++) {
        const char *name = norma_operator_name((norma_operator)i);
        if (norma_word_is(parser->at, name)) {
            parser->at += strlen(name);
            parser->problem = norma_problem_default((norma_operator)i);
            return norma_parse_character(parser, ':', "':' and the sizes, NxC...");
        }
        norma_append_item(&list, name);
        norma_guess_try(&guess, name);
    }
    norma_append_guess(&list, &guess);
    if (norma_word_length(parser->at) > 0) {
        return norma_malformed(parser, parser->at, "unknown operator '%.*s'; the operators are %s",
                               norma_word_length(parser->at), parser->at, names);
    }
    char expected[128];
    snprintf(expected, sizeof expected, "an operator: %s", names);
    return norma_unexpected(parser, parser->at, expected);
}

static norma_status parse_problem(struct norma_parser *parser) {
    norma_status status = parse_operator(parser);
    if (status == NORMA_STATUS_OK) {
        status = parse_shape(parser);
    }
    if (status == NORMA_STATUS_OK && *parser->at != '\0') {
        status = parse_keys(parser);
    }
    return status;
}

/* Calls parse_problem with the pointers checked, and independently of the caller's locale and
 * floating-point environment. */
static norma_status parse_safely(struct norma_parser *parser, const struct norma_problem *problem) {
    if (parser->text == NULL || problem == NULL) {
        snprintf(parser->error.message, sizeof parser->error.message, "the %s is a null pointer",
                 parser->text == NULL ? "text" : "problem");
        return NORMA_STATUS_NULL;
    }
    const struct norma_surroundings caller = norma_surroundings_leave();
    const norma_status status = parse_problem(parser);
    norma_surroundings_restore(&caller);
    return status;
}

norma_status norma_problem_parse(const char *text, struct norma_problem *problem,
                                 struct norma_parse_error *error) {
    struct norma_parser parser = {.text = text, .at = text};
    const norma_status status = parse_safely(&parser, problem);
    if (status == NORMA_STATUS_OK) {
        *problem = parser.problem;
    } else if (error != NULL) {
        *error = parser.error;
    }
    return status;
}
