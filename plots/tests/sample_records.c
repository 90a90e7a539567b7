/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "plots/tests/sample_records.h"

#include "verify/harness/tool/tool.h"

#include <string.h>

struct record record_default(void) {
    return (struct record){
        .problem = "bn:8x64x56x56",
        .op = "bn",
        .pass = "fwd",
        .layout = "ncs",
        .shapes = "resnet50",
        .layer = "64@56x56",
        .implementation = "avx512",
        .n = 8,
        .c = 64,
        .s = 3136,
        .threads = 1,
        .median = 1e-3,
    };
}

static char *outcome_text(double median, bool uncertain) {
    if (median <= 0) {
        return tool_text("\"status\":\"unsupported\",\"reason\":\"no such thing\"");
    }
    return tool_text("\"status\":\"ok\",\"reason\":\"\",\"share_of_bound\":0.25,"
                     "\"time\":{\"median\":%g,\"low\":%g,\"high\":%g%s},\"bytes\":1e6,"
                     "\"footprint\":1048576,\"gbps\":%g,\"ceiling\":{\"gbps\":2},\"share\":%g",
                     median, median * 0.9, median * 1.1, uncertain ? ",\"uncertain\":true" : "",
                     1e-3 / median, 0.5e-3 / median);
}

char *record_line(struct record record) {
    char *outcome = outcome_text(record.median, record.uncertain);
    char *kind = record.kind ? tool_text("\"kind\":\"%s\",", record.kind) : tool_text("%s", "");
    char *line = tool_text(
        "{\"type\":\"measurement\",\"schema\":1,\"problem\":\"%s\",\"operator\":\"%s\","
        "\"pass\":\"%s\",\"layout\":\"%s\",\"dtype\":\"f32\",\"n\":%d,\"c\":%d,\"s\":%d,"
        "\"shapes\":\"%s\",\"layer\":\"%s\",\"implementation\":\"%s\",%s\"kernel\":\"k\","
        "\"threads\":%d,\"cache\":\"hot\",%s}\n",
        record.problem, record.op, record.pass, record.layout, record.n, record.c, record.s,
        record.shapes, record.layer, record.implementation, kind, record.threads, outcome);
    free(outcome);
    free(kind);
    return line;
}

bool read_text(struct plot_results *results, const char *text, struct plot_read_error *error) {
    FILE *file = text[0] == '\0' ? tmpfile() : fmemopen((char *)text, strlen(text), "r");
    bool sound = plot_results_read(results, file, "file", error);
    fclose(file);
    return sound;
}
