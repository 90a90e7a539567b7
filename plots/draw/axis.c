/* SPDX-License-Identifier: Apache-2.0 */
#include "plots/draw/axis.h"

#include "plots/draw/text.h"
#include "plots/read/read.h"

#include <math.h>

/* ---- footprints ----------------------------------------------------------------------------- */

#define MARGIN 1.4 /* the factor by which the axis extends beyond the values on either side */

/* Has a tick at each power of 2, 4, 8 and so on, so that there are about nine at most. */
void plot_write_footprint_axis(const struct plot_footprint_axis *axis, FILE *out) {
    int low = (int)floor(log2(axis->low)), high = (int)ceil(log2(axis->high));
    int step = 1 + (high - low) / 9;
    fprintf(out, "set logscale x 2; set xrange [%.6g:%.6g]; set xtics nomirror (",
            axis->low / MARGIN, axis->high * MARGIN);
    const char *separator = "";
    for (int power = low; power <= high; power++) {
        if (power % step == 0) {
            fprintf(out, "%s'%s' %.0f", separator, plot_show_bytes(exp2(power)).text, exp2(power));
            separator = ",";
        }
    }
    fputs(")\n", out);
}

static int pixel_of(const struct plot_footprint_axis *axis, double bytes) {
    double low = log2(axis->low / MARGIN), high = log2(axis->high * MARGIN);
    return axis->left + (int)lround((log2(bytes) - low) / (high - low) * axis->width);
}

static void draw_cache(const struct plot_footprint_axis *axis, struct plot_canvas *canvas,
                       const struct plot_cache *cache, int top) {
    if (cache->bytes < axis->low / MARGIN || cache->bytes > axis->high * MARGIN) {
        return;
    }
    int x = pixel_of(axis, cache->bytes);
    fprintf(canvas->commands.stream,
            "set arrow from %.0f, graph 0 to %.0f, graph 1 nohead back lt 1 lw 1 lc rgb '%s'\n",
            cache->bytes, cache->bytes, PLOT_MUTED);
    plot_canvas_text(canvas, x, top - 26, 'c', PLOT_MUTED, cache->name);
    plot_canvas_text(canvas, x, top - 10, 'c', PLOT_MUTED, plot_show_bytes(cache->bytes).text);
}

void plot_footprint_caches(const struct plot_footprint_axis *axis, struct plot_canvas *canvas,
                           int top) {
    struct plot_cache caches[PLOT_MAX_CACHES];
    size_t count = plot_machine_caches(plot_machine_record(canvas->view, canvas->machine), caches);
    for (size_t i = 0; i < count; i++) {
        draw_cache(axis, canvas, &caches[i], top);
    }
}

/* ---- rates ---------------------------------------------------------------------------------- */

/* Returns the nearest number of the series 1, 2, 5, 10, 20 that is not below the value (with `up`),
 * or not above it. */
static double round_125(double value, bool up) {
    double decade = pow(10, floor(log10(value)));
    double steps[] = {1, 2, 5, 10};
    double below = decade;
    for (int i = 0; i < 4; i++) {
        if (steps[i] * decade >= value * (1 - 1e-9)) {
            return up || steps[i] * decade <= value * (1 + 1e-9) ? steps[i] * decade : below;
        }
        below = steps[i] * decade;
    }
    return below;
}

struct plot_range plot_rate_axis(FILE *out, char axis, double low, double high) {
    struct plot_range range = {round_125(low, false), round_125(high, true)};
    const char *separator = "";
    /* A tick at the very end of a logarithmic axis may be rounded to outside of it. */
    fprintf(out, "set logscale %c 10; set %crange [%g:%g]; set %ctics nomirror (", axis, axis,
            range.low * 0.9999, range.high * 1.0001, axis);
    bool decades = range.high / range.low > 2000;
    for (double tick = range.low; tick <= range.high * 1.001; tick = round_125(tick * 1.1, true)) {
        if (!decades || fabs(log10(tick) - round(log10(tick))) < 1e-9) {
            fprintf(out, "%s%g", separator, tick);
            separator = ",";
        }
    }
    fputs(")\n", out);
    return range;
}
