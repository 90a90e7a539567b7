/* SPDX-License-Identifier: Apache-2.0 */
#include "plots/figures/roofline.h"

#include "plots/figures/samples.h"
#include "plots/read/read.h"

#include <math.h>
#include <norma.h>
#include <stdlib.h>
#include <string.h>

/* ---- roofs --------------------------------------------------------------------------------- */

static bool is_of(const struct plot_view *view, const struct plot_speed *speed, size_t machine,
                  long long threads) {
    return view->results->runs[speed->run].machine_index == machine && speed->threads == threads;
}

/* Names the roofs. Each level is larger than the one before. If a machine has two kinds of cores,
 * the larger cache of a level counts. */
static size_t name_roofs(const json_t *machine, long long threads,
                         struct plot_roof roofs[PLOT_MAX_ROOFS]) {
    struct plot_cache caches[PLOT_MAX_CACHES];
    size_t cache_count = plot_machine_caches(machine, caches), count = 0;
    for (size_t i = 0; i < cache_count; i++) {
        double used = fmin((double)threads, fmax((double)caches[i].count, 1));
        double capacity = caches[i].bytes * used;
        bool known = count > 0 && strcmp(roofs[count - 1].name, caches[i].name) == 0;
        if (known) {
            roofs[count - 1].capacity = fmax(roofs[count - 1].capacity, capacity);
        } else if (count == 0 || capacity > roofs[count - 1].capacity) {
            roofs[count++] = (struct plot_roof){caches[i].name, capacity, NULL};
        }
    }
    roofs[count++] = (struct plot_roof){"memory", INFINITY, NULL};
    return count;
}

/* Returns whether a later record of the same kernel and footprint counts in its place. */
static bool is_superseded(const struct plot_view *view, size_t index) {
    const struct plot_speeds *memory = &view->results->memory;
    const struct plot_speed *speed = &memory->items[index];
    size_t machine = view->results->runs[speed->run].machine_index;
    for (size_t i = index + 1; i < memory->count; i++) {
        if (is_of(view, &memory->items[i], machine, speed->threads) &&
            memory->items[i].footprint == speed->footprint &&
            strcmp(memory->items[i].kernel, speed->kernel) == 0) {
            return true;
        }
    }
    return false;
}

size_t plot_memory_list(const struct plot_view *view, size_t machine, long long threads,
                        const struct plot_speed ***list) {
    const struct plot_speeds *memory = &view->results->memory;
    const struct plot_speed **found = tool_allocate(memory->count + 1, sizeof *found);
    size_t count = 0;
    for (size_t i = 0; i < memory->count; i++) {
        if (is_of(view, &memory->items[i], machine, threads) && !is_superseded(view, i)) {
            found[count++] = &memory->items[i];
        }
    }
    *list = found;
    return count;
}

size_t plot_roof_of(const struct plot_roof *roofs, size_t count, double footprint) {
    size_t level = 0;
    while (level + 1 < count && footprint > roofs[level].capacity) {
        level++;
    }
    return level;
}

size_t plot_roofs(const struct plot_view *view, size_t machine, long long threads,
                  struct plot_roof roofs[PLOT_MAX_ROOFS]) {
    const struct plot_speed **list;
    size_t count = name_roofs(plot_machine_record(view, machine), threads, roofs);
    size_t speeds = plot_memory_list(view, machine, threads, &list);
    for (size_t i = 0; i < speeds; i++) {
        size_t level = plot_roof_of(roofs, count, list[i]->footprint);
        struct plot_roof *roof = &roofs[level];
        bool tells = level == 0 || list[i]->footprint >= 2 * roofs[level - 1].capacity;
        if (tells && (!roof->speed || list[i]->rate > roof->speed->rate)) {
            roof->speed = list[i];
        }
    }
    free(list);
    return count;
}

const struct plot_speed *plot_compute_peak(const struct plot_view *view, size_t machine,
                                           long long threads, const char *kernel) {
    const struct plot_speeds *compute = &view->results->compute;
    const struct plot_speed *peak = NULL;
    for (size_t i = 0; i < compute->count; i++) {
        if (is_of(view, &compute->items[i], machine, threads) &&
            strcmp(compute->items[i].kernel, kernel) == 0) {
            peak = &compute->items[i];
        }
    }
    return peak;
}

long long plot_memory_next_threads(const struct plot_view *view, size_t machine, long long above) {
    const struct plot_speeds *memory = &view->results->memory;
    long long next = 0;
    for (size_t i = 0; i < memory->count; i++) {
        long long threads = memory->items[i].threads;
        if (is_of(view, &memory->items[i], machine, threads) && threads > above &&
            (next == 0 || threads < next)) {
            next = threads;
        }
    }
    return next;
}

