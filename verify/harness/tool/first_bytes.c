/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/harness/tool/first_bytes.h"

#include <stdbool.h>
#include <string.h>

static bool begins(const char *bytes, size_t length, const char *with) {
    return length >= strlen(with) && memcmp(bytes, with, strlen(with)) == 0;
}

size_t tool_mark_length(const char *bytes, size_t length) {
    static const char mark[] = "\xef\xbb\xbf";
    return begins(bytes, length, mark) ? sizeof mark - 1 : 0;
}

const char *tool_decompressor(const char *bytes, size_t length) {
    static const struct {
        const char *bytes, *command;
    } kinds[] = {{"\x1f\x8b", "gunzip -c"},
                 {"\3757zXZ", "xz -dc"}, /* octal, as 7 may be a hexadecimal digit */
                 {"\x28\xb5\x2f\xfd", "zstd -dc"}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (begins(bytes, length, kinds[i].bytes)) {
            return kinds[i].command;
        }
    }
    return NULL;
}
