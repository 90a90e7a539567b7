/* The figures that pictures and pages state, computed from the measurements. This header is for
 * other folders.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef PLOTS_FIGURES_FIGURES_H
#define PLOTS_FIGURES_FIGURES_H

#include "plots/figures/agreement.h"
#include "plots/figures/comparison.h"
#include "plots/figures/estimates.h"
#include "plots/figures/roofline.h"
#include "plots/figures/samples.h"
#include "plots/figures/speedup.h"
#include "plots/figures/summary.h"

#endif
