#!/bin/sh
# norma-bench from the command line: exit codes, messages, interruption, resuming.
# Usage: cli_test.sh NORMA-BENCH
# SPDX-License-Identifier: Apache-2.0
bench=$1
. "$(dirname "$0")/../../ci/tests.sh"

# expect_lines COUNT PATTERN FILE
expect_lines() {
    got=$(grep -c -- "$2" "$3")
    [ "$got" -eq "$1" ] || fail "$got lines of $3 have '$2', wanted $1"
}

# expect_kept FILE REASON COMMAND...: status 2 for this reason, and the file is as it was.
expect_kept() {
    kept=$1
    cp "$kept" "$work/as-it-was"
    shift
    expect_said 2 "$@"
    cmp -s "$kept" "$work/as-it-was" || fail "$* : $kept was touched"
}

fast="--time 0.001 --min-samples 1 --threads 1 --impl portable"
export HOME="$work" # also where there is no home, and to leave that of the user alone

# ---- help, versions, wrong command lines
expect 0 'norma-bench COMMAND' "$bench" --help
expect 0 'norma-bench COMMAND' "$bench" help
expect 0 'norma-bench COMMAND' "$bench" help help
expect 0 'Usage: norma-bench run' "$bench" help run
expect_said 2 "no command 'bogus'" "$bench" help bogus
expect 0 'Examples:' "$bench" run --help
expect 0 'resnet50' "$bench" run --help
expect 0 'norma-bench 0.' "$bench" --version
expect 0 'norma-bench 0.' "$bench" run --version
expect_said 2 'name a command' "$bench"
expect_said 2 "no command 'bogus'" "$bench" bogus
expect_said 2 'nothing to measure' "$bench" run
expect_said 2 'norma-bench run: unrecognized option' "$bench" run --bogus
expect_said 2 'bn:2x3x: column 8' "$bench" run bn:2x3x
expect_said 2 'empty tensor' "$bench" run bn:0x3
expect_said 2 "no implementation 'avx3'" "$bench" run --impl avx3 bn:1x1
expect_said 2 "no shape set 'resnet51'" "$bench" run --shapes resnet51
expect_said 2 '--pass: expected some of fwd, inf' "$bench" run --pass sideways bn:1x1
expect_said 2 '--operators: expected some of bn' "$bench" run --operators bn,,in bn:1x1
expect_said 2 '--micro-batches: expected' "$bench" run --micro-batches 1,0 bn:1x1
expect_said 2 '--threads: expected' "$bench" run --threads 0 bn:1x1
expect_said 2 '--threads 4000: this process may use' "$bench" run --threads 4000 bn:1x1
HWLOC_SYNTHETIC='core:1 pu:1' expect_said 2 'this process may use 1 hardware thread;' "$bench" run --threads 2 bn:1x1
expect_said 2 '--shard: expected I/N' "$bench" run --shard 3/2 bn:1x1
expect_said 2 '--time: expected seconds' "$bench" run --time 0 bn:1x1
expect_said 2 '--max-memory: expected' "$bench" run --max-memory much bn:1x1
expect_said 2 '--resume needs -o FILE' "$bench" run --resume bn:1x1
expect_said 2 'read only once' "$bench" run --shapes - -
expect_said 2 'expected layers' "$bench" run --shapes -
expect_said 2 'expected problems' "$bench" run -
expect_said 2 'cannot open' "$bench" run "@$work/none"
expect_said 2 'cannot read' "$bench" run "@$work"
expect_said 2 'at most 4095 characters' "$bench" run --shapes /dev/zero
expect_said 3 "no implementation 'avx3'" "$bench" run --require portable,avx3 bn:1x1
expect 0 '# 1 problem;' "$bench" run --require portable,copy --list bn:1x1

# ---- the list of what would be run, and its shards
"$bench" run --shapes resnet110 --list | grep -v '^#' | sort >"$work/whole"
for shard in 1/3 2/3 3/3; do
    "$bench" run --shapes resnet110 --shard $shard --list | grep -v '^#'
done | sort >"$work/shards"
[ -s "$work/whole" ] && cmp -s "$work/whole" "$work/shards" || fail 'the shards are not the whole'
"$bench" run --shapes resnet110 --list | "$bench" run --list - | cut -d' ' -f1 | sort >"$work/again"
[ "$(grep -vc '^#' "$work/again")" -eq "$(wc -l <"$work/whole")" ] ||
    fail 'the list is not a list of problems'
[ -w /dev/full ] && { "$bench" run --shapes odd --list >/dev/full 2>"$work/err"
    [ $? -eq 2 ] || fail 'a full disk under --list is not noticed'; }

# ---- ci/report measures with all threads what it measures with one
"$bench" run --shapes scaling --pass fwd,bwd --list | grep -v '^#' | cut -d' ' -f1 | sort >"$work/sample"
"$bench" run --shapes resnet50,resnet110 --micro-batches 1,8,32 --pass fwd,bwd --list | cut -d' ' -f1 |
    sort >"$work/networks"
