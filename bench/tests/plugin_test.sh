#!/bin/sh
# A plug-in from its source to the verdict; plug-ins that are wrong; tables; --watch.
# Usage: plugin_test.sh NORMA-BENCH NORMA-VERIFY SOURCE-FOLDER COMPILER
# SPDX-License-Identifier: Apache-2.0
bench=$1 verify=$2 source=$3 compiler=$4
. "$(dirname "$0")/../../ci/tests.sh"
watcher=
trap '[ -z "$watcher" ] || kill -TERM "$watcher" 2>/dev/null; rm -rf "$work"' EXIT
fast="--time 0.001 --min-samples 1 --threads 1"

has_not() {
    for fragment in "$@"; do
        cat "$work/out" "$work/err" | grep -qF -- "$fragment" && fail "there is '$fragment'"
    done
}

# soon SECONDS FRAGMENT FILE: waits until the fragment is in the file, at most so many seconds.
soon() {
    tries=$(($1 * 10))
    until grep -qF -- "$2" "$3" 2>/dev/null; do
        [ "$tries" -gt 0 ] || { fail "no '$2' in time in $(cat "$3")"; return; }
        tries=$((tries - 1))
        sleep 0.1
    done
}

include=$source/kernels/include
abi=$(sed -n "s/^#define NORMA_SET_ABI //p" "$include/norma_set.h")
# The documented command; a compiler that does not know -march=native compiles for any machine.
native=-march=native
"$compiler" $native -E -x c /dev/null >/dev/null 2>&1 || native=
compile() {
    "$compiler" -O3 $native -ffp-contract=off -fPIC -shared -Wall -Wextra -Wpedantic -Werror -I "$include" "$@" -lm ||
        fail "the compiler refuses $*"
}

# ---- the header stands alone, in C11 and in C++
printf '#include <norma_set.h>\nconst struct norma_plugin norma_plugin = {NORMA_SET_ABI, "a", "", 0};\n' >"$work/alone.c"
compile -std=c11 "$work/alone.c" -o "$work/alone.so"
cp "$work/alone.c" "$work/alone.cc"
if command -v c++ >/dev/null 2>&1; then
    c++ -std=c++11 -Wall -Wextra -Wpedantic -Werror -fvisibility=hidden -fPIC -shared -I "$include" "$work/alone.cc" \
        -o "$work/cxx.so" || fail 'C++ does not take the header'
    expect_said 2 'norma_plugin.override is NULL' "$verify" --load "$work/cxx.so" in:1x2
fi

# ---- the template: the same bits, and a verdict
cp "$source/bench/examples/idea.c" "$work/idea.c"
compile "$work/idea.c" -o "$work/idea.so"
expect 0 ' 0 failed' "$verify" --load "$work/idea.so" --quick --shard 1/24
has "$work/out" '- idea '
has_not '- portable '
for pass in fwd inf bwd; do
    for more in '' ,epilogue=relu ,epilogue=add_relu ,layout=nsc; do
        printf 'bn:3x5x37:pass=%s%s\ngn:2x64x7x7:pass=%s%s\n' $pass "$more" $pass "$more"
    done
done | sed '/gn.*inf.*/d' >"$work/problems"
expect 0 ' 0 failed' "$verify" --load "$work/idea.so" "@$work/problems"
# Non-temporal stores, as a profile prescribes. It must be for this processor, whose name is taken from
# the refusal of a profile for another.
profile() {
    printf 'norma-profile 1\nversion %s\ncpu %s\nset idea\nl2 stream_elements=1\nend\n' \
        "$("$bench" --version | cut -d' ' -f2)" "$1" >"$work/profile"
}
profile other
profile "$("$verify" --profile "$work/profile" in:1x2 2>&1 | sed -n "s/.*; this one is '\(.*\)'.*/\1/p")"
expect 0 'stream_elements=1' "$bench" explain --plan-only --load "$work/idea.so" --impl idea --profile "$work/profile" \
    in:2x3x37
