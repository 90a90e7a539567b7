/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "verify/program/verify_options.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "verify/harness/harness.h"
#include "verify/mutants/mutants.h"
#include "verify/vocabulary/vocabulary.h"

#define NAME(upper, lower, text)      " " #lower
#define CHECK_NAME(upper, name, text) " " name
#define CHECK_NAMES                   VERIFY_CHECKS(CHECK_NAME)

static const char help[] =
    "Usage: norma-verify [OPTION]... [PROBLEM | @FILE | -]...\n"
    "Checks every kernel on every problem against a double-precision reference.\n"
    "\n"
    "  norma-verify --quick                   the built-in problems, in under a minute\n"
    "  norma-verify 'gn:8x256x56x56:g=32'     one problem, every implementation\n"
    "  norma-verify --impl avx2,onednn @my-problems.txt\n"
    "  generate-problems | norma-verify -     one problem per line\n"
    "  norma-verify --vocabulary --impl avx2  which function of a new set is wrong?\n"
    "  norma-verify --quick --load ./idea.so  a kernel of your own, in a shared library\n"
    "  norma-verify --quick --digest          are all sets the same to the bit?\n"
    "  norma-verify --mutants                 would the verifier notice wrong kernels?\n"
    "  norma-verify --require avx512          fail with status 3 where avx512 cannot run\n"
    "\n"
    "A problem is op:NxCxSPATIAL[:key=value,...]; the operators are" NORMA_OPERATORS(
        NAME) ".\n"
              "Keys and their defaults:\n"
              "  all     pass=fwd (inf, bwd, inf_bwd)  epilogue=none (relu, add_relu)  eps=1e-5\n"
              "  bn      momentum=0.1\n"
              "  cin     styles=1 (rows of the tables gamma and beta)\n"
              "  bin     momentum=0.1  rho=NUMBER (default: a gate for each channel)\n"
              "  adain   alpha=1  style=HxW (point, stats, swap)  styles=1  regions=1  std=biased "
              "(unbiased)\n"
              "  gn      g=gcd(C,32)\n"
              "  unit    form=practical (vanilla, scalar, vector, layer)  alpha=channel (element, "
              "NUMBER)\n"
              "          momentum=0.1  k=1 (form=layer)\n"
              "\n"
              "Options:\n"
              "      --quick          few sizes of everything\n"
              "      --full           all sizes, all data in all placements, layers of real "
              "networks,\n"
              "                       and the properties\n"
              "      --vocabulary     only the vocabulary: every small function that a set's "
              "kernels are made\n"
              "                       of, in every lane; otherwise it is checked ahead of the "
              "built-in\n"
              "                       problems\n"
              "      --properties     only the properties: identities, invariances, theorems\n"
              "      --digest         no checks: a hash of each problem's results and one of all, "
              "equal\n"
              "                       for all that give the same bits, status 1 where not all do\n"
              "                       (default: norma's sets); --format jsonl for a file of "
              "results\n"
              "      --mutants [NAME...]  does a check catch each of a catalogue of wrong kernels? "
              "Status 1 where\n"
              "                       one survives (builds with tests)\n"
              "                       (--impl mutant:NAME has all that is said of one)\n"
              "      --mutants=checks  for each check, the mutants that would survive without it\n"
              "      --without CHECK  leave out one of the checks that --list names; may be given "
              "again\n"
              "      --impl LIST      only these implementations (default: all in --list but "
              "reference)\n"
              "      --load FILE      add the set of a plug-in (norma_set.h), a shared library; "
              "may be "
              "given\n"
              "                       again. Without --impl, only what was loaded is checked\n"
              "      --require LIST   status 3 unless all of these can run here\n"
              "      --threads N      threads of each kernel (default: 1; large problems 1, 2, 3 "
              "in turn)\n"
              "      --profile FILE   tuning of norma's plans (default: the user's; '': none)\n"
              "      --seed N         of the random data (default 1)\n"
              "      --shard I/N      only part I of N (1 <= I <= N) of all that is checked\n"
              "      --case-timeout SECONDS  that a kernel may take before its case has failed "
              "(default: 60,\n"
              "                       and 1 for every 100000 elements)\n"
              "      --no-isolation   all in one process, for debuggers: a kernel that crashes "
              "ends "
              "the run\n"
              "      --format FORMAT  of the report: tap (default), junit, jsonl or markdown\n"
              "  -o, --output FILE    write the report to FILE instead of standard output\n"
              "      --report FORMAT=FILE  write it in that format, too; may be given again\n"
              "      --list           what can be checked here, and by which implementation\n"
              "      --help           this text\n"
              "      --version        the version\n";

