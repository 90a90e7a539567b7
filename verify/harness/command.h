/* The command that reproduces a check of one implementation on one problem.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_HARNESS_COMMAND_H
#define VERIFY_HARNESS_COMMAND_H

#include <stddef.h>
#include <stdint.h>

void verify_print_command(const char *mode, const char *implementation, int threads, uint64_t seed,
                          const char *problem, char *text, size_t size);

#endif
