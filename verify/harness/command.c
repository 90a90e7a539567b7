/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "verify/harness/command.h"
#include "verify/harness/tool/tool.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <norma.h>
#include <norma_tools.h>

#include "verify/harness/plugin.h"

/* ---- the profile -------------------------------------------------------------------------- */

/* Names the profile in the environment, where the library reads it once more. Its description of
 * plans then does not depend on how the profile was named. */
static bool name_profile(const char *path) {
    struct norma_profile *profile = NULL;
    char reason[1024] = "";
    norma_status status =
        *path ? norma_profile_load(path, &profile, reason, sizeof reason) : NORMA_STATUS_OK;
    norma_profile_destroy(profile);
    if (status == NORMA_STATUS_OK && setenv("NORMA_PROFILE", path, 1) != 0) {
        status = NORMA_STATUS_NO_MEMORY;
    }
    if (status != NORMA_STATUS_OK) {
        tool_say("--profile: %s", *reason ? reason : norma_strerror(status));
    }
    return status == NORMA_STATUS_OK;
}

bool verify_use_profile(const char *path) {
    char message[1200];
    if (path && !name_profile(path)) {
        return false;
    }
    const norma_status status = norma_profile_default(message, sizeof message);
    if (*message) {
        tool_say("%s", message);
    }
    tool_input_note(norma_profile_user_path());
    return status == NORMA_STATUS_OK || !getenv("NORMA_PROFILE");
}

/* ---- commands ----------------------------------------------------------------------------- */

enum { OPTION_LENGTH = 400 };

/* Prints " --name 'value'", or nothing if there is no value. */
static void print_option(const char *name, const char *value, char option[OPTION_LENGTH]) {
    option[0] = '\0';
    if (value && *value) {
        snprintf(option, OPTION_LENGTH, " --%s '%s'", name, value);
    }
}

void verify_print_command(const char *mode, const char *implementation, int threads, uint64_t seed,
                          const char *operand, char *text, size_t size) {
    char plugin[OPTION_LENGTH], profile[OPTION_LENGTH], thread_count[32] = "";
    print_option("load", verify_plugin_path(implementation), plugin);
    print_option("profile", getenv("NORMA_PROFILE"), profile);
    if (threads > 0) {
        snprintf(thread_count, sizeof thread_count, " --threads %d", threads);
    }
    snprintf(text, size, "norma-verify%s%s%s --impl %s%s --seed %" PRIu64 "%s%s%s%s", plugin,
             *mode ? " " : "", mode, implementation, thread_count, seed, profile,
             operand ? " '" : "", operand ? operand : "", operand ? "'" : "");
}
