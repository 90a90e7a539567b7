/* Prints random texts of problems, one a line. Those of `generate_problems valid COUNT SEED` are
 * small enough to be executed. Those of `generate_problems broken COUNT SEED` have one fault each;
 * ahead of each text are the first and the last position that a message may name.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "verify/fuzz/trial/trial.h"
#include "verify/harness/tool/tool.h"
#include <norma.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* With so few elements of x and of a style, norma-verify checks thousands of problems in
 * seconds. */
enum { MOST_ELEMENTS = 1500, MOST_KEYS = 16, MOST_BYTES = 512 };

/* ---- problems ----------------------------------------------------------------------------- */

/* Returns a random problem, for which so many bytes are more than enough. */
static struct norma_problem random_problem(uint64_t *state) {
    uint8_t bytes[MOST_BYTES];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (uint8_t)tool_random_below(state, 256);
    }
    struct fuzz_choices choices = {bytes, sizeof bytes};
    return fuzz_random_problem(&choices, MOST_ELEMENTS);
}

/* ---- texts -------------------------------------------------------------------------------- */

/* Shuffles the keys, whose order has no meaning. */
static void shuffle_keys(uint64_t *state, char *text) {
    char copy[NORMA_PROBLEM_TEXT], *keys[MOST_KEYS];
    size_t count = 0;
    char *behind_shape = strchr(strchr(text, ':') + 1, ':');
    if (!behind_shape) {
        return;
    }
    strcpy(copy, behind_shape + 1);
    for (char *key = strtok(copy, ","); key; key = strtok(NULL, ",")) {
        const size_t place = tool_random_below(state, ++count);
        keys[count - 1] = keys[place];
        keys[place] = key;
    }
    char *end = behind_shape;
    for (size_t i = 0; i < count; i++) {
        end += sprintf(end, "%c%s", i == 0 ? ':' : ',', keys[i]);
    }
}

static void random_text(uint64_t *state, char text[NORMA_PROBLEM_TEXT]) {
    const struct norma_problem problem = random_problem(state);
    norma_problem_print(&problem, text, NORMA_PROBLEM_TEXT);
    shuffle_keys(state, text);
}

/* ---- faults ------------------------------------------------------------------------------- */

/* Returns the start of the word or number around text[at], which a message may name as a whole. */
static size_t word_start(const char *text, size_t at) {
    while (at > 0 && !strchr(":,=", text[at - 1])) {
        at--;
    }
    return at;
}

static void insert(char *text, size_t at, const char *added) {
    memmove(text + at + strlen(added), text + at, strlen(text + at) + 1);
    memcpy(text + at, added, strlen(added));
}

/* Inserts a character that no text has. */
static void add_foreign_character(uint64_t *state, char *text) {
    const size_t at = tool_random_below(state, strlen(text) + 1);
    const char foreign[2] = {"!?;#/~%"[tool_random_below(state, 7)], '\0'};
    insert(text, at, foreign);
    printf("%zu %zu %s\n", word_start(text, at), at, text);
}

/* Cuts the text off behind a separator; an x is one, as no word has any. */
static void cut(uint64_t *state, char *text) {
    size_t at;
    do {
        at = tool_random_below(state, strlen(text));
    } while (!strchr(":,=x", text[at]));
    text[at + 1] = '\0';
    printf("%zu %zu %s\n", at + 1, at + 1, text);
}

static void add_key(char *text, const char *key, size_t fault) {
    const size_t length = strlen(text);
    const bool first = !strchr(strchr(text, ':') + 1, ':');
    sprintf(text + length, "%c%s", first ? ':' : ',', key);
    printf("%zu %zu %s\n", length + 1 + fault, length + 1 + fault, text);
}

/* Adds a key that is unknown, has no value, has a wrong value, stands there twice, or has an
 * impossible value (unless the text has eps already). */
static void add_bad_key(uint64_t *state, char *text) {
    switch (tool_random_below(state, strstr(text, "eps=") ? 4 : 5)) {
    case 0:
        add_key(text, "colour=red", 0);
        break;
    case 1:
        add_key(text, "dtype", strlen("dtype"));
        break;
    case 2:
        add_key(text, "dtype=f31", strlen("dtype="));
        break;
    case 3:
        add_key(text, "dtype=f32,dtype=f32", strlen("dtype=f32,"));
        break;
    default:
        add_key(text, "eps=-1", strlen("eps="));
        break;
    }
}

static void print_broken(uint64_t *state) {
    char text[NORMA_PROBLEM_TEXT + 32];
    random_text(state, text);
    switch (tool_random_below(state, 3)) {
    case 0:
        add_foreign_character(state, text);
        break;
    case 1:
        cut(state, text);
        break;
    default:
        add_bad_key(state, text);
        break;
    }
}

static void print_valid(uint64_t *state) {
    char text[NORMA_PROBLEM_TEXT];
    random_text(state, text);
    puts(text);
}

int main(int argc, char **argv) {
    const bool valid = argc == 4 && strcmp(argv[1], "valid") == 0;
    const bool broken = argc == 4 && strcmp(argv[1], "broken") == 0;
    if (!valid && !broken) {
        fprintf(stderr, "Usage: generate_problems valid|broken COUNT SEED\n");
        return 2;
    }
    uint64_t state = strtoull(argv[3], NULL, 10);
    for (unsigned long long i = strtoull(argv[2], NULL, 10); i > 0; i--) {
        (valid ? print_valid : print_broken)(&state);
    }
    return fflush(stdout) == 0 ? 0 : 2;
}
