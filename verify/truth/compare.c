/* The comparison of an implementation's results with the truth.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "verify/truth/bounds.h"
#include "verify/truth/expected.h"
#include "verify/truth/ground_truth.h"
#include "verify/truth/shares.h"

/* Below this size, starting threads takes longer than the work itself. */
enum { ELEMENTS_WORTH_THREADS = 1 << 15 };

enum { MAX_REGIONS = 256 };

/* One output that is compared with the truth. */
struct comparison {
    const struct verify_truth *truth;
    enum reference_accumulation accumulation;
    enum reference_tensor_id id;
    norma_dtype dtype;
    const void *got;
    const double *value;
    const double *parts[REFERENCE_PARTS]; /* gradients have all, y has terms, statistics none */
    int64_t count;
    struct verify_shares *shares; /* collects the shares of the elements; NULL: not collected */
};

/* The element with the largest share of its bound so far. */
struct worst {
    double share;
    int64_t index;
    double got, expected, bound;
};

/* Checks whether the result is an infinity, and the right value, within its bound, may be beyond
 * the range of float on its side. */
static bool has_overflowed(double got, double expected, double bound) {
    const double beyond = 0x1.ffffffp127; /* the least that is rounded to an infinity */
    return isinf(got) && copysign(1.0, got) * expected + bound >= beyond;
}

static double share_of(double got, double expected, double bound) {
    if (isnan(expected)) {
        return isnan(got) ? 0.0 : INFINITY;
    }
    if (got == expected || has_overflowed(got, expected, bound)) {
        return 0.0;
    }
    const double share = fabs(got - expected) / bound;
    return isnan(share) ? INFINITY : share;
}

static inline void consider(const struct comparison *comparison, struct worst *worst, int64_t index,
                            double bound) {
    const double got = reference_load(comparison->dtype, comparison->got, index);
    const double expected = comparison->value[index];
    if (comparison->shares && verify_shares_has(index, comparison->count)) {
        verify_shares_add(comparison->shares, share_of(got, expected, bound));
    }
    if (fabs(got - expected) <= worst->share * bound) {
        return; /* as for most elements, which saves the slow division */
    }
    const double share = share_of(got, expected, bound);
    if (share > worst->share) {
        *worst = (struct worst){share, index, got, expected, bound};
    }
}

static void consider_bounded(const struct comparison *comparison, struct worst *worst,
                             int64_t index, const struct verify_bound *bound) {
    double parts[REFERENCE_PARTS];
    for (int part = 0; part < REFERENCE_PARTS; part++) {
        parts[part] = comparison->parts[part] ? comparison->parts[part][index] : 0.0;
    }
    consider(comparison, worst, index, verify_bound_at(bound, parts, comparison->value[index]));
}

/* Returns the worse of two. Ties go to the first element, so that the message does not depend on
 * the threads. */
static struct worst worse_of(struct worst a, struct worst b) {
    const bool second = b.share > a.share || (b.share == a.share && b.index < a.index);
    return second ? b : a;
}

#pragma omp declare reduction(worse                                                                \
                              : struct worst                                                       \
                              : omp_out = worse_of(omp_out, omp_in))                               \
    initializer(omp_priv = omp_orig)

/* Returns the worst element of all planes. */
static struct worst compare_planes(const struct comparison *comparison, int64_t spatial,
                                   struct worst (*compare)(const struct comparison *, int64_t)) {
    struct worst worst = {.share = 0.0};
#pragma omp parallel for reduction(worse : worst) if (comparison->count >= ELEMENTS_WORTH_THREADS)
    for (int64_t p = 0; p < comparison->count / spatial; p++) {
        worst = worse_of(worst, compare(comparison, p));
    }
    return worst;
}

/* Returns the region of position s in sample n. */
static int64_t region_of(const struct verify_truth *truth, int64_t n, int64_t s) {
    const uint8_t *labels = truth->inputs[REFERENCE_TENSOR_labels];
    return labels ? labels[n * norma_problem_spatial(&truth->problem) + s] : 0;
}

