/* Draws the machine as nested boxes, from the topology_tree of a machine record.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef PLOTS_DRAW_TOPOLOGY_H
#define PLOTS_DRAW_TOPOLOGY_H

#include <jansson.h>
#include <stdio.h>

/* Writes an SVG. `title` is its text for readers who cannot see it. */
void plot_topology_write(FILE *out, const json_t *tree, const char *title);

#endif
