/* Checks whether a problem is sound, and writes the sentence that says why one is not.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <norma.h>

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- messages ----------------------------------------------------------------------------- */

/* The buffer of a check's message. Messages use the names of the problem text, such as eps and g,
 * as most users write problems as text, and the names of fields that the text has no name for. */
struct message {
    char *text;
    size_t size;
};

__attribute__((format(printf, 2, 3))) static norma_status invalid(struct message message,
                                                                  const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message.text, message.size, format, arguments);
    va_end(arguments);
    return NORMA_STATUS_INVALID;
}

/* Holds "-1.7976931348623157e+308", and six int64_t with an x between them. */
enum { VALUE_TEXT = 128 };

/* Writes a value with 15 digits, which show a decimal as it was typed, or with 17 where 15 would
 * hide how the value differs from an allowed one, such as a momentum just above 1. */
static const char *describe(double value, char text[VALUE_TEXT]) {
    snprintf(text, VALUE_TEXT, "%.15g", value);
    if (strtod(text, NULL) != value) {
        snprintf(text, VALUE_TEXT, "%.17g", value);
    }
    return text;
}

static const char *describe_sizes(const int64_t *sizes, int count, char text[VALUE_TEXT]) {
    size_t length = 0;
    for (int i = 0; i < count; i++) {
        length += (size_t)snprintf(text + length, VALUE_TEXT - length, "%s%" PRId64, i ? "x" : "",
                                   sizes[i]);
    }
    return text;
}

/* ---- fields ------------------------------------------------------------------------------- */

static norma_status check_enumerations(const struct norma_problem *problem,
                                       struct message message) {
    if ((unsigned)problem->op >= NORMA_OPERATOR_COUNT) {
        return invalid(message, "op = %d is not an operator; operators are 0 to %d",
                       (int)problem->op, NORMA_OPERATOR_COUNT - 1);
    }
    if ((unsigned)problem->pass > NORMA_PASS_INFERENCE_BACKWARD) {
        return invalid(message, "pass = %d must be %d (fwd), %d (inf), %d (bwd) or %d (inf_bwd)",
                       (int)problem->pass, NORMA_PASS_FORWARD, NORMA_PASS_INFERENCE,
                       NORMA_PASS_BACKWARD, NORMA_PASS_INFERENCE_BACKWARD);
    }
    if ((unsigned)problem->epilogue > NORMA_EPILOGUE_ADD_RELU) {
        return invalid(message, "epilogue = %d must be %d (none), %d (relu) or %d (add_relu)",
                       (int)problem->epilogue, NORMA_EPILOGUE_NONE, NORMA_EPILOGUE_RELU,
                       NORMA_EPILOGUE_ADD_RELU);
    }
    if (problem->dtype != NORMA_DTYPE_F32) {
        return invalid(message, "dtype = %d must be %d (f32)", (int)problem->dtype,
                       NORMA_DTYPE_F32);
    }
    if (problem->layout != NORMA_LAYOUT_NCS && problem->layout != NORMA_LAYOUT_NSC) {
        return invalid(message, "layout = %d must be %d (ncs) or %d (nsc)", (int)problem->layout,
                       NORMA_LAYOUT_NCS, NORMA_LAYOUT_NSC);
    }
    if ((unsigned)problem->style_source > NORMA_STYLE_SWAP) {
        return invalid(message, "style_source = %d must be %d (tensor), %d (stats) or %d (swap)",
                       (int)problem->style_source, NORMA_STYLE_TENSOR, NORMA_STYLE_STATS,
                       NORMA_STYLE_SWAP);
    }
    if ((unsigned)problem->form > NORMA_FORM_LAYER) {
        return invalid(message, "form = %d must be in %d (practical) to %d (layer)",
                       (int)problem->form, NORMA_FORM_PRACTICAL, NORMA_FORM_LAYER);
    }
    if ((unsigned)problem->alpha_kind > NORMA_ALPHA_ELEMENT) {
        return invalid(message, "alpha_kind = %d must be %d (scalar), %d (channel) or %d (element)",
                       (int)problem->alpha_kind, NORMA_ALPHA_SCALAR, NORMA_ALPHA_CHANNEL,
                       NORMA_ALPHA_ELEMENT);
    }
    return NORMA_STATUS_OK;
}

