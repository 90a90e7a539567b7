/* Profiles: the tuning of each set on one processor. Their text format is in README.md.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_PROFILE_H
#define NORMA_PROFILE_H

#include "tuning.h"

enum { NORMA_PROFILE_SETS = 64, NORMA_SET_NAME = 32, NORMA_PROFILE_PATH = 4096 };

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

/* Not part of the interface: visible because norma-bench makes profiles and says which it
 * used, also where the library is shared. */

/* An empty profile; NULL: no memory. */
NORMA_API struct norma_profile *norma_profile_create(void);

/* Sets or replaces the tuning of a set for a class. False: it can have no section. */
NORMA_API bool norma_profile_put(struct norma_profile *profile, const char *set,
                                 norma_size_class size, const struct norma_tuning *tuning);

/* The text, which parses to the same; its length, as snprintf does. */
NORMA_API size_t norma_profile_print(const struct norma_profile *profile, char *text, size_t size);

/* Where the user's profile is or would be: what NORMA_PROFILE names, else the file in the user's
 * folder. Its length, as snprintf does; 0: nowhere. */
NORMA_API size_t norma_profile_path(char *path, size_t size);

/* What plans without a profile of their own take: *profile NULL: the defaults. NORMA_BAD_PROFILE:
 * what NORMA_PROFILE names is bad. */
NORMA_API norma_status norma_profile_of_user(const struct norma_profile **profile);

#endif
