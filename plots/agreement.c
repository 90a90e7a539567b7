/* Comparing digests.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "agreement.h"

#include <string.h>

static size_t machine_of(const struct norma_view *view, const struct norma_digest *digest) {
    return view->results->runs[digest->run].machine_index;
}

static bool same_problems(const struct norma_digest *a, const struct norma_digest *b) {
    return a->problems == b->problems && a->seed == b->seed && strcmp(a->level, b->level) == 0;
}

bool norma_digests_differ(const struct norma_digest *a, const struct norma_digest *b) {
    return same_problems(a, b) && strcmp(a->digest, b->digest) != 0;
}

const struct norma_digest *norma_machine_digest(const struct norma_view *view, size_t machine) {
    const struct norma_digest *last = NULL;
    for (size_t i = 0; i < view->results->digest_count; ++i) {
        if (machine_of(view, &view->results->digests[i]) == machine) {
            last = &view->results->digests[i];
        }
    }
    return last;
}

/* Also two of one machine: the same build must give the same bits twice. */
static bool any_differ(const struct norma_view *view) {
    const struct norma_digest *digests = view->results->digests;
    for (size_t i = 1; i < view->results->digest_count; ++i) {
        for (size_t k = 0; k < i; ++k) {
            if (norma_digests_differ(&digests[i], &digests[k])) {
                return true;
            }
        }
    }
    return false;
}

/* The most machines with a digest of the same problems. */
static size_t most_comparable(const struct norma_view *view) {
    size_t most = 0;
    for (size_t i = 0; i < view->results->digest_count; ++i) {
        size_t machines = 0;
        for (size_t m = 0; m < view->machine_count; ++m) {
            bool comparable = false;
            for (size_t k = 0; k < view->results->digest_count; ++k) {
                const struct norma_digest *other = &view->results->digests[k];
                comparable = comparable || (machine_of(view, other) == m &&
                                            same_problems(&view->results->digests[i], other));
            }
            machines += comparable;
        }
        most = machines > most ? machines : most;
    }
    return most;
}

enum norma_agreement norma_agreement(const struct norma_view *view) {
    size_t having = 0;
    for (size_t m = 0; m < view->machine_count; ++m) {
        having += norma_machine_digest(view, m) != NULL;
    }
    if (having == 0) {
        return NORMA_NO_DIGEST;
    }
    if (any_differ(view)) {
        return NORMA_DIFFER;
    }
    size_t most = most_comparable(view);
    return having == 1                   ? NORMA_ONE_DIGEST
           : most == view->machine_count ? NORMA_AGREE
           : most > 1                    ? NORMA_AGREE_IN_PART
                                         : NORMA_NOT_COMPARABLE;
}