[ -s "$work/sample" ] && [ -z "$(comm -23 "$work/sample" "$work/networks")" ] ||
    fail 'the sample is no part of the networks'

# ---- passes and layouts apply to problems by name; operators and micro-batches are theirs
expect_list() {
    want=$1
    shift
    got=$("$bench" run --list "$@" 2>&1 | grep -v '^#' | cut -d' ' -f1 | paste -sd' ')
    [ "$got" = "$want" ] || fail "$* lists '$got', wanted '$want'"
}
expect_list 'gn:8x64x14x14:pass=bwd,g=32' --pass bwd gn:8x64x14x14
expect_list 'bn:2x3x4 bn:2x3x4:pass=bwd' --pass fwd,bwd bn:2x3x4
expect_list 'bn:2x3x4:pass=bwd,layout=nsc' --pass bwd --layout nsc bn:2x3x4
expect_list 'bn:2x3x4:pass=inf,eps=0.1 bn:2x3x4:pass=inf,layout=nsc,eps=0.1' --pass inf --layout ncs,nsc bn:2x3x4:eps=0.1
expect_list 'bn:2x3x4:pass=bwd' --pass fwd,bwd bn:2x3x4:pass=bwd
expect_list 'rms:2x3x4:pass=bwd' --pass inf_bwd,bwd rms:2x3x4
echo 'bn:2x3' >"$work/problems"
expect_list 'bn:2x3:pass=bwd' --pass bwd "@$work/problems"
printf '\357\273\277bn:2x3  # odd a *1, odd b *2\r\n  in:2x3# behind it\n # alone\n' >"$work/commented"
expect_list 'bn:2x3 in:2x3' "@$work/commented"
expect_said 2 'bn:2x3:pass=inf: column 8: --pass asks for another' "$bench" run --list --pass bwd bn:2x3:pass=inf
expect_said 2 'column 8: --layout asks for another' "$bench" run --list --layout nsc bn:2x3:layout=ncs
echo 'bn:2x3:layout=nsc' >>"$work/problems"
expect_said 2 'problems:2:8: --layout asks for another' "$bench" run --list --layout ncs "@$work/problems"
expect_said 2 'pass = inf_bwd is for running statistics' "$bench" run --list --pass inf_bwd gn:2x4x4
expect_said 2 'none of the operators has such a pass' "$bench" run --list --shapes gate --operators gn --pass inf_bwd
expect_said 2 '--operators is for --shapes' "$bench" run --list --operators in bn:2x3
expect_said 2 '--micro-batches is for --shapes' "$bench" run --list --micro-batches 1 bn:2x3
expect 0 'up to 3 min 20 s of timing' "$bench" run --list --time 100 --threads 1,1 bn:2x3 in:2x3
expect 0 'in:2x3' "$bench" run --list --shapes gate --operators bn in:2x3

# ---- implementations by pattern, each once
expect 0 'implementations: portable reference;' "$bench" run --list --impl 'port*,refer?nce,p*able' bn:2x3
expect_said 2 "no implementation 'avx3*'" "$bench" run --list --impl 'avx3*' bn:2x3
expect_said 3 "no implementation 'avx3*'" "$bench" run --require 'avx3*' --list bn:2x3
expect 0 '# 1 problem;' "$bench" run --require 'port*' --list bn:2x3

# ---- a later option replaces an earlier one
"$bench" run --shapes gate --impl portable --operators in --threads 1 --list >"$work/once"
"$bench" run --shapes odd --impl reference --operators bn --threads 2 \
    --shapes gate --impl portable --operators in --threads 1 --list >"$work/twice"
cmp "$work/once" "$work/twice" || fail 'an option that is given again does not replace the former'

# ---- a run: records on standard output, messages on standard error
"$bench" run $fast bn:2x3x4x5 in:1x2x3 >"$work/out" 2>"$work/err" || fail 'a plain run'
expect_lines 8 '^{"type":' "$work/out"
expect_lines 6 '"status":"ok"' "$work/out"
head -1 "$work/out" | grep -q '"type":"machine"' || fail 'the first line is the machine'
tail -1 "$work/out" | grep -q '"type":"conditions".*"interrupted":false' || fail 'the last line'
grep -q "$(printf '\r')" "$work/err" && fail 'progress where standard error is no terminal'

# ---- other formats of standard output, one heading each; beside a file, too
expect 0 '"bn:2x3",1,"portable",ok,' "$bench" run $fast --format csv bn:2x3 in:2x3
expect_lines 1 '^problem,threads,' "$work/out"
expect_lines 7 , "$work/out"
expect 0 '| bn:2x3 | 1 | portable |' "$bench" run $fast --format markdown bn:2x3 in:2x3 -o "$work/beside"
expect_lines 8 '^|.*|$' "$work/out"
expect_lines 6 '"status":"ok"' "$work/beside"
expect 0 'bn:2x3, 1 thread' "$bench" run $fast --format table --sort name bn:2x3
[ "$(sed -n '3,5s/ .*//p' "$work/out" | paste -sd' ')" = 'copy copy-stream portable' ] || fail 'rows are not sorted'
expect_lines 0 "$(printf '\033')" "$work/out"
expect_said 2 '--sort: expected given, time or name' "$bench" run --sort weight bn:2x3
expect_said 2 '--format: expected table, jsonl, csv or markdown' "$bench" run --format xml bn:2x3
expect_said 2 'both use standard output' "$bench" run --format csv -o - bn:2x3

