/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "verify/program/verify_options.h"

#include <stdlib.h>
#include <string.h>

#include "verify/harness/harness.h"
#include "verify/mutants/mutants.h"
#include "verify/program/modes.h"
#include "verify/properties/properties.h"
#include "verify/vocabulary/vocabulary.h"

/* The options, and the values that are acted upon when all are known. */
struct command_line {
    struct verify_options options;
    const char *implementations, *profile;
};

/* ---- values ------------------------------------------------------------------------------- */

TOOL_VALUES(format_name, "tap", "junit", "jsonl", "markdown")
TOOL_VALUES(mutants_mode_name, "checks")

static const char *check_name(int index) {
    return verify_check_name((enum verify_check_kind)index);
}

static bool take_shard(const struct tool_option *option, const char *text, void *target) {
    struct verify_shard *shard = target;
    size_t number;
    if (!tool_take_shard(option, text, &number, &shard->count)) {
        return false;
    }
    shard->index = number - 1;
    return true;
}

/* Checks whether this build has mutants, and says which has if it has none. */
static bool has_mutants(void) {
    if (!verify_mutant_at(0)) {
        tool_say("this build has no mutants; one with tests has, and is never installed: "
                 "cmake -S . -B build -DNORMA_TESTS=ON && cmake --build build && "
                 "build/verify/norma-verify");
        return false;
    }
    return true;
}

static bool take_mutants(const struct tool_option *option, const char *mode, void *target) {
    int index;
    if (mode && !tool_take_choice(option, mode, &index)) {
        return false;
    }
    if (!has_mutants()) {
        return false;
    }
    *(enum verify_mutants_mode *)target = mode ? VERIFY_MUTANTS_CHECKS : VERIFY_MUTANTS_ALL;
    return true;
}

static bool take_without(const struct tool_option *option, const char *name, void *target) {
    int check;
    (void)target;
    if (!tool_take_choice(option, name, &check)) {
        return false;
    }
    verify_check_leave_out((enum verify_check_kind)check);
    return true;
}

static bool take_plugin(const struct tool_option *option, const char *path, void *target) {
    (void)option, (void)target;
    return verify_take_plugin(path);
}

static bool take_format(const struct tool_option *option, const char *name, void *target) {
    int index;
    if (!tool_take_choice(option, name, &index)) {
        return false;
    }
    *(const struct verify_format **)target = verify_format_find(name);
    return true;
}

static bool take_report(const struct tool_option *option, const char *text, void *target) {
    struct verify_options *options = target;
    struct verify_further_report report = {NULL, strchr(text, '=')};
    if (!report.path || report.path[1] == '\0') {
        return tool_wrong_value(option, text, "FORMAT=FILE, e.g. junit=report.xml");
    }
    if (options->further_count == VERIFY_MAX_FURTHER) {
        tool_say("--report may be given %d times", VERIFY_MAX_FURTHER);
        return false;
    }
    char *name = tool_text("%.*s", (int)(report.path++ - text), text);
    const bool known = take_format(option, name, &report.format);
    options->further[options->further_count++] = report;
    free(name);
    return known;
}

/* ---- options ------------------------------------------------------------------------------ */

#define OF(member)      offsetof(struct command_line, member)
#define OPTIONS(member) offsetof(struct command_line, options.member)

