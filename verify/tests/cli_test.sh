#!/bin/sh
# norma-verify as users see it: exit codes, messages, pipes. Usage: cli_test.sh NORMA-VERIFY
# SPDX-License-Identifier: Apache-2.0
verify=$1
. "$(dirname "$0")/../../ci/tests.sh"

expect 0 'Usage:' "$verify" --help
expect 0 'Usage: norma-verify' "$verify" help
expect_said 2 "unknown operator 'help'" "$verify" help in:1x1x1
expect 0 'norma-verify 0.' "$verify" --version
expect 0 'bn in cin bin adain gn ln rms unit' "$verify" --help
expect 0 '--seed 7' "$verify" --seed 7 --impl portable 'in:2x3x5'
expect 0 'ok 1 - portable gn:2x6x4:g=3' "$verify" --impl portable 'gn:2x6x4:g=3'
expect 0 '# 3 passed' "$verify" --impl portable in:0x3x5 in:2x3x0 gn:2x0x4:pass=bwd
expect_said 2 'not divisible' "$verify" 'gn:2x6x4:g=4'
expect_said 2 'bad:1x2' "$verify" 'bad:1x2'
expect 0 'ok 1 - portable in:2x3x5' "$verify" --impl 'port*,p*able' in:2x3x5
expect_said 2 "no implementation 'avx3*'" "$verify" --impl 'avx3*'
expect_said 2 "no implementation 'avx3'" "$verify" --impl avx3
expect_said 2 "no implementation is named by ','" "$verify" --impl , in:1x1x1
expect_said 2 "no implementation is named by ''" "$verify" --impl '' in:1x1x1
expect_said 3 "no implementation 'avx3'" "$verify" --require avx3
expect_said 2 "no property 'in:1x1x1'" "$verify" --properties in:1x1x1
expect_said 2 '--vocabulary has no use for in:1x1x1; leave that out' "$verify" --vocabulary in:1x1x1
expect_said 2 '--list has no use for in:1x1x1' "$verify" --list in:1x1x1
expect_said 2 '--list has no use for --impl' "$verify" --list --impl portable
expect_said 2 'a problem that is named has no use for --quick' "$verify" --quick in:1x1x1
expect_said 2 '--properties has no use for --threads' "$verify" --properties --threads 2
expect_said 2 '--digest has no use for --quick' "$verify" --digest --quick in:1x1x1
expect_said 2 '--no-isolation has no use for --case-timeout' "$verify" --no-isolation --case-timeout 3 in:1x1x1
expect_said 2 '--digest has no use for --quiet' "$verify" --digest --quiet in:1x1x1
expect_said 2 '--digest and --list are different things' "$verify" --list --digest
expect_said 2 "is for norma's sets" "$verify" --vocabulary --impl reference
expect_said 2 'leave out one of the two' "$verify" --vocabulary --properties
expect_said 2 'leave out one of the two' "$verify" --vocabulary --digest
expect_said 2 '--profile: /no/such: cannot be read' "$verify" --profile /no/such 'in:1x1x1'
NORMA_PROFILE=/no/such expect_said 2 'NORMA_PROFILE: /no/such' "$verify" 'in:1x1x1'
expect_said 2 '--threads: expected a number from 1 to 1024' "$verify" --threads 0
expect_said 2 '--seed: expected a number' "$verify" --seed 1x
expect_said 2 '--shard: expected I/N' "$verify" --shard 3/2
expect_said 2 "norma-verify --help" "$verify" --nonsense
! grep -q 'did you mean' "$work/err" || fail "a guess for --nonsense: $(cat "$work/err")"
expect_said 2 'did you mean --quick? see norma-verify --help' "$verify" --qick
expect_said 2 'did you mean --case-timeout?' "$verify" --case-timout=3
expect_said 2 "did you mean --no-isolation?" "$verify" --no_isolation
expect_said 2 'found '"'junnit'; did you mean junit?" "$verify" --format junnit
expect_said 2 '; did you mean portable?' "$verify" --impl portabel
expect_said 2 '; did you mean gate-update-is-its-definition?' "$verify" --properties gate_update_is_its_defnition
expect_said 2 '; did you mean ln?' "$verify" layernorm:2x3
"$verify" --threads 2>"$work/err" && fail 'an option without its value'
! grep -q 'did you mean' "$work/err" || fail "a guess where a value is missing: $(cat "$work/err")"
expect_said 2 'cannot open' "$verify" @"$work/none"
expect_said 2 'cannot read' "$verify" @"$work"
expect_said 2 'input is empty' "$verify" -
expect_said 2 'cannot write' "$verify" -o "$work/none/out" 'in:1x1x1'
[ -w /dev/full ] && expect_said 2 'cannot write' "$verify" -o /dev/full 'in:1x1x1'

