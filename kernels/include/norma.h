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
 * Every function is thread-safe; none prints, exits or touches global state. (What is looked up at
 * its first use and then never changes: facts about the machine, and the user's profile.) Functions
 * that can fail return a norma_status.
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
    NORMA_STATUS_OK = 0,
    NORMA_STATUS_MALFORMED, /* a problem text that cannot be parsed */
    NORMA_STATUS_INVALID,   /* a problem that makes no sense: G not dividing C, epsilon < 0, ... */
    NORMA_STATUS_UNSUPPORTED,     /* a sound problem that this implementation cannot do */
    NORMA_STATUS_UNKNOWN_SET,     /* a set name that does not exist */
    NORMA_STATUS_UNAVAILABLE_SET, /* a set that exists, but not on this CPU, or all sets excluded */
    NORMA_STATUS_NULL,            /* a required pointer is null */
    NORMA_STATUS_OVERLAP,         /* an output overlaps another tensor where that is not allowed */
    NORMA_STATUS_EMPTY,           /* statistics or gradients of an empty set were asked for */
    NORMA_STATUS_NO_MEMORY,       /* plan creation could not allocate */
    NORMA_STATUS_BAD_GATE,        /* args.rho has an entry outside [0, 1] */
    NORMA_STATUS_BAD_STYLE_INDEX, /* args.style_index has an entry outside [0, styles) */
    NORMA_STATUS_BAD_WEIGHTS,     /* the args.style_weights of a sample do not sum to one */
    NORMA_STATUS_BAD_LABEL,       /* args.labels has an entry outside [0, regions) */
    NORMA_STATUS_BAD_PERMUTATION, /* args.permutation does not have each of 0 to N-1 once */
    NORMA_STATUS_BAD_PROFILE /* a profile that cannot be read, or is of another norma or processor
                              */
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
    X(CIN, cin, "conditional instance normalization [AdaIN eq. 7]")                                \
    X(BIN, bin, "batch-instance normalization [BIN eq. 3]")                                        \
    X(ADAIN, adain, "adaptive instance normalization [AdaIN eq. 8, 14, 15]")                       \
    X(GN, gn, "group normalization")                                                               \
    X(LN, ln, "layer normalization")                                                               \
    X(RMS, rms, "root mean square normalization")                                                  \
    X(UNIT, unit, "unitization [Unit 1.1]")

typedef enum norma_operator {
#define NORMA_ENUM(upper, lower, text) NORMA_OPERATOR_##upper,
    NORMA_OPERATORS(NORMA_ENUM)
#undef NORMA_ENUM
        NORMA_OPERATOR_COUNT
} norma_operator;

typedef enum norma_pass {
    NORMA_PASS_FORWARD,   /* "fwd": training; statistics from the data, optionally returned */
    NORMA_PASS_INFERENCE, /* "inf": bn, bin, unit form=layer: running statistics are inputs; others:
                        as fwd, but no statistics are returned */
    NORMA_PASS_BACKWARD,  /* "bwd": gradients of fwd, from the statistics that fwd returned */
    NORMA_PASS_INFERENCE_BACKWARD /* "inf_bwd": gradients of inf, where that is another function:
                                bn, bin, unit form=layer; the running statistics are constants */
} norma_pass;

/* What is done to the result y while it is at hand. Backward, dy is the gradient of what the
 * epilogue yields, and y, saved from the forward pass, says where the ReLU let it through. */
typedef enum norma_epilogue {
    NORMA_EPILOGUE_NONE,    /* "none" */
    NORMA_EPILOGUE_RELU,    /* "relu": y <- y where not y <= 0, else 0; NaN stays NaN */
    NORMA_EPILOGUE_ADD_RELU /* "add_relu": y <- relu(y + residual) */
} norma_epilogue;

typedef enum norma_dtype { NORMA_DTYPE_F32 } norma_dtype;

typedef enum norma_layout {
    NORMA_LAYOUT_NCS, /* "ncs": N, C, spatial; the spatial positions are contiguous (NCHW, NCDHW,
                         NCL) */
    NORMA_LAYOUT_NSC  /* "nsc": N, spatial, C; the channels are contiguous (NHWC, NDHWC, NLC) */
} norma_layout;

/* adain: where the style's statistics come from. */
typedef enum norma_style_source {
    NORMA_STYLE_TENSOR, /* args.style, of spatial size problem.style_spatial */
    NORMA_STYLE_STATS,  /* args.style_mean and args.style_std */
    NORMA_STYLE_SWAP    /* sample args.permutation[n] of x is the style of sample n */
} norma_style_source;

/* unit: what alpha varies over. */
typedef enum norma_alpha_kind {
    NORMA_ALPHA_SCALAR,  /* problem.alpha */
    NORMA_ALPHA_CHANNEL, /* args.alpha[C] */
    NORMA_ALPHA_ELEMENT  /* args.alpha[C][S] */
} norma_alpha_kind;

/* unit: which of the functions called unitization, |x| the norm of a sample over C and S, d = C S
 * its elements [Unit 1.1]. Where |x| = 0, vanilla, and scalar with alpha = 1, give the constant
 * vector of norm 1 (every element 1/sqrt(d)), scalar otherwise and vector 0; gradients there are
 * those of x / (1 - alpha), and 0 where alpha = 1. */
typedef enum norma_unit_form {
    NORMA_FORM_PRACTICAL, /* [alpha / sqrt(|x|^2 + epsilon) + (1 - alpha)] x; any alpha */
    NORMA_FORM_VANILLA,   /* x / |x| */
    NORMA_FORM_SCALAR,    /* x / (alpha |x| + (1 - alpha)); a number alpha in [0, 1] */
    NORMA_FORM_VECTOR,    /* x_i / (alpha_i |x| + (1 - alpha_i)), alpha_i in [0, 1] by channel or
                             element */
    NORMA_FORM_LAYER      /* as its authors train it: z = batch normalized x without affine, q_n =
                             sum over c, s of z^2 / (S k), y = gamma_c [alpha_c / sqrt(q_n + epsilon)
                             + (1 - alpha_c)] z + beta_c; alpha a number or by channel */
} norma_unit_form;

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
    norma_epilogue epilogue;
    double epsilon;  /* added to the variance (rms: to the mean square; unit: to the squared norm);
                        >= 0. Default where unused: unit's forms vanilla, scalar and vector */
    double momentum; /* bn, bin, unit layer: running <- (1 - momentum) running + momentum batch;
                        [0, 1] */
    int64_t groups;  /* gn: divides c; default gcd(c, 32). Others: 0 */
    int64_t styles;  /* cin: rows of the tables gamma and beta; adain: styles that are mixed, with
                        args.style_weights if more than one; default 1. Others: 0 */
    int64_t regions; /* adain: 1, or 2 to 256: regions of args.labels, each with a style of its
                        own, and then styles = 1. Others: 0 */
    bool rho_fixed;  /* bin: one gate for all channels (rho=0.5: the BN+IN ensemble) ... */
    double rho;      /* ... of this value in [0, 1]; 0 when the gate is args.rho[C] */
    norma_unit_form form; /* unit */
    norma_alpha_kind
        alpha_kind; /* unit, default CHANNEL (vanilla, scalar: SCALAR); others: SCALAR */
    double alpha;   /* adain: trade-off in [0, 1], default 1; unit with SCALAR: a finite number */
    double norm_scale;               /* unit layer: k > 0, default 1. All others: 1 */
    norma_style_source style_source; /* adain */
    bool style_unbiased;      /* adain: the style's standard deviation is sqrt(m2 / (S - 1)), as its
                                 authors' code has it, instead of sqrt(m2 / S + epsilon) [AdaIN eq. 6] */
    int style_rank;           /* adain: spatial size of the style tensor; the default ... */
    int64_t style_spatial[3]; /* ... (rank -1, zeros) is the content's */
};

