/* norma: SIMD kernels for normalization operators.
 *
 * A problem says what to compute, a plan how; execution allocates nothing.
 *
 *     struct norma_problem problem;
 *     norma_problem_parse("in:8x64x56x56", &problem, NULL);
 *     struct norma_plan *plan;
 *     norma_plan_create(&plan, &problem, NULL);
 *     norma_execute(plan, &(struct norma_args){.x = x, .y = y, .gamma = gamma, .beta = beta,
 *                                              .workspace = malloc(norma_plan_workspace(plan))});
 *     norma_plan_destroy(plan);
 *
 * Every function is thread-safe; none prints, exits or touches global state. Functions that can
 * fail return a norma_status.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_H
#define NORMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define NORMA_API __attribute__((visibility("default")))
#else
#define NORMA_API
#endif

#define NORMA_VERSION_MAJOR 0
#define NORMA_VERSION_MINOR 1
#define NORMA_VERSION_PATCH 0

/* ---- status ------------------------------------------------------------------------------- */

typedef enum norma_status {
    NORMA_OK = 0,
    NORMA_MALFORMED,       /* a problem text that cannot be parsed */
    NORMA_INVALID,         /* a problem that makes no sense: G not dividing C, epsilon < 0, ... */
    NORMA_UNSUPPORTED,     /* a sound problem that this implementation cannot do */
    NORMA_UNKNOWN_SET,     /* a set name that does not exist */
    NORMA_UNAVAILABLE_SET, /* a set that exists, but not on this CPU, or all sets excluded */
    NORMA_NULL,            /* a required pointer is null */
    NORMA_OVERLAP,         /* y overlaps an input and is not exactly x */
    NORMA_EMPTY,           /* statistics of an empty set were asked for */
    NORMA_NO_MEMORY        /* plan creation could not allocate */
} norma_status;

/* One sentence, static storage, never NULL. */
NORMA_API const char *norma_strerror(norma_status status);

/* "0.1.0" */
NORMA_API const char *norma_version(void);

/* ---- problem ------------------------------------------------------------------------------ */

/* The operators: one line each, X(ENUM, text name, what it is). Everything that lists operators
 * (parser, dispatch, reference, verifier, bench) is generated from this list. Equations refer to
 * [BIN] Nam & Kim, Batch-Instance Normalization (NeurIPS 2018); [AdaIN] Huang & Belongie,
 * Arbitrary Style Transfer (ICCV 2017); [Unit] Huang & Yu, Internal Covariate Shift Bounding by
 * Unitizing Layers' Outputs (CVPR 2020), supplement. */
#define NORMA_OPERATORS(X)                                                                         \
    X(BN, bn, "batch normalization [BIN eq. 1]")                                                   \
    X(IN, in, "instance normalization [BIN eq. 2]")                                                \
    X(BIN, bin, "batch-instance normalization [BIN eq. 3]")                                        \
    X(ADAIN, adain, "adaptive instance normalization [AdaIN eq. 8, 14]")                           \
    X(GN, gn, "group normalization")                                                               \
    X(UNIT, unit, "unitization, practical form [Unit 1.1]")

typedef enum norma_operator {
#define NORMA_ENUM(upper, lower, text) NORMA_##upper,
    NORMA_OPERATORS(NORMA_ENUM)
#undef NORMA_ENUM
        NORMA_OPERATOR_COUNT
} norma_operator;

typedef enum norma_pass {
    NORMA_FORWARD,  /* "fwd": training; statistics from the data, optionally returned */
    NORMA_INFERENCE /* "inf": bn, bin: running statistics are inputs; others: as fwd, but no
                       statistics are returned */
} norma_pass;

typedef enum norma_dtype { NORMA_F32 } norma_dtype;

typedef enum norma_layout {
    NORMA_NCS /* "ncs": N, C, spatial; the spatial positions are contiguous (NCHW, NCDHW, NCL) */
} norma_layout;

/* adain: where the style's statistics come from. */
typedef enum norma_style_source {
    NORMA_STYLE_TENSOR, /* args.style, of spatial size problem.style_spatial */
    NORMA_STYLE_STATS   /* args.style_mean and args.style_std */
} norma_style_source;

