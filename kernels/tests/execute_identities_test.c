/* Execution: identities between operators, to the bit.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <criterion/criterion.h>
#include <string.h>

#include "kernels/tests/bundle.h"

static struct bundle *executed(const char *text, int threads) {
    struct bundle *bundle = bundle_make(text, 0);
    const norma_status status = bundle_execute(bundle, &(struct norma_options){.threads = threads});
    cr_assert(status == NORMA_STATUS_OK, "%s: %s", text, norma_strerror(status));
    return bundle;
}

/* The y of the smaller problem is what the other's begins with. */
static void expect_same_y(const struct bundle *a, const struct bundle *b, const char *text) {
    const size_t a_bytes = reference_tensor_bytes(&a->tensors[REFERENCE_TENSOR_y]);
    const size_t b_bytes = reference_tensor_bytes(&b->tensors[REFERENCE_TENSOR_y]);
    cr_assert(memcmp(a->data[REFERENCE_TENSOR_y], b->data[REFERENCE_TENSOR_y],
                     a_bytes < b_bytes ? a_bytes : b_bytes) == 0,
              "%s", text);
}

static void identical(const char *a_text, const char *b_text) {
    struct bundle *a = executed(a_text, 2), *b = executed(b_text, 1);
    expect_same_y(a, b, a_text);
    bundle_free(a);
    bundle_free(b);
}

Test(identities, group_norm_with_a_group_per_channel_is_instance_norm) {
    identical("gn:3x10x7x9:g=10", "in:3x10x7x9");
    identical("gn:1x2x5000:g=2", "in:1x2x5000");
    identical("gn:2x70x9x9:layout=nsc,g=70", "in:2x70x9x9:layout=nsc");
}

Test(identities, batch_norm_of_one_sample_is_instance_norm) {
    identical("bn:1x10x7x9", "in:1x10x7x9");
    identical("bn:1x10x77x99:layout=nsc", "in:1x10x77x99:layout=nsc");
}

Test(identities, bin_with_closed_gate_is_instance_norm_and_open_batch_norm) {
    identical("bin:4x5x6x7:rho=0", "in:4x5x6x7");
    identical("bin:4x5x6x7:layout=nsc,rho=0", "in:4x5x6x7:layout=nsc");
    identical("bin:4x5x6x7:rho=1", "bn:4x5x6x7");
}

Test(identities, alpha_zero_leaves_every_bit_of_x) {
    static const char *const problems[] = {
        "adain:3x5x77:alpha=0", "adain:3x5x77:alpha=0,style=stats", "unit:3x5x77:alpha=0"};
    for (int i = 0; i < 3; i++) {
        struct bundle *bundle = bundle_make(problems[i], 0);
        float *x = bundle->data[REFERENCE_TENSOR_x];
        x[3] = -0.0f;
        x[4] = 1e-42f;
        cr_assert(bundle_execute(bundle, NULL) == NORMA_STATUS_OK);
        cr_assert(memcmp(x, bundle->data[REFERENCE_TENSOR_y], 3 * 5 * 77 * sizeof *x) == 0, "%s",
                  problems[i]);
        bundle_free(bundle);
    }
}

Test(identities, samples_do_not_see_each_other) {
    identical("in:4x6x50", "in:1x6x50");
    identical("gn:4x6x50:g=3", "gn:1x6x50:g=3");
    identical("ln:4x6x50", "ln:1x6x50");
    identical("rms:4x6x50", "rms:1x6x50");
    identical("unit:4x6x50", "unit:1x6x50");
    identical("adain:4x6x50", "adain:1x6x50");
}

Test(identities, a_plane_of_one_element_is_beta) {
    struct bundle *bundle = executed("in:2x3x1", 1);
    const float *y = bundle->data[REFERENCE_TENSOR_y], *beta = bundle->data[REFERENCE_TENSOR_beta];
    for (int i = 0; i < 6; i++) {
        cr_assert(y[i] == beta[i % 3]);
    }
    bundle_free(bundle);
}
