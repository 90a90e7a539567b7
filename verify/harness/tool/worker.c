/* SPDX-License-Identifier: Apache-2.0 */
#define _DEFAULT_SOURCE
#include "verify/harness/tool/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- memory ---------------------------------------------------------------------------------- */

void *tool_worker_memory(size_t bytes) {
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

void tool_worker_memory_release(void *memory, size_t bytes) {
    if (memory) {
        munmap(memory, bytes);
    }
}

/* ---- endings --------------------------------------------------------------------------------- */

const char *tool_signal_name(int signal_number) {
    static const struct {
        int number;
        const char *name;
    } names[] = {
        {SIGSEGV, "SIGSEGV"}, {SIGBUS, "SIGBUS"},   {SIGILL, "SIGILL"},   {SIGFPE, "SIGFPE"},
        {SIGABRT, "SIGABRT"}, {SIGTRAP, "SIGTRAP"}, {SIGALRM, "SIGALRM"}, {SIGKILL, "SIGKILL"},
        {SIGSYS, "SIGSYS"},   {SIGPIPE, "SIGPIPE"}, {SIGINT, "SIGINT"},   {SIGTERM, "SIGTERM"},
        {SIGHUP, "SIGHUP"},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (names[i].number == signal_number) {
            return names[i].name;
        }
    }
    return "a signal";
}

bool tool_may_be_misaligned(int signal_number, int code) {
    return (signal_number == SIGSEGV && code == SI_KERNEL) ||
           (signal_number == SIGBUS && code == BUS_ADRALN);
}

void tool_ending_print(const struct tool_ending *ending, char *text, size_t size) {
    if (ending->has_address) {
        snprintf(text, size, "%s at 0x%llx", tool_signal_name(ending->signal),
                 (unsigned long long)ending->address);
    } else if (ending->signal == SIGKILL) {
        snprintf(text, size, "SIGKILL from outside, perhaps from the system for lack of memory");
    } else if (ending->signal != 0) {
        snprintf(text, size, "%s", tool_signal_name(ending->signal));
    } else {
        snprintf(text, size, "exit with status %d", ending->status);
    }
}

/* ---- in the worker --------------------------------------------------------------------------- */

static struct tool_ending *last_words; /* shared by the worker and its parent */

/* Notes the address of a fault, then lets the signal take its course. A signal that another process
 * sent has no address. */
static void note_fault(int signal_number, siginfo_t *info, void *context) {
    (void)context;
    last_words->misaligned = tool_may_be_misaligned(signal_number, info->si_code);
    last_words->has_address =
        info->si_code > 0 && signal_number != SIGABRT && !last_words->misaligned;
    last_words->address = (uintptr_t)info->si_addr;
    signal(signal_number, SIG_DFL);
    raise(signal_number);
}

static void watch_faults(void) {
    static const int faults[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE};
    struct sigaction action = {.sa_sigaction = note_fault, .sa_flags = SA_SIGINFO};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        sigaction(faults[i], &action, NULL);
    }
}

/* A time limit is so many ticks of a timer. A process that is stopped gets all that it missed as a
 * single one. alarm() alone would end it when it is continued, and a handler of SIGCONT that begins
 * the time anew would not help one that is frozen, which gets no such signal. */
enum { TICKS = 8 };

static volatile sig_atomic_t ticks_left;

static void count_tick(int signal_number) {
    if (ticks_left > 1) {
        ticks_left--;
        return;
    }
    signal(signal_number, SIG_DFL);
    raise(signal_number);
}

void tool_worker_time_limit(unsigned seconds) {
    const int64_t microseconds = (int64_t)seconds * 1000000 / TICKS;
    const struct timeval tick = {.tv_sec = (time_t)(microseconds / 1000000),
                                 .tv_usec = (suseconds_t)(microseconds % 1000000)};
    ticks_left = TICKS;
    setitimer(ITIMER_REAL, &(struct itimerval){.it_interval = tick, .it_value = tick}, NULL);
}

