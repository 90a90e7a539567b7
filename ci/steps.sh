# The gate's steps, a function for each, and how a step is run and timed. It is sourced, not run.
# SPDX-License-Identifier: Apache-2.0

passed=0
skipped=0
failures=
timings= # a line for each step: seconds, seconds of processors, name
emulator= # what runs programs for another architecture

# Sets $seconds_used to the seconds that processors have spent on everything that this script has started and waited
# for. It must run in the script's own shell, as a subshell would be told of its own children.
used() {
    times >"$work/times"
    seconds_used=$(awk 'NR == 2 {
            for (i = 1; i <= 2; i++) { split($i, part, /[ms]/); sum += 60 * part[1] + part[2] }
        }
        END { printf "%d", sum }' "$work/times")
}

# step NAME COMMAND...: runs one step and times it. All steps run, whatever fails before them, except those that need
# what a failed one should have built; the summary comes at the end.
step() {
    name=$1
    shift
    say "$name"
    start=$(date +%s)
    used
    before=$seconds_used
    "$@"
    status=$?
    used
    duration=$(($(date +%s) - start))
    timings="$timings$duration $((seconds_used - before)) $name
"
    if [ "$status" -eq 0 ]; then
        passed=$((passed + 1))
        echo "passed in $duration s"
    else
        failures="$failures
  $name"
        echo "FAILED: $name"
        return 1
    fi
}

# Prints where the time went, and the summary; its status becomes the gate's.
finish() {
    printf '\nseconds  of processors  step\n'
    printf '%s' "$timings" | sort -rn | awk '
        { wall += $1; work += $2; printf "%7d  %13d  %s\n", $1, $2, substr($0, index($0, $3)) }
        END { printf "%7d  %13d  in all\n", wall, work }'
    failed=$(printf '%s' "$failures" | grep -c .)
    if [ "$failed" -gt 0 ]; then
        printf '\nFailed:%s\n' "$failures"
    fi
    printf '\n%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
    [ "$failed" -eq 0 ]
}

# Checks the format. The result depends on the version of clang-format, so only the version that the tree was
# formatted with may judge.
check_format() {
    if ! clang-format --version 2>/dev/null | grep -q 'version 14\.'; then
        echo 'skipped: clang-format 14 is not here'
        return 0
    fi
    sources=$(git -C "$root" ls-files '*.c' '*.cc' '*.h') && [ -n "$sources" ] || return 1
    echo "$sources" | (cd "$root" && xargs clang-format --dry-run -Werror)
}

# Checks whether clang can link its sanitizers and libFuzzer. They are in a package that clang only recommends, and a
# missing one should be known before minutes have passed.
has_sanitizers() {
    command -v clang >/dev/null 2>&1 || {
        echo 'ci/gate: clang is not here (Debian, Ubuntu: clang libclang-rt-dev)' >&2
        return 1
    }
    echo 'int LLVMFuzzerTestOneInput(const char *data, unsigned long size);
        int LLVMFuzzerTestOneInput(const char *data, unsigned long size) { return data[size] & 0; }' \
        >"$work/target.c"
    echo 'int main(void) { return 0; }' >"$work/main.c"
    clang -fsanitize=fuzzer,address,undefined "$work/target.c" -o "$work/target" 2>"$work/log" &&
        clang -fsanitize=thread "$work/main.c" -o "$work/main" 2>"$work/log" && return
    tail -n 3 "$work/log" >&2
    echo "ci/gate: clang cannot link its sanitizers (Debian, Ubuntu: libclang-rt-dev)" >&2
    return 1
}

# Checks whether norma-verify can run every implementation that is required of this machine.
can_run_required() {
    "$gcc/verify/norma-verify" --require "${native:-portable}" --impl portable in:1x2x3 >/dev/null
}

# Prints the name of the current step as the name of a file in the folder of reports.
report_name() {
    echo "$reports/$(echo "$name" | tr -c 'A-Za-z0-9\n' -)"
}

# unit_tests BUILD OPTION...: runs ctest with these options.
unit_tests() {
    directory=$1
    shift
    ctest --test-dir "$directory" "$@" --output-on-failure -j "$jobs" --no-tests=error \
        ${reports:+--output-junit "$(report_name).xml"}
}

