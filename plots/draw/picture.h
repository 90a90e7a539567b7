/* Pictures before they are drawn: their gnuplot commands, and what the report says about them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef PLOTS_DRAW_PICTURE_H
#define PLOTS_DRAW_PICTURE_H

#include "plots/read/read.h"

enum plot_picture_kind {
    PLOT_PICTURE_SPEEDUP,
    PLOT_PICTURE_SHARE,
    PLOT_PICTURE_THROUGHPUT,
    PLOT_PICTURE_MEMORY,
    PLOT_PICTURE_ROOFLINE,
    PLOT_PICTURE_MACHINES
};

struct plot_picture {
    enum plot_picture_kind kind;
    struct plot_span span; /* the measurements that it shows; empty: not those of one operator */
    size_t machine;        /* view->machine_count: all machines */
    long long threads;     /* 0: several */
    char *name;            /* name of its files, without the ending */
    char *title;
    char *caption;
    int width, height; /* pixels */
    char *data;        /* gnuplot's data blocks */
    char *commands;    /* gnuplot's commands that draw them, which are run once for each format */
};

/* A picture that was not made, as it would show nothing. */
struct plot_absence {
    enum plot_picture_kind kind;
    size_t machine;
    long long threads; /* 0: several */
    char *what;        /* its subject, such as "bn fwd" */
    char *why;         /* the reason, and the command that helps, to stand behind "as" */
};

struct plot_pictures {
    struct plot_picture *items;
    size_t count;
    struct plot_absence *absences;
    size_t absence_count;
};

void plot_pictures_destroy(struct plot_pictures *pictures);

/* Adds an absence. Takes over its texts. */
void plot_pictures_lack(struct plot_pictures *pictures, struct plot_absence absence);

/* Adds an absence for the operator and the number of threads of a span. */
void plot_pictures_lack_operator(struct plot_pictures *pictures, enum plot_picture_kind kind,
                                 struct plot_span span, const char *why);

#endif
