/* The Highway vocabulary: each target that Highway compiles for becomes a set of its own, named
 * highway-avx2 for HWY_AVX2. For processors that no set is written for by hand.
 *
 * Highway includes this file once for each target. Which targets these are is its own choice,
 * which macros ahead of its headers change (HWY_WANT_..., HWY_DISABLED_TARGETS).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <atomic>
#include <utility>

/* norma.h has functions with the names of the structures that they fill in: fine, says C++; they
 * shadow constructors, says GCC. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
#include "kernels/sets/sets.h"
#pragma GCC diagnostic pop

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/sets/set_highway.cc"
#include <hwy/foreach_target.h>

#include <hwy/cache_control.h>
#include <hwy/highway.h>

#ifndef NORMA_SET_HIGHWAY
#define NORMA_SET_HIGHWAY

namespace norma {

/* The set of a target; none for most. */
template <int64_t target> constexpr const struct norma_set *set_of() {
    return nullptr;
}

/* A prefix, and what Highway calls a thing, spelled as norma does. */
struct text {
    char characters[256] = {};

    constexpr text(const char *prefix, const char *name) {
        size_t length = 0;
        for (; *prefix; prefix++) {
            characters[length++] = *prefix;
        }
        for (; *name; name++) {
            characters[length++] = spelled(*name);
        }
    }

    static constexpr char spelled(char c) {
        return c == '_'               ? '-'
               : c == ','             ? ' '
               : 'A' <= c && c <= 'Z' ? static_cast<char>(c - 'A' + 'a')
                                      : c;
    }
};

/* Highway asks the processor each time that it is asked itself: in a virtual machine that takes far
 * longer than to make a plan. */
inline int64_t supported_targets() {
    static std::atomic<int64_t> known{0};
    int64_t targets = known.load(std::memory_order_relaxed);
    if (targets == 0) {
        targets = hwy::SupportedTargets();
        known.store(targets, std::memory_order_relaxed);
    }
    return targets;
}

} // namespace norma

#endif

/* Without double there is no set. EMU128 and SCALAR are no instruction sets but plain C++, which
 * set_portable.c does better: with fma() where the processor has it. */
#if HWY_HAVE_FLOAT64 && HWY_TARGET != HWY_EMU128 && HWY_TARGET != HWY_SCALAR

