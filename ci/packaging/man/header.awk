# Makes a page for man(3) from a public header: its comments become text (indented lines stay as they are), its
# declarations code, its "---- rules ----" headings. The first comment, up to a full stop, becomes the NAME.
#
# Comes after roff.awk. Variables: name (norma), version, date.
# SPDX-License-Identifier: Apache-2.0

function begin(kind) {
    if (open == kind)
        return
    if (open == "code")
        print ".EE\n.RE"
    if (kind == "code")
        print (headed ? "" : ".PP\n") ".RS 4\n.EX"
    else if (kind == "text" && !headed)
        print ".PP"
    if (kind != "")
        headed = 0
    open = kind
}

function code(text) {
    begin("code")
    line(text)
}

function heading(text) {
    begin("")
    print ".SH " toupper(escape(text))
    headed = 1
}

# Prints a line of a comment, without the comment's delimiters.
function comment(text) {
    if (!introduced) {
        sub(/^[a-z_]+: /, "", text)
        sub(/[.]$/, "", text)
        print ".SH NAME\n" name " \\- " escape(text)
        print ".SH SYNOPSIS\n.EX\n#include <" name ".h>\n"
        print "cc ... $(pkg\\-config \\-\\-cflags \\-\\-libs norma)\n.EE"
        heading("description")
        introduced = 1
    } else if (text ~ /^SPDX/ || text ~ /^ *$/)
        begin("")
    else if (text ~ /^    /)
        code(substr(text, 5))
    else {
        begin("text")
        line(text)
    }
}

BEGIN {
    printf ".\\\" Made from the header %s.h.\n", name
    printf ".TH %s 3 %s \"norma %s\" \"Library Functions\"\n", toupper(name), date, version
}

# Leaves out preprocessor lines, except constants and lists.
/^#define [A-Z_]+ [0-9.]+$/ {
    code($0)
    next
}
continued || /^#define.*\\$/ {
    continued = sub(/ *\\$/, "")
    code($0)
    next
}
/^#/ || /^extern "C" [{]$/ || (/^}$/ && depth == 0) {
    next
}

/^\/\* ---- / {
    sub(/^\/\* ---- /, "")
    sub(/ -+ \*\/$/, "")
    heading($0)
    next
}

!declaring && (commenting || /^\/\*/) {
    commenting = !sub(/ *\*\/$/, "")
    sub(/^\/\* ?/, "")
    sub(/^ \* ?/, "")
    comment($0)
    if (!commenting)
        begin("")
    next
}

/^$/ {
    begin("")
    next
}

# A declaration ends at a semicolon outside of all braces.
{
    if (!declaring)
        shift = sub(/^NORMA_API /, "") ? 10 : 0
    else if (shift)
        sub(/^          /, "")
    code($0)
    sub(/ *\/\*.*\*\/$/, "")
    depth += gsub(/[{]/, "{") - gsub(/[}]/, "}")
    declaring = depth > 0 || !/;$/
}

END {
    begin("")
}
