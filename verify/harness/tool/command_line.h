/* What the command lines of all sub-commands have in common.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_HARNESS_TOOL_COMMAND_LINE_H
#define VERIFY_HARNESS_TOOL_COMMAND_LINE_H

#include <stdbool.h>

enum tool_options_end {
    TOOL_OPTIONS_RUN,  /* go on */
    TOOL_OPTIONS_DONE, /* --help, --version: all is said */
    TOOL_OPTIONS_WRONG /* said why */
};

/* What --version is for getopt_long; --help is 'h', and a sub-command's own begin with 256. */
enum { TOOL_OPTION_VERSION = 255 };

/* Before the first getopt_long, whose messages begin with the program's name. */
void tool_options_begin(char **argv, char *program);

/* Is this --help or --version? Then it is answered. */
bool tool_option_is_answered(int code, const char *help);

#endif
