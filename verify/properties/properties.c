/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/properties/properties.h"

#include "verify/properties/property_trial.h"

static const struct {
    enum verify_check_kind check;
    const struct verify_property *properties;
} tables[] = {
    {VERIFY_CHECK_IDENTITIES, verify_properties_identities},
    {VERIFY_CHECK_APPROXIMATIONS, verify_properties_approximations},
    {VERIFY_CHECK_INVARIANCES, verify_properties_invariances},
    {VERIFY_CHECK_BACKWARD, verify_properties_backward},
    {VERIFY_CHECK_DERIVATIVES, verify_properties_gradients},
    {VERIFY_CHECK_DERIVATIVES, verify_properties_accuracy},
    {VERIFY_CHECK_THEOREMS, verify_properties_theorems},
    {VERIFY_CHECK_REFUSALS, verify_properties_contract},
    {VERIFY_CHECK_LAYOUTS, verify_properties_layouts},
    {VERIFY_CHECK_OFFSETS, verify_properties_offsets},
    {VERIFY_CHECK_TIGHTNESS, verify_properties_tightness},
};

/* Finds property number `index` and the check that it belongs to; NULL and none beyond the last. */
static const struct verify_property *find(size_t index, enum verify_check_kind *check) {
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        for (const struct verify_property *p = tables[i].properties; p->name; p++) {
            if (index-- == 0) {
                *check = tables[i].check;
                return p;
            }
        }
    }
    *check = VERIFY_CHECK_COUNT;
    return NULL;
}

const struct verify_property *verify_property_at(size_t index) {
    enum verify_check_kind check;
    return find(index, &check);
}

enum verify_check_kind verify_property_kind(size_t index) {
    enum verify_check_kind check;
    find(index, &check);
    return check;
}

int verify_property_layouts(const struct verify_property *property) {
    return property->repetition == VERIFY_ONCE ? 1 : NORMA_LAYOUT_NSC + 1;
}

/* Calls the property; events that end the trial early return to here. */
static void attempt(struct verify_trial *trial, const struct verify_property *property,
                    const char *text) {
    if (setjmp(trial->end) == 0) {
        if (property->promise == VERIFY_PROMISE_NORMA &&
            trial->implementation->accumulation != REFERENCE_ACCUMULATE_F64) {
            verify_trial_skip(trial, "not promised by an implementation that sums in float or by "
                                     "ranks");
        }
        property->check(trial, text);
    }
}

struct verify_property_result
verify_property_check(const struct verify_property *property, const char *text, norma_layout layout,
                      const struct reference_implementation *implementation, uint64_t seed) {
    struct verify_trial trial = {
        .implementation = implementation, .seed = seed, .layout = layout, .threads = 1};
    attempt(&trial, property, text);
    verify_trial_release(&trial);
    return trial.result;
}

size_t verify_properties_count(size_t implementations) {
    size_t count = 0;
    const struct verify_property *property;
    for (size_t i = 0; (property = verify_property_at(i)); i++) {
        const bool wanted = verify_check_wanted(verify_property_kind(i));
        for (const char *const *text = property->cases; wanted && *text; text++) {
            count += implementations * (size_t)verify_property_layouts(property);
        }
    }
    return count;
}
