/* Adaptive instance normalization forward, against values computed by hand.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <criterion/criterion.h>
#include <math.h>

#include "reference/tests/hand.h"

/* Means 2 12 6 24, standard deviations 1 2 1 4. */
static const float x[8] = {1, 3, /**/ 10, 14, /**/ 5, 7, /**/ 20, 28};

/* Means 0 5 1 2, standard deviations 1 0 2 3. */
static const float style[8] = {-1, 1, /**/ 5, 5, /**/ -1, 3, /**/ -1, 5};

Test(style, of_a_tensor) {
    hand_run("adain:2x2x2:eps=0", (struct norma_args){.x = x, .style = style});
    EXPECT(hand.y, -1, 1, 5, 5, -1, 3, -1, 5);
    EXPECT(hand.mean, 2, 12, 6, 24);
    EXPECT(hand.inverse_std, 1, 0.5, 1, 0.25);
    EXPECT(hand.style_mean, 0, 5, 1, 2);
    EXPECT(hand.style_std, 1, 0, 2, 3);
    EXPECT_CONDITION(hand.conditions[3][0], 0.75, 24, 4, 2);
    EXPECT_CONDITION(hand.conditions[3][1], 1, 2, 3, 2);
}

Test(style, of_another_size) {
    hand_run("adain:1x1x2:style=4,eps=0", (struct norma_args){.x = x, .style = style});
    /* -1 1 5 5: mean 2.5, variance 6.75 */
    EXPECT(hand.y, 2.5 - sqrt(6.75), 2.5 + sqrt(6.75));
    EXPECT_CONDITION(hand.conditions[0][1], 1, 2.5, sqrt(6.75), 4);
}

Test(style, is_traded_off_against_the_content) {
    hand_run("adain:2x2x2:eps=0,alpha=0.5", (struct norma_args){.x = x, .style = style});
    EXPECT(hand.y, 0, 2, 7.5, 9.5, 2, 5, 9.5, 16.5);
    /* 0.5 (|x - 2| + 2) + 0.5 (1 + 0) */
    EXPECT(hand.terms, 2, 2);
    EXPECT_CONDITION(hand.conditions[2][0], 0.5 + 1, 6, 1, 2);
    EXPECT_CONDITION(hand.conditions[2][1], 0.5, 1, 2, 2);
}

Test(style, of_given_statistics) {
    hand_run("adain:2x2x2:eps=0,style=stats",
             (struct norma_args){
                 .x = x, .style_mean = (float[]){0, 5, 1, 2}, .style_std = (float[]){1, 0, 2, 3}});
    EXPECT(hand.y, -1, 1, 5, 5, -1, 3, -1, 5);
    EXPECT_CONDITION(hand.conditions[3][1], 1, 2, 3, 0);
}

Test(style, deviation_without_bias_has_no_epsilon) {
    hand_run("adain:1x1x2:eps=3", (struct norma_args){.x = x, .style = style});
    EXPECT(hand.y, -1, 1);
    EXPECT(hand.style_std, 2);
    hand_run("adain:1x1x2:eps=3,std=unbiased", (struct norma_args){.x = x, .style = style});
    EXPECT(hand.y, -sqrt(2) / 2, sqrt(2) / 2);
    EXPECT(hand.style_std, sqrt(2));
    hand_run("adain:1x1x2:style=stats,eps=3",
             (struct norma_args){.x = x, .style_mean = (float[]){0}, .style_std = (float[]){2}});
    EXPECT(hand.y, -1, 1);
}

Test(style, is_mixed) {
    hand_run("adain:2x2x2:eps=0,style=stats,styles=2",
             (struct norma_args){.x = x,
                                 .style_mean = (float[]){0, 5, 10, 1, /**/ 1, 2, 3, -4},
                                 .style_std = (float[]){1, 0, 2, 3, /**/ 2, 3, 1, 1},
                                 .style_weights = (float[]){0.25f, 0.75f, /**/ 2, -1}});
    EXPECT(hand.y, 5.75, 9.25, -0.25, 4.25, -4, 2, 3, 13);
    EXPECT(hand.terms, 9.25, 9.25, 4.25, 4.25, 10, 10, 15, 15);
    EXPECT_CONDITION(hand.conditions[3][0], 1.75, 24, 4, 2);
    EXPECT_CONDITION(hand.conditions[3][1], 3, 4, 3, 0);
    EXPECT(hand.style_loss, NAN);
}

