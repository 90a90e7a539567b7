/* The contract that all operators share: tensors that may be missing, overlap, be empty or too
 * large.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <criterion/criterion.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reference/onednn/onednn.h"
#include "reference/onednn/steps/step.h"
#include "reference/onednn/tests/onednn_fixture.h"

static const char *const all[] = {"onednn", "onednn-nhwc", "onednn-blocked", NULL};

static const char *const small[] = {"bn:8x16x6x7",
                                    "bn:8x16x6x7:pass=inf",
                                    "in:8x16x6x7",
                                    "cin:4x16x6x7:styles=3",
                                    "bin:8x16x6x7",
                                    "adain:8x16x6x7",
                                    "adain:8x16x6x7:alpha=0.3",
                                    "gn:8x16x6x7",
                                    "gn:3x46x5x5:epilogue=relu,g=2",
                                    "ln:8x16x6x7",
                                    "ln:8x16",
                                    "rms:8x16x6x7",
                                    "unit:8x16x6x7:alpha=channel",
                                    "unit:8x16x6x7:alpha=element",
                                    "bn:3x23x5x5",
                                    "in:3x23x5x5",
                                    "in:3x23x5x5:epilogue=relu",
                                    "in:3x23x5x5:epilogue=add_relu",
                                    "bin:3x23x5x5:epilogue=add_relu,pass=inf",
                                    NULL};

static const char *const small_backward[] = {"bn:4x16x3x5:pass=bwd",
                                             "bn:3x23x5:pass=inf_bwd",
                                             "in:4x16x3x5:pass=bwd",
                                             "cin:3x16x5:pass=bwd,styles=2",
                                             "bin:3x23x5:pass=bwd",
                                             "adain:3x16x5:pass=bwd",
                                             "adain:3x16x5:alpha=0.3,pass=bwd,style=stats",
                                             "gn:3x16x5:g=4,pass=bwd",
                                             "ln:3x23x5:pass=bwd",
                                             "ln:5x23:pass=bwd",
                                             "rms:3x16x5:pass=bwd",
                                             "unit:3x16x5:pass=bwd",
                                             "bn:3x23x5:epilogue=relu,pass=bwd",
                                             "in:3x23x5:epilogue=add_relu,pass=bwd",
                                             NULL};

/* Puts the result over its source, and changes nothing else. */
static void in_place(struct norma_args *args, struct fixture *f, int round) {
    const size_t bytes = reference_tensor_bytes(&f->tensors[REFERENCE_TENSOR_x]);
    (void)round;
    if (reference_is_backward(&f->problem)) {
        memcpy(args->dx, args->dy, bytes);
        args->dy = args->dx;
    } else {
        memcpy(args->y, args->x, bytes);
        args->x = args->y;
    }
}

Test(onednn, in_place) {
    check_all(small, 1, all, in_place);
    check_all(small_backward, 1, all, in_place);
}

static void nothing_optional(struct norma_args *args, struct fixture *f, int round) {
    void *pointers[REFERENCE_TENSOR_COUNT];
    (void)round;
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        pointers[id] = f->tensors[id].optional ? NULL : f->data[id];
    }
    *args = reference_tensors_bind(pointers);
}

Test(onednn, without_optional_tensors) {
    check_all(small, 1, all, nothing_optional);
    check_all(small_backward, 1, all, nothing_optional);
}

/* Gives gamma in the first round only; no result may depend on it in the second. */
static void gamma_at_first(struct norma_args *args, struct fixture *f, int round) {
    (void)f;
    if (round > 1) {
        args->gamma = NULL;
    }
}

Test(onednn, parameters_do_not_stick) {
    check_all(small, 1, all, gamma_at_first);
    check_all(small_backward, 1, all, gamma_at_first);
}

static void expect_inputs_unwritten(const struct reference_implementation *implementation,
                                    const char *text) {
    struct fixture f = setup(text), same = setup(text);
    const struct norma_args args = args_of(&f);
    void *state = create(implementation, &f, 1);
    if (state) {
        run(implementation, state, &f, &args);
        implementation->destroy(state);
    }
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        cr_assert(f.tensors[id].role != REFERENCE_ROLE_INPUT ||
                      !memcmp(f.data[id], same.data[id], reference_tensor_bytes(&f.tensors[id])),
                  "%s %s wrote %s", implementation->name, text, f.tensors[id].name);
    }
    teardown(&f);
    teardown(&same);
}