/* ---- points -------------------------------------------------------------------------------- */

/* Checks that the variant has only keys that change neither the computation of an element nor the
 * bytes that are moved. */
static bool is_plain(const char *variant) {
    while (*variant != '\0') {
        if (strncmp(variant, "g=", 2) != 0 && strncmp(variant, "eps=", 4) != 0) {
            return false;
        }
        variant += strcspn(variant, ",");
        variant += *variant == ',';
    }
    return true;
}

double plot_flops(const struct plot_measurement *measurement) {
    enum { PASSES = NORMA_PASS_INFERENCE_BACKWARD + 1 };
    static const double counts[NORMA_OPERATOR_COUNT][PASSES] = {
        [NORMA_OPERATOR_BN] = {8, 4, 9, 6},         [NORMA_OPERATOR_IN] = {8, 8, 9, NAN},
        [NORMA_OPERATOR_CIN] = {8, 8, 9, NAN},      [NORMA_OPERATOR_BIN] = {17, 13, 28, 22},
        [NORMA_OPERATOR_ADAIN] = {12, 12, 12, NAN}, [NORMA_OPERATOR_GN] = {8, 8, 13, NAN},
        [NORMA_OPERATOR_LN] = {8, 8, 13, NAN},      [NORMA_OPERATOR_RMS] = {4, 4, 9, NAN},
        [NORMA_OPERATOR_UNIT] = {3, 3, 8, NAN},
    };
    for (int op = 0; op < NORMA_OPERATOR_COUNT; op++) {
        for (int pass = 0; pass < PASSES; pass++) {
            if (strcmp(norma_operator_name((norma_operator)op), measurement->op) == 0 &&
                strcmp(norma_pass_name((norma_pass)pass), measurement->pass) == 0) {
                return is_plain(measurement->variant) ? counts[op][pass] : NAN;
            }
        }
    }
    return NAN;
}

static double intensity_of(const struct plot_measurement *item) {
    return plot_flops(item) * (double)item->n * (double)item->c * (double)item->s / item->bytes;
}

/* Makes the point of a level. Returns false if no problem of the span is in it. */
static bool make_point(struct plot_span run, size_t implementation, const struct plot_roof *roofs,
                       size_t roof_count, struct plot_point *point) {
    struct plot_sample intensities = {0}, rates = {0};
    for (size_t i = 0; i < run.count; i++) {
        const struct plot_measurement *item = run.items[i];
        if (item->implementation_index == implementation && item->outcome == PLOT_DONE &&
            !item->repeated && intensity_of(item) > 0 &&
            plot_roof_of(roofs, roof_count, item->footprint) == point->roof) {
            plot_sample_add(&intensities, intensity_of(item));
            plot_sample_add(&rates, intensity_of(item) * item->gbps);
            point->about = item;
        }
    }
    point->problems = rates.count;
    point->intensity = plot_geometric_mean(&intensities);
    point->gflops = plot_geometric_mean(&rates);
    plot_sample_free(&intensities);
    plot_sample_free(&rates);
    return point->problems > 0;
}

static double bound_of(const struct plot_point *point, const struct plot_roof *roofs,
                       const struct plot_speed *peak) {
    const struct plot_speed *speed = roofs[point->roof].speed;
    if (!speed) {
        return NAN;
    }
    double slope = speed->rate * point->intensity;
    return peak ? fmin(slope, peak->rate) : slope;
}

size_t plot_points(const struct plot_view *view, size_t machine, long long threads,
                   struct plot_point **points) {
    struct plot_roof roofs[PLOT_MAX_ROOFS];
    size_t roof_count = plot_roofs(view, machine, threads, roofs), count = 0, fastest;
    const struct plot_speed *peak = plot_compute_peak(view, machine, threads, "fma32");
    struct plot_span whole = plot_view_machine(view, machine);
    *points = NULL;
    for (struct plot_span op = {0}; plot_span_next(whole, PLOT_BY_OPERATOR, &op);) {
        for (struct plot_span run = {0}; plot_span_next(op, PLOT_BY_THREADS, &run);) {
            bool wanted = run.items[0]->threads == threads && plot_fastest(view, run, &fastest);
            for (size_t level = 0; wanted && level < roof_count; level++) {
                struct plot_point point = {.roof = level};
                if (make_point(run, fastest, roofs, roof_count, &point)) {
                    point.bound = bound_of(&point, roofs, peak);
                    *points = tool_grow(*points, count, sizeof point);
                    (*points)[count++] = point;
                }
            }
        }
    }
    return count;
}