# Nothing that is read, or was measured, is emptied: not by the first of two outputs either, if the second is refused.
printf 'in:1x2x3\n' >"$work/read"
printf '{"type":"machine","schema":1}\n' >"$work/measured"
printf 'kept' >"$work/first"
ln -s read "$work/link"
ln "$work/read" "$work/hard"
for output in read link hard; do
    expect_said 2 "$output: it is an input" "$verify" -o "$work/$output" @"$work/read"
    expect_said 2 "$output: it is an input" "$verify" -o "$work/first" --report junit="$work/$output" @"$work/read"
    expect_said 2 "$output: it is an input" "$verify" --digest -o "$work/$output" @"$work/read"
done
"$verify" -o "$work/read" - <"$work/read" 2>"$work/err"
has "$work/err" 'it is an input'
for mode in --list --digest --vocabulary; do
    expect_said 2 'measured: it holds measurements' "$verify" $mode -o "$work/measured"
done
expect_said 2 'it is an output already' "$verify" -o "$work/twice" --report jsonl="$work/twice" in:1x2x3
[ "$(cat "$work/read")" = in:1x2x3 ] || fail 'an input was changed'
[ "$(cat "$work/first")" = kept ] || fail 'a report was emptied though another could not be written'
[ "$(cut -c 1-16 "$work/measured")" = '{"type":"machine' ] || fail 'measurements were emptied'
expect 0 '# 1 passed' "$verify" --impl portable -o - in:1x2x3
printf 'before\n' >"$work/log"
"$verify" --impl portable -o /dev/stdout in:1x2x3 >>"$work/log"
has "$work/log" before '# 1 passed'

# What does not fit into memory is skipped, with its size; where a required implementation is, the status says so.
large=bn:64x1024x8192x8192
for pass in fwd bwd; do
    expect 0 "ok 1 - portable $large" "$verify" --impl portable $large:pass=$pass in:1x2x3
    grep -qE "^ok 1 .*# SKIP needs about [0-9]+\.[0-9] GB of memory, and there are [0-9]+\.[0-9] GB$" "$work/out" ||
        fail "a problem that is too large: $(head -n 4 "$work/out")"
done
expect_said 3 '--require: there is too little memory for portable' \
    "$verify" --impl portable --require portable $large in:1x2x3
expect 0 '# 1 passed, 0 failed, 1 skipped' "$verify" --impl portable --require reference $large in:1x2x3
if (ulimit -v 1000000 && "$verify" --version) >/dev/null 2>&1; then # not with a sanitizer
    (ulimit -v 1000000 && "$verify" --impl portable,reference bn:4x64x512x512) >"$work/out" 2>&1
    [ "$(grep -c '^ok .* # SKIP needs about .* there are 1.0 GB$' "$work/out")" -eq 2 ] ||
        fail "too large for ulimit: $(cat "$work/out")"
fi

# A run that checked nothing is no success, unless it is a part of a larger one.
expect_said 3 'nothing was checked' "$verify" --impl portable $large
[ "$(tail -n 1 "$work/out")" = '# 0 passed, 0 failed, 1 skipped, seed 1: nothing was checked' ] ||
    fail "the last line of a run that checked nothing: $(tail -n 1 "$work/out")"
expect 0 '1..0' "$verify" --impl portable --shard 1/2 in:1x2x3
expect 0 '# SKIP needs' "$verify" --impl portable --shard 2/2 $large

# --quiet leaves out all cases that did not fail, and no other format's.
expect 0 '# 2 passed, 0 failed, 1 skipped' "$verify" -q --impl portable --report jsonl="$work/complete" in:1x2x3 bn:2x2 $large
! grep -qE '^(ok|TAP|1\.\.)' "$work/out" || fail "--quiet: $(head -n 3 "$work/out")"
[ "$(grep -c '"outcome"' "$work/complete")" -eq 3 ] || fail '--quiet leaves cases out of JSON Lines'

