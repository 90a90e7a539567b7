/* Writes the machines, their runs, and the notices on top of the page.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "plots/draw/draw.h"
#include "plots/page/html.h"
#include "plots/page/page_parts.h"
#include "plots/read/read.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- JSON in words ------------------------------------------------------------------------- */

static void write_value(FILE *out, json_t *value);

static void write_list(FILE *out, const json_t *list) {
    for (size_t i = 0; i < json_array_size(list); i++) {
        fputs(i == 0 ? "" : ", ", out);
        write_value(out, json_array_get(list, i));
    }
}

static void write_object(FILE *out, json_t *object) {
    const char *separator = "";
    for (void *at = json_object_iter(object); at; at = json_object_iter_next(object, at)) {
        fprintf(out, "%s%s ", separator, json_object_iter_key(at));
        write_value(out, json_object_iter_value(at));
        separator = ", ";
    }
}

static void write_value(FILE *out, json_t *value) {
    if (json_is_string(value)) {
        fputs(json_string_value(value), out);
    } else if (json_is_boolean(value)) {
        fputs(json_is_true(value) ? "yes" : "no", out);
    } else if (json_is_integer(value)) {
        fprintf(out, "%lld", (long long)json_integer_value(value));
    } else if (json_is_real(value)) {
        fprintf(out, "%.4g", json_real_value(value));
    } else if (json_is_array(value)) {
        write_list(out, value);
    } else if (json_is_object(value)) {
        write_object(out, value);
    } else {
        fputs("–", out);
    }
}

/* ---- machines ------------------------------------------------------------------------------ */

struct property {
    const char *name, *group, *key; /* group NULL: a key of the record itself */
    void (*write)(FILE *out, const json_t *machine,
                  const json_t *value); /* NULL: the value as it is */
    const char *absent;                 /* what stands in its place if it has none; NULL: a dash */
};

static void write_caches(FILE *out, const json_t *machine, const json_t *value) {
    (void)value;
    struct plot_cache caches[PLOT_MAX_CACHES];
    size_t count = plot_machine_caches(machine, caches);
    for (size_t i = 0; i < count; i++) {
        fprintf(out, "%s%s %s", i == 0 ? "" : ", ", caches[i].name,
                plot_show_bytes(caches[i].bytes).text);
        if (caches[i].count > 1) {
            fprintf(out, " (%lld of them)", caches[i].count);
        }
    }
}

static void write_bytes(FILE *out, const json_t *machine, const json_t *value) {
    (void)machine;
    fputs(plot_show_bytes(json_number_value(value)).text, out);
}

static void write_quota(FILE *out, const json_t *machine, const json_t *value) {
    (void)machine;
    fprintf(out, "%.3g processors", json_number_value(value));
}

/* Writes the hardware threads in their order, of which the first two are those of a team of two:
 * "0–3, 8". */
static void write_cpus(FILE *out, const json_t *machine, const json_t *value) {
    (void)machine;
    for (size_t first = 0, last; first < json_array_size(value); first = last + 1) {
        const json_int_t from = json_integer_value(json_array_get(value, first));
        for (last = first; json_integer_value(json_array_get(value, last + 1)) ==
                           from + (json_int_t)(last + 1 - first);) {
            last++;
        }
        fprintf(out, "%s%lld", first == 0 ? "" : ", ", (long long)from);
        if (last > first) {
            fprintf(out, "%s%lld", last == first + 1 ? ", " : "–",
                    (long long)from + (long long)(last - first));
        }
    }
}

