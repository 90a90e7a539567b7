/* The affine that ends every forward pass, with its epilogue. Part of template.h.
 *
 * The centre is subtracted first: x - centre is exact near the mean, where a * x + b would lose
 * |mean| / sigma units in the last place.
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/* The variants that loops are compiled for. */
struct apply_kind {
    bool residual, relu, nontemporal, prefetch_distance, selected;
};

struct affine {
    f32x16 centre, scale, shift;
};

NORMA_STEP void apply_step(const struct norma_apply *work, struct apply_kind kind,
                           const struct affine *affine, int64_t start, int64_t i, int count) {
    const int64_t at = start + i;
    if (kind.prefetch_distance) {
        prefetch_ahead(element_at(work->x, at), work->prefetch_distance);
    }
    f32x16 y = fma32(sub32(get(work->x, at, count), affine->centre), affine->scale, affine->shift);
    if (kind.residual) {
        y = add32(y, get(work->residual, at, count));
    }
    if (kind.relu) {
        y = relu_mask(y, y);
    }
    if (kind.selected) {
        y = pick(work->selection, i, count, y, get(work->others, at, count));
    }
    put_or_stream(work->y, at, count, y, kind.nontemporal);
}

NORMA_STEP struct affine affine_of_span(const struct norma_apply *work, int64_t r) {
    return (struct affine){splat32(work->centre[r]), splat32(work->scale[r]),
                           splat32(work->shift[r])};
}

NORMA_STEP struct affine join_affines(const struct affine *first, int count,
                                      const struct affine *rest) {
    return (struct affine){join_lanes(first->centre, count, rest->centre),
                           join_lanes(first->scale, count, rest->scale),
                           join_lanes(first->shift, count, rest->shift)};
}

/* Writes spans that follow each other as if they were one: a vector in which one ends and the next
 * begins has the coefficients of both. Short spans need no tails then, and every store is of a
 * whole cache line.
 *
 * Whole vectors are counted beforehand. With a condition on i, compilers make one loop of this one
 * and that around it, which takes two jumps for each vector: from a first-level cache, 0.84 ns
 * for 64 bytes instead of 0.63. */
NORMA_STEP void apply_to_joined_spans(const struct norma_apply *work, struct apply_kind kind,
                                      int64_t first, int64_t spans) {
    const int64_t start = first * work->length;
    struct affine affine = affine_of_span(work, first);
    int64_t i = unaligned_head(output_at(work->y, start), work->length);
    if (i > 0) {
        apply_step(work, kind, &affine, start, 0, (int)i);
    }
    for (int64_t r = 1, end = work->length;; r++, end += work->length) {
        for (int64_t whole = (end - i) / NORMA_LANES; whole > 0; whole--, i += NORMA_LANES) {
            apply_step(work, kind, &affine, start, i, NORMA_LANES);
        }
        if (r == spans) {
            break;
        }
        const struct affine next = affine_of_span(work, first + r);
        if (i < end) {
            const struct affine both = join_affines(&affine, (int)(end - i), &next);
            apply_step(work, kind, &both, start, i, NORMA_LANES);
            i += NORMA_LANES;
        }
        affine = next;
    }
    if (i < spans * work->length) {
        apply_step(work, kind, &affine, start, i, (int)(spans * work->length - i));
    }
    if (kind.nontemporal) {
        stream_fence();
    }
}

/* The coefficients of spans that are shorter than a vector, for each of their elements. */
struct repeated_affine {
    float centre[REPEATED], scale[REPEATED], shift[REPEATED];
};

NORMA_STEP void apply_repeated(const struct norma_apply *work, struct apply_kind kind,
                               const struct repeated_affine *repeated, int64_t start, int64_t i,
                               int count) {
    const struct affine affine = {get32(repeated->centre + i, count),
                                  get32(repeated->scale + i, count),
                                  get32(repeated->shift + i, count)};
    apply_step(work, kind, &affine, start, i, count);
}

/* Writes spans that are shorter than a vector, and at most TAIL_ELEMENTS, with coefficients that
 * are repeated for each element. */
NORMA_STEP void apply_to_tails(const struct norma_apply *work, struct apply_kind kind,
                               int64_t first, int64_t spans) {
    const int64_t start = first * work->length, length = spans * work->length;
    struct repeated_affine repeated;
    repeat_coefficients(work->centre + first, spans, work->length, repeated.centre);
    repeat_coefficients(work->scale + first, spans, work->length, repeated.scale);
    repeat_coefficients(work->shift + first, spans, work->length, repeated.shift);
    int64_t i = kind.nontemporal ? unaligned_head(output_at(work->y, start), length) : 0;
    if (i > 0) {
        apply_repeated(work, kind, &repeated, start, 0, (int)i);
    }
    for (; i + NORMA_LANES <= length; i += NORMA_LANES) {
        apply_repeated(work, kind, &repeated, start, i, NORMA_LANES);
    }
    if (i < length) {
        apply_repeated(work, kind, &repeated, start, i, (int)(length - i));
    }
    if (kind.nontemporal) {
        stream_fence();
    }
}

/* Takes spans one by one where they have a selection, whose labels begin anew with every span.
 *
 * This and all primitives that store in their loops take a copy of their work, as a store of a
 * vector may change anything whose address others have: compilers load the pointers again after
 * each of them. Rows and columns took up to a third longer so. */
NORMA_STEP void apply_to_spans(const struct norma_apply *work, struct apply_kind kind) {
    const struct norma_apply own = *work;
    if (!kind.selected && own.length < NORMA_LANES) {
        const int64_t most = tails_together(own.length);
        for (int64_t r = 0; r < own.spans; r += most) {
            apply_to_tails(&own, kind, r, own.spans - r < most ? own.spans - r : most);
        }
        return;
    }
    const int64_t spans = kind.selected ? 1 : own.spans;
    for (int64_t r = 0; r < own.spans; r += spans) {
        apply_to_joined_spans(&own, kind, r, spans);
    }
}

/* Streams the results. While they go to memory, the data that are read next can come from there. */
static void apply_streamed(const struct norma_apply *work) {
    if (work->relu) {
        apply_to_spans(work, (struct apply_kind){.residual = work->residual != NULL,
                                                 .relu = true,
                                                 .nontemporal = true,
                                                 .prefetch_distance = work->prefetch_distance > 0});
    } else if (work->prefetch_distance > 0) {
        apply_to_spans(work, (struct apply_kind){.nontemporal = true, .prefetch_distance = true});
    } else {
        apply_to_spans(work, (struct apply_kind){.nontemporal = true});
    }
}

static void apply_stored(const struct norma_apply *work) {
    if (work->residual) {
        apply_to_spans(work, (struct apply_kind){.residual = true, .relu = true});
    } else if (work->relu) {
        apply_to_spans(work, (struct apply_kind){.relu = true});
    } else {
        apply_to_spans(work, (struct apply_kind){0});
    }
}

/* Selections are rare: one loop tests for the epilogue at every step. */
static void apply_selected(const struct norma_apply *work) {
    apply_to_spans(work, (struct apply_kind){.residual = work->residual != NULL,
                                             .relu = work->relu,
                                             .selected = true});
}

/* There is a ReLU wherever there is a residual. */
static void apply(const struct norma_apply *work) {
    if (work->selection) {
        apply_selected(work);
    } else if (work->nontemporal) {
        apply_streamed(work);
    } else {
        apply_stored(work);
    }
}
