/* Checks that a picture that would show nothing is not made, and that an absence has the reason.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "plots/draw/pictures.h"
#include "plots/tests/fixture.h"
#include "verify/harness/tool/tool.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define MEMORY(threads)                                                                            \
    "{\"type\":\"memory\",\"schema\":1,\"kernel\":\"copy\",\"threads\":" threads                   \
    ",\"footprint\":4194304,\"gbps\":60}\n"                                                        \
    "{\"type\":\"compute\",\"schema\":1,\"kernel\":\"fma32\",\"threads\":" threads                 \
    ",\"gflops\":123}\n"

struct made {
    struct fixture fixture;
    struct plot_pictures pictures;
};

/* Returns whether a data block has rows. */
static bool has_rows(const struct plot_picture *picture, const char *name) {
    char *head = tool_text("%s << EOD\n", name);
    const char *block = strstr(picture->data, head);
    bool has = block && strncmp(block + strlen(head), "EOD", 3) != 0;
    free(head);
    return has;
}

/* Checks that all data blocks that are plotted have rows. */
static void check_blocks(const struct plot_picture *picture) {
    size_t blocks = 0;
    for (const char *at = picture->commands; (at = strchr(at, '$')) != NULL; at++) {
        char *name = tool_text("%.*s", (int)strcspn(at, " "), at);
        cr_expect(has_rows(picture, name), "%s: nothing in %s", picture->name, name);
        free(name);
        blocks++;
    }
    cr_expect_gt(blocks, 0, "%s plots nothing", picture->name);
}

static void draw(struct made *made) {
    plot_view_create(&made->fixture.view, &made->fixture.results);
    plot_pictures_create(&made->pictures, &made->fixture.view);
    for (size_t i = 0; i < made->pictures.count; i++) {
        check_blocks(&made->pictures.items[i]);
    }
}

static void destroy(struct made *made) {
    plot_pictures_destroy(&made->pictures);
    fixture_destroy(&made->fixture);
}

/* Returns the only picture of a kind with a number of threads; NULL: none. */
static const struct plot_picture *find(const struct made *made, enum plot_picture_kind kind,
                                       long long threads) {
    const struct plot_picture *found = NULL;
    for (size_t i = 0; i < made->pictures.count; i++) {
        const struct plot_picture *picture = &made->pictures.items[i];
        if (picture->kind == kind && picture->threads == threads) {
            cr_expect_null(found, "another %s", picture->name);
            found = picture;
        }
    }
    return found;
}

/* Checks that there is no picture of that kind, and an absence with these words. */
static void expect_absent(const struct made *made, enum plot_picture_kind kind, long long threads,
                          const char *what, const char *why) {
    cr_expect_null(find(made, kind, threads), "a picture of %s", what);
    for (size_t i = 0; i < made->pictures.absence_count; i++) {
        const struct plot_absence *absence = &made->pictures.absences[i];
        if (absence->kind == kind && absence->threads == threads &&
            strcmp(absence->what, what) == 0) {
            cr_expect_not_null(strstr(absence->why, why), "%s, and not %s", absence->why, why);
            return;
        }
    }
    cr_expect_fail("it is not said that %s is absent with %lld threads", what, threads);
}

static struct record record_of(const char *implementation, int threads, double median) {
    struct record record = record_default();
    record.implementation = implementation;
    record.threads = threads;
    record.median = median;
    return record;
}

Test(pictures, roofline_needs_points_and_roofs) {
    struct made made = {0};
    struct record records[] = {record_of("avx512", 2, 1e-3), record_of("avx512", 4, 1e-3)};
    fixture_add(&made.fixture, "m1", records, 2);
    fixture_add_text(&made.fixture,
                     "{\"type\":\"machine\",\"schema\":1,\"id\":\"m1\"}\n" MEMORY("1") MEMORY("2"));
    draw(&made);
    cr_expect_not_null(find(&made, PLOT_PICTURE_MEMORY, 1));
    expect_absent(&made, PLOT_PICTURE_ROOFLINE, 1, "the roofline", "norma-bench run --threads 1");
    expect_absent(&made, PLOT_PICTURE_ROOFLINE, 1, "the roofline", "fma32 reaches 123 GFLOP/s");
    const struct plot_picture *roofline = find(&made, PLOT_PICTURE_ROOFLINE, 2);
    cr_assert_not_null(roofline);
    cr_expect_not_null(strstr(roofline->commands, "'forward'"));
    cr_expect_null(strstr(roofline->commands, "'backward'"), "no point is backward");
    expect_absent(&made, PLOT_PICTURE_MEMORY, 4, "bandwidth by footprint",
                  "norma-bench machine --threads 4");
    expect_absent(&made, PLOT_PICTURE_ROOFLINE, 4, "the roofline",
                  "norma-bench machine --threads 4");
    destroy(&made);
}

