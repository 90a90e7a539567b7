#!/bin/sh
# Checks that pkg-config's flags lead to the headers under prefixes with blanks and quotation marks.
# Usage: pc_prefix_test.sh CMAKE
# SPDX-License-Identifier: Apache-2.0
cmake=$1
folder=$(cd "$(dirname "$0")" && pwd)
. "$folder/../tests.sh"
if ! pkg-config --version >/dev/null 2>&1; then
    echo 'skipped: there is no pkg-config'
    exit 0
fi

cat >"$work/write.cmake" <<END
include($folder/pc_prefix.cmake)
norma_pc_prefix(NORMA_PC_PREFIX "\${prefix}" ../..)
set(NORMA_PC_INCLUDEDIR "\\\${prefix}/include")
set(NORMA_PC_LIBDIR "\\\${prefix}/lib")
set(PROJECT_DESCRIPTION norma)
set(PROJECT_VERSION 1)
configure_file($folder/norma.pc.in "\${prefix}/lib/pkgconfig/norma.pc" @ONLY)
END
for name in plain 'with blank' "it's" "it's a \"name\""; do
    prefix=$work/$name
    mkdir -p "$prefix/lib/pkgconfig" "$prefix/include"
    "$cmake" "-Dprefix=$prefix" -P "$work/write.cmake" || fail "$name: norma.pc is not written"
    export PKG_CONFIG_PATH="$prefix/lib/pkgconfig"
    eval "set -- $(pkg-config --cflags norma 2>&1)"
    { [ $# -eq 1 ] && [ -d "${1#-I}" ]; } || fail "$name: $*"
done

[ "$failures" -eq 0 ] && echo 'pkg-config finds all'
[ "$failures" -eq 0 ]
