/* SPDX-License-Identifier: Apache-2.0 */
#include "plots/page/origin.h"

#include "plots/draw/draw.h"

#include <stdlib.h>

static bool has_records(const struct plot_results *results, size_t run, bool hardware) {
    for (size_t i = 0; hardware && i < results->memory.count; i++) {
        if (results->memory.items[i].run == run) {
            return true;
        }
    }
    for (size_t i = 0; hardware && i < results->compute.count; i++) {
        if (results->compute.items[i].run == run) {
            return true;
        }
    }
    for (size_t i = 0; !hardware && i < results->measurement_count; i++) {
        if (results->measurements[i].run == run) {
            return true;
        }
    }
    return false;
}

void plot_report_origin(FILE *out, const struct plot_view *view, size_t machine, bool hardware) {
    const char *before = " Measured by ";
    for (size_t r = 0; r < view->results->run_count; r++) {
        if (view->results->runs[r].machine_index == machine &&
            has_records(view->results, r, hardware)) {
            fprintf(out, "%s<a href=\"#run-%zu\">run %zu</a>", before, r, r + 1);
            before = ", ";
        }
    }
    fputs(".", out);
}

char *plot_report_command(const struct plot_measurement *measurement) {
    char *implementation = plot_shell_word(measurement->implementation);
    char *problem = plot_shell_word(measurement->problem);
    char *command = tool_text("norma-bench run --impl %s --threads %lld %s", implementation,
                              measurement->threads, problem);
    free(implementation);
    free(problem);
    return command;
}
