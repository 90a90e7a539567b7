/* The status line of a sweep.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/measure/progress.h"
#include "bench/measure/clock.h"
#include "verify/harness/tool/tool.h"

#include <stdio.h>
#include <unistd.h>

/* The smallest case takes as long as this many bytes more. */
static const double least_weight = 16 << 20;

static const double seconds_between_lines = 60;

double bench_progress_weight(double bytes) {
    return bytes + least_weight;
}

void bench_duration_print(double seconds, char *text, size_t size) {
    long whole = (long)(seconds + 0.5);
    if (whole >= 3600) {
        snprintf(text, size, "%ld h %ld min", whole / 3600, whole % 3600 / 60);
    } else if (whole >= 60) {
        snprintf(text, size, "%ld min %ld s", whole / 60, whole % 60);
    } else {
        snprintf(text, size, "%ld s", whole);
    }
}

static void print_line(const struct bench_progress *progress, const char *what, char *line,
                       size_t size) {
    char left[48] = "";
    if (progress->done_bytes > 0) {
        double elapsed = bench_now() - progress->started;
        double rest = progress->total_bytes - progress->done_bytes;
        char duration[32];
        bench_duration_print(elapsed * rest / progress->done_bytes, duration, sizeof duration);
        snprintf(left, sizeof left, ", %s left", duration);
    }
    snprintf(line, size, "%zu/%zu%s: %.120s", progress->done, progress->total, left, what);
}

void bench_progress_show(struct bench_progress *progress, const char *what) {
    char line[200];
    print_line(progress, what, line, sizeof line);
    tool_status_line(line);
    const double before = progress->said > 0 ? progress->said : progress->started;
    if (!tool_moves_cursor(STDERR_FILENO) && bench_now() - before >= seconds_between_lines) {
        progress->said = bench_now();
        tool_say("%s", line);
    }
}
