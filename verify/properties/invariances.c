/* Results do not depend on the number of threads, on whether they overwrite their input, and those
 * of a sample not on the rest of the batch. All of this is bit for bit, except where sums over a
 * batch change their order.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "verify/properties/property_trial.h"

/* ---- threads and memory ------------------------------------------------------------------- */

static void results_do_not_depend_on_threads(struct verify_trial *trial, const char *text) {
    struct verify_experiment *one = verify_experiment_named(trial, "%s", text);
    verify_experiment_run(one);
    for (int threads = 2; threads <= 3; threads++) {
        trial->threads = threads;
        struct verify_experiment *several = verify_experiment_named(trial, "%s", text);
        verify_experiment_run(several);
        verify_expect_same_outputs(several, one);
    }
}

static void results_do_not_depend_on_place(struct verify_trial *trial, const char *text) {
    struct verify_experiment *apart = verify_experiment_named(trial, "%s", text);
    struct verify_experiment *in_place = verify_experiment_named(trial, "%s", text);
    in_place->data[reference_tensor_result(&in_place->problem)] =
        in_place->data[reference_tensor_source(&in_place->problem)];
    verify_experiment_run(apart);
    verify_experiment_run(in_place);
    verify_expect_same_outputs(in_place, apart);
}

/* ---- the other samples -------------------------------------------------------------------- */

/* Copies sample order[n] of `from` to sample n of `to`, in every input, and all parameters; also
 * those of the forward passes. */
static void take_samples(struct verify_experiment *to, const struct verify_experiment *from,
                         const int64_t *order) {
    for (int i = 0; i < REFERENCE_TENSOR_COUNT; i++) {
        const enum reference_tensor_id id = (enum reference_tensor_id)i;
        if (!reference_is_input(&to->tensors[id])) {
            continue;
        }
        if (!verify_is_per_sample(&to->problem, id)) {
            memcpy(to->data[id], from->data[id], reference_tensor_bytes(&to->tensors[id]));
            continue;
        }
        const size_t bytes = reference_tensor_bytes(&to->tensors[id]) / (size_t)to->problem.n;
        for (int64_t n = 0; n < to->problem.n; n++) {
            memcpy((char *)to->data[id] + (size_t)n * bytes,
                   (const char *)from->data[id] + (size_t)order[n] * bytes, bytes);
        }
    }
    if (to->forward) {
        take_samples(to->forward, from->forward, order);
    }
}

/* Returns the tensor of `from` with its samples in the order that `to` has. */
static float *expected_samples(const struct verify_experiment *to,
                               const struct verify_experiment *from, enum reference_tensor_id id,
                               const int64_t *order) {
    const int64_t length = to->tensors[id].count / to->problem.n;
    const float *data = from->data[id];
    float *expected = verify_trial_memory(to->trial, reference_tensor_bytes(&to->tensors[id]));
    for (int64_t n = 0; n < to->problem.n; n++) {
        memcpy(expected + n * length, data + order[n] * length, (size_t)length * sizeof *data);
    }
    return expected;
}

/* Runs `some` on samples of the batch that `all` has run, and expects the same results. */
static void expect_samples(struct verify_experiment *some, const struct verify_experiment *all,
                           const int64_t *order) {
    take_samples(some, all, order);
    verify_experiment_run(some);
    for (int i = 0; i < REFERENCE_TENSOR_COUNT; i++) {
        const enum reference_tensor_id id = (enum reference_tensor_id)i;
        if (reference_is_output(&some->tensors[id]) && verify_is_per_sample(&some->problem, id)) {
            verify_expect_bits(some, id, expected_samples(some, all, id, order), all->text);
        }
    }
}

static int64_t *reversed(struct verify_trial *trial, int64_t count) {
    int64_t *order = verify_trial_memory(trial, (size_t)count * sizeof *order);
    for (int64_t n = 0; n < count; n++) {
        order[n] = count - 1 - n;
    }
    return order;
}