/* Where and why a text is not a problem: position is the byte offset of the offending character. */
struct norma_parse_error {
    size_t position;
    char message[160];
};

enum { NORMA_PROBLEM_TEXT = 640 }; /* enough for the text of any problem, with the final NUL */

/* Parses `op:NxCxSPATIAL[:key=value,...]`, e.g. "gn:8x256x56x56:g=32". SPATIAL is 0 to 3 numbers.
 *
 *     pass=fwd|inf|bwd|inf_bwd   layout=ncs|nsc   dtype=f32   eps=1e-5
 *     epilogue=none|relu|add_relu
 *     momentum=0.1   bn, bin, unit
 *     g=gcd(C,32)    gn: groups
 *     rho=R          bin: one gate for all channels; without it the gate is args.rho[C]
 *     styles=1       cin: rows of the tables; adain: styles that are mixed
 *     regions=1      adain: regions of a label map, each with its style
 *     alpha=1        adain: content-style trade-off in [0, 1]
 *     style=HxW      adain: spatial size of the style tensor (default: the content's);
 *                    style=point: one position; style=stats: the style's mean and std are given;
 *                    style=swap: samples of the batch are each other's style
 *     std=biased     adain: of the style; std=unbiased divides by S - 1 and adds no epsilon
 *     form=practical unit: or vanilla, scalar, vector, layer
 *     alpha=channel  unit: args.alpha[C]; alpha=element: args.alpha[C][S]; or a number for all
 *     k=1            unit form=layer
 *
 * Returns NORMA_STATUS_MALFORMED, or NORMA_STATUS_INVALID for a well-formed text of an impossible
 * problem (G not dividing C); both fill *error unless it is NULL. */
