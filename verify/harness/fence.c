/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "verify/harness/fence.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "verify/truth/truth.h"

enum {
    CANARY = 0xa5,
    POISON = 0xff,  /* gives floats that are NaN, so that an element that is not written shows */
    WATCHED = 4096, /* bytes of canary on either side; an access further away is a fault */
    OF_MALLOC = 16  /* its alignment, of every object that has at least so many bytes */
};

const char *verify_placement_name(enum verify_placement placement) {
    static const char *const names[VERIFY_PLACE_COUNT] = {
        [VERIFY_PLACE_BACK] = "back",
        [VERIFY_PLACE_FRONT] = "front",
        [VERIFY_PLACE_UNALIGNED] = "unaligned",
        [VERIFY_PLACE_IN_PLACE] = "in-place",
    };
    return placement < VERIFY_PLACE_COUNT ? names[placement] : NULL;
}

static size_t page_size(void) {
    return (size_t)sysconf(_SC_PAGESIZE);
}

static unsigned char *first_byte(const struct verify_fence *fence) {
    return fence->map + page_size();
}

static unsigned char *end_byte(const struct verify_fence *fence) {
    return first_byte(fence) + fence->capacity;
}

/* Maps the memory between two unmapped pages, unless there is enough already. Returns false if
 * there is no memory. */
static bool reserve(struct verify_fence *fence, size_t bytes) {
    const size_t page = page_size();
    if (fence->map && bytes <= fence->capacity) {
        return true;
    }
    verify_fence_release(fence);
    const size_t capacity = (bytes + page - 1) / page * page;
    void *map = mmap(NULL, capacity + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (map == MAP_FAILED) {
        return false;
    }
    const bool fenced = verify_check_wanted(VERIFY_CHECK_FAULTS);
    unsigned char *open = (unsigned char *)map + (fenced ? page : 0);
    if (mprotect(open, capacity + (fenced ? 0 : 2 * page), PROT_READ | PROT_WRITE) != 0) {
        munmap(map, capacity + 2 * page);
        return false;
    }
    fence->map = map;
    fence->capacity = capacity;
    return true;
}

bool verify_fence_reserve(struct verify_fence *fence, size_t bytes) {
    return reserve(fence, bytes + 2 * VERIFY_ALIGNMENT); /* more than the largest shift */
}

/* Returns the number of watched bytes before the data. */
static size_t watched_before(const struct verify_fence *fence) {
    const size_t before = (size_t)(fence->data - first_byte(fence));
    return before < WATCHED ? before : WATCHED;
}

/* Returns the number of watched bytes behind the data. */
static size_t watched_behind(const struct verify_fence *fence) {
    const size_t behind = (size_t)(end_byte(fence) - (fence->data + fence->bytes));
    return behind < WATCHED ? behind : WATCHED;
}

/* Protects or opens the pages of the data; those beside them may have been of use to larger
 * tensors, and will be again. */
static void protect(struct verify_fence *fence, bool read_only) {
    const size_t page = page_size();
    const size_t first = (size_t)(fence->data - fence->map) / page * page;
    const size_t last = (size_t)(fence->data + fence->bytes - fence->map) + page - 1;
    const int access = read_only ? PROT_READ : PROT_READ | PROT_WRITE;
    if (mprotect(fence->map + first, last / page * page - first, access) == 0) {
        fence->read_only = read_only;
    }
}

void verify_fence_protect(struct verify_fence *fence) {
    if (verify_check_wanted(VERIFY_CHECK_FAULTS)) {
        protect(fence, true);
    }
}

/* Places memory that needs `room` bytes until the fence behind, where there is one. */
static void *place(struct verify_fence *fence, size_t bytes, size_t room,
                   enum verify_placement placement, size_t shift) {
    const size_t ahead = placement == VERIFY_PLACE_UNALIGNED ? VERIFY_ALIGNMENT + shift : 0;
    const bool back = placement == VERIFY_PLACE_BACK || placement == VERIFY_PLACE_IN_PLACE;
    if (fence->read_only) {
        protect(fence, false);
    }
    if (!reserve(fence, room + ahead)) {
        return NULL;
    }
    fence->data = back ? end_byte(fence) - room : first_byte(fence) + ahead;
    fence->bytes = bytes;
    memset(fence->data - watched_before(fence), CANARY, watched_before(fence));
    memset(fence->data, POISON, bytes);
    memset(fence->data + bytes, CANARY, watched_behind(fence));
    return fence->data;
}

void *verify_fence_place(struct verify_fence *fence, size_t bytes, enum verify_placement placement,
                         size_t shift) {
    return place(fence, bytes, bytes, placement, shift);
}

void *verify_fence_place_aligned(struct verify_fence *fence, size_t bytes,
                                 enum verify_placement placement, size_t shift) {
    const size_t room = (bytes + OF_MALLOC - 1) / OF_MALLOC * OF_MALLOC;
    return place(fence, bytes, room, placement, shift);
}

/* Checks whether all bytes are the canary, as each equals the one before it. */
static bool all_canary(const unsigned char *bytes, size_t count) {
    return count == 0 || (bytes[0] == CANARY && memcmp(bytes, bytes + 1, count - 1) == 0);
}

bool verify_fence_intact(const struct verify_fence *fence) {
    return !fence->data ||
           (all_canary(fence->data - watched_before(fence), watched_before(fence)) &&
            all_canary(fence->data + fence->bytes, watched_behind(fence)));
}

void verify_fence_release(struct verify_fence *fence) {
    if (fence->map) {
        munmap(fence->map, fence->capacity + 2 * page_size());
    }
    *fence = (struct verify_fence){0};
}