static void expect_all_inputs_unwritten(const char *const *texts) {
    for (size_t i = 0; onednn_implementations[i]; i++) {
        for (size_t j = 0; texts[j]; j++) {
            char turned[NORMA_PROBLEM_TEXT];
            turn(texts[j], turned);
            expect_inputs_unwritten(onednn_implementations[i], texts[j]);
            expect_inputs_unwritten(onednn_implementations[i], turned);
        }
    }
}

Test(onednn, inputs_are_not_written) {
    expect_all_inputs_unwritten(small);
    expect_all_inputs_unwritten(small_backward);
}

/* Two threads are tested here for every operator, and nowhere else. Threads of oneDNN that wait
 * for each other keep the processor busy, which makes them hundreds of times slower where there
 * are fewer processors. The problems have short samples, several pieces, and fewer planes than
 * threads. */
Test(onednn, two_threads) {
    static const char *const texts[] = {"bn:1x1",
                                        "in:1x1x9:pass=bwd",
                                        "ln:1x1:pass=bwd",
                                        "gn:3x46x14x14:g=2",
                                        "unit:1x3x200x201:alpha=0.5",
                                        "unit:2x16x64x65:alpha=channel",
                                        "rms:1x3x200x201",
                                        NULL};
    check_all(small, 2, all, NULL);
    check_all(small_backward, 2, all, NULL);
    check_all(texts, 2, all, NULL);
}

Test(onednn, threads_are_given_back) {
    omp_set_num_threads(3);
    for (size_t i = 0; onednn_implementations[i]; i++) {
        check(onednn_implementations[i], "bn:2x3x4", 1);
        check(onednn_implementations[i], "bn:2x3x4:pass=bwd", 1);
        cr_assert_eq(omp_get_max_threads(), 3, "%s", onednn_implementations[i]->name);
    }
}

/* ---- single executions -------------------------------------------------------------------- */

static norma_status create_once(const char *implementation_name, const char *text, void **state) {
    const struct reference_implementation *implementation = find(implementation_name);
    struct norma_problem problem;
    cr_assert_eq(norma_problem_parse(text, &problem, NULL), NORMA_STATUS_OK, "%s", text);
    return implementation->create(implementation, state, &problem, 1);
}

static norma_status execute_once(const char *implementation_name, const char *text,
                                 const struct norma_args *args) {
    const struct reference_implementation *implementation = find(implementation_name);
    void *state;
    cr_assert_eq(create_once(implementation_name, text, &state), NORMA_STATUS_OK);
    norma_status status =
        implementation->import ? implementation->import(state, args) : NORMA_STATUS_OK;
    if (status == NORMA_STATUS_OK) {
        status = implementation->execute(state, args);
    }
    if (status == NORMA_STATUS_OK && implementation->export) {
        status = implementation->export(state, args);
    }
    implementation->destroy(state);
    return status;
}