static norma_status check_ranks(const struct norma_problem *problem, struct message message) {
    if (problem->spatial_rank < 0 || problem->spatial_rank > NORMA_MAX_SPATIAL) {
        return invalid(message, "spatial_rank = %d must be in 0 to %d", problem->spatial_rank,
                       NORMA_MAX_SPATIAL);
    }
    if (problem->style_rank < -1 || problem->style_rank > NORMA_MAX_SPATIAL) {
        return invalid(message, "style_rank = %d must be in -1 to %d", problem->style_rank,
                       NORMA_MAX_SPATIAL);
    }
    return NORMA_STATUS_OK;
}

/* Checks that unused fields have their defaults, so that no field without effect makes two problems
 * differ. The table compares doubles: these defaults are 0 or -1, and no other int64_t is rounded
 * to one of them. */
static norma_status check_unused(const struct norma_problem *problem, struct message message) {
    const struct norma_problem standard = norma_problem_default(problem->op);
    const norma_operator op = problem->op;
    const bool layer = op == NORMA_OPERATOR_UNIT && problem->form == NORMA_FORM_LAYER;
    const bool epsilon =
        op != NORMA_OPERATOR_UNIT || problem->form == NORMA_FORM_PRACTICAL || layer;
    const bool rho = op == NORMA_OPERATOR_BIN && problem->rho_fixed;
    const bool alpha = (op == NORMA_OPERATOR_ADAIN || op == NORMA_OPERATOR_UNIT) &&
                       problem->alpha_kind == NORMA_ALPHA_SCALAR &&
                       !(op == NORMA_OPERATOR_UNIT && problem->form == NORMA_FORM_VANILLA);
    const bool style = op == NORMA_OPERATOR_ADAIN && problem->style_source == NORMA_STYLE_TENSOR;
    const int rank = problem->spatial_rank;
    const int style_rank = style ? problem->style_rank : -1;
    const struct {
        const char *name;
        bool used;
        double value, standard;
    } fields[] = {
        {"spatial[0]", rank > 0, (double)problem->spatial[0], 0},
        {"spatial[1]", rank > 1, (double)problem->spatial[1], 0},
        {"spatial[2]", rank > 2, (double)problem->spatial[2], 0},
        {"eps", epsilon, problem->epsilon, standard.epsilon},
        {"momentum", op == NORMA_OPERATOR_BN || op == NORMA_OPERATOR_BIN || layer,
         problem->momentum, standard.momentum},
        {"g", op == NORMA_OPERATOR_GN, (double)problem->groups, (double)standard.groups},
        {"styles", op == NORMA_OPERATOR_CIN || op == NORMA_OPERATOR_ADAIN, (double)problem->styles,
         (double)standard.styles},
        {"regions", op == NORMA_OPERATOR_ADAIN, (double)problem->regions, (double)standard.regions},
        {"form", op == NORMA_OPERATOR_UNIT, problem->form, standard.form},
        {"k", layer, problem->norm_scale, standard.norm_scale},
        {"rho_fixed", op == NORMA_OPERATOR_BIN, problem->rho_fixed, standard.rho_fixed},
        {"rho", rho, problem->rho, standard.rho},
        {"alpha_kind", op == NORMA_OPERATOR_UNIT, problem->alpha_kind, standard.alpha_kind},
        {"alpha", alpha, problem->alpha, standard.alpha},
        {"style_source", op == NORMA_OPERATOR_ADAIN, problem->style_source, standard.style_source},
        {"std", op == NORMA_OPERATOR_ADAIN, problem->style_unbiased, standard.style_unbiased},
        {"style_rank", style, problem->style_rank, standard.style_rank},
        {"style_spatial[0]", style_rank > 0, (double)problem->style_spatial[0], 0},
        {"style_spatial[1]", style_rank > 1, (double)problem->style_spatial[1], 0},
        {"style_spatial[2]", style_rank > 2, (double)problem->style_spatial[2], 0},
    };
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (!fields[i].used && fields[i].value != fields[i].standard) {
            char value[VALUE_TEXT], expected[VALUE_TEXT];
            return invalid(message, "%s = %s is not used by this %s and must be its default, %s",
                           fields[i].name, describe(fields[i].value, value),
                           norma_operator_name(op), describe(fields[i].standard, expected));
        }
    }
    return NORMA_STATUS_OK;
}