/* Returns the worst element of a plane of x's size, with a bound for each of its regions. */
static struct worst compare_regions(const struct comparison *comparison, int64_t plane,
                                    const struct verify_bound bounds[MAX_REGIONS]) {
    const struct norma_problem *problem = &comparison->truth->problem;
    const int64_t spatial = norma_problem_spatial(problem);
    struct worst worst = {.share = 0.0};
    for (int64_t s = 0; s < spatial; s++) {
        consider_bounded(comparison, &worst, reference_element_at(problem, plane, s, spatial),
                         &bounds[region_of(comparison->truth, plane / problem->c, s)]);
    }
    return worst;
}

/* ---- y ------------------------------------------------------------------------------------ */

static struct worst compare_plane_of_y(const struct comparison *comparison, int64_t plane) {
    const struct verify_truth *truth = comparison->truth;
    const struct norma_problem *problem = &truth->problem;
    const int64_t regions = reference_regions(problem);
    const int64_t n = plane / problem->c, c = plane % problem->c;
    struct verify_bound bounds[MAX_REGIONS];
    for (int64_t r = 0; r < regions; r++) {
        bounds[r] =
            verify_bound_of_y(comparison->accumulation, problem,
                              truth->expected.conditions[(n * regions + r) * problem->c + c]);
    }
    return compare_regions(comparison, plane, bounds);
}

/* ---- gradients ---------------------------------------------------------------------------- */

/* Returns the number of planes that the sums behind a plane of dx, or behind an entry of another
 * gradient, go over. For unit it is an upper bound. */
static int64_t planes_of_sums(const struct norma_problem *problem, enum reference_tensor_id id) {
    const struct reference_operator_facts *facts = reference_facts_of(problem);
    if (facts->alpha) {
        return problem->n * problem->c;
    }
    return id == REFERENCE_TENSOR_dx || facts->style ? reference_planes_per_set(problem)
                                                     : problem->n;
}

/* Returns the sums behind a gradient. That of a style depends on the style's mean as well. Normal
 * data are random; others repeat values, whose errors are the same each time. */
static struct verify_reductions reductions_of(const struct comparison *comparison) {
    const struct norma_problem *problem = &comparison->truth->problem;
    const int64_t spatial = norma_problem_spatial(problem);
    const int64_t style =
        reference_facts_of(problem)->style ? norma_problem_style_spatial(problem) : 0;
    return (struct verify_reductions){
        planes_of_sums(problem, comparison->id), style > spatial ? style : spatial,
        comparison->truth->data == VERIFY_DATA_NORMAL, verify_has_rows(problem)};
}

/* Returns an entry of a mean among the inputs; 0 if the problem has none. */
static double mean_at(const struct verify_truth *truth, enum reference_tensor_id id,
                      int64_t index) {
    const float *mean = truth->inputs[id];
    return mean ? (double)mean[index] : 0.0;
}

/* Returns the centres of dx in a region of a plane. */
static struct verify_centres centres_of(const struct verify_truth *truth, int64_t plane,
                                        int64_t region) {
    const struct norma_problem *problem = &truth->problem;
    const int64_t n = plane / problem->c, c = plane % problem->c;
    const struct reference_condition *conditions =
        truth->expected.conditions[(n * reference_regions(problem) + region) * problem->c + c];
    const bool instances = reference_facts_of(problem)->instances;
    const double second = conditions[instances ? 1 : 0].mean;
    return (struct verify_centres){
        .first = problem->pass == NORMA_PASS_BACKWARD ? conditions[0].mean : second,
        .second = second,
        .slope = conditions[0].slope + conditions[1].slope};
}

static struct verify_bound bound_of_dx(const struct comparison *comparison, int64_t plane,
                                       int64_t region) {
    return verify_bound_of_affine(comparison->accumulation, reductions_of(comparison),
                                  centres_of(comparison->truth, plane, region));
}

static struct worst compare_plane_of_dx(const struct comparison *comparison, int64_t plane) {
    struct verify_bound bounds[MAX_REGIONS];
    for (int64_t r = 0; r < reference_regions(&comparison->truth->problem); r++) {
        bounds[r] = bound_of_dx(comparison, plane, r);
    }
    return compare_regions(comparison, plane, bounds);
}

