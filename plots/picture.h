/* A picture before it is drawn: its gnuplot commands, and what the report says about it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_PLOTS_PICTURE_H
#define NORMA_PLOTS_PICTURE_H

#include "fail.h"
#include "view.h"

enum norma_picture_kind {
    NORMA_PICTURE_SPEEDUP,
    NORMA_PICTURE_SHARE,
    NORMA_PICTURE_THROUGHPUT,
    NORMA_PICTURE_MEMORY,
    NORMA_PICTURE_ROOFLINE,
    NORMA_PICTURE_MACHINES
};

struct norma_picture {
    enum norma_picture_kind kind;
    struct norma_span span; /* what it shows; empty: no measurements of a single operator */
    size_t machine;         /* view->machine_count: all of them */
    long long threads;      /* 0: several */
    char *name;             /* of its files, without the ending */
    char *title;
    char *caption;
    int width, height; /* pixels */
    char *data;        /* gnuplot: the data blocks */
    char *commands;    /* gnuplot: what draws them, in a block that is run once for each format */
};

struct norma_pictures {
    struct norma_picture *items;
    size_t count;
};

/* All pictures of a view: by machine, kind, operator, threads. */
void norma_pictures_create(struct norma_pictures *pictures, const struct norma_view *view);
void norma_pictures_destroy(struct norma_pictures *pictures);

/* Each adds the pictures of one kind for a span of one machine, operator and number of threads;
 * none where nothing was measured. */
void norma_add_speedup_pictures(struct norma_pictures *pictures, const struct norma_view *view,
                                struct norma_span span);
void norma_add_share_picture(struct norma_pictures *pictures, const struct norma_view *view,
                             struct norma_span span);
void norma_add_throughput_pictures(struct norma_pictures *pictures, const struct norma_view *view,
                                   struct norma_span span);

/* Bandwidth against footprint, and the roofline, of a machine with a number of threads for which it
 * has memory records. */
void norma_add_memory_picture(struct norma_pictures *pictures, const struct norma_view *view,
                              size_t machine, long long threads);
void norma_add_roofline_picture(struct norma_pictures *pictures, const struct norma_view *view,
                                size_t machine, long long threads);

/* All machines side by side; none for one machine. */
void norma_add_machines_picture(struct norma_pictures *pictures, const struct norma_view *view);

#endif
