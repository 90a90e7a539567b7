/* What JSON Lines have in common, whatever their objects are.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_REPORT_JSONL_H
#define VERIFY_REPORT_JSONL_H

#include <jansson.h>

#include "verify/report/format.h"

/* Numbers have a sign in JSON: a seed that would be negative is text. A new reference. */
json_t *verify_jsonl_seed(uint64_t seed);

/* Writes and releases an object. good: it is whole. False: there was no memory; what cannot be
 * written is found in the error of the file. */
bool verify_jsonl_write(FILE *out, json_t *object, bool good);

#endif
