/* Promises of norma beyond error bounds, which peers do not give: the same inputs give the same
 * bits, a NaN or an infinity shows in the results that depend on it, and whatever is optional can
 * be left out by itself.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_CHECKS_PROMISES_H
#define VERIFY_CHECKS_PROMISES_H

#include "verify/checks/check.h"

/* ---- the same bits ------------------------------------------------------------------------ */

/* Returns inputs whose sums cancel, so that the order of a sum shows; with other parameters than
 * those of this seed. They have no expected results. NULL if there is not enough memory. */
struct verify_truth *verify_cancelling_create(const struct norma_problem *problem, uint64_t seed);

/* Makes the sums of dy cancel, if the problem has one. Where the mean of dy is 0, what is left of a
 * result's constant term is that of the mean of x, of whose error an order of another sum so shows
 * more. The expected results stay as they are, and are wrong from now on. */
void verify_cancel_gradient(struct verify_truth *truth);

/* Checks that a second execution of a plan gives the bits of the first, whatever lies in the
 * workspace and the outputs, and although it was executed on other inputs in between. */
struct verify_verdict verify_check_repetition(const struct verify_subject *subject,
                                              const struct verify_truth *truth,
                                              const struct verify_truth *other);

/* Checks that this number of threads gives the bits of the subject's, however small x is, and so do
 * fewer threads than a plan is made for, in a parallel region and where OpenMP has no more. `truth`
 * may lack expected results. */
struct verify_verdict verify_check_threads(const struct verify_subject *subject,
                                           const struct verify_truth *truth, int threads);

/* Checks that tuning number `index`, below VERIFY_TUNINGS, gives the same bits. */
struct verify_verdict verify_check_tuning(const struct verify_subject *subject,
                                          const struct verify_truth *truth, size_t index);

/* Checks that other floating-point environments of the caller's threads give the same bits, and
 * stay as they are. */
struct verify_verdict verify_check_environment(const struct verify_subject *subject,
                                               const struct verify_truth *truth);

/* Checks that wrong arguments are refused, and leave the floating-point environment as it is. */
struct verify_verdict verify_check_refusals(const struct verify_subject *subject,
                                            const struct verify_truth *truth);

/* Checks that a plug-in gives the bits of the set that it is based on. Must be called with results
 * that are within the error bound, as the message says so. */
struct verify_verdict verify_check_base(const struct verify_subject *subject,
                                        const struct reference_implementation *base,
                                        const struct verify_truth *truth);

/* ---- values that are not finite ----------------------------------------------------------- */

/* One element that is not finite, of one input. */
struct verify_non_finite {
    enum reference_tensor_id id;
    int64_t index;
    double value;
    struct verify_truth *finite;   /* without it; the caller's */
    struct verify_truth *replaced; /* with it */
    struct verify_truth *nan; /* with NaN in its place, which makes NaN of all that depends on it */
};

/* Returns the number of cases: every input of reals in turn has a NaN and infinities of both signs,
 * x, backward dy, at three places each. */
int verify_non_finite_cases(const struct norma_problem *problem);

/* Prepares case number `which`. `truth` must be of normal data of that seed. Returns false if there
 * is not enough memory. verify_non_finite_end must follow in any case. */
bool verify_non_finite_begin(struct verify_non_finite *trial, struct verify_truth *truth,
                             uint64_t seed, int which);

/* Checks that the element reaches everything that depends on it according to the reference, so that
 * no result hides it, and leaves the bits of everything else. */
struct verify_verdict verify_check_non_finite(const struct verify_subject *subject,
                                              const struct verify_non_finite *trial);

void verify_non_finite_end(struct verify_non_finite *trial);

/* ---- optional tensors --------------------------------------------------------------------- */

/* Some of the optional tensors, left out. */
struct verify_left_out {
    bool left_out[REFERENCE_TENSOR_COUNT];
    struct verify_truth *truth; /* about what is left */
    struct verify_truth *own;   /* that truth if it is not the caller's, else NULL */
};

/* Returns the number of cases: each optional tensor alone is left out, each alone is given, and
 * some that are chosen at random; 0: nothing is optional. */
int verify_left_out_cases(const struct norma_problem *problem);

/* Prepares case number `which`. `truth` must be of normal data of that seed. Returns false if there
 * is not enough memory. verify_left_out_end must follow in any case. */
bool verify_left_out_begin(struct verify_left_out *trial, struct verify_truth *truth, uint64_t seed,
                           int which);

/* Checks that what is left is within its bounds. */
struct verify_verdict verify_check_left_out(const struct verify_subject *subject,
                                            const struct verify_left_out *trial);

void verify_left_out_end(struct verify_left_out *trial);

#endif
