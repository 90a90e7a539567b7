/* How much stack the library's calls take, of the calling thread and of OpenMP's. Threads have
 * stacks of 64 KiB here: those that the tests create, and by OMP_STACKSIZE those of OpenMP. The C
 * library takes its part of these, so the calls may take no more than MOST, which is measured:
 * memory below the caller is painted, and what has changed afterwards was used.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _POSIX_C_SOURCE 200809L
#include <criterion/criterion.h>
#include <omp.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "kernels/plan/plan.h"
#include "kernels/tests/bundle.h"
#include "kernels/tests/variants.h"
#include <norma_tools.h>

enum { STACK = 64 * 1024, MOST = 48 * 1024, THREADS = 3 };

TestSuite(stack, .timeout = 250);

/* Sanitizers put memory between the variables on a stack, and unoptimized code keeps every variable
 * there. */
static void skip_larger_stacks(void) {
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
    cr_skip("stacks are larger with sanitizers");
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(__OPTIMIZE__)
    cr_skip("stacks are larger with sanitizers or without optimization");
#endif
}

/* ---- painting ----------------------------------------------------------------------------- */

static const uint64_t paint = 0x5c3a5c3a5c3a5c3a;

/* Where each thread's painted memory ends. What lies between, the functions here use themselves. */
static uintptr_t tops[THREADS];
enum { OWN = 512, PAINTED = MOST + OWN };

static __attribute__((noinline)) void paint_stack(void) {
    const uintptr_t top = (uintptr_t)__builtin_frame_address(0) / sizeof paint * sizeof paint;
    tops[omp_get_thread_num()] = top;
    for (uintptr_t at = top - PAINTED; at < top - OWN; at += sizeof paint) {
        *(volatile uint64_t *)at = paint;
    }
}

/* Returns the bytes of the painted memory that were used. */
static __attribute__((noinline)) size_t used_stack(void) {
    const uintptr_t top = tops[omp_get_thread_num()];
    uintptr_t at = top - PAINTED;
    while (at < top - OWN && *(volatile uint64_t *)at == paint) {
        at += sizeof paint;
    }
    return top - at;
}

/* Each region of as many threads gets the same ones. */
static void paint_stacks(int threads) {
#pragma omp parallel num_threads(threads)
    paint_stack();
}

static size_t most_used_stack(int threads) {
    size_t most = 0;
#pragma omp parallel num_threads(threads) reduction(max : most)
    most = used_stack();
    return most;
}

/* ---- calls -------------------------------------------------------------------------------- */

/* The calls that a thread makes. */
struct calls {
    norma_status (*make)(const struct calls *calls);
    const char *text;
    const struct norma_plan *plan;
    const struct norma_args *args;
    norma_status status;
    size_t used;
};

static void *make_calls(void *argument) {
    struct calls *calls = argument;
    const int threads = calls->plan ? calls->plan->threads : 1;
    paint_stacks(threads);
    calls->status = calls->make(calls);
    calls->used = most_used_stack(threads);
    return NULL;
}

/* Returns the size of small stacks: on some systems threads have more. */
static size_t small_stack(void) {
    const long least = sysconf(_SC_THREAD_STACK_MIN);
    return least > STACK ? (size_t)least : STACK;
}

/* Makes the calls in a thread with a small stack. */
static void expect_small_stack(struct calls *calls) {
    pthread_attr_t attributes;
    pthread_t thread;
    cr_assert(pthread_attr_init(&attributes) == 0);
    cr_assert(pthread_attr_setstacksize(&attributes, small_stack()) == 0);
    cr_assert(pthread_create(&thread, &attributes, make_calls, calls) == 0);
    cr_assert(pthread_join(thread, NULL) == 0);
    cr_assert(pthread_attr_destroy(&attributes) == 0);
    cr_assert(calls->status == NORMA_STATUS_OK, "%s: %s", calls->text,
              norma_strerror(calls->status));
    cr_expect(calls->used < PAINTED, "%s, %s: more than %d bytes of stack", calls->text,
              norma_plan_set(calls->plan), MOST);
}

/* ---- execution ---------------------------------------------------------------------------- */

static norma_status execute_at_once(const struct calls *calls) {
    char message[200];
    const norma_status status = norma_args_check(calls->plan, calls->args, message, sizeof message);
    return status == NORMA_STATUS_OK ? norma_execute(calls->plan, calls->args) : status;
}

