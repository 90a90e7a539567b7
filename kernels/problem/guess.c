/* SPDX-License-Identifier: Apache-2.0 */
#include "kernels/problem/guess.h"

#include <limits.h>
#include <string.h>

/* Names in other libraries and papers, and norma's. A name may be several things: nchw is a layout,
 * and is given as a key, too. */
static const struct {
    const char *other, *name;
} synonyms[] = {
    {"batchnorm", "bn"},
    {"batchnormalization", "bn"},
    {"instancenorm", "in"},
    {"instancenormalization", "in"},
    {"conditionalinstancenorm", "cin"},
    {"batchinstancenorm", "bin"},
    {"adaptiveinstancenorm", "adain"},
    {"groupnorm", "gn"},
    {"groupnormalization", "gn"},
    {"layernorm", "ln"},
    {"layernormalization", "ln"},
    {"rmsnorm", "rms"},
    {"unitnorm", "unit"},
    {"unitization", "unit"},
    {"direction", "pass"},
    {"dir", "pass"},
    {"mode", "pass"},
    {"prop", "pass"},
    {"format", "layout"},
    {"dataformat", "layout"},
    {"tag", "layout"},
    {"nchw", "layout"},
    {"nhwc", "layout"},
    {"channelslast", "layout"},
    {"type", "dtype"},
    {"datatype", "dtype"},
    {"epsilon", "eps"},
    {"activation", "epilogue"},
    {"act", "epilogue"},
    {"relu", "epilogue"},
    {"fuse", "epilogue"},
    {"decay", "momentum"},
    {"group", "g"},
    {"groups", "g"},
    {"numgroups", "g"},
    {"numstyles", "styles"},
    {"numregions", "regions"},
    {"gate", "rho"},
    {"nchw", "ncs"},
    {"ncdhw", "ncs"},
    {"ncw", "ncs"},
    {"nc", "ncs"},
    {"ncl", "ncs"},
    {"channelsfirst", "ncs"},
    {"nhwc", "nsc"},
    {"ndhwc", "nsc"},
    {"nwc", "nsc"},
    {"nlc", "nsc"},
    {"channelslast", "nsc"},
    {"forward", "fwd"},
    {"train", "fwd"},
    {"training", "fwd"},
    {"inference", "inf"},
    {"eval", "inf"},
    {"backward", "bwd"},
    {"back", "bwd"},
    {"float", "f32"},
    {"float32", "f32"},
    {"fp32", "f32"},
    {"addrelu", "add_relu"},
};

enum { LONGEST = 24 }; /* letters of a word that are looked at */

/* Writes the word in lower case, without dashes and underscores. The caller's locale has no say in
 * it. */
static void simplify(const char *word, int length, char simple[LONGEST + 1]) {
    int kept = 0;
    for (int i = 0; i < length && kept < LONGEST; i++) {
        const char c = word[i];
        if (c != '_' && c != '-') {
            simple[kept++] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
        }
    }
    simple[kept] = '\0';
}

static int least(int a, int b) {
    return a < b ? a : b;
}

/* Returns the letters to insert, remove or replace that make one word of the other (Levenshtein's
 * distance). */
static int distance(const char *a, const char *b) {
    int row[LONGEST + 1];
    const int length = least((int)strlen(b), LONGEST);
    for (int j = 0; j <= length; j++) {
        row[j] = j;
    }
    for (int i = 0; a[i] != '\0'; i++) {
        int diagonal = row[0];
        row[0] = i + 1;
        for (int j = 0; j < length; j++) {
            const int replaced = diagonal + (a[i] != b[j]);
            diagonal = row[j + 1];
            row[j + 1] = least(replaced, least(row[j], diagonal) + 1);
        }
    }
    return row[length];
}

/* Returns how many letters may differ. A short word is close to others that are not meant, as gelu
 * is to relu. Two letters that changed places count twice, which a long word may have. */
static int allowed(const char *a, const char *b) {
    const int length = -least(-(int)strlen(a), -(int)strlen(b));
    return length < 8 ? length / 5 : length / 4;
}

/* Considers one spelling of a name. */
static void try_spelling(struct norma_guess *guess, const char *spelling, const char *name) {
    char word[LONGEST + 1], simple[LONGEST + 1];
    simplify(guess->word, guess->length, word);
    simplify(spelling, (int)strlen(spelling), simple);
    const int apart = distance(word, simple);
    if (apart <= allowed(word, simple) && apart < guess->distance) {
        guess->name = name;
        guess->distance = apart;
    }
}

struct norma_guess norma_guess_of(const char *word, int length) {
    return (struct norma_guess){word, length, NULL, INT_MAX};
}

void norma_guess_try(struct norma_guess *guess, const char *name) {
    if (guess->length == 0) {
        return;
    }
    try_spelling(guess, name, name);
    for (size_t i = 0; i < sizeof synonyms / sizeof *synonyms; i++) {
        if (strcmp(synonyms[i].name, name) == 0) {
            try_spelling(guess, synonyms[i].other, name);
        }
    }
}

void norma_append_guess(struct norma_writer *writer, const struct norma_guess *guess) {
    if (guess->name != NULL) {
        norma_append(writer, "; did you mean %s?", guess->name);
    }
}
