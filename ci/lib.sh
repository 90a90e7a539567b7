# Shared by the scripts of this folder; sourced, not run.
# SPDX-License-Identifier: Apache-2.0

root=$(cd "$(dirname "$0")/.." && pwd) || exit 2
jobs=$(nproc 2>/dev/null || echo 2)

say() {
    printf '\n== %s\n' "$*"
}

# build DIR CMAKE-ARGUMENT...: configures and builds what $targets names (all), quietly unless
# something is wrong.
build() {
    directory=$1
    shift
    mkdir -p "$directory" || return 1
    if ! cmake -S "$root" -B "$directory" -G Ninja "$@" >"$directory/configure.log" 2>&1; then
        cat "$directory/configure.log"
        return 1
    fi
    grep -E '^-- norma' "$directory/configure.log"
    # shellcheck disable=SC2086 # the targets are words
    if ! cmake --build "$directory" -j "$jobs" ${targets:+--target $targets} >"$directory/build.log" 2>&1; then
        grep -E -A12 'error|warning|FAILED' "$directory/build.log" | head -60
        echo "the whole log: $directory/build.log"
        return 1
    fi
}

# together COMMAND...: all at once, each a word of the shell's; fails if one does.
together() {
    running=
    for command in "$@"; do
        eval "$command" &
        running="$running $!"
    done
    together_status=0
    for process in $running; do
        wait "$process" || together_status=1
    done
    return "$together_status"
}
