/* What verify and bench iterate: something with a name that can create, execute and destroy a
 * problem. Implementations: `reference`, `onednn*` (this folder), and norma with each of its sets
 * (verify/).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_INTERFACE_IMPLEMENTATION_H
#define REFERENCE_INTERFACE_IMPLEMENTATION_H

#include <norma.h>

/* How an implementation accumulates statistics: verify/bounds.c derives from it what error is
 * allowed. */
enum reference_accumulation {
    REFERENCE_ACCUMULATE_F64, /* sums in double precision, centred (norma's contract) */
    REFERENCE_ACCUMULATE_F32  /* sums in single precision, in any order */
};

/* Says what an implementation stands for in a comparison; results record it. */
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
    const struct norma_profile *profile; /* norma's sets: that of its plans; NULL: the user's */

    /* Creates the state of one problem. NORMA_STATUS_UNSUPPORTED: a skip, not a failure; then, and
     * on any error, *state stays untouched. `self` lets one function serve several implementations.
     */
    norma_status (*create)(const struct reference_implementation *self, void **state,
                           const struct norma_problem *problem, int threads);
    /* Optional (NULL: nothing to do): brings the inputs of args into the implementation's own
     * layout. Called before execute whenever the inputs changed; never timed. */
    norma_status (*import)(void *state, const struct norma_args *args);
    /* The work; timed. With import/export it may leave args->y untouched. args->workspace is the
     * implementation's own affair: callers leave it NULL. Parameter tensors (gamma, rho, ...) and
     * the small outputs (mean, running_mean, ...) are read and written here, in every layout. */
    norma_status (*execute)(void *state, const struct norma_args *args);
    /* Optional: brings y back into args->y. Never timed. */
    norma_status (*export)(void *state, const struct norma_args *args);
    /* What ran, for the record: e.g. "ncsp_bnorm:any" or "avx2"; lives as long as the state. */
    const char *(*kernel)(const void *state);
    void (*destroy)(void *state);
};

#endif
