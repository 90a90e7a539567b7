/* SPDX-License-Identifier: Apache-2.0 */
#include "reference/peers.h"

#include "reference/onednn/onednn.h"

static const struct reference_peer_facts peers[] = {
    {"oneDNN", "onednn", onednn_version, onednn_implementations, "onednn",
     "Its backward primitive for group normalization, in 3.3 and\n"
     "later, is not used: it is slow, and wrong before 3.10."},
};

const struct reference_peer_facts *reference_peer(size_t index) {
    return index < sizeof peers / sizeof *peers ? &peers[index] : NULL;
}