# verify BUILD OPTION...: runs norma-verify in as many shards as there are cores, and prints the summary of each and
# every failure.
verify() {
    directory=$1
    shift
    options=$*
    set --
    for shard in $(seq "$jobs"); do
        further=
        [ -z "$reports" ] || further="--report 'junit=$(report_name).$shard.xml' \
            --report 'markdown=$(report_name).$shard.md'"
        set -- "$@" "$emulator '$directory/verify/norma-verify' $options --shard $shard/${shards:-$jobs} \
            -o '$directory/verify.$shard.tap' $further"
    done
    together "$@"
    status=$?
    for shard in $(seq "$jobs"); do
        grep -A5 '^not ok' "$directory/verify.$shard.tap"
        sed -n '/^# op/,$s/^# \{0,1\}//p' "$directory/verify.$shard.tap"
    done
    [ -z "$reports" ] || add_page
    return "$status"
}

# verify_part PARTS BUILD OPTION...: does the same with one of every PARTS problems.
verify_part() {
    shards=$(($1 * jobs))
    shift
    verify "$@"
    status=$?
    shards=
    return "$status"
}

# Appends the results of a step to the page, in the order of the steps.
add_page() {
    printf '# %s\n\n' "$name" >>"$reports/summary.md"
    cat "$(report_name)".*.md >>"$reports/summary.md"
    rm -f "$(report_name)".*.md
}

# less ISA CORE COMMAND...: runs a command as if the processor were less, with oneDNN held to ISA, norma without its
# fastest set, and one core.
less() {
    isa=$1 core=$2
    shift 2
    sets=-$(implementations "$fastest")
    [ "$sets" != -portable ] || sets=portable # the last one cannot be left out
    env DNNL_MAX_CPU_ISA="$isa" ONEDNN_MAX_CPU_ISA="$isa" NORMA_SETS="$sets" taskset -c "$core" "$@"
}

# less_tests ISA CORE OPTION...: runs the quick unit tests that way.
less_tests() {
    held=$1 on=$2
    shift 2
    less "$held" "$on" ctest --test-dir "$gcc" -LE slow --output-on-failure -j 2 --no-tests=error "$@" \
        >"$gcc/less.$held" 2>&1 || { cat "$gcc/less.$held" && return 1; }
    echo "$held: $(grep 'tests passed' "$gcc/less.$held")"
}

# less_onednn CORE: verifies oneDNN's implementations held to either ISA, and runs its tests held to the lesser.
less_onednn() {
    for held in AVX2 SSE41; do
        less "$held" "$1" "$gcc/verify/norma-verify" --quick --impl "$onednn" -o "$gcc/less.$held.tap"
        status=$?
        grep -A5 '^not ok' "$gcc/less.$held.tap"
        echo "$held: $(tail -n 1 "$gcc/less.$held.tap")"
        [ "$status" -eq 0 ] || return 1
    done
    less_tests SSE41 "$1" --tests-regex onednn
}

# Runs the tests on the first core that the gate may use and, if oneDNN is here, its own on the last core.
as_if_less() {
    cores=$(taskset -cp $$ | sed 's/.*: *//')
    onednn=$(implementations '$1 ~ /^onednn/')
    together "less_tests AVX2 ${cores%%[-,]*}" ${onednn:+"less_onednn ${cores##*[-,]}"}
}

fastest='$1 != "reference" && !taken++' # a condition
# implementations CONDITION: prints the implementations that are available here and for whose line of --list awk's
# condition holds, the fastest first.
implementations() {
    "$gcc/verify/norma-verify" --list | awk "/^\$/ { exit }
        NR > 1 && \$2 == \"yes\" && ($1) { printf \"%s%s\", separator, \$1; separator = \",\" }"
}

# Checks whether the packages of arm64 and the cross compiler are here; says so and skips if not.
can_emulate() {
    for tool in aarch64-linux-gnu-gcc qemu-aarch64; do
        if ! command -v "$tool" >/dev/null 2>&1; then
            echo "ci/gate: $tool is not here" >&2
            return 3
        fi
    done
    "$root/ci/sysroot" "$sysroot"
}

