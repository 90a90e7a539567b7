/* What a machine can do at all: its topology, the bandwidth of its memory, the roofline.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "html.h"
#include "report.h"
#include "roofline.h"
#include "text.h"
#include "topology.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- topology ------------------------------------------------------------------------------ */

/* That of the last run which recorded it, with anything in it. */
static const json_t *find_tree(const struct norma_view *view, size_t machine) {
    const json_t *tree = NULL;
    for (size_t i = 0; i < view->results->run_count; ++i) {
        const struct norma_run *run = &view->results->runs[i];
        const json_t *value = json_object_get(run->machine, "topology_tree");
        bool tells = json_array_size(json_object_get(value, "children")) > 0;
        tree = run->machine_index == machine && tells ? value : tree;
    }
    return tree;
}

static void write_topology(FILE *out, const struct norma_view *view, size_t machine) {
    const json_t *tree = find_tree(view, machine);
    if (tree == NULL) {
        norma_html_paragraph(out, "note",
                             "No picture of the topology: the machine record has no "
                             "\"topology_tree\", with anything in it (norma-bench machine --facts "
                             "-o FILE writes one).");
        return;
    }
    char *title =
        norma_text("Topology of %s", norma_machine_name(norma_machine_record(view, machine)));
    norma_html_heading(out, 3, "", "Topology");
    fputs("<figure><div class=\"scroll\">", out);
    norma_topology_write(out, tree, title);
    fputs("</div><figcaption>Caches around the cores that share them; PU: a hardware thread, with "
          "the system's number.</figcaption></figure>\n",
          out);
    free(title);
}

/* ---- the roofline in figures --------------------------------------------------------------- */

static void write_rate(FILE *out, double rate, const char *unit) {
    norma_html_number(out, rate, norma_show_rate(rate, unit).text);
}

static void write_point(FILE *out, const struct norma_view *view, const struct norma_point *point,
                        const struct norma_roof *roofs) {
    char *label = norma_operator_label(point->about);
    double share = point->gflops / point->bound;
    fputs("<tr>", out);
    norma_html_cell(out, label);
    norma_html_cell(out, roofs[point->roof].name);
    norma_html_cell(out, view->implementations[point->about->implementation_index].name);
    norma_html_count(out, point->problems);
    write_rate(out, point->intensity, "flop/B");
    write_rate(out, point->gflops, "GFLOP/s");
    write_rate(out, point->bound, "GFLOP/s");
    norma_html_number(out, share, norma_show_percent(share).text);
    fputs("</tr>\n", out);
    free(label);
}

static void write_points(FILE *out, const struct norma_view *view, size_t machine,
                         long long threads) {
    static const struct norma_column columns[] = {
        {"operator", 0},  {"fits into", 0}, {"set", 0},  {"problems", 1},
        {"intensity", 1}, {"attained", 1},  {"roof", 1}, {"share of roof", 1},
    };
    struct norma_roof roofs[NORMA_MAX_ROOFS];
    struct norma_point *points;
    norma_roofs(view, machine, threads, roofs);
    size_t count = norma_points(view, machine, threads, &points);
    if (count > 0) {
        fprintf(out,
                "<details><summary>The points of the roofline in figures, %lld thread%s"
                "</summary>\n",
                threads, threads == 1 ? "" : "s");
        norma_html_table(out, "", columns, sizeof columns / sizeof columns[0]);
        for (size_t i = 0; i < count; ++i) {
            write_point(out, view, &points[i], roofs);
        }
        norma_html_table_end(out);
        fputs("</details>\n", out);
    }
    free(points);
}

static void write_ceilings(FILE *out, const struct norma_view *view,
                           const struct norma_pictures *pictures, size_t machine) {
    norma_html_heading(out, 3, "", "Bandwidth and roofline");
    norma_html_paragraph(
        out, "note",
        "First what simple kernels reach, by the bytes they touch; then how many operations a "
        "second each operator comes to, against what bandwidth and arithmetic allow; the nearer to "
        "the roof of its own colour, the less is left to gain. Operations are the additions and "
        "multiplications of the operator's definition; a kernel that reads its tensor twice gets "
        "no credit for it.");
    norma_report_ceilings(out, view, pictures, machine);
    for (long long t = 0; (t = norma_memory_next_threads(view, machine, t)) != 0;) {
        write_points(out, view, machine, t);
    }
}

void norma_report_hardware(FILE *out, const struct norma_view *view,
                           const struct norma_pictures *pictures, size_t machine) {
    char *id = norma_text("hardware-%zu", machine);
    norma_html_heading(out, 2, id, "Hardware");
    free(id);
    write_topology(out, view, machine);
    if (norma_memory_next_threads(view, machine, 0) == 0) {
        norma_html_paragraph(out, "note",
                             "No bandwidth by footprint and no roofline: the results hold no "
                             "memory records of this machine (norma-bench machine -o FILE writes "
                             "them).");
        return;
    }
    write_ceilings(out, view, pictures, machine);
    if (norma_compute_peak(view, machine, norma_memory_next_threads(view, machine, 0), "fma32") ==
        NULL) {
        norma_html_paragraph(out, "note",
                             "No peak of arithmetic: the results hold no compute records of this "
                             "machine with these threads (norma-bench machine -o FILE writes "
                             "them).");
    }
}
