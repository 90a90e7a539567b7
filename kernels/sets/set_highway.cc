/* The Highway vocabulary, for processors that have no set written by hand: each target that Highway
 * compiles for becomes a set of its own, named highway-avx2 for HWY_AVX2.
 *
 * Highway includes this file once for each target. It chooses the targets itself; macros ahead of
 * its headers change the choice (HWY_WANT_AVX3_DL and its like, HWY_DISABLED_TARGETS).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <atomic>
#include <utility>

#include "kernels/sets/sets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/sets/set_highway.cc"
#include <hwy/foreach_target.h>

#include <hwy/cache_control.h>
#include <hwy/highway.h>

#ifndef NORMA_SET_HIGHWAY
#define NORMA_SET_HIGHWAY

namespace norma {

/* Returns the set of a target; most targets have none. */
template <int64_t target> constexpr const struct norma_set *set_of() {
    return nullptr;
}

/* A string that the compiler puts together, as the names of sets are constants. */
struct text {
    char characters[256] = {};
};

/* Returns a character of Highway's names as norma spells it: HWY_AVX3_DL is highway-avx3-dl, and
 * features are separated by blanks. */
constexpr char respell_character(char c) {
    if ('A' <= c && c <= 'Z') {
        return static_cast<char>(c - 'A' + 'a');
    }
    return c == '_' ? '-' : c == ',' ? ' ' : c;
}

constexpr text respell(const char *prefix, const char *name) {
    text result;
    size_t length = 0;
    for (; *prefix; prefix++) {
        result.characters[length++] = *prefix;
    }
    for (; *name; name++) {
        result.characters[length++] = respell_character(*name);
    }
    return result;
}

/* Returns the targets that this processor supports. Highway looks them up at every call, which in a
 * virtual machine takes far longer than making a plan. */
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

/* A target without double gives no set. Neither do EMU128 and SCALAR, which are not instruction
 * sets but plain C++: set_portable.c is better at that, with fma() where the processor has it. */
#if HWY_HAVE_FLOAT64 && HWY_TARGET != HWY_EMU128 && HWY_TARGET != HWY_SCALAR

HWY_BEFORE_NAMESPACE();
namespace norma {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/* An element of a tensor, in memory. */
using element = float;

/* A register, or 16 lanes of it where it is longer. */
using D32 = hn::CappedTag<float, NORMA_LANES>;
using D64 = hn::CappedTag<double, NORMA_LANES>;
/* As many floats as a register has doubles. */
using Half = hn::Rebind<float, D64>;

/* ---- 16 lanes ----------------------------------------------------------------------------- */

/* Registers whose length is unknown to the compiler (SVE, RVV) cannot be members: there, 16 lanes
 * are memory, which every operation loads from and stores to. SVE's registers have such types even
 * where their length is known to Highway. */
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

