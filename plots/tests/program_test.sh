#!/bin/sh
# Tests the whole program: the files that it writes, its messages, and the files that it leaves after an error.
#
#     program_test.sh NORMA-PLOT GENERATE
#
# SPDX-License-Identifier: Apache-2.0
program=$1
generate=$2
script=$(realpath "$0")
. "$(dirname "$script")/../../ci/tests.sh"
cd "$work" || exit 2

# expect STATUS TEXT ARGUMENT...: runs the program, checks its exit status and that stderr holds TEXT,
# or nothing if TEXT is empty.
expect() {
    wanted=$1
    text=$2
    shift 2
    "$program" "$@" >stdout 2>stderr
    status=$?
    [ "$status" -eq "$wanted" ] || fail "exit status $status instead of $wanted: $*: $(cat stderr)"
    if [ -z "$text" ]; then
        [ -s stderr ] && fail "something on stderr: $*: $(cat stderr)"
    else
        grep -qF -- "$text" stderr || fail "no '$text' on stderr: $*: $(cat stderr)"
    fi
}

# nothing_in FOLDER: checks that no files were left there, including hidden ones.
nothing_in() {
    [ -z "$(ls -A "$1" 2>/dev/null)" ] || fail "left behind in $1: $(ls -A "$1")"
}

"$generate" small 1 >one.jsonl || fail "generate"
"$generate" small 2 >two.jsonl || fail "generate"

# ---- output ------------------------------------------------------------------------------------

expect 0 "wrote out/report.html, and 3 pictures" -o out one.jsonl
for name in throughput-bn-fwd-resnet110-1t share-bn-fwd-1t speedup-bn-fwd-avx512-1t; do
    grep -q "</svg>" "out/$name.svg" || fail "$name.svg"
    [ -s "out/$name.png" ] || fail "$name.png"
done
[ "$(ls -A out | wc -l)" -eq 7 ] || fail "more than 7 files: $(ls -A out)"
grep -q "</html>" out/report.html || fail "the page has no end"
grep -q "http:\|https:\|src=" out/report.html && fail "the page refers to something outside it"
[ "$(grep -c 'role="img"' out/report.html)" -eq 3 ] || fail "not 3 pictures in the page"
[ "$(grep -c 'norma-bench run --impl avx2 --threads 1 ' out/report.html)" -eq 24 ] ||
    fail "not a command for each of the 24 measurements of avx2"
grep -qF "norma-bench run --impl avx512 --threads 1 &#39;bn:8x16x32x32&#39;" out/report.html ||
    fail "no command to repeat bn:8x16x32x32"

for heading in "share of bound, largest" "Conditions of measurement" "Machine" "Not measured"; do
    grep -q ">$heading</[th]" out/report.html || fail "no $heading"
done

expect 0 "wrote" -o again one.jsonl
diff -r out again >/dev/null || fail "the same results do not give the same files"

expect 0 "wrote out2/page.html, and 3" -o out2 --format svg --report out2/page.html \
    --title '<i>T</i> & "co"' one.jsonl
grep -q "<title>&lt;i&gt;T&lt;/i&gt; &amp; &quot;co&quot;</title>" out2/page.html || fail "title"
ls out2 | grep -q png && fail "a PNG with --format svg"

expect 0 "wrote" -o piped --format svg - <one.jsonl
cmp -s out/share-bn-fwd-1t.svg piped/share-bn-fwd-1t.svg || fail "standard input differs"

expect 0 "wrote" -o both --format svg one.jsonl two.jsonl
[ "$(ls both | grep -c '^0000000001234567-')" -eq 3 ] || fail "pictures of machine 1"
[ "$(ls both | grep -c '^0000000002468ace-')" -eq 3 ] || fail "pictures of machine 2"
grep -q "Example CPU 1" both/report.html || fail "machine 1 in the page"
grep -q "Example CPU 2" both/report.html || fail "machine 2 in the page"

# On a phone the figures of the first table are beside its first column, which says what they are about.
grep -q '<table class="sortable summary"><thead><tr><th>operator</th><th class="n">× oneDNN in the same layout</th>' \
    out/report.html || fail "the first figures are not in the second column"
grep -q "<tr><td>bn fwd<br><small>avx512, 1 thread</small><td class=\"n\"" out/report.html || fail "no set and threads"

