/* The checks of the verifier, by name. Each can be left out (--without), to see what would pass
 * without it; --mutants=checks shows that for every check something would.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_TRUTH_CHECK_KINDS_H
#define VERIFY_TRUTH_CHECK_KINDS_H

#include <stdbool.h>
#include <stddef.h>

/* One line per check, X(NAME, "name", "what it checks"). */
#define VERIFY_CHECKS(X)                                                                           \
    X(STATUS, "status", "execution succeeds")                                                      \
    X(Y, "y", "y is within its bound")                                                             \
    X(GRADIENTS, "gradients", "gradients are within their bounds")                                 \
    X(STATISTICS, "statistics", "returned statistics are within their bounds")                     \
    X(WRITES, "writes", "memory beside the tensors stays unchanged")                               \
    X(FAULTS, "faults", "a step over the border of a tensor is a fault")                           \
    X(INPUTS, "inputs", "inputs stay unchanged")                                                   \
    X(WORKSPACE, "workspace", "a workspace of its exact size, with anything in it")                \
    X(LARGE_MEAN, "large-mean", "data with a large mean")                                          \
    X(CONSTANT, "constant", "data without variance")                                               \
    X(DEFAULTS, "defaults", "everything optional is left out")                                     \
    X(LEFT_OUT, "left-out", "some of what is optional is left out")                                \
    X(IMAGE, "image", "a picture")                                                                 \
    X(TINY, "tiny", "subnormal data")                                                              \
    X(HUGE, "huge", "data around 1e30, and at the end of float's range")                           \
    X(OUTLIER, "outlier", "one value among zeros of both signs")                                   \
    X(HUGE_DY, "huge-dy", "gradients of the result around 1e30 and 1e37")                          \
    X(TINY_DY, "tiny-dy", "gradients of the result around 1e-30 and 1e-36")                        \
    X(OPPOSITE, "opposite", "huge data with tiny gradients, and the reverse")                      \
    X(LONG, "long", "statistics of more than 2^24 elements")                                       \
    X(FRONT, "front", "tensors behind an unmapped page")                                           \
    X(UNALIGNED, "unaligned", "every tensor off an alignment of its own")                          \
    X(IN_PLACE, "in-place", "the result overwrites its source")                                    \
    X(REPETITION, "repetition", "the same bits a second time")                                     \
    X(THREADS, "threads", "the same bits with several threads")                                    \
    X(TUNING, "tuning", "the same bits with extreme tunings")                                      \
    X(BITS, "bits", "the same bits from every set")                                                \
    X(CONTROLS, "controls", "the caller's floating-point environment stays unchanged")             \
    X(ENVIRONMENT, "environment", "the same bits in any floating-point environment")               \
    X(NON_FINITE, "non-finite", "NaN and infinity reach what depends on them, and nothing else")   \
    X(IDENTITIES, "identities", "operators that are the same, to the bit")                         \
    X(APPROXIMATIONS, "approximations", "operators that are the same but for rounding")            \
    X(INVARIANCES, "invariances", "changes that must not change results")                          \
    X(BACKWARD, "backward", "identities of gradients")                                             \
    X(DERIVATIVES, "derivatives", "gradients are derivatives of the forward pass")                 \
    X(THEOREMS, "theorems", "theorems of the papers")                                              \
    X(REFUSALS, "refusals", "arguments that are refused; the gate's step")                         \
    X(LAYOUTS, "layouts", "both layouts agree")                                                    \
    X(OFFSETS, "offsets", "tensors of more than 2^31 elements")                                    \
    X(TIGHTNESS, "tightness", "results use a fair share of their bounds")                          \
    X(VOCABULARY, "vocabulary", "the functions that a set's kernels are made of")

enum verify_check_kind {
#define VERIFY_CHECK_ENUM(upper, name, text) VERIFY_CHECK_##upper,
    VERIFY_CHECKS(VERIFY_CHECK_ENUM)
#undef VERIFY_CHECK_ENUM
        VERIFY_CHECK_COUNT
};

/* Returns "large-mean" and its like; NULL beyond the last. */
const char *verify_check_name(enum verify_check_kind check);
/* Returns "data with a large mean" and its like; NULL beyond the last. */
const char *verify_check_text(enum verify_check_kind check);

/* Leaves a check out everywhere from now on. Must be called before anything is checked. */
void verify_check_leave_out(enum verify_check_kind check);

/* Checks whether a check was not left out. */
bool verify_check_wanted(enum verify_check_kind check);

#endif