static const struct tool_option rows[] = {
    {.help = "Which checks"},
    {"quick", 0, NULL, tool_take_fixed, OPTIONS(level), .help = "few sizes of everything",
     .number = VERIFY_LEVEL_QUICK},
    {"full", 0, NULL, tool_take_fixed, OPTIONS(level),
     .help = "all sizes, all data in all placements, layers of real networks, and the properties",
     .number = VERIFY_LEVEL_FULL},
    {"vocabulary", 0, NULL, tool_take_flag, OPTIONS(vocabulary),
     .help = "check only the vocabulary: every small function that a set's kernels are made of, in "
             "every lane (default: it is checked before the built-in problems)"},
    {"properties", 0, NULL, tool_take_flag, OPTIONS(properties),
     .help = "check only the properties: identities, invariances, theorems. Operands are names of "
             "properties (default: all)"},
    {"digest", 0, NULL, tool_take_flag, OPTIONS(digest),
     .help = "check nothing, and print a hash of each problem's results and one of all. "
             "Implementations with the same bits have the same hash; the status is 1 if not all "
             "have (default: norma's sets). --format jsonl is for a file of results"},
    {"mutants", 0, "checks", take_mutants, OPTIONS(mutants),
     .help = "test the checks: does one of them catch each of a catalogue of wrong kernels? The "
             "status is 1 if a kernel survives. Operands are names of mutants (default: all); "
             "--impl mutant:NAME shows all that is reported about one. With =checks: which mutants "
             "would survive without each of the checks? Builds with tests only",
     .value = mutants_mode_name, .optional = true},
    {"without", 0, "CHECK", take_without, 0,
     .help = "leave out one of the checks that --list names; may be given again",
     .value = check_name},
    {"shard", 0, "I/N", take_shard, OPTIONS(shard), .help = "check only part I of N (1 <= I <= N)"},
    {"list", 0, NULL, tool_take_flag, OPTIONS(list),
     .help = "print what can be checked here, and by which implementation"},
    {.help = "Which kernels"},
    {"impl", 0, "LIST", tool_take_text, OF(implementations),
     .help = "only these, by name or pattern, e.g. avx2,'onednn*' (default: all in --list but the "
             "reference)",
     .value = verify_implementation_available_name},
    {"load", 0, "FILE", take_plugin, 0,
     .help = "add the set of a plug-in (norma_set.h), a shared library; may be given again. "
             "Without --impl, only the loaded sets are checked"},
    {"require", 0, "LIST", tool_take_list, OPTIONS(required),
     .help = "exit with status 3 unless all of these can run here, and have the memory to",
     .value = verify_implementation_available_name},
    {"threads", 0, "N", tool_take_count, OPTIONS(threads),
     .help = "threads of each kernel (default: 1; for large problems 1, 2, 3 in turn)",
     .number = 1024},
    {"profile", 0, "FILE", tool_take_text, OF(profile),
     .help = "tuning of norma's plans (default: the user's; '': none)"},
    {.help = "How"},
    {"seed", 0, "N", tool_take_seed, OPTIONS(seed), .help = "seed of the random data (default: 1)"},
    {"case-timeout", 0, "SECONDS", tool_take_count, OPTIONS(case_timeout),
     .help = "time after which a case has failed (default: 60, and 1 for every 100000 elements)",
     .number = 1000000},
    {"no-isolation", 0, NULL, tool_take_flag, OPTIONS(here),
     .help = "run everything in one process, for debuggers: a kernel that crashes ends the run"},
    {.help = "Report"},
    {"format", 0, "FORMAT", take_format, OPTIONS(format),
     .help = "format of the report: tap, junit, jsonl or markdown (default: tap)",
     .value = format_name},
    {"output", 'o', "FILE", tool_take_text, OPTIONS(output),
     .help =
         "write the report to FILE instead of standard output; what FILE holds is replaced, unless "
         "these are measurements of norma-bench"},
    {"quiet", 'q', NULL, tool_take_flag, OPTIONS(quiet),
     .help = "in TAP, only failures and the summary; what remains is for people and no TAP. Other "
             "formats stay complete"},
    {"report", 0, "FORMAT=FILE", take_report, OF(options),
     .help = "also write the report in this format to this file; may be given again",
     .value = format_name},
};

static const struct tool_example examples[] = {
    {"norma-verify --quick", "the built-in problems, in under a minute"},
    {"norma-verify --quick -q", "failures and the summary only"},
    {"norma-verify 'gn:8x256x56x56:g=32'", "one problem, every implementation"},
    {"norma-verify --impl avx2,onednn @my-problems.txt", NULL},
    {"generate-problems | norma-verify -", "one problem per line"},
    {"norma-verify --vocabulary --impl avx2", "which function of a new set is wrong?"},
    {"norma-verify --quick --load ./idea.so", "a kernel of your own, in a shared library"},
    {"norma-verify --quick --digest", "are all sets the same to the bit?"},
    {"norma-verify --mutants", "do the checks notice wrong kernels?"},
    {"norma-verify --require avx512", "status 3 where avx512 cannot run"},
};

