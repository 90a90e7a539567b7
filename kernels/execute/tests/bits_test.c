/* Execution gives the same bits with any number of threads and any set, at any address, in place or
 * not, for every operator in every variant, pass, epilogue and layout.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>

#include "kernels/tests/bundle.h"
#include "kernels/tests/variants.h"

/* ---- comparisons -------------------------------------------------------------------------- */

/* A problem's arguments, before an execution and after one with one thread and the fastest set. */
struct subject {
    const char *text;
    struct bundle *before, *expected;
};

static void execute(const char *text, struct bundle *bundle, const struct norma_options *options) {
    const norma_status status = bundle_execute(bundle, options);
    cr_assert(status == NORMA_STATUS_OK, "%s: %s", text, norma_strerror(status));
}

static struct subject subject_of(const char *text, bool cancelling) {
    struct bundle *before = bundle_make(text, 0);
    if (cancelling) {
        bundle_cancel_sums(before);
    }
    const struct subject subject = {text, before, bundle_copy(before, 0)};
    execute(text, subject.expected, &(struct norma_options){.threads = 1});
    return subject;
}

static void free_subject(const struct subject *subject) {
    bundle_free(subject->before);
    bundle_free(subject->expected);
}

static void expect_same(const struct subject *subject, const struct bundle *got, int except,
                        const char *what) {
    const char *different = bundle_difference(got, subject->expected, except);
    cr_assert(!different, "%s: %s has other bits %s", subject->text, different, what);
}

static void same_with(const struct subject *subject, size_t offset,
                      const struct norma_options *options, const char *what) {
    struct bundle *got = bundle_copy(subject->before, offset);
    execute(subject->text, got, options);
    expect_same(subject, got, REFERENCE_TENSOR_COUNT, what);
    bundle_free(got);
}

static void same_with_threads(const struct subject *subject, int threads) {
    char what[32];
    snprintf(what, sizeof what, "with %d threads", threads);
    same_with(subject, 0, &(struct norma_options){.threads = threads}, what);
}

static void same_with_sets(const struct subject *subject) {
    for (size_t i = 0; norma_set_name(i); i++) {
        if (norma_set_available(i)) {
            same_with(subject, 0, &(struct norma_options){.sets = norma_set_name(i), .threads = 2},
                      norma_set_name(i));
        }
    }
}

static void same_at_other_addresses(const struct subject *subject) {
    same_with(subject, sizeof(float), &(struct norma_options){.threads = 2}, "at other addresses");
}

/* Writes y over x, or dx over dy, which are then lost. */
static void same_in_place(const struct subject *subject, int threads) {
    struct bundle *got = bundle_copy(subject->before, 0);
    const enum reference_tensor_id source = reference_tensor_source(&got->problem);
    got->data[reference_tensor_result(&got->problem)] = got->data[source];
    execute(subject->text, got, &(struct norma_options){.threads = threads});
    expect_same(subject, got, (int)source, "in place");
    bundle_free(got);
}

TestSuite(bits, .timeout = 250);

/* ---- small -------------------------------------------------------------------------------- */

/* Shapes that are too small for a second thread: rows and columns with tails, of whole vectors and
 * of several blocks, and a single position. */
static const char *const small[] = {"3x6x37", "2x48x5", "2x267x9", "5x39"};

static void same_in_any_set(const char *text) {
    for (int cancelling = 0; cancelling < 2; cancelling++) {
        const struct subject subject = subject_of(text, cancelling);
        same_with_sets(&subject);
        free_subject(&subject);
    }
}

static void same_anywhere(const char *text) {
    const struct subject subject = subject_of(text, false);
    same_at_other_addresses(&subject);
    same_in_place(&subject, 1);
    free_subject(&subject);
}

static const char *const small_styles[] = {"adain:2x3x5:style=4099",
                                           "adain:2x3x5:style=4099,layout=nsc",
                                           "adain:5x39:style=7", "adain:5x39:style=7,layout=nsc"};

static void check_small(variant_check *check) {
    for (size_t i = 0; i < sizeof small / sizeof *small; i++) {
        test_for_each_variant(small[i], check);
    }
    for (size_t i = 0; i < sizeof small_styles / sizeof *small_styles; i++) {
        check(small_styles[i]);
    }
}

Test(bits, do_not_depend_on_the_set) {
    check_small(same_in_any_set);
}

Test(bits, do_not_depend_on_alignment_and_place) {
    check_small(same_anywhere);
}

/* ---- for several threads ------------------------------------------------------------------ */

/* Shapes for several threads: one span of many chunks for all; more than a tile for each; several
 * blocks of columns; rows that may be cut, and folded ones, which may not; single positions. */