static const struct property properties[] = {
    {"CPU", "cpu", "name", NULL, NULL},
    {"Name from", "cpu", "name_source", NULL, NULL},
    {"Vendor", "cpu", "vendor", NULL, NULL},
    {"Features", "cpu", "features", NULL, NULL},
    {"Hypervisor", "cpu", "hypervisor", NULL, NULL},
    {"Packages", "topology", "packages", NULL, NULL},
    {"Cores", "topology", "cores", NULL, NULL},
    {"Hardware threads", "topology", "threads", NULL, NULL},
    {"NUMA nodes", "topology", "numa_nodes", NULL, NULL},
    {"Threads are pinned to", NULL, "cpus", write_cpus, "not recorded"},
    {"Quota of the control group", NULL, "quota", write_quota, "none recorded"},
    {"Caches", "topology", "caches", write_caches, NULL},
    {"Memory", "topology", "memory_bytes", write_bytes, NULL},
    {"Operating system", "os", "name", NULL, NULL},
    {"Kernel", "os", "release", NULL, NULL},
    {"Architecture", "os", "machine", NULL, NULL},
    {"Frequency governor", "os", "governor", NULL, NULL},
    {"Transparent huge pages", "os", "transparent_huge_pages", NULL, NULL},
    {"Size of huge pages", "os", "huge_page_bytes", write_bytes, NULL},
    {"Reserved huge pages", "os", "reserved_huge_pages", NULL, NULL},
    {"Compiler", "build", "compiler", NULL, NULL},
    {"Flags", "build", "flags", NULL, NULL},
    {"Revision", "build", "revision", NULL, NULL},
    {"Changed since that revision", "build", "dirty", NULL, NULL},
    {"Libraries", NULL, "libraries", NULL, NULL},
    {"Machine id", NULL, "id", NULL, NULL},
};

static void write_property(FILE *out, const struct property *property, const json_t *machine) {
    const json_t *group = property->group ? json_object_get(machine, property->group) : machine;
    json_t *value = json_object_get(group, property->key);
    struct tool_stream words;
    tool_stream_open(&words);
    if (!value && property->absent) {
        fputs(property->absent, words.stream);
    } else if (value && property->write) {
        property->write(words.stream, machine, value);
    } else {
        write_value(words.stream, value);
    }
    char *text = tool_stream_close(&words);
    plot_html_cell(out, text);
    free(text);
}

void plot_report_machines(FILE *out, const struct plot_view *view) {
    plot_html_heading(out, 2, "machines", view->machine_count > 1 ? "Machines" : "Machine");
    fputs("<div class=\"scroll\"><table class=\"machines\"><tbody>\n", out);
    for (size_t p = 0; p < sizeof properties / sizeof properties[0]; p++) {
        fprintf(out, "<tr><th>%s</th>", properties[p].name);
        for (size_t m = 0; m < view->machine_count; m++) {
            write_property(out, &properties[p], plot_machine_record(view, m));
        }
        fputs("</tr>\n", out);
    }
    plot_html_table_end(out);
}

static const char *file_name(const struct plot_run *run) {
    const char *slash = strrchr(run->file, '/');
    return slash ? slash + 1 : run->file;
}

/* ---- runs ---------------------------------------------------------------------------------- */

static const char *ending_of(const struct plot_run *run) {
    if (!run->conditions) {
        return "ended without its closing record";
    }
    return json_is_true(json_object_get(run->conditions, "interrupted")) ? "interrupted"
                                                                         : "complete";
}

/* The share of disturbed samples above which a run has a notice. A sample or two are disturbed in
 * any long run, and the figures are without them. */
#define DISTURBED 0.01

/* A number of the conditions record. */
struct condition {
    const char *heading, *key;
    const char *format; /* of printf */
    double factor;
    double limit; /* above it, the cell is a warning: norma-bench's own limits, where it has one */
    const char *of; /* a key whose number divides it; NULL: none */
};

static const struct condition conditions[] = {
    {"took", "seconds", "%.0f s", 1, INFINITY, NULL},
    {"noise", "noise", "%.1f%%", 100, 0.05, NULL},
    {"disturbed", "disturbed", "%.1f%%", 100, DISTURBED, "samples"},
    {"uncertain", "uncertain", "%.0f", 1, 0, NULL},
    {"throttled", "throttled_seconds", "%.2f s", 1, 0, NULL},
    {"stolen", "steal_share", "%.2f%%", 100, 0.01, NULL},
    {"busy before", "busy", "%.1f", 1, INFINITY, NULL},
    {"switches", "involuntary_switches", "%.0f", 1, INFINITY, NULL},
    {"load", "load_average", "%.2f", 1, INFINITY, NULL},
};
enum { CONDITIONS = sizeof conditions / sizeof conditions[0] };

