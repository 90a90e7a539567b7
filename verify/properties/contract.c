/* The parts of norma's contract beside the mathematics: arguments that are refused, and the step of
 * the gate.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reference/reference.h"
#include "verify/properties/property_trial.h"

/* ---- refused arguments -------------------------------------------------------------------- */

/* Executes, and expects the refusal and unchanged tensors. */
static void expect_refusal(struct verify_experiment *e, norma_status expected, const char *what,
                           int64_t index) {
    void *before[REFERENCE_TENSOR_COUNT] = {NULL};
    verify_experiment_poison(e);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        if (e->data[id]) {
            before[id] = verify_trial_memory(e->trial, reference_tensor_bytes(&e->tensors[id]));
            memcpy(before[id], e->data[id], reference_tensor_bytes(&e->tensors[id]));
        }
    }
    const norma_status status = verify_experiment_execute(e);
    if (status != expected) {
        verify_trial_fail(e->trial, "%s: %s wrong at [%lld]: got status \"%s\", expected \"%s\"",
                          e->text, what, (long long)index, norma_strerror(status),
                          norma_strerror(expected));
    }
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        if (e->data[id] &&
            memcmp(before[id], e->data[id], reference_tensor_bytes(&e->tensors[id]))) {
            verify_trial_fail(e->trial, "%s: %s wrong at [%lld]: refused, but %s was written to",
                              e->text, what, (long long)index, e->tensors[id].name);
        }
    }
    e->trial->result.checks++;
}

/* Expects one wrong float to be refused at the first, a middle and the last place. */
static void expect_float_refused(struct verify_experiment *e, enum reference_tensor_id id,
                                 float wrong, norma_status expected) {
    const int64_t count = e->tensors[id].count;
    const int64_t places[] = {0, count / 2, count - 1};
    float *data = e->data[id];
    for (int i = 0; i < 3; i++) {
        const float right = data[places[i]];
        data[places[i]] = wrong;
        expect_refusal(e, expected, e->tensors[id].name, places[i]);
        data[places[i]] = right;
    }
}

/* Expects one wrong index to be refused at every place. */
static void expect_index_refused(struct verify_experiment *e, enum reference_tensor_id id,
                                 int32_t wrong, norma_status expected) {
    int32_t *data = e->data[id];
    for (int64_t i = 0; i < e->tensors[id].count; i++) {
        const int32_t right = data[i];
        data[i] = wrong;
        expect_refusal(e, expected, e->tensors[id].name, i);
        data[i] = right;
    }
}

/* Returns an experiment that has run with good arguments, so that a backward pass has its
 * statistics. */
static struct verify_experiment *run_well(struct verify_trial *trial, const char *text) {
    struct verify_experiment *e = verify_experiment_named(trial, "%s", text);
    verify_experiment_run(e);
    return e;
}

static void gates_outside_of_0_to_1_are_refused(struct verify_trial *trial, const char *text) {
    struct verify_experiment *e = run_well(trial, text);
    static const float wrong[] = {-0x1p-24f, 1.0f + 0x1p-23f, 7.0f, INFINITY, NAN};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        expect_float_refused(e, REFERENCE_TENSOR_rho, wrong[i], NORMA_STATUS_BAD_GATE);
    }
}

static void styles_outside_of_the_tables_are_refused(struct verify_trial *trial, const char *text) {
    struct verify_experiment *e = run_well(trial, text);
    const int32_t wrong[] = {-1, (int32_t)e->problem.styles, INT32_MAX, INT32_MIN};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        expect_index_refused(e, REFERENCE_TENSOR_style_index, wrong[i],
                             NORMA_STATUS_BAD_STYLE_INDEX);
    }
}

static void weights_that_do_not_sum_to_one_are_refused(struct verify_trial *trial,
                                                       const char *text) {
    struct verify_experiment *e = run_well(trial, text);
    static const float wrong[] = {2.0f, -1.5f, INFINITY, NAN};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        expect_float_refused(e, REFERENCE_TENSOR_style_weights, wrong[i], NORMA_STATUS_BAD_WEIGHTS);
    }
}

static void labels_outside_of_the_regions_are_refused(struct verify_trial *trial,
                                                      const char *text) {
    struct verify_experiment *e = run_well(trial, text);
    uint8_t *labels = e->data[REFERENCE_TENSOR_labels];
    const uint8_t wrong[] = {(uint8_t)e->problem.regions, 128, 255};
    for (int64_t i = 0; i < e->tensors[REFERENCE_TENSOR_labels].count; i++) {
        const uint8_t right = labels[i];
        for (int k = 0; k < 3; k++) {
            labels[i] = wrong[k];
            expect_refusal(e, NORMA_STATUS_BAD_LABEL, "labels", i);
        }
        labels[i] = right;
    }
}

