/* Checks how gnuplot's SVG is made fit for a page.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "plots/draw/svg.h"
#include "verify/harness/tool/tool.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static char *inlined(const char *body) {
    char *svg =
        tool_text("<?xml version=\"1.0\"?>\n<svg \n width=\"9\" height=\"5\">%s</svg>\n", body);
    struct tool_stream memory;
    tool_stream_open(&memory);
    plot_svg_inline(memory.stream, svg, 9, 5, "a <b>");
    free(svg);
    return tool_stream_close(&memory);
}

#define OPENING                                                                                    \
    "<svg viewBox=\"0 0 9 5\" style=\"--width:9\" role=\"img\" aria-label=\"a &lt;b&gt;\">"

static void expect_inlined(const char *body, const char *expected) {
    char *whole = tool_text(OPENING "%s</svg>\n", expected);
    char *actual = inlined(body);
    cr_expect_str_eq(actual, whole);
    free(actual);
    free(whole);
}

Test(svg, leaves_out_what_a_page_does_not_need) {
    expect_inlined("<title>Gnuplot</title>\n<desc>x</desc>", "");
    expect_inlined("<defs>\n<circle id='gpDot' r='1'/></defs>\n", "");
    expect_inlined("<rect x=\"0\" y=\"0\" width=\"9\" fill=\"#ffffff\"/>", "");
    expect_inlined("<g fill=\"none\" color=\"black\">\n</g>\n", "");
    expect_inlined("<g id=\"gnuplot_plot_1\" ><title>p</title>\n<path d='M1,2'/></g>",
                   "<g><path d='M1,2'/></g>");
}

Test(svg, keeps_what_is_drawn) {
    expect_inlined("<g fill=\"none\">\n\t<path  d='M1,2\n\t\tL3,4  '/></g>\n",
                   "<g fill=\"none\"><path d='M1,2 L3,4 '/></g>");
    expect_inlined("<text>a &lt;b> c</text>", "<text>a &lt;b> c</text>");
    expect_inlined("<rect x=\"1\" y=\"0\"/>", "<rect x=\"1\" y=\"0\"/>");
}

Test(svg, colours_become_short) {
    expect_inlined("<path stroke='rgb(  0, 114, 178)' fill='rgb(255,255,255)'/>",
                   "<path stroke='#0072b2' fill='#ffffff'/>");
    expect_inlined("<path stroke='rgb(a)'/>", "<path stroke='rgb(a)'/>");
}

Test(svg, definitions_come_once) {
    struct tool_stream memory;
    tool_stream_open(&memory);
    plot_svg_definitions(memory.stream, "<svg>\n<defs>\n <circle r='1'/>\n</defs>\n<g/></svg>");
    char *written = tool_stream_close(&memory);
    cr_expect_str_eq(written, "<svg width=\"0\" height=\"0\" style=\"position:absolute\" "
                              "aria-hidden=\"true\"><defs><circle r='1'/></defs></svg>\n");
    free(written);
}

Test(svg, a_cut_off_picture_ends) {
    char *actual = inlined("<g><path d='M1");
    free(actual);
}
