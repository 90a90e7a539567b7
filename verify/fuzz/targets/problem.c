/* Target: the text of a problem. A valid problem is the same after it is printed and parsed again,
 * has a plan, and is executed if it is small; the error of an invalid one has a place and a
 * message.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "verify/fuzz/fuzz.h"
#include "verify/fuzz/targets/target.h"

#include <stdlib.h>
#include <string.h>

/* The most bytes of tensors and workspace that are executed; more would make the fuzzer slow. */
enum { MOST_BYTES = 1 << 16 };

static void expect_error(const char *text, norma_status status,
                         const struct norma_parse_error *error) {
    fuzz_expect(status == NORMA_STATUS_MALFORMED || status == NORMA_STATUS_INVALID,
                "a status of a bad text");
    fuzz_expect(error->position <= strlen(text), "a position within the text");
    fuzz_expect(memchr(error->message, '\0', sizeof error->message) && error->message[0],
                "a message");
}

/* Compares texts, as problems are the same if and only if their texts are. */
static void expect_round_trip(const struct norma_problem *problem) {
    char first[NORMA_PROBLEM_TEXT], second[NORMA_PROBLEM_TEXT];
    struct norma_problem again;
    fuzz_expect(norma_problem_check(problem, NULL, 0) == NORMA_STATUS_OK,
                "the parsed problem to be valid");
    fuzz_expect(norma_problem_print(problem, first, sizeof first) < sizeof first,
                "room for any text");
    fuzz_expect(norma_problem_parse(first, &again, NULL) == NORMA_STATUS_OK,
                "the printed text to parse");
    norma_problem_print(&again, second, sizeof second);
    fuzz_expect(strcmp(first, second) == 0, "the same text again");
}

static bool is_small(const struct norma_problem *problem, const struct norma_plan *plan) {
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
    size_t bytes = norma_plan_workspace(plan);
    reference_tensors_of(problem, tensors);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT && bytes <= MOST_BYTES; id++) {
        bytes += reference_tensor_bytes(&tensors[id]);
    }
    return bytes <= MOST_BYTES;
}

static void execute(const struct norma_problem *problem, const struct norma_plan *plan) {
    struct fuzz_execution_memory memory;
    fuzz_expect(fuzz_execution_allocate(&memory, problem), "memory for small tensors");
    const norma_status status = fuzz_execution_run(plan, &memory);
    fuzz_expect(status == NORMA_STATUS_OK || status == NORMA_STATUS_EMPTY,
                "a small problem to be executed");
    fuzz_execution_free(&memory, NULL);
}

static void expect_plan(const struct norma_problem *problem, int threads) {
    struct norma_plan *plan;
    const norma_status status =
        norma_plan_create(&plan, problem, &(struct norma_options){.threads = threads});
    fuzz_expect(status == NORMA_STATUS_OK || status == NORMA_STATUS_UNSUPPORTED,
                "a plan or a refusal");
    if (status != NORMA_STATUS_OK) {
        return;
    }
    if (threads == 1 && is_small(problem, plan)) {
        execute(problem, plan);
    }
    norma_plan_destroy(plan);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *text = fuzz_input_text(data, size);
    struct norma_problem problem;
    struct norma_parse_error error;
    const norma_status status = norma_problem_parse(text, &problem, &error);
    if (status == NORMA_STATUS_OK) {
        expect_round_trip(&problem);
        expect_plan(&problem, 1);
        expect_plan(&problem, 3);
    } else {
        expect_error(text, status, &error);
    }
    free(text);
    return 0;
}
