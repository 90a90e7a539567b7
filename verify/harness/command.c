/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/harness/command.h"

#include <stdio.h>

#include "verify/harness/plugin.h"
#include "verify/harness/user_profile.h"

void verify_command(const char *implementation, int threads, uint64_t seed, const char *problem,
                    char *text, size_t size) {
    char profile[VERIFY_PROFILE_WORDS];
    char plugin[VERIFY_PLUGIN_WORDS];
    verify_user_profile_words(profile);
    verify_plugin_words(implementation, plugin);
    snprintf(text, size, "norma-verify%s --impl %s --threads %d --seed %llu%s '%s'", plugin,
             implementation, threads, (unsigned long long)seed, profile, problem);
}
