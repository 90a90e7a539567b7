/* Makes results and views of them from records.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef PLOTS_TESTS_FIXTURE_H
#define PLOTS_TESTS_FIXTURE_H

#include "plots/read/view.h"
#include "plots/tests/sample_records.h"

/* It must start as {0}. */
struct fixture {
    struct plot_results results;
    struct plot_view view;
};

/* Adds records of a machine whose record has an id alone. */
void fixture_add(struct fixture *fixture, const char *machine, const struct record *records,
                 size_t count);

/* Adds the text of a result file. */
void fixture_add_text(struct fixture *fixture, const char *text);

void fixture_destroy(struct fixture *fixture);

#endif
