/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/checks/fewer_threads.h"

#include <omp.h>

#include "verify/checks/controls.h"

void verify_team_set_controls(int threads, uint64_t controls) {
#pragma omp parallel num_threads(threads)
    verify_controls_set(controls);
}

int verify_team_find_other(int threads, uint64_t controls) {
    int first = threads;
#pragma omp parallel num_threads(threads) reduction(min : first)
    first = verify_controls() == controls ? threads : omp_get_thread_num();
    return first == threads ? -1 : first;
}

int verify_team_set_default(int threads) {
    const int before = omp_get_max_threads();
    omp_set_num_threads(threads);
    return before;
}

void verify_team_limit(int limit, verify_team_work *work, void *context) {
#pragma omp teams num_teams(1) thread_limit(limit)
    work(context);
}

void verify_team_nest(verify_team_work *work, void *context) {
    const int levels = omp_get_max_active_levels();
    omp_set_max_active_levels(1);
#pragma omp parallel num_threads(2)
    {
        if (omp_get_thread_num() == omp_get_num_threads() - 1) {
            work(context);
        }
    }
    omp_set_max_active_levels(levels);
}
