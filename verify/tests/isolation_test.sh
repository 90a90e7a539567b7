#!/bin/sh
# A kernel that crashes, hangs or exits fails its own case, in every format. Beside that: Ctrl-C,
# shards, and reports that cannot be written. Usage: isolation_test.sh NORMA-VERIFY
# SPDX-License-Identifier: Apache-2.0
verify=$1
. "$(dirname "$0")/../../ci/tests.sh"

# valid FORMAT FILE...: checks the syntax with the tools that this machine has.
valid() {
    format=$1
    shift
    case $format in
    junit)
        if command -v xmllint >/dev/null 2>&1; then
            xmllint --noout "$@" || fail "not all of $* are XML"
        elif command -v python3 >/dev/null 2>&1; then
            python3 -c 'import sys, xml.dom.minidom; [xml.dom.minidom.parse(name) for name in sys.argv[1:]]' "$@" ||
                fail "not all of $* are XML"
        fi
        ;;
    jsonl)
        if command -v python3 >/dev/null 2>&1; then
            python3 -c 'import fileinput, json; [json.loads(line) for line in fileinput.input()]' "$@" ||
                fail "not all of $* are JSON"
        fi
        ;;
    esac
}

# fails MUTANT MESSAGE [OPTION...]: checks that only its second case fails, with that message, in every
# format, and that the run goes on. One run writes all formats. One of them goes through a pipe, where
# buffered text that a worker wrote again would show.
fails() {
    mutant=$1 message=$2
    shift 2
    {
        "$verify" --impl "mutant:$mutant,portable" --threads 1 --report "junit=$work/$mutant.junit" \
            --report "jsonl=$work/$mutant.jsonl" --report "markdown=$work/markdown" "$@" in:2x3x5 in:3x3x5 in:4x3x5 \
            2>/dev/null
        echo "$?" >"$work/status"
    } | cat >"$work/pipe"
    reproduce="norma-verify --impl mutant:$mutant --threads 1 --seed 1 'in:3x3x5'"
    [ "$(cat "$work/status")" = 1 ] || fail "$mutant: status $(cat "$work/status")"
    [ "$(grep -c '^ok' "$work/pipe")" -eq 5 ] && [ "$(grep -c '^TAP' "$work/pipe")" -eq 1 ] ||
        fail "$mutant: five cases do not pass"
    has "$work/pipe" "not ok 3 - mutant:$mutant in:3x3x5" "# $message" "# reproduce: $reproduce" \
        'ok 4 - portable in:3x3x5' 'ok 5 - ' 'ok 6 - ' '# 5 passed, 1 failed'
    has "$work/$mutant.junit" "<testsuite name=\"mutant:$mutant\" tests=\"3\" failures=\"1\"" \
        "<failure message=\"$message" "reproduce: $reproduce" '<testsuite name="portable" tests="3" failures="0"'
    has "$work/$mutant.jsonl" "\"outcome\":\"failed\",\"implementation\":\"mutant:$mutant\"" "\"message\":\"$message" \
        "\"reproduce\":\"$reproduce\"" '"passed":5,"failed":1'
    has "$work/markdown" '5 passed, 1 failed, 0 skipped' "$message" "$reproduce" '| in | **1 failed**, 2 passed'
}