# JUnit has times and the start.
"$verify" --impl portable,reference --format junit in:1x2x3 bn:2x64x300 >"$work/junit"
time=' time="[0-9]+\.[0-9]{6}"' start=' timestamp="20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]"'
[ "$(grep -cE "<testcase .*$time>" "$work/junit")" -eq 4 ] && [ "$(grep -cE "<testsuites? .*$time$start>" "$work/junit")" -eq 3 ] &&
    awk '/<testcase/ { split($0, a, "time=\""); sum += a[2] } END { exit !(sum > 0) }' "$work/junit" ||
    fail "JUnit without times: $(cat "$work/junit")"

# On a terminal, a large problem shows at once what runs.
if script -qec true /dev/null >/dev/null 2>&1; then
    TERM=xterm script -qec "timeout 2 '$verify' --impl portable bn:1x1x50000000" /dev/null >"$work/out"
    grep -qF '0 s: bn:1x1x50000000, normal data, portable' "$work/out" || fail 'no progress on a terminal'
    TERM=dumb script -qec "timeout 2 '$verify' --impl portable bn:1x1x50000000" /dev/null >"$work/out"
    ! grep -qF "$(printf '\033')" "$work/out" || fail 'escape sequences on a dumb terminal'
fi

printf '# a comment\n\n in:1x2x3 \nbn:2x2\n' >"$work/problems"
expect 0 '# 2 passed, 0 failed' "$verify" --impl portable @"$work/problems"
printf '\357\273\277bn:2x3  # odd a *1, odd b *2\r\n  in:2x3# behind it\n # alone\n' >"$work/commented"
expect 0 '# 2 passed, 0 failed' "$verify" --impl portable @"$work/commented"
printf 'in:1x2x3\nin:1xx3\n' >"$work/problems"
expect_said 2 'problems:2' "$verify" @"$work/problems"
printf 'in:1x2\0x3\n' >"$work/problems"
expect_said 2 'not a text file' "$verify" @"$work/problems"

# A peer is not asked for what it does not promise, also if the problem is named.
if "$verify" --list | grep -q '^onednn '; then
    expect 0 '# SKIP promises nothing where eps is 0 as a float' "$verify" --impl portable,onednn ln:2x8:eps=0
    expect_said 3 'nothing was checked' "$verify" --impl onednn ln:2x8:eps=1e-50
fi

# The list has a row for every pass of every variant, with a word for every implementation.
expect 0 'unit   inf_bwd form=layer ' "$verify" --list
for fragment in '^portable ' '^unsupported nsc ' '^non-finite      NaN and infinity'; do
    grep -q "$fragment" "$work/out" || fail "--list has no '$fragment'"
done
! grep -q '^onednn ' "$work/out" || grep -q 'onednn is oneDNN' "$work/out" || fail "--list does not name oneDNN's version"
sed -n '/^op /,/^$/p' "$work/out" >"$work/list"
if awk 'NR > 1 && NF && !/ (yes|ncs|nsc|-|no CPU)( +(yes|ncs|nsc|-|no CPU))*$/ { exit 1 }' "$work/list" &&
    [ "$(grep -c '^adain .*style=swap ' "$work/list")" -eq 3 ] &&
    [ "$(grep -cE '^bin +inf_bwd +epilogue=relu ' "$work/list")" -eq 1 ]; then :; else
    fail "--list"
fi

# Digests agree for any number of threads, and differ for other data and other bits.
expect 0 'all 2 problems, seed 1' "$verify" --digest --impl portable bn:2x16x64x64 in:2x3x5
"$verify" --digest --impl portable --threads 1 bn:2x16x64x64 in:2x3x5 >"$work/digest"
"$verify" --digest --impl portable --threads 3 bn:2x16x64x64 in:2x3x5 >"$work/threads"
"$verify" --digest --impl portable --seed 2 bn:2x16x64x64 in:2x3x5 >"$work/seed"
if ! cmp -s "$work/digest" "$work/threads" || [ "$(grep -c '^[0-9a-f]\{16\}  ' "$work/digest")" -ne 3 ] ||
    [ "$(sort "$work/digest" "$work/seed" | cut -c1-16 | uniq | wc -l)" -ne 6 ]; then
    fail "--digest"
