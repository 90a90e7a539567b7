/* Profiles in files, and the user's profile, which is read once.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _POSIX_C_SOURCE 200809L
#include "kernels/plan/profile.h"

#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* No profile is so long. A longer file may have no end at all. */
enum { MOST_BYTES = 1 << 20 };

__attribute__((format(printf, 3, 4))) static void say(char *message, size_t size,
                                                      const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    if (message && size > 0) {
        vsnprintf(message, size, format, arguments);
    }
    va_end(arguments);
}

/* ---- reading a file ----------------------------------------------------------------------- */

/* Returns the text of the whole file, NUL behind it, or NULL with errno set. */
static char *read_text(FILE *file, size_t *length) {
    char *text = malloc(MOST_BYTES + 1);
    if (!text) {
        return NULL;
    }
    *length = fread(text, 1, MOST_BYTES + 1, file);
    if (ferror(file)) {
        free(text);
        return NULL;
    }
    text[*length < MOST_BYTES ? *length : MOST_BYTES] = '\0';
    return text;
}

static norma_status parse(const char *path, const char *text, size_t length,
                          struct norma_profile **profile, char *message, size_t size) {
    if (strlen(text) != length) {
        say(message, size, "%.300s: is not a profile: it is %s", path,
            length > MOST_BYTES ? "too long" : "not text");
        return NORMA_STATUS_BAD_PROFILE;
    }
    char reason[512] = "";
    norma_status status = norma_profile_parse(text, profile, reason, sizeof reason);
    if (status == NORMA_STATUS_OK &&
        (status = norma_profile_name(*profile, path)) != NORMA_STATUS_OK) {
        norma_profile_destroy(*profile);
        *profile = NULL;
    }
    if (status != NORMA_STATUS_OK) {
        say(message, size, "%.300s: %s", path, *reason ? reason : norma_strerror(status));
    }
    return status;
}

norma_status norma_profile_load(const char *path, struct norma_profile **profile, char *message,
                                size_t size) {
    if (!profile) {
        return NORMA_STATUS_NULL;
    }
    *profile = NULL;
    if (!path) {
        return NORMA_STATUS_NULL;
    }
    FILE *file = fopen(path, "r");
    size_t length;
    char *text = file ? read_text(file, &length) : NULL;
    norma_status status = NORMA_STATUS_BAD_PROFILE;
    if (text) {
        status = parse(path, text, length, profile, message, size);
    } else {
        say(message, size, "%.300s: cannot be read: %s", path, strerror(errno));
        status = errno == ENOMEM ? NORMA_STATUS_NO_MEMORY : NORMA_STATUS_BAD_PROFILE;
    }
    free(text);
    if (file) {
        fclose(file);
    }
    return status;
}

/* ---- the user's profile ------------------------------------------------------------------- */

static size_t path_in_folder(char *path, size_t size) {
    const char *folder = getenv("XDG_CONFIG_HOME");
    if (folder && folder[0] == '/') { /* its specification says that others are ignored */
        return (size_t)snprintf(path, size, "%s/norma/profile", folder);
    }
    const char *home = getenv("HOME");
    return home && *home ? (size_t)snprintf(path, size, "%s/.config/norma/profile", home) : 0;
}

size_t norma_profile_path(char *path, size_t size) {
    const char *named = getenv("NORMA_PROFILE");
    return named && *named ? (size_t)snprintf(path, size, "%s", named) : path_in_folder(path, size);
}

static struct {
    bool named; /* by NORMA_PROFILE, so that a bad profile is an error */
    norma_status status;
    struct norma_profile *profile; /* NULL: the defaults */
    char message[1024];
} user;

static void load_named(const char *path) {
    char reason[800];
    user.status = norma_profile_load(path, &user.profile, reason, sizeof reason);
    if (user.status != NORMA_STATUS_OK) {
        say(user.message, sizeof user.message,
            "NORMA_PROFILE: %s; 'norma-bench tune' makes a profile, NORMA_PROFILE= does without",
            reason);
    }
}

static bool exists(const char *path) {
    FILE *file = fopen(path, "r");
    if (file) {
        fclose(file);
    }
    return file || (errno != ENOENT && errno != ENOTDIR);
}

static void load_found(void) {
    char path[NORMA_PROFILE_PATH], reason[800];
    const size_t length = path_in_folder(path, sizeof path);
    if (length == 0 || length >= sizeof path || !exists(path)) {
        return;
    }
    user.status = norma_profile_load(path, &user.profile, reason, sizeof reason);
    if (user.status != NORMA_STATUS_OK) {
        say(user.message, sizeof user.message,
            "%s; it is not used: 'norma-bench tune' replaces it, or remove it", reason);
    }
}

static void look_up(void) {
    const char *named = getenv("NORMA_PROFILE");
    user.named = named && *named;
    if (user.named) {
        load_named(named);
    } else if (!named) {
        load_found();
    }
}

static void look_up_once(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, look_up);
}

norma_status norma_profile_of_user(const struct norma_profile **profile) {
    look_up_once();
    *profile = user.status == NORMA_STATUS_OK ? user.profile : NULL;
    return user.named ? user.status : NORMA_STATUS_OK;
}

const char *norma_profile_user_path(void) {
    const struct norma_profile *profile;
    norma_profile_of_user(&profile);
    return profile ? profile->path : "";
}

norma_status norma_profile_default(char *message, size_t size) {
    look_up_once();
    say(message, size, "%s", user.message);
    return user.status;
}