static norma_status check_signs(const struct norma_problem *problem, struct message message) {
    const struct {
        const char *name;
        int64_t value;
    } sizes[] = {
        {"N", problem->n},
        {"C", problem->c},
        {"spatial[0]", problem->spatial[0]},
        {"spatial[1]", problem->spatial[1]},
        {"spatial[2]", problem->spatial[2]},
        {"style_spatial[0]", problem->style_spatial[0]},
        {"style_spatial[1]", problem->style_spatial[1]},
        {"style_spatial[2]", problem->style_spatial[2]},
    };
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        if (sizes[i].value < 0) {
            return invalid(message, "%s = %" PRId64 " must be at least 0", sizes[i].name,
                           sizes[i].value);
        }
    }
    return NORMA_STATUS_OK;
}

/* ---- sizes -------------------------------------------------------------------------------- */

/* The largest tensor. Processors address no more, and the numbers that plans and workspaces
 * compute, such as the bytes of x and y together, or several doubles per channel, stay far below
 * the end of int64_t. */
#define MOST_BYTES (INT64_C(1) << 56 < PTRDIFF_MAX ? INT64_C(1) << 56 : PTRDIFF_MAX)

/* Checks the bytes of a tensor. Sizes of 0 count as 1, so that no product of some of the sizes
 * overflows, in any order, and the tensors that have only some of them ([C], [C][S], [N][C]) fit,
 * too. */
static norma_status check_bytes(const char *tensor, const int64_t *sizes, int count,
                                struct message message) {
    int64_t bytes = sizeof(float);
    for (int i = 0; i < count; i++) {
        if (sizes[i] > MOST_BYTES / bytes) {
            char text[VALUE_TEXT];
            return invalid(message, "%s of size %s must not have more than %" PRId64 " bytes",
                           tensor, describe_sizes(sizes, count, text), (int64_t)MOST_BYTES);
        }
        bytes *= sizes[i] > 0 ? sizes[i] : 1;
    }
    return NORMA_STATUS_OK;
}

static norma_status check_tensor(const char *tensor, const struct norma_problem *problem,
                                 const int64_t *spatial, int rank, struct message message) {
    int64_t sizes[2 + NORMA_MAX_SPATIAL] = {problem->n, problem->c};
    for (int i = 0; i < rank; i++) {
        sizes[2 + i] = spatial[i];
    }
    return check_bytes(tensor, sizes, 2 + rank, message);
}

/* style_index is int32_t, and labels are uint8_t. */
enum { MOST_STYLES = INT32_MAX, MOST_REGIONS = 256 };

static norma_status check_count(const char *name, int64_t value, int64_t most,
                                struct message message) {
    if (value >= 1 && value <= most) {
        return NORMA_STATUS_OK;
    }
    return invalid(message, "%s = %" PRId64 " must be in 1 to %" PRId64, name, value, most);
}

static norma_status check_styles(const struct norma_problem *problem, struct message message) {
    norma_status status = NORMA_STATUS_OK;
    if (problem->op == NORMA_OPERATOR_CIN || problem->op == NORMA_OPERATOR_ADAIN) {
        status = check_count("styles", problem->styles, MOST_STYLES, message);
    }
    if (status == NORMA_STATUS_OK && problem->op == NORMA_OPERATOR_ADAIN) {
        status = check_count("regions", problem->regions, MOST_REGIONS, message);
    }
    if (status != NORMA_STATUS_OK) {
        return status;
    }
    if (problem->styles > 1 && problem->regions > 1) {
        return invalid(message,
                       "styles = %" PRId64 " and regions = %" PRId64
                       " exclude each other: a region has one style",
                       problem->styles, problem->regions);
    }
    if (problem->style_source == NORMA_STYLE_SWAP &&
        (problem->styles > 1 || problem->regions > 1)) {
        return invalid(message, "style = swap excludes styles and regions: the samples' own "
                                "statistics are the styles");
    }
    if (problem->style_source == NORMA_STYLE_STATS && problem->style_unbiased) {
        return invalid(message, "std = unbiased is for computed statistics; style = stats gives "
                                "the std as it is");
    }
    return NORMA_STATUS_OK;
}