NORMA_API norma_status norma_problem_parse(const char *text, struct norma_problem *problem,
                                           struct norma_parse_error *error);

/* Writes the canonical text (defaults left out, except g) and returns its length as snprintf does:
 * what parse makes of it equals *problem exactly. */
NORMA_API size_t norma_problem_print(const struct norma_problem *problem, char *text, size_t size);

/* A problem of the operator with every key at its default; the shape is 0x0. */
NORMA_API struct norma_problem norma_problem_default(norma_operator op);

/* NORMA_STATUS_OK or NORMA_STATUS_INVALID with one sentence in message (may be NULL). No tensor may
 * have more than 2^56 bytes, which is beyond what processors address. */
NORMA_API norma_status norma_problem_check(const struct norma_problem *problem, char *message,
                                           size_t size);

/* S: the product of the spatial sizes; 1 without any. */
NORMA_API int64_t norma_problem_spatial(const struct norma_problem *problem);

/* adain with a style tensor: its S; else 0. */
NORMA_API int64_t norma_problem_style_spatial(const struct norma_problem *problem);

/* adain: styles of each sample, one for each that is mixed or for each region; else 0. */
NORMA_API int64_t norma_problem_sample_styles(const struct norma_problem *problem);

/* The number of statistics sets whose mean and inverse_std an operator returns: bn, bin, unit
 * layer: C; in, cin: N*C; adain: N*regions*C; gn: N*groups; ln, rms, other units: N. */
NORMA_API int64_t norma_problem_statistics(const struct norma_problem *problem);

/* "bn"; NULL beyond the last. */
NORMA_API const char *norma_operator_name(norma_operator op);
/* "batch normalization [BIN eq. 1]"; NULL beyond the last. */
NORMA_API const char *norma_operator_text(norma_operator op);
/* "fwd", "ncs", "f32", "relu": as in the text of a problem; NULL beyond the last. */
NORMA_API const char *norma_pass_name(norma_pass pass);
NORMA_API const char *norma_layout_name(norma_layout layout);
NORMA_API const char *norma_dtype_name(norma_dtype dtype);
NORMA_API const char *norma_epilogue_name(norma_epilogue epilogue);

/* ---- sets --------------------------------------------------------------------------------- */

/* Names of the SIMD sets: the compiled-in ones, fastest first, then those that a program of norma's
 * loaded (norma_set.h); NULL beyond the last. */
NORMA_API const char *norma_set_name(size_t index);
/* Can this CPU (and its operating system) run set number index? */
NORMA_API bool norma_set_available(size_t index);
/* The CPU features that set number index needs, e.g. "avx2 fma"; "" for none. */
NORMA_API const char *norma_set_features(size_t index);

/* ---- profiles ----------------------------------------------------------------------------- */

/* How a plan cuts its tensor for caches and threads is tuned for each set by a profile, a text file
 * that `norma-bench tune` makes; kernels/README.md has its format. It changes how fast a plan is,
 * never a bit of its result. Profiles are immutable. */
struct norma_profile;

/* Reads a file, or a text. NORMA_STATUS_BAD_PROFILE: it cannot be read, is malformed, or was made
 * by another version of norma or on another processor; message (may be NULL) says in one sentence
 * what is wrong, and in which line. */
NORMA_API norma_status norma_profile_load(const char *path, struct norma_profile **profile,
                                          char *message, size_t size);
NORMA_API norma_status norma_profile_parse(const char *text, struct norma_profile **profile,
                                           char *message, size_t size);
NORMA_API void norma_profile_destroy(struct norma_profile *profile); /* NULL is fine */

/* What a profile must say behind `cpu` to be used here: processor and caches, one line. */
NORMA_API const char *norma_profile_cpu(void);

/* The profile of plans without one of their own, looked up once per process: the file that the
 * environment variable NORMA_PROFILE names; where that is set and empty, none; where it is not set,
 * $XDG_CONFIG_HOME/norma/profile (~/.config/norma/profile), if it is there. Returns
 * NORMA_STATUS_OK, with an empty message, where there is none or it is fine; else what
 * norma_profile_load returned, with a sentence that names the file, the reason and the way out. If
 * NORMA_PROFILE named a bad one, plan creation fails as well; one in the user's folder is left
 * alone and plans take the defaults.
 */
