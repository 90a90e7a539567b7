/* SPDX-License-Identifier: Apache-2.0 */
#include "kernels/tests/bundle.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

struct norma_problem bundle_problem(const char *text) {
    struct norma_problem problem;
    struct norma_parse_error error;
    cr_assert(norma_problem_parse(text, &problem, &error) == NORMA_STATUS_OK, "%s: %s", text,
              error.message);
    return problem;
}

/* ---- values ------------------------------------------------------------------------------- */

static void fill_uniform(float *values, int64_t count, uint32_t seed, float low, float high) {
    uint32_t state = seed;
    for (int64_t i = 0; i < count; i++) {
        state = state * 1664525u + 1013904223u;
        values[i] = low + (high - low) * ((float)(state >> 8) * 0x1p-24f);
    }
}

/* Fills gates in [0, 1]. Both ends are special cases, so they occur. */
static void fill_gates(float *values, int64_t count, uint32_t seed) {
    fill_uniform(values, count, seed, 0.0f, 1.0f);
    values[0] = 1.0f;
    values[count - 1] = 0.0f;
}

/* Fills rows of weights that differ and sum to one. */
static void fill_weights(float *weights, int64_t samples, int64_t styles) {
    const float total = (float)(styles * (styles + 1) / 2);
    for (int64_t i = 0; i < samples * styles; i++) {
        const int64_t rank = (i % styles + i / styles) % styles;
        weights[i] = (float)(rank + 1) / total;
    }
}

/* Fills labels such that a few positions of a region follow each other, and in the second half
 * many. */
static void fill_labels(uint8_t *labels, int64_t count, int64_t regions) {
    for (int64_t i = 0; i < count; i++) {
        const int64_t few = i / 5 + (i % 7 == 3), many = i / 67;
        labels[i] = (uint8_t)((i < count / 2 ? few : many) % regions);
    }
}

/* Fills the saved y of a ReLU, with zeros, NaN and subnormals among it. */
static void fill_results(float *y, int64_t count, uint32_t seed) {
    static const float special[] = {0.0f, -0.0f, NAN, 0x1p-149f, -0x1p-149f};
    fill_uniform(y, count, seed, -1.0f, 1.0f);
    for (int64_t i = 0; i < count; i += 3) {
        y[i] = special[i % 5];
    }
}

static void fill(const struct bundle *bundle, int id) {
    const struct norma_problem *problem = &bundle->problem;
    const int64_t count = bundle->tensors[id].count;
    const uint32_t seed = (uint32_t)id + 1;
    switch (id) {
    case REFERENCE_TENSOR_x:
        fill_uniform(bundle->data[id], count, seed, -1.0f, 3.0f);
        break;
    case REFERENCE_TENSOR_y:
        fill_results(bundle->data[id], count, seed);
        break;
    case REFERENCE_TENSOR_rho:
    case REFERENCE_TENSOR_alpha:
        fill_gates(bundle->data[id], count, seed);
        break;
    case REFERENCE_TENSOR_style_weights:
        fill_weights(bundle->data[id], problem->n, problem->styles);
        break;
    case REFERENCE_TENSOR_labels:
        fill_labels(bundle->data[id], count, problem->regions);
        break;
    case REFERENCE_TENSOR_style_index:
        for (int64_t n = 0; n < count; n++) {
            ((int32_t *)bundle->data[id])[n] = (int32_t)(n % 2 * (problem->styles - 1));
        }
        break;
    case REFERENCE_TENSOR_permutation:
        for (int64_t n = 0; n < count; n++) {
            ((int32_t *)bundle->data[id])[n] = (int32_t)((n + 1) % count);
        }
        break;
    case REFERENCE_TENSOR_gamma:
    case REFERENCE_TENSOR_style_std:
    case REFERENCE_TENSOR_running_variance:
    case REFERENCE_TENSOR_inverse_std:
    case REFERENCE_TENSOR_instance_inverse_std:
        fill_uniform(bundle->data[id], count, seed, 0.25f, 2.0f);
        break;
    default:
        fill_uniform(bundle->data[id], count, seed, -1.0f, 1.0f);
        break;
    }
}

/* Makes the norm of the last of several samples 0, for forms that divide by norms. */
static void zero_last_sample(const struct bundle *bundle) {
    const struct norma_problem *problem = &bundle->problem;
    const bool divides = problem->form == NORMA_FORM_VANILLA ||
                         problem->form == NORMA_FORM_SCALAR || problem->form == NORMA_FORM_VECTOR;
    if (!divides || problem->n < 2 || bundle->tensors[REFERENCE_TENSOR_x].count == 0) {
        return;
    }
    const int64_t size = bundle->tensors[REFERENCE_TENSOR_x].count / problem->n;
    float *x = bundle->data[REFERENCE_TENSOR_x];
    memset(x + (problem->n - 1) * size, 0, (size_t)size * sizeof *x);
    if (bundle->tensors[REFERENCE_TENSOR_inverse_std].role == REFERENCE_ROLE_INPUT) {
        ((float *)bundle->data[REFERENCE_TENSOR_inverse_std])[problem->n - 1] = INFINITY;
    }
}

/* ---- bundles ------------------------------------------------------------------------------ */