# ---- memory
expect_said 3 ' kB of memory, --max-memory is 1.02 kB' "$bench" run $fast --max-memory 1K bn:2x3x4x5
grep -q 'nothing was measured' "$work/err" || fail 'no word of a run that measured nothing'
expect_lines 3 '"status":"skipped","reason":"needs' "$work/out"

# ---- status 3 where nothing was measured, but not where something was, or where there was nothing to do
few="$fast --max-memory 100K"
expect_status 0 "$bench" run $few -o "$work/some" bn:2x3 bn:2x3x400x500
expect_status 0 "$bench" run $few -o "$work/some" --resume bn:2x3 bn:2x3x400x500
expect_status 0 "$bench" run $few -o "$work/some" --resume bn:2x3
expect_status 3 "$bench" run $few -o "$work/some" --resume bn:2x3x400x500
expect_status 0 "$bench" run $few --shard 2/2 bn:2x3
expect_status 0 "$bench" run $few --impl copy bn:2x3
expect_said 3 'nothing was measured' "$bench" run $few --impl copy bn:2x3x400x500

# A shell's limit counts as the size of the memory; a sanitizer's shadow does not fit into one.
if (ulimit -v 2000000 && "$bench" --version) >/dev/null 2>&1; then
    for command in 'run --impl portable --threads 1' 'explain --impl portable --threads 1'; do
        (ulimit -v 2000000 && exec timeout 60 "$bench" $command bn:128x64x128x128) >"$work/out" 2>&1
        grep -q 'needs .* GB of memory, more than half of the .* GB that .*; --' "$work/out" || fail "$command under ulimit: $(tail -n 3 "$work/out")"
    done
else
    echo 'skipped: the program does not start below a limit of address space'
fi

# ---- output that cannot be written
expect_said 2 'cannot write' "$bench" run $fast -o "$work/none/x" bn:1x2
if [ -w /dev/full ]; then
    expect_said 2 'No space left' "$bench" run $fast -o /dev/full bn:1x2
    "$bench" run $fast bn:1x2 >/dev/full 2>"$work/err"
    [ $? -eq 2 ] || fail 'a full disk behind standard output is not noticed'
fi

# A limit of a file's size, 1024 or 2048 bytes, is a disk that is full in the middle of the first record. LLVM's OpenMP
# needs 1024: below, it leaves an empty file in /dev/shm, of which the next process of that number dies.
# shellcheck disable=SC2016 # the inner shell has these arguments
full() { sh -c 'trap "" XFSZ && ulimit -f 2 && exec "$@"' - "$@"; }
if full sh -c 'head -c 5000 /dev/zero >"$1"; [ "$(wc -c <"$1")" -lt 5000 ]' - "$work/limited" 2>/dev/null; then
    expect_said 2 'complete, and --resume continues it' full "$bench" run $fast -o "$work/filled" bn:1x2
    expect_status 0 "$bench" run $fast -o "$work/filled" --resume bn:1x2
    expect_said 2 'what was written before is complete' full "$bench" machine --facts -o "$work/filled-too"
    grep -q -e --resume "$work/err" && fail 'machine is said to have --resume'
    expect_status 0 "$bench" machine --facts -o "$work/filled-too"
else
    echo 'skipped: the size of files cannot be limited here'
fi

# ---- a reader that closes the pipe: a quiet end, no kernel is blamed, and a file stays readable
# read_one_line COMMAND...: the command's status, when its reader takes one line alone.
read_one_line() {
    { "$@" 2>"$work/err"; echo $? >"$work/status"; } | head -n 1 >"$work/line"
    got=$(cat "$work/status")
}
sh -c 'kill -PIPE $$'
if [ $? -eq 141 ]; then
    # Enough to fill the pipe, should head end late.
    for format in table jsonl; do
        read_one_line "$bench" run $fast --format $format --shapes resnet110
        [ "$got" -eq 141 ] || fail "head of $format: status $got, wanted 141"
        grep -v 'warning: ' "$work/err" | grep . && fail "head of $format is no reason to talk"
    done
    read_one_line "$bench" run $fast --format table --shapes resnet110 -o "$work/unread"
    [ "$got" -eq 141 ] || fail "head of tables beside a file: status $got, wanted 141"
    grep -q 'SIGPIPE' "$work/err" && fail 'a kernel is blamed for head'
    tail -n 1 "$work/unread" | grep -q '"interrupted":true' || fail 'the file of a run without a reader has no end'
    read_one_line "$bench" run --shapes resnet110,resnet50,vgg19-256,odd --pass fwd,bwd --list
    [ "$got" -eq 141 ] || fail "head of a list: status $got, wanted 141"

    # All commands end so where nobody reads from the first byte on.
    mkfifo "$work/pipe"
    exec 3<>"$work/pipe" 4>"$work/pipe" 3<&-
    for command in 'run --list bn:1x1' 'run --time 0.001 --impl portable bn:1x1' 'explain --plan-only bn:1x1' \
        'machine --facts' 'tune --help' help; do
        # shellcheck disable=SC2086 # the options are words
        "$bench" $command >&4 2>"$work/err"
        got=$?
        [ "$got" -eq 141 ] || fail "$command without a reader: status $got, wanted 141: $(cat "$work/err")"
    done
    exec 4>&-
