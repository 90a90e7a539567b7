/* The value of --profile.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_BENCH_TAKE_PROFILE_H
#define NORMA_BENCH_TAKE_PROFILE_H

#include <stdbool.h>

/* The profile of all plans, NULL: the user's. False: there is none that can be used. Says what is
 * wrong. */
bool norma_take_profile(const char *path);

#endif
