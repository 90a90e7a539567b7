/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/fuzz/trial/planned.h"

#include <norma_tools.h>
#include <stdio.h>
#include <string.h>

#include "verify/fuzz/trial/story.h"

const char *fuzz_random_set(struct fuzz_choices *choices) {
    size_t count = 0, index = 0;
    for (size_t i = 0; norma_set_name(i); i++) {
        count += norma_set_available(i);
    }
    for (size_t skip = fuzz_choose(choices, count);; index++) {
        if (norma_set_available(index) && skip-- == 0) {
            return norma_set_name(index);
        }
    }
}

/* Returns a value of a tuning's parameter: its smallest, or one that matters for small tensors. */
static long long random_parameter(struct fuzz_choices *choices,
                                  const struct norma_parameter *parameter) {
    static const long long values[] = {0, 1, 16, 64, 4096, 8192, 65536, 1 << 20};
    const long long value = values[fuzz_choose(choices, sizeof values / sizeof *values)];
    return value < parameter->least ? parameter->least : value;
}

static void choose_profile(struct fuzz_choices *choices, struct fuzz_planning *planning) {
    char tuning[256] = "";
    size_t length = 0;
    for (size_t i = 0; norma_tuning_parameter(i); i++) {
        const struct norma_parameter *parameter = norma_tuning_parameter(i);
        length += (size_t)snprintf(tuning + length, sizeof tuning - length, " %s=%lld",
                                   parameter->name, random_parameter(choices, parameter));
    }
    snprintf(planning->profile, sizeof planning->profile,
             "norma-profile 1\nversion %s\ncpu %s\nset %s\nl2%s\nl3%s\nend\n", norma_version(),
             norma_profile_cpu(), planning->set, tuning, tuning);
    fuzz_tell(",%s", tuning);
}

void fuzz_planning_choose(struct fuzz_choices *choices, const char *set,
                          struct fuzz_planning *planning) {
    *planning = (struct fuzz_planning){.set = set, .threads = 1 + (int)fuzz_choose(choices, 5)};
    fuzz_tell("plan: %s, threads %d", set, planning->threads);
    if (fuzz_chance(choices, 4)) {
        strcpy(planning->profile, "");
    } else {
        choose_profile(choices, planning);
    }
    fuzz_tell("\n");
}

struct fuzz_planned fuzz_plan(const struct fuzz_planning *planning,
                              const struct norma_problem *problem) {
    struct fuzz_planned planned = {NULL, NULL};
    fuzz_demand(!planning->profile[0] || norma_profile_parse(planning->profile, &planned.profile,
                                                             NULL, 0) == NORMA_STATUS_OK,
                "a profile of %s", planning->profile);
    const norma_status status = norma_plan_create(
        &planned.plan, problem,
        &(struct norma_options){planning->set, planning->threads, planned.profile});
    fuzz_demand(status == NORMA_STATUS_OK, "a plan, found: %s", norma_strerror(status));
    return planned;
}

void fuzz_planned_destroy(struct fuzz_planned *planned) {
    norma_plan_destroy(planned->plan);
    norma_profile_destroy(planned->profile);
}
