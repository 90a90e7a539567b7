/* SPDX-License-Identifier: Apache-2.0 */
#include "plots/draw/text.h"

#include "plots/read/read.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

/* ---- numbers ------------------------------------------------------------------------------- */

static struct plot_short show(const char *format, int decimals, double value) {
    struct plot_short shown;
    snprintf(shown.text, sizeof shown.text, format, decimals, value);
    return shown;
}

static struct plot_short unknown(void) {
    return (struct plot_short){"–"};
}

/* Returns the decimals that make three significant digits of a number of at least 1. */
static int decimals_of(double value) {
    return value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
}

struct plot_short plot_show_threads(long long threads) {
    struct plot_short shown;
    snprintf(shown.text, sizeof shown.text, "%lld thread%s", threads, threads == 1 ? "" : "s");
    return shown;
}

struct plot_short plot_show_time(double seconds) {
    static const struct {
        double factor;
        const char *format;
    } units[] = {{1, "%.*f s"}, {1e3, "%.*f ms"}, {1e6, "%.*f µs"}, {1e9, "%.*f ns"}};
    size_t unit = 0;
    while (unit < 3 && seconds * units[unit].factor < 0.9995) {
        unit++;
    }
    double scaled = seconds * units[unit].factor;
    return show(units[unit].format, decimals_of(scaled), scaled);
}

struct plot_short plot_show_bytes(double bytes) {
    static const char *const formats[] = {"%.*f B", "%.*f KiB", "%.*f MiB", "%.*f GiB", "%.*f TiB"};
    size_t unit = 0;
    while (unit < 4 && bytes >= 1024) {
        bytes /= 1024;
        unit++;
    }
    return show(formats[unit], bytes == floor(bytes) || bytes >= 99.95 ? 0 : 1, bytes);
}

struct plot_short plot_show_rate(double rate, const char *unit) {
    if (isnan(rate)) {
        return unknown();
    }
    struct plot_short shown;
    snprintf(shown.text, sizeof shown.text, "%.*f %s", decimals_of(rate), rate, unit);
    return shown;
}

struct plot_short plot_show_ratio(double ratio) {
    if (isnan(ratio)) {
        return unknown();
    }
    if (ratio >= 9999.5) {
        return show("%.*g", 3, ratio);
    }
    return show("%.*f", ratio < 1.995 ? 2 : ratio < 9.95 ? 1 : 0, ratio);
}

struct plot_short plot_show_percent(double share) {
    return isnan(share) ? unknown() : show("%.*f%%", 0, 100 * share);
}

struct plot_short plot_show_share(double share) {
    if (isnan(share)) {
        return unknown();
    }
    bool plain = fabs(share) < 999.995 && (fabs(share) >= 0.01 || share == 0);
    return plain ? show("%.*f", 2, share) : show("%.*g", 2, share);
}

/* ---- escaping ------------------------------------------------------------------------------ */

void plot_html_text(FILE *stream, const char *text) {
    for (; *text != '\0'; text++) {
        switch (*text) {
        case '&':
            fputs("&amp;", stream);
            break;
        case '<':
            fputs("&lt;", stream);
            break;
        case '>':
            fputs("&gt;", stream);
            break;
        case '"':
            fputs("&quot;", stream);
            break;
        case '\'':
            fputs("&#39;", stream);
            break;
        default:
            fputc(*text, stream);
        }
    }
}

static bool continues_character(char byte) {
    return ((unsigned char)byte & 0xC0) == 0x80;
}

size_t plot_characters(const char *text) {
    size_t count = 0;
    for (; *text != '\0'; text++) {
        count += !continues_character(*text);
    }
    return count;
}

/* Writes a space for a control character, as a line break would end the string and the command, and
 * a typographic quote for a quote: gnuplot 5.4 reads a doubled one, but not as the whole string. */
static void put_gnuplot_byte(FILE *stream, char byte) {
    if (byte == '\'') {
        fputs("’", stream);
    } else {
        fputc(iscntrl((unsigned char)byte) ? ' ' : byte, stream);
    }
}

void plot_gnuplot_text(FILE *stream, const char *text, size_t most) {
    bool too_long = plot_characters(text) > most;
    size_t left = too_long ? most - 1 : most;
    fputc('\'', stream);
    for (; *text != '\0'; text++) {
        if (!continues_character(*text) && left-- == 0) {
            break;
        }
        put_gnuplot_byte(stream, *text);
    }
    fputs(too_long ? "…'" : "'", stream);
}

char *plot_shell_word(const char *text) {
    static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                               "_-";
    if (*text != '\0' && text[strspn(text, safe)] == '\0') {
        return tool_text("%s", text);
    }
    struct tool_stream word;
    tool_stream_open(&word);
    fputc('\'', word.stream);
    for (; *text != '\0'; text++) {
        fputs(*text == '\'' ? "'\\''" : (char[]){*text, '\0'}, word.stream);
    }
    fputc('\'', word.stream);
    return tool_stream_close(&word);
}

void plot_slug_text(FILE *stream, const char *text) {
    enum { LONGEST = 48 }; /* a file name holds several of these, and 255 bytes in all */
    const char *gap = "";
    bool begun = false;
    for (size_t i = 0; text[i] != '\0' && i < LONGEST; i++) {
        unsigned char byte = (unsigned char)text[i];
        if (byte < 128 && (isalnum(byte) || byte == '_' || byte == '-')) {
            fprintf(stream, "%s%c", gap, tolower(byte));
            gap = "";
            begun = true;
        } else {
            gap = begun ? "-" : "";
        }
    }
}
