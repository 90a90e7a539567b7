/* Values of options, and what is not one.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "verify/harness/tool/tool.h"

#include <criterion/criterion.h>

Test(arguments, integers) {
    int64_t value = -1;
    cr_expect(tool_read_integer("12", 1, 12, &value));
    cr_expect_eq(value, 12);
    const char *const wrong[] = {"",  " 1", "1 ", "+1",  "-1",
                                 "0", "13", "1x", "0x1", "99999999999999999999"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        cr_expect_not(tool_read_integer(wrong[i], 1, 12, &value), "'%s'", wrong[i]);
    }
    cr_expect_eq(value, 12);
}

Test(arguments, seeds) {
    uint64_t value = 0;
    cr_expect(tool_read_seed("18446744073709551615", &value));
    cr_expect_eq(value, UINT64_MAX);
    cr_expect_not(tool_read_seed("18446744073709551616", &value));
    cr_expect_not(tool_read_seed("-1", &value));
}

Test(arguments, seconds) {
    double value = 0;
    cr_expect(tool_read_seconds("0.25", &value));
    cr_expect_eq(value, 0.25);
    const char *const wrong[] = {"", "0", "-1", "inf", "nan", "1s"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        cr_expect_not(tool_read_seconds(wrong[i], &value), "'%s'", wrong[i]);
    }
}

Test(arguments, sizes) {
    uint64_t value = 0;
    cr_expect(tool_read_size("4G", &value));
    cr_expect_eq(value, (uint64_t)4 << 30);
    cr_expect(tool_read_size("800m", &value));
    cr_expect_eq(value, (uint64_t)800 << 20);
    cr_expect(tool_read_size("123", &value));
    cr_expect_eq(value, 123);
    const char *const wrong[] = {"", "0", "G", "4GB", "4Q", "-4", "99999999999T"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        cr_expect_not(tool_read_size(wrong[i], &value), "'%s'", wrong[i]);
    }
}

Test(arguments, shards) {
    size_t index = 0, of = 0;
    cr_expect(tool_read_shard("2/8", &index, &of));
    cr_expect_eq(index, 2);
    cr_expect_eq(of, 8);
    const char *const wrong[] = {"", "2", "2/", "/8", "0/8", "9/8", "1/0", "1/8x", "1-8"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        cr_expect_not(tool_read_shard(wrong[i], &index, &of), "'%s'", wrong[i]);
    }
}

Test(arguments, lists) {
    struct tool_list list = {NULL, 0};
    tool_list_split(&list, "a,bc,,d");
    cr_assert_eq(list.count, 4);
    cr_expect_str_eq(list.items[1], "bc");
    cr_expect_str_eq(list.items[2], "");
    cr_expect_str_eq(list.items[3], "d");
    cr_expect(tool_list_has(&list, "d"));
    cr_expect_not(tool_list_has(&list, "b"));
    tool_list_split(&list, "e");
    cr_assert_eq(list.count, 1, "what comes later wins");
    cr_expect_str_eq(list.items[0], "e");
    tool_list_free(&list);
    cr_expect_eq(list.count, 0);
}

Test(arguments, threads) {
    int threads[TOOL_THREAD_COUNTS] = {0};
    size_t count = 0;
    cr_assert(tool_read_threads("4,1,4,2", threads, &count));
    cr_assert_eq(count, 3);
    cr_expect_eq(threads[0], 4);
    cr_expect_eq(threads[1], 1);
    cr_expect_eq(threads[2], 2);
    cr_expect_not(tool_read_threads("1,,2", threads, &count));
    cr_expect_not(tool_read_threads("4097", threads, &count));
}
