# Completion of norma-verify, norma-bench and norma-plot for bash; complete.sh prints the candidates.
# SPDX-License-Identifier: Apache-2.0
_norma_complete=${BASH_SOURCE[0]%/*}/../../norma/complete.sh

_norma() {
    local words=() word candidate current=${COMP_WORDS[COMP_CWORD]}
    # Bash splits --impl=avx2 into three words.
    for word in "${COMP_WORDS[@]:1:COMP_CWORD}"; do
        [[ $word == = ]] || words+=("$word")
    done
    if [[ $current == = ]]; then
        current=
        words+=('')
    fi
    COMPREPLY=()
    while IFS=$'\t' read -r candidate _; do
        [[ $candidate != "$current"* ]] || COMPREPLY+=("$candidate")
    done < <("$_norma_complete" "${COMP_WORDS[0]/#\~/$HOME}" "${words[@]}")
    [[ ${COMPREPLY[0]-} != *= ]] || compopt -o nospace 2>/dev/null
}

complete -F _norma -o bashdefault -o default norma-verify norma-bench norma-plot
