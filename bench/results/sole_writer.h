/* Files that one process at a time writes.
 *
 * The lock is flock's, on the file itself. It belongs to the opened file: the worker that a run
 * starts shares it, and the system removes it with the last process of the run, however that ends.
 * A lock of fcntl would go with the first process, while the worker still writes; a file beside it
 * that stands for the lock would outlive a run that was killed.
 *
 * The lock follows the file, not its name: one that was renamed during a run stays locked, and a
 * new one may take its name. Standard output is not locked, as the shell that opened it may have
 * locked it for us.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_RESULTS_SOLE_WRITER_H
#define BENCH_RESULTS_SOLE_WRITER_H

#include "verify/harness/tool/tool.h"

/* Opens a file for appending, and creates it if there is none. Waits a second for another writer,
 * as one that was killed may still be ending. Devices and pipes are not locked. Where a file system
 * cannot lock, as NFS without its lock service, this is said, and the file is opened all the same.
 * Returns the descriptor, which is closed in programs that are started; -1, with *error, if the
 * file cannot be opened or another process writes it. */
int bench_open_as_sole_writer(const char *path, struct tool_message *error);

#endif
