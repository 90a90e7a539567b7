# Makes a page for man(3) for each function of a public header, folder/NAME.3: the declaration, and the comment above
# it. Functions that stand together below one comment share a page, which the other names lead to.
#
# Comes after roff.awk. Variables: name (norma), version, date, folder.
# SPDX-License-Identifier: Apache-2.0

function put(text) {
    print text >page
}

function put_code(text) {
    if (!coding)
        put(".RS 4\n.EX")
    coding = 1
    put(escape(text))
}

function put_text(text) {
    if (coding)
        put(".EE\n.RE")
    coding = 0
    text = escape(text)
    put(text == "" ? ".PP" : (text ~ /^[.]/ ? "\\&" : "") text)
}

# Returns the first sentence of the comment, without its full stop.
function brief(    all, i) {
    for (i = 1; i <= lines; i++)
        all = all (i > 1 ? " " : "") comment[i]
    sub(/[.] .*/, "", all)
    sub(/[.]$/, "", all)
    return all
}

function write_page(    i, names) {
    page = folder "/" function_names[1] ".3"
    for (i = 1; i <= functions; i++)
        names = names (i > 1 ? ", " : "") function_names[i]
    put(".\\\" Made from the header " name ".h.")
    put(".TH " toupper(function_names[1]) " 3 " date " \"norma " version "\" \"Library Functions\"")
    put(".SH NAME\n" names " \\- " escape(brief()))
    put(".SH SYNOPSIS\n.EX\n#include <" name ".h>\n")
    for (i = 1; i <= declared; i++)
        put(escape(declarations[i]))
    put(".EE\n.SH DESCRIPTION")
    coding = 0
    for (i = 1; i <= lines; i++)
        if (comment[i] ~ /^    /)
            put_code(substr(comment[i], 5))
        else
            put_text(comment[i])
    if (coding)
        put(".EE\n.RE")
    put(".SH SEE ALSO\n.BR " name " (3)")
    close(page)
}

# Ends the group of functions below a comment.
function finish(    i) {
    if (functions && lines) {
        write_page()
        for (i = 2; i <= functions; i++) {
            page = folder "/" function_names[i] ".3"
            put(".so man3/" function_names[1] ".3")
            close(page)
        }
    }
    functions = declared = lines = 0
}

!declaring && (commenting || /^\/\*/) {
    if (!commenting)
        finish()
    commenting = !sub(/ *\*\/$/, "")
    sub(/^\/\* ?/, "")
    sub(/^ \* ?/, "")
    comment[++lines] = $0
    next
}

declaring || /^NORMA_API / {
    if (!declaring && match($0, /norma_[a-z_]+\(/))
        function_names[++functions] = substr($0, RSTART, RLENGTH - 1)
    if (!declaring)
        sub(/^NORMA_API /, "")
    else
        sub(/^          /, "")
    sub(/ *\/\*.*\*\/$/, "")
    declarations[++declared] = $0
    declaring = !/;$/
    next
}

{
    finish()
}

END {
    finish()
}
