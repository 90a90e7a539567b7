# Makes a page for man(1) from what a program prints for --help (verify/harness/tool/options.c). Unindented lines
# are text, "Name:" before indented lines is a heading, and an indented line is an entry; two or more blanks
# separate it from its meaning, to which lines that are indented further belong.
#
# Comes after roff.awk. Variables: title (NORMA-BENCH-RUN), name (norma-bench-run), brief, version, date.
# SPDX-License-Identifier: Apache-2.0

function heading(text) {
    print ".SH " toupper(escape(text))
    headed = described = 1
}

# Makes "Exit status: ..." a section of its own, as in all manuals.
function write_paragraph() {
    if (paragraph == "")
        return
    if (match(paragraph, /^[A-Z][a-z]+( [a-z]+)?: /)) {
        heading(substr(paragraph, 1, RLENGTH - 2))
        paragraph = substr(paragraph, RLENGTH + 1)
    }
    else if (!described)
        heading("description")
    if (!headed)
        print ".PP"
    line(paragraph)
    paragraph = ""
    headed = 0
}

# Makes options bold and their values italic; any other entry is bold as a whole.
function tag(text,  i, count, word, result) {
    if (text !~ /^-/)
        return "\\fB" escape(text) "\\fR"
    count = split(text, word, " ")
    for (i = 1; i <= count; i++) {
        if (word[i] ~ /^-/)
            sub(/^-[^][,=]*/, "\\fB&\\fR", word[i])
        else
            word[i] = "\\fI" word[i] "\\fR"
        gsub(/-/, "\\-", word[i])
        result = result (i > 1 ? " " : "") word[i]
    }
    return result
}

function write_entry() {
    if (entry == "")
        return
    if (!described)
        heading("description")
    print ".TP\n" tag(entry)
    if (meaning != "")
        line(meaning)
    entry = meaning = ""
    headed = 0
}

function write_held() {
    write_paragraph()
    write_entry()
}

BEGIN {
    printf ".\\\" Made from what the program prints for --help.\n"
    printf ".TH %s 1 %s \"norma %s\" \"User Commands\"\n", title, date, version
    heading("name")
    print escape(name) " \\- " escape(brief)
}

/^Usage: / {
    heading("synopsis")
    sub(/^Usage: /, "")
    usage = $1
    if ($2 ~ /^[a-z]+$/)
        usage = usage " " $2
    print ".B " escape(usage) "\n" escape(substr($0, length(usage) + 2))
    described = 0
    next
}

/^$/ {
    write_held()
    next
}

/^[^ ].*:$/ {
    write_held()
    heading(substr($0, 1, length($0) - 1))
    next
}

/^[^ ]/ {
    write_entry()
    paragraph = paragraph (paragraph == "" ? "" : " ") $0
    next
}

{
    match($0, / +/)
    indent = RLENGTH
    sub(/^ +/, "")
}

entry != "" && indent > 6 {
    meaning = meaning (meaning == "" ? "" : " ") $0
    next
}

{
    write_held()
    place = match($0, /  +/)
    entry = place ? substr($0, 1, place - 1) : $0
    meaning = place ? substr($0, place + RLENGTH) : ""
}

END {
    write_held()
}