/* Compares dstyle, an affine of the style with sums over x. */
static struct worst compare_plane_of_dstyle(const struct comparison *comparison, int64_t plane) {
    const int64_t spatial = norma_problem_style_spatial(&comparison->truth->problem);
    const struct verify_bound bound = verify_bound_of_affine(
        comparison->accumulation, reductions_of(comparison), (struct verify_centres){0});
    struct worst worst = {.share = 0.0};
    for (int64_t s = 0; s < spatial; s++) {
        consider_bounded(comparison, &worst,
                         reference_element_at(&comparison->truth->problem, plane, s, spatial),
                         &bound);
    }
    return worst;
}

static struct worst compare_sums(const struct comparison *comparison) {
    const struct verify_bound bound =
        verify_bound_of_sum(comparison->accumulation, reductions_of(comparison));
    struct worst worst = {.share = 0.0};
    for (int64_t i = 0; i < comparison->count; i++) {
        consider_bounded(comparison, &worst, i, &bound);
    }
    return worst;
}

/* Compares an output that is a copy of its input or 0, and so is not rounded. */
static struct worst compare_exactly(const struct comparison *comparison) {
    struct worst worst = {.share = 0.0};
    for (int64_t i = 0; i < comparison->count; i++) {
        consider(comparison, &worst, i, 0.0);
    }
    return worst;
}

/* ---- returned statistics ------------------------------------------------------------------ */

static struct verify_statistics_error error_of(const struct comparison *comparison,
                                               const struct reference_condition *condition) {
    return verify_error_of_statistics(comparison->accumulation, condition);
}

/* Returns the condition behind entry `index` of a statistic of x, which all planes of its set have
 * in common. Batch statistics are the first of bin's two. */
static struct reference_condition condition_of(const struct comparison *comparison, int64_t index) {
    const struct norma_problem *problem = &comparison->truth->problem;
    const bool instance = comparison->id == REFERENCE_TENSOR_instance_mean ||
                          comparison->id == REFERENCE_TENSOR_instance_inverse_std;
    const int64_t plane = reference_first_plane(problem, index);
    return comparison->truth->expected.conditions[plane][instance ? 1 : 0];
}

/* Returns the condition of a style, made from its own statistics, because the reference returns one
 * for a mixture of styles, but none for each of them. */
static struct reference_condition condition_of_style(const struct verify_truth *truth,
                                                     int64_t index) {
    const struct norma_problem *problem = &truth->problem;
    return (struct reference_condition){
        .mean = truth->expected.style_mean[index],
        .spread = truth->expected.style_std[index],
        .count = problem->style_source == NORMA_STYLE_SWAP ? norma_problem_spatial(problem)
                                                           : norma_problem_style_spatial(problem),
    };
}

/* Returns the error of entry `index` of a statistic before it is rounded. */
static double propagated_error(const struct comparison *comparison, int64_t index,
                               const struct reference_condition *condition) {
    const struct verify_statistics_error error = error_of(comparison, condition);
    const double n = condition->count > 1 ? (double)condition->count : 2.0;
    switch (comparison->id) {
    case REFERENCE_TENSOR_mean:
    case REFERENCE_TENSOR_instance_mean:
    case REFERENCE_TENSOR_style_mean:
    case REFERENCE_TENSOR_running_mean:
        return error.mean;
    case REFERENCE_TENSOR_style_std:
        return error.spread;
    case REFERENCE_TENSOR_running_variance:
        return (2.0 * condition->spread + error.spread) * error.spread * n / (n - 1.0);
    default:
        return error.spread / condition->spread * fabs(comparison->value[index]);
    }
}

/* Returns the bound of entry `index` of a statistic (bounds.md, "Returned statistics"). */
static double bound_of_statistic(const struct comparison *comparison, int64_t index) {
    const struct verify_truth *truth = comparison->truth;
    const bool style = comparison->id == REFERENCE_TENSOR_style_mean ||
                       comparison->id == REFERENCE_TENSOR_style_std;
    const struct reference_condition condition =
        style ? condition_of_style(truth, index) : condition_of(comparison, index);
    const bool mixed =
        comparison->id == REFERENCE_TENSOR_running_mean && truth->problem.momentum != 1.0;
    const double magnitude =
        mixed ? fabs(condition.mean) + fabs(mean_at(truth, comparison->id, index))
              : fabs(comparison->value[index]);
    return verify_bound_of_statistic(comparison->accumulation, magnitude,
                                     propagated_error(comparison, index, &condition));
}

