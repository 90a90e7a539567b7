/* SPDX-License-Identifier: Apache-2.0 */
#include "plots/figures/agreement.h"

#include <string.h>

static size_t machine_of(const struct plot_view *view, const struct plot_digest *digest) {
    return view->results->runs[digest->run].machine_index;
}

static bool same_problems(const struct plot_digest *a, const struct plot_digest *b) {
    return a->problems == b->problems && a->seed == b->seed && strcmp(a->level, b->level) == 0;
}

bool plot_digests_differ(const struct plot_digest *a, const struct plot_digest *b) {
    return same_problems(a, b) && strcmp(a->digest, b->digest) != 0;
}

const struct plot_digest *plot_machine_digest(const struct plot_view *view, size_t machine) {
    const struct plot_digest *last = NULL;
    for (size_t i = 0; i < view->results->digest_count; i++) {
        if (machine_of(view, &view->results->digests[i]) == machine) {
            last = &view->results->digests[i];
        }
    }
    return last;
}

/* Compares also digests of one machine, where the same build must give the same bits twice. */
static bool any_differ(const struct plot_view *view) {
    const struct plot_digest *digests = view->results->digests;
    for (size_t i = 1; i < view->results->digest_count; i++) {
        for (size_t k = 0; k < i; k++) {
            if (plot_digests_differ(&digests[i], &digests[k])) {
                return true;
            }
        }
    }
    return false;
}

/* Returns the largest number of machines that have a digest of the same problems. */
static size_t most_comparable(const struct plot_view *view) {
    size_t most = 0;
    for (size_t i = 0; i < view->results->digest_count; i++) {
        size_t machines = 0;
        for (size_t m = 0; m < view->machine_count; m++) {
            bool comparable = false;
            for (size_t k = 0; k < view->results->digest_count; k++) {
                const struct plot_digest *other = &view->results->digests[k];
                comparable = comparable || (machine_of(view, other) == m &&
                                            same_problems(&view->results->digests[i], other));
            }
            machines += comparable;
        }
        most = machines > most ? machines : most;
    }
    return most;
}

enum plot_agreement plot_agreement_of(const struct plot_view *view) {
    size_t having = 0;
    for (size_t m = 0; m < view->machine_count; m++) {
        having += plot_machine_digest(view, m) != NULL;
    }
    if (having == 0) {
        return PLOT_NO_DIGEST;
    }
    if (any_differ(view)) {
        return PLOT_DIFFER;
    }
    size_t most = most_comparable(view);
    return having == 1                   ? PLOT_ONE_DIGEST
           : most == view->machine_count ? PLOT_AGREE
           : most > 1                    ? PLOT_AGREE_IN_PART
                                         : PLOT_NOT_COMPARABLE;
}
