/* Reads norma-verify's command line.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_PROGRAM_VERIFY_OPTIONS_H
#define VERIFY_PROGRAM_VERIFY_OPTIONS_H

#include "verify/program/requested.h"

/* Returns the exit code, or -1 to go on. Messages go to standard error, --help to standard
 * output. */
int verify_options_read(struct verify_options *options, int argc, char **argv);

#endif
