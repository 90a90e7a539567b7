/* norma: SIMD kernels for normalization operators.
 *
 * A problem describes a computation, and a plan is how it is done on this machine. Executing a plan
 * allocates nothing.
 *
 *     struct norma_problem problem;
 *     norma_problem_parse("in:8x64x56x56", &problem, NULL);
 *     struct norma_plan *plan;
 *     norma_status status = norma_plan_create(&plan, &problem, NULL);
 *     if (status == NORMA_STATUS_OK) {
 *         void *workspace = malloc(norma_plan_workspace(plan));
 *         status = norma_execute(plan, &(struct norma_args){.x = x, .y = y, .gamma = gamma,
 *                                                           .beta = beta, .workspace = workspace});
 *         free(workspace);
 *     }
 *     norma_plan_destroy(plan);
 *
 * Every function is thread-safe, prints nothing, never exits, and changes no global state. (Facts
 * about the machine and the user's profile are looked up at their first use and never change after
 * that.) Functions that can fail return a norma_status; an output argument is written only on
 * success, unless its comment says otherwise. A pointer must not be NULL unless its comment, or
 * NORMA_STATUS_NULL among its errors, says that it may be. Questions about a plan may be asked of
 * NULL, which a failed creation leaves: sizes are 0, and names NULL.
 *
 * A process that forks may go on with its plans in the child. The child has a copy of the thread
 * that called fork(), and none of those that OpenMP had started for it. Therefore, if the process
 * had other threads at all, this copy computes with one thread; results do not depend on that.
 * Threads that the child creates compute with as many as planned. (Other libraries may hang there:
 * GNU's OpenMP waits for the threads that it had. So does norma where it is loaded only after the
 * fork.)
 *
 * Every function takes at most 48 KiB of stack, of the caller's thread and of OpenMP's, if the
 * library is compiled with optimization. So threads with stacks of 64 KiB are enough, also for
 * OpenMP (OMP_STACKSIZE=64K).
 *
 * In shapes, N is the number of samples, C that of channels, and S that of spatial positions.
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
    NORMA_STATUS_MALFORMED,       /* a problem text that cannot be parsed */
    NORMA_STATUS_INVALID,         /* a problem or options without sense, e.g. epsilon < 0 */
    NORMA_STATUS_UNSUPPORTED,     /* a sound problem that this implementation cannot do */
    NORMA_STATUS_UNKNOWN_SET,     /* a set name that does not exist */
    NORMA_STATUS_UNAVAILABLE_SET, /* a set that exists, but not on this CPU, or all sets excluded */
    NORMA_STATUS_NULL,            /* a required pointer is null */
    NORMA_STATUS_OVERLAP,         /* an output overlaps another tensor where that is not allowed */
    NORMA_STATUS_EMPTY,           /* statistics of no elements were requested */
    NORMA_STATUS_NO_MEMORY,       /* a plan or a profile could not be allocated */
    NORMA_STATUS_BAD_GATE,        /* args.rho has an entry outside [0, 1] */
    NORMA_STATUS_BAD_STYLE_INDEX, /* args.style_index has an entry outside [0, styles) */
    NORMA_STATUS_BAD_WEIGHTS,     /* the args.style_weights of a sample do not sum to one */
    NORMA_STATUS_BAD_LABEL,       /* args.labels has an entry outside [0, regions) */
    NORMA_STATUS_BAD_PERMUTATION, /* args.permutation does not have each of 0 to N-1 once */
    NORMA_STATUS_BAD_PROFILE      /* a profile that is unreadable, or for another norma or CPU */
} norma_status;

/* Returns one sentence about the status, in static storage; never NULL. */
NORMA_API const char *norma_strerror(norma_status status);

/* Returns the version of the library, "0.1.0", in static storage. */
NORMA_API const char *norma_version(void);

/* ---- problem ------------------------------------------------------------------------------ */

