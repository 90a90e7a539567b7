/* Prints numbers with their units, and escapes texts.
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

/* Return a number with its unit, as in the comments, and "–" for NAN except of time and bytes. */
struct plot_short plot_show_threads(long long threads);          /* "1 thread", "2 threads" */
struct plot_short plot_show_time(double seconds);                /* "12.3 µs" */
struct plot_short plot_show_bytes(double bytes);                 /* "48 KiB", "1.5 MiB" */
struct plot_short plot_show_rate(double rate, const char *unit); /* "48.2 GB/s" */
struct plot_short plot_show_ratio(double ratio);                 /* "0.84", "3.2", "18" */
struct plot_short plot_show_percent(double share);               /* "83%" */
struct plot_short plot_show_share(double share);                 /* "0.31" */

/* Writes it as the text of an HTML element or of a quoted attribute. */
void plot_html_text(FILE *stream, const char *text);

/* Writes it as a single-quoted gnuplot string, in which nothing is expanded, of at most `most`
 * characters. */
void plot_gnuplot_text(FILE *stream, const char *text, size_t most);

/* Returns it as one word of a POSIX shell; the caller frees it. */
char *plot_shell_word(const char *text);

/* Writes a part of a file name: letters in lower case, digits, '_' and '-' of the text, and '-' for
 * each stretch of anything else. */
void plot_slug_text(FILE *stream, const char *text);

/* Returns the number of characters (code points) of a UTF-8 text. */
size_t plot_characters(const char *text);

#endif
