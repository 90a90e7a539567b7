/* Profiles: the tuning of each set on one processor. Their text format is in README.md.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_PLAN_PROFILE_H
#define KERNELS_PLAN_PROFILE_H

#include <norma_tools.h>

enum { NORMA_PROFILE_SETS = 64, NORMA_SET_NAME = 32 };

struct norma_section {
    char set[NORMA_SET_NAME];
    bool given[NORMA_SIZE_CLASS_COUNT];
    struct norma_tuning tuning[NORMA_SIZE_CLASS_COUNT];
};

struct norma_profile {
    char *path; /* "" for one that is of no file */
    size_t count;
    struct norma_section sections[NORMA_PROFILE_SETS];
};

/* The tuning of a set for a class; NULL: the profile has none. */
const struct norma_tuning *norma_profile_tuning(const struct norma_profile *profile,
                                                const char *set, norma_size_class size);

/* The section of a set, made if it is new; NULL: the name is none of a set, or there are too many.
 */
struct norma_section *norma_profile_section(struct norma_profile *profile, const char *set);

/* Changes the path, which is copied. */
norma_status norma_profile_name(struct norma_profile *profile, const char *path);

/* Returns in *profile what plans without a profile of their own take; NULL: the defaults.
 * NORMA_STATUS_BAD_PROFILE: what NORMA_PROFILE names is bad. */
norma_status norma_profile_of_user(const struct norma_profile **profile);

#endif
