/* Rewrites gnuplot's SVG in a single pass over its tags. It relies on well-formed markup alone, and
 * copies what it does not recognize.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "plots/draw/svg.h"

#include "plots/draw/text.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static bool starts(const char *text, const char *prefix) {
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

static const char *skip_space(const char *at) {
    while (isspace((unsigned char)*at)) {
        at++;
    }
    return at;
}

/* Returns the place behind the next `end`, or the end of the text. */
static const char *skip_past(const char *at, const char *end) {
    const char *found = strstr(at, end);
    return found ? found + strlen(end) : at + strlen(at);
}

/* Writes "#0072b2" for "rgb(  0, 114, 178)" and returns the place behind it; NULL if it is
 * something else. */
static const char *copy_colour(FILE *out, const char *at) {
    int red, green, blue, length = 0;
    if (!starts(at, "rgb(") ||
        sscanf(at, "rgb( %d , %d , %d )%n", &red, &green, &blue, &length) != 3 || length == 0) {
        return NULL;
    }
    fprintf(out, "#%02x%02x%02x", (unsigned)red & 0xFF, (unsigned)green & 0xFF,
            (unsigned)blue & 0xFF);
    return at + length;
}

/* Copies up to `end`, with each stretch of white space as one space. */
static void copy_squeezed(FILE *out, const char *at, const char *end) {
    while (at < end) {
        const char *behind = copy_colour(out, at);
        if (behind) {
            at = behind;
        } else if (isspace((unsigned char)*at)) {
            at = skip_space(at);
            if (at < end && *at != '<' && *at != '/' && *at != '>') {
                fputc(' ', out);
            }
        } else {
            fputc(*at++, out);
        }
    }
}

/* Returns the place behind a group of nothing but white space that begins at `at`; NULL if it is
 * something else. */
static const char *behind_empty_group(const char *at) {
    const char *inside = skip_space(skip_past(at, ">"));
    return starts(inside, "</g>") ? inside + 4 : NULL;
}

/* Returns the place behind markup that is left out; NULL if it stays. */
static const char *behind_omitted(const char *at) {
    if (starts(at, "<title>")) {
        return skip_past(at, "</title>");
    }
    if (starts(at, "<desc>")) {
        return skip_past(at, "</desc>");
    }
    if (starts(at, "<defs>")) {
        return skip_past(at, "</defs>");
    }
    if (starts(at, "<rect x=\"0\" y=\"0\"")) {
        return skip_past(at, ">");
    }
    return starts(at, "<g ") ? behind_empty_group(at) : NULL;
}

static const char *copy_tag(FILE *out, const char *at) {
    const char *end = skip_past(at, ">");
    if (starts(at, "<g id=")) {
        fputs("<g>", out);
    } else {
        copy_squeezed(out, at, end);
    }
    return end;
}

static const char *body_of(const char *svg) {
    const char *start = strstr(svg, "<svg");
    return start ? skip_past(start, ">") : svg + strlen(svg);
}

void plot_svg_definitions(FILE *out, const char *svg) {
    const char *start = strstr(svg, "<defs>");
    if (start) {
        fputs("<svg width=\"0\" height=\"0\" style=\"position:absolute\" aria-hidden=\"true\">",
              out);
        copy_squeezed(out, start, skip_past(start, "</defs>"));
        fputs("</svg>\n", out);
    }
}

void plot_svg_inline(FILE *out, const char *svg, int width, int height, const char *title) {
    fprintf(out, "<svg viewBox=\"0 0 %d %d\" style=\"--width:%d\" role=\"img\" aria-label=\"",
            width, height, width);
    plot_html_text(out, title);
    fputs("\">", out);
    for (const char *at = body_of(svg); *at != '\0';) {
        const char *tag = at + strcspn(at, "<");
        copy_squeezed(out, at, tag);
        at = tag;
        if (*at == '<') {
            const char *behind = behind_omitted(at);
            at = behind ? behind : copy_tag(out, at);
        }
    }
    fputc('\n', out);
}
