/* Every oneDNN implementation against the reference, forward.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <criterion/criterion.h>

#include "reference/onednn/steps/onednn_compat.h"
#include "reference/onednn/tests/onednn_fixture.h"

static const char *const all[] = {"onednn", "onednn-nhwc", "onednn-blocked", NULL};

Test(onednn_forward, batch_normalization) {
    check_all((const char *const[]){"bn:8x16x6x7", "bn:1x1", "bn:1x5", "bn:64x40", "bn:7x1x3",
                                    "bn:5x33x27:momentum=0.3", "bn:2x19x4x6x6", "bn:1x64x7x7",
                                    "bn:3x23x14x14:eps=0.01", "bn:2x8x128x130",
                                    "bn:8x16x6x7:pass=inf", "bn:3x23x14x14:pass=inf",
                                    "bn:1x1:pass=inf", "bn:64x40:pass=inf",
                                    "bn:2x19x4x6x6:pass=inf", NULL},
              1, all, NULL);
}

Test(onednn_forward, instance_normalization) {
    check_all((const char *const[]){"in:8x16x6x7", "in:1x1", "in:3x20", "in:4x1x9", "in:5x33x27",
                                    "in:2x19x4x6x6", "in:3x23x14x14:eps=0.01", "in:1x32x64x65",
                                    "in:8x16x6x7:pass=inf", "in:1x1x1100x1000", NULL},
              1, all, NULL);
}

Test(onednn_forward, conditional_instance_normalization) {
    check_all((const char *const[]){"cin:8x16x6x7:styles=3", "cin:1x1", "cin:3x23x14x14:styles=2",
                                    "cin:5x33x27:pass=inf,styles=9", NULL},
              1, all, NULL);
}

Test(onednn_forward, adaptive_instance_normalization) {
    check_all((const char *const[]){"adain:8x16x6x7", "adain:8x16x6x7:alpha=0.3", "adain:1x1",
                                    "adain:2x9x6x6:style=5x3", "adain:2x9x1x1:style=5x3",
                                    "adain:2x9x6x6:style=stats",
                                    "adain:2x9x6x6:alpha=0.6,style=stats",
                                    "adain:3x23x14x14:alpha=0,style=7", "adain:2x16x3x4x5:style=1",
                                    "adain:8x16x6x7:pass=inf", NULL},
              1, all, NULL);
}

Test(onednn_forward, adaptive_instance_normalization_of_several_styles) {
    check_all((const char *const[]){"adain:3x16x6x7:styles=3", "adain:2x23x9:styles=2,style=stats",
                                    "adain:2x23x9:alpha=0.3,styles=2,style=5", NULL},
              1, all, NULL);
}

Test(onednn_forward, adaptive_instance_normalization_variants) {
    check_all((const char *const[]){"adain:3x16x6x7:style=swap", "adain:1x7x9:style=swap",
                                    "adain:4x23x9:alpha=0.3,style=swap,std=unbiased",
                                    "adain:2x23x9:style=4,std=unbiased",
                                    "adain:2x23x9:pass=inf,styles=2,std=unbiased", NULL},
              1, all, NULL);
}

Test(onednn_forward, group_normalization) {
    check_all((const char *const[]){"gn:8x16x6x7:g=4", "gn:1x1", "gn:2x24", "gn:2x24:g=3",
                                    "gn:3x23x14x14:g=23", "gn:3x46x14x14:g=2", "gn:2x32x12x12:g=8",
                                    "gn:1x20x9x11:g=1", "gn:2x19x4x6x6:g=1", "gn:5x33x27:g=11",
                                    "gn:8x16x6x7:g=4,pass=inf", NULL},
              1, all, NULL);
}

#if ONEDNN_HAS_GROUP_NORMALIZATION
Test(onednn_forward, group_normalization_by_the_primitive) {
    check_all((const char *const[]){"gn:8x16x6x7:g=4", "gn:3x46x14x14:g=2", "gn:2x24:g=3",
                                    "gn:3x16x5x7:epilogue=relu,g=4", "gn:3x16x7:g=4,pass=inf",
                                    "ln:3x23x6x5", "ln:40x24", "in:3x23x6x5:eps=0.01", "in:2x8x9",
                                    NULL},
              1, (const char *const[]){"onednn-primitive", NULL}, NULL);
}

Test(onednn_forward, the_primitive_refuses_what_it_cannot_do) {
    const char *const texts[] = {"gn:3x16x5:epilogue=add_relu,g=4", "gn:3x16x5:g=4,pass=bwd",
                                 "rms:3x16x5", "bn:3x16x5"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct fixture f = setup(texts[i]);
        cr_expect_null(create(find("onednn-primitive"), &f, 1), "%s", texts[i]);
        teardown(&f);
    }
}
#endif

Test(onednn_forward, layer_normalization) {
    check_all((const char *const[]){"ln:8x16x6x7", "ln:1x5", "ln:40x24", "ln:3x23x14x14:eps=0.01",
                                    "ln:2x19x4x6x6:pass=inf", "ln:1x16x64x65", "ln:1x32x64x65",
                                    NULL},
              1, all, NULL);
}

Test(onednn_forward, batch_instance_normalization) {
    check_all((const char *const[]){"bin:8x16x6x7", "bin:1x1", "bin:6x20", "bin:5x33x27:rho=0.5",
                                    "bin:3x23x14x14:rho=0", "bin:3x23x14x14:rho=1",
                                    "bin:2x19x4x6x6:momentum=0.3", "bin:8x16x6x7:pass=inf",
                                    "bin:3x23x14x14:pass=inf,rho=0.2", NULL},
              1, all, NULL);
}

/* The problems have short samples, one and several pieces, and a last piece that is shorter. */
Test(onednn_forward, unitization) {
    check_all((const char *const[]){"unit:8x16x6x7:alpha=0.7", "unit:1x1:alpha=1",
                                    "unit:3x23x14x14:alpha=0.2", "unit:2x16x64x65:alpha=0.9",
                                    "unit:1x3x200x201:alpha=0.5", "unit:8x16x6x7:alpha=channel",
                                    "unit:3x23x14x14:alpha=channel", "unit:40x24:alpha=channel",
                                    "unit:8x16x6x7:alpha=element", "unit:3x23x14x14:alpha=element",
                                    "unit:2x7x4x6x6:alpha=element",
                                    "unit:8x16x6x7:alpha=0.5,pass=inf", NULL},
              1, all, NULL);
}