/* The operators, one line each: X(ENUM, text name, description). All lists of operators (parser,
 * dispatch, reference, verifier, benchmarks) are generated from this one. The equations are from
 * [BIN] Nam & Kim, Batch-Instance Normalization (NeurIPS 2018), [AdaIN] Huang & Belongie, Arbitrary
 * Style Transfer (ICCV 2017), and [Unit] Huang & Yu, Internal Covariate Shift Bounding by Unitizing
 * Layers' Outputs (CVPR 2020), supplement. */
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
    /* "fwd": training. The statistics are computed from the data, and returned on request. */
    NORMA_PASS_FORWARD,
    /* "inf": inference. The running statistics of bn, bin and unit form=layer are inputs; for other
     * operators it is fwd without returned statistics. */
    NORMA_PASS_INFERENCE,
    /* "bwd": the gradients of fwd, from the statistics that fwd returned. */
    NORMA_PASS_BACKWARD,
    /* "inf_bwd": the gradients of inf, for the operators whose inf differs from fwd: bn, bin and
     * unit form=layer. The running statistics are constants. */
    NORMA_PASS_INFERENCE_BACKWARD
} norma_pass;

/* The operation that follows on the result y while it is in registers. Backward, dy is the gradient
 * of the epilogue's result, and y, saved from the forward pass, says where the ReLU let it
 * through. */
typedef enum norma_epilogue {
    NORMA_EPILOGUE_NONE,    /* "none" */
    NORMA_EPILOGUE_RELU,    /* "relu": y <- 0 where y <= 0, else y; NaN stays NaN */
    NORMA_EPILOGUE_ADD_RELU /* "add_relu": y <- relu(y + residual) */
} norma_epilogue;

/* The type of the elements of x, y, dy, dx, residual, dresidual, style and dstyle. Parameters and
 * statistics are float. */
typedef enum norma_dtype { NORMA_DTYPE_F32 } norma_dtype;

typedef enum norma_layout {
    NORMA_LAYOUT_NCS, /* "ncs": N, C, S. Positions are contiguous (NCHW, NCDHW, NCL) */
    NORMA_LAYOUT_NSC  /* "nsc": N, S, C. Channels are contiguous (NHWC, NDHWC, NLC) */
} norma_layout;

/* adain: the source of the style's statistics. */
typedef enum norma_style_source {
    NORMA_STYLE_TENSOR, /* args.style, of spatial size problem.style_spatial */
    NORMA_STYLE_STATS,  /* args.style_mean and args.style_std */
    NORMA_STYLE_SWAP    /* sample args.permutation[n] of x is the style of sample n */
} norma_style_source;

/* unit: the shape of alpha. */
typedef enum norma_alpha_kind {
    NORMA_ALPHA_SCALAR,  /* problem.alpha */
    NORMA_ALPHA_CHANNEL, /* args.alpha[C] */
    NORMA_ALPHA_ELEMENT  /* args.alpha[C][S] */
} norma_alpha_kind;

/* unit: the function, among those called unitization [Unit 1.1]. |x| is the norm of a sample over C
 * and S, and d = C S is the number of its elements. Where |x| = 0, vanilla, and scalar with
 * alpha = 1, give the constant vector of norm 1 (every element is 1/sqrt(d)); vector, and scalar
 * otherwise, give 0. Gradients there are those of x / (1 - alpha), and 0 where alpha = 1. */
typedef enum norma_unit_form {
    /* [alpha / sqrt(|x|^2 + epsilon) + (1 - alpha)] x; any alpha */
    NORMA_FORM_PRACTICAL,
    /* x / |x| */
    NORMA_FORM_VANILLA,
    /* x / (alpha |x| + (1 - alpha)); a number alpha in [0, 1] */
    NORMA_FORM_SCALAR,
    /* x_i / (alpha_i |x| + (1 - alpha_i)); alpha_i in [0, 1], by channel or element */
    NORMA_FORM_VECTOR,
    /* The form that the authors train: z = batch normalized x without affine, q_n = sum over c, s
     * of z^2 / (S k), y = gamma_c [alpha_c / sqrt(q_n + epsilon) + (1 - alpha_c)] z + beta_c; alpha
     * is a number or by channel. */
    NORMA_FORM_LAYER
} norma_unit_form;

