/* The interface of this folder for others.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef PLOTS_READ_READ_H
#define PLOTS_READ_READ_H

#include "plots/read/machines.h"
#include "plots/read/view.h"
#include "verify/harness/tool/tool.h"

#endif
