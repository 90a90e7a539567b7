/* The affine that ends every forward pass, with its epilogue. Part of template.h.
 *
 * The centre is subtracted first: x - centre is exact near the mean, where a * x + b would lose
 * |mean| / sigma units in the last place.
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/* What a loop is compiled for. */
struct apply_kind {
    bool residual, relu, streamed, selected;
};

struct affine {
    f32x16 centre, scale, shift;
};

NORMA_STEP void apply_step(const struct norma_apply *work, struct apply_kind kind,
                           const struct affine *affine, int64_t start, int64_t i, int count) {
    const int64_t at = start + i;
    f32x16 y = fma32(sub(get(work->x + at, count), affine->centre), affine->scale, affine->shift);
    if (kind.residual) {
        y = add(y, get(work->residual + at, count));
    }
    if (kind.relu) {
        y = open(y, y);
    }
    if (kind.selected) {
        y = pick(work->selection, i, count, y, get(work->others + at, count));
    }
    put_or_stream(work->y + at, count, y, kind.streamed);
}

NORMA_STEP void apply_to_run(const struct norma_apply *work, struct apply_kind kind, int64_t r) {
    const struct affine affine = {splat(work->centre[r]), splat(work->scale[r]),
                                  splat(work->shift[r])};
    const int64_t start = r * work->length;
    int64_t i = kind.streamed ? unaligned_head(work->y + start, work->length) : 0;
    if (i > 0) {
        apply_step(work, kind, &affine, start, 0, (int)i);
    }
    for (; i + NORMA_LANES <= work->length; i += NORMA_LANES) {
        apply_step(work, kind, &affine, start, i, NORMA_LANES);
    }
    if (i < work->length) {
        apply_step(work, kind, &affine, start, i, (int)(work->length - i));
    }
}

NORMA_STEP void apply_to_runs(const struct norma_apply *work, struct apply_kind kind) {
    for (int64_t r = 0; r < work->runs; r++) {
        apply_to_run(work, kind, r);
    }
    if (kind.streamed) {
        stream_fence();
    }
}

static void apply_streamed(const struct norma_apply *work) {
    if (work->residual) {
        apply_to_runs(work, (struct apply_kind){.residual = true, .relu = true, .streamed = true});
    } else if (work->relu) {
        apply_to_runs(work, (struct apply_kind){.relu = true, .streamed = true});
    } else {
        apply_to_runs(work, (struct apply_kind){.streamed = true});
    }
}

static void apply_stored(const struct norma_apply *work) {
    if (work->residual) {
        apply_to_runs(work, (struct apply_kind){.residual = true, .relu = true});
    } else if (work->relu) {
        apply_to_runs(work, (struct apply_kind){.relu = true});
    } else {
        apply_to_runs(work, (struct apply_kind){0});
    }
}

/* Rarer, so one loop that asks as it goes. */
static void apply_selected(const struct norma_apply *work) {
    apply_to_runs(work, (struct apply_kind){.residual = work->residual != NULL,
                                            .relu = work->relu,
                                            .selected = true});
}

/* There is a ReLU wherever there is a residual. */
static void apply(const struct norma_apply *work) {
    if (work->selection) {
        apply_selected(work);
    } else if (work->streamed) {
        apply_streamed(work);
    } else {
        apply_stored(work);
    }
}
