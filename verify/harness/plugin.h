/* Plug-ins (norma_set.h): sets that are loaded from shared libraries.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_HARNESS_PLUGIN_H
#define VERIFY_HARNESS_PLUGIN_H

#include <stdbool.h>
#include <stddef.h>

enum { VERIFY_PLUGIN_MESSAGE = 1024 };

/* Adds the set of a plug-in to the implementations. Must be called before any plan is created, and
 * before anything has run in parallel: the plug-in is loaded in a process of its own first, so that
 * a crash or hang while loading is a message as well. Returns false if the plug-in is refused;
 * message then gives the reason in one sentence. */
bool verify_plugin_load(const char *path, char message[VERIFY_PLUGIN_MESSAGE]);

/* Does the same for --load, with the message on standard error. */
bool verify_take_plugin(const char *path);

/* Returns the name of the set that a loaded implementation is based on; NULL if none of that name
 * was loaded. */
const char *verify_plugin_base(const char *name);

/* Returns the name of loaded implementation number `index`; NULL beyond the last. */
const char *verify_plugin_name(size_t index);

/* Returns the file of a loaded implementation; NULL if none of that name was loaded. */
const char *verify_plugin_path(const char *name);

#endif