# Machines side by side: the first table has the winner in bold and the number of common problems.
grep -q ">Machines compared<" both/report.html || fail "no comparison"
grep -q "GB/s</b><br><small>[0-9.]* – [0-9.]* GB/s</small><br><small>avx" both/report.html || fail "no best of a row"
grep -q '<b>1 of 1</b><span>operators and passes are fastest on</span><a href="#summary-0">' \
    both/report.html || fail "the wrong machine is the fastest"
[ -s both/machines.svg ] || fail "no picture of all machines"
grep -q "<small>[0-9]* undecided</small>" both/report.html && fail "overlapping intervals of unequal machines"
grep -q "[0-9] of [0-9]* faster" both/report.html || fail "no count of the problems that are faster"

# A case is decided only where intervals do not overlap, and by nothing that was disturbed.
sed 's/"low":[^,]*/"low":1e-12/; s/"high":[^,]*/"high":1e3/' two.jsonl >wide.jsonl
sed 's/"batch":10}/"batch":10,"uncertain":true}/' two.jsonl >uncertain.jsonl
for doubt in wide uncertain; do
    expect 0 "wrote" -o $doubt --format svg one.jsonl $doubt.jsonl
    [ "$(grep -c '<b>0 of 1</b>.*<small>1 undecided</small>' $doubt/report.html)" -eq 2 ] ||
        fail "$doubt: not undecided on both machines"
    sed -n '/class="sortable compared"/,/<\/table>/p' $doubt/report.html | grep -q "<b>" &&
        fail "$doubt: a winner in bold"
done
expect 0 "wrote" -o doubt --format svg uncertain.jsonl
grep -q "<b>[0-9.]*×?</b><span>the speed of oneDNN in the same layout</span><small>0 of [0-9]* faster, [0-9]* undecided;" \
    doubt/report.html || fail "uncertain: the card is not marked"
grep -q "<td data-v=[^>]*>[0-9.]* .s? (" doubt/report.html || fail "uncertain: the measurements are not marked"
grep -q "?: [0-9]* of [0-9]* are uncertain" doubt/report.html || fail "uncertain: no note"
grep -q "are uncertain" both/report.html && fail "a note about none"
grep -q "from [0-9.]*×? (resnet110 .* to [0-9.]*×? (resnet110" doubt/report.html || fail "uncertain: the caption is not marked"
grep -q ">[0-9.]*?</text>\|>[0-9.]*?<" doubt/speedup-bn-fwd-avx2-1t.svg || fail "uncertain: the cells are not marked"

# Of two figures that read the same, none is the winner.
sed 's/0000000001234567/0000000002468ace/' one.jsonl >equal.jsonl
expect 0 "wrote" -o equal --format svg one.jsonl equal.jsonl
sed -n '/class="sortable compared"/,/<\/table>/p' equal/report.html >tables
grep -q "GB/s" tables || fail "no figures of equal machines"
grep -q "<b>" tables && fail "a winner of two equal figures"
[ "$(grep -c '<b>0 of 1</b>.*<small>1 undecided</small>' equal/report.html)" -eq 2 ] ||
    fail "it is not said that there is no winner"
{ head -n 100 two.jsonl && tail -n 1 two.jsonl; } >fewer.jsonl
expect 0 "wrote" -o fewer --format svg one.jsonl fewer.jsonl
common=$(grep -c '"implementation":"avx2"' fewer.jsonl)
[ "$common" -lt 24 ] && grep -q "<td class=\"n\">$common</tr>" fewer/report.html ||
    fail "not $common common problems"

# Memory and compute records may be in files of their own.
for machine in 1 2; do "$generate" hardware $machine >hardware$machine.jsonl || fail "generate"; done
expect 0 "and 14 pictures" -o hardware --format svg one.jsonl hardware1.jsonl two.jsonl hardware2.jsonl
for picture in memory-1t memory-2t roofline-1t; do
    [ -s "hardware/0000000001234567-$picture.svg" ] || fail "no $picture"
done
grep -q 'class="topology"' hardware/report.html || fail "no topology"
sed 's/"type":"NUMANode","bytes":[0-9]*/"type":"NUMANode","bytes":5000000000/' hardware1.jsonl >plugged.jsonl
expect 0 "wrote" -o plugged --format svg plugged.jsonl
grep -q ">Memory 23.3 GiB<" plugged/report.html || fail "the picture of the topology has another memory than the table"
grep -q ">All machines give the same bits" hardware/report.html || fail "no agreement of digests"
grep -q 'Measured by <a href="#run-1">run 2</a>' hardware/report.html || fail "no run of the ceilings"
grep -q "norma-bench run --quick -o &#39;results of hardware.jsonl&#39;" hardware/report.html ||
    fail "the command of a run cannot be pasted into a shell"
