/* The check of vocabularies names each wrong function of the catalogue of mutants, and no other.
 * norma-verify itself shows that the vocabularies of all sets pass.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "verify/vocabulary/vocabulary.h"

#include <criterion/criterion.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "kernels/sets/sets.h"
#include "verify/mutants/mutants.h"

static const struct norma_vocabulary *good(void) {
    return verify_vocabulary_of("portable");
}

static size_t index_of(const char *function) {
    size_t i = 0;
    while (strcmp(verify_vocabulary_function(i), function) != 0) {
        i++;
    }
    return i;
}

/* Returns the next mutant of the vocabulary that does not end in a fault, from *index on. */
static const struct verify_mutant *next_wrong(size_t *index) {
    const struct verify_mutant *mutant;
    while ((mutant = verify_mutant_at((*index)++))) {
        if (mutant->function && mutant->expected == VERIFY_CHECK_VOCABULARY) {
            break;
        }
    }
    return mutant;
}

static struct verify_vocabulary_verdict check_mutant(const struct verify_mutant *mutant) {
    struct norma_vocabulary vocabulary = *good();
    verify_mutant_replace_functions(&vocabulary, mutant->functions);
    return verify_vocabulary_check(&vocabulary, index_of(mutant->function), 1);
}

Test(vocabulary, a_wrong_function_is_named) {
    const struct verify_mutant *mutant;
    for (size_t i = 0; (mutant = next_wrong(&i));) {
        const struct verify_vocabulary_verdict verdict = check_mutant(mutant);
        cr_expect_not(verdict.passed, "%s", mutant->name);
        cr_expect(strstr(verdict.message, mutant->function), "%s: %s", mutant->name,
                  verdict.message);
    }
}

Test(vocabulary, a_right_function_passes_among_wrong_ones) {
    for (size_t k = 0; verify_vocabulary_function(k); k++) {
        struct norma_vocabulary vocabulary = *good();
        const struct verify_mutant *mutant;
        for (size_t i = 0; (mutant = next_wrong(&i));) {
            if (strcmp(verify_vocabulary_function(k), mutant->function) != 0) {
                verify_mutant_replace_functions(&vocabulary, mutant->functions);
            }
        }
        const struct verify_vocabulary_verdict verdict = verify_vocabulary_check(&vocabulary, k, 1);
        cr_expect(verdict.passed, "%s", verdict.message);
        cr_expect_geq(verdict.checks, NORMA_LANES);
    }
}

Test(vocabulary, every_function_has_a_mutant) {
    for (size_t k = 0; verify_vocabulary_function(k); k++) {
        const struct verify_mutant *mutant;
        bool found = false;
        for (size_t i = 0; (mutant = next_wrong(&i));) {
            found = found || strcmp(mutant->function, verify_vocabulary_function(k)) == 0;
        }
        cr_expect(found, "%s", verify_vocabulary_function(k));
    }
    cr_expect_eq(verify_vocabulary_functions(),
                 sizeof(struct norma_vocabulary) / sizeof(void (*)(void)));
}

static void check_fault(const char *name) {
    const struct verify_mutant *mutant = verify_mutant_find(name);
    cr_assert(mutant, "there is no mutant %s", name);
    check_mutant(mutant);
}

Test(vocabulary, a_tail_that_reads_on_is_a_fault, .signal = SIGSEGV) {
    check_fault("load-tail-beyond");
}

Test(vocabulary, a_tail_that_reads_the_element_ahead_is_a_fault, .signal = SIGSEGV) {
    check_fault("load-tail-before");
}

Test(vocabulary, a_store_to_the_element_ahead_is_a_fault, .signal = SIGSEGV) {
    check_fault("store-before");
}

Test(vocabulary, a_tail_that_writes_on_is_a_fault, .signal = SIGSEGV) {
    check_fault("store-tail-beyond");
}

Test(vocabulary, a_seventeenth_label_is_a_fault, .signal = SIGSEGV) {
    check_fault("select-by-label-beyond");
}

Test(vocabulary, the_message_has_the_operands_and_both_results) {
    int lane;
    double a, b, c, got, expected;
    const struct verify_vocabulary_verdict fma = check_mutant(verify_mutant_find("fma-in-two"));
    cr_assert_eq(sscanf(fma.message, "lane %d: fma32(%la, %la, %la) is %la, not %la", &lane, &a, &b,
                        &c, &got, &expected),
                 6, "%s", fma.message);
    cr_expect_eq(expected, (double)fmaf((float)a, (float)b, (float)c));
    cr_expect_neq(got, expected);
    const struct verify_vocabulary_verdict sum = check_mutant(verify_mutant_find("sum-in-order"));
    const char *end = strstr(sum.message, ") is ");
    cr_assert(end && sscanf(end, ") is %la, not %la", &got, &expected) == 2, "%s", sum.message);
}

Test(vocabulary, belongs_to_sets_alone) {
    cr_expect_eq(verify_vocabulary_of("portable"), good());
    cr_expect_null(verify_vocabulary_of("onednn"));
    cr_expect_null(verify_vocabulary_of("port"));
}
