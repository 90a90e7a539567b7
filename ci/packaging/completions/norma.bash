# Completion of norma-verify, norma-bench and norma-plot for bash; complete.sh prints the candidates.
# SPDX-License-Identifier: Apache-2.0
_norma_complete=${BASH_SOURCE[0]%/*}/../../norma/complete.sh

_norma() {
    local words=() word candidate candidates last joined='' current=${COMP_WORDS[COMP_CWORD]}
    # Bash splits --impl=avx2 and bn:8x64 into three words, and completes the last of them alone.
    for word in "${COMP_WORDS[@]:1:COMP_CWORD}"; do
        if [[ ${#words[@]} -gt 0 && ($joined || $word =~ ^[:=]+$) ]]; then
            words[${#words[@]}-1]+=$word
        else
            words+=("$word")
        fi
        [[ $word =~ ^[:=]+$ ]] && joined=1 || joined=''
    done
    [[ $current =~ ^[:=]+$ ]] && current=''
    last=${words[${#words[@]}-1]}
    COMPREPLY=()
    candidates=$("$_norma_complete" "${COMP_WORDS[0]/#\~/$HOME}" "${words[@]}") ||
        compopt +o default +o bashdefault 2>/dev/null
    while IFS=$'\t' read -r candidate _; do
        [[ $candidate != "$last"* || -z $candidate ]] || COMPREPLY+=("${candidate#"${last%"$current"}"}")
    done <<<"$candidates"
    [[ ${COMPREPLY[0]-} != *[:=] ]] || compopt -o nospace 2>/dev/null
}

complete -F _norma -o bashdefault -o default norma-verify norma-bench norma-plot