# sample DIGEST MOST: prints a sample of norma-verify's own problems for slow emulators: one for every shape, for every
# operator's passes in both layouts, and for each of its options, with at most MOST elements. The hashes of the digest
# of all problems shuffle them.
sample() {
    sort "$1" | awk -v most="$2" '
        function new(thing) { return !seen[thing]++ }
        $2 ~ /:/ {
            count = split($2, part, /[:,]/)
            volume = 1
            for (i = split(part[2], extent, "x"); i > 0; i--) volume *= extent[i]
            if (volume > most) next
            pass = match($2, /pass=[a-z_]+/) ? substr($2, RSTART, RLENGTH) : "pass=fwd"
            layout = $2 ~ /layout=nsc/ ? "nsc" : "ncs"
            take = new(layout part[2]) + new(part[1] pass layout)
            for (i = 3; i <= count; i++) take += new(part[1] part[i])
            if (take) print $2
        }'
}

# Checks that every wrong kernel is caught, and that each check catches one that no other check does.
mutants() {
    together '"$gcc/verify/norma-verify" --mutants -o "$gcc/mutants.tap"' \
        '"$gcc/verify/norma-verify" --mutants=checks -o "$gcc/checks.tap"'
    status=$?
    grep -h -A1 '^not ok' "$gcc/mutants.tap" "$gcc/checks.tap"
    tail -q -n 1 "$gcc/mutants.tap" "$gcc/checks.tap"
    return "$status"
}

# digest_here THREADS: computes the digest of every set on this machine.
digest_here() {
    "$gcc/verify/norma-verify" --digest --quick --threads "$1" -o "$gcc/digest.$1"
}

# Checks that the results have the same bits from every set with every number of threads.
same_bits_here() {
    together 'digest_here 1' 'digest_here 2' 'digest_here 3' &&
        diff "$gcc/digest.1" "$gcc/digest.2" && diff "$gcc/digest.1" "$gcc/digest.3" &&
        tail -n 1 "$gcc/digest.3" && digest_sample
}

# Computes the digest of the sample, for slow emulators.
digest_sample() {
    sample "$gcc/digest.1" 30000 >"$gcc/sample"
    "$gcc/verify/norma-verify" --digest --impl portable "@$gcc/sample" -o "$gcc/digest.sample"
}

# same_bits DIGEST CPU SETS PROBLEMS...: checks that SETS on an emulated CPU give the bits of DIGEST.
same_bits() {
    expected=$1 cpu=$2 sets=$3
    shift 3
    qemu-aarch64 -cpu "$cpu" "$arm/verify/norma-verify" --digest --impl "$sets" "$@" \
        -o "$arm/digest.$sets" &&
        diff "$expected" "$arm/digest.$sets" && echo "$sets: $(tail -n 1 "$arm/digest.$sets")"
}

# Checks the same for the sets of another architecture. The large problem is stored past the caches, for which no
# problem of --quick is large enough.
same_bits_neon() {
    large=in:1x16x521x523
    "$gcc/verify/norma-verify" --digest --impl portable "$large" -o "$gcc/digest.large" &&
        together 'same_bits "$gcc/digest.1" max neon --quick' \
            'same_bits "$gcc/digest.1" max highway-neon --quick' &&
        same_bits "$gcc/digest.sample" max portable "@$gcc/sample" &&
        same_bits "$gcc/digest.large" max neon,highway-neon,portable "$large"
}

# Checks the same for SVE with registers of several lengths, here in bytes.
same_bits_sve() {
    together 'same_bits_of_length 16 highway-sve,highway-sve2,highway-sve2-128' \
        'same_bits_of_length 32 highway-sve,highway-sve2,highway-sve-256' \
        'same_bits_of_length 64 highway-sve2,highway-sve'
}

same_bits_of_length() {
    same_bits "$gcc/digest.sample" "max,sve-default-vector-length=$1" "$2" "@$gcc/sample"
}

# Verifies valid random problems with the fastest set and compares the bits of all sets; broken ones must be refused.
random_problems() {
    "$gcc/verify/fuzz/generate_problems" valid 9000 1 >"$gcc/valid" &&
        "$gcc/verify/fuzz/generate_problems" broken 1000 1 >"$gcc/broken" &&
        verify "$gcc" --impl "$(implementations "$fastest")" "@$gcc/valid" &&
        "$gcc/verify/norma-verify" --digest --threads 1 -o "$gcc/digest.valid" "@$gcc/valid" &&
        tail -n 1 "$gcc/digest.valid" && refuses_broken
}

