/* The functions that load and store: which elements they touch, and which they leave alone.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <string.h>

#include "verify/vocabulary/function_check.h"

enum { LINE = 64 /* bytes, within which a vector has every alignment that it can have */ };

struct place;

/* A function, and its call at a place. */
struct access {
    const char *name;
    size_t size;      /* of an element */
    bool tail;        /* 1 to 15 elements; otherwise 16 */
    bool filled;      /* absent lanes are `fill`; otherwise they are unspecified */
    bool whole_lines; /* the place must begin at a line */
    void (*read)(const struct norma_vocabulary *set, const struct place *place, double *lanes);
    void (*write)(const struct norma_vocabulary *set, const struct place *place);
};

/* A place for `count` elements behind `lead` others, at one end of the fenced memory. */
struct place {
    const struct access *access;
    enum verify_placement placement;
    int lead, count;
    unsigned char *data;
    void *p;                   /* the elements */
    double lanes[NORMA_LANES]; /* the elements to load or to store */
    float fill;
};

/* ---- calling ------------------------------------------------------------------------------ */

static void read_load(const struct norma_vocabulary *set, const struct place *place,
                      double *lanes) {
    float floats[NORMA_LANES];
    set->load(place->p, floats);
    verify_floats_to_lanes(floats, lanes);
}

static void read_load_tail(const struct norma_vocabulary *set, const struct place *place,
                           double *lanes) {
    float floats[NORMA_LANES];
    set->load_tail(place->p, place->count, floats);
    verify_floats_to_lanes(floats, lanes);
}

static void read_widen_load(const struct norma_vocabulary *set, const struct place *place,
                            double *lanes) {
    set->widen_load(place->p, lanes);
}

static void read_widen_load_tail(const struct norma_vocabulary *set, const struct place *place,
                                 double *lanes) {
    set->widen_load_tail(place->p, place->count, place->fill, lanes);
}

static void read_load64(const struct norma_vocabulary *set, const struct place *place,
                        double *lanes) {
    set->load64(place->p, lanes);
}

static void write_store(const struct norma_vocabulary *set, const struct place *place) {
    float floats[NORMA_LANES];
    verify_lanes_to_floats(place->lanes, floats);
    set->store(place->p, floats);
}

static void write_store_tail(const struct norma_vocabulary *set, const struct place *place) {
    float floats[NORMA_LANES];
    verify_lanes_to_floats(place->lanes, floats);
    set->store_tail(place->p, place->count, floats);
}

static void write_stream(const struct norma_vocabulary *set, const struct place *place) {
    float floats[NORMA_LANES];
    verify_lanes_to_floats(place->lanes, floats);
    set->stream(place->p, floats);
}

static void write_store64(const struct norma_vocabulary *set, const struct place *place) {
    set->store64(place->p, place->lanes);
}

#define FLOATS  .size = sizeof(float)
#define DOUBLES .size = sizeof(double)

/* load and store come first, as the checks of the other functions rely on them. */
static const struct access accesses[] = {
    {"load", FLOATS, .read = read_load},
    {"store", FLOATS, .write = write_store},
    {"load_tail", FLOATS, .tail = true, .read = read_load_tail},
    {"store_tail", FLOATS, .tail = true, .write = write_store_tail},
    {"stream", FLOATS, .whole_lines = true, .write = write_stream},
    {"load64", DOUBLES, .read = read_load64},
    {"store64", DOUBLES, .write = write_store64},
    {"widen_load", FLOATS, .read = read_widen_load},
    {"widen_load_tail", FLOATS, .tail = true, .filled = true, .read = read_widen_load_tail},
};

const char *verify_vocabulary_memory(size_t index) {
    return index < sizeof accesses / sizeof *accesses ? accesses[index].name : NULL;
}

/* ---- one place ---------------------------------------------------------------------------- */

static bool is_wide(const struct place *place) {
    return place->access->size == sizeof(double);
}

