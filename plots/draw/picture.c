/* Which pictures there are.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "plots/draw/picture.h"

#include "plots/figures/figures.h"

#include <stdlib.h>

static void
add_machine(struct plot_pictures *pictures, const struct plot_view *view, struct plot_span machine,
            void (*add)(struct plot_pictures *, const struct plot_view *, struct plot_span)) {
    for (struct plot_span op = {0}; plot_span_next(machine, PLOT_BY_OPERATOR, &op);) {
        for (struct plot_span run = {0}; plot_span_next(op, PLOT_BY_THREADS, &run);) {
            add(pictures, view, run);
        }
    }
}

/* The least number of threads above `above` of memory records and measurements; 0: none. */
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

void plot_pictures_lack(struct plot_pictures *pictures, struct plot_absence absence) {
    pictures->absences = tool_grow(pictures->absences, pictures->absence_count, sizeof absence);
    pictures->absences[pictures->absence_count++] = absence;
}

void plot_pictures_lack_operator(struct plot_pictures *pictures, enum plot_picture_kind kind,
                                 struct plot_span span, const char *why) {
    const struct plot_measurement *about = span.items[0];
    plot_pictures_lack(pictures,
                       (struct plot_absence){kind, about->machine, about->threads,
                                             plot_operator_label(about), tool_text("%s", why)});
}

void plot_pictures_destroy(struct plot_pictures *pictures) {
    for (size_t i = 0; i < pictures->count; i++) {
        free(pictures->items[i].name);
        free(pictures->items[i].title);
        free(pictures->items[i].caption);
        free(pictures->items[i].data);
        free(pictures->items[i].commands);
    }
    for (size_t i = 0; i < pictures->absence_count; i++) {
        free(pictures->absences[i].what);
        free(pictures->absences[i].why);
    }
    free(pictures->items);
    free(pictures->absences);
    *pictures = (struct plot_pictures){0};
}
