/* Checks the picture of the machine: every box is within its parent, and text is escaped.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "plots/draw/topology.h"
#include "verify/harness/tool/tool.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static char *svg_of(const char *text) {
    json_t *tree = json_loads(text, 0, NULL);
    cr_assert_not_null(tree);
    struct tool_stream memory;
    tool_stream_open(&memory);
    plot_topology_write(memory.stream, tree, "title");
    json_decref(tree);
    return tool_stream_close(&memory);
}

static size_t count_of(const char *text, const char *part) {
    size_t count = 0;
    for (const char *at = strstr(text, part); at; at = strstr(at + 1, part)) {
        count++;
    }
    return count;
}

struct box {
    int x, y, width, height;
};

static size_t boxes_of(const char *svg, struct box *boxes, size_t most) {
    size_t count = 0;
    for (const char *at = strstr(svg, " x=\""); at && count < most; at = strstr(at + 1, " x=\"")) {
        struct box *box = &boxes[count];
        count += sscanf(at, " x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"", &box->x, &box->y,
                        &box->width, &box->height) == 4;
    }
    return count;
}

static bool is_apart(struct box a, struct box b) {
    return a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y ||
           b.y + b.height <= a.y;
}

static bool is_within(struct box a, struct box b) {
    return a.x > b.x && a.y > b.y && a.x + a.width < b.x + b.width &&
           a.y + a.height < b.y + b.height;
}

/* Eight cores with two levels of cache, one of them with a memory node and odd children. */
Test(topology, boxes_are_apart_or_within_each_other) {
    struct tool_stream text;
    tool_stream_open(&text);
    fputs("{\"type\":\"Machine\",\"children\":[{\"type\":\"NUMANode\",\"bytes\":1e9},"
          "{\"type\":\"L3\",\"bytes\":1e6,\"children\":[",
          text.stream);
    for (int i = 0; i < 40; i++) {
        fprintf(text.stream,
                "%s{\"type\":\"L1\",\"bytes\":32768,\"children\":[{\"type\":\"Core\",\"children\":["
                "{\"type\":\"PU\",\"index\":%d},{\"type\":\"PU\",\"index\":%d}]}]}",
                i == 0 ? "" : ",", i, 1000 * i);
    }
    fputs("]}]}", text.stream);
    char *tree = tool_stream_close(&text), *svg = svg_of(tree);
    struct box boxes[200];
    size_t count = boxes_of(svg, boxes, 200);
    cr_assert_eq(count, 3 + 40 * 4);
    for (size_t i = 0; i < count; i++) {
        cr_expect(boxes[i].width > 0 && boxes[i].height > 0);
        cr_expect(i == 0 || is_within(boxes[i], boxes[0]), "box %zu is outside", i);
        for (size_t k = 0; k < i; k++) {
            cr_expect(is_apart(boxes[i], boxes[k]) || is_within(boxes[i], boxes[k]),
                      "boxes %zu and %zu cross", i, k);
        }
    }
    cr_expect(boxes[0].width < 1000, "the cores stand in rows");
    cr_expect_eq(count_of(svg, ">PU "), 80);
    cr_expect_eq(count_of(svg, ">L1 32 KiB<"), 40);
    free(svg);
    free(tree);
}

Test(topology, what_is_odd_does_not_stop_it) {
    static const char *const odd[] = {
        "{}",
        "{\"type\":7,\"children\":9}",
        "{\"type\":\"PU\",\"children\":[1,null,[],{\"bytes\":\"x\",\"index\":\"y\"}]}",
        "{\"type\":\"NUMANode\",\"bytes\":-1,\"children\":[{\"type\":\"NUMANode\"}]}",
    };
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
        char *svg = svg_of(odd[i]);
        cr_expect_not_null(strstr(svg, "</svg>"));
        free(svg);
    }
    char *svg = svg_of("{\"type\":\"<script>\\\"&\"}");
    cr_expect_null(strstr(svg, "<script>"));
    free(svg);
}
