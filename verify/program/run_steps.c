/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/program/run_steps.h"

#include <stdlib.h>
#include <string.h>

#include "verify/properties/properties.h"

/* Returns an upper bound of the number of steps. */
static size_t most_steps(const struct verify_options *options) {
    return options->implementation_count * verify_vocabulary_functions() + options->problems.count +
           verify_properties_count(options->implementation_count);
}

/* The steps of a shard, and the number of steps of the whole run so far. */
struct builder {
    const struct verify_options *options;
    struct verify_steps *steps;
    size_t all;
};

/* Adds a step of so many cases, if it belongs to the shard. */
static void add(struct builder *builder, struct verify_step step, size_t cases) {
    struct verify_steps *steps = builder->steps;
    if (verify_shard_has(&builder->options->shard, builder->all++)) {
        step.first_case = steps->cases;
        steps->list[steps->count++] = step;
        steps->cases += cases;
    }
}

static void add_functions(struct builder *builder) {
    const struct verify_options *options = builder->options;
    for (size_t i = 0; i < options->implementation_count; i++) {
        const bool has = verify_vocabulary_of(options->implementations[i]->name) != NULL;
        for (size_t k = 0; has && k < verify_vocabulary_functions(); k++) {
            add(builder,
                (struct verify_step){.kind = VERIFY_CASE_FUNCTION, .implementation = i, .index = k},
                1);
        }
    }
}

static void add_problems(struct builder *builder) {
    for (size_t i = 0; i < builder->options->problems.count; i++) {
        add(builder, (struct verify_step){.kind = VERIFY_CASE_PROBLEM, .index = i},
            builder->options->implementation_count);
    }
}

static void add_property(struct builder *builder, size_t implementation, size_t index) {
    const struct verify_property *property = verify_property_at(index);
    for (const char *const *text = property->cases; *text; text++) {
        for (int layout = 0; layout < verify_property_layouts(property); layout++) {
            add(builder,
                (struct verify_step){.kind = VERIFY_CASE_PROPERTY,
                                     .implementation = implementation,
                                     .index = index,
                                     .text = *text,
                                     .layout = (norma_layout)layout},
                1);
        }
    }
}

static bool is_chosen(const struct verify_options *options, size_t index) {
    for (size_t i = 0; i < options->property_count; i++) {
        if (strcmp(options->property_names[i], verify_property_at(index)->name) == 0) {
            return true;
        }
    }
    return options->property_count == 0;
}

static void add_properties(struct builder *builder) {
    for (size_t i = 0; i < builder->options->implementation_count; i++) {
        for (size_t k = 0; verify_property_at(k); k++) {
            if (verify_check_wanted(verify_property_kind(k)) && is_chosen(builder->options, k)) {
                add_property(builder, i, k);
            }
        }
    }
}

bool verify_steps_create(const struct verify_options *options, struct verify_steps *steps) {
    *steps = (struct verify_steps){.list = calloc(most_steps(options) + 1, sizeof *steps->list)};
    if (!steps->list) {
        return false;
    }
    struct builder builder = {options, steps, 0};
    if (options->vocabulary && verify_check_wanted(VERIFY_CHECK_VOCABULARY)) {
        add_functions(&builder);
    }
    add_problems(&builder);
    if (options->properties) {
        add_properties(&builder);
    }
    return true;
}
