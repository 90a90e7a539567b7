/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/report/verified_case.h"

#include <stdio.h>
#include <string.h>

void verify_case_describe_pass(const struct verify_case *result,
                               char text[VERIFY_CASE_DESCRIPTION]) {
    if (result->kind == VERIFY_CASE_FUNCTION) {
        snprintf(text, VERIFY_CASE_DESCRIPTION, "%d lanes", result->checks);
        return;
    }
    snprintf(text, VERIFY_CASE_DESCRIPTION, "share of bound %.3f, %d checks%s%s%s%s", result->share,
             result->checks, *result->kernel ? ", kernel " : "", result->kernel,
             *result->note ? "; " : "", result->note);
}

void verify_case_describe_failure(const struct verify_case *result, const char *prefix,
                                  char text[VERIFY_CASE_DESCRIPTION]) {
    char setup[128] = "";
    if (result->kind == VERIFY_CASE_PROBLEM) {
        snprintf(setup, sizeof setup, "%sdata %s, placement %s, threads %d\n", prefix,
                 verify_data_name(result->setup.data),
                 verify_placement_name(result->setup.placement), result->threads);
    }
    const char *const vote = *result->vote ? result->vote : NULL;
    snprintf(text, VERIFY_CASE_DESCRIPTION, "%s%s\n%s%s%s%s%s", prefix, result->message, setup,
             vote ? prefix : "", vote ? "vote: " : "", vote ? vote : "", vote ? "\n" : "");
}