/* A string of its own: C promises 4095 characters for one. */
static const char help_end[] =
    "\n"
    "The report is TAP on standard output unless told otherwise: one line per problem and\n"
    "implementation with the largest share of the error bound that was used.\n"
    "\n"
    "Exit status: 0 all right, 1 a check failed, 2 wrong usage or input, or the report\n"
    "cannot be written, 3 something that --require named is missing, 128 + signal:\n"
    "interrupted.\n";

enum {
    OPTION_QUICK = 256,
    OPTION_FULL,
    OPTION_VOCABULARY,
    OPTION_PROPERTIES,
    OPTION_DIGEST,
    OPTION_MUTANTS,
    OPTION_WITHOUT,
    OPTION_IMPL,
    OPTION_LOAD,
    OPTION_REQUIRE,
    OPTION_THREADS,
    OPTION_PROFILE,
    OPTION_SEED,
    OPTION_SHARD,
    OPTION_CASE_TIMEOUT,
    OPTION_NO_ISOLATION,
    OPTION_FORMAT,
    OPTION_REPORT,
    OPTION_LIST,
    OPTION_HELP,
    OPTION_VERSION
};

static const struct option long_options[] = {
    {"quick", no_argument, NULL, OPTION_QUICK},
    {"full", no_argument, NULL, OPTION_FULL},
    {"vocabulary", no_argument, NULL, OPTION_VOCABULARY},
    {"properties", no_argument, NULL, OPTION_PROPERTIES},
    {"digest", no_argument, NULL, OPTION_DIGEST},
    {"mutants", optional_argument, NULL, OPTION_MUTANTS},
    {"without", required_argument, NULL, OPTION_WITHOUT},
    {"impl", required_argument, NULL, OPTION_IMPL},
    {"load", required_argument, NULL, OPTION_LOAD},
    {"require", required_argument, NULL, OPTION_REQUIRE},
    {"threads", required_argument, NULL, OPTION_THREADS},
    {"profile", required_argument, NULL, OPTION_PROFILE},
    {"seed", required_argument, NULL, OPTION_SEED},
    {"shard", required_argument, NULL, OPTION_SHARD},
    {"case-timeout", required_argument, NULL, OPTION_CASE_TIMEOUT},
    {"no-isolation", no_argument, NULL, OPTION_NO_ISOLATION},
    {"format", required_argument, NULL, OPTION_FORMAT},
    {"report", required_argument, NULL, OPTION_REPORT},
    {"output", required_argument, NULL, 'o'},
    {"list", no_argument, NULL, OPTION_LIST},
    {"help", no_argument, NULL, OPTION_HELP},
    {"version", no_argument, NULL, OPTION_VERSION},
    {NULL, 0, NULL, 0},
};

/* What the command line says, before it is acted upon. */
struct words {
    const char *implementations, *required, *profile;
};

/* Decimal digits only, within [low, high]; *end is where they stop. */
static bool read_number(const char *text, unsigned long long low, unsigned long long high,
                        unsigned long long *number, char **end) {
    if (*text < '0' || *text > '9') {
        return false;
    }
    errno = 0;
    *number = strtoull(text, end, 10);
    return errno == 0 && *number >= low && *number <= high;
}

static bool read_whole_number(const char *option, const char *text, unsigned long long low,
                              unsigned long long high, unsigned long long *number) {
    char *end;
    if (read_number(text, low, high, number, &end) && *end == '\0') {
        return true;
    }
    fprintf(stderr, "norma-verify: %s wants a number from %llu to %llu, not '%s'\n", option, low,
            high, text);
    return false;
}

