/* Files that one process at a time writes, also where a file system cannot lock, and where writers
 * rename, remove and die.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE
#include "bench/results/results_file.h"
#include "bench/results/sole_writer.h"
#include "bench/tests/files.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

static int lock_fails_with; /* 0: it does not fail */

/* Replaces the function of the C library. */
int flock(int file, int operation) {
    errno = lock_fails_with;
    return lock_fails_with ? -1 : (int)syscall(SYS_flock, file, operation);
}

static struct tool_message error;

TestSuite(sole_writer, .init = make_folder, .fini = remove_folder);

static int open_file(void) {
    return bench_open_as_sole_writer(test_path, &error);
}

Test(sole_writer, a_second_is_refused) {
    const int first = open_file();
    cr_assert_geq(first, 0, "%s", error.text);
    cr_expect_lt(open_file(), 0);
    cr_expect(strstr(error.text, "another process writes"), "%s", error.text);
    close(first);
    cr_expect_geq(open_file(), 0, "%s", error.text);
}

/* As --resume and a run without it are. */
Test(sole_writer, results_are_refused_before_they_are_touched) {
    struct bench_results results;
    write_text("not norma's\n");
    cr_assert_geq(open_file(), 0);
    cr_expect_not(bench_results_create(&results, test_path, &error));
    cr_expect(strstr(error.text, "another process writes"), "%s", error.text);
    cr_expect_not(bench_results_resume(&results, test_path, NULL, &error));
    cr_expect(strstr(error.text, "another process writes"), "%s", error.text);
}

Test(sole_writer, the_lock_follows_a_file_that_is_renamed) {
    char other[80];
    snprintf(other, sizeof other, "%s.old", test_path);
    cr_assert_geq(open_file(), 0);
    cr_assert_eq(rename(test_path, other), 0);
    cr_expect_geq(open_file(), 0, "a new file of the name is free: %s", error.text);
    cr_expect_lt(bench_open_as_sole_writer(other, &error), 0);
    unlink(other);
}

Test(sole_writer, a_file_that_was_removed_is_not_written) {
    struct bench_results results;
    cr_assert(bench_results_create(&results, test_path, &error));
    cr_expect(bench_results_write(&results, json_object(), &error));
    unlink(test_path);
    cr_expect_not(bench_results_write(&results, json_object(), &error));
    cr_expect(strstr(error.text, "was removed"), "%s", error.text);
    bench_results_close(&results, &error);
}

Test(sole_writer, a_file_that_was_emptied_is_not_written) {
    struct bench_results results;
    cr_assert(bench_results_create(&results, test_path, &error));
    cr_expect(bench_results_write(&results, json_object(), &error));
    cr_assert_eq(truncate(test_path, 0), 0);
    cr_expect_not(bench_results_write(&results, json_object(), &error));
    cr_expect(strstr(error.text, "emptied or cut off"), "%s", error.text);
    bench_results_close(&results, &error);
}

Test(sole_writer, devices_and_pipes_are_not_locked) {
    cr_assert_geq(bench_open_as_sole_writer("/dev/null", &error), 0);
    cr_expect_geq(bench_open_as_sole_writer("/dev/null", &error), 0, "%s", error.text);
    cr_assert_eq(mkfifo(test_path, 0600), 0);
    cr_assert_geq(open(test_path, O_RDONLY | O_NONBLOCK), 0);
    cr_expect_geq(open_file(), 0);
    cr_expect_geq(open_file(), 0, "%s", error.text);
}

Test(sole_writer, programs_that_are_started_do_not_keep_the_lock) {
    const int file = open_file();
    cr_expect(fcntl(file, F_GETFD) & FD_CLOEXEC);
}

Test(sole_writer, where_nothing_can_be_locked_this_is_said) {
    char line[200] = "";
    int ends[2];
    cr_assert_eq(pipe(ends), 0);
    dup2(ends[1], STDERR_FILENO);
    lock_fails_with = ENOLCK;
    cr_expect_geq(open_file(), 0, "%s", error.text);
    cr_assert_gt(read(ends[0], line, sizeof line - 1), 0);
    cr_expect(strstr(line, "cannot be locked (No locks available)"), "%s", line);
}

/* ---- a worker ------------------------------------------------------------------------------- */

enum { LONG = 20 }; /* seconds: far more than a writer waits for another */

static void wait_long(void *context, int pipe) {
    (void)context, (void)pipe;
    alarm(LONG);
    write_text("the worker runs\n");
    for (;;) {
        pause();
    }
}

static _Noreturn void supervise(void) {
    const struct tool_job job = {.work = wait_long};
    struct tool_ending ending;
    if (open_file() >= 0) {
        tool_worker_run(&job, &ending);
    }
    _exit(1);
}

static bool is_empty(void) {
    struct stat status;
    return stat(test_path, &status) != 0 || status.st_size == 0;
}

/* The worker shares the lock, and would go on for long. */
Test(sole_writer, a_killed_process_leaves_neither_worker_nor_lock, .timeout = 60) {
    const pid_t child = fork();
    if (child == 0) {
        supervise();
    }
    while (is_empty()) {
        usleep(1000);
    }
    cr_expect_lt(open_file(), 0, "it is locked");
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    cr_expect_geq(open_file(), 0, "%s", error.text);
}
