/* SPDX-License-Identifier: Apache-2.0 */
#include "variants.h"

#include <stdbool.h>
#include <stdio.h>

#include "norma.h"

/* Operators and keys; %s is the shape, whose channels divide by 3. */
static const struct {
    const char *text;
    bool running; /* has passes inf and inf_bwd of its own */
} variants[] = {
    {"bn:%s:momentum=0.3", true},
    {"in:%s:eps=0.001", false},
    {"cin:%s:styles=3", false},
    {"bin:%s:eps=0.001", true},
    {"bin:%s:rho=0.25", true},
    {"adain:%s:alpha=1", false},
    {"adain:%s:alpha=0.3,style=5x7", false},
    {"adain:%s:style=stats", false},
    {"adain:%s:style=swap,std=unbiased", false},
    {"adain:%s:styles=2,std=unbiased,style=4099", false},
    {"adain:%s:styles=3,style=stats", false},
    {"adain:%s:regions=3,style=9", false},
    {"adain:%s:regions=2,style=stats", false},
    {"gn:%s:g=3", false},
    {"ln:%s:eps=0.001", false},
    {"rms:%s:eps=0.001", false},
    {"unit:%s:eps=0.001", false},
    {"unit:%s:alpha=element", false},
    {"unit:%s:alpha=0.3", false},
    {"unit:%s:form=vanilla", false},
    {"unit:%s:form=scalar,alpha=0.3", false},
    {"unit:%s:form=vector", false},
    {"unit:%s:form=vector,alpha=element", false},
    {"unit:%s:form=layer", true},
    {"unit:%s:form=layer,alpha=0.3,k=2", true},
};
enum { VARIANTS = sizeof variants / sizeof *variants };

static const char *const passes[] = {"fwd", "bwd", "inf", "inf_bwd"};
static const char *const epilogues[] = {"none", "relu", "add_relu"};

/* inf without running statistics is fwd that returns none: it is checked without an epilogue alone.
 */
void for_each_variant(const char *shape, variant_check *check) {
    for (int v = 0; v < VARIANTS; v++) {
        for (int pass = 0; pass < (variants[v].running ? 4 : 3); pass++) {
            const int most = pass == 2 && !variants[v].running ? 1 : 3;
            for (int e = 0; e < most; e++) {
                char format[NORMA_PROBLEM_TEXT], text[NORMA_PROBLEM_TEXT];
                snprintf(format, sizeof format, "%s,pass=%%s,epilogue=%%s", variants[v].text);
                snprintf(text, sizeof text, format, shape, passes[pass], epilogues[e]);
                check(text);
            }
        }
    }
}