static bool read_shard(const char *text, struct verify_shard *shard) {
    unsigned long long part, parts;
    char *end;
    if (read_number(text, 1, 1000000, &part, &end) && *end == '/' &&
        read_number(end + 1, part, 1000000, &parts, &end) && *end == '\0') {
        *shard = (struct verify_shard){(size_t)part - 1, (size_t)parts};
        return true;
    }
    fprintf(stderr, "norma-verify: --shard wants I/N with 1 <= I <= N, e.g. 2/4, not '%s'\n", text);
    return false;
}

static bool take_mutants(struct verify_options *options, const char *mode) {
    if (mode && strcmp(mode, "checks") != 0) {
        fprintf(stderr, "norma-verify: --mutants or --mutants=checks, not '%s'\n", mode);
        return false;
    }
    if (!verify_mutant(0)) {
        fprintf(stderr, "norma-verify: this build has no mutants (-DNORMA_TESTS=ON has)\n");
        return false;
    }
    options->mutants = mode ? VERIFY_MUTANTS_CHECKS : VERIFY_MUTANTS_ALL;
    return true;
}

static bool leave_out(const char *name) {
    enum verify_check_kind check;
    if (!verify_check_find(name, &check)) {
        fprintf(stderr, "norma-verify: there is no check '%s'; there are:%s\n", name, CHECK_NAMES);
        return false;
    }
    verify_check_leave_out(check);
    return true;
}

static bool load(const char *path) {
    char message[VERIFY_PLUGIN_MESSAGE];
    const bool loaded = verify_plugin_load(path, message);
    if (!loaded) {
        fprintf(stderr, "norma-verify: --load: %s\n", message);
    }
    return loaded;
}

static const struct verify_format *find_format(const char *option, const char *name) {
    const struct verify_format *format = verify_format_find(name);
    if (!format) {
        fprintf(stderr, "norma-verify: %s: tap, junit, jsonl or markdown, not '%s'\n", option,
                name);
    }
    return format;
}

/* FORMAT=FILE. */
static bool add_report(struct verify_options *options, const char *argument) {
    char name[32];
    const size_t length = strcspn(argument, "=");
    if (argument[length] != '=' || argument[length + 1] == '\0' || length >= sizeof name) {
        fprintf(stderr,
                "norma-verify: --report wants FORMAT=FILE, e.g. junit=report.xml, not '%s'\n",
                argument);
        return false;
    }
    if (options->further_count == VERIFY_MAX_FURTHER) {
        fprintf(stderr, "norma-verify: --report may be given %d times\n", VERIFY_MAX_FURTHER);
        return false;
    }
    snprintf(name, sizeof name, "%.*s", (int)length, argument);
    const struct verify_further_report report = {find_format("--report", name),
                                                 argument + length + 1};
    options->further[options->further_count++] = report;
    return report.format != NULL;
}

