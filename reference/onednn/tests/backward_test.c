/* Every oneDNN implementation against difference quotients of the definitions.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <criterion/criterion.h>

#include "reference/onednn/tests/onednn_fixture.h"

static const char *const all[] = {"onednn", "onednn-nhwc", "onednn-blocked", NULL};

Test(onednn_backward, batch_normalization) {
    check_all((const char *const[]){"bn:4x16x3x5:pass=bwd", "bn:1x1x4:pass=bwd", "bn:17x9:pass=bwd",
                                    "bn:3x23x3x3:eps=0.01,pass=bwd", "bn:2x19x2x3x3:pass=bwd",
                                    "bn:4x16x3x5:pass=inf_bwd", "bn:17x9:pass=inf_bwd",
                                    "bn:3x23x3x3:eps=0.01,pass=inf_bwd", NULL},
              1, all, NULL);
}

Test(onednn_backward, instance_normalization) {
    check_all((const char *const[]){"in:4x16x3x5:pass=bwd", "in:1x1x9:pass=bwd", "in:3x20:pass=bwd",
                                    "in:5x33x7:eps=0.01,pass=bwd", "in:2x19x2x3x3:pass=bwd", NULL},
              1, all, NULL);
}

Test(onednn_backward, conditional_instance_normalization) {
    check_all((const char *const[]){"cin:4x16x3x5:pass=bwd,styles=3", "cin:3x23x5:pass=bwd", NULL},
              1, all, NULL);
}

Test(onednn_backward, group_normalization) {
    check_all((const char *const[]){"gn:4x16x3x5:g=4,pass=bwd", "gn:3x23x7:g=23,pass=bwd",
                                    "gn:2x24:g=3,pass=bwd", "gn:5x33x7:eps=0.01,g=11,pass=bwd",
                                    "gn:2x19x2x3x3:g=1,pass=bwd", NULL},
              1, all, NULL);
}

Test(onednn_backward, layer_normalization) {
    check_all((const char *const[]){"ln:4x16x3x5:pass=bwd", "ln:3x23:pass=bwd", "ln:1x1:pass=bwd",
                                    "ln:5x33x7:eps=0.01,pass=bwd", NULL},
              1, all, NULL);
}

Test(onednn_backward, batch_instance_normalization) {
    check_all((const char *const[]){"bin:4x16x3x5:pass=bwd", "bin:3x23x5:pass=bwd,rho=0.3",
                                    "bin:3x23x5:eps=0.01,pass=bwd", "bin:4x16x3x5:pass=inf_bwd",
                                    "bin:3x23x5:eps=0.01,pass=inf_bwd,rho=0.3", NULL},
              1, all, NULL);
}

Test(onednn_backward, adaptive_instance_normalization) {
    check_all((const char *const[]){"adain:4x16x3x5:pass=bwd", "adain:3x23x7:pass=bwd,style=5",
                                    "adain:2x9x1:pass=bwd,style=5",
                                    "adain:3x23x7:alpha=0.3,pass=bwd,style=5",
                                    "adain:3x23x7:alpha=0.3,pass=bwd,std=unbiased,style=5",
                                    "adain:3x23x7:pass=bwd,style=stats",
                                    "adain:3x23x7:alpha=0.6,pass=bwd,style=stats", NULL},
              1, all, NULL);
}

Test(onednn_backward, adaptive_instance_normalization_of_several_styles) {
    check_all((const char *const[]){"adain:3x16x3x5:pass=bwd,styles=3",
                                    "adain:2x23x7:alpha=0.3,pass=bwd,style=stats,styles=2", NULL},
              1, all, NULL);
}

Test(onednn_backward, adaptive_instance_normalization_of_swapped_styles) {
    check_all((const char *const[]){"adain:4x16x3x5:pass=bwd,style=swap",
                                    "adain:1x7x9:pass=bwd,style=swap",
                                    "adain:3x23x7:alpha=0.3,pass=bwd,std=unbiased,style=swap",
                                    NULL},
              1, all, NULL);
}

/* Sums of dy and dy x^ over plane i. */
struct sums {
    double dy, dy_x;
};

