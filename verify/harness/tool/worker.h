/* Runs work that may crash, hang or exit in a process of its own, and receives its results through
 * a pipe.
 *
 * A process that starts workers must never have run an OpenMP parallel region: the threads do not
 * exist in the new process, whose next parallel region would wait for them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_HARNESS_TOOL_WORKER_H
#define VERIFY_HARNESS_TOOL_WORKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How a worker ended. */
struct tool_ending {
    bool finished;     /* its work is done */
    int signal;        /* the signal that ended it; 0: it returned or called exit */
    int status;        /* its exit status */
    bool has_address;  /* the signal was a fault at an address that is known */
    uintptr_t address; /* where the fault was */
    bool misaligned;   /* the fault may be one of alignment; then there is no address */
};

struct tool_job {
    /* Runs in the worker. Sends records with tool_worker_send. */
    void (*work)(void *context, int pipe);
    /* Runs here, once for each record. Returns false to kill the worker. NULL: no records. */
    bool (*receive)(void *context);
    void *record; /* the record that `receive` looks at */
    size_t record_size;
    void *context;
};

/* Returns zeroed memory, shared with the workers that this process starts; NULL: there is none. */
void *tool_worker_memory(size_t bytes);
void tool_worker_memory_release(void *memory, size_t bytes);

/* Starts a worker, passes on what it sends, and waits for its end. Returns false if no process can
 * be started. */
bool tool_worker_run(const struct tool_job *job, struct tool_ending *ending);

/* Sends a record. Must be called in the worker, which it ends if the parent has closed the pipe. */
void tool_worker_send(int pipe, const void *record, size_t size);

/* Ends the worker with SIGALRM when it has been able to run for so many seconds from now on, unless
 * another limit, or none (0), is set before. The time for which it is stopped (Ctrl-Z, SIGSTOP, a
 * container that is frozen) does not count, but for an eighth of the limit at most each time. Must
 * be called in the worker. A call of the system that waits there may end early, as by any signal,
 * after an eighth of the limit. */
void tool_worker_time_limit(unsigned seconds);

/* Checks whether a fault may be one of alignment, by its signal and si_code. x86 reports that as an
 * error without an address, as it does an address that no memory can have. Async-signal-safe. */
bool tool_may_be_misaligned(int signal_number, int code);

/* Prints how a worker that did not finish ended: "SIGSEGV at 0x7f0000001000", "exit with status
 * 3". SIGKILL is said to come from outside, as by far the most do: from the system for lack of
 * memory, a batch system, or a user. */
void tool_ending_print(const struct tool_ending *ending, char *text, size_t size);

/* Returns "SIGSEGV" and the like, "a signal" for one that is not expected. Async-signal-safe. */
const char *tool_signal_name(int signal_number);

/* Kills the worker that runs, and any that is started from now on. Async-signal-safe. */
void tool_worker_end(void);

#endif
