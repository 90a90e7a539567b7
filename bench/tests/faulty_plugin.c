/* Plug-ins for plugin_test.sh that are wrong, each in the way that FAULT names.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <norma_set.h>

#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#define NONE          0
#define ABI           1
#define NO_SYMBOL     2
#define NO_OVERRIDE   3
#define NULL_FUNCTION 4
#define BAD_NAME      5
#define TAKEN_NAME    6
#define NO_BASE       7
#define LOAD_CRASHES  8
#define LOAD_HANGS    9
#define CRASHES       10
#define HANGS         11
#define EXITS         12
#define WRONG         13
#define OTHER_BITS    14
#define IS(fault)     (FAULT == (fault))

static void (*base_apply)(const struct norma_apply *work);

/* Volatile, so that their values are unknown at compile time: a compiler could otherwise drop what
 * follows. */
static volatile int always = 1;
static float *volatile nowhere;

static void faulty_apply(const struct norma_apply *work) {
    float *y = work->y;
    while (IS(HANGS) && always) {
        sleep(1); /* leaves the processor to tests that run at the same time */
    }
    if (IS(CRASHES)) {
        *nowhere = 1;
    }
    if (IS(EXITS)) {
        exit(3);
    }
    base_apply(work);
    if (IS(WRONG)) {
        y[0] += 1;
    }
    for (int64_t i = 0; IS(OTHER_BITS) && i < work->spans * work->length; i++) {
        y[i] = y[i] > 0 && y[i] < 0.5f ? nextafterf(y[i], 0) : y[i]; /* in every tiling */
    }
}

static void faulty_override(struct norma_set *set) {
    base_apply = set->apply;
    while (IS(LOAD_HANGS) && always) {
    }
    if (IS(LOAD_CRASHES)) {
        *nowhere = 1;
    }
    set->apply = IS(NULL_FUNCTION) ? NULL : faulty_apply;
}

#if !IS(NO_SYMBOL)
const struct norma_plugin norma_plugin = {
    IS(ABI) ? NORMA_SET_ABI + 1 : NORMA_SET_ABI,
    IS(BAD_NAME)     ? "-idea,"
    : IS(TAKEN_NAME) ? "portable"
                     : "faulty",
    IS(NO_BASE) ? "avx3" : "portable",
    IS(NO_OVERRIDE) ? NULL : faulty_override,
};
#else
const int something_else = NORMA_SET_ABI;
void (*const unused)(struct norma_set *set) = faulty_override;
#endif
