/* The profile of all plans of a program, by --profile or as the library finds it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_HARNESS_USER_PROFILE_H
#define VERIFY_HARNESS_USER_PROFILE_H

#include <stdbool.h>
#include <stddef.h>

/* Before the first plan: path is that of --profile, NULL where it was not given. False: a profile
 * that was asked for is bad. message is empty or something to say, also where it is true: then
 * there is a bad one in the user's folder, which is not used. */
bool verify_user_profile(const char *path, char *message, size_t size);

/* The same for programs that talk on standard error: says what is wrong. */
bool verify_take_profile(const char *path);

/* For command lines that reproduce something: " --profile 'FILE'", or nothing where none was named.
 */
enum { VERIFY_PROFILE_OPTION = 400 };
void verify_profile_option(char words[VERIFY_PROFILE_OPTION]);

#endif
