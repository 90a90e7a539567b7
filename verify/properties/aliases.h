/* Tensors of more bytes than a machine has memory for: a piece of memory at many addresses.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_PROPERTIES_ALIASES_H
#define VERIFY_PROPERTIES_ALIASES_H

#include <stdbool.h>
#include <stddef.h>

/* Addresses in pieces of the same size, of which all but the last are the same memory. An access
 * before the first piece, by as much as all of them together, or just behind the last is a
 * fault. Mappings cost neither memory nor time until they are used. */
struct verify_aliases {
    unsigned char *data;   /* the first piece */
    unsigned char *memory; /* a second address of the memory: the common piece, then the last */
    size_t piece;          /* bytes */
    void *reserved;
    size_t reserved_bytes;
};

/* Maps so many pieces, of zeros. The bytes of a piece must be a multiple of the page size. Returns
 * false, with the reason in errno, where the system gives not as many addresses or mappings. */
bool verify_aliases_map(struct verify_aliases *aliases, size_t piece, size_t pieces);

/* Accepts zeroed aliases, too. */
void verify_aliases_unmap(struct verify_aliases *aliases);

#endif
