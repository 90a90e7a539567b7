#!/bin/sh
# Programs work in surroundings without what most machines have, in containers without /sys and in jobs
# without a home, and only the programs themselves write to standard error.
# Usage: surroundings_test.sh NORMA-BENCH NORMA-VERIFY
# SPDX-License-Identifier: Apache-2.0
bench=$1 verify=$2
. "$(dirname "$0")/../../ci/tests.sh"
fast="--time 0.001 --min-samples 1 --threads 1 --impl portable"
unset HWLOC_HIDE_ERRORS

# expect_own_words HOW: every line on standard error begins with the name of its program.
expect_own_words() {
    grep -v '^norma-' "$work/err" >"$work/foreign" && fail "$1, there are foreign messages: $(cat "$work/foreign")"
}

# expect_all HOW COMMAND...: runs every program behind a command that takes something away.
expect_all() {
    how=$1
    shift
    expect 0 '# 1 passed' "$@" "$verify" --impl portable in:1x2x3
    [ -s "$work/err" ] && fail "$how, norma-verify writes: $(cat "$work/err")"
    expect 0 'Topology' "$@" "$bench" machine --facts
    expect_own_words "$how"
    expect 0 '"status":"ok"' "$@" "$bench" run $fast bn:1x2
    expect_own_words "$how"
    expect 0 'by rows: ' "$@" "$bench" explain --impl portable --threads 1 --plan-only ln:8x16
    expect_own_words "$how"
}

without_sys() {
    unshare --map-root-user --mount sh -c 'mount -t tmpfs none /sys && exec "$@"' sh "$@"
}

if without_sys true 2>/dev/null; then
    expect_all 'without /sys' without_sys
else
    echo 'skipped: /sys cannot be hidden here'
fi

# OpenMP's environment may allow fewer threads than are asked for. Nothing is said to be of more threads than ran.
for limit in OMP_THREAD_LIMIT=1 OMP_MAX_ACTIVE_LEVELS=0; do
    for command in "$bench run $fast --threads 2 bn:1x2" "$bench machine --facts --threads 2" \
        "$bench tune --quick --time 0.001 --threads 2" "$bench explain --plan-only --threads 2 bn:1x2" \
        "$verify --threads 2 in:1x2x3"; do
        expect_said 2 '--threads 2: OpenMP gives at most 1' env "$limit" $command
    done
    expect 0 '"threads":1' env "$limit" "$bench" run --time 0.001 --min-samples 1 --impl portable bn:1x2
    grep measurement "$work/out" | grep -q '"threads":[2-9]' && fail "$limit: more threads than there are"
done
# The system may not let threads start, and OpenMP would end the program. Stacks that fill the address space
# stand for a limit.
if [ "$(nproc)" -ge 2 ]; then
    expect_said 2 '--threads 2: the system lets only 1 be started' \
        env OMP_STACKSIZE=65536G "$bench" run $fast --threads 2 bn:1x2
fi
if lacks_only_threads "$bench"; then
    expect 0 '"threads":1' env OMP_STACKSIZE=65536G "$bench" run --time 0.001 --min-samples 1 --impl portable bn:1x2
    grep measurement "$work/out" | grep -q '"threads":[2-9]' && fail "more threads than can be started"
fi
for command in "run $fast bn:1x2" 'machine --facts' 'tune --quick' 'explain --plan-only bn:1x2'; do
    expect_said 2 '--cpus none: a list of numbers is expected' "$bench" $command --cpus none
done
# With OMP_DYNAMIC, GNU's OpenMP chooses with floating-point arithmetic, which traps where norma-verify lets it.
expect 0 '# 1 passed' env OMP_DYNAMIC=true "$verify" --impl portable --threads 2 in:1x2x3

# hwloc may find hardware threads and no cores, or not those that this process may use.
last=$(tail -n 1 /sys/devices/system/cpu/online 2>/dev/null | sed 's/.*[-,]//')
for how in 'no cores' 'hwloc does not know'; do
    case $how in
    no*) surroundings='HWLOC_THISSYSTEM=1 HWLOC_SYNTHETIC=pu:512' ;;
    *) surroundings="HWLOC_THISSYSTEM=1 HWLOC_SYNTHETIC=pu:1 taskset -c ${last:-0}" ;;
    esac
    if [ "$how" != 'no cores' ] && ! { [ "${last:-0}" -gt 0 ] && taskset -c "$last" true 2>/dev/null; }; then
        echo 'skipped: there is no second processor that this process may use'
        continue
    fi
    expect_said 0 "$how" env $surroundings "$bench" machine --facts
    has "$work/out" 'cores not known'
    expect_said 0 "$how" env $surroundings "$bench" run $fast bn:1x2
    has "$work/out" '"status":"ok"'
    expect_said 0 "$how" env $surroundings "$bench" explain --impl portable --threads 1 --plan-only ln:8x16
done

# Without a home there is no folder for the user's profile.
unset NORMA_PROFILE
expect_all 'without a home' env -u HOME -u XDG_CONFIG_HOME
expect_said 2 'HOME is not set' env -u HOME -u XDG_CONFIG_HOME "$bench" tune --quick --time 0.001 --threads 1 --max-memory 8M

[ "$failures" -eq 0 ] && echo 'all fine'
exit $((failures > 0))
