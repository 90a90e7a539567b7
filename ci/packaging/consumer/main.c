/* Group normalization by an installed norma: of three channels as one group, of which mean and
 * variance can be checked by hand.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <norma.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { ELEMENTS = 3 * 2 * 2 };

static int fail(const char *what) {
    fprintf(stderr, "consumer: %s\n", what);
    return EXIT_FAILURE;
}

int main(void) {
    struct norma_problem problem;
    struct norma_parse_error error;
    if (norma_problem_parse("gn:1x3x2x2:g=1,eps=0", &problem, &error) != NORMA_STATUS_OK) {
        return fail(error.message);
    }
    struct norma_plan *plan;
    norma_status status = norma_plan_create(&plan, &problem, NULL);
    if (status != NORMA_STATUS_OK) {
        return fail(norma_strerror(status));
    }
    /* 0, 1, ..., 11: the mean is 11/2, the variance 143/12. */
    float x[ELEMENTS], y[ELEMENTS];
    for (int i = 0; i < ELEMENTS; i++) {
        x[i] = (float)i;
    }
    void *workspace = malloc(norma_plan_workspace(plan) + 1);
    const struct norma_args arguments = {.x = x, .y = y, .workspace = workspace};
    char reason[160];
    status = norma_execute(plan, &arguments);
    norma_args_check(plan, &arguments, reason, sizeof reason);
    const char *set = norma_plan_set(plan);
    free(workspace);
    norma_plan_destroy(plan);
    if (status != NORMA_STATUS_OK) {
        return fail(reason);
    }
    for (int i = 0; i < ELEMENTS; i++) {
        if (!(fabs(y[i] - (i - 5.5) / sqrt(143.0 / 12.0)) < 1e-6)) {
            return fail("group normalization went wrong");
        }
    }
    printf("norma %s, set %s: y[0] = %.6f, as it should be\n", norma_version(), set, y[0]);
    return EXIT_SUCCESS;
}
