/* The other libraries that norma is checked and measured against.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_PEERS_H
#define REFERENCE_PEERS_H

#include "reference/interface/interface.h"

struct reference_peer_facts {
    const char *library;          /* name for users: "oneDNN" */
    const char *key;              /* name in records of its version: "onednn" */
    const char *(*version)(void); /* returns "2.6.3"; NULL where this build is without it */
    const struct reference_implementation *const *implementations; /* ended by NULL */
    /* The implementation that gives a second opinion on a wrong result of norma's; NULL: none. */
    const char *voter;
    /* A sentence for lists about a part of the library that is not used; NULL: none. */
    const char *note;
};

/* Returns peer number `index`; NULL beyond the last. They stand in the order in which they vote. */
const struct reference_peer_facts *reference_peer(size_t index);

#endif