Test(onednn, empty_tensors_succeed_and_have_no_statistics) {
    float value[8] = {0};
    const struct norma_args nothing = {0}, mean = {.mean = value},
                            instance_mean = {.instance_mean = value},
                            running = {.running_variance = value}, loss = {.style_loss = value};
    for (size_t i = 0; all[i]; i++) {
        cr_expect_eq(execute_once(all[i], "bn:0x3x4", &nothing), NORMA_STATUS_OK);
        cr_expect_eq(execute_once(all[i], "bn:0x3x4", &mean), NORMA_STATUS_EMPTY);
        cr_expect_eq(execute_once(all[i], "bn:0x3x4", &running), NORMA_STATUS_EMPTY);
        cr_expect_eq(execute_once(all[i], "bn:0x3x4:pass=inf", &mean), NORMA_STATUS_OK);
        cr_expect_eq(execute_once(all[i], "bn:0x3x4:pass=bwd", &mean), NORMA_STATUS_OK);
        cr_expect_eq(execute_once(all[i], "in:0x3x4", &mean), NORMA_STATUS_OK);
        cr_expect_eq(execute_once(all[i], "in:2x3x0", &mean), NORMA_STATUS_EMPTY);
        cr_expect_eq(execute_once(all[i], "bin:0x3x4", &instance_mean), NORMA_STATUS_OK);
        cr_expect_eq(execute_once(all[i], "bin:2x3x0", &instance_mean), NORMA_STATUS_EMPTY);
        cr_expect_eq(execute_once(all[i], "bin:2x3x0:pass=inf", &instance_mean),
                     NORMA_STATUS_EMPTY);
        cr_expect_eq(execute_once(all[i], "bin:2x3x0:pass=bwd", &instance_mean), NORMA_STATUS_OK);
        cr_expect_eq(execute_once(all[i], "unit:2x0x4", &mean), NORMA_STATUS_OK);
        cr_expect_eq(execute_once(all[i], "rms:2x0x4", &mean), NORMA_STATUS_OK);
        cr_expect_eq(execute_once(all[i], "adain:0x3x4", &nothing), NORMA_STATUS_OK);
        cr_expect_eq(execute_once(all[i], "adain:2x3x0", &loss), NORMA_STATUS_EMPTY);
        cr_expect_eq(execute_once(all[i], "gn:2x0x4", &nothing), NORMA_STATUS_OK);
    }
}

Test(onednn, empty_tensors_have_gradients_of_zero) {
    for (size_t i = 0; all[i]; i++) {
        float value[4] = {1, 2, 3, 4};
        const struct norma_args gradient = {.dgamma = value};
        cr_expect_eq(execute_once(all[i], "bn:0x3x4:pass=bwd", &gradient), NORMA_STATUS_OK);
        cr_expect(value[0] == 0 && value[1] == 0 && value[2] == 0 && value[3] == 4);
    }
}

/* Each required tensor is left out in turn. Sizes do not matter, as nothing may be touched. */
Test(onednn, missing_tensors_are_refused) {
    static const char *const texts[] = {"in:1x2x3",
                                        "in:1x2x3:epilogue=add_relu",
                                        "adain:1x2x3",
                                        "adain:1x2x3:style=stats",
                                        "adain:2x2x3:style=swap",
                                        "adain:1x2x3:styles=2",
                                        "cin:1x2x3",
                                        "bin:1x2x3",
                                        "unit:1x2x3:alpha=channel",
                                        "unit:1x2x3:alpha=element",
                                        "bn:1x2x3:pass=inf",
                                        "bn:1x2x3:pass=bwd",
                                        "bn:1x2x3:epilogue=relu,pass=inf_bwd",
                                        "bin:1x2x3:pass=bwd",
                                        "bin:1x2x3:pass=inf_bwd",
                                        "adain:1x2x3:pass=bwd",
                                        "adain:2x2x3:pass=bwd,style=swap",
                                        "rms:1x2x3:pass=bwd",
                                        "unit:1x2x3:pass=bwd"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct fixture f = setup(texts[i]);
        for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
            void *const data = f.data[id];
            if (f.tensors[id].role == REFERENCE_ROLE_UNUSED || f.tensors[id].optional) {
                continue;
            }
            f.data[id] = NULL;
            const struct norma_args args = args_of(&f);
            for (size_t j = 0; all[j]; j++) {
                cr_expect_eq(execute_once(all[j], texts[i], &args), NORMA_STATUS_NULL,
                             "%s %s without %s", all[j], texts[i], f.tensors[id].name);
            }
            f.data[id] = data;
        }
        teardown(&f);
    }
}

Test(onednn, rows_and_samples_that_do_not_exist_are_refused) {
    struct fixture cin = setup("cin:2x3x4:styles=2"), swap = setup("adain:2x3x4:style=swap");
    const struct norma_args cin_args = args_of(&cin), swap_args = args_of(&swap);
    int32_t *const index = cin.data[REFERENCE_TENSOR_style_index];
    int32_t *const permutation = swap.data[REFERENCE_TENSOR_permutation];
    for (size_t i = 0; all[i]; i++) {
        for (int32_t bad = -1; bad <= 2; bad += 3) {
            index[1] = permutation[1] = bad;
            cr_expect_eq(execute_once(all[i], cin.text, &cin_args), NORMA_STATUS_BAD_STYLE_INDEX);
            cr_expect_eq(execute_once(all[i], swap.text, &swap_args), NORMA_STATUS_BAD_PERMUTATION);
        }
    }
    teardown(&cin);
    teardown(&swap);
}