/* Checks the bytes of cin's tables, and of the tensors that adain has for each style or region. */
static norma_status check_style_memory(const struct norma_problem *problem,
                                       struct message message) {
    if (problem->op == NORMA_OPERATOR_CIN) {
        const int64_t sizes[] = {problem->styles, problem->c};
        return check_bytes("gamma, styles x C", sizes, 2, message);
    }
    if (problem->op != NORMA_OPERATOR_ADAIN) {
        return NORMA_STATUS_OK;
    }
    const bool own_sizes = problem->style_rank >= 0;
    int64_t sizes[3 + NORMA_MAX_SPATIAL] = {problem->n, norma_problem_sample_styles(problem),
                                            problem->c};
    if (problem->style_source != NORMA_STYLE_TENSOR) {
        return check_bytes("style_mean, N x styles x C", sizes, 3, message);
    }
    memcpy(sizes + 3, own_sizes ? problem->style_spatial : problem->spatial,
           sizeof problem->spatial);
    return check_bytes("style, N x styles x C x spatial", sizes,
                       3 + (own_sizes ? problem->style_rank : problem->spatial_rank), message);
}

static norma_status check_memory(const struct norma_problem *problem, struct message message) {
    const norma_status status =
        check_tensor("x", problem, problem->spatial, problem->spatial_rank, message);
    return status == NORMA_STATUS_OK ? check_style_memory(problem, message) : status;
}

static norma_status check_range(const char *name, double value, double low, double high,
                                struct message message) {
    if (value >= low && value <= high) {
        return NORMA_STATUS_OK;
    }
    char text[VALUE_TEXT];
    return invalid(message, "%s = %s must be in [%g, %g]", name, describe(value, text), low, high);
}

/* Checks the ranges of numbers. Unused fields pass: check_unused made sure that they have their
 * defaults, which are in range. */
static norma_status check_numbers(const struct norma_problem *problem, struct message message) {
    char text[VALUE_TEXT];
    if (!isfinite(problem->epsilon) || problem->epsilon < 0) {
        return invalid(message, "eps = %s must be a finite number of at least 0",
                       describe(problem->epsilon, text));
    }
    if (problem->op == NORMA_OPERATOR_UNIT && !isfinite(problem->alpha)) {
        return invalid(message, "alpha = %s must be a finite number",
                       describe(problem->alpha, text));
    }
    if (!isfinite(problem->norm_scale) || problem->norm_scale <= 0) {
        return invalid(message, "k = %s must be a finite number above 0",
                       describe(problem->norm_scale, text));
    }
    norma_status status = check_range("momentum", problem->momentum, 0, 1, message);
    if (status == NORMA_STATUS_OK) {
        status = check_range("rho", problem->rho, 0, 1, message);
    }
    if (status == NORMA_STATUS_OK && problem->op == NORMA_OPERATOR_ADAIN) {
        status = check_range("alpha", problem->alpha, 0, 1, message);
    }
    return status;
}

static norma_status check_groups(const struct norma_problem *problem, struct message message) {
    if (problem->op != NORMA_OPERATOR_GN) {
        return NORMA_STATUS_OK;
    }
    if (problem->groups < 1) {
        return invalid(message, "g = %" PRId64 " must be at least 1", problem->groups);
    }
    if (problem->c % problem->groups != 0) {
        return invalid(message, "C = %" PRId64 " is not divisible by g = %" PRId64, problem->c,
                       problem->groups);
    }
    if (problem->c > 0) {
        return NORMA_STATUS_OK;
    }
    /* Any g divides 0, so C does not bound N x g. A g below the default of 32 counts as 32, so that
     * the parser, which checks the sizes before it has read g, accepts them for every g or none. */
    const int64_t sizes[] = {problem->n, problem->groups > 32 ? problem->groups : 32};
    return check_bytes("mean, N x g", sizes, 2, message);
}