#define NAME(upper, lower, text) " " #lower
#define OPERATOR_NAMES           NORMA_OPERATORS(NAME)

static const char notes[] =
    "A problem is op:NxCxSPATIAL[:key=value,...].\n"
    "Operators:" OPERATOR_NAMES "\n"
    "Keys and their defaults:\n"
    "  all     pass=fwd (inf, bwd, inf_bwd)  epilogue=none (relu, add_relu)  eps=1e-5\n"
    "  bn      momentum=0.1\n"
    "  cin     styles=1 (rows of the tables gamma and beta)\n"
    "  bin     momentum=0.1  rho=NUMBER (default: a gate for each channel)\n"
    "  adain   alpha=1  style=HxW (point, stats, swap)  styles=1  regions=1\n"
    "          std=biased (unbiased)\n"
    "  gn      g=gcd(C,32)\n"
    "  unit    form=practical (vanilla, scalar, vector, layer)\n"
    "          alpha=channel (element, NUMBER)  momentum=0.1  k=1 (form=layer)\n"
    "\n"
    "The report is TAP on standard output by default: one line per problem and implementation with "
    "the largest share of the error bound that was used.\n"
    "\n"
    "Exit status: 0 all right; 1 a check failed; 2 wrong usage or input, more --threads than can "
    "be "
    "started, or the report cannot be written; 3 something that --require named is missing or "
    "lacks memory, or nothing was "
    "checked although no --shard was asked for; 128 + signal: interrupted.\n";

static const struct tool_command command = {
    .name = "norma-verify",
    .usage = "[OPTION]... [PROBLEM | @FILE | -]...",
    .summary = "Checks every kernel on every problem against a double-precision reference.\n",
    .examples = examples,
    .example_count = sizeof examples / sizeof examples[0],
    .options = rows,
    .option_count = sizeof rows / sizeof rows[0],
    .notes = notes,
};

/* ---- implementations ---------------------------------------------------------------------- */

/* Says why there is no implementation of a name that is that of a mutant. */
static void explain_mutant(const char *name) {
    if (!has_mutants()) {
        return;
    }
    if (verify_mutant_find(name)) {
        tool_say("--impl takes up to %d mutants at a time", VERIFY_MOST_NAMED);
    } else {
        tool_say("there is no mutant '%s'", name);
    }
}

static void explain_unknown(const char *name) {
    static const char mutant[] = "mutant:";
    if (strncmp(name, mutant, sizeof mutant - 1) == 0) {
        explain_mutant(name + sizeof mutant - 1);
        return;
    }
    struct tool_stream known;
    struct norma_guess guess = norma_guess_of(name, (int)strlen(name));
    tool_stream_open(&known);
    for (size_t i = 0; verify_implementation(i); i++) {
        fprintf(known.stream, " %s", verify_implementation(i)->name);
        norma_guess_try(&guess, verify_implementation(i)->name);
    }
    char *names = tool_stream_close(&known), *meant = tool_guess_text(&guess);
    tool_say("there is no implementation '%s'; this build has:%s%s", name, names, meant);
    free(names);
    free(meant);
}

/* Calls `visit` with each implementation whose name matches. Returns whether there is one. */
static bool for_each_match(const char *pattern, void *context,
                           void (*visit)(const struct reference_implementation *, void *)) {
    const struct reference_implementation *found;
    bool any = false;
    for (size_t i = 0; (found = verify_implementation_match(pattern, &i)); any = true) {
        visit(found, context);
    }
    found = any ? NULL : verify_mutation_named(pattern);
    if (found) {
        visit(found, context);
    }
    return any || found;
}

/* Calls `visit` with each implementation of a comma-separated list of names and patterns. Returns
 * false at the first that matches none, or if it names none. */
