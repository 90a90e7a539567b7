/* Checks numbers with units, and escaping.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "plots/draw/text.h"
#include "verify/harness/tool/tool.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

Test(text, times) {
    cr_expect_str_eq(plot_show_time(1.234e-4).text, "123 µs");
    cr_expect_str_eq(plot_show_time(1.234e-6).text, "1.23 µs");
    cr_expect_str_eq(plot_show_time(0.9999e-3).text, "1.00 ms");
    cr_expect_str_eq(plot_show_time(12.34e-9).text, "12.3 ns");
    cr_expect_str_eq(plot_show_time(2.5).text, "2.50 s");
    cr_expect_str_eq(plot_show_time(1e-12).text, "0.00 ns");
}

Test(text, threads) {
    cr_expect_str_eq(plot_show_threads(1).text, "1 thread");
    cr_expect_str_eq(plot_show_threads(2).text, "2 threads");
}

Test(text, bytes) {
    cr_expect_str_eq(plot_show_bytes(512).text, "512 B");
    cr_expect_str_eq(plot_show_bytes(49152).text, "48 KiB");
    cr_expect_str_eq(plot_show_bytes(1572864).text, "1.5 MiB");
    cr_expect_str_eq(plot_show_bytes(33554432).text, "32 MiB");
    cr_expect_str_eq(plot_show_bytes(25e9).text, "23.3 GiB");
}

Test(text, ratios_and_shares) {
    cr_expect_str_eq(plot_show_ratio(0.844).text, "0.84");
    cr_expect_str_eq(plot_show_ratio(1.5).text, "1.50");
    cr_expect_str_eq(plot_show_ratio(1.999).text, "2.0");
    cr_expect_str_eq(plot_show_ratio(9.96).text, "10");
    cr_expect_str_eq(plot_show_ratio(NAN).text, "–");
    cr_expect_str_eq(plot_show_percent(0.826).text, "83%");
    cr_expect_str_eq(plot_show_percent(NAN).text, "–");
    cr_expect_str_eq(plot_show_share(0.314).text, "0.31");
    cr_expect_str_eq(plot_show_share(0.0012).text, "0.0012");
    cr_expect_str_eq(plot_show_share(0).text, "0.00");
    cr_expect_str_eq(plot_show_share(-1e300).text, "-1e+300");
    cr_expect_str_eq(plot_show_ratio(1234567).text, "1.23e+06");
}

typedef void write_text(FILE *stream, const char *text);

static void expect_written(write_text *write, const char *text, const char *expected) {
    struct tool_stream memory;
    tool_stream_open(&memory);
    write(memory.stream, text);
    char *written = tool_stream_close(&memory);
    cr_expect_str_eq(written, expected);
    free(written);
}

static void write_gnuplot(FILE *stream, const char *text) {
    plot_gnuplot_text(stream, text, 8);
}

Test(text, html) {
    expect_written(plot_html_text, "a<b> & \"c\" 'd'",
                   "a&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;");
    expect_written(plot_html_text, "µ\n", "µ\n");
}

Test(text, gnuplot) {
    expect_written(write_gnuplot, "it's", "'it’s'");
    expect_written(write_gnuplot, "'", "'’'");
    expect_written(write_gnuplot, "a\nb\tc", "'a b c'");
    expect_written(write_gnuplot, "`x` \\n", "'`x` \\n'");
    expect_written(write_gnuplot, "12345678", "'12345678'");
    expect_written(write_gnuplot, "123456789", "'1234567…'");
    expect_written(write_gnuplot, "µµµµµµµµ", "'µµµµµµµµ'");
    expect_written(write_gnuplot, "µµµµµµµµµ", "'µµµµµµµ…'");
}

Test(text, slug) {
    expect_written(plot_slug_text, "bn fwd, BF16", "bn-fwd-bf16");
    expect_written(plot_slug_text, "../../etc/passwd", "etc-passwd");
    expect_written(plot_slug_text, "a  ", "a");
    expect_written(plot_slug_text, "µ", "");
}

Test(text, shell_words) {
    static const char *const pairs[][2] = {{"avx512", "avx512"},
                                           {"bn:8x64", "'bn:8x64'"},
                                           {"", "''"},
                                           {"it's $HOME", "'it'\\''s $HOME'"}};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        char *word = plot_shell_word(pairs[i][0]);
        cr_expect_str_eq(word, pairs[i][1]);
        free(word);
    }
}

Test(text, characters_are_code_points) {
    cr_expect_eq(plot_characters(""), 0);
    cr_expect_eq(plot_characters("12 µs"), 5);
}