/* Expects permutations to be refused that are out of range, or have a sample twice. */
static void maps_that_do_not_permute_are_refused(struct verify_trial *trial, const char *text) {
    struct verify_experiment *e = run_well(trial, text);
    int32_t *permutation = e->data[REFERENCE_TENSOR_permutation];
    expect_index_refused(e, REFERENCE_TENSOR_permutation, -1, NORMA_STATUS_BAD_PERMUTATION);
    expect_index_refused(e, REFERENCE_TENSOR_permutation, (int32_t)e->problem.n,
                         NORMA_STATUS_BAD_PERMUTATION);
    for (int64_t n = 0; n < e->problem.n; n++) {
        const int32_t right = permutation[n];
        permutation[n] = permutation[(n + 1) % e->problem.n];
        expect_refusal(e, NORMA_STATUS_BAD_PERMUTATION, "permutation", n);
        permutation[n] = right;
    }
}

/* ---- the gate's step ---------------------------------------------------------------------- */

enum { GATES = 67 };

/* Expects the rounded results of the definition, with steps beyond both ends and with NaN, which
 * must stay. */
void verify_expect_gate_step(struct verify_trial *trial, verify_gate_step *update, double rate) {
    float rho[GATES], drho[GATES], expected[GATES];
    const uint64_t stream = verify_stream(trial->seed, 2000);
    for (int c = 0; c < GATES; c++) {
        rho[c] = (float)verify_uniform(stream, (uint64_t)c);
        drho[c] = (float)verify_normal(verify_stream(stream, 1), (uint64_t)c);
    }
    rho[3] = drho[7] = NAN;
    drho[11] = INFINITY;
    for (int c = 0; c < GATES; c++) {
        expected[c] = (float)reference_gate_update((double)rho[c], (double)drho[c], rate,
                                                   NORMA_GATE_RATE_MULTIPLE);
    }
    const norma_status status = update(rho, drho, GATES, rate, NORMA_GATE_RATE_MULTIPLE);
    if (status != NORMA_STATUS_OK) {
        verify_trial_fail(trial, "gate update failed: %s", norma_strerror(status));
    }
    for (int c = 0; c < GATES; c++) {
        const bool in_range = rho[c] >= 0.0f && rho[c] <= 1.0f;
        const bool same = isnan(expected[c]) ? isnan(rho[c]) : rho[c] == expected[c] && in_range;
        if (!same) {
            verify_trial_fail(trial, "gate update: rho[%d] is %.9g, expected %.9g", c,
                              (double)rho[c], (double)expected[c]);
        }
    }
    trial->result.checks++;
}

static verify_gate_step *gate_update = norma_gate_update;

void verify_properties_take_step(verify_gate_step *step) {
    gate_update = step;
}

static void gate_update_is_its_definition(struct verify_trial *trial, const char *rate) {
    if (!verify_trial_is_norma(trial)) {
        verify_trial_skip(trial, "norma_gate_update is the library's, not this implementation's");
    }
    verify_expect_gate_step(trial, gate_update, strtod(rate, NULL));
}

/* ------------------------------------------------------------------------------------------- */

static const char *const gate_problems[] = {"bin:2x5x7", "bin:2x5x7:pass=inf", "bin:2x5x7:pass=bwd",
                                            "bin:2x5x7:pass=inf_bwd", NULL};
static const char *const table_problems[] = {"cin:5x3x7:styles=2", "cin:5x3x7:styles=2,pass=inf",
                                             "cin:5x3x7:styles=2,pass=bwd", NULL};
static const char *const weight_problems[] = {"adain:3x2x7:styles=3",
                                              "adain:3x2x7:styles=3,style=stats,pass=inf",
                                              "adain:3x2x7:styles=3,pass=bwd", NULL};
static const char *const label_problems[] = {"adain:2x2x7:regions=2",
                                             "adain:2x2x7:regions=2,style=stats,pass=inf",
                                             "adain:2x2x7:regions=2,pass=bwd", NULL};
static const char *const permutation_problems[] = {"adain:5x2x7:style=swap",
                                                   "adain:5x2x7:style=swap,pass=inf",
                                                   "adain:5x2x7:style=swap,pass=bwd", NULL};
static const char *const rates[] = {"0.01", "0.1", "0", NULL};

const struct verify_property verify_properties_contract[] = {
    {"gates-outside-of-0-to-1-are-refused", gates_outside_of_0_to_1_are_refused, gate_problems,
     VERIFY_PROMISE_NORMA, VERIFY_IN_EACH_LAYOUT},
    {"styles-outside-of-the-tables-are-refused", styles_outside_of_the_tables_are_refused,
     table_problems, VERIFY_PROMISE_NORMA, VERIFY_IN_EACH_LAYOUT},
    {"weights-that-do-not-sum-to-one-are-refused", weights_that_do_not_sum_to_one_are_refused,
     weight_problems, VERIFY_PROMISE_NORMA, VERIFY_IN_EACH_LAYOUT},
    {"labels-outside-of-the-regions-are-refused", labels_outside_of_the_regions_are_refused,
     label_problems, VERIFY_PROMISE_NORMA, VERIFY_IN_EACH_LAYOUT},
    {"maps-that-do-not-permute-are-refused", maps_that_do_not_permute_are_refused,
     permutation_problems, VERIFY_PROMISE_NORMA, VERIFY_IN_EACH_LAYOUT},
    {"gate-update-is-its-definition", gate_update_is_its_definition, rates, VERIFY_PROMISE_NORMA,
     VERIFY_ONCE},
    {0},
};
