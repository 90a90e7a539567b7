/* The other libraries that norma is checked and measured against. A new one is a folder beside onednn/ and a line in
 * peers.c.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_PEERS_H
#define REFERENCE_PEERS_H

#include "reference/interface/interface.h"

struct reference_peer {
    const char *library;          /* as users know it: "oneDNN" */
    const char *key;              /* as records name its version: "onednn" */
    const char *(*version)(void); /* "2.6.3"; NULL: this build is without it */
    const struct reference_implementation *const *implementations; /* ended by NULL */
    const char *
        voter; /* the one that is asked about a result of norma's that is wrong; NULL: none may vote */
    const char *note; /* a sentence about what is not asked of it, for lists; NULL: none */
};

/* Returns peer number `index`, the one that votes first among them first; NULL beyond the last. */
const struct reference_peer *reference_peer(size_t index);

#endif
