# Escapes text for roff.
# SPDX-License-Identifier: Apache-2.0

function escape(text) {
    gsub(/\\/, "\\e", text)
    gsub(/-/, "\\-", text)
    gsub(/'/, "\\(aq", text)
    gsub(/`/, "\\(ga", text)
    gsub(/\^/, "\\(ha", text)
    gsub(/~/, "\\(ti", text)
    return text
}

# Prints a line as text, also where it begins like a request.
function line(text) {
    text = escape(text)
    print (text ~ /^[.]/ ? "\\&" : "") text
}
