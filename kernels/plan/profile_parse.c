/* Reads the text of a profile: one statement a line; # begins a comment; blanks do not count.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels/plan/profile.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct parser {
    const char *rest;    /* of the text, not yet read */
    size_t line;         /* number of the line of the current statement */
    char statement[512]; /* the statement's words, separated by single blanks */
    struct norma_profile *profile;
    struct norma_section *section; /* that the statement belongs to; NULL: none yet */
    char *message;
    size_t size;
};

__attribute__((format(printf, 2, 3))) static bool fail(const struct parser *parser,
                                                       const char *format, ...) {
    char reason[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    if (parser->message) {
        snprintf(parser->message, parser->size, "line %zu: %s", parser->line, reason);
    }
    return false;
}

/* ---- statements --------------------------------------------------------------------------- */

/* Takes the words of the next line off the rest. Returns false if they are too long. */
static bool take_line(struct parser *parser) {
    const char *end = parser->rest + strcspn(parser->rest, "\n");
    const char *comment = parser->rest + strcspn(parser->rest, "#\n");
    size_t length = 0;
    for (const char *at = parser->rest; at < comment; at++) {
        const bool blank = isspace((unsigned char)*at);
        if (blank && (length == 0 || parser->statement[length - 1] == ' ')) {
            continue;
        }
        if (length + 1 == sizeof parser->statement) {
            return false;
        }
        parser->statement[length++] = blank ? ' ' : *at;
    }
    length -= length > 0 && parser->statement[length - 1] == ' ';
    parser->statement[length] = '\0';
    parser->rest = *end ? end + 1 : end;
    parser->line++;
    return true;
}

/* Moves on to the next statement. Writes a message and returns false if there is none. */
static bool next(struct parser *parser, const char *expected) {
    do {
        if (*parser->rest == '\0') {
            parser->line++;
            return fail(parser, "the text ends where %s is expected: it is not complete", expected);
        }
        if (!take_line(parser)) {
            parser->line++;
            return fail(parser, "it is longer than any statement");
        }
    } while (parser->statement[0] == '\0');
    return true;
}

/* Returns the text behind the keyword and a blank, or NULL if the statement begins with something
 * else. */
static const char *behind(const struct parser *parser, const char *keyword) {
    const size_t length = strlen(keyword);
    const bool begins = strncmp(parser->statement, keyword, length) == 0;
    return begins && parser->statement[length] == ' ' ? parser->statement + length + 1 : NULL;
}

static bool is(const struct parser *parser, const char *statement) {
    return strcmp(parser->statement, statement) == 0;
}

static bool unexpected(const struct parser *parser, const char *expected) {
    return fail(parser, "expected %s, found '%.60s'", expected, parser->statement);
}

/* ---- the header --------------------------------------------------------------------------- */

static bool parse_format(struct parser *parser) {
    static const char header[] = "norma-profile 1";
    return next(parser, "'norma-profile 1'") &&
           (is(parser, header) || unexpected(parser, "'norma-profile 1'"));
}

static bool parse_version(struct parser *parser) {
    if (!next(parser, "'version'")) {
        return false;
    }
    const char *version = behind(parser, "version");
    if (!version) {
        return unexpected(parser, "'version' and the version of norma");
    }
    return strcmp(version, norma_version()) == 0 ||
           fail(parser, "it was made by norma %.40s, this is norma %s", version, norma_version());
}

static bool parse_cpu(struct parser *parser) {
    if (!next(parser, "'cpu'")) {
        return false;
    }
    const char *cpu = behind(parser, "cpu");
    if (!cpu) {
        return unexpected(parser, "'cpu' and the processor that the profile is for");
    }
    return strcmp(cpu, norma_profile_cpu()) == 0 ||
           fail(parser, "it is for another processor, '%.100s'; this one is '%.160s'", cpu,
                norma_profile_cpu());
}

/* ---- sections ----------------------------------------------------------------------------- */

/* Accepts sets that this build does not have, because a build with Highway may share the file. */
static bool parse_set(struct parser *parser, const char *name) {
    const size_t before = parser->profile->count;
    parser->section = norma_profile_section(parser->profile, name);
    if (!parser->section) {
        return fail(parser, "'%.40s' is no name of a set, or there are over %d", name,
                    NORMA_PROFILE_SETS);
    }
    return parser->profile->count > before || fail(parser, "set '%s' has a section already", name);
}

static bool read_number(const char *text, int64_t *number) {
    char *end;
    *number =
        strtoll(text, &end, 10); /* a number beyond its range is beyond that of every parameter */
    return isdigit((unsigned char)*text) && *end == '\0';
}

/* Reads a word such as "tile_bytes=4096". *given has a bit for each parameter that was read. */
static bool parse_value(struct parser *parser, char *word, struct norma_tuning *tuning,
                        unsigned *given) {
    char *equals = strchr(word, '=');
    if (!equals) {
        return fail(parser, "expected PARAMETER=NUMBER, found '%.60s'", word);
    }
    *equals = '\0';
    size_t index = 0;
    const struct norma_parameter *parameter;
    while ((parameter = norma_tuning_parameter(index)) && strcmp(parameter->name, word) != 0) {
        index++;
    }
    if (!parameter) {
        return fail(parser, "there is no parameter '%.60s'", word);
    }
    if (*given & 1u << index) {
        return fail(parser, "%s is there twice", word);
    }
    *given |= 1u << index;
    int64_t value;
    if (!read_number(equals + 1, &value) || value < parameter->least || value > parameter->most) {
        return fail(parser, "%s is a number from %lld to %lld, not '%.40s'", word,
                    (long long)parameter->least, (long long)parameter->most, equals + 1);
    }
    norma_tuning_set(tuning, index, value);
    return true;
}

/* Reads the parameters behind the name of a class. Those that are missing have their defaults. */
static bool parse_class(struct parser *parser, norma_size_class size, char *values) {
    struct norma_section *section = parser->section;
    if (!section) {
        return fail(parser, "expected 'set' and a name ahead of '%s'", norma_size_class_name(size));
    }
    if (section->given[size]) {
        return fail(parser, "'%s' is there twice for %s", norma_size_class_name(size),
                    section->set);
    }
    section->given[size] = true;
    section->tuning[size] = norma_tuning_default(size);
    unsigned given = 0;
    for (char *word = values; word;) {
        char *blank = strchr(word, ' ');
        if (blank) {
            *blank = '\0';
        }
        if (!parse_value(parser, word, &section->tuning[size], &given)) {
            return false;
        }
        word = blank ? blank + 1 : NULL;
    }
    return true;
}

static bool parse_statement(struct parser *parser) {
    const char *name = behind(parser, "set");
    if (name) {
        return parse_set(parser, name);
    }
    for (int size = 0; size < NORMA_SIZE_CLASS_COUNT; size++) {
        const char *keyword = norma_size_class_name((norma_size_class)size);
        if (behind(parser, keyword)) {
            return parse_class(parser, (norma_size_class)size,
                               parser->statement + strlen(keyword) + 1);
        }
    }
    return unexpected(parser, "'set', a size class with its parameters, or 'end'");
}

static bool parse_sections(struct parser *parser) {
    while (next(parser, "'end'")) {
        if (is(parser, "end")) {
            return true;
        }
        if (!parse_statement(parser)) {
            return false;
        }
    }
    return false;
}

static bool parse_nothing(struct parser *parser) {
    while (*parser->rest) {
        if (!take_line(parser) || parser->statement[0]) {
            return fail(parser, "there is more behind 'end'");
        }
    }
    return true;
}

norma_status norma_profile_parse(const char *text, struct norma_profile **profile, char *message,
                                 size_t size) {
    if (!profile) {
        return NORMA_STATUS_NULL;
    }
    *profile = NULL;
    if (!text) {
        return NORMA_STATUS_NULL;
    }
    struct parser parser = {.rest = text,
                            .profile = norma_profile_create(),
                            .message = size > 0 ? message : NULL,
                            .size = size};
    if (!parser.profile) {
        return NORMA_STATUS_NO_MEMORY;
    }
    if (!parse_format(&parser) || !parse_version(&parser) || !parse_cpu(&parser) ||
        !parse_sections(&parser) || !parse_nothing(&parser)) {
        norma_profile_destroy(parser.profile);
        return NORMA_STATUS_BAD_PROFILE;
    }
    *profile = parser.profile;
    return NORMA_STATUS_OK;
}
