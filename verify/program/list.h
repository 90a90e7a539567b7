/* norma-verify --list: what can be checked here.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_PROGRAM_LIST_H
#define VERIFY_PROGRAM_LIST_H

#include <stdio.h>

void verify_list(FILE *out);

#endif
