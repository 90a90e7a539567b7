/* Profiles: their text, their files, and the search for the user's.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _XOPEN_SOURCE 700
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernels/plan/caches.h"
#include "kernels/plan/profile.h"

/* ---- text ---------------------------------------------------------------------------------- */

/* Returns the header for this machine and norma, then the rest. */
static const char *text_of(const char *rest) {
    static char text[8192];
    snprintf(text, sizeof text, "norma-profile 1\nversion %s\ncpu %s\n%s", norma_version(),
             norma_profile_cpu(), rest);
    return text;
}

static struct norma_profile *parsed(const char *text) {
    struct norma_profile *profile;
    char message[512] = "";
    cr_assert(norma_profile_parse(text, &profile, message, sizeof message) == NORMA_STATUS_OK,
              "%s: %s", text, message);
    return profile;
}

static void expect_bad(const char *text, const char *fragment) {
    struct norma_profile *profile = NULL;
    char message[512] = "";
    cr_expect(norma_profile_parse(text, &profile, message, sizeof message) ==
                  NORMA_STATUS_BAD_PROFILE,
              "%s", text);
    cr_expect(!profile);
    cr_expect(strstr(message, fragment), "'%s' says '%s', not '%s'", text, message, fragment);
}

Test(profile, the_key_is_one_line_with_the_caches) {
    char caches[80];
    snprintf(caches, sizeof caches, " l2=%lld last=%lld", (long long)norma_this_machine()->l2,
             (long long)norma_this_machine()->last);
    const char *key = norma_profile_cpu();
    cr_assert(strlen(key) > strlen(caches) && !strpbrk(key, "\n\t#"));
    cr_assert_str_eq(key + strlen(key) - strlen(caches), caches);
    cr_assert(norma_this_machine()->l2 <= norma_this_machine()->last);
}

Test(profile, what_is_there_counts_and_what_is_not_has_its_default) {
    struct norma_profile *profile =
        parsed(text_of("set avx2\nl3 tile_bytes=65536 stream_elements=0\nset none-such\nend\n"));
    const struct norma_tuning *tuning = norma_profile_tuning(profile, "avx2", NORMA_CLASS_L3);
    cr_assert(tuning && tuning->tile_bytes == 65536 && tuning->stream_elements == 0);
    cr_assert(tuning->thread_bytes == norma_tuning_default(NORMA_CLASS_L3).thread_bytes);
    cr_assert(!norma_profile_tuning(profile, "avx2", NORMA_CLASS_L2));
    cr_assert(!norma_profile_tuning(profile, "none-such", NORMA_CLASS_L3));
    cr_assert(!norma_profile_tuning(profile, "portable", NORMA_CLASS_L3));
    norma_profile_destroy(profile);
}

Test(profile, blanks_and_comments_do_not_count) {
    char text[512];
    snprintf(text, sizeof text,
             "# a profile\n\n norma-profile  1 # so\r\n\tversion\t%s\ncpu   %s  \n\n"
             "set avx2#fast\n  memory   thread_bytes=1\t\n\nend # all\n\n# done",
             norma_version(), norma_profile_cpu());
    struct norma_profile *profile = parsed(text);
    cr_assert(norma_profile_tuning(profile, "avx2", NORMA_CLASS_MEMORY)->thread_bytes == 1);
    norma_profile_destroy(profile);
}

Test(profile, round_trip) {
    struct norma_profile *profile = norma_profile_create();
    struct norma_tuning tuning = {.tile_bytes = 4096, .thread_bytes = 1};
    for (int size = NORMA_SIZE_CLASS_COUNT - 1; size >= 0; size--) {
        cr_assert(norma_profile_put(profile, "avx2", (norma_size_class)size, &tuning));
        tuning.tile_bytes *= 2;
    }
    cr_assert(norma_profile_put(profile, "highway-avx3", NORMA_CLASS_L3, &tuning));
    cr_assert(norma_profile_put(profile, "a.b_c-1", NORMA_CLASS_L3, &tuning));
    cr_assert(!norma_profile_put(profile, "Not a name", NORMA_CLASS_L3, &tuning));
    char first[2048], second[2048];
    const size_t length = norma_profile_print(profile, first, sizeof first);
    cr_assert(length == strlen(first) && length == norma_profile_print(profile, NULL, 0));
    struct norma_profile *again = parsed(first);
    norma_profile_print(again, second, sizeof second);
    cr_assert_str_eq(first, second);
    cr_assert(norma_profile_tuning(again, "avx2", NORMA_CLASS_L2)->tile_bytes == 16384);
    norma_profile_destroy(profile);
    norma_profile_destroy(again);
}