static bool for_each_named(const char *list, void *context,
                           void (*visit)(const struct reference_implementation *, void *)) {
    char *copy = strdup(list);
    char *rest = NULL;
    bool good = copy && list[strspn(list, ",")] != '\0';
    if (!good) {
        tool_say("no implementation is named by '%s'", list);
    }
    for (char *name = copy ? strtok_r(copy, ",", &rest) : NULL; good && name;
         name = strtok_r(NULL, ",", &rest)) {
        good = for_each_match(name, context, visit);
        if (!good) {
            explain_unknown(name);
        }
    }
    free(copy);
    return good;
}

static void choose(const struct reference_implementation *implementation, void *context) {
    struct verify_options *options = context;
    for (size_t i = 0; i < options->implementation_count; i++) {
        if (options->implementations[i] == implementation) {
            return;
        }
    }
    if (options->implementation_count < VERIFY_MAX_IMPLEMENTATIONS) {
        options->implementations[options->implementation_count++] = implementation;
    }
}

/* Chooses all that can run here except the reference, which would be compared with itself. For a
 * digest it chooses norma's own sets alone: only these have to give the same bits. */
static void choose_available(struct verify_options *options) {
    for (size_t i = 0; verify_implementation(i); i++) {
        const struct reference_implementation *implementation = verify_implementation(i);
        if (verify_implementation_available(implementation) &&
            implementation != &reference_implementation_reference &&
            !(options->digest && implementation->accumulation != REFERENCE_ACCUMULATE_F64)) {
            choose(implementation, options);
        }
    }
}

static void choose_loaded(struct verify_options *options) {
    for (size_t i = 0; verify_plugin_name(i); i++) {
        choose(verify_implementation_find(verify_plugin_name(i)), options);
    }
}

static void note_missing(const struct reference_implementation *implementation, void *context) {
    if (!verify_implementation_available(implementation)) {
        *(const struct reference_implementation **)context = implementation;
    }
}

/* Returns the exit code, or -1 to go on. An implementation that this build does not know is missing
 * as well: oneDNN may not be compiled in. */
static int check_required(const struct tool_list *names) {
    const struct reference_implementation *missing = NULL;
    for (size_t i = 0; i < names->count; i++) {
        if (!for_each_named(names->items[i], &missing, note_missing)) {
            return TOOL_EXIT_MISSING;
        }
    }
    if (missing) {
        tool_say("--require: this CPU cannot run %s", missing->name);
        return TOOL_EXIT_MISSING;
    }
    return -1;
}

/* ---- problems ----------------------------------------------------------------------------- */

/* Checks that one of the implementations has a vocabulary; only norma's sets do. */
static bool has_vocabulary(const struct verify_options *options) {
    for (size_t i = 0; i < options->implementation_count; i++) {
        if (verify_vocabulary_of(options->implementations[i]->name)) {
            return true;
        }
    }
    tool_say("--vocabulary is for norma's sets; name one with --impl, e.g. portable");
    return false;
}

/* Says that there is no mutant, or property, of a name, and which was meant. Returns false. */
static bool say_no(const char *kind, const char *word, const char *name(size_t index)) {
    struct norma_guess guess = norma_guess_of(word, (int)strlen(word));
    for (size_t i = 0; name(i); i++) {
        norma_guess_try(&guess, name(i));
    }
    char *meant = tool_guess_text(&guess);
    tool_say("there is no %s '%s'%s", kind, word, meant);
    free(meant);
    return false;
}

static const char *mutant_name(size_t index) {
    return verify_mutant_at(index) ? verify_mutant_at(index)->name : NULL;
}

static const char *property_name(size_t index) {
    return verify_property_at(index) ? verify_property_at(index)->name : NULL;
}

static bool name_mutants(struct verify_options *options, const struct tool_operands *names) {
    options->mutant_names = names->items;
    options->mutant_count = names->count;
    for (size_t i = 0; i < names->count; i++) {
        const struct verify_mutant *mutant = verify_mutant_find(names->items[i]);
        if (!mutant) {
            return say_no("mutant", names->items[i], mutant_name);
        }
        if (mutant->control && options->mutants == VERIFY_MUTANTS_CHECKS) {
            tool_say("'%s' is a control, which no check may catch; --mutants=checks is for others",
                     mutant->name);
            return false;
        }
    }
    return true;
}

