/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/program/modes.h"

#include "verify/harness/harness.h"

/* The things that norma-verify can do. CHECKS stands for a run of the built-in problems, NAMED for
 * one of problems that the user names. */
enum mode {
    CHECKS = 1,
    NAMED = 2,
    VOCABULARY = 4,
    PROPERTIES = 8,
    DIGEST = 16,
    MUTANTS = 32,
    LIST = 64
};

struct asked_mode {
    bool asked;
    const char *name;
    enum mode mode;
};

/* Something that may be on a command line, and the modes that would ignore it. */
struct argument {
    bool given;
    const char *name;
    unsigned ignored_by;
};

/* Finds the mode. Returns false if there are two. */
static bool find_mode(const struct verify_options *options, const char *operand,
                      struct asked_mode *found) {
    const struct asked_mode modes[] = {
        {options->vocabulary, "--vocabulary", VOCABULARY},
        {options->properties, "--properties", PROPERTIES},
        {options->digest, "--digest", DIGEST},
        {options->mutants != VERIFY_MUTANTS_NONE, "--mutants", MUTANTS},
        {options->list, "--list", LIST},
    };
    *found = (struct asked_mode){false, operand ? "a problem that is named" : "",
                                 operand ? NAMED : CHECKS};
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        if (found->asked && modes[i].asked) {
            tool_say("%s and %s are different things; leave out one of the two", found->name,
                     modes[i].name);
            return false;
        }
        *found = modes[i].asked ? modes[i] : *found;
    }
    return true;
}

static bool has_format(const struct verify_options *options) {
    const bool own = options->digest && options->format == &verify_format_jsonl;
    return options->further_count > 0 || (options->format != &verify_format_tap && !own);
}

/* Refuses what the mode would ignore. */
static bool check_arguments(const struct verify_options *options, const char *operand,
                            const struct asked_mode *mode) {
    const unsigned modes = (unsigned)mode->mode | (operand ? NAMED : 0);
    const struct argument arguments[] = {
        {has_format(options),
         options->digest ? "--report, or a --format but jsonl" : "--format or --report",
         DIGEST | MUTANTS | LIST},
        {operand != NULL, operand, VOCABULARY | LIST},
        {options->level == VERIFY_LEVEL_QUICK, "--quick", NAMED | VOCABULARY | PROPERTIES | LIST},
        {options->level == VERIFY_LEVEL_FULL, "--full", VOCABULARY | PROPERTIES | MUTANTS | LIST},
        {options->shard.count > 1, "--shard", MUTANTS | LIST},
        {options->implementations_named, "--impl", MUTANTS | LIST},
        {verify_plugin_name(0) != NULL, "--load", MUTANTS},
        {options->threads > 0, "--threads", VOCABULARY | PROPERTIES | MUTANTS | LIST},
        {options->case_timeout > 0, "--case-timeout", DIGEST | LIST},
        {options->here, "--no-isolation", DIGEST | MUTANTS | LIST},
        {options->quiet, "--quiet", DIGEST | MUTANTS | LIST},
    };
    for (size_t i = 0; i < sizeof arguments / sizeof *arguments; i++) {
        if (arguments[i].given && (arguments[i].ignored_by & modes)) {
            tool_say("%s has no use for %s; leave that out", mode->name, arguments[i].name);
            return false;
        }
    }
    if (options->here && options->case_timeout > 0) {
        tool_say("--no-isolation has no use for --case-timeout; leave that out");
        return false;
    }
    return true;
}

bool verify_modes_check(const struct verify_options *options, const char *operand) {
    struct asked_mode mode;
    return find_mode(options, operand, &mode) && check_arguments(options, operand, &mode);
}
