/* Which options and operands go together: each mode heeds some of them, and one that would be
 * ignored in silence is refused.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_PROGRAM_MODES_H
#define VERIFY_PROGRAM_MODES_H

#include "verify/program/requested.h"

/* Checks that the options ask for one thing, and for nothing that it does not heed. `operand` is
 * the first operand, NULL if there is none. Returns false after it has said what to leave out. */
bool verify_modes_check(const struct verify_options *options, const char *operand);

#endif
