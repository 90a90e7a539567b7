#!/bin/sh
# ci/perf-gate on two programs that make up their times: it goes on with the problems that it cannot tell, and with these
# alone, and is neither green in silence nor red for noise.
# Usage: perf_gate_test.sh NORMA-BENCH PERF-GATE NORMA-BENCH-SLOW
# SPDX-License-Identifier: Apache-2.0
bench=$1
gate=$2
slow=$3
. "$(dirname "$0")/../../ci/tests.sh"

# The programs list the problems that they are given, and "measure" the one that --shard names. Times depend on the
# round alone, which --seed tells. The comparison is norma-bench's own.
cat >"$work/made-up" <<'EOF'
#!/bin/sh
command=$1
shift
[ "$command" = run ] || exec "$bench" "$command" "$@"
problems= list= round=1 number=0
while [ $# -gt 0 ]; do
    case $1 in
    --list) list=yes ;;
    --seed) round=$2 && shift ;;
    --shard) number=${2%/*} && shift ;;
    --threads | --impl | --time) shift ;;
    *) problems="$problems $1" ;;
    esac
    shift
done
if [ "$list" ]; then
    echo '# problems; implementations: avx2; threads: 1'
    printf '%s\n' $problems
    exit
fi
set -- $problems
shift $((number - 1))
case $1 in
bn:1x6) echo 'wrong result' >&2 && exit 1 ;;
esac
awk -v problem="$1" -v round="$round" -v new="${0##*/}" 'BEGIN {
    noise = round % 2 ? 1.3 : 1 / 1.3
    ratio = 1 + 0.0001 * (round % 5) # bn:1x1: no difference
    if (problem == "bn:1x2") ratio *= 1.2
    if (problem == "bn:1x3") ratio /= 1.2
    if (problem == "bn:1x4" && round <= 4) ratio *= noise # calm later
    if (problem == "bn:1x5") ratio *= noise
    printf "{\"type\":\"machine\",\"schema\":1,\"date\":\"2026-01-01T00:%02d:%02dZ\",\"build\":{\"revision\":\"r\"}}\n",
        round / 60, round % 60
    time = new == "new" ? ratio : new == "norma-bench-slow" && problem ~ /^gn:/ ? 1.1 : 1
    printf "{\"type\":\"measurement\",\"schema\":1,\"problem\":\"%s\",\"operator\":\"bn\",\"implementation\":\"avx2\",",
        problem
    printf "\"threads\":1,\"cache\":\"hot\",\"status\":\"ok\",\"time\":{\"median\":%.9g,\"samples\":[%.9g]}}\n",
        time, time
    print "{\"type\":\"conditions\",\"interrupted\":false}"
}'
EOF
chmod +x "$work/made-up"
ln -s made-up "$work/base" && ln -s made-up "$work/new"
export bench
unset NORMA_REPORTS

# passes STATUS TEXT PROBLEM...: runs the gate with ten rounds, at most forty.
passes() {
    wanted=$1
    text=$2
    shift 2
    expect "$wanted" "$text" "$gate" --output "$work/gate" --rounds 10 --most-rounds 40 \
        --programs "$work/base" "$work/new" -- "$@"
}

# measured ROUNDS PROBLEM
measured() {
    for side in base new; do
        got=$(grep -c "\"problem\":\"$2\"" "$work/gate/$side.jsonl")
        [ "$got" -eq "$1" ] || fail "$2: $got rounds of $side, wanted $1"
    done
}

passes 0 'slower: 0, faster: 1, no difference larger than 5%: 1, inconclusive: 0' bn:1x1 bn:1x3
measured 10 bn:1x1
measured 10 bn:1x3
passes 1 'slower: 1, faster: 0' bn:1x1 bn:1x2
measured 10 bn:1x2

# What is told is not measured again, and what is not told is.
passes 0 'no difference larger than 5%: 2, inconclusive: 0' bn:1x1 bn:1x4
measured 10 bn:1x1
[ "$(grep -c bn:1x4 "$work/gate/new.jsonl")" -gt 10 ] || fail 'bn:1x4 was not measured again'
passes 3 'inconclusive: 5% cannot be told' bn:1x1 bn:1x5
measured 10 bn:1x1
measured 40 bn:1x5
has "$work/err" 'inconclusive kernels: 1 of 2' 'in 40 rounds not everything could be told'
passes 1 'slower: 1, faster: 0, no difference larger than 5%: 0, inconclusive: 1' bn:1x5 bn:1x2
measured 40 bn:1x5
measured 10 bn:1x2
passes 1 'Measuring 1 of 1' bn:1x6
has "$work/err" 'wrong result'

# The page has the same figures.
export NORMA_REPORTS="$work/reports"
passes 3 'up to round 40' bn:1x5
has "$work/reports/summary.md" 'inconclusive: 1.' '| inconclusive: 5% cannot be told here'

# The program of trials measures, whether or not this machine could tell that it is slower.
expect 0 '"status":"ok"' env NORMA_SLOW=gn "$slow" run --time 0.001 --threads 1 --impl portable gn:2x64x8x8 bn:2x3

# Trials of programs that a build is said to have made: all pass, and more of them than there are problems.
mkdir "$work/tools"
cat >"$work/tools/cmake" <<'EOF'
#!/bin/sh
echo '-- norma: made up'
while [ $# -gt 1 ]; do
    case $1 in
    -B | --build) mkdir -p "$2/bench" && ln -sf "$made_up" "$2/bench/norma-bench" && ln -sf "$made_up" "$2/bench/norma-bench-slow" ;;
    esac
    shift
done
EOF
chmod +x "$work/tools/cmake"
made_up=$work/made-up
export made_up
trials() {
    env PATH="$work/tools:$PATH" NORMA_NO_SETUP=1 "$gate" --trials 3 --rounds 20 --output "$work/trials" -- "$@"
}
expect 0 'trial 3: unchanged passed 3 of 3, all of it told in 3, slower found 3 of 3' trials gn:1x1 bn:1x1
expect_said 2 'trials make gn forward slower; name a problem of it' trials bn:1x1 gn:1x1:pass=bwd

# ---- command lines
expect 0 'most-rounds N' "$gate" --help
expect_said 2 'name a revision' "$gate"
expect_said 2 'name a revision' "$gate" -- bn:1x1
expect_said 2 "there is no revision 'no-such'" "$gate" no-such
expect_said 2 "there is no option '--bogus'" "$gate" --bogus
expect_said 2 '--rounds needs a value' "$gate" --rounds
expect_said 2 "--rounds: expected a number from 1, found '0'" "$gate" --rounds 0 HEAD
expect_said 2 "--threshold: expected percent, e.g. 5%, found 'much'" "$gate" --threshold much HEAD
expect_said 2 '--most-rounds 20 is less than --rounds 30' "$gate" --most-rounds 20 HEAD
expect_said 2 '--programs needs two programs' "$gate" --programs "$work/base"
expect_said 2 "there is no program '$work/none'" "$gate" --programs "$work/none" "$work/new"
expect_said 2 'do not go together' "$gate" --trials 2 --programs "$work/base" "$work/new"
expect_said 2 "no implementation 'avx3'" "$gate" --output "$work/gate" --programs "$bench" "$bench" -- --impl avx3 bn:1x1
expect_said 2 'come after --' "$gate" --programs "$work/base" "$work/new" bn:1x1
expect_said 2 'itself gives this option' "$gate" --programs "$work/base" "$work/new" -- --seed 3 bn:1x1

[ $failures -eq 0 ] && echo 'all fine'
exit $((failures > 0))
