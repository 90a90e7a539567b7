/* The text of the table of a group of measurements, as columns or in Markdown, and of the verdict.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/run/table.h"
#include "bench/run/table_columns.h"
#include "verify/harness/tool/tool.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { GAP = 2 }; /* blanks between columns */

/* ---- lines that are sentences --------------------------------------------------------------- */

enum { LEAST_ROOM = 20 }; /* a narrower column is no easier to read than what the terminal makes */

/* Returns how many characters of the text make a line: up to the last blank in the room, or else
 * the next one. */
static size_t line_length(const char *text, size_t room) {
    size_t length = strcspn(text, " "), next = length;
    while (text[length] && next <= room) {
        length = next;
        next += text[next] ? 1 + strcspn(text + next + 1, " ") : 1;
    }
    return length;
}

void bench_put_wrapped(const char *text, size_t indent, size_t width, FILE *out) {
    const size_t room = width >= indent + LEAST_ROOM ? width - indent : SIZE_MAX / 2;
    size_t length = line_length(text, room);
    fprintf(out, "%.*s\n", (int)length, text);
    for (text += length; *text; text += length) {
        text++; /* the blank */
        length = line_length(text, room);
        fprintf(out, "%*s%.*s\n", (int)indent, "", (int)length, text);
    }
}

/* ---- the table ------------------------------------------------------------------------------ */

/* The cells of a table. The first row is the headings. */
struct grid {
    struct bench_figures *figures;
    char (*cells)[BENCH_COLUMN_COUNT][BENCH_CELL];
    size_t rows;
    size_t widths[BENCH_COLUMN_COUNT];
    bool shown[BENCH_COLUMN_COUNT];
};

static void fill_row(const struct bench_figures *figures, char cells[][BENCH_CELL]) {
    for (size_t k = 0; k < BENCH_COLUMN_COUNT; k++) {
        if (k == 0 || figures->timed) {
            bench_columns[k].print(figures, cells[k]);
        }
    }
}

static void measure_column(struct grid *grid, size_t column) {
    size_t width = (size_t)bench_columns[column].least_width;
    for (size_t i = 0; i < grid->rows; i++) {
        const size_t length = strlen(grid->cells[i][column]);
        width = length > width ? length : width;
    }
    grid->widths[column] = width;
}

/* Shows what matters most, as far as there is room. */
static void choose_columns(struct grid *grid, size_t room) {
    size_t used = 0;
    bool fits = true;
    for (int rank = 0; fits; rank++) {
        bool any = false;
        for (size_t k = 0; k < BENCH_COLUMN_COUNT; k++) {
            if (bench_columns[k].rank == rank) {
                any = true;
                used += grid->widths[k] + (k > 0 ? GAP : 0);
                fits = rank == 0 || room == 0 || used <= room;
                grid->shown[k] = fits;
            }
        }
        fits = fits && any;
    }
}

static struct grid make_grid(const struct bench_table_view *view) {
    struct grid grid = {.figures = bench_figures_of(view), .rows = view->count + 1};
    grid.cells = tool_allocate(grid.rows, sizeof *grid.cells);
    for (size_t k = 0; k < BENCH_COLUMN_COUNT; k++) {
        bench_column_heading(view, k, grid.cells[0][k]);
    }
    for (size_t i = 0; i < view->count; i++) {
        fill_row(&grid.figures[i], grid.cells[i + 1]);
    }
    for (size_t k = 0; k < BENCH_COLUMN_COUNT; k++) {
        measure_column(&grid, k);
    }
    choose_columns(&grid, view->width);
    return grid;
}

static void free_grid(struct grid *grid) {
    free(grid->figures);
    free(grid->cells);
}

static void print_row(const struct grid *grid, size_t row, FILE *out) {
    size_t blanks = 0; /* not yet printed, as none end a line */
    for (size_t k = 0; k < BENCH_COLUMN_COUNT; k++) {
        const char *cell = grid->cells[row][k];
        const size_t rest = grid->widths[k] - strlen(cell);
        if (!grid->shown[k]) {
            continue;
        }
        blanks += (k > 0 ? GAP : 0) + (bench_columns[k].to_the_left ? 0 : rest);
        if (*cell) {
            fprintf(out, "%*s%s", (int)blanks, "", cell);
            blanks = 0;
        }
        blanks += bench_columns[k].to_the_left ? rest : 0;
    }
    fputc('\n', out);
}

static void print_untimed(const struct grid *grid, size_t row, size_t width, FILE *out) {
    char text[BENCH_CELL + sizeof grid->figures->entry->reason];
    const size_t indent = grid->widths[0] + GAP;
    bench_print_outcome(grid->figures[row - 1].entry, text, sizeof text);
    fprintf(out, "%-*s", (int)indent, grid->cells[row][0]);
    bench_put_wrapped(text, indent, width, out);
}

