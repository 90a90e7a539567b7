/* What JSON Lines have in common, whatever their objects are.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_VERIFY_REPORT_JSONL_H
#define NORMA_VERIFY_REPORT_JSONL_H

#include <jansson.h>

#include "report_format.h"

/* Numbers have a sign in JSON: a seed that would be negative is text. A new reference. */
json_t *norma_jsonl_seed(uint64_t seed);

/* Writes and releases an object. good: it is whole. False: there was no memory; what cannot be
 * written is found in the error of the file. */
bool norma_jsonl_write(FILE *out, json_t *object, bool good);

#endif