static struct worst compare_statistic(const struct comparison *comparison) {
    struct worst worst = {.share = 0.0};
    for (int64_t i = 0; i < comparison->count; i++) {
        consider(comparison, &worst, i, bound_of_statistic(comparison, i));
    }
    return worst;
}

/* Returns the bound of a style loss. The norm of a vector is off by at most the norm of the errors
 * of its components, and by the rounding errors of its own sum. */
static double bound_of_loss(const struct comparison *comparison, int64_t n) {
    const int64_t channels = comparison->truth->problem.c;
    double mean = 0.0, deviation = 0.0;
    for (int64_t c = 0; c < channels; c++) {
        const struct reference_condition *conditions =
            comparison->truth->expected.conditions[n * channels + c];
        const struct verify_statistics_error content = error_of(comparison, &conditions[0]);
        const struct verify_statistics_error style = error_of(comparison, &conditions[1]);
        const double of_mean = content.mean + style.mean;
        const double of_deviation = content.spread + style.spread;
        mean += of_mean * of_mean;
        deviation += of_deviation * of_deviation;
    }
    const double loss = fabs(comparison->value[n]);
    return verify_bound_of_statistic(comparison->accumulation, loss,
                                     sqrt(mean) + sqrt(deviation) +
                                         (double)channels * 0x1p-53 * loss);
}

static struct worst compare_loss(const struct comparison *comparison) {
    struct worst worst = {.share = 0.0};
    for (int64_t n = 0; n < comparison->count; n++) {
        consider(comparison, &worst, n, bound_of_loss(comparison, n));
    }
    return worst;
}

/* ---- all outputs -------------------------------------------------------------------------- */

/* Returns the worst element of an output, each kind of which has bounds of its own. */
static struct worst compare(const struct comparison *comparison) {
    const struct norma_problem *problem = &comparison->truth->problem;
    switch (comparison->id) {
    case REFERENCE_TENSOR_y:
        return compare_planes(comparison, norma_problem_spatial(problem), compare_plane_of_y);
    case REFERENCE_TENSOR_dx:
        return compare_planes(comparison, norma_problem_spatial(problem), compare_plane_of_dx);
    case REFERENCE_TENSOR_dstyle:
        return compare_planes(comparison, norma_problem_style_spatial(problem),
                              compare_plane_of_dstyle);
    case REFERENCE_TENSOR_dresidual:
        return compare_exactly(comparison);
    case REFERENCE_TENSOR_dgamma:
    case REFERENCE_TENSOR_dbeta:
    case REFERENCE_TENSOR_drho:
    case REFERENCE_TENSOR_dalpha:
    case REFERENCE_TENSOR_dstyle_mean:
    case REFERENCE_TENSOR_dstyle_std:
        return compare_sums(comparison);
    case REFERENCE_TENSOR_style_loss:
        return compare_loss(comparison);
    default:
        return compare_statistic(comparison);
    }
}

/* Returns the check that an output belongs to. */
static enum verify_check_kind check_of(int id) {
    switch (id) {
    case REFERENCE_TENSOR_y:
        return VERIFY_CHECK_Y;
    case REFERENCE_TENSOR_dx:
    case REFERENCE_TENSOR_dresidual:
    case REFERENCE_TENSOR_dgamma:
    case REFERENCE_TENSOR_dbeta:
    case REFERENCE_TENSOR_drho:
    case REFERENCE_TENSOR_dalpha:
    case REFERENCE_TENSOR_dstyle:
    case REFERENCE_TENSOR_dstyle_mean:
    case REFERENCE_TENSOR_dstyle_std:
        return VERIFY_CHECK_GRADIENTS;
    default:
        return VERIFY_CHECK_STATISTICS;
    }
}

static void report_worst(struct verify_verdict *verdict, const char *tensor, struct worst worst) {
    if (worst.share > verdict->share) {
        verdict->share = worst.share;
    }
    if (worst.share > 1.0) {
        verdict->passed = false;
        snprintf(verdict->message, sizeof verdict->message,
                 "%s[%lld] is %.9g, should be %.9g within %.3g (off by %.3g bounds)", tensor,
                 (long long)worst.index, worst.got, worst.expected, worst.bound, worst.share);
    }
}

