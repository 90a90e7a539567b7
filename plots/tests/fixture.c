/* SPDX-License-Identifier: Apache-2.0 */
#include "plots/tests/fixture.h"

#include "verify/harness/tool/tool.h"

#include <criterion/criterion.h>
#include <stdlib.h>

void fixture_add_text(struct fixture *fixture, const char *text) {
    struct plot_read_error error;
    cr_assert(read_text(&fixture->results, text, &error), "%s", error.message);
}

void fixture_add(struct fixture *fixture, const char *machine, const struct record *records,
                 size_t count) {
    char *text = tool_text("{\"type\":\"machine\",\"schema\":1,\"id\":\"%s\"}\n", machine);
    for (size_t i = 0; i < count; i++) {
        char *line = record_line(records[i]);
        char *longer = tool_text("%s%s", text, line);
        free(text);
        free(line);
        text = longer;
    }
    fixture_add_text(fixture, text);
    free(text);
}

void fixture_destroy(struct fixture *fixture) {
    plot_view_destroy(&fixture->view);
    plot_results_free(&fixture->results);
}
