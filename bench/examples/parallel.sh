#!/bin/sh
# A sweep over several hosts with GNU parallel, one shard after the other on each: two at once on
# one machine would measure each other. `:` is this machine. Arguments after the hosts are those of
# norma-bench run without -o and --shard:
#
#   parallel.sh node1,node2,node3 --quick --shapes resnet50,vgg19-256 >all.jsonl
#   norma-plot --report all.html all.jsonl
#
# A fast host takes more shards: there are NORMA_SHARDS of them (default: two for each host).
# NORMA_BENCH is the program on the hosts, unless it is in their PATH. Status: 0 fine, else how many
# shards failed; what the others measured is written.
# SPDX-License-Identifier: Apache-2.0
set -eu

hosts=$1
shift
count=$(echo "$hosts" | tr ',' '\n' | grep -c .)
shards=${NORMA_SHARDS:-$((2 * count))}
# A shard's output comes in one piece, when it is complete.
exec parallel --jobs 1 --sshlogin "$hosts" --quote \
    "${NORMA_BENCH:-norma-bench}" run "$@" --shard "{}/$shards" ::: $(seq "$shards")
