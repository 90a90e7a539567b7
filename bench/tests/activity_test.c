/* The signs of life of a sweep, on a terminal, on one that cannot move its cursor, and in a log.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE
#include "bench/run/activity.h"
#include "bench/tests/actors.h"
#include "verify/harness/tool/tool.h"

#include <criterion/criterion.h>
#include <poll.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { COLUMNS = 40 };

static int screen; /* what standard error writes is read here */
static char seen[10000];

static void open_terminal(const char *kind) {
    const struct winsize size = {.ws_row = 24, .ws_col = COLUMNS};
    int terminal;
    cr_assert_eq(openpty(&screen, &terminal, NULL, NULL, &size), 0);
    dup2(terminal, STDERR_FILENO);
    setenv("TERM", kind, 1);
}

static void open_log(void) {
    int ends[2];
    cr_assert_eq(pipe(ends), 0);
    dup2(ends[1], STDERR_FILENO);
    screen = ends[0];
}

/* Returns whether the text appears in so many milliseconds. */
static bool appears(const char *text, int milliseconds) {
    struct pollfd file = {.fd = screen, .events = POLLIN};
    size_t length = strlen(seen);
    while (!strstr(seen, text)) {
        if (poll(&file, 1, milliseconds) != 1) {
            return false;
        }
        const ssize_t got = read(screen, seen + length, sizeof seen - 1 - length);
        cr_assert_gt(got, 0);
        length += (size_t)got;
        seen[length] = '\0';
    }
    return true;
}

static struct bench_progress progress;
static struct bench_activity activity;

static void begin(void) {
    progress = (struct bench_progress){.total = 7, .started = bench_now()};
    activity = (struct bench_activity){.progress = &progress, .problem = "bn:1x1x9"};
    bench_activity_begin(&activity, "verifying");
}

/* A tick is due once a second. The wait is long, as the machine may be busy. */
enum { AT_ONCE = 100, LONG = 60000 };

Test(activity, is_shown_at_once_and_once_a_second) {
    open_terminal("xterm");
    begin();
    cr_expect(appears("\r\033[K0/7: bn:1x1x9: verifying", LONG), "%s", seen);
    bench_activity_turn(&activity, "avx2");
    actor_clock += 12;
    cr_expect(appears("0/7: bn:1x1x9: verifying avx2, 12 s", LONG), "%s", seen);
    bench_activity_end(&activity);
}

Test(activity, timing_is_shown_between_samples_once_a_second) {
    open_terminal("xterm");
    begin();
    bench_activity_end(&activity);
    bench_activity_show_timing(&activity, "avx2");
    cr_expect_not(appears("timing", AT_ONCE), "less than a second has passed");
    actor_clock += 1;
    bench_activity_show_timing(&activity, "avx2");
    cr_expect(appears("0/7: bn:1x1x9: timing avx2", LONG), "%s", seen);
}

Test(activity, a_line_is_never_longer_than_the_screen) {
    open_terminal("xterm");
    tool_status_line("0123456789012345678901234567890123456789 and more");
    tool_status_line(NULL);
    cr_expect(appears("678\r\033[K", LONG), "%s", seen);
}

Test(activity, a_dumb_terminal_gets_no_escape_sequences) {
    open_terminal("dumb");
    begin();
    bench_activity_end(&activity);
    tool_say("the end");
    cr_expect(appears("the end", LONG));
    cr_expect_not(strpbrk(seen, "\033"), "%s", seen);
    cr_expect_not(strstr(seen, "0/7"), "%s", seen);
}

Test(activity, a_log_gets_a_line_a_minute) {
    open_log();
    begin();
    bench_activity_end(&activity);
    for (int i = 0; i < 119; i++) {
        actor_clock += 1;
        bench_activity_show_timing(&activity, "avx2");
    }
    tool_say("the end");
    cr_expect(appears("the end", LONG));
    const char *line = strstr(seen, ": 0/7: bn:1x1x9: timing avx2\n");
    cr_assert(line, "%s", seen);
    cr_expect_not(strstr(line + strlen(": 0/7"), "0/7"), "%s", seen);
}