static bool take(struct verify_options *options, struct words *words, int option) {
    unsigned long long number = 0;
    switch (option) {
    case OPTION_QUICK:
        options->level = VERIFY_LEVEL_QUICK;
        return true;
    case OPTION_FULL:
        options->level = VERIFY_LEVEL_FULL;
        return true;
    case OPTION_VOCABULARY:
        options->vocabulary = true;
        return true;
    case OPTION_PROPERTIES:
        options->properties = true;
        return true;
    case OPTION_DIGEST:
        options->digest = true;
        return true;
    case OPTION_MUTANTS:
        return take_mutants(options, optarg);
    case OPTION_WITHOUT:
        return leave_out(optarg);
    case OPTION_IMPL:
        words->implementations = optarg;
        return true;
    case OPTION_LOAD:
        return load(optarg);
    case OPTION_PROFILE:
        words->profile = optarg;
        return true;
    case OPTION_REQUIRE:
        words->required = optarg;
        return true;
    case OPTION_THREADS:
        if (!read_whole_number("--threads", optarg, 1, 1024, &number)) {
            return false;
        }
        options->threads = (int)number;
        return true;
    case OPTION_SEED:
        if (!read_whole_number("--seed", optarg, 0, UINT64_MAX, &number)) {
            return false;
        }
        options->seed = number;
        return true;
    case OPTION_SHARD:
        return read_shard(optarg, &options->shard);
    case OPTION_CASE_TIMEOUT:
        if (!read_whole_number("--case-timeout", optarg, 1, 1000000, &number)) {
            return false;
        }
        options->case_timeout = (unsigned)number;
        return true;
    case OPTION_NO_ISOLATION:
        options->here = true;
        return true;
    case OPTION_FORMAT:
        options->format = find_format("--format", optarg);
        return options->format != NULL;
    case OPTION_REPORT:
        return add_report(options, optarg);
    case 'o':
        options->output = optarg;
        return true;
    case OPTION_LIST:
        options->list = true;
        return true;
    default:
        fprintf(stderr, "Try 'norma-verify --help'.\n");
        return false;
    }
}

/* ---- implementations ---------------------------------------------------------------------- */

static void explain_unknown(const char *name) {
    fprintf(stderr, "norma-verify: there is no implementation '%s'; this build has:", name);
    for (size_t i = 0; verify_implementation(i); i++) {
        fprintf(stderr, " %s", verify_implementation(i)->name);
    }
    fprintf(stderr, "\n");
}

