#!/bin/sh
# A sweep over several hosts with nothing but ssh: host i of n measures shard i/n, all at once.
# Arguments after the hosts are those of norma-bench run without -o and --shard:
#
#   ssh.sh node1,node2,node3 --quick --shapes resnet50,vgg19-256
#   cat norma-*.jsonl >all.jsonl && norma-plot --report all.html all.jsonl
#
# Name a host once: two sweeps on one machine would measure each other. NORMA_BENCH is the program
# on the hosts, unless it is in their PATH. Status: 1 if a shard failed; what the others measured is
# written.
# SPDX-License-Identifier: Apache-2.0
set -eu

# Words as the shell on the other side reads them.
quoted() {
    for word in "$@"; do
        printf "'%s' " "$(printf '%s' "$word" | sed "s/'/'\\\\''/g")"
    done
}

hosts=$(echo "$1" | tr ',' ' ')
shift
shards=$(echo "$hosts" | wc -w)
shard=0
for host in $hosts; do
    shard=$((shard + 1))
    ssh -n "$host" "$(quoted "${NORMA_BENCH:-norma-bench}" run "$@" --shard "$shard/$shards")" \
        >"norma-$shard-$host.jsonl" &
    running="${running:-} $!"
done
status=0
for process in $running; do
    wait "$process" || status=1
done
exit "$status"
