/* norma-plot: result files in, pictures and one page out.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _POSIX_C_SOURCE 200809L
#include "gnuplot.h"
#include "report.h"
#include "stage.h"

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
    "`-` reads standard input. Results of several machines are kept apart.\n"
    "\n"
    "  norma-plot results.jsonl                          pictures and report.html in plots/\n"
    "  norma-plot -o build/report --title Zen4 a.jsonl   elsewhere, with a title of your own\n"
    "  norma-plot --format svg --report all.html *.jsonl  no PNG; the page in a place of its own\n"
    "  norma-plot --impl avx2,portable results.jsonl     speed-up of these, not of the fastest "
    "set\n"
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
    norma_fail(NORMA_EXIT_BAD_INPUT, "%s%s; see norma-plot --help", what, value);
}

static _Noreturn void finish_output(void) {
    if (fflush(stdout) != 0) {
        norma_fail(NORMA_EXIT_BAD_INPUT, "cannot write to standard output: %s", strerror(errno));
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
        puts("norma-plot " NORMA_PLOT_VERSION);
        finish_output();
    default:
        norma_fail(NORMA_EXIT_BAD_INPUT,
                   "see norma-plot --help"); /* getopt has said what is wrong */
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

static void read_file(struct norma_results *results, const char *path) {
    bool standard_input = strcmp(path, "-") == 0;
    const char *name = standard_input ? "standard input" : path;
    struct norma_read_error error;
    FILE *file = standard_input ? stdin : fopen(path, "r");
    if (file == NULL) {
        norma_fail(NORMA_EXIT_BAD_INPUT, "cannot read %s: %s", name, strerror(errno));
    }
    bool sound = norma_results_read(results, file, name, &error);
    norma_signals_obey();
    if (!sound) {
        norma_fail(NORMA_EXIT_BAD_INPUT, "%s", error.message);
    }
    if (!standard_input) {
        fclose(file);
    }
}

static void compare(struct norma_view *view, char *list) {
    char *rest = list;
    for (char *name; list != NULL && (name = strtok_r(rest, ",", &rest)) != NULL;) {
        if (!norma_view_compare(view, name)) {
            norma_fail(NORMA_EXIT_BAD_INPUT, "--impl: the results hold no implementation %s", name);
        }
    }
}

static void draw(const struct norma_pictures *pictures, bool png) {
    bool progress = isatty(STDERR_FILENO);
    for (size_t i = 0; i < pictures->count; ++i) {
        if (progress) {
            fprintf(stderr, "\rdrawing %zu of %zu ", i + 1, pictures->count);
        }
        norma_gnuplot_draw(&pictures->items[i], png);
    }
    if (progress) {
        fputs("\r\033[K", stderr);
    }
}

static void write_report(const struct norma_view *view, const struct norma_pictures *pictures,
                         const char *title) {
    FILE *page = norma_stage_create("report.html");
    norma_report_write(page, view, pictures, title);
    norma_stage_close(page, "report.html");
}

static void publish_picture(const struct norma_picture *picture, const char *ending) {
    char *name = norma_text("%s.%s", picture->name, ending);
    char *target = norma_stage_target(name);
    norma_stage_publish(name, target);
    free(target);
    free(name);
}

static void publish(const struct norma_pictures *pictures, const struct options *options) {
    char *target = norma_stage_target("report.html");
    const char *report = options->report != NULL ? options->report : target;
    norma_stage_publish("report.html", report);
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
    struct norma_results results = {0};
    struct norma_view view;
    struct norma_pictures pictures;
    norma_signals_catch();
    for (int i = optind; i < count; ++i) {
        read_file(&results, arguments[i]);
    }
    norma_view_create(&view, &results);
    compare(&view, options.implementations);
    norma_stage_open(options.folder);
    norma_gnuplot_require();
    norma_pictures_create(&pictures, &view);
    draw(&pictures, options.png);
    write_report(&view, &pictures, options.title);
    norma_signals_obey();
    publish(&pictures, &options);
    norma_pictures_destroy(&pictures);
    norma_view_destroy(&view);
    norma_results_free(&results);
    return EXIT_SUCCESS;
}
