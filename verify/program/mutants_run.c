/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/program/program.h"

#include <string.h>

#include "verify/harness/tool/tool.h"
#include "verify/mutants/mutants.h"

enum { TIMEOUT_SECONDS = 60 };

/* ---- one mutant in a process of its own ------------------------------------------------------ */

struct attempt {
    const struct verify_mutant *mutant;
    const struct verify_options *options;
    enum verify_check_kind without;
    size_t left_out;             /* cases */
    struct verify_catch *result; /* in shared memory */
};

static void try_mutant(void *context, int pipe) {
    const struct attempt *attempt = context;
    (void)pipe;
    if (attempt->without < VERIFY_CHECK_COUNT) {
        verify_check_leave_out(attempt->without);
    }
    const unsigned given = attempt->options->case_timeout;
    verify_mutation_try(attempt->mutant, &attempt->options->problems, attempt->options->seed,
                        attempt->left_out, given > 0 ? given : TIMEOUT_SECONDS, attempt->result);
}

/* Counts a process that ended early as caught. It has stepped over a fence, or hangs. */
static void note_end(const struct tool_ending *ending, struct verify_catch *result) {
    if (ending->finished) {
        return;
    }
    result->caught = true;
    result->check = VERIFY_CHECK_FAULTS;
    tool_ending_print(ending, result->how, sizeof result->how);
}

/* Runs a mutant without one more check, VERIFY_CHECK_COUNT leaves out none, and without the first
 * cases. Returns false if there is no process, or the user interrupted. */
static bool run_mutant(const struct verify_mutant *mutant, const struct verify_options *options,
                       enum verify_check_kind without, size_t left_out,
                       struct verify_catch *result) {
    struct verify_catch *shared = tool_worker_memory(sizeof *shared);
    struct attempt attempt = {mutant, options, without, left_out, shared};
    const struct tool_job job = {.work = try_mutant, .context = &attempt};
    struct tool_ending ending;
    const bool ended = shared && tool_worker_run(&job, &ending) && !tool_interrupted();
    if (ended) {
        note_end(&ending, shared);
        *result = *shared;
    }
    tool_worker_memory_release(shared, sizeof *shared);
    return ended;
}

static bool is_chosen(const struct verify_options *options, const struct verify_mutant *mutant) {
    for (size_t i = 0; i < options->mutant_count; i++) {
        if (strcmp(options->mutant_names[i], mutant->name) == 0) {
            return true;
        }
    }
    return options->mutant_count == 0;
}

/* ---- all mutants ----------------------------------------------------------------------------- */

enum { MAX_MUTANTS = 256, ENOUGH_WITNESSES = 3 };

struct row {
    const struct verify_mutant *mutant;
    struct verify_catch result; /* the first witness */
    size_t witnesses;           /* cases that notice the mutant, counted up to ENOUGH_WITNESSES */
    size_t cases;               /* that were tried until then */
    bool good;
};

/* Runs a mutant until enough cases have noticed it. Returns false as run_mutant does. */
static bool find_witnesses(const struct verify_options *options, struct row *row) {
    struct verify_catch result = {.caught = true};
    while (result.caught && row->witnesses < ENOUGH_WITNESSES) {
        if (!run_mutant(row->mutant, options, VERIFY_CHECK_COUNT, row->cases, &result)) {
            return false;
        }
        row->result = row->witnesses == 0 ? result : row->result;
        row->witnesses += result.caught;
        row->cases = result.tried;
    }
    return true;
}

/* Checks whether too few cases notice a mutant, so that a small change of the problems may hide it.
 * A wrong function of the vocabulary is one case by itself. */
static bool is_thin(const struct row *row) {
    return !row->mutant->control && row->mutant->scope != VERIFY_SCOPE_VOCABULARY &&
           row->witnesses < ENOUGH_WITNESSES;
}

static size_t choose(const struct verify_options *options, struct row *rows) {
    size_t count = 0;
    for (size_t i = 0; verify_mutant_at(i) && count < MAX_MUTANTS; i++) {
        if (is_chosen(options, verify_mutant_at(i))) {
            rows[count++] = (struct row){.mutant = verify_mutant_at(i)};
        }
    }
    return count;
}

static void write_line(FILE *out, size_t number, const struct row *row) {
    const struct verify_catch *result = &row->result;
    fprintf(out, "%s %zu - mutant %s", row->good ? "ok" : "not ok", number, row->mutant->name);
    if (result->caught) {
        fprintf(out, " # %s: %s\n", verify_check_name(result->check), result->message);
    } else {
        fprintf(out, " # survived\n");
    }
    if (!row->good) {
        fprintf(out, "# %s: %s\n", row->mutant->wrong,
                result->caught ? "nothing is wrong, but it was caught" : "no check noticed");
    }
    fflush(out);
}