expect 0 ' 0 failed' "$verify" --load "$work/idea.so" --profile "$work/profile" "@$work/problems"
expect 0 '3 passed' "$verify" --load "$work/idea.so" --impl idea,portable,reference in:2x3x5
expect 0 '"implementation":"idea"' "$bench" run $fast --load "$work/idea.so" --impl idea,portable in:2x3x5
has "$work/out" '"implementation":"portable"' '"status":"ok"'
has_not '"status":"failed"'
(cd "$work" && expect 0 'idea' "$bench" run $fast --format table --load idea.so in:2x3x5) || failures=$((failures + 1))
expect 0 ' idea in:2x3x5' env NORMA_SETS=portable "$verify" --load "$work/idea.so" in:2x3x5

# ---- plug-ins that are refused, with one message; norma-bench measures the others
refused() {
    file=$1 fragment=$2
    expect_said 2 "$fragment" "$verify" --load "$file" in:2x3x5
    [ "$(wc -l <"$work/err")" -eq 1 ] || fail "$file: not one message: $(cat "$work/err")"
    expect_said 2 "$fragment" "$bench" run $fast --load "$file" --impl faulty,portable in:2x3x5
    [ "$(grep -c -- '--load' "$work/err")" -eq 1 ] || fail "$file: not one message: $(cat "$work/err")"
    grep -q '"implementation":"portable".*"status":"ok"' "$work/out" || fail "$file: portable is not measured"
}
faulty() {
    compile -DFAULT="$1" "$source/bench/tests/faulty_plugin.c" -o "$work/faulty.so"
}
refused "$work/none.so" 'No such file'
refused "$work/idea.c" 'a plug-in is built by: cc'
head -c 2000 "$work/idea.so" >"$work/cut.so"
refused "$work/cut.so" "cut.so"
faulty NO_SYMBOL && refused "$work/faulty.so" "has no symbol 'norma_plugin'"
faulty ABI && refused "$work/faulty.so" "compiled with version $((abi + 1)) of norma_set.h, and this is version $abi"
faulty NO_OVERRIDE && refused "$work/faulty.so" 'override is NULL'
faulty NULL_FUNCTION && refused "$work/faulty.so" "leaves 'apply' NULL"
faulty BAD_NAME && refused "$work/faulty.so" 'its name must be'
faulty TAKEN_NAME && refused "$work/faulty.so" "there is an implementation 'portable' already"
faulty NO_BASE && refused "$work/faulty.so" "it is based on 'avx3'"
faulty LOAD_CRASHES && refused "$work/faulty.so" 'cannot be loaded: it ended the program with SIGSEGV'
expect_said 2 "there is no implementation 'bogus'" "$bench" run $fast --load "$work/idea.so" --impl bogus in:2x3x5
expect_said 2 "'idea' already" "$verify" --load "$work/idea.so" --load "$work/idea.so" in:2x3x5

# ---- plug-ins that are wrong: they fail, and the others are measured
wrong() {
    fault=$1 verified=$2 measured=$3 timeout=$4
    faulty "$fault"
    expect 1 "$verified" "$verify" --load "$work/faulty.so" --impl faulty,portable $timeout in:2x3x5 in:2x4x5
    has "$work/out" "reproduce: norma-verify --load '$work/faulty.so' --impl faulty --threads 1 --seed 1 'in:2x3x5'" '2 passed, 2 failed'
    [ "$measured" ] || return
    expect 1 "$measured" "$bench" run $fast --load "$work/faulty.so" --impl faulty,portable $timeout in:2x3x5 in:2x4x5
    has "$work/err" "reproduce: norma-verify --load '$work/faulty.so' --impl faulty --threads 1 --seed 1 'in:2x3x5'" \
        '2 measurements were not made'
    [ "$(grep -c '"implementation":"portable".*"status":"ok"' "$work/out")" -eq 2 ] &&
        [ "$(grep -c '"implementation":"faulty".*"status":"failed"' "$work/out")" -eq 2 ] &&
        [ "$(grep -c '"implementation":"copy","kind"' "$work/out")" -eq 2 ] &&
        tail -n 1 "$work/out" | grep -q '"conditions".*"interrupted":false' || fail "$fault: the records: $(cut -c 1-400 "$work/out")"
}
wrong CRASHES 'crashed with SIGSEGV at 0x0' '"reason":"crashed with SIGSEGV at 0x0"'
wrong EXITS 'ended the program: exit with status 3' '"reason":"ended the program: exit with status 3"'
wrong WRONG 'off by' '"reason":"y['
wrong HANGS 'did not end within 1 s' '"reason":"did not end within 1 s (--case-timeout)"' '--case-timeout 1'
wrong OTHER_BITS 'within the error bound, but not the bits of portable: y[' ''
has "$work/out" '--without bits accepts that'
expect 0 '4 passed' "$verify" --load "$work/faulty.so" --impl faulty,portable --without bits in:2x3x5 in:2x4x5
expect 0 '"implementation":"faulty"' "$bench" run $fast --load "$work/faulty.so" --impl faulty,portable in:2x3x5

