/* Going over problems, data, implementations and placements.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_VERIFY_RUN_H
#define NORMA_VERIFY_RUN_H

#include "options.h"
#include "report.h"

void norma_verify_run(const struct norma_verify_options *options, struct norma_report *report);

#endif
