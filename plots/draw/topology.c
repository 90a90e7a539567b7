/* Lays out boxes: memory as bars above, everything else in a grid of equal cells.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "plots/draw/topology.h"

#include "plots/draw/text.h"
#include "plots/read/read.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
    MOST_WIDTH = 900,  /* width of the whole, unless a single box is wider */
    LEAST_WIDTH = 120, /* least width for the children of a box */
    LETTER = 7,
    LINE = 20,
    GAP = 6
};

struct size {
    int width, height;
};

/* The layout of the children of a box. */
struct grid {
    int columns, rows, bars; /* bars are memory */
    struct size cell;
};

static const char *type_of(const json_t *node) {
    const char *type = json_string_value(json_object_get(node, "type"));
    return type ? type : "?";
}

static bool is_memory(const json_t *node) {
    return strcmp(type_of(node), "NUMANode") == 0;
}

static char *label_of(const json_t *node) {
    const json_t *bytes = json_object_get(node, "bytes"), *index = json_object_get(node, "index");
    const char *type = is_memory(node) ? "Memory" : type_of(node);
    if (json_is_number(bytes) && json_number_value(bytes) > 0) {
        return tool_text("%s %s", type, plot_show_bytes(json_number_value(bytes)).text);
    }
    if (json_is_integer(index)) {
        return tool_text("%s %lld", type, (long long)json_integer_value(index));
    }
    return tool_text("%s", type);
}

static int label_width(const json_t *node) {
    char *label = label_of(node);
    int width = (int)plot_characters(label) * LETTER + 2 * GAP;
    free(label);
    return width;
}

/* ---- sizes --------------------------------------------------------------------------------- */

static struct size size_of(const json_t *node, int most);

static int inner_width(int most) {
    return most - 2 * GAP < LEAST_WIDTH ? LEAST_WIDTH : most - 2 * GAP;
}

static struct grid grid_of(const json_t *node, int most) {
    const json_t *children = json_object_get(node, "children");
    int inner = inner_width(most), count = 0;
    struct grid grid = {0};
    for (size_t i = 0; i < json_array_size(children); i++) {
        const json_t *child = json_array_get(children, i);
        struct size size = size_of(child, inner);
        bool memory = is_memory(child);
        grid.bars += memory;
        count += !memory;
        grid.cell.width = !memory && size.width > grid.cell.width ? size.width : grid.cell.width;
        grid.cell.height =
            !memory && size.height > grid.cell.height ? size.height : grid.cell.height;
    }
    if (count > 0) {
        int fitting = (inner + GAP) / (grid.cell.width + GAP);
        fitting = fitting < 1 ? 1 : fitting;
        grid.rows = (count + fitting - 1) / fitting;
        grid.columns = (count + grid.rows - 1) / grid.rows;
    }
    return grid;
}

static struct size size_of(const json_t *node, int most) {
    struct grid grid = grid_of(node, most);
    struct size size = {label_width(node), LINE + 2};
    int width = grid.columns * (grid.cell.width + GAP) + GAP;
    size.width = width > size.width ? width : size.width;
    size.height += grid.bars * (LINE + GAP) + grid.rows * (grid.cell.height + GAP);
    const json_t *children = json_object_get(node, "children");
    for (size_t i = 0; i < json_array_size(children); i++) {
        const json_t *child = json_array_get(children, i);
        int bar = is_memory(child) ? label_width(child) + 2 * GAP : 0;
        size.width = bar > size.width ? bar : size.width;
    }
    return size;
}

/* ---- drawing ------------------------------------------------------------------------------- */

static const char *class_of(const json_t *node) {
    static const char *const known[] = {"L1", "L2", "L3", "NUMANode", "Core", "PU"};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strcmp(known[i], type_of(node)) == 0) {
            return known[i];
        }
    }
    return "other";
}

static void write_box(FILE *out, const json_t *node, int x, int y, struct size size) {
    char *label = label_of(node);
    fprintf(out,
            "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"3\"/>"
            "<text x=\"%d\" y=\"%d\">",
            class_of(node), x, y, size.width, size.height, x + GAP, y + 15);
    plot_html_text(out, label);
    fputs("</text>\n", out);
    free(label);
}

static void write_node(FILE *out, const json_t *node, int x, int y, struct size size, int most) {
    struct grid grid = grid_of(node, most);
    const json_t *children = json_object_get(node, "children");
    int bars = 0, cells = 0;
    if (grid.columns > 0) { /* a box that was made wider gives all of it to its cells */
        grid.cell.width = (size.width - GAP) / grid.columns - GAP;
    }
    write_box(out, node, x, y, size);
    for (size_t i = 0; i < json_array_size(children); i++) {
        const json_t *child = json_array_get(children, i);
        if (is_memory(child)) {
            struct size bar = {size.width - 2 * GAP, LINE};
            write_box(out, child, x + GAP, y + LINE + 2 + bars++ * (LINE + GAP), bar);
            continue;
        }
        int left = x + GAP + cells % grid.columns * (grid.cell.width + GAP);
        int top = y + LINE + 2 + grid.bars * (LINE + GAP) +
                  cells / grid.columns * (grid.cell.height + GAP);
        write_node(out, child, left, top, grid.cell, inner_width(most));
        cells++;
    }
}

void plot_topology_write(FILE *out, const json_t *tree, const char *title) {
    struct size size = size_of(tree, MOST_WIDTH);
    fprintf(out,
            "<svg class=\"topology\" viewBox=\"0 0 %d %d\" style=\"--width:%d\" role=\"img\" "
            "aria-label=\"",
            size.width + 2, size.height + 2, size.width + 2);
    plot_html_text(out, title);
    fputs("\">\n", out);
    write_node(out, tree, 1, 1, size, MOST_WIDTH);
    fputs("</svg>\n", out);
}