# ---- explained like any other set
explain() {
    "$bench" explain --threads 1 --time 0.01 "$@"
}
expect 0 'idea: loaded' explain --load "$work/idea.so" in:2x3x50x50
expect 0 'idea: asked for by --impl' explain --plan-only --load "$work/idea.so" --impl idea in:2x3x5
expect 0 'portable: asked for by --impl' explain --plan-only --impl portable --load "$work/idea.so" in:2x3x5
expect_said 2 'No such file' explain --load "$work/none.so" in:2x3x5
faulty WRONG && expect_said 1 'faulty' explain --load "$work/faulty.so" in:2x3x5
faulty CRASHES && expect_said 1 'SIGSEGV' explain --load "$work/faulty.so" in:2x3x5
has "$work/err" "reproduce: norma-verify --load '$work/faulty.so' --impl faulty --threads 1 --seed 1 'in:2x3x5'"

# ---- a file with a crash in it can be resumed; the failed measurement is made again
faulty CRASHES
expect_said 1 'crashed' "$bench" run $fast --load "$work/faulty.so" --impl faulty,portable -o "$work/results" in:2x3x5
expect_said 1 'crashed' "$bench" run $fast --load "$work/faulty.so" --impl faulty,portable -o "$work/results" --resume in:2x3x5
[ "$(grep -c '"implementation":"portable"' "$work/results")" -eq 1 ] || fail 'portable was measured twice'
[ "$(grep -c '^{.*}$' "$work/results")" -eq "$(wc -l <"$work/results")" ] || fail 'a line is not complete'

# ---- tables
table="--format table --threads 1 --time 0.01 --min-samples 3"
expect 0 'implementation' "$bench" run $table --load "$work/idea.so" --impl idea,portable in:2x3x50x50 bn:2x3x50x50
has "$work/out" 'in:2x3x50x50, 1 thread' 'bn:2x3x50x50, 1 thread' "time / idea's" 'GB/s' 'share' 'copy'
[ "$(grep -cE '^(idea is .*portable|no difference larger than 5% between idea and portable|inconclusive: .*idea and portable)' "$work/out")" -eq 2 ] || fail "no verdicts: $(cat "$work/out")"
has_not "$(printf '\033')" '{"type"'
expect 1 'FAILED: crashed with SIGSEGV' "$bench" run $table --load "$work/faulty.so" --impl portable,faulty in:2x3x5
expect 0 'bn:1x2, 1 thread' "$bench" run $table --impl portable -o "$work/both" bn:1x2
grep -q '"type":"measurement"' "$work/both" || fail 'a table, and no records in the file'
expect_said 2 'both use standard output' "$bench" run $table -o - bn:1x2
expect_said 2 '--format: expected table, jsonl, csv or markdown' "$bench" run --format xml bn:1x2
expect_said 2 '--case-timeout: expected' "$bench" run --case-timeout 0 bn:1x2
if [ -w /dev/full ]; then
    "$bench" run $table --impl portable bn:1x2 >/dev/full 2>"$work/err"
    [ $? -eq 2 ] || fail 'a full disk behind a table is not noticed'
fi