Test(onednn_forward, root_mean_square_normalization) {
    check_all((const char *const[]){"rms:8x16x6x7", "rms:1x1", "rms:40x24",
                                    "rms:3x23x14x14:eps=0.1", "rms:1x3x200x201:pass=inf", NULL},
              1, all, NULL);
}

Test(onednn_forward, rectified) {
    check_all(
        (const char *const[]){"bn:8x16x6x7:epilogue=relu", "bn:3x23x5x5:epilogue=relu,pass=inf",
                              "bn:12x23:epilogue=relu", "in:8x16x6x7:epilogue=relu",
                              "in:3x23x9:epilogue=relu", "cin:3x23x9:epilogue=relu,styles=2",
                              "bin:8x16x6x7:epilogue=relu", "adain:3x23x9:epilogue=relu",
                              "adain:8x16x6x7:alpha=0.3,epilogue=relu",
                              "gn:8x16x6x7:epilogue=relu,g=4", "ln:3x23x14x14:epilogue=relu",
                              "rms:8x16x6x7:epilogue=relu", "unit:8x16x6x7:alpha=0.5,epilogue=relu",
                              "unit:3x23x9:alpha=element,epilogue=relu", NULL},
        1, all, NULL);
}

Test(onednn_forward, added_and_rectified) {
    check_all(
        (const char *const[]){
            "bn:8x16x6x7:epilogue=add_relu", "bn:3x23x5x5:epilogue=add_relu,pass=inf",
            "bn:12x23:epilogue=add_relu", "in:8x16x6x7:epilogue=add_relu",
            "in:3x23x9:epilogue=add_relu", "cin:3x23x9:epilogue=add_relu,styles=2",
            "bin:8x16x6x7:epilogue=add_relu", "adain:3x23x9:epilogue=add_relu",
            "adain:8x16x6x7:alpha=0.3,epilogue=add_relu", "gn:8x16x6x7:epilogue=add_relu,g=4",
            "ln:3x23x14x14:epilogue=add_relu", "rms:8x16x6x7:epilogue=add_relu",
            "unit:8x16x6x7:alpha=0.5,epilogue=add_relu",
            "unit:3x23x9:alpha=element,epilogue=add_relu", NULL},
        1, all, NULL);
}
