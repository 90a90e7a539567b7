/* norma-plot: result files in, pictures and one page out.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _POSIX_C_SOURCE 200809L
#include "plots/draw/draw.h"
#include "plots/page/page.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
    "Usage: norma-plot [OPTION]... RESULTS.jsonl...\n"
    "\n"
    "Draws what `norma-bench run -o RESULTS.jsonl` measured: throughput, share of the ceiling and\n"
    "speed-up over oneDNN as pictures, and one HTML page with all of it that needs no network.\n"
    "`-` reads standard input. Results of several machines are kept apart, and compared.\n"
    "\n"
    "  norma-plot results.jsonl                          pictures and report.html in plots/\n"
    "  norma-plot -o build/report --title Zen4 a.jsonl   elsewhere, with a title of your own\n"
    "  norma-plot --format svg --report all.html *.jsonl  no PNG; the page in a place of its own\n"
    "  norma-plot --impl avx2,portable results.jsonl     speed-up of these, not of the fastest "
    "set\n"
    "  norma-plot --report both.html here*.jsonl there*.jsonl   machines side by side\n"
    "  xz -dc results.jsonl.xz | norma-plot -            from a pipe\n"
    "\n"
    "Options:\n"
    "  -o, --output DIR     where pictures and page go (default: plots); made if it is not there\n"
    "      --format LIST    formats of the pictures: svg, png (default: svg,png)\n"
    "      --report FILE    the page (default: DIR/report.html)\n"
    "      --title TEXT     its title (default: norma: measurements)\n"
    "      --impl LIST      implementations whose speed-up over oneDNN is drawn\n"
    "                       (default: the fastest of norma's sets in each picture)\n"
    "      --help           this text\n"
    "      --version        the version\n"
    "\n"
    "Exit status: 0 fine; 2 usage, bad input or an output that cannot be written; 3 gnuplot is\n"
    "missing or fails. On failure and on Ctrl-C earlier output stays as it was.\n";

struct options {
    const char *folder, *report, *title;
    char *implementations; /* a list to be taken apart; NULL: none given */
    bool svg, png;
};

/* ---- command line -------------------------------------------------------------------------- */

static _Noreturn void fail_usage(const char *what, const char *value) {
    tool_die(TOOL_EXIT_USAGE, "%s%s; see norma-plot --help", what, value);
}

static _Noreturn void finish_output(void) {
    if (fflush(stdout) != 0) {
        tool_die(TOOL_EXIT_USAGE, "cannot write to standard output: %s", strerror(errno));
    }
    exit(EXIT_SUCCESS);
}

static void take_formats(struct options *options, char *list) {
    options->svg = options->png = false;
    char *rest = list;
    for (char *name; (name = strtok_r(rest, ",", &rest)) != NULL;) {
        if (strcmp(name, "svg") == 0) {
            options->svg = true;
        } else if (strcmp(name, "png") == 0) {
            options->png = true;
        } else {
            fail_usage("--format knows svg and png, not ", name);
        }
    }
    if (!options->svg && !options->png) {
        fail_usage("--format names no format", "");
    }
}

static void take_title(struct options *options, const char *title) {
    json_t *text = json_string(title);
    if (text == NULL) {
        fail_usage("--title is not UTF-8", "");
    }
    json_decref(text);
    options->title = title;
}

static void take_option(struct options *options, int option) {
    switch (option) {
    case 'o':
        options->folder = optarg;
        break;
    case 'f':
        take_formats(options, optarg);
        break;
    case 'r':
        options->report = optarg;
        break;
    case 't':
        take_title(options, optarg);
        break;
    case 'i':
        options->implementations = optarg;
        break;
    case 'h':
        fputs(help, stdout);
        finish_output();
    case 'v':
        puts("norma-plot " PLOT_VERSION);
        finish_output();
    default:
        tool_die(TOOL_EXIT_USAGE, "see norma-plot --help"); /* getopt has said what is wrong */
    }
}