/* Calls `visit` with each implementation of a comma-separated list; false at the first unknown. */
static bool for_each_named(const char *list, void *context,
                           void (*visit)(const struct reference_implementation *, void *)) {
    char *copy = strdup(list);
    bool good = copy != NULL;
    char *rest = NULL;
    for (char *name = copy ? strtok_r(copy, ",", &rest) : NULL; good && name;
         name = strtok_r(NULL, ",", &rest)) {
        const struct reference_implementation *found = verify_implementation_find(name);
        found = found ? found : verify_mutation_named(name);
        if (found) {
            visit(found, context);
        } else {
            explain_unknown(name);
            good = false;
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

/* All that can run here, except the reference, which would be compared with itself. Of others than
 * norma's own sets nobody expects the same bits. */
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

/* A name that this build does not know is missing, too: oneDNN may not be compiled in. */
static int check_required(const char *list) {
    const struct reference_implementation *missing = NULL;
    if (!for_each_named(list, &missing, note_missing)) {
        return TOOL_EXIT_MISSING;
    }
    if (missing) {
        fprintf(stderr, "norma-verify: --require: this CPU cannot run %s\n", missing->name);
        return TOOL_EXIT_MISSING;
    }
    return -1;
}

/* ---- problems ----------------------------------------------------------------------------- */

/* What is asked for instead of kernels against the reference: one thing at a time, and of these,
 * only the digest is of problems. */
static bool check_modes(const struct verify_options *options, const char *problem) {
    const char *modes[] = {options->vocabulary ? "--vocabulary" : NULL,
                           options->properties ? "--properties" : NULL,
                           options->digest ? "--digest" : NULL,
                           options->mutants != VERIFY_MUTANTS_NONE ? "--mutants" : NULL};
    const char *mode = NULL;
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        if (mode && modes[i]) {
            fprintf(stderr,
                    "norma-verify: %s and %s are different things; leave out one of the "
                    "two\n",
                    mode, modes[i]);
            return false;
        }
        mode = mode ? mode : modes[i];
    }
    const char *other = options->digest    ? "--digest"
                        : options->mutants ? "--mutants"
                        : options->list    ? "--list"
                                           : NULL;
    const bool formats = options->format == &verify_format_tap ||
                         (options->digest && options->format == &verify_format_jsonl);
    if (other && (!formats || options->further_count > 0)) {
        fprintf(stderr,
                "norma-verify: %s has a format of its own%s; leave out --format and --report\n",
                other, options->digest ? ", or --format jsonl" : "");
        return false;
    }
    if (options->mutants && options->shard.count > 1) {
        fprintf(stderr,
                "norma-verify: --mutants has no parts; leave out --shard, or name mutants\n");
        return false;
    }
    if (mode && !options->digest && !options->mutants && problem) {
        fprintf(stderr, "norma-verify: %s takes no problems; leave out '%s'\n", mode, problem);
        return false;
    }
    return true;
}

/* Only norma's sets have one. */
static bool has_vocabulary(const struct verify_options *options) {
    for (size_t i = 0; i < options->implementation_count; i++) {
        if (verify_vocabulary_of(options->implementations[i]->name)) {
            return true;
        }
    }
    fprintf(stderr, "norma-verify: --vocabulary is for norma's sets; name one with --impl, e.g. "
                    "portable\n");
    return false;
}

static bool name_mutants(struct verify_options *options, int count, char *const *names) {
    options->mutant_names = names;
    options->mutant_count = (size_t)count;
    for (int i = 0; i < count; i++) {
        if (!verify_mutant_find(names[i])) {
            fprintf(stderr, "norma-verify: there is no mutant '%s'\n", names[i]);
            return false;
        }
    }
    return true;
}

static bool gather_problems(struct verify_options *options, int argc, char **argv) {
    options->built_in = optind == argc || options->mutants != VERIFY_MUTANTS_NONE;
    if (!check_modes(options, options->built_in ? NULL : argv[optind])) {
        return false;
    }
    if (options->vocabulary) {
        return has_vocabulary(options);
    }
    if (options->properties) {
        return true;
    }
    if (options->mutants != VERIFY_MUTANTS_NONE) {
        options->level = VERIFY_LEVEL_QUICK;
        if (!name_mutants(options, argc - optind, argv + optind)) {
            return false;
        }
    }
    if (options->built_in) {
        if (!verify_suite(options->level, &options->problems)) {
            fprintf(stderr, "norma-verify: not enough memory for the list of problems\n");
            return false;
        }
        return true;
    }
    for (int i = optind; i < argc; i++) {
        if (!verify_problems_read(&options->problems, argv[i])) {
            return false;
        }
    }
    if (options->problems.count == 0) {
        fprintf(stderr, "norma-verify: no problems given: the input is empty\n");
        return false;
    }
    return true;
}

/* The built-in problems come with the vocabulary ahead of them, and all of them with the properties
 * behind them. */
static void add_parts(struct verify_options *options) {
    if (options->built_in && !options->mutants && !options->digest && !options->vocabulary &&
        !options->properties) {
        options->vocabulary = true;
        options->properties = options->level == VERIFY_LEVEL_FULL;
    }
}

int verify_options(struct verify_options *options, int argc, char **argv) {
    struct words words = {NULL, NULL, NULL};
    *options = (struct verify_options){
        .level = VERIFY_LEVEL_STANDARD, .shard = {0, 1}, .seed = 1, .format = &verify_format_tap};
    for (int option; (option = getopt_long(argc, argv, "o:", long_options, NULL)) != -1;) {
        if (option == OPTION_HELP) {
            fputs(help, stdout);
            fputs(help_end, stdout);
            return TOOL_EXIT_FINE;
        }
        if (option == OPTION_VERSION) {
            printf("norma-verify %s\n", norma_version());
            return TOOL_EXIT_FINE;
        }
        if (!take(options, &words, option)) {
            return TOOL_EXIT_USAGE;
        }
    }
    if (!verify_use_profile("norma-verify", words.profile)) {
        return TOOL_EXIT_USAGE;
    }
    if (words.required) {
        const int status = check_required(words.required);
        if (status >= 0) {
            return status;
        }
    }
    if (!words.implementations && verify_plugin_name(0) && !options->digest) {
        choose_loaded(options);
    } else if (!words.implementations) {
        choose_available(options);
    } else if (!for_each_named(words.implementations, options, choose)) {
        return TOOL_EXIT_USAGE;
    }
    if (!gather_problems(options, argc, argv)) {
        return TOOL_EXIT_USAGE;
    }
    add_parts(options);
    return -1;
}
