/* Every oneDNN implementation against the reference, backward.
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