grep -q "<summary>To repeat it</summary><code>norma-bench run --impl avx512,avx2,portable,onednn" \
    hardware/report.html || fail "no command of a picture"
expect 0 "wrote" -o hardware-again --format svg one.jsonl hardware1.jsonl two.jsonl hardware2.jsonl
diff -r hardware hardware-again >/dev/null || fail "the same machines do not give the same files"
sed 's/5e8f8f30fe1981d9/5e8f8f30fe1981d8/' hardware2.jsonl >differs.jsonl
expect 0 "wrote" -o differs --format svg one.jsonl hardware1.jsonl differs.jsonl
grep -q "The digests DIFFER" differs/report.html || fail "a digest that differs is not said"
grep -q "<code>5e8f8f30fe1981d8</code><td>Example CPU 1" differs/report.html || fail "it is not said which"
grep -q "Not drawn with 2 threads: the roofline, as no operator" hardware/report.html ||
    fail "it is not said that a roofline has no points"
expect 0 "and 2 pictures" -o ceilings --format svg hardware1.jsonl
grep -q "In absolute figures" ceilings/report.html && fail "figures without measurements"
for note in "No picture of the topology" "no memory records of this machine" "hold no digest" \
    "No problem was measured with one thread and with more"; do
    grep -q "$note" out/report.html || fail "what is not recorded is not said: $note"
done
sed 's/"topology_tree":.*,"os":/"topology_tree":{"type":"Machine","children":[]},"os":/' hardware1.jsonl >bare.jsonl
expect 0 "wrote" -o bare --format svg bare.jsonl
grep -q "No picture of the topology" bare/report.html || fail "a topology of a single box"

# Without oneDNN, or any time at all, a part of the page has a sentence instead of pictures and tables.
grep -v '"implementation":"onednn' one.jsonl >ours.jsonl
expect 0 "and 2 pictures" -o ours --format svg ours.jsonl
grep -q "Not drawn with 1 thread: bn fwd, as oneDNN was not measured" ours/report.html ||
    fail "it is not said that there is no speed-up"
sed 's/"status":"ok".*/"status":"failed","reason":"wrong"}/' one.jsonl >failed.jsonl
expect 0 "and 0 pictures" -o failed --format svg failed.jsonl
[ "$(grep -c '<p class="note absent">Not drawn with 1 thread: bn fwd, as ' failed/report.html)" -eq 3 ] ||
    fail "not a sentence for each of three pictures"
sed -n '/<table class="sortable compared">/,/<\/table>/p' failed/report.html | grep -q . &&
    fail "a table of absolute figures without a figure"

# The number of threads with the most measurements is open, and first.
{ head -n 30 one.jsonl && sed '1d; s/"threads":1,/"threads":2,/' one.jsonl; } >sample.jsonl
expect 0 "wrote" -o sample --format svg sample.jsonl
grep -q "<summary>The same with 1 thread<" sample/report.html || fail "a sample of 1 thread stands open"
grep -o "avx512, [12] threads*, forward" sample/report.html | head -n 1 | grep -q "2 threads" ||
    fail "a sample of 1 thread stands first"

# Forward and backward have pictures and key figures of their own.
{ cat one.jsonl && sed '1d; s|"pass":"fwd"|"pass":"bwd"|; s|"problem":"[^"]*|&:pass=bwd|; s|"copy|"add|' one.jsonl; } \
    >passes.jsonl
expect 0 "and 6 pictures" -o passes --format svg passes.jsonl
[ -s passes/share-bn-bwd-1t.svg ] || fail "no picture of backward"
for pass in forward backward; do
    grep -q "avx512, 1 thread, $pass, all operators" passes/report.html || fail "no figures of $pass"
done
grep -q "backward, all operators" out/report.html && fail "figures of a pass that was not measured"

expect 0 "4 pictures in chosen" -o chosen --impl portable,avx2 --format svg one.jsonl
[ -s chosen/speedup-bn-fwd-avx2-1t.svg ] || fail "no speed-up of avx2"
[ -s chosen/speedup-bn-fwd-portable-1t.svg ] || fail "no speed-up of portable"
expect 2 "no implementation avx1024" -o chosen --impl avx1024 one.jsonl

