#!/bin/sh
# Runs two, three and five writers at once on one file of results with --resume, and ends them at random times, a
# hundred times. After each, the file must be readable, and have every complete line that it had before.
# Usage: writers_test.sh NORMA-BENCH
# SPDX-License-Identifier: Apache-2.0
bench=$1
. "$(dirname "$0")/../../ci/tests.sh"
rounds=100
export HOME="$work"
export HWLOC_SYNTHETIC='core:2 pu:1' # to be quick
sweep="--shapes resnet110,resnet18 --micro-batches 1 --threads 1 --impl portable --time 0.001 --min-samples 1 --profile"

# random BOUND: a number from 0 on; the same at each run of the test.
state=1
random() {
    state=$(((state * 1103515245 + 12345) % 2147483648))
    number=$((state / 65536 % $1))
}

# write: begins to write the file.
write() {
    # shellcheck disable=SC2086 # the options are words
    "$bench" run $sweep '' -o "$work/r" --resume 2>>"$work/said" &
}

# keep_complete: copies the lines that are complete.
keep_complete() {
    head -n "$(wc -l <"$work/r")" "$work/r" >"$work/kept"
}

# expect_sound: every complete line is a record, and those that were kept are still there.
expect_sound() {
    head -c "$(wc -c <"$work/kept")" "$work/r" | cmp -s - "$work/kept" || fail "round $round: lines were lost"
    head -n "$(wc -l <"$work/r")" "$work/r" | grep -vq '^{"type":".*}$' && fail "round $round: a line is no record"
}

: >"$work/r"
: >"$work/said"
round=0
while [ $round -lt $rounds ] && [ $failures -eq 0 ]; do
    round=$((round + 1))
    [ $((round % 10)) -eq 0 ] && : >"$work/r" # else there would soon be nothing left to write
    keep_complete
    case $((round % 3)) in
    0) writers='1 2' ;;
    1) writers='1 2 3' ;;
    *) writers='1 2 3 4 5' ;;
    esac
    children=
    for writer in $writers; do
        write
        children="$children $!"
    done
    random 300
    sleep "$(printf '0.%03d' $number)"
    for child in $children; do
        random 3
        signal=$(echo KILL KILL TERM | cut -d' ' -f$((number + 1)))
        kill -"$signal" "$child" 2>/dev/null
    done
    for child in $children; do
        wait "$child"
    done 2>/dev/null # where the shell tells of each that was killed
    expect_sound
done

# ---- after all of this, the file can be completed and read
write
wait $! || { fail 'the file cannot be completed'; tail -3 "$work/said"; }
keep_complete
expect_sound
"$bench" compare "$work/r" "$work/r" >"$work/out" 2>&1 || { fail 'the file cannot be compared'; head -3 "$work/out"; }
# shellcheck disable=SC2086
wanted=$("$bench" run $sweep '' --list | grep -vc '^#')
got=$(grep -c '"implementation":"portable"' "$work/r")
[ "$wanted" -eq "$got" ] || fail "$got of $wanted problems have a measurement"

# ---- one writes for long: the other says why it is refused
# shellcheck disable=SC2086
"$bench" run $sweep '' --time 100 --min-samples 1000000 -o "$work/long" 2>/dev/null &
first=$!
until [ -s "$work/long" ]; do
    sleep 0.05
done
# shellcheck disable=SC2086
for resume in --resume ''; do
    expect_said 2 "another process writes $work/long" "$bench" run $sweep '' -o "$work/long" $resume
done
expect_said 2 "another process writes $work/long" "$bench" machine --facts -o "$work/long"
kill -TERM $first
wait $first

[ "$failures" -eq 0 ] && echo 'all fine'
exit $((failures > 0))