enum { NORMA_MAX_SPATIAL = 3 };

/* A problem: the computation that a plan is made for. Fields that an operator does not use have
 * their default value, so two problems are the same exactly if their texts are. Fill it with
 * norma_problem_parse, or start from norma_problem_default and set fields. */
struct norma_problem {
    norma_operator op;
    norma_pass pass;
    norma_dtype dtype;
    norma_layout layout;
    int64_t n, c;       /* samples and channels; 0 is allowed: an empty tensor */
    int spatial_rank;   /* 0 to 3 */
    int64_t spatial[3]; /* outermost first, e.g. D, H, W; unused entries are 0 */
    norma_epilogue epilogue;
    /* Added to the variance (rms: to the mean square; unit: to the squared norm); >= 0. unit's
     * forms vanilla, scalar and vector do not use it. */
    double epsilon;
    /* bn, bin, unit form=layer: running <- (1 - momentum) running + momentum batch; in [0, 1]. With
     * 1, the old value is not used, and may be NaN; with 0, it keeps its bits. */
    double momentum;
    /* gn: the number of groups; divides c; default gcd(c, 32). Other operators: 0. */
    int64_t groups;
    /* cin: rows of the tables gamma and beta. adain: styles that are mixed, with args.style_weights
     * if there are several. Default 1. Other operators: 0. */
    int64_t styles;
    /* adain: 1, or 2 to 256 regions of args.labels, each with a style of its own; then styles must
     * be 1. Other operators: 0. */
    int64_t regions;
    bool rho_fixed; /* bin: true for one gate for all channels (rho=0.5 is the BN+IN ensemble) */
    double rho;     /* with rho_fixed: the gate, in [0, 1]. Else 0, and the gate is args.rho[C] */
    norma_unit_form form;
    /* unit: default CHANNEL (vanilla and scalar: SCALAR). Other operators: SCALAR. */
    norma_alpha_kind alpha_kind;
    double alpha; /* adain: trade-off in [0, 1], default 1; unit with SCALAR: a finite number */
    double norm_scale; /* unit form=layer: k > 0, default 1. All others: 1 */
    norma_style_source style_source;
    /* adain: true for the style's standard deviation as the authors' code has it,
     * sqrt(m2 / (S - 1)), instead of sqrt(m2 / S + epsilon) [AdaIN eq. 6]. */
    bool style_unbiased;
    /* adain: the spatial size of the style tensor, as spatial_rank and spatial. The default, rank
     * -1 and zeros, is the content's. */
    int style_rank;
    int64_t style_spatial[3];
};

/* Why a text is not a problem. position is the byte offset of the offending character; message is
 * one sentence. */
struct norma_parse_error {
    size_t position;
    char message[160];
};

enum { NORMA_PROBLEM_TEXT = 640 }; /* bytes that hold the text of any problem, with its NUL */

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
 *     std=biased     adain: the style's; std=unbiased divides by S - 1 and adds no epsilon
 *     form=practical unit: or vanilla, scalar, vector, layer
 *     alpha=channel  unit: args.alpha[C]; alpha=element: args.alpha[C][S]; or a number for all
 *     k=1            unit form=layer
 *
 * Returns NORMA_STATUS_NULL, NORMA_STATUS_MALFORMED, or NORMA_STATUS_INVALID for a well-formed text
 * of an impossible problem (G not dividing C). An error fills *error unless that is NULL, and
 * leaves *problem as it is. */
NORMA_API norma_status norma_problem_parse(const char *text, struct norma_problem *problem,
                                           struct norma_parse_error *error);

/* Writes the canonical text (without defaults, except g), and returns its length, as snprintf does.
 * norma_problem_parse turns the text into exactly *problem again. */