static void expect_unsupported(const char *const *texts) {
    for (size_t i = 0; onednn_implementations[i]; i++) {
        const char *const name = onednn_implementations[i]->name;
        for (size_t j = 0; texts[j]; j++) {
            char turned[NORMA_PROBLEM_TEXT];
            void *state;
            turn(texts[j], turned);
            cr_expect_eq(create_once(name, texts[j], &state), NORMA_STATUS_UNSUPPORTED, "%s %s",
                         name, texts[j]);
            cr_expect_eq(create_once(name, turned, &state), NORMA_STATUS_UNSUPPORTED, "%s %s", name,
                         turned);
        }
    }
}

Test(onednn, sizes_beyond_onednn_are_unsupported) {
    expect_unsupported(
        (const char *const[]){"in:1x1x3000000000", "in:3000000000x1x1", "in:1x3000000000x1",
                              "bn:70000x70000x1", "bn:70000x70000x1:pass=bwd",
                              "adain:1x1x2:style=3000000000", "unit:100000x100000x1000000", NULL});
}

Test(onednn, what_has_no_composition_is_unsupported) {
    expect_unsupported((const char *const[]){
        "unit:2x3x4:form=vanilla", "unit:2x3x4:form=layer", "unit:2x3x4:form=vector",
        "unit:2x3x4:alpha=0.5,form=scalar", "adain:2x3x4:regions=2",
        "adain:2x3x4:pass=bwd,regions=2", "unit:2x3x4:alpha=element,pass=bwd",
        "unit:2x3x4:form=layer,pass=inf_bwd", NULL});
}

/* Returns the name of the code that an implementation runs, which the caller frees; NULL if the
 * problem is unsupported. */
static char *kernel_of(const char *name, const char *text) {
    const struct reference_implementation *implementation = find(name);
    void *state;
    if (create_once(name, text, &state) != NORMA_STATUS_OK) {
        return NULL;
    }
    const char *kernel = implementation->kernel(state);
    char *copy = calloc(strlen(kernel) + 1, 1);
    cr_assert(copy);
    memcpy(copy, kernel, strlen(kernel));
    implementation->destroy(state);
    return copy;
}

