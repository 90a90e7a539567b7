/* The machine as nested boxes: an SVG drawn from the topology_tree of a machine record.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef PLOTS_DRAW_TOPOLOGY_H
#define PLOTS_DRAW_TOPOLOGY_H

#include <jansson.h>
#include <stdio.h>

/* Writes the picture; `title` is for those who do not see it. */
void plot_topology_write(FILE *out, const json_t *tree, const char *title);

#endif