/* Leaves interrupts to the parent, which ends the worker: that is never taken for a crash. */
static void leave_interrupts(void) {
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    signal(SIGALRM, count_tick);
}

/* Ends the worker as soon as its parent ends, even by SIGKILL: nobody looks at its results any
 * more, while it may run for minutes and holds the parent's locks. Elsewhere than on Linux it ends
 * with the next record that it sends. */
static void end_with_parent(pid_t parent) {
#ifdef __linux__
    prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
    if (getppid() != parent) {
        _exit(1); /* the parent ended before that */
    }
}

static _Noreturn void work(const struct tool_job *job, int pipe) {
    const struct rlimit no_core = {0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    leave_interrupts();
    watch_faults();
    job->work(job->context, pipe);
    last_words->finished = true;
    tool_worker_time_limit(0);
    exit(EXIT_SUCCESS); /* not _exit: sanitizers look for leaks, and coverage is written */
}

void tool_worker_send(int pipe, const void *record, size_t size) {
    const char *bytes = record;
    while (size > 0) {
        const ssize_t written = write(pipe, bytes, size);
        if (written < 0 && errno != EINTR) {
            _exit(1);
        }
        bytes += written > 0 ? written : 0;
        size -= written > 0 ? (size_t)written : 0;
    }
}

/* ---- ending it ------------------------------------------------------------------------------- */

static volatile sig_atomic_t current; /* the worker that runs; 0: none */
static volatile sig_atomic_t unwanted;

void tool_worker_end(void) {
    unwanted = true;
    if (current > 0) {
        kill((pid_t)current, SIGKILL);
    }
}

/* ---- in the parent --------------------------------------------------------------------------- */

/* Returns false if the worker ended; a record that it had begun to send is dropped. */
static bool read_record(int pipe, char *record, size_t size) {
    size_t got = 0;
    while (got < size) {
        const ssize_t count = read(pipe, record + got, size - got);
        if (count == 0 || (count < 0 && errno != EINTR)) {
            return false;
        }
        got += count > 0 ? (size_t)count : 0;
    }
    return true;
}

static void receive_all(const struct tool_job *job, int pipe, pid_t child) {
    while (job->receive && read_record(pipe, job->record, job->record_size)) {
        if (!job->receive(job->context)) {
            kill(child, SIGKILL);
            return;
        }
    }
}

/* Waits for the end. The process is reaped only after `current` is cleared: until then its number
 * cannot belong to another process, so that tool_worker_end may send it a signal. */
static void wait_for_end(pid_t child) {
    siginfo_t info;
    int status = 0;
    while (waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT) != 0 && errno == EINTR) {
    }
    current = 0;
    waitpid(child, &status, 0);
    last_words->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    last_words->status = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
    last_words->has_address = last_words->has_address && last_words->signal != 0;
}

/* Publishes the number of the process. A request to end it that came earlier could not be
 * fulfilled, so this does it. */
static void note_child(pid_t child) {
    current = (sig_atomic_t)child;
    if (unwanted) {
        kill(child, SIGKILL);
    }
}

static bool run(const struct tool_job *job) {
    int ends[2];
    if (pipe(ends) != 0) {
        return false;
    }
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    const pid_t parent = getpid(), child = fork();
    if (child == 0) {
        end_with_parent(parent);
        close(ends[0]);
        work(job, ends[1]);
    }
    close(ends[1]);
    if (child > 0) {
        note_child(child);
        receive_all(job, ends[0], child);
        wait_for_end(child);
    }
    close(ends[0]);
    return child > 0;
}

bool tool_worker_run(const struct tool_job *job, struct tool_ending *ending) {
    last_words = tool_worker_memory(sizeof *last_words);
    if (!last_words) {
        return false;
    }
    fflush(NULL); /* else a worker that calls exit would write the same once more */
    const bool ran = run(job);
    *ending = *last_words;
    tool_worker_memory_release(last_words, sizeof *last_words);
    return ran;
}
