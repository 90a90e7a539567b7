/* The part of verify that norma-bench uses as well: the implementations of this build and those
 * that are loaded, the record of what crashed, the command that reproduces a check, and the truth
 * that results are compared with. This header is for other folders.
 *
 *     for (size_t i = 0; verify_implementation(i); i++)    every implementation
 *     verify_plugin_load("idea.so", message)               one more
 *     truth = verify_truth_create(&problem, data, seed)    inputs, and the reference's results
 *     verify_truth_inputs(truth, pointers)                 copies of the inputs
 *     verify_truth_compare(truth, accumulation, pointers)  within the error bound?
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_HARNESS_HARNESS_H
#define VERIFY_HARNESS_HARNESS_H

#include "reference/reference.h"
#include "verify/harness/command.h"
#include "verify/harness/fence.h"
#include "verify/harness/guard.h"
#include "verify/harness/implementations.h"
#include "verify/harness/plugin.h"
#include "verify/harness/staged.h"
#include "verify/truth/truth.h"

#endif
