/* Coordinate search over the parameters of norma's tuning.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/tune/search.h"
#include "bench/run/run.h"
#include "verify/harness/tool/tool.h"

#include <string.h>

/* The least gain that is worth a line in a profile. */
static const double least_gain = 0.01;

enum { MOST_CANDIDATES = 16 };

/* ---- candidates ----------------------------------------------------------------------------- */

/* Returns the value around which candidates lie, which must not be 0: that means never, and has no
 * powers of two around it. It is the largest default of any class and processor. */
static int64_t centre_of(size_t parameter) {
    int64_t centre = norma_tuning_parameter(parameter)->typical;
    for (int size = 0; size < NORMA_SIZE_CLASS_COUNT; size++) {
        const struct norma_tuning tuning = norma_tuning_default((norma_size_class)size);
        const int64_t value = norma_tuning_get(&tuning, parameter);
        centre = value > centre ? value : centre;
    }
    return centre;
}

/* Fills `candidates` with copies of *base that have other values of the parameter: powers of two
 * around the default, and 0, which means never, where it is allowed. Returns their number. */
static size_t make_candidates(const struct norma_tuning *base, size_t index, int octaves,
                              struct norma_tuning candidates[MOST_CANDIDATES]) {
    const struct norma_parameter *parameter = norma_tuning_parameter(index);
    const int64_t now = norma_tuning_get(base, index), centre = centre_of(index);
    size_t count = 0;
    for (int octave = -octaves - 1; octave <= octaves && count < MOST_CANDIDATES; octave++) {
        const int64_t value = octave < -octaves ? 0
                              : octave < 0      ? centre >> -octave
                                                : centre << octave;
        if (value != now && value >= parameter->least && value <= parameter->most) {
            candidates[count] = *base;
            norma_tuning_set(&candidates[count++], index, value);
        }
    }
    return count;
}

/* ---- what is kept --------------------------------------------------------------------------- */

static struct bench_judgement judge(const struct bench_search *search,
                                    const struct bench_estimate *ratio) {
    return search->trial.uncertain ? bench_judge_uncertain(least_gain)
                                   : bench_judge(ratio, search->trial.samples, least_gain);
}

static bool is_better(const struct bench_search *search, const struct bench_estimate *ratio) {
    return judge(search, ratio).verdict == BENCH_FASTER;
}

/* ---- the table ------------------------------------------------------------------------------ */

void bench_search_print_header(const struct bench_search *search) {
    fprintf(search->table, "%-8s %-16s %10s %10s  %-22s %s\n", "class", "parameter", "default",
            "best", "time / time of default", "kept");
    fflush(search->table);
}

static void print_row(const struct bench_search *search, norma_size_class size, const char *what,
                      const char *before, const char *after, const struct bench_estimate *ratio) {
    char verdict[BENCH_JUDGEMENT_TEXT];
    const struct bench_judgement judgement = judge(search, ratio);
    const bool kept = judgement.verdict == BENCH_FASTER;
    bench_judgement_print(&judgement, "samples", verdict);
    tool_status_line(NULL);
    fprintf(search->table, "%-8s %-16s %10s %10s  %.3f [%.3f, %.3f]   %s%s\n",
            norma_size_class_name(size), what, before, after, ratio->median, ratio->low,
            ratio->high, kept ? "yes" : "no: ", kept ? "" : verdict);
    fflush(search->table);
}

static void print_parameter(const struct bench_search *search, norma_size_class size, size_t index,
                            const struct norma_tuning *before, const struct norma_tuning *after,
                            const struct bench_estimate *ratio) {
    char old[24], new[24];
    snprintf(old, sizeof old, "%lld", (long long)norma_tuning_get(before, index));
    snprintf(new, sizeof new, "%lld", (long long)norma_tuning_get(after, index));
    print_row(search, size, norma_tuning_parameter(index)->name, old, new, ratio);
}

/* ---- the search ----------------------------------------------------------------------------- */

static size_t quickest(const struct bench_estimate *ratios, size_t count) {
    size_t best = 0;
    for (size_t i = 1; i < count; i++) {
        best = ratios[i].median < ratios[best].median ? i : best;
    }
    return best;
}