static norma_status execute_forward(const struct calls *calls) {
    const size_t entries = (size_t)norma_stage_affine_entries(calls->plan);
    struct norma_partial_moments *moments =
        calloc((size_t)norma_stage_sets(calls->plan) + 1, sizeof *moments);
    float *centre = calloc(3 * entries, sizeof *centre);
    const struct norma_stage_affine affine = {centre, centre + entries, centre + 2 * entries};
    norma_status status = norma_stage_moments(calls->plan, calls->args, moments);
    if (status == NORMA_STATUS_OK) {
        status = norma_stage_coefficients(calls->plan, calls->args, moments, &affine);
    }
    if (status == NORMA_STATUS_OK) {
        status = norma_stage_apply(calls->plan, calls->args, &affine);
    }
    free(moments);
    free(centre);
    return status;
}

static norma_status execute_backward(const struct calls *calls) {
    struct norma_partial_sums *sums =
        calloc((size_t)norma_stage_sets(calls->plan) + 1, sizeof *sums);
    norma_status status = norma_stage_sums(calls->plan, calls->args, sums);
    if (status == NORMA_STATUS_OK) {
        status = norma_stage_gradient(calls->plan, calls->args, sums);
    }
    free(sums);
    return status;
}

/* Executes in steps those plans that can be. */
static norma_status execute_in_stages(const struct calls *calls) {
    char message[200];
    const norma_status status =
        norma_stage_check(calls->plan, calls->args, message, sizeof message);
    if (status != NORMA_STATUS_OK) {
        return status == NORMA_STATUS_UNSUPPORTED ? NORMA_STATUS_OK : status;
    }
    return (calls->plan->backward ? execute_backward : execute_forward)(calls);
}

static norma_status execute(const struct calls *calls) {
    const norma_status status = execute_at_once(calls);
    return status == NORMA_STATUS_OK ? execute_in_stages(calls) : status;
}

static void check_plan(const char *text, const struct norma_plan *plan,
                       const struct bundle *bundle) {
    const size_t whole = norma_plan_workspace(plan), staged = norma_stage_workspace(plan);
    struct norma_args args = reference_tensors_bind((void *const *)bundle->data);
    args.workspace = malloc((whole > staged ? whole : staged) + 1);
    expect_small_stack(&(struct calls){.make = execute, .text = text, .plan = plan, .args = &args});
    free(args.workspace);
}

/* Returns tunings of a set with which small tensors are for several threads. */
static struct norma_profile *many_threads(const char *set) {
    struct norma_profile *profile = norma_profile_create();
    for (int size = 0; size < NORMA_SIZE_CLASS_COUNT; size++) {
        struct norma_tuning tuning = norma_tuning_default((norma_size_class)size);
        tuning.thread_bytes = 1;
        cr_assert(norma_profile_put(profile, set, (norma_size_class)size, &tuning));
    }
    return profile;
}

static void check_set(const char *text, const char *set, const struct bundle *bundle) {
    struct norma_profile *profile = many_threads(set);
    for (int threads = 1; threads <= THREADS; threads += THREADS - 1) {
        const struct norma_options options = {.sets = set, .threads = threads, .profile = profile};
        struct norma_plan *plan = NULL;
        cr_assert(norma_plan_create(&plan, &bundle->problem, &options) == NORMA_STATUS_OK);
        check_plan(text, plan, bundle);
        norma_plan_destroy(plan);
    }
    norma_profile_destroy(profile);
}

static void check_all_sets(const char *text, const struct bundle *bundle) {
    for (size_t i = 0; norma_set_name(i); i++) {
        if (norma_set_available(i)) {
            check_set(text, norma_set_name(i), bundle);
        }
    }
}

/* Makes a tensor's elements the same, if the problem has it as an input. */
static void fill_input(const struct bundle *bundle, int id, float value) {
    if (bundle_uses(bundle, id) && bundle->tensors[id].role == REFERENCE_ROLE_INPUT) {
        for (int64_t i = 0; i < bundle->tensors[id].count; i++) {
            ((float *)bundle->data[id])[i] = value;
        }
    }
}

/* Makes a backward pass compute means again from x, as they are large, and both passes compute
 * channels in double. */