static void permuting_samples_permutes_outputs(struct verify_trial *trial, const char *text) {
    struct verify_experiment *batch = verify_experiment_named(trial, "%s", text);
    struct verify_experiment *permuted = verify_experiment_named(trial, "%s", text);
    verify_experiment_run(batch);
    expect_samples(permuted, batch, reversed(trial, batch->problem.n));
}

/* The statistics of the batch are sums in another order, so that y and dx agree within their
 * bounds. */
static void permuting_a_batch_permutes_outputs(struct verify_trial *trial, const char *text) {
    struct verify_experiment *batch = verify_experiment_named(trial, "%s", text);
    struct verify_experiment *permuted = verify_experiment_named(trial, "%s", text);
    const enum reference_tensor_id id = reference_tensor_result(&batch->problem);
    const int64_t *order = reversed(trial, batch->problem.n);
    verify_experiment_run(batch);
    take_samples(permuted, batch, order);
    verify_experiment_run(permuted);
    double *bound = verify_experiment_bound(permuted, id);
    for (int64_t i = 0; i < permuted->tensors[id].count; i++) {
        bound[i] *= 2.0;
    }
    verify_expect_near(permuted, id, expected_samples(permuted, batch, id, order), bound,
                       "the batch's in the other order");
}

/* Compares a batch with two batches that it consists of, the first of which has one sample. */
static void concatenating_batches_changes_nothing(struct verify_trial *trial, const char *text) {
    struct norma_problem problem = verify_trial_problem(trial, "%s", text);
    struct verify_experiment *all = verify_experiment_of(trial, &problem);
    const int64_t samples = problem.n;
    verify_experiment_run(all);
    int64_t *order = verify_trial_memory(trial, (size_t)samples * sizeof *order);
    for (int64_t n = 0; n < samples; n++) {
        order[n] = n;
    }
    problem.n = 1;
    expect_samples(verify_experiment_of(trial, &problem), all, order);
    problem.n = samples - 1;
    expect_samples(verify_experiment_of(trial, &problem), all, order + 1);
}

/* ------------------------------------------------------------------------------------------- */

/* These have enough elements for several chunks, and for several threads to share. */
static const char *const all_problems[] = {
    "bn:3x7x5003",
    "bn:3x7x5003:pass=inf",
    "bn:3x7x5003:pass=bwd",
    "bn:3x7x5003:pass=inf_bwd",
    "in:3x7x1009",
    "in:2x2x9001:epilogue=add_relu",
    "in:3x7x1009:pass=bwd,epilogue=relu",
    "cin:5x7x1009:styles=3",
    "cin:5x7x1009:styles=3,pass=bwd",
    "bin:3x7x1009",
    "bin:3x7x1009:pass=inf",
    "bin:3x7x1009:pass=bwd",
    "bin:3x7x1009:pass=inf_bwd",
    "adain:3x7x1009:alpha=0.75",
    "adain:3x7x1009:style=61x67,std=unbiased",
    "adain:3x7x1009:style=stats,styles=3",
    "adain:3x7x1009:regions=3",
    "adain:5x7x1009:style=swap",
    "adain:3x7x1009:pass=bwd,epilogue=add_relu",
    "adain:3x7x1009:style=stats,styles=3,pass=bwd",
    "adain:3x7x1009:regions=3,pass=bwd",
    "adain:5x7x1009:style=swap,pass=bwd",
    "gn:3x12x1009:g=4",
    "gn:3x12x1009:g=4,pass=bwd",
    "ln:5x12x1009",
    "ln:5x12x1009:pass=bwd",
    "rms:5x12x1009",
    "rms:5x12x1009:pass=bwd",
    "unit:5x12x1009",
    "unit:5x12x1009:pass=bwd",
    "unit:5x12x1009:alpha=element",
    "unit:5x12x1009:alpha=element,pass=bwd",
    "unit:5x12x1009:form=vanilla",
    "unit:5x12x1009:form=vanilla,pass=bwd",
    "unit:5x12x1009:form=scalar,alpha=0.75",
    "unit:5x12x1009:form=scalar,alpha=0.75,pass=bwd",
    "unit:5x12x1009:form=vector,alpha=element",
    "unit:5x12x1009:form=vector,alpha=element,pass=bwd",
    "unit:5x12x1009:form=layer",
    "unit:5x12x1009:form=layer,pass=inf",
    "unit:5x12x1009:form=layer,pass=bwd",
    "unit:5x12x1009:form=layer,pass=inf_bwd",
    "in:1x80x701",
    "in:1x80x701:pass=bwd",
    "adain:1x80x701:style=557",
    "adain:1x80x701:style=557,pass=bwd",
    "gn:1x80x701:g=16",
    "gn:1x80x701:g=16,pass=bwd",
    NULL,
};

