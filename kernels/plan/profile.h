/* Profiles: the tunings of sets on one processor. Their text format is described in README.md.
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
    char *path; /* "": it is not from a file */
    size_t count;
    struct norma_section sections[NORMA_PROFILE_SETS];
};

/* Returns the tuning of a set for a class, or NULL if the profile has none. */
const struct norma_tuning *norma_profile_tuning(const struct norma_profile *profile,
                                                const char *set, norma_size_class size);

/* Returns the section of a set, which is added if there is none. Returns NULL if no set can have
 * this name, or if there are too many sections. */
struct norma_section *norma_profile_section(struct norma_profile *profile, const char *set);

/* Sets the profile's path to a copy of this one. */
norma_status norma_profile_name(struct norma_profile *profile, const char *path);

/* Sets *profile to the one that plans without a profile of their own take, or to NULL if they take
 * the defaults. Returns NORMA_STATUS_BAD_PROFILE if NORMA_PROFILE names a bad one. */
norma_status norma_profile_of_user(const struct norma_profile **profile);

#endif