Test(profile, every_error_names_its_line) {
    char text[512];
    expect_bad("", "line 1: the text ends where 'norma-profile 1' is expected");
    expect_bad("norma-profile 2\n", "line 1: expected 'norma-profile 1', found 'norma-profile 2'");
    expect_bad("norma-profile 1\n", "line 2: the text ends where 'version'");
    expect_bad("norma-profile 1\nset avx2\n", "line 2: expected 'version'");
    snprintf(text, sizeof text, "norma-profile 1\nversion %s\nset avx2\n", norma_version());
    expect_bad(text, "line 3: expected 'cpu'");
    static const struct {
        const char *rest, *fragment;
    } bad[] = {
        {"", "line 4: the text ends where 'end'"},
        {"set avx2\nl2 tile_bytes=4096\n", "line 6: the text ends where 'end'"},
        {"l2 tile_bytes=4096\nend\n", "line 4: expected 'set' and a name ahead of 'l2'"},
        {"set AVX 2\nend\n", "line 4: 'AVX 2' is no name of a set"},
        {"set\nend\n", "line 4: expected 'set'"},
        {"set a\nset b\n\nset a\nend\n", "line 7: set 'a' has a section already"},
        {"set a\nl4 tile_bytes=4096\nend\n", "line 5: expected 'set', a size class"},
        {"set a\nl2\nend\n", "line 5: expected 'set', a size class"},
        {"set a\nl2 tile_bytes=4096\nl2 tile_bytes=4096\nend\n", "line 6: 'l2' is there twice"},
        {"set a\nl2 tile_bytes=4096 tile_bytes=8192\nend\n", "line 5: tile_bytes is there twice"},
        {"set a\nl2 tile=4096\nend\n", "line 5: there is no parameter 'tile'"},
        {"set a\nl2 tile_bytes\nend\n", "line 5: expected PARAMETER=NUMBER"},
        {"set a\nl2 tile_bytes=4095\nend\n", "line 5: tile_bytes is a number from 4096 to"},
        {"set a\nl2 tile_bytes=1073741825\nend\n", "line 5: tile_bytes is a number"},
        {"set a\nl2 tile_bytes=99999999999999999999999\nend\n", "line 5: tile_bytes is a number"},
        {"set a\nl2 tile_bytes=\nend\n", "line 5: tile_bytes is a number"},
        {"set a\nl2 tile_bytes=4096k\nend\n", "not '4096k'"},
        {"set a\nl2 tile_bytes=-4096\nend\n", "not '-4096'"},
        {"set a\nl2 thread_bytes=0\nend\n", "line 5: thread_bytes is a number from 1 to"},
        {"end\nset a\n", "line 5: there is more behind 'end'"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        expect_bad(text_of(bad[i].rest), bad[i].fragment);
    }
}

Test(profile, lines_that_never_end_are_errors) {
    char rest[1024] = "set ";
    memset(rest + 4, 'a', 900);
    expect_bad(text_of(rest), "line 4: it is longer than any statement");
}

Test(profile, no_text_that_is_cut_off_is_taken_for_whole) {
    const char *whole = text_of("set avx2\nl2 tile_bytes=65536\nend\n");
    const size_t needed = strlen(whole) - 1; /* the last newline may be missing */
    for (size_t length = 0; length < needed; length++) {
        char cut[512];
        struct norma_profile *profile;
        snprintf(cut, sizeof cut, "%.*s", (int)length, whole);
        cr_assert(norma_profile_parse(cut, &profile, NULL, 0) == NORMA_STATUS_BAD_PROFILE, "%s",
                  cut);
    }
}

Test(profile, stale_and_foreign_ones_are_refused) {
    char text[512];
    expect_bad("norma-profile 1\nversion 0.0.9\nwhatever 0.0.9 had\n",
               "line 2: it was made by norma 0.0.9, this is norma 0.1.0");
    snprintf(text, sizeof text, "norma-profile 1\nversion %s\ncpu Z80 l2=0 last=0\nend\n",
             norma_version());
    expect_bad(text, "line 3: it is for another processor, 'Z80 l2=0 last=0'; this one is '");
}

Test(profile, null_pointers) {
    struct norma_profile *profile = norma_profile_create(), *const some = profile;
    cr_assert(norma_profile_parse(NULL, &profile, NULL, 0) == NORMA_STATUS_NULL && !profile);
    cr_assert(norma_profile_parse("", NULL, NULL, 0) == NORMA_STATUS_NULL);
    profile = some;
    cr_assert(norma_profile_load(NULL, &profile, NULL, 0) == NORMA_STATUS_NULL && !profile);
    cr_assert(norma_profile_load("x", NULL, NULL, 0) == NORMA_STATUS_NULL);
    norma_profile_destroy(some);
    norma_profile_destroy(NULL);
}

Test(profile, is_null_where_it_is_bad) {
    struct norma_profile *const some = norma_profile_create(), *profile = some;
    cr_assert(norma_profile_parse("", &profile, NULL, 0) == NORMA_STATUS_BAD_PROFILE && !profile);
    profile = some;
    cr_assert(norma_profile_load("/", &profile, NULL, 0) == NORMA_STATUS_BAD_PROFILE && !profile);
    profile = some;
    cr_assert(norma_profile_load("/no such file", &profile, NULL, 0) == NORMA_STATUS_BAD_PROFILE);
    cr_assert(!profile);
    norma_profile_destroy(some);
}

/* ---- files --------------------------------------------------------------------------------- */

static char folder[] = "/tmp/norma-profile-XXXXXX";
static char user_folder[64], user_file[96], named_file[64];

static void make_folder(void) {
    cr_assert(mkdtemp(folder));
    snprintf(user_folder, sizeof user_folder, "%s/norma", folder);
    snprintf(user_file, sizeof user_file, "%s/profile", user_folder);
    snprintf(named_file, sizeof named_file, "%s/named", folder);
    cr_assert(mkdir(user_folder, 0700) == 0);
    setenv("XDG_CONFIG_HOME", folder, 1);
    unsetenv("NORMA_PROFILE");
}

static void remove_folder(void) {
    unlink(user_file);
    unlink(named_file);
    rmdir(user_folder);
    rmdir(folder);
}

TestSuite(files, .init = make_folder, .fini = remove_folder);

static void write_bytes(const char *path, const char *text, size_t length) {
    FILE *file = fopen(path, "w");
    cr_assert(file && fwrite(text, 1, length, file) == length && fclose(file) == 0);
}

static void write_text(const char *path, const char *text) {
    write_bytes(path, text, strlen(text));
}

/* Writes a profile with a tuning for every set of this build. */
static void write_profile(const char *path, int64_t tile_bytes) {
    char text[8192];
    struct norma_profile *profile = norma_profile_create();
    const struct norma_tuning tuning = {.tile_bytes = tile_bytes, .thread_bytes = 1};
    for (size_t i = 0; norma_set_name(i); i++) {
        norma_profile_put(profile, norma_set_name(i), NORMA_CLASS_L2, &tuning);
    }
    norma_profile_print(profile, text, sizeof text);
    write_text(path, text);
    norma_profile_destroy(profile);
}

static norma_status load(const char *path, char *message, size_t size) {
    struct norma_profile *profile = NULL;
    const norma_status status = norma_profile_load(path, &profile, message, size);
    norma_profile_destroy(profile);
    return status;
}

Test(files, loading) {
    char message[512] = "";
    write_profile(named_file, 8192);
    cr_assert(load(named_file, message, sizeof message) == NORMA_STATUS_OK);
    cr_assert(load("/no/such", message, sizeof message) == NORMA_STATUS_BAD_PROFILE);
    cr_assert(strstr(message, "/no/such: cannot be read: No such file"), "%s", message);
    cr_assert(load(folder, message, sizeof message) == NORMA_STATUS_BAD_PROFILE);
    cr_assert(strstr(message, "Is a directory"), "%s", message);
    cr_assert(load("/dev/zero", message, sizeof message) == NORMA_STATUS_BAD_PROFILE);
    cr_assert(strstr(message, "too long"), "%s", message);
    write_bytes(named_file, "norma-profile 1\0", 16);
    cr_assert(load(named_file, message, sizeof message) == NORMA_STATUS_BAD_PROFILE);
    cr_assert(strstr(message, "not text"), "%s", message);
    write_text(named_file, "norma-profile 1\n");
    cr_assert(load(named_file, message, sizeof message) == NORMA_STATUS_BAD_PROFILE);
    cr_assert(strstr(message, "named: line 2: the text ends"), "%s", message);
}

/* ---- the user's ---------------------------------------------------------------------------- */

/* Returns the path of a plan's profile, "defaults", or the error. */
static const char *profile_of_plan(const struct norma_profile *profile) {
    static char path[NORMA_PROFILE_PATH];
    struct norma_problem problem;
    struct norma_plan *plan;
    norma_problem_parse("in:2x3x100", &problem, NULL);
    const norma_status status =
        norma_plan_create(&plan, &problem, &(struct norma_options){.profile = profile});
    if (status != NORMA_STATUS_OK) {
        return norma_strerror(status);
    }
    const char *used = norma_plan_profile(plan);
    snprintf(path, sizeof path, "%s", used ? used : "defaults");
    norma_plan_destroy(plan);
    return path;
}

static void expect_default(norma_status status, const char *fragment) {
    char message[1024] = "not written";
    cr_assert(norma_profile_default(message, sizeof message) == status, "%s", message);
    cr_assert(*fragment ? strstr(message, fragment) != NULL : *message == '\0', "%s", message);
    cr_assert(norma_profile_default(NULL, 0) == status);
}

Test(files, none) {
    cr_assert_str_eq(profile_of_plan(NULL), "defaults");
    expect_default(NORMA_STATUS_OK, "");
}

Test(files, in_the_users_folder) {
    write_profile(user_file, 8192);
    cr_assert_str_eq(profile_of_plan(NULL), user_file);
    expect_default(NORMA_STATUS_OK, "");
    unlink(user_file); /* it is read only once */
    cr_assert_str_eq(profile_of_plan(NULL), user_file);
}

Test(files, in_the_home_folder) {
    char config[64], norma[96], file[128];
    snprintf(config, sizeof config, "%s/.config", folder);
    snprintf(norma, sizeof norma, "%s/norma", config);
    snprintf(file, sizeof file, "%s/profile", norma);
    mkdir(config, 0700);
    mkdir(norma, 0700);
    write_profile(file, 8192);
    setenv("HOME", folder, 1);
    setenv("XDG_CONFIG_HOME", "relative", 1); /* which must be ignored */
    cr_assert_str_eq(profile_of_plan(NULL), file);
    unlink(file);
    rmdir(norma);
    rmdir(config);
}

Test(files, a_bad_one_in_the_users_folder_is_not_used) {
    write_text(user_file, "norma-profile 1\nversion 0.0.9\n");
    cr_assert_str_eq(profile_of_plan(NULL), "defaults");
    expect_default(NORMA_STATUS_BAD_PROFILE, "profile: line 2: it was made by norma 0.0.9");
    expect_default(NORMA_STATUS_BAD_PROFILE, "it is not used: 'norma-bench tune' replaces it");
}

Test(files, the_named_one_comes_first) {
    write_profile(user_file, 8192);
    write_profile(named_file, 4096);
    setenv("NORMA_PROFILE", named_file, 1);
    cr_assert_str_eq(profile_of_plan(NULL), named_file);
    expect_default(NORMA_STATUS_OK, "");
}

Test(files, an_empty_name_means_none) {
    write_profile(user_file, 8192);
    setenv("NORMA_PROFILE", "", 1);
    cr_assert_str_eq(profile_of_plan(NULL), "defaults");
    expect_default(NORMA_STATUS_OK, "");
}

Test(files, a_bad_named_one_is_an_error) {
    write_profile(user_file, 8192);
    setenv("NORMA_PROFILE", "/no/such", 1);
    cr_assert_str_eq(profile_of_plan(NULL), norma_strerror(NORMA_STATUS_BAD_PROFILE));
    expect_default(NORMA_STATUS_BAD_PROFILE, "NORMA_PROFILE: /no/such: cannot be read");
    expect_default(NORMA_STATUS_BAD_PROFILE, "NORMA_PROFILE= does without");
}

Test(files, that_of_the_options_comes_before_all) {
    setenv("NORMA_PROFILE", "/no/such", 1);
    write_profile(named_file, 4096);
    struct norma_profile *profile;
    cr_assert(norma_profile_load(named_file, &profile, NULL, 0) == NORMA_STATUS_OK);
    cr_assert_str_eq(profile_of_plan(profile), named_file);
    norma_profile_destroy(profile);
}

static void *look_up(void *different) {
    *(bool *)different = strcmp(norma_profile_cpu(), norma_this_machine()->cpu) != 0 ||
                         norma_profile_default(NULL, 0) != NORMA_STATUS_OK;
    return NULL;
}

Test(files, threads_that_ask_first_at_once_get_the_same) {
    enum { THREADS = 8 };
    pthread_t threads[THREADS];
    bool different[THREADS];
    write_profile(user_file, 8192);
    for (int i = 0; i < THREADS; i++) {
        cr_assert(pthread_create(&threads[i], NULL, look_up, &different[i]) == 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        cr_assert(!different[i]);
    }
}
