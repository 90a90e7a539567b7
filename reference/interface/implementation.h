/* The interface that verify and bench see of everything that can solve a problem: the reference,
 * the peers in this room, and norma with each of its sets (verify/harness).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_INTERFACE_IMPLEMENTATION_H
#define REFERENCE_INTERFACE_IMPLEMENTATION_H

#include <norma.h>

/* How an implementation accumulates statistics; the error that is allowed is derived from it
 * (verify/truth/bounds.md). */
enum reference_accumulation {
    REFERENCE_ACCUMULATE_F64, /* sums in double precision, centred, as norma promises */
    /* The same by ranks, which have a part of the batch each. The gradients of parameters are
     * rounded in every rank before they are added. */
    REFERENCE_ACCUMULATE_F64_RANKS,
    /* Sums in double precision, term by term, about the means that a backward pass is given, as
     * they were rounded. */
    REFERENCE_ACCUMULATE_F64_PLAIN,
    REFERENCE_ACCUMULATE_F32 /* sums in single precision, in any order */
};

/* The part that an implementation has in a comparison; results record it. */
enum reference_kind {
    REFERENCE_KIND_NORMA,      /* norma with one of its sets, or with a plug-in's */
    REFERENCE_KIND_PEER,       /* another library */
    REFERENCE_KIND_DEFINITION, /* the definition in double precision */
    REFERENCE_KIND_CEILING,    /* moves the data and computes nothing */
    REFERENCE_KIND_COUNT
};

/* Returns "norma", "peer", "definition", "ceiling"; NULL beyond the last. */
const char *reference_kind_name(enum reference_kind kind);

struct reference_implementation {
    const char *name;
    enum reference_kind kind;
    enum reference_accumulation accumulation;
    const struct norma_profile *profile; /* profile of norma's plans; NULL: the user's */
    const void *context;                 /* what `create` needs besides; NULL for most */

    /* Creates the state of one problem. Returns NORMA_STATUS_UNSUPPORTED for a problem to be
     * skipped, which is no failure. Unless it returns NORMA_STATUS_OK, *state stays untouched.
     * `self` lets one function serve several implementations, and may be a copy of one with another
     * profile, which need not live as long as the state. */
    norma_status (*create)(const struct reference_implementation *self, void **state,
                           const struct norma_problem *problem, int threads);
    /* Brings the inputs of args into the implementation's own layout; NULL where there is nothing
     * to do. Called before execute whenever the inputs changed, and never timed. */
    norma_status (*import)(void *state, const struct norma_args *args);
    /* Returns the bytes of args->workspace that one execution needs; NULL for an implementation
     * that always has memory of its own. */
    size_t (*workspace)(const void *state);
    /* Does the work, and is timed. With import and export it may leave args->y untouched. Where
     * args->workspace is NULL, the implementation takes memory of its own. Parameters such as gamma
     * and small outputs such as mean are read and written here, in every layout. */
    norma_status (*execute)(void *state, const struct norma_args *args);
    /* Brings the result back into args->y or args->dx; never timed. NULL as import is. */
    norma_status (*export)(void *state, const struct norma_args *args);
    /* Returns the name of the code that runs, for records, such as "ncsp_bnorm:any" or "avx2". It
     * lives as long as the state. */
    const char *(*kernel)(const void *state);
    void (*destroy)(void *state);
};

#endif
