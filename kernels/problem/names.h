/* The words of a problem's text for passes, layouts, types and epilogues: indexed by the
 * enumerator, up to NULL.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_PROBLEM_NAMES_H
#define KERNELS_PROBLEM_NAMES_H

extern const char *const norma_pass_names[];
extern const char *const norma_layout_names[];
extern const char *const norma_dtype_names[];
extern const char *const norma_epilogue_names[];

#endif
