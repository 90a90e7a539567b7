/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/truth/check_kinds.h"

static bool left_out[VERIFY_CHECK_COUNT];

const char *verify_check_name(enum verify_check_kind check) {
    static const char *const names[VERIFY_CHECK_COUNT] = {
#define VERIFY_CHECK_NAME(upper, name, text) [VERIFY_CHECK_##upper] = name,
        VERIFY_CHECKS(VERIFY_CHECK_NAME)
#undef VERIFY_CHECK_NAME
    };
    return check < VERIFY_CHECK_COUNT ? names[check] : NULL;
}

const char *verify_check_text(enum verify_check_kind check) {
    static const char *const texts[VERIFY_CHECK_COUNT] = {
#define VERIFY_CHECK_TEXT(upper, name, text) [VERIFY_CHECK_##upper] = text,
        VERIFY_CHECKS(VERIFY_CHECK_TEXT)
#undef VERIFY_CHECK_TEXT
    };
    return check < VERIFY_CHECK_COUNT ? texts[check] : NULL;
}

void verify_check_leave_out(enum verify_check_kind check) {
    left_out[check] = true;
}

bool verify_check_wanted(enum verify_check_kind check) {
    return !left_out[check];
}
