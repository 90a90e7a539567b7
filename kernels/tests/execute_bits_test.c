/* Execution gives the same bits with any number of threads and any set, at any address, in place or
 * not: every operator in every variant, pass and epilogue.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>

#include "bundle.h"
#include "variants.h"

/* ---- comparisons -------------------------------------------------------------------------- */

struct run {
    struct norma_options options;
    size_t offset;
    bool cancelling;
};

static struct bundle *executed(const char *text, struct run run) {
    struct bundle *bundle = bundle_make(text, run.offset);
    if (run.cancelling) {
        bundle_cancel_sums(bundle);
    }
    const norma_status status = bundle_execute(bundle, &run.options);
    cr_assert(status == NORMA_OK, "%s: %s", text, norma_strerror(status));
    return bundle;
}

/* Frees both. */
static void expect_same(const char *text, struct bundle *got, struct bundle *expected,
                        const char *what) {
    const char *different = bundle_difference(got, expected, NORMA_TENSOR_COUNT);
    cr_assert(!different, "%s: %s has other bits %s", text, different, what);
    bundle_free(got);
    bundle_free(expected);
}

/* One thread, the fastest set. */
static struct bundle *plain(const char *text, bool cancelling) {
    return executed(text, (struct run){.options.threads = 1, .cancelling = cancelling});
}

static void threads_change_nothing(const char *text) {
    for (int threads = 2; threads <= 5; threads++) {
        char what[32];
        snprintf(what, sizeof what, "with %d threads", threads);
        for (int cancelling = 0; cancelling < 2; cancelling++) {
            const struct run run = {.options.threads = threads, .cancelling = cancelling};
            expect_same(text, executed(text, run), plain(text, cancelling), what);
        }
    }
}

static void sets_change_nothing(const char *text) {
    for (size_t i = 0; norma_set_name(i); i++) {
        for (int cancelling = 0; norma_set_available(i) && cancelling < 2; cancelling++) {
            const struct run run = {{norma_set_name(i), 2}, 0, cancelling};
            expect_same(text, executed(text, run), plain(text, cancelling), norma_set_name(i));
        }
    }
}

static void alignment_changes_nothing(const char *text) {
    const struct run run = {.options.threads = 2, .offset = sizeof(float)};
    expect_same(text, executed(text, run), plain(text, false), "at other addresses");
}

/* y over x, or dx over dy; x or dy is lost. */
static void place_changes_nothing(const char *text) {
    for (int threads = 1; threads <= 3; threads += 2) {
        struct bundle *expected = plain(text, false), *got = bundle_make(text, 0);
        const enum norma_tensor_id source = norma_tensor_source(&got->problem);
        got->data[norma_tensor_result(&got->problem)] = got->data[source];
        cr_assert(bundle_execute(got, &(struct norma_options){.threads = threads}) == NORMA_OK);
        const char *different = bundle_difference(got, expected, (int)source);
        cr_assert(!different, "%s: %s has other bits in place", text, different);
        bundle_free(got);
        bundle_free(expected);
    }
}

/* Tails in every size; one run of many chunks for all threads; more than a tile for each of them.
 */
static const char *const shapes[] = {"3x6x37", "1x3x33347", "5x39x643"};

static void check_shapes(variant_check *check) {
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        for_each_variant(shapes[i], check);
    }
}

TestSuite(bits, .timeout = 250);

Test(bits, do_not_depend_on_threads) {
    check_shapes(threads_change_nothing);
}

Test(bits, do_not_depend_on_the_set) {
    check_shapes(sets_change_nothing);
}

Test(bits, do_not_depend_on_alignment) {
    check_shapes(alignment_changes_nothing);
}

Test(bits, do_not_depend_on_place) {
    check_shapes(place_changes_nothing);
}

/* A run of very many chunks; results too large for any cache, stored past them, but in place. */
static const char *const large[] = {
    "ln:1x3x100003", "bn:3x2x701x1001", "bn:3x2x701x1001:pass=bwd,epilogue=relu",
    "unit:1x2x1031x2053:alpha=element", "unit:1x2x1031x2053:alpha=element,pass=bwd"};

Test(bits, of_large_tensors_do_not_depend_on_anything) {
    for (size_t i = 0; i < sizeof large / sizeof *large; i++) {
        sets_change_nothing(large[i]);
        alignment_changes_nothing(large[i]);
        place_changes_nothing(large[i]);
    }
}

/* ---- plans that are shared ---------------------------------------------------------------- */

struct user {
    const char *text;
    const struct norma_plan *plan;
    const struct bundle *expected;
    const char *different;
};

static void *use_plan(void *opaque) {
    struct user *user = opaque;
    for (int i = 0; i < 20 && !user->different; i++) {
        struct bundle *bundle = bundle_make(user->text, 0);
        user->different = bundle_execute_plan(bundle, user->plan) == NORMA_OK
                              ? bundle_difference(bundle, user->expected, NORMA_TENSOR_COUNT)
                              : "the status";
        bundle_free(bundle);
    }
    return NULL;
}

static const char *const shared[] = {"bn:4x33x40x40", "bn:4x33x40x40:pass=bwd",
                                     "adain:4x33x700:regions=3", "gn:2x6x9001:g=3,pass=bwd",
                                     "unit:2x9x4099:form=layer,pass=bwd"};

Test(plans, may_be_executed_by_several_threads_at_once, .timeout = 250) {
    for (size_t i = 0; i < sizeof shared / sizeof *shared; i++) {
        enum { USERS = 3 };
        struct bundle *expected = plain(shared[i], false);
        struct norma_plan *plan;
        cr_assert(norma_plan_create(&plan, &expected->problem,
                                    &(struct norma_options){.threads = 2}) == NORMA_OK);
        pthread_t threads[USERS];
        struct user users[USERS];
        for (int u = 0; u < USERS; u++) {
            users[u] = (struct user){shared[i], plan, expected, NULL};
            cr_assert(pthread_create(&threads[u], NULL, use_plan, &users[u]) == 0);
        }
        for (int u = 0; u < USERS; u++) {
            pthread_join(threads[u], NULL);
            cr_assert(!users[u].different, "%s: %s differs", shared[i], users[u].different);
        }
        norma_plan_destroy(plan);
        bundle_free(expected);
    }
}
