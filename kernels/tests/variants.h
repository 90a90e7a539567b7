/* Every operator in every variant, pass, epilogue and layout.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_TESTS_VARIANTS_H
#define KERNELS_TESTS_VARIANTS_H

typedef void variant_check(const char *text);

/* Calls check with all problems of a shape such as "3x6x37", whose channels divide by 3. */
void for_each_variant(const char *shape, variant_check *check);

/* The same, but of the three epilogues each has one, another at every turn: for what takes long, at
 * several shapes. */
void for_each_variant_in_turn(const char *shape, int turn, variant_check *check);

#endif