NORMA_API size_t norma_problem_print(const struct norma_problem *problem, char *text, size_t size);

/* Returns a problem of the operator with every key at its default and shape 0x0. */
NORMA_API struct norma_problem norma_problem_default(norma_operator op);

/* Checks whether a problem is sound. Returns NORMA_STATUS_OK, or NORMA_STATUS_NULL or
 * NORMA_STATUS_INVALID with one sentence in message (`size` bytes; may be NULL). A tensor must have
 * at most 2^56 bytes, as processors address no more. */
NORMA_API norma_status norma_problem_check(const struct norma_problem *problem, char *message,
                                           size_t size);

/* Returns S, the product of the spatial sizes; 1 if there are none. */
NORMA_API int64_t norma_problem_spatial(const struct norma_problem *problem);

/* Returns the S of adain's style tensor; 0 where there is none. */
NORMA_API int64_t norma_problem_style_spatial(const struct norma_problem *problem);

/* Returns the number of styles of each sample of adain, one for each that is mixed or for each
 * region; 0 for other operators. */
NORMA_API int64_t norma_problem_sample_styles(const struct norma_problem *problem);

/* Returns the number of entries of args.mean and args.inverse_std, one for each set of elements
 * that has statistics in common. bn, bin and unit form=layer have C, in and cin N*C, adain
 * N*regions*C, gn N*groups, and ln, rms and the other units N. */
NORMA_API int64_t norma_problem_statistics(const struct norma_problem *problem);

/* Returns "bn"; NULL beyond the last. All names are in static storage. */
NORMA_API const char *norma_operator_name(norma_operator op);
/* Returns "batch normalization [BIN eq. 1]"; NULL beyond the last. */
NORMA_API const char *norma_operator_text(norma_operator op);
/* Return "fwd", "ncs", "f32" and "relu", as in the text of a problem; NULL beyond the last. */
NORMA_API const char *norma_pass_name(norma_pass pass);
NORMA_API const char *norma_layout_name(norma_layout layout);
NORMA_API const char *norma_dtype_name(norma_dtype dtype);
NORMA_API const char *norma_epilogue_name(norma_epilogue epilogue);

/* ---- sets --------------------------------------------------------------------------------- */

/* Returns the name of a SIMD set, which has the kernels of one instruction set. The compiled-in
 * sets come first, the fastest at index 0, then those that plug-ins made (norma_set.h). NULL beyond
 * the last. */
NORMA_API const char *norma_set_name(size_t index);
/* Returns whether this CPU and its operating system can run set number index. */
NORMA_API bool norma_set_available(size_t index);
/* Returns the CPU features that set number index needs, e.g. "avx2 fma"; "" for none; NULL beyond
 * the last. */
NORMA_API const char *norma_set_features(size_t index);

/* ---- profiles ----------------------------------------------------------------------------- */

/* The tuning of plans: how they cut their tensors for caches and threads, for each set. A profile
 * is a text file that `norma-bench tune` writes; kernels/README.md has its format. It changes how
 * fast a plan is, never a bit of its result. Profiles are immutable. */
struct norma_profile;

/* Read a profile from a file, or from a text. The caller owns *profile, and must destroy it after
 * the plans that use it; on an error it is NULL. Return NORMA_STATUS_NULL, NORMA_STATUS_NO_MEMORY,
 * or NORMA_STATUS_BAD_PROFILE where it cannot be read, is malformed, or was made by another version
 * of norma or on another processor; message (`size` bytes; may be NULL) then says in one sentence
 * what is wrong, and in which line. */
NORMA_API norma_status norma_profile_load(const char *path, struct norma_profile **profile,
                                          char *message, size_t size);
NORMA_API norma_status norma_profile_parse(const char *text, struct norma_profile **profile,
                                           char *message, size_t size);
NORMA_API void norma_profile_destroy(struct norma_profile *profile); /* NULL is fine */

/* Returns the processor and its caches, in one line of static storage. A profile is used only where
 * this is what follows its `cpu`. */