else
    echo 'skipped: SIGPIPE is ignored here, closed pipes are not tried'
fi

# ---- an existing file is safe
"$bench" run $fast -o "$work/r" bn:1x2 2>/dev/null || fail 'writing a file'
cp "$work/r" "$work/before"
expect_said 2 '--resume continues it' "$bench" run $fast -o "$work/r" bn:1x2
cmp -s "$work/r" "$work/before" || fail 'an existing file was touched'
echo 'dear diary' >"$work/diary"
cp "$work/diary" "$work/before"
expect_said 2 'diary:1:' "$bench" run $fast -o "$work/diary" --resume bn:1x2
cmp -s "$work/diary" "$work/before" || fail 'a foreign file was touched'

# ---- an input is no output, whatever it is called
printf 'bn:1x2' >"$work/list"
ln -s list "$work/link"
ln "$work/list" "$work/hard"
for name in list link hard; do
    expect_kept "$work/list" 'it is an input' "$bench" run $fast "@$work/list" -o "$work/$name"
    expect_kept "$work/list" 'it is an input' "$bench" run $fast "@$work/list" -o "$work/$name" --resume
done
# shellcheck disable=SC2016 # the inner shell has these arguments
expect_kept "$work/list" 'it is an input' sh -c '"$1" run $2 - -o "$3" --resume <"$3"' - "$bench" "$fast" "$work/list"
expect_kept "$work/list" 'it is an input' sh -c '"$1" run $2 - <"$3" >>"$3"' - "$bench" "$fast" "$work/list"
expect_kept "$work/list" 'it is an input' sh -c '"$1" run --list "@$3" >>"$3"' - "$bench" "$fast" "$work/list"
expect_kept "$work/r" 'it is an input' sh -c '"$1" compare "$2" "$2" >>"$2"' - "$bench" "$work/r"

# ---- a link stays, also one to nothing yet; a name of standard output is written where that stands
ln -s later "$work/to-later"
expect_status 0 "$bench" run $fast bn:1x2 -o "$work/to-later"
[ -L "$work/to-later" ] && grep -q '"status":"ok"' "$work/later" || fail 'a link was not followed'
for command in "run $fast bn:1x2" 'machine --facts'; do
    echo before >"$work/appended"
    # shellcheck disable=SC2086 # the options are words
    "$bench" $command -o /dev/stdout >>"$work/appended" 2>"$work/err" || fail "$command -o /dev/stdout: $(cat "$work/err")"
    [ "$(sed -n 1p "$work/appended")" = before ] || fail "$command -o /dev/stdout emptied a file"
    sed 1d "$work/appended" >"$work/records"
    expect_lines 0 '^[^{]' "$work/records"
    expect_lines 1 '"type":"machine"' "$work/records"
done
expect_said 2 'both use standard output' "$bench" run --format csv -o /dev/stdout bn:2x3
expect_said 2 '--resume needs -o FILE' "$bench" run --resume -o /dev/stdout bn:2x3

# ---- resuming measures only what is missing, also after a line that was cut off
printf '{"type":"measurement","prob' >>"$work/r"
"$bench" run $fast -o "$work/r" --resume bn:1x2 bn:1x3 2>/dev/null || fail 'resuming'
expect_lines 1 '"problem":"bn:1x2".*"implementation":"portable"' "$work/r"
expect_lines 1 '"problem":"bn:1x3".*"implementation":"portable"' "$work/r"
expect_lines 2 '"type":"machine"' "$work/r"
expect_lines 0 '"prob$' "$work/r"

# ---- another way of measuring does not get into the file
cp "$work/r" "$work/before"
expect_said 2 'was measured with other settings (settings: {"seconds":0.001' "$bench" run $fast --full -o "$work/r" --resume bn:1x4
cmp -s "$work/r" "$work/before" || fail 'a refused run touched the file'
expect_status 0 "$bench" run $fast --seed 7 -o "$work/r" --resume bn:1x2

# ---- with another implementation of the same problem, the first is not measured again
"$bench" run $fast,reference -o "$work/r" --resume bn:1x2 2>/dev/null || fail 'adding to a file'
expect_lines 1 '"problem":"bn:1x2".*"implementation":"portable"' "$work/r"
expect_lines 1 '"problem":"bn:1x2".*"implementation":"reference"' "$work/r"

# ---- profiles
expect_said 2 '--profile: /no/such: cannot be read' "$bench" run $fast --profile /no/such bn:1x2
NORMA_PROFILE=/no/such expect_said 2 'NORMA_PROFILE: /no/such' "$bench" run $fast bn:1x2
NORMA_PROFILE=/no/such expect 0 '"status":"ok"' "$bench" run $fast --profile '' bn:1x2

