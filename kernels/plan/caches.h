/* The caches and the processor of the machine.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_PLAN_CACHES_H
#define KERNELS_PLAN_CACHES_H

#include <norma_tools.h>
#include <stdbool.h>

struct norma_machine {
    int64_t l2;    /* bytes of a core's L2 cache */
    int64_t last;  /* bytes of the last-level cache, at most 8 MiB for each core: a virtual machine
                      sees the cache of a whole socket but has only a few of its cores */
    bool is_amd;   /* the processor is AMD's: its caches have defaults of their own */
    char cpu[160]; /* processor and caches in one line, which a profile is tied to */
};

/* Returns the machine, never NULL. It is looked up at the first call and then stays the same for
 * the life of the process. */
const struct norma_machine *norma_this_machine(void);

/* Returns the class of a tensor of so many bytes, x and y together. */
norma_size_class norma_size_class_of(int64_t bytes);

#endif
