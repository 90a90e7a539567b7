# Writes revision.h: the commit that is built, and whether the tree differs from it. Runs at every
# build and not at configure time, as it would soon be wrong then. The file changes only when its text
# does, so nothing is compiled needlessly.
# SPDX-License-Identifier: Apache-2.0
cmake_minimum_required(VERSION 3.22)
execute_process(COMMAND git -C ${SOURCE_DIR} rev-parse --short=12 HEAD
  OUTPUT_VARIABLE BENCH_REVISION OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
if(failed)
  set(BENCH_REVISION unknown)
endif()
execute_process(COMMAND git -C ${SOURCE_DIR} status --porcelain
  OUTPUT_VARIABLE changes ERROR_QUIET)
if(changes)
  set(BENCH_DIRTY true)
else()
  set(BENCH_DIRTY false)
endif()
file(CONFIGURE OUTPUT ${BINARY_DIR}/revision.h @ONLY CONTENT
"/* The state of the source tree; written at every build by revision.cmake.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define BENCH_REVISION \"@BENCH_REVISION@\"
#define BENCH_DIRTY @BENCH_DIRTY@
")
