#compdef norma-verify norma-bench norma-plot
# Completion for zsh; complete.sh prints the candidates.
# SPDX-License-Identifier: Apache-2.0
local complete=${functions_source[_norma]:h}/../../norma/complete.sh
local -a candidates
local line lines files
lines=$($complete ${~words[1]} "${(@)words[2,CURRENT]}")
files=$?
for line in ${(f)lines}; do
    candidates+=("${${line//:/\\:}/$'\t'/:}")
done
if (( $#candidates )); then
    _describe norma candidates
elif (( files == 0 )); then
    _files
fi
