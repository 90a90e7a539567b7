/* What other folders may use of this one.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_MUTANTS_MUTANTS_H
#define VERIFY_MUTANTS_MUTANTS_H

#include "verify/mutants/mutation.h"

#endif
