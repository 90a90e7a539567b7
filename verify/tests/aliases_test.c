/* Aliases are one memory but for their last piece, and surrounded by addresses without access.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _POSIX_C_SOURCE 200809L
#include "verify/properties/aliases.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

enum { PIECES = 5 };

static size_t page_size(void) {
    return (size_t)sysconf(_SC_PAGESIZE);
}

/* Checks whether the byte can be read, without reading it here. */
static bool is_accessible(const unsigned char *byte) {
    int ends[2];
    cr_assert(pipe(ends) == 0);
    const bool accessible = write(ends[1], byte, 1) == 1;
    cr_assert(accessible || errno == EFAULT);
    close(ends[0]);
    close(ends[1]);
    return accessible;
}

static struct verify_aliases map(void) {
    struct verify_aliases aliases;
    if (!verify_aliases_map(&aliases, page_size(), PIECES)) {
        cr_skip("%s", strerror(errno));
    }
    return aliases;
}

Test(aliases, are_one_memory_but_for_the_last) {
    struct verify_aliases aliases = map();
    aliases.data[7] = 1;
    aliases.data[(PIECES - 1) * aliases.piece + 7] = 2;
    for (size_t i = 0; i + 1 < PIECES; i++) {
        cr_expect_eq(aliases.data[i * aliases.piece + 7], 1, "%zu", i);
    }
    cr_expect_eq(aliases.memory[7], 1);
    cr_expect_eq(aliases.memory[aliases.piece + 7], 2);
    verify_aliases_unmap(&aliases);
}

Test(aliases, begin_with_zeros) {
    struct verify_aliases aliases = map();
    for (size_t i = 0; i < PIECES * aliases.piece; i++) {
        cr_assert_eq(aliases.data[i], 0);
    }
    verify_aliases_unmap(&aliases);
}

Test(aliases, end_at_addresses_without_access) {
    struct verify_aliases aliases = map();
    const size_t bytes = PIECES * aliases.piece;
    cr_expect(is_accessible(aliases.data));
    cr_expect(is_accessible(aliases.data + bytes - 1));
    cr_expect(!is_accessible(aliases.data - 1));
    cr_expect(!is_accessible(aliases.data - bytes));
    cr_expect(!is_accessible(aliases.data + bytes));
    verify_aliases_unmap(&aliases);
}

Test(aliases, leave_nothing_behind) {
    struct verify_aliases aliases = map();
    const struct verify_aliases were = aliases;
    verify_aliases_unmap(&aliases);
    cr_expect(!is_accessible(were.data));
    cr_expect(!is_accessible(were.memory));
    cr_expect_null(aliases.data);
    verify_aliases_unmap(&aliases);
}

Test(aliases, of_more_addresses_than_there_are_are_refused_with_a_reason) {
    struct verify_aliases aliases;
    const size_t beyond_the_type = SIZE_MAX / page_size();
    const size_t beyond_the_machine = beyond_the_type / 8;
    cr_expect(!verify_aliases_map(&aliases, page_size(), beyond_the_type));
    cr_expect_eq(errno, ENOMEM);
    cr_expect(!verify_aliases_map(&aliases, page_size(), beyond_the_machine));
    cr_expect_eq(errno, ENOMEM);
    cr_expect_null(aliases.data);
}
