/* The vocabulary of a set (see template.h): each function by itself, over arrays of 16 lanes.
 *
 * Kernels do not use it. It is in the library because the functions themselves are inlined
 * everywhere, and a function that is wrong in a lane, or at a value, that the tests of the kernels
 * do not happen to use would first show in a user's data. norma-verify checks each of them, and so
 * tells the author of a new set which function is wrong, and not only which kernel.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_SETS_SET_VOCABULARY_H
#define KERNELS_SETS_SET_VOCABULARY_H

#include <stdint.h>

/* p is memory of elements or, in load64 and store64, of doubles. All other arrays are loaded and
 * stored by the set's load32, store32, load64 and store64. */
struct norma_vocabulary {
    void (*load)(const void *p, float *out);
    void (*load_tail)(const void *p, int count, float *out);
    void (*store)(void *p, const float *v);
    void (*store_tail)(void *p, int count, const float *v);
    void (*stream)(void *p, const float *v); /* with the fence after it */
    void (*splat32)(float a, float *out);
    void (*add32)(const float *a, const float *b, float *out);
    void (*sub32)(const float *a, const float *b, float *out);
    void (*mul32)(const float *a, const float *b, float *out);
    void (*div32)(const float *a, const float *b, float *out);
    void (*fma32)(const float *a, const float *b, const float *c, float *out);
    void (*relu_mask)(const float *v, const float *y, float *out);
    void (*join_lanes)(const float *first, int count, const float *rest, float *out);
    void (*select_by_label)(const uint8_t *labels, uint8_t label, const float *yes, const float *no,
                            float *out);
    void (*widen)(const float *v, double *out);
    void (*narrow)(const double *v, float *out);
    void (*widen_load)(const void *p, double *out);
    void (*widen_load_tail)(const void *p, int count, float fill, double *out);
    void (*load64)(const double *p, double *out);
    void (*store64)(double *p, const double *v);
    void (*splat64)(double a, double *out);
    void (*add64)(const double *a, const double *b, double *out);
    void (*sub64)(const double *a, const double *b, double *out);
    void (*mul64)(const double *a, const double *b, double *out);
    void (*div64)(const double *a, const double *b, double *out);
    void (*fma64)(const double *a, const double *b, const double *c, double *out);
    double (*sum64)(const double *v);
    void (*sums64)(const double *v, double *out); /* v has 16 times 16 lanes */
};

#endif
