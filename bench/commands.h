/* The sub-commands of norma-bench and what they return to the shell.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_BENCH_COMMANDS_H
#define NORMA_BENCH_COMMANDS_H

enum norma_exit {
    NORMA_EXIT_FINE = 0,
    NORMA_EXIT_FAILED = 1,  /* a result was wrong */
    NORMA_EXIT_USAGE = 2,   /* bad command line or input, or output that cannot be written */
    NORMA_EXIT_LACKING = 3, /* --require named what this machine or build lacks */
    NORMA_EXIT_SIGNAL = 128 /* plus the number of the signal that interrupted the run */
};

/* argv[0] is the name of the sub-command. */
int norma_bench_run(int argc, char **argv);
int norma_bench_explain(int argc, char **argv);
int norma_bench_tune(int argc, char **argv);

#endif
