/* SPDX-License-Identifier: Apache-2.0 */
#include "checks.h"

#include <string.h>

static bool left_out[NORMA_CHECK_COUNT];

const char *norma_check_name(enum norma_check_kind check) {
    static const char *const names[NORMA_CHECK_COUNT] = {
#define NORMA_CHECK_NAME(upper, name, text) [NORMA_CHECK_##upper] = name,
        NORMA_CHECKS(NORMA_CHECK_NAME)
#undef NORMA_CHECK_NAME
    };
    return check < NORMA_CHECK_COUNT ? names[check] : NULL;
}

const char *norma_check_text(enum norma_check_kind check) {
    static const char *const texts[NORMA_CHECK_COUNT] = {
#define NORMA_CHECK_TEXT(upper, name, text) [NORMA_CHECK_##upper] = text,
        NORMA_CHECKS(NORMA_CHECK_TEXT)
#undef NORMA_CHECK_TEXT
    };
    return check < NORMA_CHECK_COUNT ? texts[check] : NULL;
}

bool norma_check_find(const char *name, enum norma_check_kind *check) {
    for (int i = 0; i < NORMA_CHECK_COUNT; i++) {
        if (strcmp(norma_check_name((enum norma_check_kind)i), name) == 0) {
            *check = (enum norma_check_kind)i;
            return true;
        }
    }
    return false;
}

void norma_check_leave_out(enum norma_check_kind check) {
    left_out[check] = true;
}

bool norma_check_wanted(enum norma_check_kind check) {
    return !left_out[check];
}