# Names are escaped for gnuplot, the shell and the browser.
sed "s|16@32x32|<script>\`touch owned\`' \$HOME {#|; s|resnet110|../../x|" one.jsonl >odd.jsonl
expect 0 "wrote" -o odd --format svg odd.jsonl
[ -e owned ] || [ -e odd/owned ] && fail "a name was executed"
[ "$(grep -c '<script>' odd/report.html)" -eq 1 ] || fail "a name became a script"
grep -qF '&lt;script>`touch owned`' odd/throughput-bn-fwd-x-1t.svg || fail "a name was mangled"

# Pictures whose names would be equal do not overwrite each other.
{ cat one.jsonl && sed "s|resnet110|resnet/110|" one.jsonl && sed "s|resnet110|resnet+110|" one.jsonl; } \
    >alike.jsonl
expect 0 "and 5 pictures" -o alike --format svg alike.jsonl
[ "$(ls alike | wc -l)" -eq 6 ] || fail "names alike: $(ls alike)"
[ "$(grep 'To repeat it' alike/report.html | grep -o '&#39;bn:1x16x32x32&#39;' | wc -l)" -eq 5 ] ||
    fail "not once in the command of each picture"

# The machine's part has the processors and the quota, and conditions that spoil figures are marked.
sed 's/"libraries"/"cpus":[0,1,2,3,8,10,11],"quota":0.4,&/
    s/"load_average":1.2/&,"samples":1000,"disturbed":89,"uncertain":2,"busy":0.5,"throttled_periods":7,"throttled_seconds":1.25/
    s/"steal_share":0.001/"steal_share":0.02/' one.jsonl >disturbed.jsonl
expect 0 "wrote" -o disturbed --format svg disturbed.jsonl
for row in "Threads are pinned to</th><td>0–3, 8, 10, 11<" "Quota of the control group</th><td>0.4 processors<"; do
    grep -q "<th>$row" disturbed/report.html || fail "the machine lacks $row"
done
grep -q "Quota of the control group</th><td>none recorded" out/report.html || fail "a quota that is not there"
for cell in "8.9%" 2 "1.25 s" "2.00%"; do
    grep -q "<td class=\"n warned\" data-v=\"[^\"]*\">$cell<" disturbed/report.html || fail "$cell is no warning"
done
grep -q 'class="n warned"' out/report.html && fail "a warning of good conditions"
grep -q 'notice">disturbed.jsonl: 8.9% of the samples were disturbed' disturbed/report.html || fail "no notice of disturbed samples"
grep -q "samples were disturbed" out/report.html && fail "a notice of no disturbed samples"

# The warnings of a run that was resumed are those of its figures, and its file is named once.
sed '1!s/the frequency governor is unknown/the quota was used up/' one.jsonl >throttled.jsonl
cat throttled.jsonl one.jsonl throttled.jsonl >joined.jsonl
expect 0 "wrote" -o joined --format svg joined.jsonl
for warning in "the quota was used up" "the frequency governor is unknown"; do
    [ "$(grep -c "notice\">joined.jsonl: $warning" joined/report.html)" -eq 1 ] || fail "not once: $warning"
done

# ---- what is not replaced ---------------------------------------------------------------------------

cp one.jsonl input.jsonl
cp two.jsonl other.jsonl
ln -s input.jsonl link
ln input.jsonl hard
for page in input.jsonl link hard; do
    expect 2 "cannot write $page: it is an input" -o late --report $page input.jsonl
done
"$program" -o late --report input.jsonl - <input.jsonl 2>stderr
grep -q "it is an input" stderr || fail "standard input as an output: $(cat stderr)"
expect 2 "cannot write other.jsonl: it holds measurements" -o late --report other.jsonl input.jsonl
cmp -s one.jsonl input.jsonl && cmp -s two.jsonl other.jsonl || fail "results were overwritten"
nothing_in late

# Where one target is refused, none is replaced.
cp -r out pictured
cp out/report.html pictured/report.html.before
rm pictured/share-bn-fwd-1t.svg
ln -s ../input.jsonl pictured/share-bn-fwd-1t.svg
echo earlier >pictured/report.html
expect 2 "share-bn-fwd-1t.svg: it is an input" -o pictured input.jsonl
[ "$(cat pictured/report.html)" = earlier ] || fail "the page was replaced though a picture was refused"

