/* norma-plot: result files in, pictures and one page out.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _POSIX_C_SOURCE 200809L
#include "plots/draw/draw.h"
#include "plots/page/page.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct options {
    const char *folder, *report, *title, *implementations; /* the last: NULL if not given */
    char *default_report; /* owned; NULL where --report was given */
    bool formats[2];
};

enum { FORMAT_SVG, FORMAT_PNG };

/* ---- command line -------------------------------------------------------------------------- */

TOOL_VALUES(format_name, "svg", "png")

static bool take_title(const struct tool_option *option, const char *title, void *target) {
    json_t *text = json_string(title);
    if (text == NULL) {
        return tool_wrong_value(option, title, "a title in UTF-8");
    }
    json_decref(text);
    return tool_take_text(option, title, target);
}

#define OF(member) offsetof(struct options, member)

static const struct tool_option rows[] = {
    {.help = "Options"},
    {"output", 'o', "DIR", tool_take_text, OF(folder),
     .help =
         "folder for the pictures and the page (default: plots); it is made if it does not exist"},
    {"format", 0, "LIST", tool_take_choices, OF(formats),
     .help = "formats of the pictures: svg, png (default: svg,png)", .value = format_name},
    {"report", 0, "FILE", tool_take_text, OF(report),
     .help = "the page (default: DIR/report.html); - is standard output"},
    {"title", 0, "TEXT", take_title, OF(title),
     .help = "title of the page (default: norma: measurements)"},
    {"impl", 0, "LIST", tool_take_text, OF(implementations),
     .help =
         "implementations whose speed-up over the peers is drawn (default: the fastest of norma's "
         "sets in each picture)"},
};

static const struct tool_example examples[] = {
    {"norma-plot results.jsonl", "pictures and report.html in plots/"},
    {"norma-plot -o build/report --title Zen4 a.jsonl", "elsewhere, with a title of your own"},
    {"norma-plot --format svg --report all.html *.jsonl", "no PNG; the page in a place of its own"},
    {"norma-plot --impl avx2,portable results.jsonl", "speed-up of these, not of the fastest set"},
    {"norma-plot --report both.html here*.jsonl there*.jsonl", "machines side by side"},
    {"xz -dc results.jsonl.xz | norma-plot -", "from a pipe"},
};

static const struct tool_command command = {
    .name = "norma-plot",
    .usage = "[OPTION]... RESULTS.jsonl...",
    .summary =
        "Draws what `norma-bench run -o RESULTS.jsonl` measured: throughput, share of the "
        "ceiling and speed-up over other libraries as pictures, and one HTML page with all of it "
        "that needs no network. `-` reads standard input. Results of several machines are "
        "kept apart, and compared.\n",
    .examples = examples,
    .example_count = sizeof examples / sizeof examples[0],
    .options = rows,
    .option_count = sizeof rows / sizeof rows[0],
    .notes =
        "Exit status: 0 fine; 2 usage, bad input or an output that cannot be written; 3 gnuplot is "
        "missing or fails. On failure and on Ctrl-C earlier output stays as it was.\n",
};

static struct options parse_options(int argc, char **argv, struct tool_operands *files) {
    struct options options = {
        .folder = "plots", .title = "norma: measurements", .formats = {true, true}};
    tool_options_take_help(argc, argv);
    const enum tool_options_end end = tool_options_read(&command, argc, argv, &options, files);
    if (end == TOOL_OPTIONS_DONE) {
        exit(tool_finish_stdout(TOOL_EXIT_FINE));
    }
    if (end == TOOL_OPTIONS_WRONG) {
        exit(TOOL_EXIT_USAGE);
    }
    if (files->count == 0) {
        tool_die(TOOL_EXIT_USAGE, "no result file given; see norma-plot --help");
    }
    if (*options.folder == '\0') {
        tool_die(TOOL_EXIT_USAGE, "-o names no folder; see norma-plot --help");
    }
    if (options.report == NULL) {
        options.report = options.default_report = tool_text("%s/report.html", options.folder);
    }
    return options;
}

/* ---- work ---------------------------------------------------------------------------------- */