Test(pictures, speedup_needs_both_times_of_a_problem) {
    struct made made = {0};
    struct record records[] = {
        record_of("avx512", 1, 1e-3), record_of("onednn", 1, 0), /* unsupported */
        record_of("avx512", 2, 1e-3),                            /* no oneDNN */
        record_of("onednn", 4, 1e-3),                            /* nothing of ours */
        record_of("avx512", 8, 1e-3), record_of("onednn", 8, 2e-3),
    };
    fixture_add(&made.fixture, "m1", records, sizeof records / sizeof records[0]);
    draw(&made);
    expect_absent(&made, PLOT_PICTURE_SPEEDUP, 1, "bn fwd", "no problem in common");
    expect_absent(&made, PLOT_PICTURE_SPEEDUP, 2, "bn fwd", "oneDNN was not measured");
    expect_absent(&made, PLOT_PICTURE_SPEEDUP, 4, "bn fwd", "none of norma's sets");
    cr_expect_not_null(find(&made, PLOT_PICTURE_SPEEDUP, 8));
    destroy(&made);
}

Test(pictures, without_any_time_there_are_none) {
    struct made made = {0};
    struct record records[] = {record_of("avx512", 1, 0), record_of("copy", 1, 1e-3)};
    fixture_add(&made.fixture, "m1", records, 2);
    draw(&made);
    cr_expect_eq(made.pictures.count, 0);
    expect_absent(&made, PLOT_PICTURE_SHARE, 1, "bn fwd", "no implementation has a time");
    expect_absent(&made, PLOT_PICTURE_THROUGHPUT, 1, "bn fwd", "no implementation has a time");
    destroy(&made);
}

Test(pictures, a_layer_without_any_time_has_no_panel) {
    struct made made = {0};
    struct record records[] = {record_of("avx512", 1, 1e-3), record_of("avx512", 1, 0)};
    records[1].problem = "bn:8x32x64x64";
    records[1].layer = "32@64x64";
    fixture_add(&made.fixture, "m1", records, 2);
    draw(&made);
    const struct plot_picture *throughput = find(&made, PLOT_PICTURE_THROUGHPUT, 1);
    cr_assert_not_null(throughput);
    cr_expect_not_null(strstr(throughput->commands, "64@56x56"));
    cr_expect_null(strstr(throughput->commands, "32@64x64"));
    destroy(&made);
}

Test(pictures, machines_are_compared_where_two_have_a_figure) {
    struct made made = {0};
    struct record measured = record_of("avx512", 1, 1e-3), unsupported = measured;
    unsupported.op = "gn";
    unsupported.problem = "gn:8x64x56x56";
    unsupported.median = 0;
    fixture_add(&made.fixture, "m1", &measured, 1);
    fixture_add(&made.fixture, "m2", &unsupported, 1);
    draw(&made);
    expect_absent(&made, PLOT_PICTURE_MACHINES, 0, "the machines side by side", "fewer than two");
    destroy(&made);

    made = (struct made){0};
    fixture_add(&made.fixture, "m1", &measured, 1);
    fixture_add(&made.fixture, "m2", &unsupported, 1);
    fixture_add(&made.fixture, "m3", &measured, 1);
    draw(&made);
    const struct plot_picture *machines = find(&made, PLOT_PICTURE_MACHINES, 0);
    cr_assert_not_null(machines);
    cr_expect_not_null(strstr(machines->commands, "'m3'"));
    cr_expect_null(strstr(machines->commands, "'m2'"), "it has no point");
    cr_expect_null(strstr(machines->commands, "'gn fwd'"), "it has no point");
    destroy(&made);
}
