#!/bin/sh
# norma-verify as it is installed, without mutants: it says where there are any. Usage: installed_test.sh NORMA-VERIFY
# SPDX-License-Identifier: Apache-2.0
verify=$1
. "$(dirname "$0")/../../ci/tests.sh"

for option in '--mutants' '--mutants tail-dropped' '--impl mutant:tail-dropped' '--impl portable,mutant:nobody'; do
    expect_said 2 'this build has no mutants; one with tests has' "$verify" $option in:3x5x7x7
    grep -qF 'cmake -S . -B build -DNORMA_TESTS=ON' "$work/err" || fail "$option does not say how to make one"
done
expect 0 '# 1 passed' "$verify" --impl portable in:3x5x7x7

[ "$failures" -eq 0 ] && echo 'all passed'
exit "$((failures > 0))"