    /* A constructor that the compiler adds by itself would not be compiled for this target. */
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

/* Adds, in the tree, the registers that begin with lanes i, i + distance, i + 2 distance and so on.
 * f64x16 must not be passed by value here: compilers copy it in pieces of 16 bytes, for which the
 * load of a longer register then waits. */
template <size_t distance> HWY_INLINE hn::Vec<D64> fold64(const f64x16 &v, size_t i) {
    if constexpr (distance == NORMA_LANES) {
        return v.get(i);
    } else {
        return hn::Add(fold64<2 * distance>(v, i), fold64<2 * distance>(v, i + distance));
    }
}

/* Returns the sum of one register's lanes. */
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

/* Returns, in lane i, the sum of register i; there are as many registers as one has lanes. Adding
 * the halves of two registers makes one register. */
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

static HWY_INLINE f32x16 load(const element *p) {
    f32x16 v;
    for (size_t i = 0; i < NORMA_LANES; i += f32x16::step()) {
        v.set(i, hn::LoadU(D32(), p + i));
    }
    return v;
}

static HWY_INLINE void store(element *p, const f32x16 &v) {
    for (size_t i = 0; i < NORMA_LANES; i += f32x16::step()) {
        hn::StoreU(v.get(i), D32(), p + i);
    }
}

static HWY_INLINE void stream(element *p, const f32x16 &v) {
    for (size_t i = 0; i < NORMA_LANES; i += f32x16::step()) {
        hn::Stream(v.get(i), D32(), p + i);
    }
}

static HWY_INLINE void stream_fence() {
    hwy::FlushStream();
}

static HWY_INLINE f64x16 widen_load(const element *p) {
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

/* Returns the mask of those lanes below `count` that the register beginning with lane i has. */
static HWY_INLINE hn::Mask<D32> first_lanes(size_t i, int count) {
    const auto end = static_cast<size_t>(count);
    return hn::FirstN(D32(), i < end ? end - i : 0);
}

/* A masked access must not touch the lanes that it leaves out, as there may be no memory. AVX2's
 * accesses to floats do not; Highway reports that they might because those to shorter types do. */
#if !HWY_MEM_OPS_MIGHT_FAULT || HWY_TARGET == HWY_AVX2

static HWY_INLINE f32x16 load_tail(const element *p, int count) {
    f32x16 v;
    for (size_t i = 0; i < NORMA_LANES; i += f32x16::step()) {
        v.set(i, hn::MaskedLoad(first_lanes(i, count), D32(), p + i));
    }
    return v;
}

static HWY_INLINE void store_tail(element *p, int count, const f32x16 &v) {
    for (size_t i = 0; i < NORMA_LANES; i += f32x16::step()) {
        hn::BlendedStore(v.get(i), first_lanes(i, count), D32(), p + i);
    }
}

static HWY_INLINE f64x16 widen_load_tail(const element *p, int count, float fill) {
    f32x16 v = load_tail(p, count);
    for (size_t i = 0; i < NORMA_LANES; i += f32x16::step()) {
        v.set(i, hn::IfThenElse(first_lanes(i, count), v.get(i), hn::Set(D32(), fill)));
    }
    return widen(v);
}

#else

static HWY_INLINE f32x16 load_tail(const element *p, int count) {
    element whole[NORMA_LANES] = {};
    memcpy(whole, p, static_cast<size_t>(count) * sizeof *p);
    return load(whole);
}

static HWY_INLINE void store_tail(element *p, int count, const f32x16 &v) {
    element whole[NORMA_LANES];
    store(whole, v);
    memcpy(p, whole, static_cast<size_t>(count) * sizeof *p);
}

static HWY_INLINE f64x16 widen_load_tail(const element *p, int count, float fill) {
    element whole[NORMA_LANES];
    for (element &lane : whole) {
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

/* fma is part of the bits, so its result is computed without the instruction. A sum that was
 * rounded to odd can be rounded again without harm [Boldo, Melquiond 2008: Emulation of a FMA and
 * correctly rounded sums: proved algorithms using rounding to odd]. This is exact as long as no
 * product's error leaves the range of double; products of floats are far from that. */

using V64 = hn::Vec<D64>;

/* Returns a + b - sum, the rounding error of sum = a + b; NaN where sum is not finite. */
static HWY_INLINE V64 sum_error(V64 a, V64 b, V64 sum) {
    const V64 from_b = hn::Sub(sum, a);
    return hn::Add(hn::Sub(a, hn::Sub(sum, from_b)), hn::Sub(b, from_b));
}

/* Returns a + b rounded to odd: where it is not a double, rounded towards zero, and then the last
 * bit set. */
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

/* Needs no error of the product: that of two floats is exact in double. */
static HWY_INLINE f32x16 fma32(const f32x16 &a, const f32x16 &b, const f32x16 &c) {
    f64x16 product = mul64(widen(a), widen(b));
    const f64x16 addend = widen(c);
    for (size_t i = 0; i < NORMA_LANES; i += f64x16::step()) {
        product.set(i, add_to_odd(product.get(i), addend.get(i)));
    }
    return narrow(product);
}

/* Returns the upper 26 bits of a. The rest, a minus these, is exact, too. */
static HWY_INLINE V64 upper_bits(V64 a) {
    const V64 shifted = hn::Mul(a, hn::Set(D64(), 0x1p27 + 1.0));
    return hn::Sub(shifted, hn::Sub(shifted, a));
}

/* Returns a b - product, the rounding error of product = a b [Dekker 1971]. */
static HWY_INLINE V64 product_error(V64 a, V64 b, V64 product) {
    const V64 a_high = upper_bits(a), b_high = upper_bits(b);
    const V64 a_low = hn::Sub(a, a_high), b_low = hn::Sub(b, b_high);
    const V64 high = hn::Sub(hn::Mul(a_high, b_high), product);
    const V64 middle = hn::Add(hn::Add(high, hn::Mul(a_high, b_low)), hn::Mul(a_low, b_high));
    return hn::Add(middle, hn::Mul(a_low, b_low));
}

/* Returns fma(a, b, c). Where the result is not finite, or is a zero, whose sign counts, it is that
 * of a multiplication and an addition. */
static HWY_INLINE V64 fuse(V64 a, V64 b, V64 c) {
    const V64 product = hn::Mul(a, b);
    const V64 low = product_error(a, b, product);
    const V64 low_sum = hn::Add(c, low);
    const V64 sum = hn::Add(product, low_sum);
    const V64 rest = add_to_odd(sum_error(product, low_sum, sum), sum_error(c, low, low_sum));
    const V64 result = hn::Add(sum, rest);
    const auto settled = hn::Gt(hn::Abs(result), hn::Zero(D64())); /* false for NaN */
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
static constexpr text features = respell("", HWY_TARGET_STR);
#else
static constexpr text features = respell("", "");
#endif

/* Skips the first two characters, as N_AVX2 is the namespace of AVX2. */
static constexpr text name = respell("highway-", &HWY_STR(HWY_NAMESPACE)[2]);

#define NORMA_SET_SYMBOL   set
#define NORMA_SET_NAME     name.characters
#define NORMA_SET_FEATURES features.characters

/* The template is C11. It has compound literals, which GCC and Clang accept in C++ as well, and
 * leaves members out of initializers, which are zero in C++, too. */
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

/* Returns set number index. A target is a bit, and better targets have lower bits. */
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
