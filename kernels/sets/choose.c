/* Chooses the set of a plan: the fastest that the CPU can run and the choice allows.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "kernels/sets/sets.h"

/* One comma-separated word of a choice: a name, or a name after '-'. */
struct word {
    const char *name;
    size_t length;
    bool excluded;
};

/* Takes the next word off *rest. Returns false at the end. */
static bool next_word(const char **rest, struct word *word) {
    const char *start = *rest;
    if (*start == '\0') {
        return false;
    }
    const size_t length = strcspn(start, ",");
    *rest = start[length] == ',' ? start + length + 1 : start + length;
    word->excluded = *start == '-';
    word->name = start + (word->excluded ? 1 : 0);
    word->length = length - (word->excluded ? 1 : 0);
    return true;
}

static bool names(const struct word *word, const struct norma_set *set) {
    return strlen(set->name) == word->length && memcmp(set->name, word->name, word->length) == 0;
}

static bool all_known(const char *choice) {
    struct word word;
    while (next_word(&choice, &word)) {
        bool known = false;
        for (size_t i = 0; norma_set_at(i); i++) {
            known = known || names(&word, norma_set_at(i));
        }
        if (!known) {
            return false;
        }
    }
    return true;
}

bool norma_set_allowed(const char *choice, const struct norma_set *set) {
    bool restricted = false;
    bool named = false;
    struct word word;
    while (next_word(&choice, &word)) {
        if (word.excluded && names(&word, set)) {
            return false;
        }
        restricted = restricted || !word.excluded;
        named = named || (!word.excluded && names(&word, set));
    }
    return named || (!restricted && !set->base);
}

norma_status norma_set_choose(const char *choice, const struct norma_set **set) {
    const char *words = choice ? choice : "";
    if (!all_known(words)) {
        return NORMA_STATUS_UNKNOWN_SET;
    }
    for (size_t i = 0; norma_set_at(i); i++) {
        if (norma_set_at(i)->available() && norma_set_allowed(words, norma_set_at(i))) {
            *set = norma_set_at(i);
            return NORMA_STATUS_OK;
        }
    }
    return NORMA_STATUS_UNAVAILABLE_SET;
}