NORMA_API const char *norma_profile_cpu(void);

/* Reports on the user's profile, which plans without one of their own take. It is looked up once
 * per process: the file that the environment variable NORMA_PROFILE names; none where that is set
 * and empty; where it is not set, $XDG_CONFIG_HOME/norma/profile (~/.config/norma/profile), if it
 * exists. Returns NORMA_STATUS_OK, with an empty message, where there is no such file or it is
 * valid; else the status of norma_profile_load, with a sentence that names the file, the reason and
 * the way out. If NORMA_PROFILE names an invalid profile, plan creation fails as well. An invalid
 * one in the user's folder is ignored, and plans take the defaults. */
NORMA_API norma_status norma_profile_default(char *message, size_t size);

/* ---- plan and execute --------------------------------------------------------------------- */

struct norma_options {
    /* The sets that may be used: "avx2,portable" allows only these, "-avx512" all but this one. A
     * plan takes the fastest allowed set that the CPU can run. NULL: the value of the environment
     * variable NORMA_SETS, in the same syntax, or all sets where that is not set. */
    const char *sets;
    /* The largest number of threads to use; 0: as many as OpenMP would; fewer than 0 are
     * NORMA_STATUS_INVALID, as they are more likely a mistake than a wish for all. Results do not
     * depend on it. */
    int threads;
    /* The plan's profile, which must live as long as the plan. NULL: the user's, as in
     * norma_profile_default. */
    const struct norma_profile *profile;
};

struct norma_plan;

/* Creates an immutable plan, which the caller owns. options may be NULL. Several threads may
 * execute one plan at once, each with its own workspace. On an error *plan is NULL. Returns
 * NORMA_STATUS_NULL, NORMA_STATUS_INVALID (as norma_problem_check), NORMA_STATUS_UNKNOWN_SET,
 * NORMA_STATUS_UNAVAILABLE_SET, NORMA_STATUS_BAD_PROFILE or NORMA_STATUS_NO_MEMORY. */
NORMA_API norma_status norma_plan_create(struct norma_plan **plan,
                                         const struct norma_problem *problem,
                                         const struct norma_options *options);
NORMA_API void norma_plan_destroy(struct norma_plan *plan); /* NULL is fine */

/* Returns the bytes of scratch memory that one execution needs. May be 0; then args.workspace is
 * not used. */
NORMA_API size_t norma_plan_workspace(const struct norma_plan *plan);
/* Returns the name of the set that the plan uses, which lives as long as the plan. */
NORMA_API const char *norma_plan_set(const struct norma_plan *plan);
/* Returns the path of the profile that tuned the plan, and "" for one that was parsed from a text.
 * NULL: there is no plan, there was no profile, or it has no tuning for this set and size. */
NORMA_API const char *norma_plan_profile(const struct norma_plan *plan);

/* The tensors of one execution. All are dense and have the problem's layout and dtype, unless their
 * type says otherwise. Shapes are written for ncs; with nsc, [C][S] is [S][C]. No alignment is
 * required. Pointers that the problem does not use are ignored. K is norma_problem_sample_styles:
 * styles or regions, whichever is not 1; T is problem.styles.
 *
 * Backward passes take x, dy, the parameters except beta, and the statistics that the forward pass
 * returned. They write dx, and those of the other gradients that are not NULL. Gradients are
 * overwritten, not added to. */
struct norma_args {
    const void *x; /* [N][C][S] */
    /* [N][C][S]. y == x is allowed, any other overlap with an input is an error. Backward, it is an
     * input where there is an epilogue, and else not used. */
    void *y;
    /* [N][C][S]; fwd and inf with epilogue=add_relu. Added to y as a float: where y is beyond
     * float's range without it, it is infinite with it. */
    const void *residual;

