# Functions that the commands of this folder share. It is sourced, not run.
# SPDX-License-Identifier: Apache-2.0

root=$(cd "$(dirname "$0")/.." && pwd) || exit 2
jobs=$(nproc 2>/dev/null || echo 2)

say() {
    printf '\n== %s\n' "$*"
}

# Compilers' results are cached. Paths below the checkout do not count, so that other checkouts share them.
if command -v ccache >/dev/null 2>&1; then
    export CMAKE_C_COMPILER_LAUNCHER=ccache CMAKE_CXX_COMPILER_LAUNCHER=ccache
    export CCACHE_BASEDIR="$root" CCACHE_NOHASHDIR=1
fi

# configure DIR CMAKE-ARGUMENT...: runs CMake and prints the optional parts that were found and left out.
configure() {
    directory=$1
    shift
    mkdir -p "$directory" || return 1
    if ! cmake -S "$root" -B "$directory" -G Ninja "$@" >"$directory/configure.log" 2>&1; then
        cat "$directory/configure.log"
        return 1
    fi
    grep -E '^-- norma' "$directory/configure.log"
}

# compile DIR: builds the targets in $targets (all if it is empty), quietly unless something is wrong.
compile() {
    directory=$1
    # shellcheck disable=SC2086 # the targets are words
    if ! cmake --build "$directory" -j "$jobs" ${targets:+--target $targets} >"$directory/build.log" 2>&1; then
        grep -E -A12 'error|warning|FAILED' "$directory/build.log" | head -60
        echo "the whole log: $directory/build.log"
        return 1
    fi
}

# build DIR CMAKE-ARGUMENT...: configures and compiles.
build() {
    configure "$@" && compile "$1"
}

# Configures the build that ci/report and the gate share, so that neither builds again what the other has built. It
# states every option, as the folder may have been configured otherwise before.
release=$root/build/release
configure_release() {
    set --
    ! command -v gcc >/dev/null 2>&1 || set -- -DCMAKE_C_COMPILER=gcc -DCMAKE_CXX_COMPILER=g++
    configure "$release" -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=OFF -DNORMA_TESTS=ON \
        -DNORMA_PROGRAMS=ON -DNORMA_SANITIZE= "$@"
}

# Names of implementations that must be able to run here.
require=${NORMA_REQUIRE:-portable,onednn}

# has_required DIR: succeeds if DIR was configured with oneDNN or does not require it. It is called ahead of building,
# which takes minutes; norma-verify looks for everything else that is required.
has_required() {
    case ,$require in
    *,onednn*)
        grep -q '^NORMA_ONEDNN:INTERNAL=\(1\|TRUE\|ON\)$' "$1/CMakeCache.txt" && return 0
        echo "ci/${0##*/}: oneDNN is required and left out, see above; NORMA_REQUIRE=portable goes on without it" >&2
        return 1
        ;;
    esac
}

# together COMMAND...: runs all commands at once, each one word of shell code; fails if one of them does.
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
