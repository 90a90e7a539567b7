/* Every operator in every variant, pass, epilogue and layout.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_TESTS_VARIANTS_H
#define KERNELS_TESTS_VARIANTS_H

typedef void variant_check(const char *text);

/* Calls check with all problems of a shape such as "3x6x37", whose channels must divide by 3. */
void test_for_each_variant(const char *shape, variant_check *check);

/* The same with one of the three epilogues for each variant and pass, another at every turn. For
 * slow checks at several shapes. */
void test_for_each_variant_in_turn(const char *shape, int turn, variant_check *check);

#endif