    /* Parameters. */
    const float *gamma; /* [C]; NULL: 1. bn, in, bin, gn, ln, rms, unit layer; cin: [T][C] */
    const float *beta;  /* [C]; NULL: 0. bn, in, bin, gn, ln, unit layer; cin: [T][C] */
    const float *rho;   /* [C], in [0, 1]; bin, unless problem.rho_fixed */
    const float *alpha; /* [C] or [C][S]; unit, unless its alpha is a scalar */
    const int32_t *style_index; /* [N], in [0, T); cin */

    /* adain's style. */
    const void *style; /* [N][K][C][style S]; with a style tensor */
    /* [N][K][C]. With style=stats, and backward with any style, inputs; style_std is what the
     * normalized x is multiplied by. Otherwise outputs; NULL: not written. */
    float *style_mean, *style_std;
    const float *style_weights; /* [N][K]; styles > 1; every row sums to one within K 2^-23 */
    const uint8_t *labels;      /* [N][S], in [0, regions); regions > 1 */
    const int32_t *permutation; /* [N], each of 0 to N-1 once; style=swap */

    /* [C]; bn, bin, unit layer. fwd updates them in place (the variance with Bessel's correction
     * n/(n-1), where n > 1); NULL: not written. inf and inf_bwd require them as inputs. The
     * variance of deviations beyond 1.8e19 is infinite. */
    float *running_mean, *running_variance;

    /* Statistics, of norma_problem_statistics entries. fwd returns them for the backward pass;
     * NULL: not written. bwd requires them as inputs. inverse_std is 1/sqrt(var + epsilon). For rms
     * and unit it is the reciprocal of what x is divided by, and mean is not used. For a region
     * without a position both are 0.
     *
     * Gradients are those of the function of x, not of its rounded statistics: backward passes
     * compute a mean of more than four deviations again from x (that of a style from the style), in
     * one more trip over it. So means must be those of x. (Rejected: to return
     * what rounding lost as one more argument, which callers would forget; and to sum it with every
     * backward pass, which costs all of them a few percent.) Deviations from 1e-37 to 8e37 lose
     * nothing, forward and backward; with S = 1, ln, rms and unit need gamma or alpha within 2^-86
     * to 2^86 for that. Beyond 8.5e37 inverse_std is a subnormal number, with fewer
     * digits, as is style_std of std=unbiased below 1.2e-38; with epsilon = 0, and in unit's forms
     * without epsilon, the inverse of a deviation or norm below 2.9e-39 is infinite. bin
     * loses digits where its two statistics are far apart: dgamma and drho of inf_bwd where an
     * instance's mean is more than 10^8 running deviations from the running one, and y where an
     * instance has no deviation and the batch one of more than 10^7. */
    float *mean, *inverse_std;
    /* [N][C]; bin: the statistics of the instances, where mean and inverse_std are the batch's. inf
     * returns them and inf_bwd takes them as well. */
    float *instance_mean, *instance_inverse_std;
    /* [N]; adain fwd with K = 1; NULL: not written. |mu(x) - mu(s)| + |sigma(x) - sigma(s)|, norms
     * over the channels [AdaIN eq. 13]. */
    float *style_loss;

    /* Backward. */
    const void *dy;                  /* [N][C][S] */
    void *dx;                        /* [N][C][S]; dx == dy is allowed, no other overlap */
    void *dresidual;                 /* [N][C][S]; epilogue=add_relu: dy where the ReLU let y
                                      through, else 0; NULL: not written */
    float *dgamma, *dbeta;           /* as gamma and beta */
    float *drho;                     /* [C]; bin, unless problem.rho_fixed [BIN eq. 5] */
    float *dalpha;                   /* as alpha; [1] for unit's scalar alpha, except vanilla's */
    void *dstyle;                    /* [N][K][C][style S]; adain with a style tensor */
    float *dstyle_mean, *dstyle_std; /* [N][K][C]; adain with style=stats */

    void *workspace; /* norma_plan_workspace bytes, aligned as malloc does */
};

