/* Making fixtures.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fixture.h"

#include "fail.h"

#include <criterion/criterion.h>
#include <stdlib.h>

void fixture_add_text(struct fixture *fixture, const char *text) {
    struct norma_read_error error;
    cr_assert(read_text(&fixture->results, text, &error), "%s", error.message);
}

void fixture_add(struct fixture *fixture, const char *machine, const struct record *records,
                 size_t count) {
    char *text = norma_text("{\"type\":\"machine\",\"schema\":1,\"id\":\"%s\"}\n", machine);
    for (size_t i = 0; i < count; ++i) {
        char *line = record_line(records[i]);
        char *longer = norma_text("%s%s", text, line);
        free(text);
        free(line);
        text = longer;
    }
    fixture_add_text(fixture, text);
    free(text);
}

void fixture_destroy(struct fixture *fixture) {
    norma_view_destroy(&fixture->view);
    norma_results_free(&fixture->results);
}
