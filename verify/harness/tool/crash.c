/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "verify/harness/tool/crash.h"
#include "verify/harness/tool/message.h"
#include "verify/harness/tool/worker.h"

#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

const char *tool_crash_cause(int signal_number, bool misaligned, const char *fault) {
    if (misaligned) {
        return " (perhaps a misaligned access, or an address that there cannot be)";
    }
    return signal_number == SIGABRT ? " (perhaps as memory outside of a tensor was overwritten)"
                                    : fault;
}

static char command[TOOL_CRASH_COMMAND];

/* Writes a text to standard error. It and all functions up to `crashed` run in a signal handler and
 * must be async-signal-safe. */
static void put(const char *text) {
    const ssize_t written = write(STDERR_FILENO, text, strlen(text));
    (void)written; /* nothing can be done about a closed stderr */
}

static void put_address(const void *address) {
    char text[2 + 2 * sizeof(uintptr_t) + 1] = "0x";
    uintptr_t value = (uintptr_t)address;
    for (size_t i = 2 * sizeof(uintptr_t); i > 0; i--, value >>= 4) {
        text[1 + i] = "0123456789abcdef"[value & 15];
    }
    put(text);
}

static void crashed(int signal_number, siginfo_t *info, void *context) {
    (void)context;
    put(tool_program_name());
    put(": a kernel crashed with ");
    put(tool_signal_name(signal_number));
    const bool misaligned = tool_may_be_misaligned(signal_number, info->si_code);
    if (signal_number != SIGABRT && !misaligned) {
        put(" at ");
        put_address(info->si_addr);
    }
    put(tool_crash_cause(signal_number, misaligned, TOOL_FAULT_BY_FENCE));
    put("\nreproduce: ");
    put(command);
    put("\n");
    _exit(TOOL_EXIT_FAILED);
}

void tool_crash_install(void) {
    static const int signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
    struct sigaction action = {.sa_sigaction = crashed, .sa_flags = SA_SIGINFO | (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        sigaction(signals[i], &action, NULL);
    }
}

void tool_crash_case(const char *text) {
    snprintf(command, sizeof command, "%s", text);
}
