# Shared by the tests that are scripts; sourced, not run. Makes a folder for files, which is removed at the end,
# and counts failures.
# SPDX-License-Identifier: Apache-2.0

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
failures=0

fail() {
    echo "FAILED: $*"
    failures=$((failures + 1))
}

# expect_status STATUS COMMAND...: the command's status. Its output is in $work/out, its messages in $work/err.
expect_status() {
    status=$1
    shift
    "$@" >"$work/out" 2>"$work/err" </dev/null
    got=$?
    [ "$got" -eq "$status" ] && return
    fail "$* : status $got, wanted $status; printed:"
    head -5 "$work/out" "$work/err"
}

# has FILE FRAGMENT...: the file contains each fragment.
has() {
    file=$1
    shift
    for fragment; do
        grep -qF -- "$fragment" "$file" 2>/dev/null && continue
        fail "no '$fragment' in $(basename "$file"):" "$(head -n 12 "$file")"
    done
}

# expect STATUS FRAGMENT COMMAND...: the command's status, and a fragment of what it prints on standard output.
expect() {
    wanted=$1 printed=$2
    shift 2
    expect_status "$wanted" "$@"
    grep -qF -- "${printed:?}" "$work/out" || fail "$* : no '$printed' in its output: $(head -5 "$work/out" "$work/err")"
}

# expect_said STATUS FRAGMENT COMMAND...: the same for what it says on standard error.
expect_said() {
    wanted=$1 said=$2
    shift 2
    expect_status "$wanted" "$@"
    grep -qF -- "${said:?}" "$work/err" || fail "$* : no '$said' in its messages: $(head -5 "$work/err" "$work/out")"
}

# lacks_only_threads PROGRAM: checks whether the program goes on where the system lets no thread start. LLVM's OpenMP, in
# sanitized builds, starts one more than it is asked for, and ends the program.
lacks_only_threads() {
    ldd "$1" 2>/dev/null | grep -q libomp || return 0
    echo "skipped: without threads, as $(basename "$1") has LLVM's OpenMP"
    return 1
}
