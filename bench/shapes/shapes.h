/* Problems to measure: shape sets, their files, and the cases that options make of them. This
 * header is for other folders.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_SHAPES_SHAPES_H
#define BENCH_SHAPES_SHAPES_H

#include "bench/shapes/cases.h"
#include "bench/shapes/shape_files.h"
#include "bench/shapes/shape_set.h"

#endif