ln -s page.html linked
expect 0 "wrote linked" -o piece --format svg --report linked one.jsonl
[ -h linked ] && grep -q "</html>" page.html || fail "a link to a page was not followed"
"$program" -o piece --format svg --report - one.jsonl >page 2>stderr
cmp -s page page.html || fail "the page on standard output"
grep -q "wrote standard output" stderr || fail "standard output is not named: $(cat stderr)"
mkfifo fifo
cat fifo >page &
expect 0 "wrote fifo" -o piece --format svg --report fifo one.jsonl
wait $!
[ -p fifo ] && cmp -s page page.html || fail "a FIFO was not written through"
if [ -e /dev/full ]; then
    expect 2 "cannot write /dev/full: " -o piece --format svg --report /dev/full one.jsonl
    [ -c /dev/full ] || fail "a device was replaced"
fi

# ---- bad input ----------------------------------------------------------------------------------

printf '' >empty.jsonl
head -n 1 one.jsonl >machine.jsonl
head -n 5 one.jsonl >short.jsonl
{ cat short.jsonl && printf '{"type":"measurement","sche'; } >cut.jsonl
{ cat cut.jsonl && echo && sed -n 6p one.jsonl; } >torn.jsonl
sed '3s/"schema":1/"schema":2/' short.jsonl >newer.jsonl
sed '4s/"threads":1/"threads":"many"/' short.jsonl >typed.jsonl
sed '4s/"median"/"middle"/' short.jsonl >lacking.jsonl

expect 2 "cannot read absent.jsonl: No such file" -o bad absent.jsonl
expect 2 "cannot read .: " -o bad .
expect 2 "empty.jsonl is empty" -o bad empty.jsonl
expect 2 "machine.jsonl holds no measurements" -o bad machine.jsonl
expect 2 "program_test.sh:1: not JSON" -o bad "$script"
expect 2 "torn.jsonl:6: not JSON" -o bad torn.jsonl
expect 2 "newer.jsonl:3: schema 2 is newer" -o bad newer.jsonl
expect 2 'typed.jsonl:4: "threads"' -o bad typed.jsonl
expect 2 'lacking.jsonl:4: the measurement lacks "time.median"' -o bad lacking.jsonl
expect 2 "empty.jsonl is empty" -o bad one.jsonl empty.jsonl
[ -e bad ] && fail "bad input made the output folder"
expect 0 "ignoring incomplete last line 6 of cut.jsonl (interrupted run)" -o cut --format svg cut.jsonl
grep -q "cut.jsonl: the run did not reach its end" cut/report.html || fail "no notice of the end"

# A byte order mark is no part of the first record, and files that are compressed are refused by name.
{ printf '\357\273\277' && cat one.jsonl; } >marked.jsonl
expect 0 "wrote" -o marked --format svg marked.jsonl
cmp -s out/share-bn-fwd-1t.svg marked/share-bn-fwd-1t.svg || fail "a byte order mark"
printf '\357\273\277' >mark.jsonl
expect 2 "mark.jsonl holds no measurements" -o bad mark.jsonl
gzip -c one.jsonl >one.jsonl.gz
expect 2 'one.jsonl.gz is compressed; decompress it first, as with: gunzip -c one.jsonl.gz' -o bad one.jsonl.gz
printf '\375\067\172\130\132\000' >one.jsonl.xz
expect 2 'as with: xz -dc one.jsonl.xz' -o bad one.jsonl.xz
printf '\050\265\057\375' >one.jsonl.zst
expect 2 'as with: zstd -dc one.jsonl.zst' -o bad one.jsonl.zst
[ -e bad ] && fail "a compressed file made the output folder"

{ head -n 5 one.jsonl && cat one.jsonl; } >resumed.jsonl
expect 0 "wrote" -o resumed --format svg resumed.jsonl
grep -q "did not reach its end" resumed/report.html && fail "a resumed run counts as interrupted"
grep -q "ended without its closing record" resumed/report.html || fail "no row of the first run"

# ---- bad usage ----------------------------------------------------------------------------------

expect 2 "no result file given"
expect 2 "see norma-plot --help" --colour one.jsonl
expect 2 "--format: expected some of svg, png, found 'gif'" --format gif one.jsonl
expect 2 "--title: expected a title in UTF-8" --title "$(printf '\377')" one.jsonl
sed 's/"footprint":4096/"footprint":0/' hardware1.jsonl >nothing.jsonl
expect 2 'nothing.jsonl:2: "footprint" of the memory' -o bad one.jsonl nothing.jsonl
expect 0 "" --help
grep -q "Usage: norma-plot" stdout || fail "--help"
expect 0 "" help
grep -q "Usage: norma-plot" stdout || fail "help"
expect 0 "" --version
grep -q "^norma-plot [0-9]" stdout || fail "--version"

