/* The Earth Mover (Wasserstein-1) distance between two samples of the same size.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_PROPERTIES_TRANSPORT_H
#define VERIFY_PROPERTIES_TRANSPORT_H

enum { VERIFY_TRANSPORT_MAX = 64 };

/* The least mean of cost[i][permutation(i)], cost being [count][count], count from 1 to
 * VERIFY_TRANSPORT_MAX; NaN if a cost is not finite. */
double verify_assignment(const double *cost, int count);

/* The distance between the empirical distributions of `count` points each in `dimensions`
 * dimensions, [count][dimensions], with the Euclidean norm as cost. Exact: of samples of equal
 * size, one of the cheapest transports moves each point as a whole. */
double verify_earth_mover(const float *a, const float *b, int count, int dimensions);

#endif
