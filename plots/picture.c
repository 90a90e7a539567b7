/* Which pictures there are.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "picture.h"

#include "roofline.h"

#include <stdlib.h>

static void add_machine(struct norma_pictures *pictures, const struct norma_view *view,
                        struct norma_span machine,
                        void (*add)(struct norma_pictures *, const struct norma_view *,
                                    struct norma_span)) {
    for (struct norma_span op = {0}; norma_span_next(machine, NORMA_BY_OPERATOR, &op);) {
        for (struct norma_span run = {0}; norma_span_next(op, NORMA_BY_THREADS, &run);) {
            add(pictures, view, run);
        }
    }
}

/* The least number of threads above `above` of memory records and measurements; 0: none. */
static long long next_threads(const struct norma_view *view, size_t machine, long long above) {
    long long next = norma_memory_next_threads(view, machine, above);
    struct norma_span all = norma_view_machine(view, machine);
    for (size_t i = 0; i < all.count; ++i) {
        long long threads = all.items[i]->threads;
        next = threads > above && (next == 0 || threads < next) ? threads : next;
    }
    return next;
}

static void add_hardware(struct norma_pictures *pictures, const struct norma_view *view,
                         size_t machine) {
    for (long long t = 0; (t = next_threads(view, machine, t)) != 0;) {
        norma_add_memory_picture(pictures, view, machine, t);
        norma_add_roofline_picture(pictures, view, machine, t);
    }
}

void norma_pictures_create(struct norma_pictures *pictures, const struct norma_view *view) {
    *pictures = (struct norma_pictures){0};
    struct norma_span all = norma_view_span(view);
    for (struct norma_span machine = {0}; norma_span_next(all, NORMA_BY_MACHINE, &machine);) {
        add_machine(pictures, view, machine, norma_add_speedup_pictures);
        add_machine(pictures, view, machine, norma_add_share_picture);
        add_machine(pictures, view, machine, norma_add_throughput_pictures);
    }
    for (size_t m = 0; m < view->machine_count; ++m) {
        add_hardware(pictures, view, m);
    }
    norma_add_machines_picture(pictures, view);
}

void norma_pictures_lack(struct norma_pictures *pictures, struct norma_absence absence) {
    pictures->absences =
        norma_resize(pictures->absences, pictures->absence_count + 1, sizeof absence);
    pictures->absences[pictures->absence_count++] = absence;
}

void norma_pictures_lack_operator(struct norma_pictures *pictures, enum norma_picture_kind kind,
                                  struct norma_span span, const char *why) {
    const struct norma_measurement *about = span.items[0];
    norma_pictures_lack(pictures,
                        (struct norma_absence){kind, about->machine, about->threads,
                                               norma_operator_label(about), norma_text("%s", why)});
}

void norma_pictures_destroy(struct norma_pictures *pictures) {
    for (size_t i = 0; i < pictures->count; ++i) {
        free(pictures->items[i].name);
        free(pictures->items[i].title);
        free(pictures->items[i].caption);
        free(pictures->items[i].data);
        free(pictures->items[i].commands);
    }
    for (size_t i = 0; i < pictures->absence_count; ++i) {
        free(pictures->absences[i].what);
        free(pictures->absences[i].why);
    }
    free(pictures->items);
    free(pictures->absences);
    *pictures = (struct norma_pictures){0};
}