fi
"$verify" --digest --format jsonl --impl portable bn:2x16x64x64 in:2x3x5 >"$work/objects"
sed -n 's/.*"digest":"\([0-9a-f]*\)".*/\1/p' "$work/objects" >"$work/hashes"
cut -c1-16 "$work/digest" | cmp -s - "$work/hashes" &&
    tail -n 1 "$work/objects" | grep -q '^{"type":"digest","schema":1,.*"problems":2,"seed":1,"level":"given"}$' || {
    fail "--digest --format jsonl"
}
expect 0 '"seed":"18446744073709551615"' "$verify" --digest --format jsonl --seed 18446744073709551615 in:1x1x1
expect_said 1 'does not have the bits of portable' "$verify" --digest --impl portable,reference bn:2x16x64x64
expect_said 2 'leave out one of the two' "$verify" --digest --properties
expect 0 '# 1 passed' "$verify" --properties --impl portable gate-update-is-its-definition --shard 1/3
expect_said 2 "no property 'nonsense'" "$verify" --properties --impl portable nonsense
[ -w /dev/full ] && expect_said 2 'cannot write' "$verify" --digest -o /dev/full 'in:1x1x1'
[ -w /dev/full ] && expect_said 2 'cannot write' "$verify" --digest --format jsonl -o /dev/full 'in:1x1x1'

# The table of shares: the median of the elements lies well below the largest.
"$verify" --impl portable --report "jsonl=$work/jsonl" 'in:2x3x500' 'gn:2x8x300:pass=bwd' >"$work/out"
if ! awk '/^# (in|gn) / { rows += $7 > 0.01 && $7 < 0.6 && $7 < $8 && $8 <= $9 } END { exit rows != 2 }' \
    "$work/out" || [ "$(grep -c '"element_share":0\.[0-9]' "$work/jsonl")" -ne 3 ]; then
    fail "shares of the bound"
fi

if [ "$(printf 'in:1x2x3\n' | "$verify" --impl portable - | grep -c '^ok')" -ne 1 ]; then
    fail "a problem on standard input"
fi

# The shards together are the whole: every case once, with the same threads and number of checks.
seq 31 | sed 's/.*/gn:2x&x3:g=1/' >"$work/problems"
seq 31 40 | sed 's/.*/in:2x8x&x20/' >>"$work/problems"
expect_whole() {
    "$verify" --impl portable --format jsonl "$@" | cases >"$work/whole"
    for shard in 1 2 3; do
        "$verify" --impl portable --format jsonl --shard $shard/3 "$@" | cases >"$work/shard.$shard"
        [ -s "$work/shard.$shard" ] || fail "no case in shard $shard/3 of $*"
    done
    if ! sort -m "$work"/shard.? | cmp -s "$work/whole" - || [ ! -s "$work/whole" ]; then
        fail "the shards are not the whole: $*"
    fi
}
cases() {
    grep -v '"summary"' | sed 's/"number":[0-9]*,//' | sort
}
expect_whole @"$work/problems"
expect_whole --vocabulary
expect 0 'all 14 problems' "$verify" --digest --impl portable --shard 1/3 @"$work/problems"

