/* What the results are, to the bit: one hash per problem, and one of all. Where two of these lists
 * are the same, so were all results, on whatever machines.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_VERIFY_DIGEST_H
#define NORMA_VERIFY_DIGEST_H

#include <stdio.h>

#include "options.h"

/* Writes the hash of each problem's outputs, with all kinds of data, as the first implementation
 * yields them, and the hash of these hashes. Returns how often an implementation could not do a
 * problem or did it otherwise than the first, and says so on stderr. */
size_t norma_digest(const struct norma_verify_options *options, FILE *out);

#endif
