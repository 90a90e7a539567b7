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

struct bench_table bench_table_open(enum bench_table_format format) {
    return (struct bench_table){
        .format = format,
        .live = format == BENCH_TABLE_TEXT && tool_moves_cursor(STDOUT_FILENO),
    };
}

/* Returns the lines of a terminal; if it does not tell, those of an old one. */
static size_t screen_lines(void) {
    struct winsize size;
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 ? size.ws_row : 24;
}

/* Returns a view that fits into the terminal, whose last column may make the cursor wrap. */
static struct bench_table_view fit(const struct bench_table_view *view) {
    struct bench_table_view fitting = *view;
    fitting.width = isatty(STDOUT_FILENO) ? tool_columns(STDOUT_FILENO) - 1 : 0;
    return fitting;
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
    const struct bench_table_view fitting = fit(view);
    struct tool_stream memory;
    tool_stream_open(&memory);
    bench_table_print(&fitting, memory.stream);
    char *text = tool_stream_close(&memory);
    if (count_lines(text) < screen_lines()) {
        tool_status_line(NULL);
        bench_table_erase(table);
        put_lines(text, tool_columns(STDOUT_FILENO));
        fflush(stdout);
        table->lines = count_lines(text);
    }
    free(text);
    table->drawn = bench_now();
}

/* Prints all lines in full: one that is too long, which will not be redrawn, may wrap. */
static void print_text(const struct bench_table_view *view) {
    const struct bench_table_view fitting = fit(view);
    bench_table_print(&fitting, stdout);
    bench_table_notes_print(&fitting, stdout);
    bench_verdict_print(&fitting, stdout);
}

bool bench_table_finish(struct bench_table *table, const struct bench_table_view *view) {
    tool_status_line(NULL);
    bench_table_erase(table);
    switch (table->format) {
    case BENCH_TABLE_NONE:
        return true;
    case BENCH_TABLE_TEXT:
        print_text(view);
        break;
    case BENCH_TABLE_CSV:
        bench_csv_print(view, !table->headed, stdout);
        break;
    case BENCH_TABLE_MARKDOWN:
        bench_markdown_print(view, !table->headed, stdout);
        break;
    }
    table->headed = true;
    return tool_finish_stdout(TOOL_EXIT_FINE) == TOOL_EXIT_FINE;
}