if "$verify" --mutants nobody 2>&1 | grep -q "no mutant 'nobody'"; then
    fails steps-over 'crashed with SIGSEGV at 0x'
    fails bus-error 'crashed with SIGBUS'
    fails illegal-instruction 'crashed with SIGILL'
    fails arithmetic-error 'crashed with SIGFPE'
    fails aborts 'crashed with SIGABRT (perhaps as memory outside of a tensor was overwritten)'
    [ "$(uname -m)" != x86_64 ] || fails misaligned 'crashed with SIGSEGV (perhaps a misaligned access'
    fails exits 'ended the program: exit with status'
    fails hangs 'did not end within 2 s (--case-timeout)' --case-timeout 2

    # The implementation that votes ends the process.
    "$verify" --list | grep -q '^onednn ' &&
        fails ends-the-vote 'while onednn voted: crashed with SIGSEGV at 0x'

    # Something outside ends the worker: the kernel is not said to have crashed, and the run goes on.
    "$verify" --impl mutant:hangs,portable in:3x3x5 in:2x3x5 >"$work/out" 2>/dev/null &
    program=$!
    sleep 1
    worker=$(ps -o pid= --ppid "$program" 2>/dev/null)
    if [ -n "$worker" ]; then
        kill -KILL $worker
        wait "$program"
        has "$work/out" '# was ended by SIGKILL from outside, perhaps from the system for lack of memory' \
            '# 3 passed, 1 failed'
        ! grep -q crashed "$work/out" || fail 'a kernel that was killed is said to have crashed'
    else
        kill -TERM "$program"
        echo 'the worker that is killed from outside: skipped, as ps does not find it'
    fi

    # Several mutants end the process in one problem, and one does in all cases of a property.
    "$verify" --impl mutant:exits,mutant:aborts,mutant:bus-error,portable in:3x3x5 >"$work/out" 2>&1
    has "$work/out" '# 1 passed, 3 failed' 'not ok 3 - mutant:bus-error'
    "$verify" --impl mutant:exits,portable --properties --shard 1/9 >"$work/out" 2>&1
    has "$work/out" '# ended the program' "# reproduce: norma-verify --properties --impl mutant:exits --seed 1 '"
    [ "$(grep -cE '^(not )?ok ' "$work/out")" -eq "$(sed -n 's/^1\.\.//p' "$work/out")" ] &&
        ! grep -q '^not ok.* portable ' "$work/out" || fail 'not all properties are reported'

    # A mutant that always hangs is no longer run after some cases.
    "$verify" --impl mutant:hangs,portable --case-timeout 1 in:3x1x5 in:3x2x5 in:3x3x5 in:3x4x5 in:3x5x5 \
        >"$work/out" 2>&1
    has "$work/out" '# 5 passed, 5 failed'
    [ "$(grep -c '^# did not end within 1 s' "$work/out")" -eq 3 ] &&
        [ "$(grep -c '^# not run, as it hung 3 times before' "$work/out")" -eq 2 ] || fail 'hangs'

    # In one process a crash ends the run.
    "$verify" --no-isolation --impl mutant:bus-error in:2x3x5 in:3x3x5 in:4x3x5 >"$work/out" 2>&1
    [ $? -eq 1 ] || fail 'a crash in one process'
    has "$work/out" 'a kernel crashed with SIGBUS' "--impl mutant:bus-error --threads 1 --seed 1 'in:3x3x5'"

    valid junit "$work"/*.junit
    valid jsonl "$work"/*.jsonl

    # Ctrl-C: the report has the cases so far, the worker is gone, and the status is 128 + signal. SIGTERM
    # stands for it, because a shell ignores SIGINT for programs that it starts in the background.
    programs=
    for format in tap junit jsonl markdown; do
        "$verify" --impl portable,mutant:hangs --format "$format" in:2x3x5 in:3x3x5 >"$work/$format" 2>/dev/null &
        programs="$programs $!"
    done
    sleep 1
    set -- $programs
    for format in tap junit jsonl markdown; do
        worker=$(ps -o pid= --ppid "$1" 2>/dev/null)
        kill -TERM "$1"
        wait "$1"
        status=$?
        [ "$status" -eq 143 ] || fail "$format: status $status after SIGTERM"
        [ -z "$worker" ] || ! kill -0 $worker 2>/dev/null || fail 'the worker outlives the program'
        has "$work/$format" SIGTERM 'mutant:hangs'
        valid "$format" "$work/$format"
        shift
    done
    has "$work/tap" 'ok 2 - mutant:hangs in:2x3x5' 'Bail out! SIGTERM after 2 of 4'
fi

# The shards together are the whole in every format: every case once.
cases() {
    case $1 in
    tap) sed -n 's/^ok [0-9]* - \(.*\) #.*/\1/p' ;;
    junit) sed -n 's/.*<testcase classname="[^"]*" name="\([^"]*\)".*/portable \1/p' ;;
    jsonl) sed -n 's/.*"implementation":"\([^"]*\)","subject":"[^"]*","case":"\([^"]*\)".*/\1 \2/p' ;;
    markdown) sed -n 's/.*| \([a-z]*\) | \([0-9]*\) passed.*/\1 \2/p' | awk '{ for (i = 0; i < $2; i++) print $1 }' ;;
    esac | sort
}
{
    seq 13 | sed 's/.*/gn:2x&x3:g=1/'
    seq 9 | sed 's/.*/bn:3x2x&/'
} >"$work/problems"
for format in tap junit jsonl markdown; do
    "$verify" --impl portable --format "$format" @"$work/problems" | cases "$format" >"$work/whole"
    for shard in 1 2 3; do
        "$verify" --impl portable --format "$format" --shard "$shard/3" @"$work/problems" | cases "$format"
    done | sort >"$work/shards"
    [ "$(wc -l <"$work/whole")" -eq 22 ] && cmp -s "$work/whole" "$work/shards" ||
        fail "$format: the shards are not the whole"
done

# refused FRAGMENT ARGUMENT...: checks that there is one message, with that fragment, and status 2.
refused() {
    fragment=$1
    shift
    "$verify" --impl portable "$@" >"$work/out" 2>"$work/err"
    status=$?
    [ "$status" -eq 2 ] && [ "$(wc -l <"$work/err")" -eq 1 ] || fail "$*: status $status:" "$(cat "$work/err")"
    has "$work/err" "$fragment"
}
refused "found 'xml'" --format xml in:1x2x3
refused "FORMAT=FILE" --report junit in:1x2x3
refused "found 'xml'" --report xml=file in:1x2x3
refused '--case-timeout: expected a number' --case-timeout 0 in:1x2x3
refused 'digest has no use for --report, or a --format but jsonl' --digest --format junit in:1x2x3
refused "cannot write $work/none/file" --report "junit=$work/none/file" in:1x2x3
if [ -w /dev/full ]; then
    for format in tap junit jsonl markdown; do
        refused 'cannot write /dev/full: No space' --format "$format" -o /dev/full in:1x2x3 in:2x2x3
        refused 'cannot write /dev/full: No space' --report "$format=/dev/full" in:1x2x3
    done
fi

[ "$failures" -eq 0 ] && echo "all passed"
exit "$((failures > 0))"
