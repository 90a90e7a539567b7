/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"

#include <stdio.h>

#include "plugin.h"
#include "user_profile.h"

void norma_verify_command(const char *implementation, int threads, uint64_t seed,
                          const char *problem, char *text, size_t size) {
    char profile[NORMA_PROFILE_WORDS];
    char plugin[NORMA_PLUGIN_WORDS];
    norma_user_profile_words(profile);
    norma_plugin_words(implementation, plugin);
    snprintf(text, size, "norma-verify%s --impl %s --threads %d --seed %llu%s '%s'", plugin,
             implementation, threads, (unsigned long long)seed, profile, problem);
}
