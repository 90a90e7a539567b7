#!/bin/sh
# Runs the examples of sweeps over several machines on this one. The shards together are the whole sweep,
# and their files one after the other are a results file. Neither Slurm nor a host for ssh is needed, as
# this test does for the examples what they do.
# Usage: shards_test.sh NORMA-BENCH NORMA-PLOT
# SPDX-License-Identifier: Apache-2.0
examples=$(cd "$(dirname "$0")/../examples" && pwd) || exit 1
export NORMA_BENCH="$1"
plot=$2
. "$(dirname "$0")/../../ci/tests.sh"

# The names have blanks and a quote, which a shell on the way may split.
mkdir "$work/a folder"
printf '4@3x3\n8@5x5\n16@7\n' >"$work/a folder/it's small.txt"
set -- --shapes "$work/a folder/it's small.txt" --operators bn,in,gn --micro-batches 1,2 \
    --impl portable --threads 1 --time 0.001 --min-samples 1

# keys FILE...: prints the keys of all measurements, sorted; repeated ones are repeated.
keys() {
    cat "$@" | sed -n 's/.*"type":"measurement".*"problem":"\([^"]*\)".*"implementation":"\([^"]*\)".*"threads":\([0-9]*\),.*/\1 \2 \3/p' |
        sort
}

# expect_whole NAME FILE...: checks that the shards that an example made are the whole sweep.
expect_whole() {
    name=$1
    shift
    cat "$@" >"$work/all.jsonl"
    keys "$work/all.jsonl" >"$work/keys"
    cmp -s "$work/keys" "$work/whole" || fail "$name: the shards are not the whole"
    if command -v gnuplot >/dev/null 2>&1; then
        "$plot" --format svg -o "$work/plots" --report "$work/report.html" "$work/all.jsonl" >"$work/out" 2>&1 ||
            { fail "$name: norma-plot does not take the shards"; head -5 "$work/out"; }
    else
        echo "skipped: gnuplot is not here, $name's file is not plotted"
    fi
}

"$NORMA_BENCH" run "$@" -o "$work/whole.jsonl" 2>/dev/null || fail 'the whole sweep'
keys "$work/whole.jsonl" >"$work/whole"
[ "$(wc -l <"$work/whole")" -ge 18 ] || fail 'the whole is too small to be cut'

# ---- Slurm: a task of the array is told its number, and how many there are
mkdir "$work/slurm" && cd "$work/slurm" || exit 1
for task in 4 5 6; do
    SLURM_ARRAY_TASK_ID=$task SLURM_ARRAY_TASK_MIN=4 SLURM_ARRAY_TASK_COUNT=3 \
        sh "$examples/slurm.sbatch" "$@" >/dev/null 2>&1 || fail "Slurm's task $task"
done
expect_whole Slurm norma-*.jsonl
[ "$(ls | wc -l)" -eq 3 ] || fail 'Slurm: there is not one file for each task'
SLURM_ARRAY_TASK_ID=5 SLURM_ARRAY_TASK_MIN=4 SLURM_ARRAY_TASK_COUNT=3 \
    sh "$examples/slurm.sbatch" "$@" >/dev/null 2>&1 || fail "Slurm's task that is queued again"
expect_whole 'Slurm, again' norma-*.jsonl

# ---- ssh: a made-up host that runs the command in its shell. A server always sets SHELL, which GNU
# parallel's worker on the host runs; a CI job may have none.
mkdir "$work/bin" "$work/ssh" && cd "$work/ssh" || exit 1
cat >"$work/bin/ssh" <<'HOST'
#!/bin/sh
[ "$1" = -n ] && shift
[ "$1" = broken ] && exit 255
shift
[ "$1" = -- ] && shift
SHELL=/bin/sh exec sh -c "$*"
HOST
chmod +x "$work/bin/ssh"
PATH="$work/bin:$PATH" sh "$examples/ssh.sh" one,two,three "$@" 2>/dev/null || fail 'ssh'
expect_whole ssh norma-*.jsonl
PATH="$work/bin:$PATH" sh "$examples/ssh.sh" one,broken "$@" >/dev/null 2>&1
[ $? -eq 1 ] || fail 'ssh: a host that fails is not noticed'

# ---- GNU parallel, here and on hosts
if parallel --version 2>/dev/null | grep -q '^GNU parallel'; then
    cd "$work" || exit 1
    export PARALLEL_HOME="$work"
    NORMA_SHARDS=3 sh "$examples/parallel.sh" : "$@" >"$work/local.jsonl" 2>/dev/null ||
        fail 'parallel, on this machine'
    expect_whole parallel "$work/local.jsonl"
    PATH="$work/bin:$PATH" sh "$examples/parallel.sh" one,two "$@" >"$work/hosts.jsonl" 2>"$work/err" ||
        { fail 'parallel, on hosts'; head -5 "$work/err"; }
    expect_whole 'parallel, on hosts' "$work/hosts.jsonl"
else
    echo 'skipped: GNU parallel is not here'
fi

[ "$failures" -eq 0 ] && echo 'all fine'
[ "$failures" -eq 0 ]