/* unit: what alpha varies over. */
typedef enum norma_alpha_kind {
    NORMA_ALPHA_SCALAR,  /* problem.alpha */
    NORMA_ALPHA_CHANNEL, /* args.alpha[C] */
    NORMA_ALPHA_ELEMENT  /* args.alpha[C][S] */
} norma_alpha_kind;

enum { NORMA_MAX_SPATIAL = 3 };

/* What to compute. Fields that an operator does not use have their default value, so two problems
 * are the same exactly if their texts are. Fill it with norma_problem_parse, or start from
 * norma_problem_default and set fields. */
struct norma_problem {
    norma_operator op;
    norma_pass pass;
    norma_dtype dtype;
    norma_layout layout;
    int64_t n, c;       /* samples, channels; 0 is allowed: an empty tensor */
    int spatial_rank;   /* 0 to 3 */
    int64_t spatial[3]; /* outermost first, e.g. D, H, W; unused entries are 0 */
    double epsilon;     /* added to the variance (unit: to the squared norm); >= 0 */
    double momentum;    /* bn, bin: running <- (1 - momentum) running + momentum batch; [0, 1] */
    int64_t groups;     /* gn: divides c; default gcd(c, 32). Others: 0 */
    bool rho_fixed;     /* bin: one gate for all channels (rho=0.5: the BN+IN ensemble) ... */
    double rho;         /* ... of this value in [0, 1]; 0 when the gate is args.rho[C] */
    norma_alpha_kind alpha_kind; /* unit, default CHANNEL; all others: SCALAR */
    double alpha; /* adain: trade-off in [0, 1], default 1; unit with SCALAR: any finite number */
    norma_style_source style_source; /* adain */
    int style_rank;                  /* adain: spatial size of the style tensor; the default ... */
    int64_t style_spatial[3];        /* ... (rank -1, zeros) is the content's */
};

/* Where and why a text is not a problem: position is the byte offset of the offending character. */
struct norma_parse_error {
    size_t position;
    char message[160];
};

enum { NORMA_PROBLEM_TEXT = 512 }; /* enough for the text of any problem, with the final NUL */

/* Parses `op:NxCxSPATIAL[:key=value,...]`, e.g. "gn:8x256x56x56:g=32". SPATIAL is 0 to 3 numbers.
 *
 *     pass=fwd|inf   layout=ncs   dtype=f32   eps=1e-5
 *     momentum=0.1   bn, bin
 *     g=gcd(C,32)    gn: groups
 *     rho=R          bin: one gate for all channels; without it the gate is args.rho[C]
 *     alpha=1        adain: content-style trade-off in [0, 1]
 *     style=HxW      adain: spatial size of the style tensor (default: the content's);
 *                    style=point: one position; style=stats: the style's mean and std are given
 *     alpha=channel  unit: args.alpha[C]; alpha=element: args.alpha[C][S]; or a number for all
 *
 * Returns NORMA_MALFORMED, or NORMA_INVALID for a well-formed text of an impossible problem
 * (G not dividing C); both fill *error unless it is NULL. */
NORMA_API norma_status norma_problem_parse(const char *text, struct norma_problem *problem,
                                           struct norma_parse_error *error);

/* Writes the canonical text (defaults left out, except g) and returns its length as snprintf does:
 * what parse makes of it equals *problem exactly. */
NORMA_API size_t norma_problem_print(const struct norma_problem *problem, char *text, size_t size);

/* A problem of the operator with every key at its default; the shape is 0x0. */
NORMA_API struct norma_problem norma_problem_default(norma_operator op);

/* NORMA_OK or NORMA_INVALID with one sentence in message (may be NULL). */
NORMA_API norma_status norma_problem_check(const struct norma_problem *problem, char *message,
                                           size_t size);

/* S: the product of the spatial sizes; 1 without any. */
NORMA_API int64_t norma_problem_spatial(const struct norma_problem *problem);

