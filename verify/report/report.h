/* Results of cases and reports of them. This header is for other folders.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_REPORT_REPORT_H
#define VERIFY_REPORT_REPORT_H

#include "verify/report/jsonl.h"
#include "verify/report/report_writer.h"
#include "verify/report/verified_case.h"

#endif
