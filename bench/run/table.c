/* The table on the screen. table_text.c writes its text.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _DEFAULT_SOURCE
#include "bench/run/table.h"
#include "bench/measure/measure.h"
#include "verify/harness/tool/tool.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static const double refresh_seconds = 0.25;

struct bench_table bench_table_open(void) {
    return (struct bench_table){.live = isatty(STDOUT_FILENO)};
}

/* Returns the size of the terminal; if it does not tell, the size of an old one. */
static struct winsize screen_size(void) {
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) {
        size = (struct winsize){.ws_row = 24, .ws_col = 80};
    }
    return size;
}

static char *text_of(const struct bench_table_view *view, bool with_verdict) {
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    if (!out) {
        return NULL;
    }
    bench_table_print(view, out);
    if (with_verdict) {
        bench_verdict_print(view, out);
    }
    fclose(out);
    return text;
}

static size_t count_lines(const char *text) {
    size_t lines = 0;
    for (; (text = strchr(text, '\n')); text++) {
        lines++;
    }
    return lines;
}

/* Prints as much of each line as fits: a line that wraps would be two, and could not be redrawn. */
static void put_lines(const char *text, size_t columns) {
    while (*text) {
        const size_t length = strcspn(text, "\n");
        const size_t shown = length < columns ? length : columns - 1;
        printf("%.*s\n", (int)shown, text);
        text += length + (text[length] == '\n');
    }
}

void bench_table_erase(struct bench_table *table) {
    if (table->lines > 0) {
        printf("\r\033[%zuA\033[J", table->lines);
        fflush(stdout);
        table->lines = 0;
    }
}

/* Also removes the ^C that the terminal may have printed. */
void bench_table_leave(struct bench_table *table) {
    if (table->lines > 0) {
        printf("\r\033[K");
        fflush(stdout);
        table->lines = 0;
    }
}

void bench_table_refresh(struct bench_table *table, const struct bench_table_view *view) {
    if (!table->live || bench_now() - table->drawn < refresh_seconds) {
        return;
    }
    const struct winsize screen = screen_size();
    char *text = text_of(view, false);
    if (text && count_lines(text) < screen.ws_row) {
        tool_status_line(NULL);
        bench_table_erase(table);
        put_lines(text, screen.ws_col);
        fflush(stdout);
        table->lines = count_lines(text);
    }
    free(text);
    table->drawn = bench_now();
}

bool bench_table_finish(struct bench_table *table, const struct bench_table_view *view) {
    char *text = text_of(view, true);
    tool_status_line(NULL);
    bench_table_erase(table);
    if (text && table->live) {
        put_lines(text, screen_size().ws_col);
    } else if (text) {
        fputs(text, stdout);
    }
    free(text);
    return tool_finish_stdout(TOOL_EXIT_FINE) == TOOL_EXIT_FINE;
}