# ---- compare: wrong command lines and inputs
expect 0 'Examples:' "$bench" compare --help
expect 0 'norma-bench 0.' "$bench" compare --version
expect_said 2 'norma-bench compare: unrecognized option' "$bench" compare --bogus
expect_said 2 'takes two files' "$bench" compare one
expect_said 2 'read only once' "$bench" compare - -
expect_said 2 '--threshold: expected percent' "$bench" compare --threshold -1 a b
expect_said 2 '--level: expected a rate' "$bench" compare --level 0 a b
expect_said 2 '--format: expected table' "$bench" compare --format html a b
expect_said 2 '--different: expected some of machine' "$bench" compare --different weather a b
expect_said 2 'cannot open' "$bench" compare "$work/none" "$work/none"
expect_said 2 'diary:1:' "$bench" compare "$work/r" "$work/diary"
expect_said 2 'holds no times' "$bench" compare "$work/r" -
expect_said 2 'less than 16 MiB' "$bench" compare "$work/r" /dev/zero
expect_said 2 'cannot read' "$bench" compare "$work/r" "$work"

# ---- compare: the program with itself, and with one that is twice as slow
for round in 1 2 3 4 5 6 7 8 9 10; do
    for side in a b; do
        "$bench" run $fast bn:2x3 in:2x3 >>"$work/$side" 2>/dev/null || fail 'a round'
    done
done
# The second side takes twice the time in each pair; all else, except the date, is that of the first.
awk 'match($0, /"median":[0-9.e+-]+,"low"/) && /"implementation":"portable"/ {
    printf "%s\"median\":%.9g,\"low\"%s\n", substr($0, 1, RSTART - 1),
        2 * substr($0, RSTART + 9, RLENGTH - 15), substr($0, RSTART + RLENGTH)
    next
} 1' "$work/a" >"$work/slow"
expect 0 'no difference larger than 5%: 2, inconclusive: 0' "$bench" compare --all "$work/a" "$work/a"
expect 0 'no difference larger than 5%' "$bench" compare --all --require-conclusive "$work/a" "$work/a"
expect 0 'bn:2x3 ' "$bench" compare --all --threshold 900 "$work/a" "$work/b"
expect 1 '  slower' "$bench" compare "$work/a" "$work/slow"
expect 1 'slower: 2' "$bench" compare --require-conclusive "$work/a" "$work/slow"
expect 0 '  faster' "$bench" compare "$work/slow" "$work/a"
expect 0 'no difference larger than 101%: 2' "$bench" compare --threshold 101% "$work/a" "$work/slow"
expect 1 '"verdict":"slower"' "$bench" compare --format jsonl "$work/a" "$work/slow"
expect 1 '"slower":2,"inconclusive":0,"needed":0' "$bench" compare --format jsonl "$work/a" "$work/slow"
expect 1 '| slower |' "$bench" compare --format markdown "$work/a" "$work/slow"
"$bench" compare "$work/a" - <"$work/slow" >"$work/out" 2>&1
[ $? -eq 1 ] || fail 'compare does not read standard input'
grep -q 'NEW is standard input' "$work/out" || fail 'standard input is not named'
sed 's/"id":"[0-9a-f]*"/"id":"other"/' "$work/slow" >"$work/other"
expect_said 2 'differ in id:' "$bench" compare "$work/a" "$work/other"
expect 1 '  slower' "$bench" compare --different machine "$work/a" "$work/other"
{ head -n 4 "$work/slow" && printf '{"type":"measu'; } >"$work/cut"
expect_said 0 '1 of 1 runs are not complete' "$bench" compare "$work/a" "$work/cut"
expect_said 0 'no change can be told' "$bench" compare "$work/a" "$work/cut"
expect 0 'one run each' "$bench" compare "$work/cut" "$work/cut"
expect_said 0 'inconclusive kernels: 1 of 1' "$bench" compare "$work/a" "$work/cut"
expect 3 'inconclusive: 5% cannot be told' "$bench" compare --require-conclusive "$work/a" "$work/cut"
sed 's/2x3/2x4/g' "$work/a" >"$work/other"
expect_said 2 'in common' "$bench" compare "$work/a" "$work/other"
if [ -w /dev/full ]; then
    "$bench" compare "$work/a" "$work/b" >/dev/full 2>"$work/err"
    [ $? -eq 2 ] || fail 'compare: a full disk behind standard output is not noticed'
fi

