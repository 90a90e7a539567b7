/* JSON Lines of any objects.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_REPORT_JSONL_H
#define VERIFY_REPORT_JSONL_H

#include <jansson.h>

#include "verify/report/format.h"

/* Returns a seed as a new reference. A seed beyond INT64_MAX is text, as integers are signed. */
json_t *verify_jsonl_seed(uint64_t seed);

/* Writes and releases an object; `good` says whether it is complete. Returns false if there was not
 * enough memory. A failed write shows in the error of the file instead. */
bool verify_jsonl_write(FILE *out, json_t *object, bool good);

#endif
