/* The common part of all command lines: --profile, and the command that reproduces a check.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_HARNESS_COMMAND_H
#define VERIFY_HARNESS_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Chooses the profile of all plans: `path` from --profile, or, if it is NULL, the profile that the
 * library finds. Must be called before the first plan is created. Says on standard error, after the
 * program's name, if a profile is bad. Returns false if the user named that profile; one in the
 * user's folder is only left out. */
bool verify_use_profile(const char *path);

/* Prints the command that repeats a check of one implementation. `mode` is an option such as
 * "--digest", or empty for a plain check. `operand` is a problem, or the name of what the mode is
 * to check; NULL: everything. The number of threads is left out if it is 0. */
void verify_print_command(const char *mode, const char *implementation, int threads, uint64_t seed,
                          const char *operand, char *text, size_t size);

#endif