# ---- tune: wrong command lines. The caches decide how much there is to tune, so they are prescribed
# here, and the first is small.
export HWLOC_SYNTHETIC='l3:1(size=134217728) core:16 l2:1(size=131072) pu:1'
tune="--quick --time 0.001 --threads 1 --max-memory 8M"
expect 0 'tile_bytes' "$bench" tune --help
expect 0 'norma-bench 0.' "$bench" tune --version
expect_said 2 'norma-bench tune: unrecognized option' "$bench" tune --bogus
expect_said 2 "leave out 'bn:1x2'" "$bench" tune bn:1x2
expect_said 2 "--impl: expected one of norma's sets" "$bench" tune --impl onednn
expect_said 2 '--threads: expected' "$bench" tune --threads 0
expect_said 2 '--threads 4000: this process may use' "$bench" tune --threads 4000
expect_said 2 '--time: expected seconds' "$bench" tune --time 0
expect_said 2 'cannot write' "$bench" tune $tune -o "$work"
expect_said 3 'nothing was tuned' "$bench" tune --max-memory 1K -o "$work/none"
[ -e "$work/none" ] && fail 'nothing was tuned, but something was written'
cp "$work/diary" "$work/before"
expect_said 2 'is not a profile' "$bench" tune $tune -o "$work/diary"
cmp -s "$work/diary" "$work/before" || fail 'tune touched a foreign file'

# ---- tune: the profile is written, and can be read
expect 0 'tile_bytes' "$bench" tune $tune -o "$work/made/profile"
grep -q "$(printf '\r')" "$work/err" && fail 'tune: progress where standard error is no terminal'
expect 0 "\"profile\":\"$work/made/profile\"" "$bench" run $fast --profile "$work/made/profile" bn:1x2
ls "$work/made" | grep -qvx profile && fail 'tune leaves files behind'
"$bench" tune $tune --impl portable -o "$work/made/profile" >/dev/null 2>&1 || fail 'tune, again'
expect_lines 1 '^set portable$' "$work/made/profile"
sets=$(grep -c '^set ' "$work/made/profile")
"$bench" tune $tune --impl portable -o "$work/made/profile" >/dev/null 2>&1 || fail 'and again'
expect_lines "$sets" '^set ' "$work/made/profile"
expect_kept "$work/made/profile" 'it is an input' "$bench" run $fast --profile "$work/made/profile" bn:1x2 -o "$work/made/profile" --resume
# shellcheck disable=SC2016 # the inner shell has these arguments
for command in 'explain --plan-only bn:1x2' 'machine --facts'; do
    expect_kept "$work/made/profile" 'it is an input' env NORMA_PROFILE="$work/made/profile" \
        sh -c '"$1" $2 >>"$3"' - "$bench" "$command" "$work/made/profile"
done
ln -s "$work/later-profile" "$work/made/link"
expect_status 0 "$bench" tune $tune --impl portable -o "$work/made/link"
[ -L "$work/made/link" ] && grep -q '^end$' "$work/later-profile" || fail 'tune does not follow a link'
rm "$work/made/link"
echo before >"$work/appended"
"$bench" tune $tune --impl portable -o /dev/stdout >>"$work/appended" 2>"$work/err" || fail 'tune -o /dev/stdout'
[ "$(sed -n 1p "$work/appended")$(sed -n 2p "$work/appended")" = 'beforenorma-profile 1' ] ||
    fail 'tune -o /dev/stdout emptied a file, or does not write the profile alone'
sed -i 's/^version .*/version 0.0.0/' "$work/made/profile"
cp "$work/made/profile" "$work/before"
expect_said 0 'made by norma 0.0.0, this is norma' "$bench" tune $tune --impl portable -o "$work/made/profile"
grep -q "now $work/made/profile.broken" "$work/err" || fail 'tune does not say where the old profile is'
cmp -s "$work/made/profile.broken" "$work/before" || fail 'tune has lost the old profile'
rm "$work/made/profile.broken"
expect_lines 1 '^set ' "$work/made/profile"
expect_lines 1 ': nothing kept, the defaults stay$\|: kept other values than the defaults in ' "$work/err"
sed '1d' "$work/out" | grep -qv ' yes$\| no: slower$\| no: no difference larger than 1%$\| no: inconclusive: ' &&
    fail 'a row of tune does not say whether, or why not, it is kept'
"$bench" tune $tune -o - >"$work/out" 2>"$work/err" || fail 'tune to standard output'
[ "$(head -1 "$work/out")" = 'norma-profile 1' ] && [ "$(tail -1 "$work/out")" = end ] ||
    fail 'standard output is not the profile alone'
grep -q 'time of default' "$work/err" || fail 'no table on standard error'
NORMA_PROFILE= XDG_CONFIG_HOME="$work/config" "$bench" tune $tune >/dev/null 2>&1 ||
    fail 'tune into the folder of the user'
grep -q '^end$' "$work/config/norma/profile" || fail 'no profile in the folder of the user'
# There a broken file is meant as a profile: every program says that tune replaces it, and it does.
echo 'tile_bytes = lots' >"$work/config/norma/profile"
export XDG_CONFIG_HOME="$work/config"
expect_said 0 "'norma-bench tune' replaces it" env -u NORMA_PROFILE "$bench" run $fast bn:1x2
expect_said 0 "now $work/config/norma/profile.broken" env -u NORMA_PROFILE "$bench" tune $tune
expect 0 "\"profile\":\"$work/config/norma/profile\"" env -u NORMA_PROFILE "$bench" run $fast bn:1x2
grep -qx 'tile_bytes = lots' "$work/config/norma/profile.broken" || fail 'the broken profile is lost'
unset XDG_CONFIG_HOME
if [ -w /dev/full ]; then
    expect_said 2 'No space left' "$bench" tune $tune -o /dev/full
    "$bench" tune $tune -o - >/dev/full 2>"$work/err"
    [ $? -eq 2 ] || fail 'tune: a full disk behind standard output is not noticed'