/* Checks that alpha fits the form of unitization. */
static norma_status check_form(const struct norma_problem *problem, struct message message) {
    if (problem->op != NORMA_OPERATOR_UNIT) {
        return NORMA_STATUS_OK;
    }
    switch (problem->form) {
    case NORMA_FORM_PRACTICAL:
        return NORMA_STATUS_OK;
    case NORMA_FORM_VANILLA:
        return problem->alpha_kind == NORMA_ALPHA_SCALAR
                   ? NORMA_STATUS_OK
                   : invalid(message, "form = vanilla has no alpha by channel or element");
    case NORMA_FORM_SCALAR:
        return problem->alpha_kind == NORMA_ALPHA_SCALAR
                   ? check_range("alpha", problem->alpha, 0, 1, message)
                   : invalid(message, "form = scalar takes a number alpha; form = vector takes "
                                      "alpha by channel or element");
    case NORMA_FORM_VECTOR:
        return problem->alpha_kind != NORMA_ALPHA_SCALAR
                   ? NORMA_STATUS_OK
                   : invalid(message, "form = vector takes alpha by channel or element; form = "
                                      "scalar takes a number");
    case NORMA_FORM_LAYER:
        break;
    }
    return problem->alpha_kind != NORMA_ALPHA_ELEMENT
               ? NORMA_STATUS_OK
               : invalid(message, "form = layer takes a number alpha or alpha by channel");
}

static norma_status check_pass(const struct norma_problem *problem, struct message message) {
    const bool running = problem->op == NORMA_OPERATOR_BN || problem->op == NORMA_OPERATOR_BIN ||
                         (problem->op == NORMA_OPERATOR_UNIT && problem->form == NORMA_FORM_LAYER);
    if (problem->pass != NORMA_PASS_INFERENCE_BACKWARD || running) {
        return NORMA_STATUS_OK;
    }
    return invalid(message,
                   "pass = inf_bwd is for running statistics, which this %s does not have; use "
                   "bwd",
                   norma_operator_name(problem->op));
}

static norma_status check_style(const struct norma_problem *problem, struct message message) {
    const int64_t elements = problem->n * problem->c * norma_problem_spatial(problem);
    if (problem->op != NORMA_OPERATOR_ADAIN || elements == 0) {
        return NORMA_STATUS_OK;
    }
    if (problem->style_source == NORMA_STYLE_TENSOR && norma_problem_style_spatial(problem) == 0) {
        char text[VALUE_TEXT];
        return invalid(message, "style = %s is empty and has no mean; its sizes must be at least 1",
                       describe_sizes(problem->style_spatial, problem->style_rank, text));
    }
    const int64_t positions = problem->style_source == NORMA_STYLE_SWAP
                                  ? norma_problem_spatial(problem)
                                  : norma_problem_style_spatial(problem);
    if (problem->style_unbiased && positions < 2) {
        return invalid(message,
                       "std = unbiased divides by S - 1: a style needs at least 2 positions");
    }
    return NORMA_STATUS_OK;
}

norma_status norma_problem_check(const struct norma_problem *problem, char *message, size_t size) {
    /* The order matters: each check relies on those before it. */
    static norma_status (*const checks[])(const struct norma_problem *, struct message) = {
        check_enumerations, check_ranks,   check_unused, check_signs, check_styles, check_memory,
        check_form,         check_numbers, check_groups, check_pass,  check_style,
    };
    const struct message where = {message, message != NULL ? size : 0};
    if (problem == NULL) {
        invalid(where, "the problem is a null pointer");
        return NORMA_STATUS_NULL;
    }
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
        const norma_status status = checks[i](problem, where);
        if (status != NORMA_STATUS_OK) {
            return status;
        }
    }
    return NORMA_STATUS_OK;
}
