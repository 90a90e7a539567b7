/* What other folders may use of this one.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_TRUTH_TRUTH_H
#define VERIFY_TRUTH_TRUTH_H

#include "verify/truth/check_kinds.h"
#include "verify/truth/ground_truth.h"
#include "verify/truth/ground_truth_parts.h"
#include "verify/truth/hash.h"
#include "verify/truth/inputs.h"
#include "verify/truth/kept_results.h"
#include "verify/truth/random_data.h"
#include "verify/truth/shares.h"

#endif