# On a terminal the table appears without an option, is redrawn in place, and is no wider than the
# terminal.
if command -v script >/dev/null 2>&1 && script -qec true /dev/null >/dev/null 2>&1; then
    script -qec "stty cols 40 rows 30; '$bench' run --threads 1 --time 2 --impl portable,reference in:2x30x50x50" /dev/null \
        </dev/null >"$work/screen" 2>&1
    tr -d '\r' <"$work/screen" >"$work/lines"
    grep -q '^implementation' "$work/lines" || fail "no table on a terminal: $(cat "$work/screen")"
    grep -q '{"type"' "$work/lines" && fail 'records on a terminal'
    grep -q "$(printf '\033')\[[0-9]*A" "$work/lines" || fail 'the table is not drawn in place'
    sed "s/$(printf '\033')\[[0-9]*[AJK]//g" "$work/lines" | grep -v 'norma-bench:\|^[0-9]*/[0-9]' | awk 'length > 40 { exit 1 }' ||
        fail 'a line of the table wraps'
    script -qec "'$bench' run --threads 1 --format jsonl --time 0.001 --impl portable in:1x2" /dev/null </dev/null | grep -q '{"type"' ||
        fail 'no records on a terminal with --format jsonl'
fi

# ---- Ctrl-C while a plug-in hangs: the worker ends, the exit code is 128 + signal, the file is complete
faulty HANGS
"$bench" run $fast --case-timeout 10000 --load "$work/faulty.so" --impl portable,faulty -o "$work/hung" in:2x3x5 2>"$work/err" &
program=$!
sleep 1
worker=$(ps -o pid= --ppid "$program" 2>/dev/null)
kill -TERM "$program"
wait "$program"
status=$?
[ "$status" -eq 143 ] || fail "status $status after SIGTERM"
[ -z "$worker" ] || ! kill -0 $worker 2>/dev/null || fail 'the worker outlives the program'
tail -n 1 "$work/hung" | grep -q '"conditions".*"interrupted":true' || fail "no last record: $(cat "$work/hung")"

# ---- watching: wrong command lines
expect_said 2 '--watch needs --load' "$bench" run --watch "$work/idea.c" in:1x2
expect_said 2 '--build is for --watch' "$bench" run --build make in:1x2
expect_said 2 'leave one out' "$bench" run --watch "$work/idea.c" --load x.so -o "$work/w" in:1x2
expect_said 2 'read only once' "$bench" run --watch "$work/idea.c" --load x.so -
expect_said 2 "--watch $work/none.c: No such file" "$bench" run --watch "$work/none.c" --load x.so in:1x2

# ---- watching: plug-ins are loaded anew each time; after a failed build it waits; files are replaced
watch() {
    "$bench" run $fast --format table --load "$work/watched.so" --watch "$work/watched.c" "$@" in:2x3x5 \
        >"$work/out" 2>"$work/err" </dev/null &
    watcher=$!
}
end_watch() {
    kill -TERM "$watcher"
    wait "$watcher"
    status=$?
    watcher=
    [ "$status" -eq 143 ] || fail "watching: status $status after SIGTERM"
}
renamed() {
    sed "s/\"idea\"/\"$1\"/; $2" "$work/idea.c" >"$work/new.c"
}
renamed first ''
cp "$work/new.c" "$work/watched.c"
watch --build "$compiler -O1 -ffp-contract=off -fPIC -shared -I '$include' '$work/watched.c' -o '$work/watched.so' -lm"
soon 60 'first' "$work/out"
renamed second ''
mv "$work/new.c" "$work/watched.c"
soon 60 'second' "$work/out"
echo 'no C' >"$work/watched.c"
soon 60 'the build failed' "$work/err"
soon 60 'watched.c:1' "$work/err"
renamed third 's/base_apply(work);/base_apply(NULL);/'
mv "$work/new.c" "$work/watched.c"
soon 60 'third' "$work/out"
[ "$(grep -c '^first  ' "$work/out")" -eq 1 ] || fail "the first was measured again: $(cat "$work/out")"
end_watch
# The documented command.
if [ "$native" ]; then
    renamed fourth ''
    mv "$work/new.c" "$work/watched.c"
    rm -f "$work/watched.so"
    CC=$compiler watch
    soon 60 'fourth' "$work/out"
    end_watch
fi
# A build that does not end by itself is ended, too.
watch --build 'sleep 60'
sleep 0.5
end_watch

[ $failures -eq 0 ] && echo 'all fine'
exit $((failures > 0))
