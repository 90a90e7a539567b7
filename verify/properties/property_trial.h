/* The means to write properties: experiments (a problem and its tensors, which an implementation
 * can be run on), and expectations.
 *
 * A trial is one property of one implementation on one case. An event that ends it early (a
 * failure, a problem that the implementation does not support, a lack of memory) does not return to
 * the property, so that properties need no error handling. All memory belongs to the trial.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_PROPERTIES_PROPERTY_TRIAL_H
#define VERIFY_PROPERTIES_PROPERTY_TRIAL_H

#include <setjmp.h>

#include "reference/interface/interface.h"
#include "verify/properties/property.h"
#include "verify/truth/truth.h"

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
    void *data[REFERENCE_TENSOR_COUNT]; /* NULL: the problem or the property does not use it */
    void *state;
    struct verify_experiment *forward; /* backward: the source of y and of the statistics */
    struct verify_experiment *next;
};

struct verify_block;

struct verify_trial {
    const struct reference_implementation *implementation;
    uint64_t seed;
    norma_layout layout; /* of problems that are parsed */
    int threads;         /* of the experiments that are created next */
    struct verify_property_result result;
    struct verify_block *memory;
    struct verify_experiment *experiments;
    jmp_buf end;
};

/* ---- trials ------------------------------------------------------------------------------- */

/* Returns zeroed memory, which lives as long as the trial. */
void *verify_trial_memory(struct verify_trial *trial, size_t bytes);

/* Ends the trial with a message. */
_Noreturn void verify_trial_skip(struct verify_trial *trial, const char *format, ...)
    VERIFY_PRINTF(2, 3);
_Noreturn void verify_trial_fail(struct verify_trial *trial, const char *format, ...)
    VERIFY_PRINTF(2, 3);

/* Checks whether the implementation is one of norma's sets. */
bool verify_trial_is_norma(const struct verify_trial *trial);

/* Checks whether the sums of bn have another order than those of operators that have statistics of
 * each sample as well. They have channels-last, where bn treats the rows of all samples as those of
 * one sample. */
bool verify_bn_sums_otherwise(const struct verify_experiment *bn);

/* Parses the text of a problem, which has no layout, and gives it that of the trial. */
struct norma_problem verify_trial_problem(struct verify_trial *trial, const char *format, ...)
    VERIFY_PRINTF(2, 3);

/* Frees all memory of the trial and destroys the states of its experiments. */
void verify_trial_release(struct verify_trial *trial);

/* ---- experiments -------------------------------------------------------------------------- */

/* Returns an experiment of the problem with all of its tensors. Inputs depend only on the seed, the
 * tensor and the index, so that experiments of the same shape have the same x, gamma and so on. */
struct verify_experiment *verify_experiment_of(struct verify_trial *trial,
                                               const struct norma_problem *problem);
struct verify_experiment *verify_experiment_named(struct verify_trial *trial, const char *format,
                                                  ...) VERIFY_PRINTF(2, 3);

/* Runs the implementation, and fails the trial if that fails. A backward experiment first runs the
 * forward pass on the same inputs, and takes y and the statistics from it. */
void verify_experiment_run(struct verify_experiment *experiment);

/* Runs the execution alone and returns its status. */
norma_status verify_experiment_execute(struct verify_experiment *experiment);

/* Fills outputs with NaN, except for running statistics, which are inputs as well. */
void verify_experiment_poison(struct verify_experiment *experiment);

/* Leaves out gamma and beta. */
void verify_experiment_without_affine(struct verify_experiment *experiment);

/* Sets all elements of a tensor of floats. */
void verify_experiment_set(struct verify_experiment *experiment, enum reference_tensor_id id,
                           float value);

/* Checks whether the tensor has a part for each sample, which neither a parameter nor a statistic
 * of the batch has. */
bool verify_is_per_sample(const struct norma_problem *problem, enum reference_tensor_id id);

/* Return the plane (counted by sample and channel) and the channel of element `index` of x, and the
 * entry of mean and inverse_std that it contributes to. */
int64_t verify_plane_of(const struct norma_problem *problem, int64_t index);
int64_t verify_set_of(const struct norma_problem *problem, int64_t index);
int64_t verify_channel_of(const struct norma_problem *problem, int64_t index);

/* ---- expectations ------------------------------------------------------------------------- */

/* Returns the relative error that a result may have, as a share of the terms that it is the sum of.
 *
 * norma computes statistics in double, then a subtraction, coefficients and an fma in float:
 * u (2 terms + |y|) <= 3 u terms (bounds.md, "The affine"), and one u is for terms of second order.
 * In a peer that sums n floats, the mean and the variance have a relative error of n u, and each
 * enters the result at most twice. */
double verify_roundoff(const struct verify_experiment *experiment);

/* Returns the resulting bound for each element of y or of a gradient: roundoff times the terms of
 * the definition, with |mean| and spread where a statistic enters. */
double *verify_experiment_bound(const struct verify_experiment *experiment,
                                enum reference_tensor_id id);
bool verify_has_bound(enum reference_tensor_id id);

/* Expects |got - expected| <= bound. The message is "TEXT: what[index] is got, expected ...". Here
 * and below, a NaN is never as expected, as properties are about finite data. */
void verify_expect(const struct verify_experiment *of, const char *what, int64_t index, double got,
                   double expected, double bound);
void verify_expect_at_most(const struct verify_experiment *of, const char *what, int64_t index,
                           double got, double bound);

/* Expect each element of a tensor of floats to have the expected bits, or to be within its bound.
 * `why` says in the message where the expectation comes from, after "as". */
void verify_expect_bits(const struct verify_experiment *got, enum reference_tensor_id id,
                        const float *expected, const char *why);
void verify_expect_near(const struct verify_experiment *got, enum reference_tensor_id id,
                        const float *expected, const double *bound, const char *why);

/* Expects the same bits in every output that both have in the same size. */
void verify_expect_same_outputs(const struct verify_experiment *got,
                                const struct verify_experiment *expected);

/* Expects an output, or y and all gradients that both have in the same size, to be within the sum
 * of both bounds, or `times` that where inputs of the two differ by roundings. */
void verify_expect_near_output(const struct verify_experiment *got,
                               const struct verify_experiment *expected,
                               enum reference_tensor_id id, double times);
void verify_expect_near_outputs(const struct verify_experiment *got,
                                const struct verify_experiment *expected, double times);

/* Expects a step of `update`, norma_gate_update or a mutant of it, to agree with the reference. */
void verify_expect_gate_step(struct verify_trial *trial, verify_gate_step *update, double rate);

/* ---- the tables of the properties --------------------------------------------------------- */

/* A property without a name ends each. */
extern const struct verify_property verify_properties_identities[];
extern const struct verify_property verify_properties_approximations[];
extern const struct verify_property verify_properties_invariances[];
extern const struct verify_property verify_properties_backward[];
extern const struct verify_property verify_properties_gradients[];
extern const struct verify_property verify_properties_accuracy[];
extern const struct verify_property verify_properties_theorems[];
extern const struct verify_property verify_properties_contract[];
extern const struct verify_property verify_properties_layouts[];
extern const struct verify_property verify_properties_offsets[];
extern const struct verify_property verify_properties_tightness[];

/* The shapes that many properties are checked with. They have tails, several spatial dimensions or
 * none, more elements than a chunk, and more channels than share a vector. */
extern const char *const verify_property_shapes[];

#endif