static void read_file(struct plot_results *results, const char *path) {
    bool standard_input = strcmp(path, "-") == 0;
    const char *name = standard_input ? "standard input" : path;
    struct plot_read_error error;
    FILE *file = tool_input_open(path);
    if (file == NULL) {
        tool_die(TOOL_EXIT_USAGE, "cannot read %s: %s", name, strerror(errno));
    }
    bool sound = plot_results_read(results, file, name, &error);
    plot_signals_obey();
    if (!sound) {
        tool_die(TOOL_EXIT_USAGE, "%s", error.message);
    }
    if (!standard_input) {
        fclose(file);
    }
}

static void compare(struct plot_view *view, const char *implementations) {
    struct tool_list names = {NULL, 0};
    if (implementations != NULL) {
        tool_list_split(&names, implementations);
    }
    for (size_t i = 0; i < names.count; i++) {
        if (*names.items[i] != '\0' && !plot_view_compare(view, names.items[i])) {
            tool_die(TOOL_EXIT_USAGE, "--impl: the results hold no implementation %s",
                     names.items[i]);
        }
    }
    tool_list_free(&names);
}

/* Leaves PNG out where gnuplot cannot draw it: the page needs SVG alone. Where only PNG was asked
 * for, there would be nothing. */
static void adapt_formats(bool formats[2]) {
    if (!formats[FORMAT_PNG] || plot_gnuplot_has_png()) {
        return;
    }
    static const char lack[] = "this gnuplot cannot draw PNG, as it was built without pngcairo";
    if (!formats[FORMAT_SVG]) {
        tool_die(TOOL_EXIT_MISSING, "%s; --format svg needs none", lack);
    }
    tool_say("%s; the pictures are SVG alone, as --format svg makes them", lack);
    formats[FORMAT_PNG] = false;
}

static void draw(const struct plot_pictures *pictures, bool png) {
    for (size_t i = 0; i < pictures->count; i++) {
        char *progress = tool_text("drawing %zu of %zu", i + 1, pictures->count);
        tool_status_line(progress);
        free(progress);
        plot_gnuplot_draw(&pictures->items[i], png);
    }
    tool_status_line(NULL);
}

static void write_report(const struct plot_view *view, const struct plot_pictures *pictures,
                         const char *title) {
    FILE *page = plot_stage_create("report.html");
    plot_report_write(page, view, pictures, title);
    plot_stage_close(page, "report.html");
}

static void check_target(const char *name, const char *target) {
    (void)name;
    plot_stage_check(target);
}

/* Calls `visit` with each file of the stage that is a result, and where it goes. */
static void for_each_result(const struct plot_pictures *pictures, const struct options *options,
                            void (*visit)(const char *name, const char *target)) {
    static const char *const endings[] = {[FORMAT_SVG] = "svg", [FORMAT_PNG] = "png"};
    visit("report.html", options->report);
    for (size_t i = 0; i < pictures->count; i++) {
        for (int format = FORMAT_SVG; format <= FORMAT_PNG; format++) {
            if (options->formats[format]) {
                char *name = tool_text("%s.%s", pictures->items[i].name, endings[format]);
                char *target = plot_stage_target(name);
                visit(name, target);
                free(target);
                free(name);
            }
        }
    }
}

/* Checks all targets before the first file is moved, so that all or none are replaced. */
static void publish(const struct plot_pictures *pictures, const struct options *options) {
    for_each_result(pictures, options, check_target);
    for_each_result(pictures, options, plot_stage_publish);
    const char *report = strcmp(options->report, "-") == 0 ? "standard output" : options->report;
    tool_say("wrote %s, and %zu pictures in %s", report, pictures->count, options->folder);
}

int main(int argc, char **argv) {
    struct plot_results results = {0};
    struct plot_view view;
    struct plot_pictures pictures;
    struct tool_operands files;
    tool_program_begin("norma-plot", PLOT_VERSION);
    struct options options = parse_options(argc, argv, &files);
    tool_interrupt_note();
    for (size_t i = 0; i < files.count; i++) {
        read_file(&results, files.items[i]);
    }
    plot_stage_check(options.report);
    plot_view_create(&view, &results);
    compare(&view, options.implementations);
    plot_stage_open(options.folder);
    plot_gnuplot_require();
    adapt_formats(options.formats);
    plot_pictures_create(&pictures, &view);
    draw(&pictures, options.formats[FORMAT_PNG]);
    write_report(&view, &pictures, options.title);
    plot_signals_obey();
    publish(&pictures, &options);
    plot_pictures_destroy(&pictures);
    plot_view_destroy(&view);
    plot_results_free(&results);
    free(options.default_report);
    return EXIT_SUCCESS;
}
