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
    "$complete" "$@" >"$work/candidates"
    files=$?
    cut -f 1 "$work/candidates"
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
! completed "$bench" bogus '' | grep -q . || fail 'something is offered behind what is no command'
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
offers 'bn: in: unit:' "$verify" ''
offers 'bn: gn:' "$bench" run --quick ''
offers 'gn:8x64:g= gn:8x64:pass=inf_bwd gn:8x64:epilogue=add_relu' "$bench" explain gn:8x64:
offers 'gn:8x64:pass=bwd,g= gn:8x64:pass=bwd,layout=nsc' "$verify" gn:8x64:pass=bwd,la

# wants_files WORD...: nothing is offered, and files may stand there. wants_none WORD...: they may not.
wants_files() {
    completed "$@" >"$work/completed"
    [ ! -s "$work/completed" ] && [ "$files" -eq 0 ] || fail "$*: files are not offered, but $(head -n 3 "$work/completed")"
}
wants_none() {
    completed "$@" >"$work/completed"
    [ "$files" -ne 0 ] || fail "$*: files are offered"
}
for file in '-o' '--output' '--profile'; do
    wants_files "$bench" run "$file" ''
done
wants_files "$verify" -o ''
wants_files "$verify" --output=
wants_files "$verify" @prob
wants_files "$plot" ''
wants_files "$bench" compare ''
wants_none "$verify" ''
wants_none "$verify" bn:8x
wants_none "$verify" --threads ''
wants_none "$verify" --quick bn:8x64:
wants_none "$bench" machine ''
wants_none "$bench" ru
! completed "$bench" explain bn:8x | grep -q . || fail 'a size is offered something'

# What takes one of norma's sets is offered no other implementation, and what is offered can run.
offers 'portable' "$bench" explain --impl ''
offers 'portable' "$bench" tune --impl ''
for command in explain tune; do
    completed "$bench" $command --impl '' | grep -qE '^(reference|onednn|norma-staged)' &&
        fail "$command --impl is offered what it refuses"
done
completed "$verify" --impl '' >"$work/offered"
"$verify" --list | awk '/^$/ { exit } $2 == "yes" { print $1 }' | cmp -s - "$work/offered" ||
    fail "--impl is offered: $(tr '\n' ' ' <"$work/offered")"

# A key that is pressed makes no plans, and starts no program more often than it must.
mkdir "$work/counted"
for program in norma-verify norma-bench; do
    printf '#!/bin/sh\necho "%s $*" >>"%s"\nexec "%s" "$@"\n' $program "$work/calls" "$work/$program" >"$work/counted/$program"
    chmod +x "$work/counted/$program"
done
: >"$work/calls"
completed "$work/counted/norma-verify" --impl '' >/dev/null
[ "$(cat "$work/calls")" = 'norma-verify --complete --impl' ] || fail "calls for norma-verify --impl: $(cat "$work/calls")"
: >"$work/calls"
completed "$work/counted/norma-bench" run --impl '' >/dev/null
[ "$(cat "$work/calls")" = 'norma-bench --complete run' ] || fail "calls for run --impl: $(cat "$work/calls")"
: >"$work/calls"
completed "$work/counted/norma-bench" run --shapes '' >/dev/null
[ "$(cat "$work/calls")" = 'norma-bench --complete run' ] || fail "calls for run --shapes: $(cat "$work/calls")"

[ "$failures" -eq 0 ] && echo 'completions: all as it should be'
