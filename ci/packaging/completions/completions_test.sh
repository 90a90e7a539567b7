#!/bin/sh
# Checks that the options that a program takes, those that its --help names and those that complete.sh offers are
# the same, for each sub-command as well, and that values are completed where there is a choice.
# Usage: completions_test.sh NORMA-VERIFY NORMA-BENCH NORMA-PLOT
# SPDX-License-Identifier: Apache-2.0
export LC_ALL=C
complete=$(dirname "$0")/complete.sh
. "$(dirname "$0")/../../tests.sh"

# completed WORD...: prints what complete.sh offers, without the meanings.
completed() {
    "$complete" "$@" | cut -f 1
}

# Prints the options that a program takes. To getopt_long, "--=" is an abbreviation of every option, all of which
# its message lists.
taken() {
    "$@" --= 2>&1 | grep -o "'--[a-z-]*'" | tr -d "'" | sort -u
}

# check_options PROGRAM [COMMAND]
check_options() {
    "$@" --help | grep -o -- '^ *-[^ ].*' | sed 's/  *[^- ].*//' | grep -o -- '--[a-z][a-z-]*' |
        sort -u >"$work/help"
    completed "$@" -- | sed 's/=.*//' | sort -u >"$work/completed"
    taken "$@" >"$work/taken"
    [ -s "$work/taken" ] || fail "$*: no options found"
    diff "$work/taken" "$work/help" || fail "$*: takes < what --help has >"
    diff "$work/help" "$work/completed" || fail "$*: --help has < what is completed >"
}

# offers CANDIDATES WORD...: checks that complete.sh offers all of them.
offers() {
    wanted=$1
    shift
    completed "$@" >"$work/completed"
    for candidate in $wanted; do
        grep -qxF -- "$candidate" "$work/completed" ||
            fail "$*: '$candidate' is not offered, but: $(tr '\n' ' ' <"$work/completed")"
    done
}

# Puts the programs side by side under their names, as they are installed.
for program; do
    ln -s "$(realpath "$program")" "$work/${program##*/}" || exit 1
done
verify=$work/norma-verify bench=$work/norma-bench plot=$work/norma-plot

check_options "$verify"
check_options "$plot"
commands=$(completed "$bench" '')
[ -n "$commands" ] || fail 'norma-bench: no commands'
for command in $commands; do
    check_options "$bench" "$command"
done

offers 'run tune' "$bench" ''
offers 'run' "$bench" ru
offers '--impl' "$bench" run bn:1x1 --im
offers 'portable reference' "$bench" run --impl ''
offers 'portable,reference' "$verify" --impl portable,
offers '--impl=portable,reference' "$verify" --impl=portable,re
offers 'portable' "$plot" --impl ''
offers 'bn unit' "$bench" run --operators ''
offers 'resnet50 odd' "$bench" run --shapes ''
offers 'fwd inf bwd inf_bwd' "$bench" run --pass ''
offers 'ncs nsc' "$bench" run --layout ''
offers 'tap junit jsonl markdown' "$verify" --format ''
offers 'junit=' "$verify" --report ''
offers 'svg png' "$plot" --format ''
offers '--mutants=checks' "$verify" --mutants=
offers 'bits large-mean' "$verify" --without ''
for file in '-o' '--output' '--profile'; do
    [ -z "$(completed "$bench" run "$file" '')" ] || fail "$file: is a file, and something else is offered"
done

[ "$failures" -eq 0 ] && echo 'completions: all as it should be'