# Checks that each broken text is refused with status 2 and a caret between the two positions that precede the text.
refuses_broken() {
    wrong=0
    while read -r first last text; do
        message=$("$gcc/verify/norma-verify" "$text" 2>&1)
        status=$?
        caret=${message##*
  }
        position=$((${#caret} - 1))
        if [ "$status" -ne 2 ] || [ "${caret#"${caret%?}"}" != '^' ] ||
            [ "$position" -lt "$first" ] || [ "$position" -gt "$last" ]; then
            printf 'status %d, the fault is at %d to %d: %s\n' "$status" "$first" "$last" "$message"
            wrong=$((wrong + 1))
        fi
    done <"$gcc/broken"
    echo "$(wc -l <"$gcc/broken") broken problems, $wrong not refused as they should be"
    [ "$wrong" -eq 0 ]
}

# fuzz TARGET SECONDS: lets libFuzzer search for so long; it leaves a failing input in build/.
fuzz() {
    rm -rf "$sanitized/corpus.$1"
    mkdir -p "$sanitized/corpus.$1" || return 1
    NORMA_PROFILE='' "$sanitized/verify/fuzz/fuzz_$1" -seed=1 -max_total_time="$2" -timeout=10 -rss_limit_mb=1024 \
        -artifact_prefix="$sanitized/$1." "$sanitized/corpus.$1" "$root/verify/fuzz/corpus/$1" >"$sanitized/$1.log" 2>&1
    status=$?
    echo "$1: $(grep -a '^Done' "$sanitized/$1.log" || grep -aE \
        'expected:|runtime error:|^SUMMARY|Test unit written' "$sanitized/$1.log")"
    return "$status"
}

fuzz_readers() {
    set --
    for target in "$root"/verify/fuzz/corpus/*; do
        [ "${target##*/}" = execution ] || set -- "$@" "fuzz ${target##*/} 10"
    done
    together "$@"
}

# Executes random problems on random arguments: those that libFuzzer makes of the corpus, and always the same others,
# also with GCC's OpenMP.
fuzz_executions() {
    together 'fuzz execution 40' "try_executions '$sanitized' 8000 1" "try_executions '$gcc' 20000 10000"
}

# try_executions BUILD COUNT SEED: leaves a failing input in the build.
try_executions() (
    cd "$1" && NORMA_PROFILE='' verify/fuzz/try_executions "$2" "$3"
)

# Runs plans that threads share. LLVM's tool tells ThreadSanitizer of OpenMP's barriers; without it, plans have one
# thread each.
share_plans() {
    tool=$(clang -print-resource-dir)/../../libarcher.so
    set -- 1 3
    if [ ! -e "$tool" ]; then
        echo 'skipped: plans of several threads, as libarcher.so is not here'
        set -- 1
    fi
    for threads in "$@"; do
        NORMA_PROFILE='' OMP_TOOL_LIBRARIES="$tool" TSAN_OPTIONS=ignore_noninstrumented_modules=1 \
            "$threaded/verify/fuzz/share_plans" "$threads" <"$gcc/sample" || return 1
    done
}

# memcheck SET: runs valgrind on problems that take it few seconds.
memcheck() {
    valgrind -q --error-exitcode=1 --log-file="$gcc/memcheck.$1" "$gcc/verify/norma-verify" \
        --impl "$1" --threads 1 -o "$gcc/memcheck.$1.tap" "@$gcc/sample.memcheck"
    status=$?
    head -n 40 "$gcc/memcheck.$1"
    echo "$1: $(tail -n 1 "$gcc/memcheck.$1.tap")"
    return "$status"
}

# Valgrind knows no AVX-512.
memcheck_all() {
    if ! command -v valgrind >/dev/null 2>&1; then
        echo 'skipped: valgrind is not here'
        return 0
    fi
    sample "$gcc/digest.1" 300 | awk 'NR % 3 == 1' >"$gcc/sample.memcheck"
    set --
    for set in $(implementations '$1 ~ /^(avx2|neon|portable)$/' | tr , ' '); do
        set -- "$@" "memcheck $set"
    done
    together "$@"
}

