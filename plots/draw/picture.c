/* SPDX-License-Identifier: Apache-2.0 */
#include "plots/draw/picture.h"

#include <stdlib.h>

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
