/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "verify/harness/user_profile.h"

#include "verify/harness/tool/tool.h"

#include <stdio.h>
#include <stdlib.h>

#include <norma.h>

/* The library reads it once more, by its name: what it says of plans is then the same, however it
 * was named. */
static bool name_profile(const char *path, char *message, size_t size) {
    struct norma_profile *profile = NULL;
    char reason[1024] = "";
    norma_status status =
        *path ? norma_profile_load(path, &profile, reason, sizeof reason) : NORMA_STATUS_OK;
    norma_profile_destroy(profile);
    if (status == NORMA_STATUS_OK && setenv("NORMA_PROFILE", path, 1) != 0) {
        status = NORMA_STATUS_NO_MEMORY;
    }
    if (status != NORMA_STATUS_OK) {
        snprintf(message, size, "--profile: %s", *reason ? reason : norma_strerror(status));
    }
    return status == NORMA_STATUS_OK;
}

bool verify_user_profile(const char *path, char *message, size_t size) {
    if (path && !name_profile(path, message, size)) {
        return false;
    }
    const norma_status status = norma_profile_default(message, size);
    const char *named = getenv("NORMA_PROFILE");
    return status == NORMA_STATUS_OK || !named;
}

bool verify_take_profile(const char *path) {
    char message[1200];
    const bool usable = verify_user_profile(path, message, sizeof message);
    if (*message) {
        tool_say("%s", message);
    }
    return usable;
}

void verify_profile_option(char words[VERIFY_PROFILE_OPTION]) {
    const char *named = getenv("NORMA_PROFILE");
    words[0] = '\0';
    if (named && *named) {
        snprintf(words, VERIFY_PROFILE_OPTION, " --profile '%s'", named);
    }
}
