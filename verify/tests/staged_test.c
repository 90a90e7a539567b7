/* norma-staged is right, says what it cannot do, and shows where ranks disagree.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "verify/harness/staged.h"

#include <criterion/criterion.h>
#include <math.h>

#include "verify/checks/check.h"

static struct norma_problem parse(const char *text) {
    struct norma_problem problem;
    cr_assert(norma_problem_parse(text, &problem, NULL) == NORMA_STATUS_OK);
    return problem;
}

/* ---- one execution ------------------------------------------------------------------------ */

struct run {
    struct norma_problem problem;
    struct verify_truth *truth;
    struct verify_fences fences;
    void *state;
    struct verify_subject subject;
};

static void start(struct run *run, const char *text, const struct verify_stages *stages) {
    static struct reference_implementation implementation;
    implementation = verify_staged;
    implementation.context = stages;
    *run = (struct run){.problem = parse(text)};
    run->truth = verify_truth_create(&run->problem, VERIFY_DATA_NORMAL, 1);
    cr_assert(run->truth);
    cr_assert(implementation.create(&implementation, &run->state, &run->problem, 1) ==
              NORMA_STATUS_OK);
    run->subject = (struct verify_subject){.implementation = &implementation,
                                           .state = run->state,
                                           .problem = &run->problem,
                                           .threads = 1,
                                           .fences = &run->fences};
}

static void finish(struct run *run) {
    verify_staged.destroy(run->state);
    verify_truth_destroy(run->truth);
    verify_fences_release(&run->fences);
}

static struct verify_verdict verdict_of(const char *text, const struct verify_stages *stages) {
    const struct verify_setup setup = {VERIFY_DATA_NORMAL, VERIFY_PLACE_BACK};
    struct run run;
    start(&run, text, stages);
    const struct verify_verdict verdict = verify_check(&run.subject, run.truth, setup);
    finish(&run);
    return verdict;
}

Test(staged, is_right_in_every_split) {
    for (int samples = 1; samples <= 12; samples++) {
        for (int backward = 0; backward < 2; backward++) {
            char text[64];
            snprintf(text, sizeof text, "bin:%dx3x5:pass=%s", samples, backward ? "bwd" : "fwd");
            const struct verify_verdict verdict = verdict_of(text, &verify_stages_of_norma);
            cr_expect(verdict.passed, "%s: %s", text, verdict.message);
        }
    }
}

Test(staged, computes_the_style_loss_itself) {
    const struct verify_verdict verdict =
        verdict_of("adain:7x3x5:style=stats", &verify_stages_of_norma);
    cr_expect(verdict.passed, "%s", verdict.message);
}

/* ---- ranks that disagree ------------------------------------------------------------------ */

static int executions;

static norma_status forget_every_second(struct verify_rank *rank) {
    const norma_status status = verify_stages_of_norma.coefficients(rank);
    if (executions++ % 2 == 1) {
        rank->args.running_mean[0] += 1.0f;
    }
    return status;
}

Test(staged, shows_what_differs_between_ranks) {
    struct verify_stages stages = verify_stages_of_norma;
    stages.coefficients = forget_every_second;
    void *pointers[REFERENCE_TENSOR_COUNT];
    struct run run;
    start(&run, "bn:8x3x5", &stages);
    cr_assert(verify_subject_execute(&run.subject, run.truth, pointers) == NORMA_STATUS_OK);
    const float *mean = pointers[REFERENCE_TENSOR_running_mean];
    cr_expect(isnan(mean[0]) && !isnan(mean[1]));
    finish(&run);
}

/* ---- support ------------------------------------------------------------------------------ */

static void expect_unsupported(const char *text) {
    const struct norma_problem problem = parse(text);
    void *state = NULL;
    cr_expect(verify_staged.create(&verify_staged, &state, &problem, 1) == NORMA_STATUS_UNSUPPORTED,
              "%s", text);
    cr_expect_null(state);
}

Test(staged, does_what_norma_does_in_stages) {
    expect_unsupported("adain:2x5x37");
    expect_unsupported("adain:2x5x37:style=swap,pass=bwd");
    expect_unsupported("adain:2x5x37:style=stats,regions=2");
    expect_unsupported("unit:2x5x37:alpha=element,pass=bwd");
}

Test(staged, leaves_out_gradients_of_rounded_means) {
    expect_unsupported("unit:2x5x37:form=layer,pass=bwd");
}

static bool is_exact(const char *text) {
    const struct norma_problem problem = parse(text);
    return verify_staged_is_exact(&problem);
}

Test(staged, has_the_bits_of_execution_where_nothing_is_added) {
    cr_expect(is_exact("bn:1x5x37"));
    cr_expect(is_exact("bn:1x5x37:pass=bwd"));
    cr_expect(is_exact("bn:4x5x37:pass=inf"));
    cr_expect(is_exact("gn:4x6x37"));
    cr_expect(!is_exact("bn:4x5x37"));
    cr_expect(!is_exact("gn:4x6x37:pass=bwd"));
    cr_expect(!is_exact("unit:4x6x37:form=layer"));
}
