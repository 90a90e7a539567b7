/* The Earth Mover (Wasserstein-1) distance between two samples of the same size.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_PROPERTIES_TRANSPORT_H
#define VERIFY_PROPERTIES_TRANSPORT_H

enum { VERIFY_TRANSPORT_MAX = 64 };

/* Returns the least mean of cost[i][permutation(i)] over all permutations; NaN if a cost is not
 * finite. cost is [count][count], and count must be from 1 to VERIFY_TRANSPORT_MAX. */
double verify_assignment(const double *cost, int count);

/* Returns the distance between the empirical distributions of `count` points each in `dimensions`
 * dimensions, [count][dimensions], with the Euclidean norm as cost. It is exact, because for
 * samples of equal size one of the cheapest transports moves each point as a whole. */
double verify_earth_mover(const float *a, const float *b, int count, int dimensions);

#endif
