/* Every operator and pass gives the same results channels-last as channels-first.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>
#include <string.h>

#include "verify/properties/property_trial.h"

/* Copies the inputs of `first` to those of `last`, each element to its place in that layout. */
static void turn_inputs(struct verify_experiment *last, const struct verify_experiment *first) {
    for (int i = 0; i < REFERENCE_TENSOR_COUNT; i++) {
        const enum reference_tensor_id id = (enum reference_tensor_id)i;
        const struct reference_tensor *tensor = &first->tensors[id];
        const char *from = first->data[id];
        char *to = last->data[id];
        for (int64_t k = 0; reference_is_input(tensor) && k < tensor->count; k++) {
            memcpy(to + (size_t)reference_turned(&last->problem, id, k) * tensor->size,
                   from + (size_t)k * tensor->size, tensor->size);
        }
    }
}

/* The same problem channels-first and channels-last. */
struct layouts {
    struct verify_experiment *first, *last;
};

/* Runs both on the same inputs. Backward, these are the results of the channels-first forward
 * pass. */
static struct layouts run_both(struct verify_trial *trial, const char *text) {
    struct norma_problem problem = verify_trial_problem(trial, "%s", text);
    problem.layout = NORMA_LAYOUT_NCS;
    struct verify_experiment *first = verify_experiment_of(trial, &problem);
    problem.layout = NORMA_LAYOUT_NSC;
    struct verify_experiment *last = verify_experiment_of(trial, &problem);
    /* A run updates running statistics, which are inputs of the forward passes. */
    if (!first->forward) {
        turn_inputs(last, first);
    }
    verify_experiment_run(first);
    if (first->forward) {
        turn_inputs(last, first);
    }
    const norma_status status = verify_experiment_execute(last);
    if (status != NORMA_STATUS_OK) {
        verify_trial_fail(trial, "%s: execution failed: %s", last->text, norma_strerror(status));
    }
    return (struct layouts){first, last};
}

static double largest_of(const struct verify_experiment *e, enum reference_tensor_id id) {
    const float *data = e->data[id];
    double largest = 0.0;
    for (int64_t i = 0; i < e->tensors[id].count; i++) {
        largest = fmax(largest, fabs((double)data[i]));
    }
    return largest;
}

/* Returns the sum of the bounds of both, in the order of `last`. dresidual has elements of dy and
 * needs no bound. Statistics are rounded once, and the errors of their sums are far below the
 * largest of them. */
static double *bound_of_both(const struct layouts *layouts, enum reference_tensor_id id) {
    const struct verify_experiment *first = layouts->first, *last = layouts->last;
    const int64_t count = last->tensors[id].count;
    double *bound;
    if (verify_has_bound(id)) {
        const double *other = verify_experiment_bound(first, id);
        bound = verify_experiment_bound(last, id);
        for (int64_t i = 0; i < count; i++) {
            bound[reference_turned(&last->problem, id, i)] += other[i];
        }
        return bound;
    }
    const double roundoff = id == REFERENCE_TENSOR_dresidual ? 0.0 : verify_roundoff(last);
    const double off = roundoff * largest_of(first, id);
    bound = verify_trial_memory(last->trial, (size_t)count * sizeof *bound);
    for (int64_t i = 0; i < count; i++) {
        bound[i] = off;
    }
    return bound;
}

static void layouts_agree(struct verify_trial *trial, const char *text) {
    const struct layouts layouts = run_both(trial, text);
    for (int i = 0; i < REFERENCE_TENSOR_COUNT; i++) {
        const enum reference_tensor_id id = (enum reference_tensor_id)i;
        const struct reference_tensor *tensor = &layouts.last->tensors[id];
        if (!reference_is_output(tensor)) {
            continue;
        }
        float *expected = verify_trial_memory(trial, reference_tensor_bytes(tensor));
        const float *data = layouts.first->data[id];
        for (int64_t k = 0; k < tensor->count; k++) {
            expected[reference_turned(&layouts.last->problem, id, k)] = data[k];
        }
        verify_expect_near(layouts.last, id, expected, bound_of_both(&layouts, id),
                           layouts.first->text);
    }
}

/* With a single position, both layouts have the same order of elements. */
static void layouts_of_one_position_are_the_same(struct verify_trial *trial, const char *text) {
    const struct layouts layouts = run_both(trial, text);
    verify_expect_same_outputs(layouts.last, layouts.first);
}

/* ------------------------------------------------------------------------------------------- */

/* These have more than one chunk of rows with few channels and with many, tails, more than a block
 * of coefficients, and more than a piece of a row. */
