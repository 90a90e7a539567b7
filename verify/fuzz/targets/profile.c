/* Target: the text of a profile, both by itself and after the header that a profile of this machine
 * must have, which no mutation would find. A valid profile is the same after it is printed and
 * parsed again, and tunes plans.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels/plan/plan.h"
#include "verify/fuzz/targets/target.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void expect_message(const char *message, size_t size) {
    fuzz_expect(memchr(message, '\0', size) && strncmp(message, "line ", 5) == 0 &&
                    message[5] >= '1' && message[5] <= '9',
                "a message with the number of a line");
}

static char *print(const struct norma_profile *profile) {
    const size_t length = norma_profile_print(profile, NULL, 0);
    char *text = malloc(length + 1);
    fuzz_expect(text && norma_profile_print(profile, text, length + 1) == length,
                "the length that was announced");
    return text;
}

static void expect_round_trip(const struct norma_profile *profile) {
    char *first = print(profile);
    struct norma_profile *again;
    fuzz_expect(norma_profile_parse(first, &again, NULL, 0) == NORMA_STATUS_OK,
                "the printed text to parse");
    char *second = print(again);
    fuzz_expect(strcmp(first, second) == 0, "the same text again");
    norma_profile_destroy(again);
    free(first);
    free(second);
}

/* Plans a problem of every size class, in both layouts, with every set. */
static void expect_plans(const struct norma_profile *profile) {
    static const char *const texts[] = {"bn:2x16x8x8", "in:8x64x56x56", "gn:8x256x56x56:layout=nsc",
                                        "ln:64x1024:pass=bwd", "bn:64x256x112x112:pass=bwd"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct norma_problem problem;
        fuzz_expect(norma_problem_parse(texts[i], &problem, NULL) == NORMA_STATUS_OK, "a problem");
        for (size_t set = 0; norma_set_name(set); set++) {
            struct norma_plan *plan;
            const struct norma_options options = {norma_set_name(set), 3, profile};
            if (norma_set_available(set)) {
                fuzz_expect(norma_plan_create(&plan, &problem, &options) == NORMA_STATUS_OK,
                            "a plan");
                norma_plan_destroy(plan);
            }
        }
    }
}

static void parse(const char *text) {
    struct norma_profile *profile;
    char message[512];
    memset(message, 'x', sizeof message);
    const norma_status status = norma_profile_parse(text, &profile, message, sizeof message);
    if (status != NORMA_STATUS_OK) {
        fuzz_expect(status == NORMA_STATUS_BAD_PROFILE, "a status of a bad text");
        expect_message(message, sizeof message);
        return;
    }
    expect_round_trip(profile);
    expect_plans(profile);
    norma_profile_destroy(profile);
}

static void parse_behind_header(const char *text) {
    static const char format[] = "norma-profile 1\nversion %s\ncpu %s\n%s";
    const int length = snprintf(NULL, 0, format, norma_version(), norma_profile_cpu(), text);
    char *whole = malloc((size_t)length + 1);
    fuzz_expect(whole, "memory for a profile");
    snprintf(whole, (size_t)length + 1, format, norma_version(), norma_profile_cpu(), text);
    parse(whole);
    free(whole);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *text = fuzz_input_text(data, size);
    parse(text);
    parse_behind_header(text);
    free(text);
    return 0;
}
