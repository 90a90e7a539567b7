/* Every size at which the kernels change how they work has problems around it, and the table of
 * these sizes is that of the sources.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "verify/checks/borders.h"

#include <criterion/criterion.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "verify/checks/suite.h"
#include "verify/harness/harness.h"

/* ---- the sources -------------------------------------------------------------------------- */

enum { LONGEST_SOURCE = 1 << 16 };

static void read_source(const char *name, char text[LONGEST_SOURCE]) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", SOURCE_FOLDER, name);
    FILE *file = fopen(path, "r");
    cr_assert(file, "%s", path);
    const size_t length = fread(text, 1, LONGEST_SOURCE - 1, file);
    fclose(file);
    cr_assert(length < LONGEST_SOURCE - 1, "%s is too long for this test", name);
    text[length] = '\0';
}

/* Returns the product that follows "NAME = "; 0 if there is none. */
static int64_t value_in(const char *text, const char *name) {
    char definition[64];
    snprintf(definition, sizeof definition, "%s = ", name);
    const char *found = strstr(text, definition);
    while (found && found > text && (isalnum((unsigned char)found[-1]) || found[-1] == '_')) {
        found = strstr(found + 1, definition);
    }
    if (!found) {
        return 0;
    }
    char *end;
    int64_t value = strtoll(found + strlen(definition), &end, 10);
    while (strncmp(end, " * ", 3) == 0) {
        value *= strtoll(end + 3, &end, 10);
    }
    return value;
}

Test(borders, are_those_of_the_sources) {
    static char text[LONGEST_SOURCE];
    const struct verify_border *border;
    for (size_t i = 0; (border = verify_border_at(i)); i++) {
        read_source(border->source, text);
        cr_expect_eq(value_in(text, border->constant), border->value,
                     "%s: %s is %lld; verify/checks/borders.c has shapes for %lld", border->source,
                     border->constant, (long long)value_in(text, border->constant),
                     (long long)border->value);
    }
}

/* ---- the problems ------------------------------------------------------------------------- */

static int64_t quantity_of(const struct norma_problem *problem, enum verify_quantity quantity) {
    switch (quantity) {
    case VERIFY_SAMPLES:
        return problem->n;
    case VERIFY_CHANNELS:
        return problem->c;
    case VERIFY_POSITIONS:
        return norma_problem_spatial(problem);
    case VERIFY_ELEMENTS:
        return problem->c * norma_problem_spatial(problem);
    case VERIFY_PLANES:
        return problem->n * problem->c;
    }
    return 0;
}

static int count(const struct verify_problems *problems, const struct verify_border *border,
                 int64_t size, bool backward) {
    int found = 0;
    for (size_t i = 0; i < problems->count; i++) {
        const struct norma_problem *problem = &problems->list[i];
        found += problem->layout == border->layout && reference_is_backward(problem) == backward &&
                 quantity_of(problem, border->quantity) == size;
    }
    return found;
}

static void expect_around(const struct verify_problems *problems,
                          const struct verify_border *border, int each_way, int either_way) {
    const int64_t value = border->value * border->scale;
    const int64_t sizes[] = {value - 1, value, value + 1, 2 * value};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        const int forward = count(problems, border, sizes[i], false);
        const int backward = count(problems, border, sizes[i], true);
        cr_expect(forward >= each_way && backward >= each_way && forward + backward >= either_way,
                  "%s times %lld, %s: %d problems forward and %d backward at %lld",
                  border->constant, (long long)border->scale, norma_layout_name(border->layout),
                  forward, backward, (long long)sizes[i]);
    }
}

static void expect_all(enum verify_level level, int each_way, int either_way) {
    struct verify_problems problems = {0};
    cr_assert(verify_suite(level, &problems));
    for (size_t i = 0; verify_border_at(i); i++) {
        if (level != VERIFY_LEVEL_QUICK || verify_border_at(i)->size == VERIFY_BORDER_SMALL) {
            expect_around(&problems, verify_border_at(i), each_way, either_way);
        }
    }
    free(problems.list);
}

Test(borders, are_met_from_both_sides_in_both_directions) {
    expect_all(VERIFY_LEVEL_STANDARD, 4, 8);
}

Test(borders, are_met_in_quick) {
    expect_all(VERIFY_LEVEL_QUICK, 0, 1);
}

Test(borders, have_shapes_at_their_sizes) {
    const struct verify_border *border;
    for (size_t i = 0; (border = verify_border_at(i)); i++) {
        const int64_t value = border->value * border->scale;
        const int64_t sizes[] = {value - 1, value, value + 1, 2 * value};
        for (int k = 0; k < VERIFY_BORDER_SHAPES; k++) {
            char text[64];
            struct norma_problem problem;
            snprintf(text, sizeof text, "in:%s", border->shapes[k]);
            cr_assert(norma_problem_parse(text, &problem, NULL) == NORMA_STATUS_OK);
            cr_expect_eq(quantity_of(&problem, border->quantity), sizes[k], "%s: %s",
                         border->constant, border->shapes[k]);
        }
    }
}
