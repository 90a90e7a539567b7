/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/tune/tune_options.h"
#include "verify/harness/harness.h"
#include "verify/harness/tool/tool.h"
#include <norma_tools.h>

#include <stdio.h>

/* The options, and the time, which wins over --quick wherever it stands. */
struct command_line {
    struct bench_tune_options options;
    double seconds; /* 0: not given */
};

/* Two primers, as in norma-bench run --quick: with two executions before a sample, the times do not
 * depend on what ran before. */
static const struct bench_effort normal = {
    .seconds = 4.0, .min_samples = 5, .max_samples = 200, .precision = 0.002, .primers = 2};
static const struct bench_effort quick = {
    .seconds = 0.25, .min_samples = 3, .max_samples = 50, .precision = 0.01, .primers = 2};

static bool take_set(const struct tool_option *option, const char *name, void *target) {
    const struct reference_implementation *set = verify_implementation_find(name);
    *(const struct reference_implementation **)target = set;
    return (set && verify_implementation_is_norma(set)) ||
           tool_wrong_value(option, name, "one of norma's sets, such as portable");
}

static bool take_quick(const struct tool_option *option, const char *text, void *target) {
    struct bench_tune_options *options = target;
    (void)option, (void)text;
    options->effort = quick;
    options->octaves = 2;
    return true;
}

#define OF(member)      offsetof(struct command_line, member)
#define OPTIONS(member) offsetof(struct command_line, options.member)

static const struct tool_option rows[] = {
    {.help = "Options"},
    {"impl", 0, "SET", take_set, OPTIONS(set),
     .help = "one of norma's sets (default: the fastest that this machine can run)"},
    {"threads", 0, "N", tool_take_count, OPTIONS(threads),
     .help = "number of threads to tune for (default: all cores)", .number = TOOL_THREADS_MOST},
    {"cpus", 0, "LIST", tool_take_text, OPTIONS(cpus),
     .help =
         "hardware threads to run on, as taskset counts them, e.g. 0-3,8 (default: all that this "
         "process may use)"},
    {"quick", 0, NULL, take_quick, OF(options), .help = "fewer candidates, and less time for each"},
    {"time", 0, "SECONDS", tool_take_seconds, OF(seconds),
     .help = "time for the values of a parameter on a problem (default: 4; with --quick 0.25)"},
    {"seed", 0, "N", tool_take_seed, OPTIONS(seed),
     .help = "seed of the data and of the order (default: 1)"},
    {"max-memory", 0, "SIZE", tool_take_size, OPTIONS(max_memory),
     .help = "leave out a size class that needs more, e.g. 800M (default: half of the memory that "
             "containers and ulimit leave)"},
    {"output", 'o', "FILE", tool_take_text, OPTIONS(output),
     .help = "the profile; -: standard output, and the table then goes to standard error (default: "
             "$NORMA_PROFILE, or $XDG_CONFIG_HOME/norma/profile, or ~/.config/norma/profile)"},
};

static const struct tool_example examples[] = {
    {"norma-bench tune", "the fastest set, in about four minutes"},
    {"norma-bench tune --quick -o -", "a first look, in less than one minute; writes no file"},
    {"norma-bench tune --impl avx2", "another set; the file keeps the first one's section"},
    {"norma-bench tune --threads 1 -o one", "for programs that run many instances of one thread"},
    {"NORMA_PROFILE=one my-program", "how such programs use it"},
    {"norma-bench run --profile one --impl avx512 gn:8x256x56x56",
     "is it faster with this profile?"},
    {"norma-bench run --profile '' --impl avx512 gn:8x256x56x56", "the same without any profile"},
};

static const char notes[] =
    "The table has a row for each parameter of each size class of tensors: the default; the best "
    "value found; its time relative to that of the default (geometric mean over six problems, with "
    "a 95% interval); and whether it was kept, for which the whole interval must lie below 1 and "
    "the gain be above 1%; if not, why: it is slower, it makes no difference, or that cannot be "
    "told in this time (--time). 'all of these' measures what a class kept against the defaults "
    "once "
    "more; if that is not better, the class keeps the defaults. Each value is verified on each "
    "problem before it is timed.\n"
    "\n"
    "FILE is replaced as a whole at the end. Sections of other sets in it stay. A profile that "
    "cannot be used, as it is broken or of another processor or version of norma, is kept beside "
    "it as FILE.broken. What -o names and is no profile at all is not replaced.\n"
    "\n"
    "Exit status: 0 fine; 1 a result was wrong; 2 bad command line, or output that cannot be "
    "written; 3 this machine cannot run the set, or has too little memory for any of the "
    "problems; 128 + signal: interrupted, and nothing was written.\n";

static void print_parameters(void) {
    const struct norma_parameter *parameter;
    printf("Parameters:\n");
    for (size_t i = 0; (parameter = norma_tuning_parameter(i)); i++) {
        printf("  %-16s %s\n", parameter->name, parameter->text);
    }
}

static const struct tool_command command = {
    .name = "norma-bench tune",
    .usage = "[OPTION]...",
    .summary = "Finds out how norma should cut tensors for the caches and cores of this machine, "
               "and writes a profile, which all programs with norma then use. It changes how fast "
               "results are computed and never a bit of them. Without a profile, norma has "
               "defaults that are good on most machines; a parameter keeps its default unless "
               "another value is better with confidence.\n",
    .examples = examples,
    .example_count = sizeof examples / sizeof examples[0],
    .options = rows,
    .option_count = sizeof rows / sizeof rows[0],
    .notes = notes,
    .print_lists = print_parameters,
};

enum tool_options_end bench_tune_options_read(int argc, char **argv,
                                              struct bench_tune_options *options) {
    struct tool_operands operands;
    struct command_line line = {
        .options = {.set = verify_fastest_set(), .effort = normal, .octaves = 3, .seed = 1}};
    const enum tool_options_end end = tool_options_read(&command, argc, argv, &line, &operands);
    *options = line.options;
    if (end == TOOL_OPTIONS_RUN && operands.count > 0) {
        tool_say("tune takes no problems: leave out '%s'", operands.items[0]);
        return TOOL_OPTIONS_WRONG;
    }
    options->effort.seconds = line.seconds > 0 ? line.seconds : options->effort.seconds;
    return end;
}