Test(onednn, kernels_are_named) {
    static const struct {
        const char *implementation, *text, *part;
    } cases[] = {{"onednn", "bn:2x16x4x4", "bnorm"},
                 {"onednn", "bn:2x16x4x4:pass=bwd", "bnorm"},
                 {"onednn", "in:2x16x4x4", "layer_normalization"},
                 {"onednn", "unit:2x16x4x4", "+binary:"},
                 {"onednn", "in:2x16x4x4:pass=bwd", "reorder:"},
                 {"onednn-composed", "bn:2x16x4x4", "layer_normalization"},
                 {"onednn-composed", "bn:2x16x4x4:pass=bwd", "reorder:"},
                 {"onednn-composed", "bn:2x16x4x4:layout=nsc,pass=inf", "binary:"},
                 {"onednn-nhwc", "bn:2x16x4x4", "bnorm"},
                 {"onednn-nhwc", "gn:2x23x4x4:pass=bwd", "+binary:"},
                 {"onednn-blocked", "bn:2x23x4x4:epilogue=relu,pass=bwd", "eltwise:"},
                 {"onednn-blocked", "bin:2x16x4x4", "+bnorm"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *kernel = kernel_of(cases[i].implementation, cases[i].text);
        cr_assert(kernel, "%s %s", cases[i].implementation, cases[i].text);
        cr_expect(strstr(kernel, cases[i].part), "%s %s: %s", cases[i].implementation,
                  cases[i].text, kernel);
        free(kernel);
    }
}

/* The blocked layout is there for the sake of its compiled code. */
Test(onednn, blocked_is_compiled) {
    static const char *const texts[] = {"bn:2x16x4x4", "bn:2x23x4x4", "bn:2x23x4x4:layout=nsc",
                                        "bn:2x23x4x4:pass=inf", "bn:2x23x4x4:pass=bwd"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char *kernel = kernel_of("onednn-blocked", texts[i]);
        cr_assert(kernel, "%s", texts[i]);
        cr_expect(strstr(kernel, "jit"), "%s: %s", texts[i], kernel);
        free(kernel);
    }
}

/* ---- channels last, in place -------------------------------------------------------------- */

/* The primitives, created in the plain way for a tensor of 4 dimensions. */
enum primitive { BATCH, BATCH_GIVEN, BATCH_BACKWARD, LAYER, LAYER_BACKWARD, GROUP, PRODUCT, CHAIN };

static norma_status create_plainly(enum primitive primitive, struct onednn_step *step) {
    const struct onednn_shape data = onednn_shape4(2, 16, 4, 4, dnnl_nhwc);
    const struct onednn_link link = {dnnl_binary_mul, onednn_shape4(1, 16, 1, 1, dnnl_nhwc)};
    struct onednn_batch_options options = {.epsilon = 1e-5, .affine = true};
    switch (primitive) {
    case BATCH_GIVEN:
        options.given = true;
        return onednn_create_batch_normalization(step, &data, &options);
    case BATCH_BACKWARD:
        return onednn_create_batch_normalization_backward(step, &data, 0, false);
    case LAYER:
        return onednn_create_layer_normalization(step, 2, 256, 1e-5, false);
    case LAYER_BACKWARD:
        return onednn_create_layer_normalization_backward(step, 2, 256);
    case GROUP:
        return onednn_create_group_normalization(step, &data, 1, 1e-5, false);
    case PRODUCT:
        return onednn_create_inner_product(step, 1 << 14);
    case CHAIN:
        return onednn_create_chain(step, &data, 1, &link, false);
    default:
        return onednn_create_batch_normalization(step, &data, &options);
    }
}

static void expect_kernel(const char *text, const char *kernel, size_t length,
                          enum primitive primitive) {
    struct onednn_step step;
    cr_assert_eq(create_plainly(primitive, &step), NORMA_STATUS_OK);
    cr_expect(strlen(step.kernel) == length && !strncmp(step.kernel, kernel, length),
              "%s: %.*s, not %s", text, (int)length, kernel, step.kernel);
    onednn_step_destroy(&step);
}

enum { MAX_STEPS = 2 };

struct steps {
    const char *text;
    int count;
    enum primitive primitives[MAX_STEPS];
};

/* Expects steps that run the same kernels as those that are created in the plain way, whatever
 * oneDNN has for the layout on this processor. So none is a copy, and none has a shape that only
 * generic code takes. There must be no more of them than README.md has passes. */
static void expect_steps(const struct steps *steps) {
    char *kernel = kernel_of("onednn", steps->text);
    cr_assert(kernel, "%s", steps->text);
    const char *step = kernel;
    for (int i = 0; i < steps->count; i++) {
        const size_t length = strcspn(step, "+");
        expect_kernel(steps->text, step, length, steps->primitives[i]);
        step += length + (step[length] == '+');
    }
    cr_expect_str_empty(step, "%s: %s", steps->text, kernel);
    free(kernel);
}

Test(onednn, channels_last_runs_in_place) {
    static const struct steps cases[] = {
        {"bn:2x16x4x4:layout=nsc", 1, {BATCH}},
        {"bn:2x16x4x4:layout=nsc,pass=inf", 1, {BATCH_GIVEN}},
        {"bn:2x16x4x4:layout=nsc,pass=bwd", 1, {BATCH_BACKWARD}},
        {"in:2x16x4x4:layout=nsc", 1, {BATCH}},
        {"in:2x16x4x4:layout=nsc,pass=bwd", 1, {BATCH_BACKWARD}},
        {"adain:2x16x4x4:layout=nsc", 2, {BATCH, BATCH}},
        {"gn:2x16x4x4:g=4,layout=nsc", 2, {BATCH, CHAIN}},
        {"gn:2x16x4x4:epilogue=add_relu,g=4,layout=nsc", 2, {BATCH, CHAIN}},
        {"gn:2x16x4x4:g=4,layout=nsc,pass=bwd", 2, {BATCH_BACKWARD, CHAIN}},
        {"ln:2x16x4x4:layout=nsc", 1, {LAYER}},
        {"ln:2x16x4x4:epilogue=relu,layout=nsc", 2, {LAYER, CHAIN}},
        {"ln:2x16x64x64:layout=nsc", 2, {LAYER, CHAIN}},
        {"ln:2x16x128x128:layout=nsc", 2, {BATCH, CHAIN}},
        {"ln:2x16:layout=nsc", 1, {LAYER}},
        {"ln:2x16:layout=nsc,pass=bwd", 1, {LAYER_BACKWARD}},
        {"rms:2x64x16x16:layout=nsc", 2, {PRODUCT, CHAIN}}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        expect_steps(&cases[i]);
    }
}

static bool is_compiled(enum primitive primitive) {
    struct onednn_step step;
    if (create_plainly(primitive, &step) != NORMA_STATUS_OK) {
        return false;
    }
    const bool compiled = strstr(step.kernel, "jit") != NULL;
    onednn_step_destroy(&step);
    return compiled;
}

/* Wide groups take one step where oneDNN has compiled code for it, which no 2.x has. */
Test(onednn, wide_groups_take_the_primitive) {
    static const struct steps with[] = {{"gn:2x64x6x6:g=2,layout=nsc", 1, {GROUP}},
                                        {"gn:2x64x6x6:epilogue=relu,g=2,layout=nsc", 1, {GROUP}},
                                        {"ln:2x64x64x64:layout=nsc", 1, {GROUP}}},
                              without[] = {{"gn:2x64x6x6:g=2,layout=nsc", 2, {BATCH, CHAIN}},
                                           {"ln:2x64x64x64:layout=nsc", 2, {BATCH, CHAIN}}};
    const bool compiled = is_compiled(GROUP);
    const struct steps *const cases = compiled ? with : without;
    const size_t count = compiled ? sizeof with / sizeof *with : sizeof without / sizeof *without;
    for (size_t i = 0; i < count; i++) {
        expect_steps(&cases[i]);
    }
}

/* With one position both layouts are the same memory, so that the same code runs. */
Test(onednn, layouts_of_one_position_are_the_same) {
    static const char *const texts[] = {"bn:5x16", "bn:5x16:pass=bwd",    "gn:5x16:g=4,pass=bwd",
                                        "ln:5x16", "adain:5x16:pass=bwd", NULL};
    for (size_t i = 0; onednn_implementations[i]; i++) {
        for (size_t j = 0; texts[j]; j++) {
            const char *const name = onednn_implementations[i]->name;
            char turned[NORMA_PROBLEM_TEXT];
            turn(texts[j], turned);
            char *kernel = kernel_of(name, texts[j]), *same = kernel_of(name, turned);
            cr_expect_eq(!kernel, !same, "%s %s", name, texts[j]);
            cr_expect(!kernel || !strcmp(kernel, same), "%s %s: %s and %s", name, texts[j], kernel,
                      same);
            free(kernel);
            free(same);
        }
    }
}

/* A copy of a tensor that is channels-last already would be onednn's figure under another name. */
Test(onednn, what_runs_in_place_is_not_copied) {
    static const char *const texts[] = {"bn:2x16x4x4:layout=nsc", "gn:2x16x4x4:layout=nsc,pass=bwd",
                                        "bn:8x16", "ln:8x16:pass=bwd"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        void *state;
        cr_expect_eq(create_once("onednn-nhwc", texts[i], &state), NORMA_STATUS_UNSUPPORTED, "%s",
                     texts[i]);
    }
}

Test(onednn, version) {
    int major = 0;
    cr_assert(onednn_version());
    cr_assert_eq(sscanf(onednn_version(), "%d.", &major), 1);
    cr_assert_geq(major, 2);
}