/* Compares *best with other values of the parameter, and takes the quickest if that is better. */
static enum bench_trial_end search_parameter(struct bench_search *search, norma_size_class size,
                                             const struct norma_problem *problems, size_t count,
                                             size_t index, struct norma_tuning *best) {
    struct norma_tuning tunings[1 + MOST_CANDIDATES] = {*best};
    struct bench_estimate ratios[MOST_CANDIDATES];
    const size_t candidates = make_candidates(best, index, search->octaves, tunings + 1);
    const enum bench_trial_end end =
        bench_trial_compare(&search->trial, problems, count, tunings, 1 + candidates, ratios);
    if (end == BENCH_TRIAL_COMPLETE) {
        const size_t winner = quickest(ratios, candidates);
        print_parameter(search, size, index, best, &tunings[1 + winner], &ratios[winner]);
        *best = is_better(search, &ratios[winner]) ? tunings[1 + winner] : *best;
    }
    return end;
}

/* Takes comparisons that will not be made off the progress. */
static void pass_over(struct bench_search *search, size_t comparisons) {
    search->trial.progress.total -= comparisons;
    search->trial.progress.total_bytes -= (double)comparisons;
}

/* Compares all that was kept with the defaults, with new samples, since the quickest of several
 * candidates is in part the luckiest. Puts the defaults into *best if it is not better. */
static enum bench_trial_end confirm(struct bench_search *search, norma_size_class size,
                                    const struct norma_problem *problems, size_t count,
                                    struct norma_tuning *best) {
    const struct norma_tuning tunings[] = {norma_tuning_default(size), *best};
    struct bench_estimate ratio;
    if (memcmp(&tunings[0], &tunings[1], sizeof tunings[0]) == 0) {
        pass_over(search, count);
        return BENCH_TRIAL_COMPLETE;
    }
    const enum bench_trial_end end =
        bench_trial_compare(&search->trial, problems, count, tunings, 2, &ratio);
    if (end == BENCH_TRIAL_COMPLETE) {
        print_row(search, size, "all of these", "-", "-", &ratio);
        *best = tunings[is_better(search, &ratio)];
    }
    return end;
}

static bool is_too_large(const struct bench_search *search, norma_size_class size,
                         const struct norma_problem *problems, size_t count) {
    uint64_t needed = 0;
    for (size_t i = 0; i < count; i++) {
        const uint64_t bytes = bench_memory_needed(&problems[i]);
        needed = bytes > needed ? bytes : needed;
    }
    if (needed <= search->memory.bytes) {
        return false;
    }
    char reason[BENCH_MEMORY_EXCESS_TEXT];
    bench_memory_excess_print(&search->memory, needed, reason);
    tool_say("%s: left out, %s%s", norma_size_class_name(size), reason,
             search->memory.origin ? "; --max-memory sets another limit" : "");
    return true;
}

enum bench_trial_end bench_search_class(struct bench_search *search, norma_size_class size,
                                        struct norma_tuning *best, bool *found) {
    struct norma_problem problems[BENCH_TUNE_PROBLEMS];
    const size_t count = bench_tune_problems(size, problems);
    *best = norma_tuning_default(size);
    *found = count > 0 && !is_too_large(search, size, problems, count);
    if (!*found) {
        pass_over(search, bench_search_comparisons(size));
        return BENCH_TRIAL_COMPLETE;
    }
    enum bench_trial_end end = BENCH_TRIAL_COMPLETE;
    for (size_t i = 0; norma_tuning_parameter(i) && end == BENCH_TRIAL_COMPLETE; i++) {
        end = search_parameter(search, size, problems, count, i, best);
    }
    return end == BENCH_TRIAL_COMPLETE ? confirm(search, size, problems, count, best) : end;
}

size_t bench_search_comparisons(norma_size_class size) {
    struct norma_problem problems[BENCH_TUNE_PROBLEMS];
    size_t parameters = 0;
    while (norma_tuning_parameter(parameters)) {
        parameters++;
    }
    return bench_tune_problems(size, problems) * (parameters + 1);
}