Test(style, is_mixed_from_tensors) {
    hand_run("adain:1x1x2:eps=0,styles=2",
             (struct norma_args){
                 .x = x, .style = (float[]){-1, 1, 4, 8}, .style_weights = (float[]){0.5f, 0.5f}});
    EXPECT(hand.y, 1.5, 4.5);
    EXPECT(hand.style_mean, 0, 6);
    EXPECT(hand.style_std, 1, 2);
}

Test(style, of_regions) {
    hand_run("adain:1x1x4:eps=0,regions=3,style=stats",
             (struct norma_args){.x = (float[]){1, 10, 3, 14},
                                 .labels = (uint8_t[]){0, 2, 0, 2},
                                 .style_mean = (float[]){0, 7, 5},
                                 .style_std = (float[]){2, 7, 3}});
    EXPECT(hand.y, -2, 2, 2, 8);
    EXPECT(hand.mean, 2, 0, 12); /* nothing has label 1 */
    EXPECT(hand.inverse_std, 1, 0, 0.5);
    EXPECT_CONDITION(hand.conditions[0][0], 2, 2, 1, 2);
    EXPECT_CONDITION(hand.conditions[0][1], 1, 0, 2, 0);
    EXPECT_CONDITION(hand.conditions[1][0], 0, 0, 0, 0);
    EXPECT_CONDITION(hand.conditions[1][1], 0, 0, 0, 0);
    EXPECT_CONDITION(hand.conditions[2][0], 1.5, 12, 2, 2);
    EXPECT_CONDITION(hand.conditions[2][1], 1, 5, 3, 0);
}

Test(style, of_regions_in_channels_and_samples) {
    /* Every position is a region of its own, so that the result is the mean of its style. */
    hand_run("adain:2x2x2:regions=2,style=1",
             (struct norma_args){.x = x,
                                 .labels = (uint8_t[]){0, 1, /**/ 1, 0},
                                 .style = (float[]){1, 2, 3, 4, 5, 6, 7, 8}});
    EXPECT(hand.y, 1, 3, 2, 4, 7, 5, 8, 6);
    EXPECT(hand.mean, 1, 10, 3, 14, 7, 28, 5, 20);
    EXPECT(hand.style_mean, 1, 2, 3, 4, 5, 6, 7, 8);
}

Test(style, is_swapped) {
    hand_run("adain:3x1x2:eps=0,style=swap",
             (struct norma_args){.x = x, .permutation = (int32_t[]){1, 2, 0}});
    EXPECT(hand.y, 10, 14, 5, 7, 1, 3);
    EXPECT(hand.style_mean, 12, 6, 2);
    EXPECT(hand.style_std, 2, 1, 1);
    EXPECT_CONDITION(hand.conditions[0][1], 1, 12, 2, 2);
    hand_run("adain:3x1x2:eps=3,style=swap,std=unbiased",
             (struct norma_args){.x = x, .permutation = (int32_t[]){1, 2, 0}});
    EXPECT(hand.style_std, sqrt(8), sqrt(2), sqrt(2));
    EXPECT(hand.y, 12 - sqrt(2), 12 + sqrt(2), 6 - 2 * sqrt(2.0 / 7), 6 + 2 * sqrt(2.0 / 7));
}

Test(style, loss) {
    hand_run("adain:2x2x2:eps=0", (struct norma_args){.x = x, .style = style});
    EXPECT(hand.style_loss, sqrt(2 * 2 + 7 * 7) + 2, sqrt(5 * 5 + 22 * 22) + sqrt(1 + 1));
    hand_run("adain:2x1x2:eps=3,style=swap",
             (struct norma_args){.x = (float[]){1, 3, 5, 11}, .permutation = (int32_t[]){1, 0}});
    EXPECT(hand.style_loss, 6 + (sqrt(12) - 2), 6 + (sqrt(12) - 2));
}

Test(style, may_be_the_largest_tensor) {
    static const struct {
        const char *text;
        int64_t most;
    } cases[] = {{"adain:2x3x5:style=7x11", 2 * 3 * 7 * 11},
                 {"adain:2x3x50:style=7", 2 * 3 * 50},
                 {"bn:2x3", 2 * 3},
                 {"in:0x3x5", 3}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct norma_problem problem;
        cr_assert_eq(norma_problem_parse(cases[i].text, &problem, NULL), NORMA_STATUS_OK);
        cr_expect_eq(reference_most_elements(&problem), cases[i].most, "%s", cases[i].text);
    }
}
