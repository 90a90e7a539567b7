/* The interface of the report's formats.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_REPORT_FORMAT_H
#define VERIFY_REPORT_FORMAT_H

#include <stdio.h>

#include "verify/report/tallies.h"

/* The destination of a report in one format. */
struct verify_report_writer {
    const struct verify_format *format;
    FILE *out;
    const char *name; /* of the file, for messages */
    const struct verify_summary *summary;
    void *state; /* the format's own, NULL at first */
};

/* The functions of a format; each returns false if there is not enough memory. */
struct verify_format {
    const char *name;
    bool (*begin)(struct verify_report_writer *writer);
    bool (*add)(struct verify_report_writer *writer, const struct verify_case *result);
    bool (*finish)(struct verify_report_writer *writer); /* releases the state as well */
};

extern const struct verify_format verify_format_tap;
extern const struct verify_format verify_format_junit;
extern const struct verify_format verify_format_jsonl;
extern const struct verify_format verify_format_markdown;

#endif