HWY_BEFORE_NAMESPACE();
namespace norma {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/* A register, or 16 lanes of it where it is longer. */
using D32 = hn::CappedTag<float, NORMA_LANES>;
using D64 = hn::CappedTag<double, NORMA_LANES>;
/* As many floats as there are doubles in a register. */
using Half = hn::Rebind<float, D64>;

/* ---- 16 lanes ----------------------------------------------------------------------------- */

/* Registers whose length the compiler does not know (SVE, RVV) cannot be members: there, 16 lanes
 * are memory, from which every operation loads and to which it stores. SVE's registers are of
 * such types even where Highway knows their length. */
#undef NORMA_SET_SUMS64
#if HWY_HAVE_SCALABLE || HWY_TARGET == HWY_SVE_256 || HWY_TARGET == HWY_SVE2_128

template <class D> struct lanes {
    alignas(64) hn::TFromD<D> lane[NORMA_LANES];

    static HWY_INLINE size_t step() {
        return hn::Lanes(D());
    }
    HWY_INLINE hn::Vec<D> get(size_t i) const {
        return hn::Load(D(), lane + i);
    }
    HWY_INLINE void set(size_t i, hn::Vec<D> v) {
        hn::Store(v, D(), lane + i);
    }
};

using f32x16 = lanes<D32>;
using f64x16 = lanes<D64>;

static HWY_INLINE f64x16 widen(const f32x16 &v) {
    f64x16 wide;
    for (size_t i = 0; i < NORMA_LANES; i += f64x16::step()) {
        wide.set(i, hn::PromoteTo(D64(), hn::Load(Half(), v.lane + i)));
    }
    return wide;
}

static HWY_INLINE f32x16 narrow(const f64x16 &v) {
    f32x16 small;
    for (size_t i = 0; i < NORMA_LANES; i += f64x16::step()) {
        hn::Store(hn::DemoteTo(Half(), v.get(i)), Half(), small.lane + i);
    }
    return small;
}

static HWY_INLINE double sum64(f64x16 v) {
    for (size_t half = NORMA_LANES / 2; half > 0; half /= 2) {
        for (size_t i = 0; i < half; i++) {
            v.lane[i] += v.lane[i + half];
        }
    }
    return v.lane[0];
}

#else

template <class D> struct lanes {
    hn::Vec<D> part[NORMA_LANES / hn::MaxLanes(D())];

    /* One that the compiler adds by itself is not of this target. */
    HWY_INLINE lanes() {
    }
    static constexpr size_t step() {
        return hn::MaxLanes(D());
    }
    HWY_INLINE hn::Vec<D> get(size_t i) const {
        return part[i / step()];
    }
    HWY_INLINE void set(size_t i, hn::Vec<D> v) {
        part[i / step()] = v;
    }
};

using f32x16 = lanes<D32>;
using f64x16 = lanes<D64>;

static HWY_INLINE f64x16 widen(const f32x16 &v) {
    f64x16 wide;
    for (size_t i = 0; i < NORMA_LANES; i += f32x16::step()) {
        wide.set(i, hn::PromoteTo(D64(), hn::LowerHalf(Half(), v.get(i))));
        wide.set(i + f64x16::step(), hn::PromoteTo(D64(), hn::UpperHalf(Half(), v.get(i))));
    }
    return wide;
}

static HWY_INLINE f32x16 narrow(const f64x16 &v) {
    f32x16 small;
    for (size_t i = 0; i < NORMA_LANES; i += f32x16::step()) {
        const auto low = hn::DemoteTo(Half(), v.get(i));
        const auto high = hn::DemoteTo(Half(), v.get(i + f64x16::step()));
        small.set(i, hn::Combine(D32(), high, low));
    }
    return small;
}

/* Lanes i, i + distance, i + 2 distance, ... of a register each, added in the tree. Nowhere here is
 * f64x16 passed by value: compilers copy it in pieces of 16 bytes, for which the load of a longer
 * register then waits. */
template <size_t distance> HWY_INLINE hn::Vec<D64> fold64(const f64x16 &v, size_t i) {
    if constexpr (distance == NORMA_LANES) {
        return v.get(i);
    } else {
        return hn::Add(fold64<2 * distance>(v, i), fold64<2 * distance>(v, i + distance));
    }
}

/* Of one register. */
template <class D> HWY_INLINE double sum_halves(D d, hn::Vec<D> v) {
    if constexpr (hn::MaxLanes(d) == 1) {
        return hn::GetLane(v);
    } else {
        const hn::Half<D> half;
        return sum_halves(half, hn::Add(hn::LowerHalf(half, v), hn::UpperHalf(half, v)));
    }
}

static HWY_INLINE double sum64(const f64x16 &v) {
    return sum_halves(D64(), fold64<f64x16::step()>(v, 0));
}

#define NORMA_SET_SUMS64

/* As many registers as one has lanes: what halves them makes one of two. */
template <class D> HWY_INLINE hn::Vec<D> sums_of_registers(D d, const hn::Vec<D> *v) {
    constexpr size_t count = hn::MaxLanes(d);
    if constexpr (count == 1) {
        return v[0];
    } else {
        const hn::Half<D> half;
        hn::Vec<hn::Half<D>> halves[count];
        for (size_t i = 0; i < count; i++) {
            halves[i] = hn::Add(hn::LowerHalf(half, v[i]), hn::UpperHalf(half, v[i]));
        }
        return hn::Combine(d, sums_of_registers(half, halves + count / 2),
                           sums_of_registers(half, halves));
    }
}

static HWY_INLINE f64x16 sums64(const f64x16 *v) {
    f64x16 sums;
    for (size_t i = 0; i < NORMA_LANES; i += f64x16::step()) {
        hn::Vec<D64> folded[f64x16::step()];
        for (size_t k = 0; k < f64x16::step(); k++) {
            folded[k] = fold64<f64x16::step()>(v[i + k], 0);
        }
        sums.set(i, sums_of_registers(D64(), folded));
    }
    return sums;
}

#endif

/* ---- memory ------------------------------------------------------------------------------- */

static HWY_INLINE f32x16 load(const float *p) {
    f32x16 v;
    for (size_t i = 0; i < NORMA_LANES; i += f32x16::step()) {
        v.set(i, hn::LoadU(D32(), p + i));
    }
    return v;
}

static HWY_INLINE void store(float *p, const f32x16 &v) {
    for (size_t i = 0; i < NORMA_LANES; i += f32x16::step()) {
        hn::StoreU(v.get(i), D32(), p + i);
    }
}

static HWY_INLINE void stream(float *p, const f32x16 &v) {
    for (size_t i = 0; i < NORMA_LANES; i += f32x16::step()) {
        hn::Stream(v.get(i), D32(), p + i);
    }
}

static HWY_INLINE void stream_fence() {
    hwy::FlushStream();
}

static HWY_INLINE f64x16 widen_load(const float *p) {
    f64x16 v;
    for (size_t i = 0; i < NORMA_LANES; i += f64x16::step()) {
        v.set(i, hn::PromoteTo(D64(), hn::LoadU(Half(), p + i)));
    }
    return v;
}

static HWY_INLINE f64x16 load64(const double *p) {
    f64x16 v;
    for (size_t i = 0; i < NORMA_LANES; i += f64x16::step()) {
        v.set(i, hn::LoadU(D64(), p + i));
    }
    return v;
}

static HWY_INLINE void store64(double *p, const f64x16 &v) {
    for (size_t i = 0; i < NORMA_LANES; i += f64x16::step()) {
        hn::StoreU(v.get(i), D64(), p + i);
    }
}

/* Of the register that begins with lane i: its lanes below `count`. */
static HWY_INLINE hn::Mask<D32> first_lanes(size_t i, int count) {
    const auto end = static_cast<size_t>(count);
    return hn::FirstN(D32(), i < end ? end - i : 0);
}

/* A masked access must not touch what it leaves out: there may be no memory. AVX2's do not for
 * floats; Highway says that they might because those for shorter types do. */
#if !HWY_MEM_OPS_MIGHT_FAULT || HWY_TARGET == HWY_AVX2

static HWY_INLINE f32x16 load_tail(const float *p, int count) {
    f32x16 v;
    for (size_t i = 0; i < NORMA_LANES; i += f32x16::step()) {
        v.set(i, hn::MaskedLoad(first_lanes(i, count), D32(), p + i));
    }
    return v;
}

static HWY_INLINE void store_tail(float *p, int count, const f32x16 &v) {
    for (size_t i = 0; i < NORMA_LANES; i += f32x16::step()) {
        hn::BlendedStore(v.get(i), first_lanes(i, count), D32(), p + i);
    }
}

static HWY_INLINE f64x16 widen_load_tail(const float *p, int count, float fill) {
    f32x16 v = load_tail(p, count);
    for (size_t i = 0; i < NORMA_LANES; i += f32x16::step()) {
        v.set(i, hn::IfThenElse(first_lanes(i, count), v.get(i), hn::Set(D32(), fill)));
    }
    return widen(v);
}

#else

static HWY_INLINE f32x16 load_tail(const float *p, int count) {
    float whole[NORMA_LANES] = {};
    memcpy(whole, p, static_cast<size_t>(count) * sizeof *p);
    return load(whole);
}

static HWY_INLINE void store_tail(float *p, int count, const f32x16 &v) {
    float whole[NORMA_LANES];
    store(whole, v);
    memcpy(p, whole, static_cast<size_t>(count) * sizeof *p);
}

static HWY_INLINE f64x16 widen_load_tail(const float *p, int count, float fill) {
    float whole[NORMA_LANES];
    for (float &lane : whole) {
        lane = fill;
    }
    memcpy(whole, p, static_cast<size_t>(count) * sizeof *p);
    return widen_load(whole);
}

#endif

/* ---- arithmetic --------------------------------------------------------------------------- */

template <class D> HWY_INLINE lanes<D> splat_lanes(hn::TFromD<D> a) {
    lanes<D> v;
    for (size_t i = 0; i < NORMA_LANES; i += v.step()) {
        v.set(i, hn::Set(D(), a));
    }
    return v;
}

static HWY_INLINE f32x16 splat32(float a) {
    return splat_lanes<D32>(a);
}

static HWY_INLINE f64x16 splat64(double a) {
    return splat_lanes<D64>(a);
}

#define NORMA_LANEWISE(type, name, operation)                                                      \
    static HWY_INLINE type name(type a, const type &b) {                                           \
        for (size_t i = 0; i < NORMA_LANES; i += type::step()) {                                   \
            a.set(i, operation(a.get(i), b.get(i)));                                               \
        }                                                                                          \
        return a;                                                                                  \
    }

NORMA_LANEWISE(f32x16, add32, hn::Add)
NORMA_LANEWISE(f32x16, sub32, hn::Sub)
NORMA_LANEWISE(f32x16, mul32, hn::Mul)
NORMA_LANEWISE(f32x16, div32, hn::Div)
NORMA_LANEWISE(f64x16, add64, hn::Add)
NORMA_LANEWISE(f64x16, sub64, hn::Sub)
NORMA_LANEWISE(f64x16, mul64, hn::Mul)
NORMA_LANEWISE(f64x16, div64, hn::Div)

static HWY_INLINE f32x16 relu_mask(f32x16 v, const f32x16 &y) {
    for (size_t i = 0; i < NORMA_LANES; i += f32x16::step()) {
        v.set(i, hn::IfThenZeroElse(hn::Le(y.get(i), hn::Zero(D32())), v.get(i)));
    }
    return v;
}

static HWY_INLINE f32x16 join_lanes(const f32x16 &first, int count, f32x16 rest) {
    for (size_t i = 0; i < NORMA_LANES; i += f32x16::step()) {
        rest.set(i, hn::IfThenElse(first_lanes(i, count), first.get(i), rest.get(i)));
    }
    return rest;
}

static HWY_INLINE f32x16 select_by_label(const uint8_t *labels, uint8_t label, const f32x16 &yes,
                                         f32x16 no) {
    const hn::RebindToUnsigned<D32> wide;
    const hn::Rebind<uint8_t, D32> bytes;
    for (size_t i = 0; i < NORMA_LANES; i += f32x16::step()) {
        const auto chosen =
            hn::Eq(hn::PromoteTo(wide, hn::LoadU(bytes, labels + i)), hn::Set(wide, label));
        no.set(i, hn::IfThenElse(hn::RebindMask(D32(), chosen), yes.get(i), no.get(i)));
    }
    return no;
}

/* ---- multiply-add ------------------------------------------------------------------------- */

#undef NORMA_SET_WITHOUT_FMA

#if HWY_NATIVE_FMA

template <class X> HWY_INLINE X fuse(X a, const X &b, const X &c) {
    for (size_t i = 0; i < NORMA_LANES; i += X::step()) {
        a.set(i, hn::MulAdd(a.get(i), b.get(i), c.get(i)));
    }
    return a;
}

static HWY_INLINE f32x16 fma32(const f32x16 &a, const f32x16 &b, const f32x16 &c) {
    return fuse(a, b, c);
}

static HWY_INLINE f64x16 fma64(const f64x16 &a, const f64x16 &b, const f64x16 &c) {
    return fuse(a, b, c);
}

#else

#define NORMA_SET_WITHOUT_FMA

/* Without the instruction, its result: fma is part of the bits. Rounded to odd, a sum can be
 * rounded again without harm [Boldo, Melquiond 2008: Emulation of a FMA and correctly rounded sums:
 * proved algorithms using rounding to odd]. Exact as long as no product's error leaves the range of
 * double; products of floats are far from that. */

using V64 = hn::Vec<D64>;

/* What rounding took from sum = a + b; NaN where that is not finite. */
static HWY_INLINE V64 sum_error(V64 a, V64 b, V64 sum) {
    const V64 from_b = hn::Sub(sum, a);
    return hn::Add(hn::Sub(a, hn::Sub(sum, from_b)), hn::Sub(b, from_b));
}

/* Where a + b is not a double: towards zero, and then the last bit set. */
static HWY_INLINE V64 add_to_odd(V64 a, V64 b) {
    const hn::RebindToUnsigned<D64> integers;
    const V64 sum = hn::Add(a, b);
    const V64 error = sum_error(a, b, sum);
    const auto bits = hn::BitCast(integers, sum);
    const auto too_far = hn::ShiftRight<63>(hn::Xor(bits, hn::BitCast(integers, error)));
    const auto odd = hn::Or(hn::Sub(bits, too_far), hn::Set(integers, 1));
    const auto inexact = hn::Gt(hn::Abs(error), hn::Zero(D64()));
    return hn::IfThenElse(inexact, hn::BitCast(D64(), odd), sum);
}

/* The product of two floats is exact in double. */
static HWY_INLINE f32x16 fma32(const f32x16 &a, const f32x16 &b, const f32x16 &c) {
    f64x16 product = mul64(widen(a), widen(b));
    const f64x16 addend = widen(c);
    for (size_t i = 0; i < NORMA_LANES; i += f64x16::step()) {
        product.set(i, add_to_odd(product.get(i), addend.get(i)));
    }
    return narrow(product);
}

/* The upper 26 bits; the others are exact, too. */
static HWY_INLINE V64 upper_bits(V64 a) {
    const V64 shifted = hn::Mul(a, hn::Set(D64(), 0x1p27 + 1.0));
    return hn::Sub(shifted, hn::Sub(shifted, a));
}

/* What rounding took from product = a b [Dekker 1971]. */
static HWY_INLINE V64 product_error(V64 a, V64 b, V64 product) {
    const V64 a_high = upper_bits(a), b_high = upper_bits(b);
    const V64 a_low = hn::Sub(a, a_high), b_low = hn::Sub(b, b_high);
    const V64 high = hn::Sub(hn::Mul(a_high, b_high), product);
    const V64 middle = hn::Add(hn::Add(high, hn::Mul(a_high, b_low)), hn::Mul(a_low, b_high));
    return hn::Add(middle, hn::Mul(a_low, b_low));
}

/* What is not finite, and the sign of a zero, is that of the two operations. */
static HWY_INLINE V64 fuse(V64 a, V64 b, V64 c) {
    const V64 product = hn::Mul(a, b);
    const V64 low = product_error(a, b, product);
    const V64 low_sum = hn::Add(c, low);
    const V64 sum = hn::Add(product, low_sum);
    const V64 rest = add_to_odd(sum_error(product, low_sum, sum), sum_error(c, low, low_sum));
    const V64 result = hn::Add(sum, rest);
    const auto settled = hn::Gt(hn::Abs(result), hn::Zero(D64())); /* not of NaN */
    return hn::IfThenElse(settled, result, hn::Add(product, c));
}

static HWY_INLINE f64x16 fma64(f64x16 a, const f64x16 &b, const f64x16 &c) {
    for (size_t i = 0; i < NORMA_LANES; i += f64x16::step()) {
        a.set(i, fuse(a.get(i), b.get(i), c.get(i)));
    }
    return a;
}

#endif

/* ---- the set ------------------------------------------------------------------------------ */

static bool available() {
    return (supported_targets() & HWY_TARGET) != 0;
}

#ifdef HWY_TARGET_STR
static constexpr text features("", HWY_TARGET_STR);
#else
static constexpr text features("", "");
#endif

/* N_AVX2 is the namespace of AVX2. */
static constexpr text name("highway-", &HWY_STR(HWY_NAMESPACE)[2]);

#define NORMA_SET_SYMBOL   set
#define NORMA_SET_NAME     name.characters
#define NORMA_SET_FEATURES features.characters

/* The template is C11: compound literals, which GCC and Clang take in C++ as well, and members left
 * out of them, which are zero there, too. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"
#include "kernels/sets/template.h"
#pragma GCC diagnostic pop

} // namespace HWY_NAMESPACE
} // namespace norma
HWY_AFTER_NAMESPACE();

namespace norma {
template <> constexpr const struct norma_set *set_of<HWY_TARGET>() {
    return &HWY_NAMESPACE::set;
}
} // namespace norma

#endif

/* ---- all of them -------------------------------------------------------------------------- */

#if HWY_ONCE

namespace norma {

/* A target is a bit, and the better, the lower. */
template <size_t... bit>
static const struct norma_set *set_number(size_t index, std::index_sequence<bit...>) {
    for (const struct norma_set *set : {set_of<int64_t{1} << bit>()...}) {
        if (set && index-- == 0) {
            return set;
        }
    }
    return nullptr;
}

} // namespace norma

const struct norma_set *norma_set_highway(size_t index) {
    return norma::set_number(index, std::make_index_sequence<63>());
}

#endif
