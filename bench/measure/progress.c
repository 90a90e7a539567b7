/* The status line of a sweep.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/measure/progress.h"
#include "bench/measure/clock.h"
#include "verify/harness/tool/tool.h"

#include <stdio.h>

/* The smallest case takes as long as this many bytes more. */
static const double least_weight = 16 << 20;

double bench_progress_weight(double bytes) {
    return bytes + least_weight;
}

/* Writes "1 h 5 min", "4 min 10 s" or "12 s". */
static void print_duration(double seconds, char *text, size_t size) {
    long whole = (long)(seconds + 0.5);
    if (whole >= 3600) {
        snprintf(text, size, "%ld h %ld min", whole / 3600, whole % 3600 / 60);
    } else if (whole >= 60) {
        snprintf(text, size, "%ld min %ld s", whole / 60, whole % 60);
    } else {
        snprintf(text, size, "%ld s", whole);
    }
}

void bench_progress_show(const struct bench_progress *progress, const char *what) {
    char left[48] = "", line[200];
    if (progress->done_bytes > 0) {
        double elapsed = bench_now() - progress->started;
        double rest = progress->total_bytes - progress->done_bytes;
        char duration[32];
        print_duration(elapsed * rest / progress->done_bytes, duration, sizeof duration);
        snprintf(left, sizeof left, ", %s left", duration);
    }
    snprintf(line, sizeof line, "%zu/%zu%s: %.60s", progress->done, progress->total, left, what);
    tool_status_line(line);
}