static const char *const sample_problems[] = {
    "in:5x3x37",
    "in:5x3x37:pass=bwd,epilogue=relu",
    "cin:5x3x37:styles=3",
    "cin:5x3x37:styles=3,pass=bwd",
    "bn:5x3x37:pass=inf",
    "bn:5x3x37:pass=inf_bwd",
    "bin:5x3x37:pass=inf",
    "bin:5x3x37:pass=inf_bwd",
    "adain:5x3x37:alpha=0.75,epilogue=add_relu",
    "adain:5x3x37:pass=bwd,style=7x11,epilogue=add_relu",
    "adain:5x3x37:style=stats,styles=3",
    "adain:5x3x37:style=stats,styles=3,pass=bwd",
    "adain:5x3x37:regions=2",
    "adain:5x3x37:regions=2,pass=bwd",
    "gn:5x6x37:g=2",
    "gn:5x6x37:g=2,pass=bwd",
    "ln:5x6x37",
    "ln:5x6x37:pass=bwd",
    "rms:5x6x37",
    "rms:5x6x37:pass=bwd",
    "unit:5x6x37",
    "unit:5x6x37:pass=bwd",
    "unit:5x6x37:alpha=element",
    "unit:5x6x37:alpha=element,pass=bwd",
    "unit:5x6x37:form=vanilla",
    "unit:5x6x37:form=vanilla,pass=bwd",
    "unit:5x6x37:form=scalar,alpha=0.75",
    "unit:5x6x37:form=scalar,alpha=0.75,pass=bwd",
    "unit:5x6x37:form=vector",
    "unit:5x6x37:form=vector,pass=bwd",
    "unit:5x6x37:form=layer,pass=inf",
    "unit:5x6x37:form=layer,pass=inf_bwd",
    NULL,
};

static const char *const batch_problems[] = {
    "bn:5x3x37",
    "bn:5x3x37:pass=bwd",
    "bin:5x3x37",
    "bin:5x3x37:pass=bwd",
    "unit:5x3x37:form=layer",
    "unit:5x3x37:form=layer,pass=bwd",
    NULL,
};

const struct verify_property verify_properties_invariances[] = {
    {"results-do-not-depend-on-threads", results_do_not_depend_on_threads, all_problems,
     VERIFY_PROMISE_NORMA, VERIFY_IN_EACH_LAYOUT},
    {"results-do-not-depend-on-place", results_do_not_depend_on_place, all_problems,
     VERIFY_PROMISE_NORMA, VERIFY_IN_EACH_LAYOUT},
    {"permuting-samples-permutes-outputs", permuting_samples_permutes_outputs, sample_problems,
     VERIFY_PROMISE_NORMA, VERIFY_IN_EACH_LAYOUT},
    {"permuting-a-batch-permutes-outputs", permuting_a_batch_permutes_outputs, batch_problems,
     VERIFY_PROMISE_NEAR, VERIFY_IN_EACH_LAYOUT},
    {"concatenating-batches-changes-nothing", concatenating_batches_changes_nothing,
     sample_problems, VERIFY_PROMISE_NORMA, VERIFY_IN_EACH_LAYOUT},
    {0},
};