/* Returns NAN if it is not recorded. */
static double condition_of(const struct plot_run *run, const struct condition *condition) {
    const json_t *value = json_object_get(run->conditions, condition->key);
    const json_t *of = condition->of ? json_object_get(run->conditions, condition->of) : NULL;
    if (!json_is_number(value) || (condition->of && !(json_number_value(of) > 0))) {
        return NAN;
    }
    return json_number_value(value) / (condition->of ? json_number_value(of) : 1);
}

static void write_condition(FILE *out, const struct plot_run *run,
                            const struct condition *condition) {
    const double value = condition_of(run, condition);
    if (isnan(value)) {
        plot_html_number(out, NAN, "–");
        return;
    }
    fprintf(out, "<td class=\"n%s\" data-v=\"%.6g\">", value > condition->limit ? " warned" : "",
            value);
    fprintf(out, condition->format, condition->factor * value);
}

/* Writes the arguments, the first of which is the program with its subcommand, in two words. */
static void write_command(FILE *out, const json_t *arguments) {
    fputs("<td><code>", out);
    for (size_t i = 0; i < json_array_size(arguments); i++) {
        const char *argument = json_string_value(json_array_get(arguments, i));
        if (argument) {
            char *word = i == 0 ? tool_text("%s", argument) : plot_shell_word(argument);
            fputs(i == 0 ? "" : " ", out);
            plot_html_text(out, word);
            free(word);
        }
    }
    fputs("</code>", out);
}

/* Writes the conditions first, as they tell what the figures are worth. */
static void write_run(FILE *out, const struct plot_run *run, size_t index) {
    const char *const keys[] = {"date", "program"};
    fprintf(out, "<tr id=\"run-%zu\">", index);
    plot_html_count(out, index + 1);
    plot_html_cell(out, file_name(run));
    plot_html_cell(out, ending_of(run));
    for (size_t i = 0; i < CONDITIONS; i++) {
        write_condition(out, run, &conditions[i]);
    }
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        const char *text = json_string_value(json_object_get(run->machine, keys[i]));
        plot_html_cell(out, text ? text : "–");
    }
    plot_html_cell(out, *run->revision == '\0' ? "–" : run->revision);
    plot_html_cell(out, run->id);
    write_command(out, json_object_get(run->machine, "arguments"));
    fputs("</tr>\n", out);
}

static void write_runs_head(FILE *out) {
    static const struct plot_column first[] = {{"run", 1}, {"file", 0}, {"ended", 0}};
    static const struct plot_column last[] = {
        {"begun", 0}, {"program", 0}, {"revision", 0}, {"machine", 0}, {"command", 0}};
    enum { FIRST = sizeof first / sizeof first[0], LAST = sizeof last / sizeof last[0] };
    struct plot_column columns[FIRST + CONDITIONS + LAST];
    memcpy(columns, first, sizeof first);
    for (size_t i = 0; i < CONDITIONS; i++) {
        columns[FIRST + i] = (struct plot_column){conditions[i].heading, 1};
    }
    memcpy(columns + FIRST + CONDITIONS, last, sizeof last);
    plot_html_table(out, "runs", columns, FIRST + CONDITIONS + LAST);
}

void plot_report_runs(FILE *out, const struct plot_view *view) {
    plot_html_heading(out, 2, "runs", "Conditions of measurement");
    plot_html_paragraph(
        out, "note",
        "Implementations and copies take turns in random order on the same buffers, with threads "
        "pinned and warmed up. Each figure is a median with a 95% bootstrap confidence interval. "
        "Noise is the median half width of those intervals; a smaller difference means nothing. "
        "Disturbed is the share of samples during which other work had a core, which are left out; "
        "where too few were left without them, the measurement is uncertain. Throttled is how long "
        "a control group's quota stopped the process. Stolen is the processor time that the "
        "hypervisor gave to others. Busy before is how many of the processors were busy before the "
        "run. Switches are involuntary context switches, and load is the average of the minute "
        "before. What is marked spoils figures.");
    write_runs_head(out);
    for (size_t i = 0; i < view->results->run_count; i++) {
        write_run(out, &view->results->runs[i], i);
    }
    plot_html_table_end(out);
}

/* ---- notices ------------------------------------------------------------------------------- */

static void write_notice(FILE *out, const char *subject, const char *text) {
    char *notice = tool_text("%s: %s", subject, text);
    plot_html_paragraph(out, "notice", notice);
    free(notice);
}

