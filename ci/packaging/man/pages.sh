#!/bin/sh
# Makes the manual pages of programs, of their sub-commands and of the library, from the programs' --help and
# from the headers. A new sub-command or header needs no change here.
# Usage: pages.sh FOLDER VERSION INCLUDE PROGRAM...
# SPDX-License-Identifier: Apache-2.0
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=$1 version=$2 include=$3
shift 3
# The date that reproducible builds ask for (SOURCE_DATE_EPOCH), or today.
date=$(date -u ${SOURCE_DATE_EPOCH:+-d "@$SOURCE_DATE_EPOCH"} +%Y-%m-%d)
rm -rf "$folder"
mkdir -p "$folder"

# page NAME BRIEF COMMAND...: makes a page from what COMMAND --help prints.
page() {
    name=$1 brief=$2
    shift 2
    "$@" --help >"$folder/help"
    awk -v name="$name" -v title="$(echo "$name" | tr '[:lower:]' '[:upper:]')" -v brief="$brief" \
        -v version="$version" -v date="$date" -f "$here/roff.awk" \
        -f "$here/page.awk" "$folder/help" >"$folder/$name.1"
    if ! grep -q '^\.SH SYNOPSIS$' "$folder/$name.1"; then
        echo "$name: --help does not begin with 'Usage: '" >&2
        exit 1
    fi
    [ "$name" = norma-plot ] || cat "$here/environment.man" >>"$folder/$name.1"
}

# see_also NAME PAGE...: prints references to all PAGEs but that of NAME.
see_also() {
    name=$1
    shift
    echo '.SH SEE ALSO'
    for other in "$@"; do
        [ "$other" = "$name.1" ] || echo "$other"
    done | sed 's/-/\\-/g; s/^\(.*\)\.\([0-9]\)$/.BR \1 (\2),/; $s/,$//'
}

brief_of() {
    case $1 in
    norma-verify) echo 'check kernels for normalization against a double-precision reference' ;;
    norma-bench) echo 'measure kernels for normalization, and tune them' ;;
    norma-plot) echo 'pictures and a page of what norma-bench measured' ;;
    *) echo 'a program of norma' ;;
    esac
}

for program in "$@"; do
    base=${program##*/}
    page "$base" "$(brief_of "$base")" "$program"
    "$program" --help | sed -n '/^Commands:$/,/^$/s/^  \([a-z]*\)  *\(.*\)/\1 \2/p' >"$folder/commands"
    while read -r command brief; do
        page "$base-$command" "$brief" "$program" "$command"
    done <"$folder/commands"
done
rm -f "$folder/help" "$folder/commands"
pages=$(cd "$folder" && ls)
for file in $pages; do
    # shellcheck disable=SC2086 # the pages are words
    see_also "${file%.1}" $pages norma-problem.7 norma.3 >>"$folder/$file"
done

for header in "$include"/*.h; do
    name=$(basename "$header" .h)
    awk -v name="$name" -v version="$version" -v date="$date" -f "$here/roff.awk" \
        -f "$here/header.awk" "$header" >"$folder/$name.3"
    awk -v name="$name" -v version="$version" -v date="$date" -v folder="$folder" -f "$here/roff.awk" \
        -f "$here/function.awk" "$header"
done

# Takes the lists from norma.h: X(BN, bn, "batch normalization [...]"), and the comment of norma_problem_parse.
sed -n 's/^    X([A-Z]*, \([a-z]*\), "\(.*\)").*/\1\t\2/p' "$include/norma.h" >"$folder/operators"
sed -n '/^\/\* Parses `op:/,/\*\/$/s/^ \*     //p' "$include/norma.h" | sed 's/-/\\-/g' >"$folder/keys"
sed -e "s/@VERSION@/$version/; s/@DATE@/$date/" -e "/^@OPERATORS@$/{
r $folder/operators
d
}" -e "/^@KEYS@$/{
r $folder/keys
d
}" "$here/norma-problem.7.in" >"$folder/norma-problem.7"
[ -s "$folder/operators" ] && [ -s "$folder/keys" ]
rm "$folder/operators" "$folder/keys"
