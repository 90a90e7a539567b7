/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/truth/data_kinds.h"

const char *verify_data_name(enum verify_data data) {
    static const char *const names[VERIFY_DATA_COUNT] = {
        [VERIFY_DATA_NORMAL] = "normal",     [VERIFY_DATA_LARGE_MEAN] = "large-mean",
        [VERIFY_DATA_CONSTANT] = "constant", [VERIFY_DATA_DEFAULTS] = "defaults",
        [VERIFY_DATA_TINY] = "tiny",         [VERIFY_DATA_HUGE] = "huge",
        [VERIFY_DATA_OUTLIER] = "outlier",   [VERIFY_DATA_IMAGE] = "image",
    };
    return data < VERIFY_DATA_COUNT ? names[data] : NULL;
}

bool verify_data_suits(enum verify_data data, const struct norma_problem *problem) {
    enum { LEAST = 7 }; /* pixels either way: a smaller picture may have a single colour */
    return data != VERIFY_DATA_IMAGE ||
           (problem->spatial_rank == 2 && problem->spatial[0] >= LEAST &&
            problem->spatial[1] >= LEAST);
}
