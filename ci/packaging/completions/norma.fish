# Completion for fish of the program that this file is named after; complete.sh prints the candidates.
# SPDX-License-Identifier: Apache-2.0
set -g __norma_complete (status dirname)/../../norma/complete.sh

function __norma
    set -l words (commandline -opc) (commandline -ct)
    set -l candidates ($__norma_complete $words)
    set -l files $status
    if set -q candidates[1]
        printf '%s\n' $candidates
    else if test $files -eq 0
        __fish_complete_path (commandline -ct)
    end
end

complete -c (string replace .fish '' (status basename)) -f -a '(__norma)'
