/* Every function of the vocabulary by itself (see set_vocabulary.h). Part of template.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/* ---- memory ------------------------------------------------------------------------------- */

static void vocabulary_load(const void *p, float *out) {
    store32(out, load(element_at(p, 0)));
}

static void vocabulary_load_tail(const void *p, int count, float *out) {
    store32(out, load_tail(element_at(p, 0), count));
}

static void vocabulary_store(void *p, const float *v) {
    store(output_at(p, 0), load32(v));
}

static void vocabulary_store_tail(void *p, int count, const float *v) {
    store_tail(output_at(p, 0), count, load32(v));
}

static void vocabulary_stream(void *p, const float *v) {
    stream(output_at(p, 0), load32(v));
    stream_fence();
}

static void vocabulary_widen_load(const void *p, double *out) {
    store64(out, widen_load(element_at(p, 0)));
}

static void vocabulary_widen_load_tail(const void *p, int count, float fill, double *out) {
    store64(out, widen_load_tail(element_at(p, 0), count, fill));
}

static void vocabulary_load64(const double *p, double *out) {
    store64(out, load64(p));
}

static void vocabulary_store64(double *p, const double *v) {
    store64(p, load64(v));
}

/* ---- lanes -------------------------------------------------------------------------------- */

#define NORMA_OF_ONE(name, from, from_load, to, to_store)                                          \
    static void vocabulary_##name(const from *v, to *out) {                                        \
        to_store(out, name(from_load(v)));                                                         \
    }
#define NORMA_OF_TWO(name, type, load_lanes, store_lanes)                                          \
    static void vocabulary_##name(const type *a, const type *b, type *out) {                       \
        store_lanes(out, name(load_lanes(a), load_lanes(b)));                                      \
    }
#define NORMA_OF_THREE(name, type, load_lanes, store_lanes)                                        \
    static void vocabulary_##name(const type *a, const type *b, const type *c, type *out) {        \
        store_lanes(out, name(load_lanes(a), load_lanes(b), load_lanes(c)));                       \
    }

NORMA_OF_TWO(add32, float, load32, store32)
NORMA_OF_TWO(sub32, float, load32, store32)
NORMA_OF_TWO(mul32, float, load32, store32)
NORMA_OF_TWO(div32, float, load32, store32)
NORMA_OF_TWO(relu_mask, float, load32, store32)
NORMA_OF_THREE(fma32, float, load32, store32)
NORMA_OF_ONE(widen, float, load32, double, store64)
NORMA_OF_ONE(narrow, double, load64, float, store32)
NORMA_OF_TWO(add64, double, load64, store64)
NORMA_OF_TWO(sub64, double, load64, store64)
NORMA_OF_TWO(mul64, double, load64, store64)
NORMA_OF_TWO(div64, double, load64, store64)
NORMA_OF_THREE(fma64, double, load64, store64)

#undef NORMA_OF_ONE
#undef NORMA_OF_TWO
#undef NORMA_OF_THREE

static void vocabulary_splat32(float a, float *out) {
    store32(out, splat32(a));
}

static void vocabulary_splat64(double a, double *out) {
    store64(out, splat64(a));
}

static void vocabulary_join_lanes(const float *first, int count, const float *rest, float *out) {
    store32(out, join_lanes(load32(first), count, load32(rest)));
}

static void vocabulary_select_by_label(const uint8_t *labels, uint8_t label, const float *yes,
                                       const float *no, float *out) {
    store32(out, select_by_label(labels, label, load32(yes), load32(no)));
}

static double vocabulary_sum64(const double *v) {
    return sum64(load64(v));
}

static void vocabulary_sums64(const double *v, double *out) {
    f64x16 lanes[NORMA_LANES];
    for (int i = 0; i < NORMA_LANES; i++) {
        lanes[i] = load64(v + i * NORMA_LANES);
    }
    store64(out, sums64(lanes));
}

static const struct norma_vocabulary vocabulary = {
    .load = vocabulary_load,
    .load_tail = vocabulary_load_tail,
    .store = vocabulary_store,
    .store_tail = vocabulary_store_tail,
    .stream = vocabulary_stream,
    .splat32 = vocabulary_splat32,
    .add32 = vocabulary_add32,
    .sub32 = vocabulary_sub32,
    .mul32 = vocabulary_mul32,
    .div32 = vocabulary_div32,
    .fma32 = vocabulary_fma32,
    .relu_mask = vocabulary_relu_mask,
    .join_lanes = vocabulary_join_lanes,
    .select_by_label = vocabulary_select_by_label,
    .widen = vocabulary_widen,
    .narrow = vocabulary_narrow,
    .widen_load = vocabulary_widen_load,
    .widen_load_tail = vocabulary_widen_load_tail,
    .load64 = vocabulary_load64,
    .store64 = vocabulary_store64,
    .splat64 = vocabulary_splat64,
    .add64 = vocabulary_add64,
    .sub64 = vocabulary_sub64,
    .mul64 = vocabulary_mul64,
    .div64 = vocabulary_div64,
    .fma64 = vocabulary_fma64,
    .sum64 = vocabulary_sum64,
    .sums64 = vocabulary_sums64,
};