static struct sums sums_of(const struct norma_args *args, int64_t i, int64_t s) {
    const float *x = args->x, *dy = args->dy;
    struct sums sums = {0, 0};
    for (int64_t j = i * s; j < (i + 1) * s; j++) {
        const double x_hat = ((double)x[j] - (double)args->mean[i]) * (double)args->inverse_std[i];
        sums.dy += (double)dy[j];
        sums.dy_x += (double)dy[j] * x_hat;
    }
    return sums;
}

/* From the statistics as given; plane i, whose sample is the style of plane `user`'s. */
static void expect_swapped(struct fixture *f, const struct norma_args *args, int64_t i,
                           int64_t user) {
    const int64_t s = norma_problem_spatial(&f->problem);
    const struct sums own = sums_of(args, i, s), other = sums_of(args, user, s);
    const double r = (double)args->inverse_std[i], count = (double)s;
    for (int64_t j = i * s; j < (i + 1) * s; j++) {
        const double x = (double)((const float *)args->x)[j];
        const double x_hat = (x - (double)args->mean[i]) * r;
        const double dy = (double)((const float *)args->dy)[j];
        const double away = (x - (double)args->style_mean[user]) / (double)args->style_std[user];
        f->expected[REFERENCE_TENSOR_dx][j] =
            (double)args->style_std[i] * r * (dy - own.dy / count - x_hat * own.dy_x / count) +
            other.dy / count + other.dy_x * away / count;
    }
}

/* A style's mean as it was returned for its user, and as the content's, are one number unless the
 * caller says otherwise. */
Test(onednn_backward, statistics_are_taken_at_their_word) {
    struct fixture f = setup("adain:3x16x5:pass=bwd,style=swap");
    const struct norma_args args = args_of(&f);
    for (int64_t i = 0; i < f.tensors[REFERENCE_TENSOR_style_mean].count; i++) {
        args.style_mean[i] += 0.5F;
        args.style_std[i] *= 1.25F;
        args.mean[i] -= 0.25F;
        args.inverse_std[i] *= 1.5F;
    }
    for (int64_t n = 0; n < f.problem.n; n++) {
        for (int64_t c = 0; c < f.problem.c; c++) {
            expect_swapped(&f, &args, args.permutation[n] * f.problem.c + c, n * f.problem.c + c);
        }
    }
    for (size_t i = 0; all[i]; i++) {
        void *state = create(find(all[i]), &f, 1);
        run(find(all[i]), state, &f, &args);
        compare(&f, all[i], &args);
        find(all[i])->destroy(state);
    }
    teardown(&f);
}

Test(onednn_backward, unitization) {
    check_all((const char *const[]){"unit:4x16x3x5:alpha=0.7,pass=bwd", "unit:3x23x7:pass=bwd",
                                    "unit:3x23x7:alpha=channel,pass=bwd,eps=0.01", NULL},
              1, all, NULL);
}

Test(onednn_backward, root_mean_square_normalization) {
    check_all((const char *const[]){"rms:4x16x3x5:pass=bwd", "rms:3x23:pass=bwd",
                                    "rms:5x33x7:eps=0.1,pass=bwd", NULL},
              1, all, NULL);
}

Test(onednn_backward, rectified) {
    check_all((const char *const[]){"bn:4x16x3x5:epilogue=relu,pass=bwd",
                                    "bn:3x23x7:epilogue=relu,pass=inf_bwd",
                                    "in:4x16x3x5:epilogue=relu,pass=bwd",
                                    "gn:3x23x7:epilogue=relu,g=1,pass=bwd",
                                    "adain:3x23x7:epilogue=relu,pass=bwd", NULL},
              1, all, NULL);
}

Test(onednn_backward, added_and_rectified) {
    check_all((const char *const[]){"bn:4x16x3x5:epilogue=add_relu,pass=bwd",
                                    "bin:3x23x7:epilogue=add_relu,pass=bwd",
                                    "rms:3x23x7:epilogue=add_relu,pass=bwd",
                                    "in:4x16x3x5:epilogue=add_relu,pass=bwd", NULL},
              1, all, NULL);
}