static void leave_float(const struct bundle *bundle) {
    fill_input(bundle, REFERENCE_TENSOR_x, 0x1p110f);
    fill_input(bundle, REFERENCE_TENSOR_mean, 100.0f);
    fill_input(bundle, REFERENCE_TENSOR_instance_mean, 100.0f);
    fill_input(bundle, REFERENCE_TENSOR_style_mean, 100.0f);
    fill_input(bundle, REFERENCE_TENSOR_inverse_std, 0x1p100f);
    fill_input(bundle, REFERENCE_TENSOR_instance_inverse_std, 0x1p100f);
}

static void check(const char *text) {
    struct bundle *bundle = bundle_make(text, 0);
    check_all_sets(text, bundle);
    leave_float(bundle);
    check_all_sets(text, bundle);
    bundle_free(bundle);
}

Test(stack, is_small_in_planes) {
    skip_larger_stacks();
    test_for_each_variant_in_turn("2x6x37", 0, check);
    test_for_each_variant_in_turn("1x3x9000", 1, check);
}

Test(stack, is_small_with_one_position) {
    skip_larger_stacks();
    test_for_each_variant_in_turn("3x66", 0, check);
    test_for_each_variant_in_turn("2x2049", 1, check);
}

Test(stack, is_small_with_folded_rows) {
    skip_larger_stacks();
    test_for_each_variant_in_turn("2x63x40", 0, check);
}

Test(stack, is_small_with_wide_rows) {
    skip_larger_stacks();
    test_for_each_variant_in_turn("1x2049x9", 0, check);
    test_for_each_variant_in_turn("2x2049x9", 1, check);
}

/* ---- other calls -------------------------------------------------------------------------- */

static norma_status handle_problems(const struct calls *calls) {
    char text[NORMA_PROBLEM_TEXT], message[200];
    struct norma_problem problem;
    struct norma_parse_error error;
    norma_problem_parse("gn:2x6x37:alpha=nan,g=1e999", &problem, &error);
    norma_problem_parse("adain:2x6x37:alpha=0.333333333333333333333333333,eps=1e-300,std=x",
                        &problem, &error);
    const norma_status status = norma_problem_parse(calls->text, &problem, &error);
    norma_problem_print(&problem, text, sizeof text);
    return status == NORMA_STATUS_OK ? norma_problem_check(&problem, message, sizeof message)
                                     : status;
}

static norma_status create_plan(const struct calls *calls) {
    const struct norma_problem problem = bundle_problem(calls->text);
    struct norma_plan *plan;
    char message[200];
    norma_profile_default(message, sizeof message);
    const norma_status status = norma_plan_create(&plan, &problem, NULL);
    norma_plan_destroy(plan);
    return status;
}

static norma_status handle_profiles(const struct calls *calls) {
    char text[4096], message[200];
    struct norma_profile *made = many_threads("portable"), *parsed, *loaded;
    norma_profile_print(made, text, sizeof text);
    norma_profile_destroy(made);
    norma_profile_load(calls->text, &loaded, message, sizeof message);
    norma_profile_destroy(loaded);
    const norma_status status = norma_profile_parse(text, &parsed, message, sizeof message);
    norma_profile_destroy(parsed);
    return status;
}

static norma_status merge_nothing(const struct calls *calls) {
    float rho = 0.5f, drho = 1.0f;
    struct norma_partial_moments moments = {1.0, 2.0, 0.0}, others = moments;
    (void)calls;
    norma_gate_update(&rho, &drho, 1, 0.1, 10.0);
    return norma_stage_merge(&moments, &others, 1);
}

/* Facts about the machine and the user's profile are looked up by the first plan of a process,
 * which a test is. */
Test(stack, is_small_for_the_first_plan) {
    skip_larger_stacks();
    expect_small_stack(&(struct calls){.make = create_plan, .text = "bn:2x3x5"});
}

Test(stack, is_small_for_problems_and_profiles) {
    skip_larger_stacks();
    expect_small_stack(&(struct calls){.make = handle_problems, .text = "bn:2x3x5:eps=1e-7"});
    expect_small_stack(&(struct calls){.make = handle_profiles, .text = "/nowhere"});
    expect_small_stack(&(struct calls){.make = merge_nothing, .text = "merge"});
}