/* Checks whether an input was written to, and says so in the verdict. */
static bool report_written_input(const struct verify_truth *truth, struct verify_verdict *verdict,
                                 void *const pointers[REFERENCE_TENSOR_COUNT]) {
    const enum reference_tensor_id source = reference_tensor_source(&truth->problem);
    const bool in_place = pointers[source] == pointers[reference_tensor_result(&truth->problem)];
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        const struct reference_tensor *tensor = &truth->tensors[id];
        const bool overwritten = in_place && id == (int)source;
        if (tensor->role == REFERENCE_ROLE_INPUT && tensor->count > 0 && pointers[id] &&
            !overwritten &&
            memcmp(pointers[id], truth->inputs[id], reference_tensor_bytes(tensor)) != 0) {
            verdict->passed = false;
            verdict->check = VERIFY_CHECK_INPUTS;
            snprintf(verdict->message, sizeof verdict->message, "input %s was written to",
                     tensor->name);
            return true;
        }
    }
    return false;
}

/* Compares the outputs one by one, up to the first that is wrong. */
static struct verify_verdict compare_outputs(const struct verify_truth *truth,
                                             enum reference_accumulation accumulation,
                                             void *const pointers[REFERENCE_TENSOR_COUNT]) {
    struct verify_verdict verdict = {.passed = true};
    struct reference_result expected = truth->expected;
    struct verify_shares shares = {{0}};
    for (int id = 0; id < REFERENCE_TENSOR_COUNT && verdict.passed; id++) {
        const struct reference_tensor *tensor = &truth->tensors[id];
        if (!reference_is_output(tensor) || !pointers[id] || !verify_check_wanted(check_of(id))) {
            continue;
        }
        verdict.check = check_of(id);
        const struct reference_place place =
            reference_place_of(&expected, (enum reference_tensor_id)id);
        struct comparison comparison = {
            .truth = truth,
            .accumulation = accumulation,
            .id = (enum reference_tensor_id)id,
            .dtype = reference_dtype_of(&truth->problem, (enum reference_tensor_id)id),
            .got = pointers[id],
            .value = *place.value,
            .count = tensor->count,
            .shares = truth->data == VERIFY_DATA_NORMAL ? &shares : NULL,
        };
        for (int part = 0; part < REFERENCE_PARTS; part++) {
            comparison.parts[part] = place.parts[part] ? *place.parts[part] : NULL;
        }
        report_worst(&verdict, tensor->name, compare(&comparison));
    }
    /* The median comes from a histogram whose first step may be wider than all shares. */
    verdict.median_share = fmin(verify_shares_median(&shares), verdict.share);
    return verdict;
}

/* Checks whether the results have the bits of those that passed last. */
static bool is_accepted(const struct verify_truth *truth, enum reference_accumulation accumulation,
                        void *const pointers[REFERENCE_TENSOR_COUNT]) {
    const struct verify_accepted *accepted = truth->accepted;
    return accepted->any && accepted->accumulation == accumulation &&
           verify_results_equal(&accepted->results, &truth->problem, pointers);
}

static void accept(const struct verify_truth *truth, enum reference_accumulation accumulation,
                   void *const pointers[REFERENCE_TENSOR_COUNT],
                   const struct verify_verdict *verdict) {
    struct verify_accepted *accepted = truth->accepted;
    verify_results_release(&accepted->results);
    accepted->any = verify_results_keep(&accepted->results, &truth->problem, pointers);
    accepted->accumulation = accumulation;
    accepted->verdict = *verdict;
}

struct verify_verdict verify_truth_compare(const struct verify_truth *truth,
                                           enum reference_accumulation accumulation,
                                           void *const pointers[REFERENCE_TENSOR_COUNT]) {
    struct verify_verdict verdict = {.passed = true};
    if (truth->tensors[REFERENCE_TENSOR_x].count == 0 ||
        (verify_check_wanted(VERIFY_CHECK_INPUTS) &&
         report_written_input(truth, &verdict, pointers))) {
        return verdict;
    }
    if (is_accepted(truth, accumulation, pointers)) {
        return truth->accepted->verdict;
    }
    verdict = compare_outputs(truth, accumulation, pointers);
    if (verdict.passed) {
        accept(truth, accumulation, pointers, &verdict);
    }
    return verdict;
}
