/* Target: a trial of norma's execution, which the input is decoded to. Nothing that norma.h
 * promises is broken. The story of an input that fails is printed, unless a sanitizer ends the
 * program; try_executions prints it for every input.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "verify/fuzz/targets/target.h"
#include "verify/fuzz/trial/trial.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static char story[FUZZ_STORY];
    fuzz_trial(data, size, story);
    return 0;
}
