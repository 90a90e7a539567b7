/* How much of a core's time a program gets.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/machine/noise.h"
#include "bench/machine/conditions.h"
#include "bench/measure/measure.h"
#include "verify/harness/tool/tool.h"

/* Longer than any look at the clock, shorter than what the system does between two programs. */
static const double least_gap = 10e-6;

struct gaps {
    double seconds, lost, worst;
    json_int_t count;
};

static struct gaps spin(double seconds) {
    struct gaps gaps = {0};
    const double start = bench_now();
    double last = start;
    while (last - start < seconds && !tool_interrupted()) {
        const double now = bench_now(), gap = now - last;
        if (gap > least_gap) {
            gaps.lost += gap;
            gaps.count++;
        }
        gaps.worst = gap > gaps.worst ? gap : gaps.worst;
        last = now;
    }
    gaps.seconds = last - start;
    return gaps;
}

json_t *bench_noise_record(double seconds) {
    const struct bench_disturbance before = bench_disturbance_now();
    const struct gaps gaps = spin(seconds);
    const struct bench_disturbance during = bench_disturbance_since(&before);
    return json_pack("{s:f, s:f, s:I, s:f, s:f, s:I}", "seconds", gaps.seconds, "worst_gap",
                     gaps.worst, "gaps", gaps.count, "lost_share",
                     gaps.seconds > 0 ? gaps.lost / gaps.seconds : 0.0, "steal_share",
                     during.total > 0 ? during.steal / during.total : 0.0, "involuntary_switches",
                     (json_int_t)during.switches);
}
