/* An example of a plug-in, for an idea about one kernel: copy this file, put your own loop into it,
 * and see whether it is faster.
 *
 *     cc -O3 -march=native -ffp-contract=off -fPIC -shared idea.c -o idea.so -lm
 *     norma-verify --load ./idea.so --quick                 is it right?
 *     norma-bench run --load ./idea.so --impl idea,avx512 bn:8x64x56x56     is it faster?
 *     norma-bench run --load ./idea.so --watch idea.c bn:8x64x56x56         the same at every save
 *
 * norma_set.h (where norma is not installed: -I kernels/include) says what each primitive gets and
 * must do. This plug-in overrides `apply`, the last step of every forward pass:
 * y = fma(x - centre, scale, shift), with coefficients for each span, then perhaps a residual and a
 * ReLU. Tensors are void pointers in norma_set.h; their elements are floats.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <norma_set.h>

#include <math.h>

/* The base's function. The plug-in may call it for everything that the idea is not about. */
static void (*base_apply)(const struct norma_apply *work);

/* Writes one span: `length` elements with the same three coefficients. fmaf stands where the
 * definition says fma: with -march=native a compiler makes one instruction of it, for 8 or 16
 * elements at once. Without -march=native fmaf is a call, with the same bits and a hundred times as
 * slow.
 *
 * y may be x, so the pointers are not restrict; compilers check that by themselves before the
 * loop. */
static void apply_to_span(const float *x, float *y, int64_t length, float centre, float scale,
                          float shift) {
    for (int64_t i = 0; i < length; i++) {
        y[i] = fmaf(x[i] - centre, scale, shift);
    }
}

static void my_apply(const struct norma_apply *work) {
    /* Stores past the caches, regions, residuals and ReLUs are left to the base. */
    if (work->nontemporal || work->selection || work->residual || work->relu) {
        base_apply(work);
        return;
    }
    for (int64_t r = 0; r < work->spans; r++) {
        const int64_t first = r * work->length;
        apply_to_span((const float *)work->x + first, (float *)work->y + first, work->length,
                      work->centre[r], work->scale[r], work->shift[r]);
    }
}

/* Called once, when the plug-in is loaded, with a copy of the base. */
static void my_override(struct norma_set *set) {
    base_apply = set->apply;
    set->apply = my_apply;
}

/* The only symbol that norma's programs look up in a plug-in. */
const struct norma_plugin norma_plugin = {
    .abi = NORMA_SET_ABI,
    .name = "idea", /* its name for --impl */
    .base = "",     /* the fastest set of this machine; or one by name: "avx2" */
    .override = my_override,
};
