/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "verify/harness/tool/command_line.h"

#include <getopt.h>
#include <stdio.h>

#include <norma.h>

void tool_options_begin(char **argv, char *program) {
    argv[0] = program;
    optind = 0; /* glibc: start anew, whoever used it before */
}

bool tool_option_is_answered(int code, const char *help) {
    if (code == 'h') {
        fputs(help, stdout);
    } else if (code == TOOL_OPTION_VERSION) {
        printf("norma-bench %s\n", norma_version());
    }
    return code == 'h' || code == TOOL_OPTION_VERSION;
}
