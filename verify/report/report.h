/* What other folders may use of this one.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_REPORT_REPORT_H
#define VERIFY_REPORT_REPORT_H

#include "verify/report/format.h"
#include "verify/report/jsonl.h"
#include "verify/report/report_writer.h"
#include "verify/report/verified_case.h"

#endif
