/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "verify/properties/aliases.h"

#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

/* Reserves addresses without access, which a core dump leaves out. */
static bool reserve(struct verify_aliases *aliases, size_t bytes) {
    const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    void *map = mmap(NULL, bytes, PROT_NONE, flags, -1, 0);
    if (map == MAP_FAILED) {
        return false;
    }
    aliases->reserved = map;
    aliases->reserved_bytes = bytes;
    return true;
}

/* Maps bytes of the file at an address that is reserved, or at any (NULL). Returns NULL if it
 * cannot. */
static void *map_file(void *at, int file, size_t offset, size_t bytes) {
    const int flags = MAP_SHARED | (at ? MAP_FIXED : 0);
    void *map = mmap(at, bytes, PROT_READ | PROT_WRITE, flags, file, (off_t)offset);
    return map == MAP_FAILED ? NULL : map;
}

/* Maps the first piece of the file to all pieces but the last, and the second to the last. */
static bool map_pieces(const struct verify_aliases *aliases, int file, size_t pieces) {
    for (size_t i = 0; i < pieces; i++) {
        const size_t offset = i + 1 < pieces ? 0 : aliases->piece;
        if (!map_file(aliases->data + i * aliases->piece, file, offset, aliases->piece)) {
            return false;
        }
    }
    return true;
}

/* Reads every page, because the system then maps many at a time, as it does not where the first
 * access is a write. */
static void touch(const struct verify_aliases *aliases, size_t pieces) {
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    const volatile unsigned char *data = aliases->data;
    for (size_t at = 0; at < pieces * aliases->piece; at += page) {
        (void)data[at];
    }
}

static bool map_all(struct verify_aliases *aliases, int file, size_t pieces) {
    const size_t piece = aliases->piece, bytes = pieces * piece;
    if (pieces > SIZE_MAX / 3 / piece) {
        errno = ENOMEM;
        return false;
    }
    if (ftruncate(file, (off_t)(2 * piece)) != 0 || !reserve(aliases, 2 * bytes + piece)) {
        return false;
    }
    aliases->data = (unsigned char *)aliases->reserved + bytes;
    aliases->memory = map_file(NULL, file, 0, 2 * piece);
    return aliases->memory && map_pieces(aliases, file, pieces) &&
           madvise(aliases->reserved, aliases->reserved_bytes, MADV_DONTDUMP) == 0;
}

bool verify_aliases_map(struct verify_aliases *aliases, size_t piece, size_t pieces) {
    *aliases = (struct verify_aliases){.piece = piece};
    const int file = memfd_create("norma-verify", MFD_CLOEXEC);
    if (file < 0) {
        return false;
    }
    const bool mapped = map_all(aliases, file, pieces);
    const int reason = errno;
    if (!mapped) {
        verify_aliases_unmap(aliases);
    }
    close(file);
    if (mapped) {
        touch(aliases, pieces);
    }
    errno = reason;
    return mapped;
}

void verify_aliases_unmap(struct verify_aliases *aliases) {
    if (aliases->memory) {
        munmap(aliases->memory, 2 * aliases->piece);
    }
    if (aliases->reserved) {
        munmap(aliases->reserved, aliases->reserved_bytes);
    }
    *aliases = (struct verify_aliases){0};
}
