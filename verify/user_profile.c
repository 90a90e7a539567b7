/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "user_profile.h"

#include <stdio.h>
#include <stdlib.h>

#include "norma.h"

/* The library reads it once more, by its name: what it says of plans is then the same, however it
 * was named. */
static bool name_profile(const char *path, char *message, size_t size) {
    struct norma_profile *profile = NULL;
    char reason[1024] = "";
    norma_status status =
        *path ? norma_profile_load(path, &profile, reason, sizeof reason) : NORMA_OK;
    norma_profile_destroy(profile);
    if (status == NORMA_OK && setenv("NORMA_PROFILE", path, 1) != 0) {
        status = NORMA_NO_MEMORY;
    }
    if (status != NORMA_OK) {
        snprintf(message, size, "--profile: %s", *reason ? reason : norma_strerror(status));
    }
    return status == NORMA_OK;
}

bool norma_user_profile(const char *path, char *message, size_t size) {
    if (path && !name_profile(path, message, size)) {
        return false;
    }
    const norma_status status = norma_profile_default(message, size);
    const char *named = getenv("NORMA_PROFILE");
    return status == NORMA_OK || !named;
}

void norma_user_profile_words(char words[NORMA_PROFILE_WORDS]) {
    const char *named = getenv("NORMA_PROFILE");
    words[0] = '\0';
    if (named && *named) {
        snprintf(words, NORMA_PROFILE_WORDS, " --profile '%s'", named);
    }
}
