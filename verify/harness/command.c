/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/harness/command.h"

#include <stdio.h>

#include "verify/harness/plugin.h"
#include "verify/harness/user_profile.h"

void verify_print_command(const char *mode, const char *implementation, int threads, uint64_t seed,
                          const char *problem, char *text, size_t size) {
    char profile[VERIFY_PROFILE_OPTION];
    char plugin[VERIFY_PLUGIN_OPTION];
    verify_profile_option(profile);
    verify_plugin_option(implementation, plugin);
    snprintf(text, size, "norma-verify%s%s%s --impl %s --threads %d --seed %llu%s '%s'", plugin,
             *mode ? " " : "", mode, implementation, threads, (unsigned long long)seed, profile,
             problem);
}