static const char *const shared_out[] = {"1x3x33347", "5x39x643", "1x2067x40",
                                         "1x72x700",  "1x42x900", "1200x69"};

/* Takes the sets, and two numbers of threads, in turn. */
static void same_however_shared_out(const char *text) {
    static size_t set = 0, turn = 0;
    const struct subject subject = subject_of(text, true);
    do {
        set = norma_set_name(set + 1) ? set + 1 : 0;
    } while (!norma_set_available(set));
    same_with(&subject, 0, &(struct norma_options){.sets = norma_set_name(set), .threads = 2},
              norma_set_name(set));
    same_with_threads(&subject, turn % 2 ? 2 : 3);
    same_with_threads(&subject, turn++ % 2 ? 5 : 4);
    same_at_other_addresses(&subject);
    same_in_place(&subject, 3);
    free_subject(&subject);
}

static const char *const styles_shared_out[] = {
    "adain:5x39x643:style=9001",           "adain:5x39x643:style=9001,layout=nsc",
    "adain:1x3x33347:styles=2,style=9001", "adain:1x3x33347:styles=2,style=9001,layout=nsc",
    "adain:1200x69:style=2,layout=nsc",    "adain:1x50001:style=5"};

Test(bits, do_not_depend_on_threads) {
    for (size_t i = 0; i < sizeof shared_out / sizeof *shared_out; i++) {
        test_for_each_variant_in_turn(shared_out[i], (int)i, same_however_shared_out);
    }
    for (size_t i = 0; i < sizeof styles_shared_out / sizeof *styles_shared_out; i++) {
        same_however_shared_out(styles_shared_out[i]);
    }
}

/* ---- large -------------------------------------------------------------------------------- */

/* A span of very many chunks, and results larger than any cache, which are streamed unless in
 * place. */
static const char *const large[] = {"ln:1x3x100003",
                                    "bn:3x2x701x1001",
                                    "bn:3x2x701x1001:pass=bwd,epilogue=relu",
                                    "unit:1x2x1031x2053:alpha=element",
                                    "unit:1x2x1031x2053:alpha=element,pass=bwd",
                                    "in:1x48x301x303:layout=nsc",
                                    "in:1x48x301x303:layout=nsc,pass=bwd",
                                    "bn:2x272x97x81:layout=nsc,epilogue=add_relu"};

Test(bits, of_large_tensors_do_not_depend_on_anything) {
    for (size_t i = 0; i < sizeof large / sizeof *large; i++) {
        const struct subject subject = subject_of(large[i], false);
        same_with_sets(&subject);
        same_at_other_addresses(&subject);
        same_in_place(&subject, 1);
        same_in_place(&subject, 3);
        free_subject(&subject);
    }
}

/* ---- plans that are shared ---------------------------------------------------------------- */

struct user {
    const struct norma_plan *plan;
    const struct bundle *before, *expected;
    const char *different;
};

static void *use_plan(void *opaque) {
    struct user *user = opaque;
    for (int i = 0; i < 20 && !user->different; i++) {
        struct bundle *bundle = bundle_copy(user->before, 0);
        user->different = bundle_execute_plan(bundle, user->plan) == NORMA_STATUS_OK
                              ? bundle_difference(bundle, user->expected, REFERENCE_TENSOR_COUNT)
                              : "the status";
        bundle_free(bundle);
    }
    return NULL;
}

static const char *const shared[] = {"bn:4x33x40x40",
                                     "bn:4x33x40x40:pass=bwd",
                                     "adain:4x33x700:regions=3",
                                     "gn:2x6x9001:g=3,pass=bwd",
                                     "unit:2x9x4099:form=layer,pass=bwd",
                                     "bin:3x40x41x41:layout=nsc,pass=bwd"};

Test(plans, may_be_executed_by_several_threads_at_once, .timeout = 250) {
    for (size_t i = 0; i < sizeof shared / sizeof *shared; i++) {
        enum { USERS = 3 };
        const struct subject subject = subject_of(shared[i], false);
        struct norma_plan *plan;
        cr_assert(norma_plan_create(&plan, &subject.before->problem,
                                    &(struct norma_options){.threads = 2}) == NORMA_STATUS_OK);
        pthread_t threads[USERS];
        struct user users[USERS];
        for (int u = 0; u < USERS; u++) {
            users[u] = (struct user){plan, subject.before, subject.expected, NULL};
            cr_assert(pthread_create(&threads[u], NULL, use_plan, &users[u]) == 0);
        }
        for (int u = 0; u < USERS; u++) {
            pthread_join(threads[u], NULL);
            cr_assert(!users[u].different, "%s: %s differs", shared[i], users[u].different);
        }
        norma_plan_destroy(plan);
        free_subject(&subject);
    }
}
