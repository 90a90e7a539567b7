/* Writes the topology of a machine and its limits: the bandwidth of its memory, and the roofline.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "plots/draw/draw.h"
#include "plots/figures/figures.h"
#include "plots/page/html.h"
#include "plots/page/page_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- topology ------------------------------------------------------------------------------ */

/* Returns the tree of the last run that recorded one with children; NULL: none did. */
static const json_t *find_tree(const struct plot_view *view, size_t machine) {
    const json_t *tree = NULL;
    for (size_t i = 0; i < view->results->run_count; i++) {
        const struct plot_run *run = &view->results->runs[i];
        const json_t *value = json_object_get(run->machine, "topology_tree");
        bool tells = json_array_size(json_object_get(value, "children")) > 0;
        tree = run->machine_index == machine && tells ? value : tree;
    }
    return tree;
}

/* Counts the memory nodes of a tree, and finds the last. */
static size_t find_memory(json_t *node, json_t **last) {
    const char *type = json_string_value(json_object_get(node, "type"));
    size_t count = 0, i;
    json_t *child;
    if (type && strcmp(type, "NUMANode") == 0) {
        *last = node;
        count++;
    }
    json_array_foreach(json_object_get(node, "children"), i, child) {
        count += find_memory(child, last);
    }
    return count;
}

/* Returns a copy of the tree whose only memory node has the memory that the rest of the page names:
 * hwloc's figure for a node is far too small on virtual machines whose memory was plugged in later.
 * The caller releases it. */
static json_t *correct_tree(const json_t *tree, const json_t *record) {
    json_t *copy = json_deep_copy(tree), *memory = NULL;
    json_t *bytes = json_object_get(json_object_get(record, "topology"), "memory_bytes");
    if (find_memory(copy, &memory) == 1 && json_is_number(bytes)) {
        json_object_set(memory, "bytes", bytes);
    }
    return copy;
}

static void write_topology(FILE *out, const struct plot_view *view, size_t machine) {
    const json_t *tree = find_tree(view, machine);
    if (!tree) {
        plot_html_paragraph(out, "note",
                            "No picture of the topology: the machine record has no "
                            "\"topology_tree\" that holds anything (norma-bench machine --facts "
                            "-o FILE writes one).");
        return;
    }
    char *title =
        tool_text("Topology of %s", plot_machine_name(plot_machine_record(view, machine)));
    plot_html_heading(out, 3, "", "Topology");
    fputs("<figure><div class=\"scroll\">", out);
    json_t *corrected = correct_tree(tree, plot_machine_record(view, machine));
    plot_topology_write(out, corrected, title);
    json_decref(corrected);
    fputs("</div><figcaption>Caches around the cores that share them; PU: a hardware thread, with "
          "the system's number.</figcaption></figure>\n",
          out);
    free(title);
}

/* ---- the roofline in figures --------------------------------------------------------------- */

static void write_rate(FILE *out, double rate, const char *unit) {
    plot_html_number(out, rate, plot_show_rate(rate, unit).text);
}

static void write_point(FILE *out, const struct plot_view *view, const struct plot_point *point,
                        const struct plot_roof *roofs) {
    char *label = plot_operator_label(point->about);
    double share = point->gflops / point->bound;
    fputs("<tr>", out);
    plot_html_cell(out, label);
    plot_html_cell(out, roofs[point->roof].name);
    plot_html_cell(out, view->implementations[point->about->implementation_index].name);
    plot_html_count(out, point->problems);
    write_rate(out, point->intensity, "flop/B");
    write_rate(out, point->gflops, "GFLOP/s");
    write_rate(out, point->bound, "GFLOP/s");
    plot_html_number(out, share, plot_show_percent(share).text);
    fputs("</tr>\n", out);
    free(label);
}

static void write_points(FILE *out, const struct plot_view *view, size_t machine,
                         long long threads) {
    static const struct plot_column columns[] = {
        {"operator", 0},  {"fits into", 0}, {"set", 0},  {"problems", 1},
        {"intensity", 1}, {"attained", 1},  {"roof", 1}, {"share of roof", 1},
    };
    struct plot_roof roofs[PLOT_MAX_ROOFS];
    struct plot_point *points;
    plot_roofs(view, machine, threads, roofs);
    size_t count = plot_points(view, machine, threads, &points);
    if (count > 0) {
        fprintf(out, "<details><summary>The points of the roofline in figures, %s</summary>\n",
                plot_show_threads(threads).text);
        plot_html_table(out, "", columns, sizeof columns / sizeof columns[0]);
        for (size_t i = 0; i < count; i++) {
            write_point(out, view, &points[i], roofs);
        }
        plot_html_table_end(out);
        fputs("</details>\n", out);
    }
    free(points);
}

static void write_ceilings(FILE *out, const struct plot_view *view,
                           const struct plot_pictures *pictures, size_t machine) {
    plot_html_heading(out, 3, "", "Bandwidth and roofline");
    plot_html_paragraph(
        out, "note",
        "First the bandwidth of simple kernels, by the bytes that they touch. Then the operations "
        "a "
        "second that each operator reaches, and the limits that bandwidth and arithmetic set: the "
        "closer a point is to the roof of its own colour, the less is left to gain. Operations are "
        "the additions and multiplications of the operator's definition, so a kernel that reads "
        "its tensor twice gets no credit for it.");
    plot_report_ceilings(out, view, pictures, machine);
    for (long long t = 0; (t = plot_memory_next_threads(view, machine, t)) != 0;) {
        write_points(out, view, machine, t);
    }
}

void plot_report_hardware(FILE *out, const struct plot_view *view,
                          const struct plot_pictures *pictures, size_t machine) {
    plot_html_part(out, "hardware", machine, "Hardware");
    write_topology(out, view, machine);
    if (plot_memory_next_threads(view, machine, 0) == 0) {
        plot_html_paragraph(out, "note",
                            "No bandwidth by footprint and no roofline: the results hold no "
                            "memory records of this machine (norma-bench machine -o FILE writes "
                            "them).");
        return;
    }
    write_ceilings(out, view, pictures, machine);
    if (plot_compute_peak(view, machine, plot_memory_next_threads(view, machine, 0), "fma32") ==
        NULL) {
        plot_html_paragraph(out, "note",
                            "No peak of arithmetic: the results hold no compute records of this "
                            "machine with these threads (norma-bench machine -o FILE writes "
                            "them).");
    }
}
