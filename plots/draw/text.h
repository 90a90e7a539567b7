/* Numbers with their units, and texts made safe for where they go.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef PLOTS_DRAW_TEXT_H
#define PLOTS_DRAW_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* A text returned by value, so that it can stand in an argument list. */
struct plot_short {
    char text[32];
};

struct plot_short plot_show_time(double seconds);                /* "12.3 µs" */
struct plot_short plot_show_bytes(double bytes);                 /* "48 KiB", "1.5 MiB" */
struct plot_short plot_show_rate(double rate, const char *unit); /* "48.2 GB/s"; "–" for NAN */
struct plot_short plot_show_ratio(double ratio);   /* "0.84", "3.2", "18"; "–" for NAN */
struct plot_short plot_show_percent(double share); /* "83%"; "–" for NAN */
struct plot_short plot_show_share(double share);   /* "0.31"; "–" for NAN */

/* As the text of an HTML element or a quoted attribute. */
void plot_html_text(FILE *stream, const char *text);

/* As a single-quoted gnuplot string of at most `most` characters: nothing in it is expanded. */
void plot_gnuplot_text(FILE *stream, const char *text, size_t most);

/* As one word of a POSIX shell; the caller frees it. */
char *plot_shell_word(const char *text);

/* Letters, digits, '_' and '-' of a text, in lower case, everything else one '-': a part of a
 * file name. */
void plot_slug_text(FILE *stream, const char *text);

/* The number of characters (code points) of a UTF-8 text. */
size_t plot_characters(const char *text);

#endif