static void put_element(const struct place *place, int index) {
    if (is_wide(place)) {
        ((double *)place->p)[index] = place->lanes[index];
    } else {
        ((float *)place->p)[index] = (float)place->lanes[index];
    }
}

static double element(const struct place *place, int index) {
    return is_wide(place) ? ((const double *)place->p)[index]
                          : (double)((const float *)place->p)[index];
}

static void describe(struct verify_function_check *check, const struct place *place,
                     const char *what) {
    check->verdict.passed = false;
    snprintf(check->verdict.message, sizeof check->verdict.message,
             "%s of %d elements, %zu bytes behind a multiple of %d, placed %s: %s",
             place->access->name, place->count, (size_t)((uintptr_t)place->p % LINE), LINE,
             verify_placement_name(place->placement), what);
}

static void compare(struct verify_function_check *check, const struct place *place, int lane,
                    double got, double expected) {
    check->verdict.checks++;
    if (check->verdict.passed && !verify_vocabulary_same(got, expected)) {
        char what[128];
        snprintf(what, sizeof what, "lane %d is %a, not %a", lane, got, expected);
        describe(check, place, what);
    }
}

static void check_read(struct verify_function_check *check, const struct place *place) {
    double got[NORMA_LANES];
    for (int i = 0; i < place->count; i++) {
        put_element(place, i);
    }
    place->access->read(check->vocabulary, place, got);
    for (int i = 0; i < place->count; i++) {
        compare(check, place, i, got[i], place->lanes[i]);
    }
    for (int i = place->count; i < NORMA_LANES && place->access->filled; i++) {
        compare(check, place, i, got[i], (double)place->fill);
    }
}

static void check_write(struct verify_function_check *check, const struct place *place) {
    unsigned char lead[NORMA_LANES * sizeof(double)];
    const size_t lead_bytes = (size_t)place->lead * place->access->size;
    memcpy(lead, place->data, lead_bytes);
    place->access->write(check->vocabulary, place);
    for (int i = 0; i < place->count; i++) {
        compare(check, place, i, element(place, i), place->lanes[i]);
    }
    if (check->verdict.passed &&
        (memcmp(lead, place->data, lead_bytes) != 0 || !verify_fence_intact(&check->fence))) {
        describe(check, place, "writes to elements beside these");
    }
}

static void check_place(struct verify_function_check *check, struct place *place) {
    const size_t lead = (size_t)place->lead * place->access->size;
    const size_t bytes = lead + (size_t)place->count * place->access->size;
    place->data = verify_fence_place(&check->fence, bytes, place->placement, 0);
    if (!place->data) {
        describe(check, place, "not enough memory for the check");
        return;
    }
    place->p = place->data + lead;
    if (place->access->whole_lines && (uintptr_t)place->p % LINE != 0) {
        return;
    }
    verify_draw_lanes(check, is_wide(place) ? &verify_range_doubles : &verify_range_floats,
                      place->lanes);
    place->fill = (float)verify_draw_between(check, &verify_range_floats, -20, 20);
    if (place->access->read) {
        check_read(check, place);
    } else {
        check_write(check, place);
    }
}

/* ---- every place -------------------------------------------------------------------------- */

/* Checks every number of elements behind every number of others. An access beyond the elements is a
 * fault at the end of the pages, and one ahead of them at their beginning. */
void verify_vocabulary_check_memory(struct verify_function_check *check, size_t index) {
    const struct access *access = &accesses[index];
    for (int count = access->tail ? 1 : NORMA_LANES;
         count <= (access->tail ? NORMA_LANES - 1 : NORMA_LANES); count++) {
        for (int lead = 0; lead < NORMA_LANES; lead++) {
            for (int k = 0; k < 2; k++) {
                struct place place = {
                    .access = access,
                    .placement = k == 0 ? VERIFY_PLACE_BACK : VERIFY_PLACE_FRONT,
                    .lead = lead,
                    .count = count,
                };
                check_place(check, &place);
            }
        }
    }
}