static const char *const problems[] = {
    "bn:3x5x1501",
    "bn:2x70x150:pass=inf,epilogue=relu",
    "bn:3x5x1501:pass=bwd,epilogue=add_relu",
    "bn:2x70x150:pass=inf_bwd",
    "in:2x3x4133",
    "in:2x3x4133:pass=bwd",
    "in:2x263x9:epilogue=add_relu",
    "in:2x263x9:pass=bwd,epilogue=relu",
    "cin:3x17x7x7:styles=2",
    "cin:3x17x7x7:styles=2,pass=bwd",
    "bin:3x5x1501",
    "bin:2x70x37:pass=inf",
    "bin:3x5x1501:pass=bwd",
    "bin:2x70x37:pass=inf_bwd",
    "bin:2x6x5x7:rho=0.5,pass=bwd",
    "adain:2x5x37:alpha=0.75,epilogue=add_relu",
    "adain:2x5x37:alpha=0.75,pass=bwd",
    "adain:2x20x37:style=41x101,std=unbiased",
    "adain:2x20x37:style=41x101,std=unbiased,pass=bwd",
    "adain:2x263x5:styles=3,style=7",
    "adain:2x263x5:styles=3,style=7,pass=bwd",
    "adain:2x5x37:style=stats,pass=bwd",
    "adain:3x5x101:style=swap",
    "adain:3x5x101:style=swap,pass=bwd",
    "adain:2x7x101:regions=3",
    "adain:2x7x101:regions=3,pass=bwd",
    "adain:2x70x31:regions=2,style=3",
    "adain:2x70x31:regions=2,style=3,pass=bwd",
    "adain:1x2100x5:regions=2",
    "adain:1x2100x5:regions=2,pass=bwd",
    "gn:2x12x37:g=3",
    "gn:2x12x37:g=3,pass=bwd",
    "gn:2x300x9:g=3",
    "gn:2x300x9:g=3,pass=bwd",
    "gn:1x2100x3:g=3",
    "gn:1x2100x3:g=3,pass=bwd",
    "ln:2x12x37",
    "ln:2x263x9:pass=bwd",
    "rms:2x12x37",
    "rms:2x263x9:pass=bwd",
    "unit:2x12x37",
    "unit:2x263x9:pass=bwd",
    "unit:2x12x37:alpha=element,epilogue=relu",
    "unit:2x12x37:alpha=element,pass=bwd",
    "unit:2x12x37:alpha=0.75,pass=bwd",
    "unit:2x12x37:form=vanilla",
    "unit:2x12x37:form=vanilla,pass=bwd",
    "unit:2x12x37:form=scalar,alpha=0.75",
    "unit:2x12x37:form=scalar,alpha=0.75,pass=bwd",
    "unit:2x12x37:form=vector",
    "unit:2x12x37:form=vector,pass=bwd",
    "unit:2x12x37:form=vector,alpha=element",
    "unit:2x12x37:form=vector,alpha=element,pass=bwd",
    "unit:3x5x1501:form=layer",
    "unit:2x70x37:form=layer,pass=inf",
    "unit:3x5x1501:form=layer,pass=bwd",
    "unit:2x70x37:form=layer,pass=inf_bwd",
    NULL,
};

static const char *const problems_of_one_position[] = {
    "bn:700x5",
    "bn:300x70:pass=bwd,epilogue=relu",
    "bn:5x263:pass=inf",
    "bn:5x263:pass=inf_bwd",
    "in:5x12:epilogue=add_relu",
    "in:5x12:pass=bwd",
    "cin:5x12:styles=3",
    "cin:5x12:styles=3,pass=bwd",
    "bin:41x17",
    "bin:41x17:pass=bwd",
    "bin:5x12:pass=inf",
    "bin:5x12:pass=inf_bwd",
    "adain:5x12",
    "adain:5x12:pass=bwd",
    "adain:5x12:style=swap,pass=bwd",
    "adain:5x12:regions=2",
    "adain:5x12:styles=2,pass=bwd",
    "gn:5x12:g=3",
    "gn:5x12:g=3,pass=bwd",
    "gn:5x300:g=100",
    "gn:5x12:g=12,pass=bwd",
    "ln:5x263",
    "ln:5x263:pass=bwd",
    "rms:5x263",
    "rms:5x12:pass=bwd",
    "unit:5x263",
    "unit:5x12:pass=bwd",
    "unit:5x12:alpha=element",
    "unit:5x12:alpha=element,pass=bwd",
    "unit:5x12:form=vanilla",
    "unit:5x12:form=vector,pass=bwd",
    "unit:41x17:form=layer",
    "unit:41x17:form=layer,pass=bwd",
    "unit:5x12:form=layer,pass=inf_bwd",
    NULL,
};

const struct verify_property verify_properties_layouts[] = {
    {"layouts-agree", layouts_agree, problems, VERIFY_PROMISE_NEAR, VERIFY_ONCE},
    {"layouts-of-one-position-are-the-same", layouts_of_one_position_are_the_same,
     problems_of_one_position, VERIFY_PROMISE_NORMA, VERIFY_ONCE},
    {0},
};
