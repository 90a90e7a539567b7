/* norma-verify --list: what can be checked here.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_VERIFY_LIST_H
#define NORMA_VERIFY_LIST_H

#include <stdio.h>

void norma_list(FILE *out);

#endif