enum { NOWHERE = 64 }; /* an address that is never mapped */

/* Makes malloc keep freed memory for the next test: giving its pages back and faulting in others
 * takes as long as the tests themselves. */
static void keep_memory(void) {
#if defined(__GLIBC__)
    mallopt(M_MMAP_MAX, 0);
    mallopt(M_TRIM_THRESHOLD, -1);
#endif
}

struct bundle *bundle_make(const char *text, size_t offset) {
    keep_memory();
    void *const nowhere = (void *)(uintptr_t)NOWHERE;
    struct bundle *bundle = calloc(1, sizeof *bundle);
    bundle->problem = bundle_problem(text);
    reference_tensors_of(&bundle->problem, bundle->tensors);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        bundle->data[id] = nowhere;
        if (bundle_uses(bundle, id)) {
            bundle->memory[id] = malloc(offset + reference_tensor_bytes(&bundle->tensors[id]));
            bundle->data[id] = (char *)bundle->memory[id] + offset;
            fill(bundle, id);
        }
    }
    zero_last_sample(bundle);
    return bundle;
}

struct bundle *bundle_copy(const struct bundle *bundle, size_t offset) {
    struct bundle *copy = calloc(1, sizeof *copy);
    *copy = *bundle;
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        if (bundle_uses(bundle, id)) {
            const size_t bytes = reference_tensor_bytes(&bundle->tensors[id]);
            copy->memory[id] = malloc(offset + bytes);
            copy->data[id] = memcpy((char *)copy->memory[id] + offset, bundle->data[id], bytes);
        }
    }
    return copy;
}

/* Makes two thirds of the elements large. Four elements that lie a quarter of the plane apart have
 * the same size, and `signs`. */
static void cancel_sums(const struct norma_problem *problem, float *values, int64_t planes,
                        int64_t spatial, const float signs[4]) {
    const int64_t quarter = spatial / 4;
    for (int64_t p = 0; p < planes; p++) {
        for (int64_t i = 0; i < quarter; i++) {
            const float large = 0x1p40f * values[reference_element_at(problem, p, i, spatial)];
            for (int k = 0; i % 3 > 0 && k < 4; k++) {
                values[reference_element_at(problem, p, k * quarter + i, spatial)] =
                    signs[k] * large;
            }
        }
    }
}

void bundle_cancel_sums(struct bundle *bundle) {
    static const struct {
        int id;
        float signs[4];
    } images[] = {{REFERENCE_TENSOR_x, {1.0f, 1.0f, -1.0f, -1.0f}},
                  {REFERENCE_TENSOR_dy, {1.0f, -1.0f, 1.0f, -1.0f}},
                  {REFERENCE_TENSOR_style, {1.0f, 1.0f, -1.0f, -1.0f}}};
    for (size_t i = 0; i < sizeof images / sizeof *images; i++) {
        const int id = images[i].id;
        const int64_t spatial = id == REFERENCE_TENSOR_style
                                    ? norma_problem_style_spatial(&bundle->problem)
                                    : norma_problem_spatial(&bundle->problem);
        if (bundle_uses(bundle, id)) {
            cancel_sums(&bundle->problem, bundle->data[id], bundle->tensors[id].count / spatial,
                        spatial, images[i].signs);
        }
    }
    zero_last_sample(bundle);
}

void bundle_free(struct bundle *bundle) {
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        free(bundle->memory[id]);
    }
    free(bundle);
}

norma_status bundle_execute_plan(const struct bundle *bundle, const struct norma_plan *plan) {
    const size_t bytes = norma_plan_workspace(plan);
    struct norma_args args = reference_tensors_bind((void *const *)bundle->data);
    args.workspace = malloc(bytes + 1);
    memset(args.workspace, 0xff, bytes);
    const norma_status status = norma_execute(plan, &args);
    free(args.workspace);
    return status;
}

norma_status bundle_execute(const struct bundle *bundle, const struct norma_options *options) {
    struct norma_plan *plan;
    cr_assert(norma_plan_create(&plan, &bundle->problem, options) == NORMA_STATUS_OK);
    const norma_status status = bundle_execute_plan(bundle, plan);
    norma_plan_destroy(plan);
    return status;
}

norma_status bundle_explain(const struct bundle *bundle, char *message, size_t size) {
    struct norma_plan *plan;
    struct norma_args args = reference_tensors_bind((void *const *)bundle->data);
    cr_assert(norma_plan_create(&plan, &bundle->problem, NULL) == NORMA_STATUS_OK);
    args.workspace = malloc(norma_plan_workspace(plan) + 1);
    const norma_status status = norma_args_check(plan, &args, message, size);
    free(args.workspace);
    norma_plan_destroy(plan);
    return status;
}

bool bundle_uses(const struct bundle *bundle, int id) {
    return bundle->tensors[id].role != REFERENCE_ROLE_UNUSED && bundle->tensors[id].count > 0;
}

const char *bundle_difference(const struct bundle *a, const struct bundle *b, int except) {
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        if (id != except && bundle_uses(a, id) && a->data[id] && b->data[id] &&
            memcmp(a->data[id], b->data[id], reference_tensor_bytes(&a->tensors[id])) != 0) {
            return a->tensors[id].name;
        }
    }
    return NULL;
}