fi

# ---- tune: Ctrl-C writes nothing
cp "$work/made/profile" "$work/before"
"$bench" tune --impl portable --threads 1 -o "$work/made/profile" >/dev/null 2>"$work/err" &
child=$!
sleep 0.5
kill -TERM $child
wait $child
got=$?
[ $got -eq 143 ] || fail "tune terminated: status $got, wanted 143"
grep -q 'nothing was written' "$work/err" || fail 'tune does not say that it wrote nothing'
cmp -s "$work/made/profile" "$work/before" || fail 'an interrupted tune touched the profile'
ls "$work/made" | grep -qvx profile && fail 'an interrupted tune leaves files behind'

# ---- counters: those that the machine has, and one message for those that it lacks
"$bench" run $fast --counters bn:2x3x4x5 >"$work/out" 2>"$work/err" || fail 'a run with counters'
grep -q 'not counted: .*page_faults' "$work/err" ||
    expect_lines 3 '"counters":{"executions":.*"page_faults":' "$work/out"
[ "$(grep -c 'not counted: .*cycles' "$work/err")" -le 1 ] || fail 'said more than once'
"$bench" run $fast bn:2x3x4x5 2>/dev/null | grep -q '"counters"' && fail 'there are counters without --counters'

# ---- explain
explain="$bench explain --impl portable --threads 1"
expect 0 'Examples:' "$bench" explain --help
expect 0 'norma-bench 0.' "$bench" explain --version
expect_said 2 'norma-bench explain: unrecognized option' "$bench" explain --bogus
expect_said 2 'nothing to explain' "$bench" explain
expect_said 2 "leave out 'bn:1x2'" "$bench" explain bn:1x1 bn:1x2
expect_said 2 'bn:2x3x: column 8' "$bench" explain bn:2x3x
expect_said 2 'empty tensor' "$bench" explain bn:0x3
expect_said 2 'cin:1x2' "$bench" explain cin:1x2:bogus=1
expect_said 2 "--impl: expected one of norma's sets" "$bench" explain --impl onednn bn:1x1
expect_said 2 'NORMA_SETS=avx3' env NORMA_SETS=avx3 "$bench" explain bn:1x1
expect_said 2 '--threads 4000: this process may use' "$bench" explain --threads 4000 bn:1x1
expect_said 2 '--format: expected text or jsonl' "$bench" explain --format xml bn:1x1
expect_said 2 '--profile: /no/such: cannot be read' "$bench" explain --profile /no/such bn:1x1
expect_said 3 '--plan-only needs none' "$bench" explain --impl portable in:100000x1000x100x100
expect 0 'portable: asked for by --impl' $explain --plan-only in:2x4x8x8
expect 0 'left out by NORMA_SETS=portable,' env NORMA_SETS=portable, "$bench" explain --plan-only bn:1x2
expect 0 'by rows: ' $explain --plan-only ln:8x16
expect 0 'by columns: ' $explain --plan-only in:2x4x8x8:layout=nsc
printf 'norma-profile 1\nversion %s\ncpu %s\nset portable\nl2 tile_bytes=4096\nend\n' \
    "$("$bench" --version | cut -d' ' -f2)" "$(sed -n 's/^cpu //p' "$work/made/profile")" >"$work/p"
expect 0 "from $work/p" $explain --profile "$work/p" --plan-only in:2x64x8x8
expect 0 'tile_bytes=4096' $explain --profile "$work/p" --plan-only in:2x64x8x8
expect 0 '8 tiles of 1 sample x 16 channels' $explain --profile "$work/p" --plan-only in:2x64x8x8
expect 0 'gradient_apply ' $explain --time 0.01 in:2x4x8x8:pass=bwd
[ "$(wc -l <"$work/out")" -le 40 ] || fail 'explain prints more than 40 lines'
expect 0 '"stage":"moments"' $explain --format jsonl --time 0.01 in:2x4x8x8
expect_lines 1 '"type":"explanation"' "$work/out"
expect_lines 1 '"primitive":"apply"' "$work/out"
if [ -w /dev/full ]; then
    $explain --plan-only bn:1x2 >/dev/full 2>"$work/err"
    [ $? -eq 2 ] || fail 'explain: a full disk is not noticed'
fi
$explain --time 20 in:8x64x56x56 >"$work/out" 2>"$work/err" &
child=$!
sleep 0.5
kill -TERM $child
wait $child
got=$?
[ $got -eq 143 ] || fail "explain terminated: status $got, wanted 143"
[ -s "$work/out" ] && fail 'an interrupted explanation writes something'
unset HWLOC_SYNTHETIC

