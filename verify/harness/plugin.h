/* Plug-ins (norma_set.h): sets that are loaded from shared libraries.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_HARNESS_PLUGIN_H
#define VERIFY_HARNESS_PLUGIN_H

#include <stdbool.h>
#include <stddef.h>

enum { VERIFY_PLUGIN_MESSAGE = 1024, VERIFY_PLUGIN_OPTION = 400 };

/* Adds the set of the plug-in to those that there are. Before any plan is made, and before anything
 * has run in parallel: it is tried in a process of its own first, so that one that crashes or hangs
 * when it is loaded is a message as well. False: message says in one sentence why it is refused,
 * and nothing was added. */
bool verify_plugin_load(const char *path, char message[VERIFY_PLUGIN_MESSAGE]);

/* Was an implementation of that name loaded? The name of the set that it is based on, or NULL. */
const char *verify_plugin_base(const char *name);

/* Number index of the names of what was loaded; NULL beyond the last. */
const char *verify_plugin_name(size_t index);

/* For command lines that reproduce something: " --load 'FILE'", or nothing where an implementation
 * of that name was not loaded. */
void verify_plugin_option(const char *name, char words[VERIFY_PLUGIN_OPTION]);

#endif
