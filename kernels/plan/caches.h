/* What norma must know of the machine that it runs on.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_PLAN_CACHES_H
#define KERNELS_PLAN_CACHES_H

#include <stdint.h>

struct norma_machine {
    int64_t l2;    /* bytes of a core's L2 cache */
    int64_t last;  /* bytes of the last-level cache, at most 16 MiB for each core: a virtual machine
                      sees the cache of a whole socket and has a few of its cores */
    char cpu[160]; /* what a profile is tied to, one line: processor and caches */
};

/* Looked up at the first call, the same for the life of the process. Never NULL. */
const struct norma_machine *norma_machine(void);

#endif
