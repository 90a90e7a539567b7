# Writes revision.h: the commit that is being built and whether the tree differs from it. Run at
# every build, not at configure time, when it would soon be wrong; the file changes only when its
# text does, so nothing is compiled needlessly.
# SPDX-License-Identifier: Apache-2.0
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
configure_file(${SOURCE_DIR}/revision.h.in ${BINARY_DIR}/revision.h @ONLY)
