/* Work in a process of its own, which may crash, hang or exit, and its results through a pipe.
 *
 * OpenMP's threads do not come along into a new process, and the next parallel region there would
 * wait for them: who starts workers must never have run in parallel itself.
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
    bool finished;    /* its work is done */
    int signal;       /* that ended it; 0: it came to its end, or called exit, ... */
    int status;       /* ... with this */
    bool has_address; /* the signal was a fault, at */
    uintptr_t address;
};

/* What a worker does, and what becomes of it here. */
struct tool_job {
    void (*work)(void *context, int pipe); /* in the worker; sends records with tool_worker_send */
    bool (*receive)(void *context); /* here, with each in `record`; false: no more. NULL: none */
    void *record;                   /* where it is put, and its size */
    size_t record_size;
    void *context;
};

/* Zeroed memory that workers share with who starts them; NULL: there is none. */
void *tool_worker_memory(size_t bytes);
void tool_worker_memory_release(void *memory, size_t bytes);

/* Starts a worker, passes on what it sends, and waits for its end. False: there was no process to
 * be had. */
bool tool_worker_run(const struct tool_job *job, struct tool_ending *ending);

/* In the worker. One that nobody listens to any more ends. */
void tool_worker_send(int pipe, const void *record, size_t size);

/* Of a worker that did not finish: "SIGSEGV at 0x7f0000001000", "exit with status 3". */
void tool_ending_print(const struct tool_ending *ending, char *text, size_t size);

/* "SIGSEGV"; of one that has no name here, "a signal". */
const char *tool_signal_name(int signal_number);

/* Ends the worker that runs, and any that is started from now on. Async-signal-safe. */
void tool_worker_end(void);

#endif