static struct options parse_options(int count, char **arguments) {
    static const struct option names[] = {
        {"output", required_argument, NULL, 'o'}, {"format", required_argument, NULL, 'f'},
        {"report", required_argument, NULL, 'r'}, {"title", required_argument, NULL, 't'},
        {"impl", required_argument, NULL, 'i'},   {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'v'},      {NULL, 0, NULL, 0},
    };
    struct options options = {
        .folder = "plots", .title = "norma: measurements", .svg = true, .png = true};
    for (int option; (option = getopt_long(count, arguments, "o:", names, NULL)) != -1;) {
        take_option(&options, option);
    }
    if (optind == count) {
        fail_usage("no result file given", "");
    }
    if (*options.folder == '\0') {
        fail_usage("-o names no folder", "");
    }
    return options;
}

/* ---- work ---------------------------------------------------------------------------------- */

static void read_file(struct plot_results *results, const char *path) {
    bool standard_input = strcmp(path, "-") == 0;
    const char *name = standard_input ? "standard input" : path;
    struct plot_read_error error;
    FILE *file = standard_input ? stdin : fopen(path, "r");
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

static void compare(struct plot_view *view, char *list) {
    char *rest = list;
    for (char *name; list != NULL && (name = strtok_r(rest, ",", &rest)) != NULL;) {
        if (!plot_view_compare(view, name)) {
            tool_die(TOOL_EXIT_USAGE, "--impl: the results hold no implementation %s", name);
        }
    }
}

static void draw(const struct plot_pictures *pictures, bool png) {
    bool progress = isatty(STDERR_FILENO);
    for (size_t i = 0; i < pictures->count; ++i) {
        if (progress) {
            fprintf(stderr, "\rdrawing %zu of %zu ", i + 1, pictures->count);
        }
        plot_gnuplot_draw(&pictures->items[i], png);
    }
    if (progress) {
        fputs("\r\033[K", stderr);
    }
}

static void write_report(const struct plot_view *view, const struct plot_pictures *pictures,
                         const char *title) {
    FILE *page = plot_stage_create("report.html");
    plot_report_write(page, view, pictures, title);
    plot_stage_close(page, "report.html");
}

static void publish_picture(const struct plot_picture *picture, const char *ending) {
    char *name = tool_text("%s.%s", picture->name, ending);
    char *target = plot_stage_target(name);
    plot_stage_publish(name, target);
    free(target);
    free(name);
}

static void publish(const struct plot_pictures *pictures, const struct options *options) {
    char *target = plot_stage_target("report.html");
    const char *report = options->report != NULL ? options->report : target;
    plot_stage_publish("report.html", report);
    for (size_t i = 0; i < pictures->count; ++i) {
        if (options->svg) {
            publish_picture(&pictures->items[i], "svg");
        }
        if (options->png) {
            publish_picture(&pictures->items[i], "png");
        }
    }
    fprintf(stderr, "norma-plot: wrote %s, and %zu pictures in %s\n", report, pictures->count,
            options->folder);
    free(target);
}

int main(int count, char **arguments) {
    struct options options = parse_options(count, arguments);
    struct plot_results results = {0};
    struct plot_view view;
    struct plot_pictures pictures;
    tool_program_begin("norma-plot", PLOT_VERSION);
    tool_interrupt_note();
    for (int i = optind; i < count; ++i) {
        read_file(&results, arguments[i]);
    }
    plot_view_create(&view, &results);
    compare(&view, options.implementations);
    plot_stage_open(options.folder);
    plot_gnuplot_require();
    plot_pictures_create(&pictures, &view);
    draw(&pictures, options.png);
    write_report(&view, &pictures, options.title);
    plot_signals_obey();
    publish(&pictures, &options);
    plot_pictures_destroy(&pictures);
    plot_view_destroy(&view);
    plot_results_free(&results);
    return EXIT_SUCCESS;
}