# ---- bad surroundings ---------------------------------------------------------------------------

usual=$PATH

# as_gnuplot SCRIPT: puts a script named gnuplot in front of PATH.
as_gnuplot() {
    mkdir -p fake
    printf '#!/bin/sh\n[ "$2" = --version ] && exit 0\n%s\n' "$1" >fake/gnuplot
    chmod +x fake/gnuplot
    PATH=$work/fake:$usual
}

# Without PATH there is no grep either, so the message is checked afterwards.
PATH=$work/nowhere
"$program" -o none one.jsonl 2>stderr
status=$?
PATH=$usual
[ "$status" -eq 3 ] || fail "missing gnuplot: exit status $status"
grep -q "gnuplot was not found on PATH; install it: apt-get install" stderr ||
    fail "missing gnuplot: $(cat stderr)"
nothing_in none

as_gnuplot 'echo "line 7: no such terminal" >&2; exit 1'
expect 3 "line 7: no such terminal" -o broken one.jsonl
grep -q "gnuplot broken/speedup-bn-fwd-avx512-1t.gp" stderr || fail "no path of the script"
PATH=$usual
(cd broken && gnuplot speedup-bn-fwd-avx512-1t.gp && grep -q "</svg>" ./*.svg) ||
    fail "the script that was kept does not run"

# Without pngcairo, all is drawn but PNG.
real=$(command -v gnuplot)
as_gnuplot "if grep -q pngcairo \"\$2\"; then echo 'unknown terminal' >&2; exit 1; fi; exec $real \"\$@\""
expect 0 "cannot draw PNG" -o cairoless one.jsonl
grep -q "wrote cairoless/report.html, and 3 pictures" stderr || fail "no pictures without pngcairo: $(cat stderr)"
[ "$(ls cairoless | grep -c 'svg$')" -eq 3 ] && ! ls cairoless | grep -q png || fail "without pngcairo: $(ls cairoless)"
cmp -s cairoless/report.html out/report.html || fail "another page without pngcairo"
expect 3 "--format svg needs none" -o pngless --format png one.jsonl
nothing_in pngless
PATH=$usual

as_gnuplot 'exit 0'
expect 2 "did not write all of" -o lazy one.jsonl
expect 2 "did not write all of" -o lazy --format svg one.jsonl
nothing_in lazy

# killed NAME: ends the program in the background by SIGTERM, which it must obey at once.
killed() {
    kill -TERM $child
    tries=0
    while kill -0 $child 2>/dev/null && [ $tries -lt 50 ]; do
        sleep 0.1
        tries=$((tries + 1))
    done
    kill -KILL $child 2>/dev/null && fail "$1: SIGTERM was not obeyed"
    wait $child
    [ $? -eq 143 ] || fail "$1: not the status of SIGTERM"
    grep -q "interrupted; nothing was changed" stderr || fail "$1: $(cat stderr)"
    diff -r out before >/dev/null || fail "$1: earlier output was changed"
}

as_gnuplot 'echo $$ >"$PID_FILE"; exec sleep 60'
cp -r out before
PID_FILE=$work/pid "$program" -o out two.jsonl 2>stderr &
child=$!
tries=0
while [ ! -s pid ] && [ $tries -lt 100 ]; do
    sleep 0.1
    tries=$((tries + 1))
done
killed "while drawing"
kill -0 "$(cat pid)" 2>/dev/null && fail "gnuplot was left running"
PATH=$usual

mkfifo pipe
"$program" -o out - <pipe 2>stderr &
child=$!
exec 3>pipe
head -n 5 one.jsonl >&3
sleep 0.5
killed "while reading"
exec 3>&-

# A limit on file sizes cuts a write short, as a full disk does.
(ulimit -f 8 && "$program" -o out two.jsonl 2>limited)
[ $? -eq 2 ] || fail "full disk: not exit status 2: $(cat limited)"
diff -r out before >/dev/null || fail "full disk: earlier output was changed"

expect 2 "cannot write into one.jsonl: Not a directory" -o one.jsonl one.jsonl
expect 2 "cannot write absent/page.html" -o late --format svg --report absent/page.html one.jsonl
nothing_in late
if [ -e /dev/full ]; then
    "$program" --help >/dev/full 2>stderr
    [ $? -eq 2 ] || fail "--help to a full disk"
fi

[ "$failures" -eq 0 ] && echo "all well"
[ "$failures" -eq 0 ]