static bool has_property(const char *name) {
    size_t i = 0;
    while (verify_property_at(i) && strcmp(verify_property_at(i)->name, name) != 0) {
        i++;
    }
    return verify_property_at(i) != NULL;
}

static bool name_properties(struct verify_options *options, const struct tool_operands *names) {
    options->property_names = names->items;
    options->property_count = names->count;
    for (size_t i = 0; i < names->count; i++) {
        if (!has_property(names->items[i])) {
            return say_no("property", names->items[i], property_name);
        }
    }
    return true;
}

static bool list_built_in(struct verify_options *options) {
    if (!verify_suite(options->level, &options->problems)) {
        tool_say("not enough memory for the list of problems");
        return false;
    }
    return true;
}

static bool list_given(struct verify_options *options, const struct tool_operands *operands) {
    for (size_t i = 0; i < operands->count; i++) {
        if (!verify_problems_read(&options->problems, operands->items[i])) {
            return false;
        }
    }
    if (options->problems.count == 0) {
        tool_say("no problems given: the input is empty");
        return false;
    }
    return true;
}

static bool gather_problems(struct verify_options *options, const struct tool_operands *operands) {
    options->built_in = operands->count == 0 || options->mutants != VERIFY_MUTANTS_NONE;
    if (!verify_modes_check(options, operands->count > 0 ? operands->items[0] : NULL)) {
        return false;
    }
    if (options->vocabulary) {
        return has_vocabulary(options);
    }
    if (options->properties) {
        return name_properties(options, operands);
    }
    if (options->mutants != VERIFY_MUTANTS_NONE) {
        options->level = VERIFY_LEVEL_QUICK;
        if (!name_mutants(options, operands)) {
            return false;
        }
    }
    return options->built_in ? list_built_in(options) : list_given(options, operands);
}

/* Adds the vocabulary before the built-in problems, and the properties after those of --full. */
static void add_parts(struct verify_options *options) {
    if (options->built_in && !options->mutants && !options->digest && !options->vocabulary &&
        !options->properties) {
        options->vocabulary = true;
        options->properties = options->level == VERIFY_LEVEL_FULL;
    }
}

/* Acts upon the options when all are known. Returns the exit code, or -1 to go on. */
static int act_upon(const struct command_line *line, struct verify_options *options,
                    const struct tool_operands *operands) {
    if (!verify_use_profile(line->profile)) {
        return TOOL_EXIT_USAGE;
    }
    const int status = check_required(&options->required);
    if (status >= 0) {
        return status;
    }
    if (!line->implementations && verify_plugin_name(0) && !options->digest) {
        choose_loaded(options);
    } else if (!line->implementations) {
        choose_available(options);
    } else if (!for_each_named(line->implementations, options, choose)) {
        return TOOL_EXIT_USAGE;
    }
    options->implementations_named = line->implementations != NULL;
    if (!gather_problems(options, operands)) {
        return TOOL_EXIT_USAGE;
    }
    add_parts(options);
    return -1;
}

int verify_options_read(struct verify_options *options, int argc, char **argv) {
    struct tool_operands operands;
    struct command_line line = {.options = {.level = VERIFY_LEVEL_STANDARD,
                                            .shard = {0, 1},
                                            .seed = 1,
                                            .format = &verify_format_tap}};
    tool_options_take_help(argc, argv);
    const enum tool_options_end end = tool_options_read(&command, argc, argv, &line, &operands);
    *options = line.options;
    if (end == TOOL_OPTIONS_DONE) {
        return tool_finish_stdout(TOOL_EXIT_FINE);
    }
    struct tool_message error;
    if (!tool_threads_allow(&options->threads, 1, &error)) {
        tool_say("%s", error.text);
        return TOOL_EXIT_USAGE;
    }
    return end == TOOL_OPTIONS_RUN ? act_upon(&line, options, &operands) : TOOL_EXIT_USAGE;
}