/* adain with a style tensor: its S; else 0. */
NORMA_API int64_t norma_problem_style_spatial(const struct norma_problem *problem);

/* The number of statistics sets whose mean and inverse_std an operator returns: bn, bin: C;
 * in, adain: N*C; gn: N*groups; unit: N. */
NORMA_API int64_t norma_problem_statistics(const struct norma_problem *problem);

/* "bn"; NULL beyond the last. */
NORMA_API const char *norma_operator_name(norma_operator op);
/* "batch normalization [BIN eq. 1]"; NULL beyond the last. */
NORMA_API const char *norma_operator_text(norma_operator op);

/* ---- sets --------------------------------------------------------------------------------- */

/* Names of the compiled-in SIMD sets, fastest first; NULL beyond the last. */
NORMA_API const char *norma_set_name(size_t index);
/* Can this CPU (and its operating system) run set number index? */
NORMA_API bool norma_set_available(size_t index);
/* The CPU features that set number index needs, e.g. "avx2 fma"; "" for none. */
NORMA_API const char *norma_set_features(size_t index);

/* ---- plan and execute --------------------------------------------------------------------- */

struct norma_options {
    /* Which sets may be used: "avx2,portable" allows these alone, "-avx512" all but this one. The
     * fastest allowed set that the CPU has is taken. NULL: the environment variable NORMA_SETS, in
     * the same syntax; unset: all. */
    const char *sets;
    /* Most threads to use; 0: as many as OpenMP would. Results do not depend on it. */
    int threads;
};

struct norma_plan;

/* Creates an immutable plan; the caller owns it. options may be NULL. Several threads may execute
 * one plan at once, each with its own workspace. */
NORMA_API norma_status norma_plan_create(struct norma_plan **plan,
                                         const struct norma_problem *problem,
                                         const struct norma_options *options);
NORMA_API void norma_plan_destroy(struct norma_plan *plan); /* NULL is fine */

/* Bytes of scratch memory that one execution needs; may be 0. */
NORMA_API size_t norma_plan_workspace(const struct norma_plan *plan);
/* The set that the plan uses. */
NORMA_API const char *norma_plan_set(const struct norma_plan *plan);

/* Tensors of one execution. All are dense, of the problem's layout and dtype where not said
 * otherwise; no alignment is required. Pointers that the problem does not use are ignored. */
struct norma_args {
    const void *x; /* [N][C][S] */
    void *y;       /* [N][C][S]; y == x is allowed, any other overlap with an input is an error */
    const float *gamma;                  /* [C]; NULL: 1. bn, in, bin, gn */
    const float *beta;                   /* [C]; NULL: 0. bn, in, bin, gn */
    const float *rho;                    /* [C]; bin, unless problem.rho_fixed */
    const float *alpha;                  /* [C] or [C][S]; unit, unless its alpha is a scalar */
    const void *style;                   /* [N][C][style S]; adain with a style tensor */
    const float *style_mean, *style_std; /* [N][C]; adain with style=stats; the std as it scales:
                                            sqrt(var + epsilon) */
    /* bn, bin. fwd: updated in place, NULL: not wanted (the variance with Bessel's correction
     * n/(n-1), where n > 1). inf: inputs, required. */
    float *running_mean, *running_variance; /* [C] */
    /* fwd: returned for a later backward pass, NULL: not wanted. Sizes: norma_problem_statistics.
     * inverse_std is 1/sqrt(var + epsilon); unit: 1/sqrt(|x|^2 + epsilon), and mean is not used.
     * bin: mean and inverse_std are the batch's, the instance_ ones [N][C] the instances'. */
    float *mean, *inverse_std;
    float *instance_mean, *instance_inverse_std;
    void *workspace; /* norma_plan_workspace bytes, aligned as malloc does */
};

/* Computes y and what else args asks for. Allocates nothing. Inputs are never written. Empty
 * tensors: does nothing and succeeds, but NORMA_EMPTY when statistics of an empty set are asked
 * for. */
NORMA_API norma_status norma_execute(const struct norma_plan *plan, const struct norma_args *args);

#ifdef __cplusplus
}
#endif

#endif
