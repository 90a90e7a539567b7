/* The checks of the verifier, by name. Each can be left out (--without), to see what would pass if
 * it were not there: --mutants shows of each that something would.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_TRUTH_CHECK_KINDS_H
#define VERIFY_TRUTH_CHECK_KINDS_H

#include <stdbool.h>
#include <stddef.h>

/* One line per check: X(NAME, "name", "what it is"). */
#define VERIFY_CHECKS(X)                                                                           \
    X(STATUS, "status", "what can be done is done")                                                \
    X(Y, "y", "y is within its bound")                                                             \
    X(GRADIENTS, "gradients", "gradients are within their bounds")                                 \
    X(STATISTICS, "statistics", "returned statistics are within their bounds")                     \
    X(WRITES, "writes", "what lies beside the tensors stays")                                      \
    X(FAULTS, "faults", "a step over the border of a tensor is a fault")                           \
    X(INPUTS, "inputs", "inputs stay")                                                             \
    X(LARGE_MEAN, "large-mean", "data with a large mean")                                          \
    X(CONSTANT, "constant", "data without variance")                                               \
    X(DEFAULTS, "defaults", "everything that may be left out is")                                  \
    X(IMAGE, "image", "a picture")                                                                 \
    X(TINY, "tiny", "subnormal data")                                                              \
    X(HUGE, "huge", "data around 1e18")                                                            \
    X(OUTLIER, "outlier", "one value among zeros of both signs")                                   \
    X(LONG, "long", "statistics of more than 2^24 elements")                                       \
    X(FRONT, "front", "tensors behind an unmapped page")                                           \
    X(UNALIGNED, "unaligned", "tensors off any alignment")                                         \
    X(IN_PLACE, "in-place", "the result overwrites its source")                                    \
    X(REPETITION, "repetition", "the same bits a second time")                                     \
    X(THREADS, "threads", "the same bits with several threads")                                    \
    X(BITS, "bits", "the same bits from every set")                                                \
    X(CONTROLS, "controls", "the caller's floating-point environment stays")                       \
    X(ENVIRONMENT, "environment", "the same bits in any floating-point environment")               \
    X(NON_FINITE, "non-finite", "NaN and infinity reach what depends on them, and nothing else")   \
    X(IDENTITIES, "identities", "operators that are the same, to the bit")                         \
    X(APPROXIMATIONS, "approximations", "operators that are the same but for rounding")            \
    X(INVARIANCES, "invariances", "what results do not depend on")                                 \
    X(BACKWARD, "backward", "identities of gradients")                                             \
    X(DERIVATIVES, "derivatives", "gradients are derivatives of the forward pass")                 \
    X(THEOREMS, "theorems", "what the papers prove")                                               \
    X(REFUSALS, "refusals", "arguments that are refused; the gate's step")                         \
    X(LAYOUTS, "layouts", "both layouts agree")                                                    \
    X(TIGHTNESS, "tightness", "results use a fair share of their bounds")                          \
    X(VOCABULARY, "vocabulary", "the functions that a set's kernels are made of")

enum verify_check_kind {
#define VERIFY_CHECK_ENUM(upper, name, text) VERIFY_CHECK_##upper,
    VERIFY_CHECKS(VERIFY_CHECK_ENUM)
#undef VERIFY_CHECK_ENUM
        VERIFY_CHECK_COUNT
};

/* "large-mean"; NULL beyond the last. */
const char *verify_check_name(enum verify_check_kind check);
/* "data with a large mean"; NULL beyond the last. */
const char *verify_check_text(enum verify_check_kind check);
/* False: there is none of that name. */
bool verify_check_find(const char *name, enum verify_check_kind *check);

/* From now on, everywhere: the program's own choice, made before it checks anything. */
void verify_check_leave_out(enum verify_check_kind check);
bool verify_check_wanted(enum verify_check_kind check);

#endif