/* Computes the plan's problem on the tensors of args. Allocates nothing, and never writes to
 * inputs. Empty tensors are a success. They need no inputs; backward, the gradients of parameters
 * and style are zeros, sums over nothing; forward, NORMA_STATUS_EMPTY is returned where statistics
 * are requested, as there are none of no elements. Returns NORMA_STATUS_NULL, NORMA_STATUS_OVERLAP,
 * or one of NORMA_STATUS_BAD_GATE to NORMA_STATUS_BAD_PERMUTATION where an argument has a value
 * that is not allowed. On every error nothing was written. */
NORMA_API norma_status norma_execute(const struct norma_plan *plan, const struct norma_args *args);

/* Makes the checks of norma_execute, and returns its status for these arguments. Writes to message
 * (`size` bytes; may be NULL) one sentence that names the argument that is wrong, such as
 * "args.running_mean must not be NULL", "args.y overlaps args.residual" or "args.rho[3] is 1.5,
 * expected 0 to 1"; an empty text where nothing is. Changes nothing else but the workspace. */
NORMA_API norma_status norma_args_check(const struct norma_plan *plan,
                                        const struct norma_args *args, char *message, size_t size);

/* ---- stages ------------------------------------------------------------------------------- */

/* An execution in steps, for statistics that are changed in between: reduced over processes
 * (synchronized batch normalization), or computed once and used often.
 *
 *     forward    moments -> [merge with others'] -> coefficients -> apply
 *     backward   sums -> [add others'] -> gradient
 *
 * With nothing in between the results are norma_execute's to the bit, with two exceptions. The
 * coefficients here are floats, where norma_execute computes in double if gamma inverse_std, or
 * inverse_std in rows (see norma_stage_affine), is not within 1.2e-38 to 3.4e38; the inverse norm
 * of unit in rows loses digits below 6.4e-30. And the gradients of unit form=layer take args.mean
 * as it is, as the part that rounding lost is known only when the sums of all processes are.
 *
 * All steps of one execution take the same args, whose workspace has norma_stage_workspace bytes
 * and keeps its contents from step to step. The arrays of moments, sums and coefficients are the
 * caller's. No step computes args.style_loss.
 *
 * Each step goes over all of x once, where norma_execute takes what stays in a cache through all
 * steps before the next. Tensors that no cache holds are therefore read twice, which takes up to
 * twice the time. Where no statistics are of the batch (all but bn, bin and unit form=layer), the
 * steps may be taken part by part instead: with a plan for some of the samples and with args that
 * begin at these. Gradients of parameters are then those of the part, to be added by the caller.
 *
 * A process whose tensors are empty, as it got no samples, takes the same steps as the others. Its
 * moments and sums are zeros, which change nothing where they are merged or added. From the others'
 * moments it gets the same statistics of the batch, and its gradients of parameters are zeros. It
 * needs neither inputs, nor a workspace, nor arrays of coefficients.
 *
 * Errors are norma_execute's, and NORMA_STATUS_NULL for a null array that is needed. Plans whose
 * statistics are not those of x alone, or whose coefficients vary inside a plane, are
 * NORMA_STATUS_UNSUPPORTED: adain with a style tensor, swap or regions, unit with an alpha by
 * element; and so is a forward step of a backward plan, or the reverse. */

/* Returns the bytes of args.workspace for staged execution; may exceed norma_plan_workspace. */
NORMA_API size_t norma_stage_workspace(const struct norma_plan *plan);

/* Does what norma_args_check does, for the steps, which have a workspace of their own and do not
 * take every plan. */
NORMA_API norma_status norma_stage_check(const struct norma_plan *plan,
                                         const struct norma_args *args, char *message, size_t size);

/* The moments of one statistics set: the number of its elements, their mean, and the sum of squared
 * deviations from it. */
struct norma_partial_moments {
    double count, mean, m2;
};

/* The sums of one statistics set, backward: the number of its elements, and dy and dy (x - mean),
 * summed with the weights of the operator (gamma and the like). x is the sum of x - mean, from
 * which the part of the mean follows that rounding it to float lost: of the batch alone, and 0
 * where its mean is not large or the operator is unit form=layer. The sums of several processes are
 * added, each member to its like. */