void bench_table_print(const struct bench_table_view *view, FILE *out) {
    struct grid grid = make_grid(view);
    fprintf(out, "%s, %d thread%s\n", view->test_case->text, view->threads,
            view->threads == 1 ? "" : "s");
    for (size_t i = 0; i < grid.rows; i++) {
        if (i == 0 || grid.figures[i - 1].timed) {
            print_row(&grid, i, out);
        } else {
            print_untimed(&grid, i, view->width, out);
        }
    }
    free_grid(&grid);
}

/* ---- Markdown ------------------------------------------------------------------------------- */

static void print_markdown_row(const struct grid *grid, size_t row, FILE *out) {
    for (size_t k = 0; k < BENCH_COLUMN_COUNT; k++) {
        fprintf(out, " %s |", grid->cells[row][k]);
    }
    fputc('\n', out);
}

static void print_markdown_untimed(const struct grid *grid, size_t row, FILE *out) {
    char text[BENCH_CELL + sizeof grid->figures->entry->reason];
    bench_print_outcome(grid->figures[row - 1].entry, text, sizeof text);
    fprintf(out, " %s | %s |", grid->cells[row][0], text);
    for (size_t k = 2; k < BENCH_COLUMN_COUNT; k++) {
        fputs(" |", out);
    }
    fputc('\n', out);
}

static void print_markdown_head(const struct grid *grid, FILE *out) {
    fputs("| problem | threads |", out);
    print_markdown_row(grid, 0, out);
    fputs("|:--|--:|", out);
    for (size_t k = 0; k < BENCH_COLUMN_COUNT; k++) {
        fputs(bench_columns[k].to_the_left ? ":--|" : "--:|", out);
    }
    fputc('\n', out);
}

void bench_markdown_print(const struct bench_table_view *view, bool with_heading, FILE *out) {
    struct grid grid = make_grid(view);
    if (with_heading) {
        print_markdown_head(&grid, out);
    }
    for (size_t i = 1; i < grid.rows; i++) {
        fprintf(out, "| %s | %d |", view->test_case->text, view->threads);
        if (grid.figures[i - 1].timed) {
            print_markdown_row(&grid, i, out);
        } else {
            print_markdown_untimed(&grid, i, out);
        }
    }
    free_grid(&grid);
}

/* ---- the verdict ---------------------------------------------------------------------------- */

/* A smaller difference is none: where code and data happen to lie makes as much. */
static const double threshold = 0.05;

/* Returns how many samples each side needs, given the number of both less two, which is an estimate
 * with two digits where it is large, so that a digit more would be false. */
static size_t each_of(size_t needed) {
    return needed < 100 ? needed / 2 + 1 : needed / 2;
}

static char *inconclusive(size_t needed, const char *first, const char *other,
                          struct bench_estimate ratio) {
    if (needed == 0) {
        return tool_text("inconclusive: %s and %s cannot be compared, as other work had a core",
                         first, other);
    }
    return tool_text("inconclusive: %g%% between %s and %s cannot be told [%.3f, %.3f], about %zu "
                     "samples of each would; --full and --time measure longer",
                     100 * threshold, first, other, ratio.low, ratio.high, each_of(needed));
}

static char *sentence_of(const struct bench_table_view *view, const struct bench_entry *first_entry,
                         const struct bench_entry *entry) {
    const char *first = first_entry->contender.implementation->name;
    const char *other = entry->contender.implementation->name;
    struct bench_estimate ratio;
    const struct bench_judgement judged = bench_judge_contenders(
        &first_entry->contender, &entry->contender, threshold, view->seed, &ratio);
    switch (judged.verdict) {
    case BENCH_SLOWER:
        return tool_text("%s is faster: %s takes %.2f times its time [%.2f, %.2f]", first, other,
                         ratio.median, ratio.low, ratio.high);
    case BENCH_FASTER:
        return tool_text("%s is slower: it takes %.2f times the time of %s [%.2f, %.2f]", first,
                         1 / ratio.median, other, 1 / ratio.high, 1 / ratio.low);
    case BENCH_NO_DIFFERENCE:
        return tool_text("no difference larger than %g%% between %s and %s [%.3f, %.3f]",
                         100 * threshold, first, other, ratio.low, ratio.high);
    case BENCH_INCONCLUSIVE:
        break;
    }
    return inconclusive(judged.needed, first, other, ratio);
}

void bench_verdict_print(const struct bench_table_view *view, FILE *out) {
    const struct bench_entry *first = bench_first_of(view);
    struct bench_figures *figures = bench_figures_of(view);
    for (size_t i = 0; i < view->count; i++) {
        if (figures[i].compared) {
            char *sentence = sentence_of(view, first, figures[i].entry);
            bench_put_wrapped(sentence, 0, view->width, out);
            free(sentence);
        }
    }
    free(figures);
    fputc('\n', out);
}
