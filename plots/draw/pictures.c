/* SPDX-License-Identifier: Apache-2.0 */
#include "plots/draw/pictures.h"

#include "plots/draw/kinds.h"
#include "plots/figures/figures.h"

static void
add_machine(struct plot_pictures *pictures, const struct plot_view *view, struct plot_span machine,
            void (*add)(struct plot_pictures *, const struct plot_view *, struct plot_span)) {
    for (struct plot_span op = {0}; plot_span_next(machine, PLOT_BY_OPERATOR, &op);) {
        for (struct plot_span run = {0}; plot_span_next(op, PLOT_BY_THREADS, &run);) {
            add(pictures, view, run);
        }
    }
}

/* Returns the least number of threads above `above` in memory records and measurements; 0: none. */
static long long next_threads(const struct plot_view *view, size_t machine, long long above) {
    long long next = plot_memory_next_threads(view, machine, above);
    struct plot_span all = plot_view_machine(view, machine);
    for (size_t i = 0; i < all.count; i++) {
        long long threads = all.items[i]->threads;
        next = threads > above && (next == 0 || threads < next) ? threads : next;
    }
    return next;
}

static void add_hardware(struct plot_pictures *pictures, const struct plot_view *view,
                         size_t machine) {
    for (long long t = 0; (t = next_threads(view, machine, t)) != 0;) {
        plot_add_memory_picture(pictures, view, machine, t);
        plot_add_roofline_picture(pictures, view, machine, t);
    }
}

void plot_pictures_create(struct plot_pictures *pictures, const struct plot_view *view) {
    *pictures = (struct plot_pictures){0};
    struct plot_span all = plot_view_span(view);
    for (struct plot_span machine = {0}; plot_span_next(all, PLOT_BY_MACHINE, &machine);) {
        add_machine(pictures, view, machine, plot_add_speedup_pictures);
        add_machine(pictures, view, machine, plot_add_share_picture);
        add_machine(pictures, view, machine, plot_add_throughput_pictures);
    }
    for (size_t m = 0; m < view->machine_count; m++) {
        add_hardware(pictures, view, m);
    }
    plot_add_machines_picture(pictures, view);
}
