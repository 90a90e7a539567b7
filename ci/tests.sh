# Shared by the tests that are scripts; sourced, not run. A folder for files, which goes at the end, and
# a count of failures.
# SPDX-License-Identifier: Apache-2.0

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
failures=0

fail() {
    echo "FAILED: $*"
    failures=$((failures + 1))
}

# expect STATUS FRAGMENT COMMAND...: the command's status and a fragment of what it prints.
expect() {
    status=$1 fragment=$2
    shift 2
    [ -n "$fragment" ] || fail "without a fragment nothing is expected of what $* prints"
    "$@" >"$work/out" 2>"$work/err" </dev/null
    got=$?
    if [ "$got" -ne "$status" ] || ! cat "$work/out" "$work/err" | grep -qF -- "$fragment"; then
        fail "$* : status $got, wanted $status and '$fragment'; printed:"
        head -5 "$work/out" "$work/err"
    fi
}
