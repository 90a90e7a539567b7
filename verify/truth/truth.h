/* The truth about a problem: inputs, the results that the reference computes from them, and how far
 * correct results may be off. This header is for other folders.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_TRUTH_TRUTH_H
#define VERIFY_TRUTH_TRUTH_H

#include "verify/truth/check_kinds.h"
#include "verify/truth/data_kinds.h"
#include "verify/truth/expected.h"
#include "verify/truth/ground_truth.h"
#include "verify/truth/inputs.h"
#include "verify/truth/kept_results.h"
#include "verify/truth/random_data.h"
#include "verify/truth/shares.h"

#endif
