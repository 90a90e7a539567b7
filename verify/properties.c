/* SPDX-License-Identifier: Apache-2.0 */
#include "properties.h"

#include "properties_trial.h"

static const struct {
    enum norma_check_kind check;
    const struct norma_property *properties;
} tables[] = {
    {NORMA_CHECK_IDENTITIES, norma_properties_identities},
    {NORMA_CHECK_APPROXIMATIONS, norma_properties_approximations},
    {NORMA_CHECK_INVARIANCES, norma_properties_invariances},
    {NORMA_CHECK_BACKWARD, norma_properties_backward},
    {NORMA_CHECK_DERIVATIVES, norma_properties_gradients},
    {NORMA_CHECK_THEOREMS, norma_properties_theorems},
    {NORMA_CHECK_REFUSALS, norma_properties_contract},
    {NORMA_CHECK_LAYOUTS, norma_properties_layouts},
    {NORMA_CHECK_TIGHTNESS, norma_properties_tightness},
};

/* Property number `index`, and the check that it belongs to; NULL and none beyond the last. */
static const struct norma_property *find(size_t index, enum norma_check_kind *check) {
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        for (const struct norma_property *p = tables[i].properties; p->name; p++) {
            if (index-- == 0) {
                *check = tables[i].check;
                return p;
            }
        }
    }
    *check = NORMA_CHECK_COUNT;
    return NULL;
}

const struct norma_property *norma_property(size_t index) {
    enum norma_check_kind check;
    return find(index, &check);
}

enum norma_check_kind norma_property_kind(size_t index) {
    enum norma_check_kind check;
    find(index, &check);
    return check;
}

int norma_property_layouts(const struct norma_property *property) {
    return property->repetition == NORMA_ONCE ? 1 : NORMA_NSC + 1;
}

/* What ends a trial early comes back here. */
static void attempt(struct norma_trial *trial, const struct norma_property *property,
                    const char *text) {
    if (setjmp(trial->end) == 0) {
        if (property->promise == NORMA_PROMISE_NORMA &&
            trial->implementation->accumulation == NORMA_ACCUMULATE_F32) {
            norma_trial_skip(trial, "not promised by an implementation that sums in float");
        }
        property->check(trial, text);
    }
}

struct norma_property_result norma_property_check(const struct norma_property *property,
                                                  const char *text, norma_layout layout,
                                                  const struct norma_implementation *implementation,
                                                  uint64_t seed) {
    struct norma_trial trial = {
        .implementation = implementation, .seed = seed, .layout = layout, .threads = 1};
    attempt(&trial, property, text);
    norma_trial_release(&trial);
    return trial.result;
}

size_t norma_properties_count(size_t implementations) {
    size_t count = 0;
    const struct norma_property *property;
    for (size_t i = 0; (property = norma_property(i)); i++) {
        const bool wanted = norma_check_wanted(norma_property_kind(i));
        for (const char *const *text = property->cases; wanted && *text; text++) {
            count += implementations * (size_t)norma_property_layouts(property);
        }
    }
    return count;
}
