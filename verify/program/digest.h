/* What the results are, to the bit: one hash per problem, and one of all. Where two of these lists
 * are the same, so were all results, on whatever machines.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_PROGRAM_DIGEST_H
#define VERIFY_PROGRAM_DIGEST_H

#include <stdio.h>

#include "verify/program/verify_options.h"

/* Writes the hash of each problem's outputs, with all kinds of data, as the first implementation
 * yields them, and at last the hash of these hashes: as text, or as objects where the format is
 * jsonl. *different: how often an implementation could not do a problem or did it otherwise than
 * the first, which is said on stderr. False: no memory for what was to be written. */
bool verify_digest(const struct verify_options *options, FILE *out, size_t *different);

#endif