NORMA_API norma_status norma_profile_default(char *message, size_t size);

/* ---- plan and execute --------------------------------------------------------------------- */

struct norma_options {
    /* Which sets may be used: "avx2,portable" allows these alone, "-avx512" all but this one. The
     * fastest allowed set that the CPU has is taken. NULL: the environment variable NORMA_SETS, in
     * the same syntax; unset: all. */
    const char *sets;
    /* Most threads to use; 0: as many as OpenMP would. Results do not depend on it. */
    int threads;
    /* Must live as long as the plan. NULL: that of norma_profile_default. */
    const struct norma_profile *profile;
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
/* The path of the profile that tuned the plan, "" of one that was parsed; NULL: none did, or it has
 * nothing on this set and size. */
NORMA_API const char *norma_plan_profile(const struct norma_plan *plan);

/* Tensors of one execution. All are dense, of the problem's layout and dtype where not said
 * otherwise: shapes are written for ncs, with nsc [C][S] is [S][C]. No alignment is required.
 * Pointers that the problem does not use are ignored. K is norma_problem_sample_styles: styles or
 * regions, whichever is not 1; T is problem.styles.
 *
 * Backward passes take x, dy, the parameters, and the statistics that the forward pass returned,
 * and write the gradients: dx, and of the others those that are not NULL. Gradients are
 * overwritten, not added to. beta is not used by them. */
struct norma_args {
    const void *x;        /* [N][C][S] */
    void *y;              /* [N][C][S]; y == x is allowed, any other overlap with an input is an
                             error. Backward: with an epilogue an input, else not used */
    const void *residual; /* [N][C][S]; fwd, inf with epilogue=add_relu */
    const float *gamma;   /* [C]; NULL: 1. bn, in, bin, gn, ln, rms, unit layer; cin: [T][C] */
    const float *beta;    /* [C]; NULL: 0. bn, in, bin, gn, ln, unit layer; cin: [T][C] */
    const float *rho;     /* [C], in [0, 1]; bin, unless problem.rho_fixed */
    const float *alpha;   /* [C] or [C][S]; unit, unless its alpha is a scalar */
    const int32_t *style_index;    /* [N], in [0, T); cin */
    const void *style;             /* [N][K][C][style S]; adain with a style tensor */
    float *style_mean, *style_std; /* [N][K][C]; adain. With style=stats, and backward with any
                                      style: inputs, the std as it scales. Otherwise outputs; NULL:
                                      not wanted */
    const float *style_weights;    /* [N][K], each row sums to one within K 2^-23; adain with
                                    styles > 1 */
    const uint8_t *labels;         /* [N][S], in [0, regions); adain with regions > 1 */
    const int32_t *permutation;    /* [N]; adain with style=swap */
    /* bn, bin, unit layer. fwd: updated in place, NULL: not wanted (the variance with Bessel's
     * correction n/(n-1), where n > 1). inf, inf_bwd: inputs, required. */
    float *running_mean, *running_variance; /* [C] */
    /* fwd: returned for the backward pass, NULL: not wanted; bwd: inputs, required. Sizes:
     * norma_problem_statistics. inverse_std is 1/sqrt(var + epsilon); rms, unit: the reciprocal of
     * what x is divided by, and mean is not used; of a region without a position: 0, and its mean
     * 0. bin: mean and inverse_std are the batch's, the instance_ ones [N][C] the instances', which
     * inf returns and inf_bwd takes as well. Coefficients are floats, too: with epsilon = 0, and in
     * unit's forms without one, the inverse of a deviation or norm below 2.9e-39 is infinite, and
     * so is y. */
    float *mean, *inverse_std;
    float *instance_mean, *instance_inverse_std;
    float *style_loss; /* [N]; adain fwd with K = 1; NULL: not wanted. |mu(x) - mu(s)| + |sigma(x) -
                          sigma(s)|, norms over the channels [AdaIN eq. 13] */

    const void *dy;        /* [N][C][S]; backward */
    void *dx;              /* [N][C][S]; backward; dx == dy is allowed, no other overlap */
    void *dresidual;       /* [N][C][S]; dy where the ReLU was open; epilogue=add_relu */
    float *dgamma, *dbeta; /* as gamma and beta */
    float *drho;           /* [C]; bin, unless problem.rho_fixed [BIN eq. 5] */
    float *dalpha; /* as alpha; [1] where unit's alpha is a scalar (not with form=vanilla) */
    void *dstyle;  /* [N][K][C][style S]; adain with a style tensor */
    float *dstyle_mean, *dstyle_std; /* [N][K][C]; adain with style=stats */