static bool has_warning(const struct plot_run *run, const char *text) {
    const json_t *warnings = json_object_get(run->conditions, "warnings");
    for (size_t i = 0; i < json_array_size(warnings); i++) {
        const char *warning = json_string_value(json_array_get(warnings, i));
        if (warning && strcmp(warning, text) == 0) {
            return true;
        }
    }
    return false;
}

/* Returns the files of all runs from `first` on that have the warning: "a.jsonl, b.jsonl". */
static char *files_with(const struct plot_results *results, size_t first, const char *text) {
    char *files = tool_text("%s", file_name(&results->runs[first]));
    for (size_t i = first + 1; i < results->run_count; i++) {
        if (has_warning(&results->runs[i], text) &&
            strcmp(results->runs[i].file, results->runs[first].file) != 0) {
            char *longer = tool_text("%s, %s", files, file_name(&results->runs[i]));
            free(files);
            files = longer;
        }
    }
    return files;
}

static bool was_warned(const struct plot_results *results, size_t before, const char *text) {
    for (size_t i = 0; i < before; i++) {
        if (has_warning(&results->runs[i], text)) {
            return true;
        }
    }
    return false;
}

/* Returns whether the file has a later run, which tells whether the whole is complete. */
static bool is_resumed(const struct plot_results *results, size_t index) {
    for (size_t i = index + 1; i < results->run_count; i++) {
        if (strcmp(results->runs[i].file, results->runs[index].file) == 0) {
            return true;
        }
    }
    return false;
}

/* norma-bench warns of all conditions but this one. */
static void notice_disturbed(FILE *out, const struct plot_run *run) {
    static const struct condition disturbed = {.key = "disturbed", .of = "samples"};
    const double share = condition_of(run, &disturbed);
    if (share > DISTURBED) {
        char *text = tool_text("%.1f%% of the samples were disturbed by other work, and left out "
                               "where enough others were left.",
                               100 * share);
        write_notice(out, file_name(run), text);
        free(text);
    }
}

/* Writes each warning once, with all runs that it came from. */
static void notice_run(FILE *out, const struct plot_results *results, size_t index) {
    const struct plot_run *run = &results->runs[index];
    if (strcmp(ending_of(run), "complete") != 0 && !is_resumed(results, index)) {
        write_notice(out, file_name(run),
                     "the run did not reach its end; this page shows what it measured.");
    }
    notice_disturbed(out, run);
    const json_t *warnings = json_object_get(run->conditions, "warnings");
    for (size_t i = 0; i < json_array_size(warnings); i++) {
        const char *warning = json_string_value(json_array_get(warnings, i));
        if (warning && !was_warned(results, index, warning)) {
            char *files = files_with(results, index, warning);
            write_notice(out, files, warning);
            free(files);
        }
    }
}

static bool has_several_builds(const struct plot_view *view, const struct plot_run **other) {
    const struct plot_results *results = view->results;
    for (size_t i = 1; i < results->run_count; i++) {
        for (size_t k = 0; k < i; k++) {
            if (strcmp(results->runs[i].id, results->runs[k].id) == 0 &&
                strcmp(results->runs[i].revision, results->runs[k].revision) != 0) {
                *other = &results->runs[i];
                return true;
            }
        }
    }
    return false;
}

static void notice_failures(FILE *out, const struct plot_view *view) {
    size_t failures = 0;
    for (size_t i = 0; i < view->item_count; i++) {
        failures += view->items[i]->outcome == PLOT_FAILED && !view->items[i]->repeated;
    }
    if (failures > 0) {
        fprintf(out,
                "<p class=\"notice grave\">%zu case%s gave a wrong result: see Not measured.</p>\n",
                failures, failures == 1 ? "" : "s");
    }
}

void plot_report_notices(FILE *out, const struct plot_view *view) {
    const struct plot_run *other;
    notice_failures(out, view);
    for (size_t i = 0; i < view->results->run_count; i++) {
        notice_run(out, view->results, i);
    }
    if (has_several_builds(view, &other)) {
        write_notice(out, file_name(other),
                     "the revision of norma differs from that in an earlier file of the same "
                     "machine; the last measurement of each case is shown.");
    }
}