struct norma_partial_sums {
    double count, dy, product, x;
};

/* Returns the number of entries of the arrays below. bn has [C], in, cin and adain [N][C], gn
 * [N][groups], and ln, rms and unit [N]. bin and unit form=layer have [C] of the batch and then
 * [N][C] of the planes, of which only the first C are to be merged, as the planes concern this
 * process alone; in inference, the batch has 0 entries. */
NORMA_API int64_t norma_stage_sets(const struct norma_plan *plan);

/* Computes the moments of x: step 1 of a forward pass. */
NORMA_API norma_status norma_stage_moments(const struct norma_plan *plan,
                                           const struct norma_args *args,
                                           struct norma_partial_moments *moments);

/* Merges `sets` moments of other elements into these [Chan, Golub, LeVeque 1983]. The order in
 * which processes are merged is part of the bits. Moments of count 0 change nothing, wherever they
 * are in the order. NORMA_STATUS_NULL for a null pointer, unless there are no sets. */
NORMA_API norma_status norma_stage_merge(struct norma_partial_moments *moments,
                                         const struct norma_partial_moments *others, int64_t sets);

/* The coefficients of y = (x - centre) scale + shift: [C] of bn, where all samples have the same,
 * and [N][C] of others. With S = 1, those of ln, rms, gn with one group and unit form=practical are
 * [N]: an array for each element would take three times as much memory as x. They are of
 * x^ = (x - centre) scale + shift, from which norma_stage_apply computes gamma x^ + beta; of unit
 * they are of x^ = x (scale + shift + centre), where scale is the inverse norm as a float, and the
 * others are what rounding it to one float, and to two, lost. */
struct norma_stage_affine {
    float *centre, *scale, *shift;
};

/* Returns the number of entries of each of these arrays; 0 for NULL. */
NORMA_API int64_t norma_stage_affine_entries(const struct norma_plan *plan);

/* Computes the coefficients from moments and parameters: step 2. Writes the statistics that args
 * requests, and updates the running ones, but touches neither x nor y. NORMA_STATUS_EMPTY where the
 * merged moments of a batch have count 0 and this process has samples, or where statistics of sets
 * without an element are requested. */
NORMA_API norma_status norma_stage_coefficients(const struct norma_plan *plan,
                                                const struct norma_args *args,
                                                const struct norma_partial_moments *moments,
                                                const struct norma_stage_affine *affine);

/* Computes y from x, with the epilogue: step 3. */
NORMA_API norma_status norma_stage_apply(const struct norma_plan *plan,
                                         const struct norma_args *args,
                                         const struct norma_stage_affine *affine);

/* Computes the sums of x and dy: step 1 of a backward pass. */
NORMA_API norma_status norma_stage_sums(const struct norma_plan *plan,
                                        const struct norma_args *args,
                                        struct norma_partial_sums *sums);

/* Computes dx, and the gradients of the parameters over this process's samples: step 2. It uses up
 * what norma_stage_sums left in the workspace: once for each call of that. */
NORMA_API norma_status norma_stage_gradient(const struct norma_plan *plan,
                                            const struct norma_args *args,
                                            const struct norma_partial_sums *sums);

/* ---- training ----------------------------------------------------------------------------- */

/* The gate learns this many times faster than the other parameters [BIN section 3], from rho = 1,
 * without weight decay. */
#define NORMA_GATE_RATE_MULTIPLE 10.0

/* Takes one step of gradient descent on bin's gate, in place [BIN eq. 4]: rho <- rho - multiple *
 * rate * drho, clipped to [0, 1]. rho and drho have `channels` entries. A NaN stays NaN, so that
 * norma_execute refuses it. NORMA_STATUS_NULL for a null pointer. */
NORMA_API norma_status norma_gate_update(float *rho, const float *drho, int64_t channels,
                                         double rate, double multiple);

#ifdef __cplusplus
}
#endif

#endif
