/* SPDX-License-Identifier: Apache-2.0 */
#include "take_profile.h"
#include "message.h"
#include "user_profile.h"

bool norma_take_profile(const char *path) {
    char message[1200];
    const bool usable = norma_user_profile(path, message, sizeof message);
    if (*message) {
        norma_say("%s", message);
    }
    return usable;
}