# The vocabulary has as many lines as the plan says, one for each function, for norma's sets alone. It
# precedes the built-in problems, but not one that is named.
expect 0 'portable vocabulary: sum64 # 65536 lanes' "$verify" --vocabulary
"$verify" --vocabulary --impl portable,reference >"$work/vocabulary"
"$verify" --quick --impl portable --shard 1/20 | grep '^ok' >"$work/first"
lines=$(grep -cE '^ok [0-9]+ - portable vocabulary: [a-z0-9_]+ # [0-9]+ lanes$' "$work/vocabulary")
names=$(sed -n 's/^ok.*vocabulary: \([^ ]*\).*/\1/p' "$work/vocabulary" | sort -u | wc -l)
if [ "$lines" -eq 0 ] || [ "$names" -ne "$lines" ] || ! grep -qx "1\.\.$lines" "$work/vocabulary" ||
    [ "$(grep -cE "^# vocabulary portable +$lines +0 +0\$" "$work/vocabulary")" -ne 1 ] ||
    ! head -n 1 "$work/first" | grep -q ' vocabulary: ' ||
    ! grep -vq ' vocabulary: ' "$work/first" ||
    sed '1,/ portable [a-z]*:[0-9]/d' "$work/first" | grep -q ' vocabulary: ' ||
    "$verify" --impl portable in:1x2x3 | grep -q vocabulary; then
    fail "--vocabulary reports $lines of $(sed -n 2p "$work/vocabulary")"
fi

# A mutant is caught, survives without the check that catches it, and is then named. A build without
# mutants says so. Controls, which must survive, take all problems and thus minutes: the gate runs them.
if "$verify" --mutants tail-doubled >"$work/out" 2>/dev/null; then
    grep -q '^ok 1 - mutant tail-doubled # y: ' "$work/out" || fail "--mutants tail-doubled"
    expect 0 'ok 1 - mutant reads-behind # faults: ' "$verify" --mutants reads-behind
    expect 1 'not ok 1 - mutant nan-swallowed' "$verify" --mutants --without non-finite nan-swallowed
    grep -qF 'survived: nan-swallowed' "$work/out" || fail 'the end does not name the mutant that survived'
    expect 0 'ok 1 - without y # 1 survive' "$verify" --mutants=checks sums-in-float
    has "$work/out" '1..1' '# checks: 1, of which have no mutant that only they catch: 0'
    expect_said 2 "'none' is a control" "$verify" --mutants=checks none
    "$verify" --mutants=checks >"$work/out" &
    until grep -q '^1\.\.' "$work/out"; do # which it prints when it can be interrupted
        sleep 0.1
    done
    kill -TERM $!
    wait $!
    [ $? -eq 143 ] || fail 'the status of an interrupted --mutants=checks'
    has "$work/out" '; interrupted'
    ! grep -q '^not ok' "$work/out" || fail "an interrupted check has failed: $(grep '^not' "$work/out")"
    expect_said 1 '1 check failed' "$verify" --impl mutant:tail-doubled in:1x2x3
    expect 1 'not ok 2 - mutant:tail-doubled in:1x2x3' "$verify" --quiet --impl portable,mutant:tail-doubled in:1x2x3
    has "$work/out" '# reproduce: '
    ! grep -q '^ok' "$work/out" || fail '--quiet has cases that passed'
    expect_said 2 "no mutant 'nobody'" "$verify" --mutants nobody
    for option in --shard=1/2 --impl=portable --full --threads=2 --quiet --no-isolation; do
        expect_said 2 "--mutants has no use for ${option%%=*}; leave that out" "$verify" --mutants "$option"
    done
    expect_said 2 "no mutant 'nobody'" "$verify" --impl mutant:nobody
    expect_said 2 "found 'some'" "$verify" --mutants=some
    expect_said 2 'leave out one of the two' "$verify" --mutants --digest
else
    expect_said 2 'this build has no mutants' "$verify" --mutants
    expect_said 2 'this build has no mutants' "$verify" --impl mutant:tail-dropped
fi
expect_said 2 "found 'nothing'" "$verify" --without nothing in:1x2x3
expect 0 '53 checks, kernel portable' "$verify" --impl portable --without large-mean --without non-finite \
    --without repetition in:2x3x5
expect 3 '1..0' "$verify" --vocabulary --impl portable --without vocabulary

# The properties have as many lines as the plan says, each with a name, for the chosen implementations,
# and no vocabulary.
"$verify" --properties --impl portable --shard 1/9 >"$work/properties"
lines=$(grep -cE '^(not )?ok [0-9]+ - portable property [a-z]' "$work/properties")
if [ "$lines" -eq 0 ] || ! grep -qx "1\.\.$lines" "$work/properties" ||
    grep -q vocabulary "$work/properties"; then
    fail "--properties reports $lines of $(sed -n 2p "$work/properties")"
fi

# Where threads cannot be started, no kernel is blamed: checks on several are left out, in a problem that was
# named and in the list, whose large problems take up to three; more that are asked for are refused. Stacks
# that fill the address space stand for a limit of threads.
if lacks_only_threads "$verify"; then
    OMP_STACKSIZE=65536G expect 0 'skipped 2 threads, which cannot be started' \
        "$verify" --impl portable bn:2x16x56x56
    has "$work/err" 'does not let 2 threads be started'
    OMP_STACKSIZE=65536G expect 0 'passed, 0 failed' "$verify" --impl portable --quick --shard 1/50
fi
OMP_THREAD_LIMIT=1 expect_said 2 '--threads 2: OpenMP gives at most 1' "$verify" --threads 2 in:1x2x3
OMP_STACKSIZE=65536G expect_said 2 '--threads 2: the system lets only 1 be started' \
    "$verify" --impl portable --threads 2 bn:2x16x56x56

[ "$failures" -eq 0 ] && echo "all passed"
exit "$((failures > 0))"
