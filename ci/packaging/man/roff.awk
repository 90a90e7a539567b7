# Text as roff wants it.
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

# A line that is no request, whatever it begins with.
function line(text) {
    text = escape(text)
    print (text ~ /^[.]/ ? "\\&" : "") text
}
