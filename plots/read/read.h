/* Files of results as structs, and views of them. This header is for other folders.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef PLOTS_READ_READ_H
#define PLOTS_READ_READ_H

#include "plots/read/machines.h"
#include "plots/read/view.h"
#include "verify/harness/tool/tool.h"

#endif