static void write_table(FILE *out, const struct row *rows, size_t count) {
    fprintf(out, "#\n# %-30s %-15s %-15s %-22s %s\n", "mutant", "expected", "caught by", "on",
            "problem, property or function");
    for (size_t i = 0; i < count; i++) {
        const struct verify_catch *result = &rows[i].result;
        const bool control = rows[i].mutant->control;
        fprintf(out, "# %-30s %-15s %-15s %-22s %s\n", rows[i].mutant->name,
                control ? "-" : verify_check_name(rows[i].mutant->expected),
                result->caught ? verify_check_name(result->check) : "-", result->how,
                result->caught ? result->text : "");
    }
}

/* Writes the mutants that fewer cases notice than should. */
static void write_thin(FILE *out, const struct row *rows, size_t count) {
    fprintf(out, "#\n");
    for (size_t i = 0; i < count; i++) {
        if (is_thin(&rows[i])) {
            fprintf(out, "# thin: %s, which %zu of %zu cases notice\n", rows[i].mutant->name,
                    rows[i].witnesses, rows[i].cases);
        }
    }
}

size_t verify_mutants_run(const struct verify_options *options, FILE *out) {
    static struct row rows[MAX_MUTANTS];
    const size_t chosen = choose(options, rows);
    size_t count = 0, survivors = 0;
    fprintf(out, "TAP version 13\n1..%zu\n", chosen);
    fflush(out);
    for (size_t i = 0; i < chosen; i++, count++) {
        const bool ran = find_witnesses(options, &rows[i]);
        if (tool_interrupted()) {
            break;
        }
        rows[i].good = ran && rows[i].result.caught != rows[i].mutant->control;
        survivors += !rows[i].good;
        write_line(out, i + 1, &rows[i]);
    }
    write_table(out, rows, count);
    write_thin(out, rows, count);
    for (size_t i = 0; i < count; i++) {
        if (!rows[i].good) {
            fprintf(out, "# %s: %s, %s\n", rows[i].result.caught ? "caught" : "survived",
                    rows[i].mutant->name, rows[i].mutant->wrong);
        }
    }
    fprintf(out, "#\n# %zu mutants, %zu not as expected, seed %llu\n", count, survivors,
            (unsigned long long)options->seed);
    return survivors;
}

/* ---- the mutants of each check --------------------------------------------------------------- */

/* Checks whether a mutant is chosen and expects the check. */
static bool is_expecting(const struct verify_options *options, const struct verify_mutant *mutant,
                         enum verify_check_kind check) {
    return mutant->expected == check && is_chosen(options, mutant);
}

/* Checks whether a check has its turn: all have, or those that the named mutants expect. */
static bool is_check_chosen(const struct verify_options *options, enum verify_check_kind check) {
    bool chosen = options->mutant_count == 0;
    for (size_t i = 0; verify_mutant_at(i) && !chosen; i++) {
        chosen = is_expecting(options, verify_mutant_at(i), check);
    }
    return chosen;
}

static int count_checks(const struct verify_options *options) {
    int count = 0;
    for (int i = 0; i < VERIFY_CHECK_COUNT; i++) {
        count += is_check_chosen(options, (enum verify_check_kind)i);
    }
    return count;
}

/* Writes the mutants that survive without a check, and returns their number. */
static size_t run_without(const struct verify_options *options, enum verify_check_kind check,
                          FILE *out) {
    size_t survivors = 0;
    for (size_t i = 0; verify_mutant_at(i) && !tool_interrupted(); i++) {
        const struct verify_mutant *mutant = verify_mutant_at(i);
        struct verify_catch result;
        if (is_expecting(options, mutant, check) &&
            run_mutant(mutant, options, check, 0, &result) && !result.caught) {
            fprintf(out, "# without %s: %s survives (%s)\n", verify_check_name(check), mutant->name,
                    mutant->wrong);
            fflush(out);
            survivors++;
        }
    }
    return survivors;
}

/* Reports each check as it ends; one that is interrupted has no verdict. */
size_t verify_mutants_run_checks(const struct verify_options *options, FILE *out) {
    size_t idle = 0;
    int done = 0;
    fprintf(out, "TAP version 13\n1..%d\n", count_checks(options));
    fflush(out);
    for (int i = 0; i < VERIFY_CHECK_COUNT; i++) {
        const enum verify_check_kind check = (enum verify_check_kind)i;
        const bool chosen = is_check_chosen(options, check);
        const size_t survivors = chosen ? run_without(options, check, out) : 0;
        if (tool_interrupted()) {
            break;
        }
        if (chosen) {
            fprintf(out, "%s %d - without %s # %zu survive\n", survivors > 0 ? "ok" : "not ok",
                    ++done, verify_check_name(check), survivors);
            idle += survivors == 0;
        }
    }
    fprintf(out, "#\n# checks: %d, of which have no mutant that only they catch: %zu%s\n", done,
            idle, tool_interrupted() ? "; interrupted" : "");
    return idle;
}
