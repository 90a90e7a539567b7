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

/* A picture that was not made, as nothing would be seen on it. */
struct norma_absence {
    enum norma_picture_kind kind;
    size_t machine;
    long long threads; /* 0: several */
    char *what;        /* it would have shown: "bn fwd" */
    char *why;         /* what is lacking, and where to get it: "as ..." */
};

struct norma_pictures {
    struct norma_picture *items;
    size_t count;
    struct norma_absence *absences;
    size_t absence_count;
};

/* All pictures of a view: by machine, kind, operator, threads. */
void norma_pictures_create(struct norma_pictures *pictures, const struct norma_view *view);
void norma_pictures_destroy(struct norma_pictures *pictures);

/* Adds an absence; takes its texts over. */
void norma_pictures_lack(struct norma_pictures *pictures, struct norma_absence absence);

/* The same for a picture of the operator and the number of threads of a span. */
void norma_pictures_lack_operator(struct norma_pictures *pictures, enum norma_picture_kind kind,
                                  struct norma_span span, const char *why);
#define NORMA_UNTIMED                                                                              \
    "no implementation has a time (Not measured, below, has the reasons; norma-bench run --impl "  \
    "names others)"

/* Each adds the pictures of one kind for a span of one machine, operator and number of threads; an
 * absence where a picture would have no point. */
void norma_add_speedup_pictures(struct norma_pictures *pictures, const struct norma_view *view,
                                struct norma_span span);
void norma_add_share_picture(struct norma_pictures *pictures, const struct norma_view *view,
                             struct norma_span span);
void norma_add_throughput_pictures(struct norma_pictures *pictures, const struct norma_view *view,
                                   struct norma_span span);

/* Bandwidth against footprint, and the roofline, of a machine with a number of threads; an absence
 * where it lacks memory records with so many, the roofline also where it lacks measurements. */
void norma_add_memory_picture(struct norma_pictures *pictures, const struct norma_view *view,
                              size_t machine, long long threads);
void norma_add_roofline_picture(struct norma_pictures *pictures, const struct norma_view *view,
                                size_t machine, long long threads);

#define NORMA_UNCEILED                                                                             \
    "there are no memory records (norma-bench machine --threads %lld -o FILE writes them)"

/* All machines side by side; none for one machine, an absence where fewer than two have a figure.
 */
void norma_add_machines_picture(struct norma_pictures *pictures, const struct norma_view *view);

#endif
