/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "verify/harness/plugin.h"

#include <dlfcn.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "kernels/sets/sets.h"
#include "verify/harness/implementations.h"
#include "verify/harness/tool/tool.h"

enum { LOADING_SECONDS = 10, LONGEST_NAME = 31, LONGEST_PATH = 320 };

enum { OTHER_MEMBERS = 5 }; /* of struct norma_set, beside its primitives */
#define COUNT(primitive, stage) +1
_Static_assert(sizeof(struct norma_set) == (OTHER_MEMBERS NORMA_PRIMITIVES(COUNT)) * sizeof(void *),
               "a primitive is not in NORMA_PRIMITIVES");
#undef COUNT

/* The loaded plug-ins, in the order of the sets that were added. */
static struct {
    char path[LONGEST_PATH];
    const char *name;
} loaded[NORMA_MOST_ADDED];
static size_t loaded_count;

static __attribute__((format(printf, 2, 3))) bool refuse(char *message, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, VERIFY_PLUGIN_MESSAGE, format, arguments);
    va_end(arguments);
    return false;
}

/* ---- the exported structure ----------------------------------------------------------------- */

static bool is_name(const char *name) {
    static const char first[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-_.";
    return *name != '\0' && strchr(first, *name) && strspn(name, allowed) == strlen(name) &&
           strlen(name) <= LONGEST_NAME;
}

/* Checks whether a name is taken by an implementation or by a ceiling of norma-bench. */
static bool is_taken(const char *name) {
    static const char *const ceilings[] = {"copy", "copy-stream", "add", "add-stream"};
    for (size_t i = 0; i < sizeof ceilings / sizeof *ceilings; i++) {
        if (strcmp(ceilings[i], name) == 0) {
            return true;
        }
    }
    return verify_implementation_find(name) != NULL;
}

static bool check_plugin(const char *path, const struct norma_plugin *plugin, char *message) {
    if (plugin->abi != NORMA_SET_ABI) {
        return refuse(message,
                      "%s was compiled with version %u of norma_set.h, and this is version %d: "
                      "build it anew with the header of this norma",
                      path, plugin->abi, NORMA_SET_ABI);
    }
    if (!plugin->name || !is_name(plugin->name)) {
        return refuse(message,
                      "%s: its name must be 1 to %d of a-z, 0-9, '-', '_' and '.', beginning with "
                      "a letter or digit",
                      path, LONGEST_NAME);
    }
    if (is_taken(plugin->name)) {
        return refuse(message, "%s: there is an implementation '%s' already; give it another name",
                      path, plugin->name);
    }
    return plugin->override ||
           refuse(message, "%s: norma_plugin.override is NULL; it is what replaces primitives",
                  path);
}

/* ---- the set -------------------------------------------------------------------------------- */

static const struct norma_set *find_base(const char *path, const struct norma_plugin *plugin,
                                         char *message) {
    const struct norma_set *base = NULL;
    norma_status status = norma_set_choose(plugin->base, &base);
    if (plugin->base && *plugin->base) {
        base = norma_set_find(plugin->base);
        status = !base                ? NORMA_STATUS_UNKNOWN_SET
                 : !base->available() ? NORMA_STATUS_UNAVAILABLE_SET
                                      : NORMA_STATUS_OK;
    }
    if (status != NORMA_STATUS_OK) {
        refuse(message, "%s: it is based on '%s': %s", path, plugin->base, norma_strerror(status));
        return NULL;
    }
    return base;
}

static bool check_set(const char *path, const struct norma_set *set, char *message) {
#define CHECK_PRIMITIVE(primitive, stage)                                                          \
    if (!set->primitive) {                                                                         \
        return refuse(message, "%s: its override leaves '%s' NULL", path, #primitive);             \
    }
    NORMA_PRIMITIVES(CHECK_PRIMITIVE)
#undef CHECK_PRIMITIVE
    return (set->features && set->available) ||
           refuse(message, "%s: its override leaves 'features' or 'available' NULL", path);
}

static bool make_set(const char *path, const struct norma_plugin *plugin, struct norma_set *set,
                     char *message) {
    const struct norma_set *base = find_base(path, plugin, message);
    if (!base) {
        return false;
    }
    *set = *base;
    plugin->override(set);
    set->name = plugin->name;
    set->base = base->name;
    set->vocabulary = NULL; /* it is the base's, and is checked with the base */
    return check_set(path, set, message);
}

/* ---- loading -------------------------------------------------------------------------------- */

/* Loads the library for good, as its functions are the set. */
static bool load(const char *path, struct norma_set *set, char *message) {
    char file[LONGEST_PATH + 2];
    /* dlopen searches the system's folders for a name without a slash. */
    snprintf(file, sizeof file, "%s%s", strchr(path, '/') ? "" : "./", path);
    void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        return refuse(message,
                      "%s (a plug-in is built by: cc -O3 -march=native -ffp-contract=off -fPIC "
                      "-shared idea.c -o idea.so -lm)",
                      dlerror());
    }
    const struct norma_plugin *plugin = dlsym(library, "norma_plugin");
    if (!plugin) {
        return refuse(message,
                      "%s has no symbol 'norma_plugin', which norma_set.h says is what a plug-in "
                      "exports",
                      path);
    }
    return check_plugin(path, plugin, message) && make_set(path, plugin, set, message);
}

struct trial {
    const char *path;
    char *message; /* in memory that is shared with the parent */
};

static void try_to_load(void *context, int pipe) {
    const struct trial *trial = context;
    struct norma_set set;
    (void)pipe;
    tool_worker_time_limit(LOADING_SECONDS);
    load(trial->path, &set, trial->message);
}

/* Loads the plug-in in a worker. The message is empty if that succeeds. */
static void try_in_worker(const char *path, char *shared, char *message) {
    struct trial trial = {path, shared};
    const struct tool_job job = {.work = try_to_load, .context = &trial};
    struct tool_ending ending;
    char how[100];
    if (!tool_worker_run(&job, &ending)) {
        refuse(message, "%s: no process can be started to try it in", path);
    } else if (!ending.finished) {
        tool_ending_print(&ending, how, sizeof how);
        refuse(message, "%s cannot be loaded: it ended the program with %s%s", path, how,
               ending.signal == SIGALRM ? ", as it took too long" : "");
    } else {
        snprintf(message, VERIFY_PLUGIN_MESSAGE, "%s", shared);
    }
}

/* Checks whether the plug-in can be loaded without a crash or a hang. */
static bool is_loadable(const char *path, char *message) {
    char *shared = tool_worker_memory(VERIFY_PLUGIN_MESSAGE);
    if (!shared) {
        return refuse(message, "not enough memory");
    }
    *message = '\0';
    try_in_worker(path, shared, message);
    tool_worker_memory_release(shared, VERIFY_PLUGIN_MESSAGE);
    return *message == '\0';
}

bool verify_plugin_load(const char *path, char message[VERIFY_PLUGIN_MESSAGE]) {
    struct norma_set set;
    if (strlen(path) >= LONGEST_PATH) {
        return refuse(message, "%.40s...: the path is longer than %d", path, LONGEST_PATH - 1);
    }
    if (loaded_count == NORMA_MOST_ADDED) {
        return refuse(message, "%s: %d plug-ins are loaded, which is all that there is room for",
                      path, NORMA_MOST_ADDED);
    }
    if (!is_loadable(path, message) || !load(path, &set, message)) {
        return false;
    }
    norma_set_add(&set);
    tool_input_note(path);
    snprintf(loaded[loaded_count].path, LONGEST_PATH, "%s", path);
    loaded[loaded_count++].name = set.name;
    return true;
}

bool verify_take_plugin(const char *path) {
    char message[VERIFY_PLUGIN_MESSAGE];
    if (!verify_plugin_load(path, message)) {
        tool_say("--load: %s", message);
        return false;
    }
    return true;
}

/* ---- loaded plug-ins ------------------------------------------------------------------------ */

const char *verify_plugin_base(const char *name) {
    const struct norma_set *set = norma_set_find(name);
    return set ? set->base : NULL;
}

const char *verify_plugin_name(size_t index) {
    return index < loaded_count ? loaded[index].name : NULL;
}

const char *verify_plugin_path(const char *name) {
    for (size_t i = 0; i < loaded_count; i++) {
        if (strcmp(loaded[i].name, name) == 0) {
            return loaded[i].path;
        }
    }
    return NULL;
}
