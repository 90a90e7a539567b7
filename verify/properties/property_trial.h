/* What properties are written with: experiments (a problem with tensors, that an implementation can
 * be run on), and expectations.
 *
 * A trial is one property on one case by one implementation. Whatever ends it early (a failure, a
 * problem that the implementation cannot do, want of memory) does not return to the property, so
 * properties are free of error handling; all memory is the trial's.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_PROPERTIES_PROPERTY_TRIAL_H
#define VERIFY_PROPERTIES_PROPERTY_TRIAL_H

#include <setjmp.h>

#include "reference/interface/interface.h"
#include "verify/properties/properties.h"

#if defined(__GNUC__)
#define VERIFY_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define VERIFY_PRINTF(text, first)
#endif

struct verify_experiment {
    struct verify_trial *trial;
    struct norma_problem problem;
    char text[NORMA_PROBLEM_TEXT];
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
    void *
        data[REFERENCE_TENSOR_COUNT]; /* NULL: unused by the problem, or left out by the property */
    void *state;
    struct verify_experiment *forward; /* of a backward one: where its statistics come from */
    struct verify_experiment *next;
};

struct verify_block;

struct verify_trial {
    const struct reference_implementation *implementation;
    uint64_t seed;
    norma_layout layout; /* of problems that are parsed */
    int threads;         /* of the experiments that are made next */
    struct verify_property_result result;
    struct verify_block *memory;
    struct verify_experiment *experiments;
    jmp_buf end;
};

/* ---- trials ------------------------------------------------------------------------------- */

/* Zeroed memory that lives as long as the trial. */
void *verify_trial_memory(struct verify_trial *trial, size_t bytes);

_Noreturn void verify_trial_skip(struct verify_trial *trial, const char *format, ...)
    VERIFY_PRINTF(2, 3);
_Noreturn void verify_trial_fail(struct verify_trial *trial, const char *format, ...)
    VERIFY_PRINTF(2, 3);

/* Is the implementation norma with one of its sets? */
bool verify_trial_is_norma(const struct verify_trial *trial);

/* Does bn take its statistics in another order than the operators that have those of samples as
 * well? Channels-last it does: all samples' rows are one sample's. */
bool verify_bn_sums_otherwise(const struct verify_experiment *bn);

/* Parses a problem's text, which has no layout: it is the trial's. */
struct norma_problem verify_trial_problem(struct verify_trial *trial, const char *format, ...)
    VERIFY_PRINTF(2, 3);

void verify_trial_release(struct verify_trial *trial);

/* ---- experiments -------------------------------------------------------------------------- */

/* The problem with all of its tensors. Inputs depend on the seed, the tensor and the index alone,
 * so experiments of the same shape have the same x, gamma and so on. */
struct verify_experiment *verify_experiment_of(struct verify_trial *trial,
                                               const struct norma_problem *problem);
struct verify_experiment *verify_experiment(struct verify_trial *trial, const char *format, ...)
    VERIFY_PRINTF(2, 3);

/* Runs the implementation; fails the trial if it fails. Backward, the forward pass is run on the
 * same inputs first, for what it saves. */
void verify_experiment_run(struct verify_experiment *experiment);
/* The execution alone: its status. */
norma_status verify_experiment_execute(struct verify_experiment *experiment);

/* Fills outputs with NaN; what running statistics begin with stays. */
void verify_experiment_poison(struct verify_experiment *experiment);

/* Leaves gamma and beta out. */
void verify_experiment_without_affine(struct verify_experiment *experiment);

/* Sets all elements of a tensor of floats. */
void verify_experiment_set(struct verify_experiment *experiment, enum reference_tensor_id id,
                           float value);

/* Has the tensor one part per sample? (A parameter has not, nor has a statistic of the batch.) */
bool verify_is_per_sample(const struct norma_problem *problem, enum reference_tensor_id id);

/* The plane of element `index` of x, counted by sample and channel. */
int64_t verify_plane_of(const struct norma_problem *problem, int64_t index);
/* Which of norma_problem_statistics' sets it belongs to. */
int64_t verify_set_of(const struct norma_problem *problem, int64_t index);
/* Its channel. */
int64_t verify_channel_of(const struct norma_problem *problem, int64_t index);

/* ---- expectations ------------------------------------------------------------------------- */

/* How far one result of an operator may be off, in parts of the terms that it is the sum of.
 *
 * norma: statistics in double, then subtraction, coefficients, fma: u (2 terms + |y|) <= 3 u terms
 * (bounds.md, "The affine"), and one u for what is second order. A peer that sums n floats: the
 * mean and the variance are off by n u of themselves, and each enters the result at most twice. */
double verify_roundoff(const struct verify_experiment *experiment);

/* The bound that follows for each element of y, or of a gradient, in one run: roundoff times the
 * terms of the definition, with |mean| and spread where a statistic enters. */
double *verify_experiment_bound(const struct verify_experiment *experiment,
                                enum reference_tensor_id id);
bool verify_has_bound(enum reference_tensor_id id);

/* |got - expected| <= bound. The message says "TEXT: what[index] is got, expected ...". Here and
 * below a NaN is never as expected: properties are about finite data. */
void verify_expect(const struct verify_experiment *of, const char *what, int64_t index, double got,
                   double expected, double bound);
void verify_expect_at_most(const struct verify_experiment *of, const char *what, int64_t index,
                           double got, double bound);

/* Each element of a tensor of floats has the bits of what is expected. `why` names that: "as ...".
 */
void verify_expect_bits(const struct verify_experiment *got, enum reference_tensor_id id,
                        const float *expected, const char *why);
void verify_expect_near(const struct verify_experiment *got, enum reference_tensor_id id,
                        const float *expected, const double *bound, const char *why);

/* Every output that both have in the same size, bit for bit; or y and gradients, within the sum of
 * both bounds, `times` that where inputs of the two differ by roundings. */
void verify_expect_same_outputs(const struct verify_experiment *got,
                                const struct verify_experiment *expected);
void verify_expect_near_outputs(const struct verify_experiment *got,
                                const struct verify_experiment *expected, double times);

/* One step of `update`, norma_gate_update or a copy of it, is what the reference makes of it. */
void verify_expect_gate_step(struct verify_trial *trial, verify_gate_step *update, double rate);

/* ---- the tables of the properties --------------------------------------------------------- */

/* Each ended by a property without a name. */
extern const struct verify_property verify_properties_identities[];
extern const struct verify_property verify_properties_approximations[];
extern const struct verify_property verify_properties_invariances[];
extern const struct verify_property verify_properties_backward[];
extern const struct verify_property verify_properties_gradients[];
extern const struct verify_property verify_properties_theorems[];
extern const struct verify_property verify_properties_contract[];
extern const struct verify_property verify_properties_layouts[];
extern const struct verify_property verify_properties_tightness[];

/* Shapes that many properties are tried with: tails, several spatial dimensions, none, more than a
 * chunk, and than channels that share vectors. */
extern const char *const verify_property_shapes[];

#endif