# ---- machine: wrong command lines
machine="--quick --time 0.001 --threads 1 --max-memory 200K"
expect 0 'Examples:' "$bench" machine --help
expect 0 'norma-bench 0.' "$bench" machine --version
expect_said 2 'norma-bench machine: unrecognized option' "$bench" machine --bogus
expect_said 2 "leave out 'bn:1x2'" "$bench" machine bn:1x2
expect_said 2 '--format: expected page or jsonl' "$bench" machine --format xml
expect_said 2 '--threads: expected' "$bench" machine --threads 1,0
expect_said 2 '--threads 4000: this process may use' "$bench" machine --threads 4000
expect_said 2 '--time: expected seconds' "$bench" machine --time none
expect_said 2 '--max-memory: expected' "$bench" machine --max-memory much
expect_said 2 'cannot write' "$bench" machine --facts -o "$work/none/x"
NORMA_PROFILE=/no/such expect_said 2 'NORMA_PROFILE: /no/such' "$bench" machine --facts
cp "$work/diary" "$work/before"
expect_said 2 'diary:1:' "$bench" machine --facts -o "$work/diary"
cmp -s "$work/diary" "$work/before" || fail 'machine touched a foreign file'

# ---- machine: a page, or records
expect 0 'Topology' "$bench" machine --facts
expect_lines 0 '^Noise\|^Memory' "$work/out"
expect 0 'profile            none' "$bench" machine $machine
expect_lines 1 '^Memory, GB/s, threads: 1$' "$work/out"
expect_lines 1 '^Noise$' "$work/out"
expect_lines 0 '{' "$work/out"
grep -q "$(printf '\r')" "$work/err" && fail 'machine: progress where standard error is no terminal'
expect 0 '"type":"compute"' "$bench" machine $machine --format jsonl
expect_lines 0 '^[^{]' "$work/out"
head -1 "$work/out" | grep -q '"type":"machine".*"noise":' || fail 'machine: the first record'
tail -1 "$work/out" | grep -q '"type":"conditions"' || fail 'machine: the last record'
grep -q '"type":"memory"' "$work/out" || fail 'machine: no ceilings of memory'
expect 0 '"type":"machine"' "$bench" machine --facts -o -
if [ -w /dev/full ]; then
    expect_said 2 'No space left' "$bench" machine --facts -o /dev/full
    for format in page jsonl; do
        "$bench" machine --facts --format $format >/dev/full 2>"$work/err"
        [ $? -eq 2 ] && [ "$(grep -c 'cannot write' "$work/err")" -eq 1 ] ||
            fail "machine: a full disk behind standard output is not noticed ($format)"
    done
fi

# ---- machine and run share a file
expect 0 'Topology' "$bench" machine $machine -o "$work/both"
"$bench" run $fast -o "$work/both" --resume bn:1x2 2>"$work/err" || fail 'run after machine'
"$bench" machine --facts -o "$work/both" >/dev/null 2>&1 || fail 'machine after run'
"$bench" run $fast -o "$work/both" --resume bn:1x2 2>"$work/err" || fail 'run after all'
expect_lines 4 '"type":"machine"' "$work/both"
expect_lines 1 '"implementation":"portable"' "$work/both"
[ "$(grep -c '"type":"memory"' "$work/both")" -ge 3 ] || fail 'no ceilings beside the measurements'

# ---- machine: Ctrl-C
"$bench" machine -o "$work/ended" >"$work/out" 2>"$work/err" &
child=$!
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    sleep 0.3
    grep -q '"memory"' "$work/ended" 2>/dev/null && break
done
kill -TERM $child
wait $child
got=$?
[ $got -eq 143 ] || fail "machine terminated: status $got, wanted 143"
grep -q 'interrupted; what was written is complete' "$work/err" || fail 'machine: no word of the end'
tail -1 "$work/ended" | grep -q '"type":"conditions".*"interrupted":true' || fail 'machine: no last record'

# ---- Ctrl-C: the file stays readable, the exit code tells, resuming completes
sweep="--shapes resnet110 --operators bn --threads 1 --impl portable --time 0.02 --min-samples 1"
"$bench" run $sweep -o "$work/s" 2>"$work/err" &
child=$!
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    sleep 0.1
    [ "$(cat "$work/s" 2>/dev/null | grep -c '"measurement"')" -gt 3 ] && break
done
kill -TERM $child
wait $child
got=$?
[ $got -eq 143 ] || fail "terminated: status $got, wanted 143"
grep -q 'interrupted after .* of 24 problems.*--resume' "$work/err" || fail 'no word of resuming'
tail -1 "$work/s" | grep -q '"type":"conditions".*"interrupted":true' || fail 'no last record'
done_before=$(grep -c '"implementation":"portable"' "$work/s")
[ "$done_before" -ge 1 ] && [ "$done_before" -lt 24 ] || fail "$done_before of 24 were done"
"$bench" run $sweep -o "$work/s" --resume 2>"$work/err" || fail 'resuming an interrupted sweep'
expect_lines 24 '"implementation":"portable"' "$work/s"
tail -1 "$work/s" | grep -q '"interrupted":false' || fail 'the resumed run is not complete'

[ $failures -eq 0 ] && echo 'all fine'
exit $((failures > 0))