    void *workspace; /* norma_plan_workspace bytes, aligned as malloc does */
};

/* Computes what the problem says and args asks for. Allocates nothing. Inputs are never written.
 * Empty tensors: does nothing and succeeds, but NORMA_STATUS_EMPTY when an output is asked for that
 * is not empty itself: statistics of no element, gradients that no element adds to.
 * NORMA_STATUS_BAD_...: an argument has a value that it may not have; nothing was written. */
NORMA_API norma_status norma_execute(const struct norma_plan *plan, const struct norma_args *args);

/* ---- stages ------------------------------------------------------------------------------- */

/* An execution in steps, for what has to happen in between: statistics reduced over processes
 * (synchronized batch normalization), or computed once and used often.
 *
 *     forward    moments -> [merge with others'] -> coefficients -> apply
 *     backward   sums -> [add others'] -> gradient
 *
 * Without anything in between the results are norma_execute's to the bit. NORMA_STATUS_UNSUPPORTED
 * for plans whose statistics are not those of x alone, or whose coefficients vary inside a plane:
 * adain with a style tensor, swap or regions, unit with an alpha by element. All steps of one
 * execution take the same args, whose workspace has norma_stage_workspace bytes and keeps its
 * contents from step to step. Errors as norma_execute's, and NORMA_STATUS_NULL for a null array
 * that is needed. */

/* Bytes of args.workspace for staged execution; may be more than norma_plan_workspace. */
NORMA_API size_t norma_stage_workspace(const struct norma_plan *plan);

/* Of one statistics set: elements, mean, sum of squared deviations from it. */
struct norma_partial_moments {
    double count, mean, m2;
};

/* Of one statistics set, backward: elements; dy and dy (x - mean), summed with the weights of the
 * operator (gamma and the like). All three are simply added up with others'. */
struct norma_partial_sums {
    double count, dy, product;
};

/* Entries of the arrays below: bn: [C]; in, cin, adain: [N][C]; gn: [N][groups]; ln, rms, unit:
 * [N]; bin, unit layer: [C] of the batch, then [N][C] of the planes, which concern this process
 * alone: only the first C are to be merged. The batch's are 0 entries in inference. */
NORMA_API int64_t norma_stage_sets(const struct norma_plan *plan);

/* Forward, step 1: x -> moments. */
NORMA_API norma_status norma_stage_moments(const struct norma_plan *plan,
                                           const struct norma_args *args,
                                           struct norma_partial_moments *moments);

/* Merges `sets` moments of other elements into these [Chan, Golub, LeVeque 1983]. The order in
 * which processes are merged is part of the bits. NORMA_STATUS_NULL for a null pointer. */
NORMA_API norma_status norma_stage_merge(struct norma_partial_moments *moments,
                                         const struct norma_partial_moments *others, int64_t sets);

/* y = (x - centre) scale + shift, each [N][C]; the caller's arrays. */
struct norma_stage_affine {
    float *centre, *scale, *shift;
};

/* Step 2: moments and parameters -> coefficients; returns the statistics that args asks for, and
 * updates the running ones. x and y are not touched. */
NORMA_API norma_status norma_stage_coefficients(const struct norma_plan *plan,
                                                const struct norma_args *args,
                                                const struct norma_partial_moments *moments,
                                                const struct norma_stage_affine *affine);

/* Step 3: x -> y, with the epilogue. */
NORMA_API norma_status norma_stage_apply(const struct norma_plan *plan,
                                         const struct norma_args *args,
                                         const struct norma_stage_affine *affine);

/* Backward, step 1: x, dy -> sums. */
NORMA_API norma_status norma_stage_sums(const struct norma_plan *plan,
                                        const struct norma_args *args,
                                        struct norma_partial_sums *sums);

/* Step 2: -> dx, and the gradients of parameters, which are of this process's samples. */
NORMA_API norma_status norma_stage_gradient(const struct norma_plan *plan,
                                            const struct norma_args *args,
                                            const struct norma_partial_sums *sums);

/* ---- training ----------------------------------------------------------------------------- */

/* The gate learns this many times faster than the other parameters [BIN section 3], from rho = 1,
 * without weight decay. */
#define NORMA_GATE_RATE_MULTIPLE 10.0

/* One step of gradient descent on a gate, clipped [BIN eq. 4]: rho <- clip(rho - multiple * rate *
 * drho) to [0, 1]. A NaN stays NaN, so that execute refuses it. NORMA_STATUS_NULL for a null
 * pointer. */
NORMA_API norma_status norma_gate_update(float *rho, const float *drho, int64_t channels,
                                         double rate, double multiple);

#ifdef __cplusplus
}
#endif

#endif
