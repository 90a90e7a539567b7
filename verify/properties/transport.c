/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/properties/transport.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>

/* The Hungarian algorithm with potentials assigns rows one by one, each along a shortest augmenting
 * path over reduced costs, in O(count^3). Column and row 0 are the root of the path. */
struct assignment {
    const double *cost;
    int count;
    double row_potential[VERIFY_TRANSPORT_MAX + 1], column_potential[VERIFY_TRANSPORT_MAX + 1];
    int row_of[VERIFY_TRANSPORT_MAX + 1]; /* each column's row; 0: the column is free */
};

/* A shortest path tree over the columns. */
struct path {
    double distance[VERIFY_TRANSPORT_MAX + 1];
    int previous[VERIFY_TRANSPORT_MAX + 1];
    bool visited[VERIFY_TRANSPORT_MAX + 1];
};

static double reduced_cost(const struct assignment *assignment, int row, int column) {
    return assignment->cost[(row - 1) * assignment->count + column - 1] -
           assignment->row_potential[row] - assignment->column_potential[column];
}

/* Extends the paths through a column's row, and returns the nearest column not visited yet. */
static int relax(const struct assignment *assignment, struct path *path, int column) {
    const int row = assignment->row_of[column];
    int nearest = 0;
    double least = INFINITY;
    for (int j = 1; j <= assignment->count; j++) {
        if (path->visited[j]) {
            continue;
        }
        const double distance = reduced_cost(assignment, row, j);
        if (distance < path->distance[j]) {
            path->distance[j] = distance;
            path->previous[j] = column;
        }
        if (path->distance[j] < least) {
            least = path->distance[j];
            nearest = j;
        }
    }
    return nearest;
}

/* Keeps reduced costs nonnegative, and those along the tree zero. */
static void shift_potentials(struct assignment *assignment, struct path *path, double delta) {
    for (int j = 0; j <= assignment->count; j++) {
        if (path->visited[j]) {
            assignment->row_potential[assignment->row_of[j]] += delta;
            assignment->column_potential[j] -= delta;
        } else {
            path->distance[j] -= delta;
        }
    }
}

/* Assigns a column to the row, and moves others along the path to a free column. */
static void assign(struct assignment *assignment, int row) {
    struct path path = {.visited = {false}};
    for (int j = 0; j <= assignment->count; j++) {
        path.distance[j] = INFINITY;
    }
    assignment->row_of[0] = row;
    int column = 0;
    do {
        path.visited[column] = true;
        const int next = relax(assignment, &path, column);
        shift_potentials(assignment, &path, path.distance[next]);
        column = next;
    } while (assignment->row_of[column] != 0);
    while (column != 0) {
        const int previous = path.previous[column];
        assignment->row_of[column] = assignment->row_of[previous];
        column = previous;
    }
}

static bool all_finite(const double *values, int count) {
    for (int i = 0; i < count; i++) {
        if (!isfinite(values[i])) {
            return false;
        }
    }
    return true;
}

double verify_assignment(const double *cost, int count) {
    assert(count > 0 && count <= VERIFY_TRANSPORT_MAX);
    if (!all_finite(cost, count * count)) {
        return NAN;
    }
    struct assignment assignment = {.cost = cost, .count = count};
    for (int row = 1; row <= count; row++) {
        assign(&assignment, row);
    }
    double sum = 0.0;
    for (int column = 1; column <= count; column++) {
        sum += cost[(assignment.row_of[column] - 1) * count + column - 1];
    }
    return sum / (double)count;
}

static double distance_between(const float *a, const float *b, int dimensions) {
    double squares = 0.0;
    for (int i = 0; i < dimensions; i++) {
        const double difference = (double)a[i] - (double)b[i];
        squares += difference * difference;
    }
    return sqrt(squares);
}

double verify_earth_mover(const float *a, const float *b, int count, int dimensions) {
    assert(count > 0 && count <= VERIFY_TRANSPORT_MAX);
    double cost[VERIFY_TRANSPORT_MAX * VERIFY_TRANSPORT_MAX];
    for (int i = 0; i < count; i++) {
        for (int j = 0; j < count; j++) {
            cost[i * count + j] =
                distance_between(a + i * dimensions, b + j * dimensions, dimensions);
        }
    }
    return verify_assignment(cost, count);
}
