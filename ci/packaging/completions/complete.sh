#!/bin/sh
# What may stand for the last WORD of a command line, for the completions of shells: one in a line, behind a
# tab what it means; nothing where names of files are as good as anything. All of it is what the program
# says of itself when it is asked, so there is nothing here for a new option or sub-command.
# Usage: complete.sh PROGRAM WORD...
# SPDX-License-Identifier: Apache-2.0
program=$1
shift
tab=$(printf '\t')

first=${1-}
previous=
current=
for word; do
    previous=$current
    current=$word
done

commands() {
    "$program" --help 2>/dev/null |
        sed -n "/^Commands:\$/,/^\$/s/^  \\([a-z][a-z]*\\)  *\\(.*\\)/\\1$tab\\2/p"
}

# Of each option in the help: its name, what it takes, and what it means.
entries() {
    printf '%s\n' "$help" | awk -v OFS='\t' '
        function write(  i, count, word, argument) {
            if (entry == "")
                return
            count = split(entry, word, " ")
            argument = word[count] ~ /^-/ ? "" : word[count]
            for (i = 1; i <= count && word[i] ~ /^-/; i++) {
                sub(/,$/, "", word[i])
                print word[i], argument, meaning
            }
            entry = ""
        }
        /^ +-/ {
            write()
            sub(/^ +/, "")
            place = match($0, /  +/)
            entry = place ? substr($0, 1, place - 1) : $0
            meaning = place ? substr($0, place + RLENGTH) : ""
            next
        }
        entry != "" && /^       / {
            sub(/^ +/, "")
            meaning = meaning " " $0
            next
        }
        { write() }
        END { write() }'
}

# Implementations and operators, as the two first tables of norma-verify have them.
table() {
    "$(dirname "$(command -v "$program")")/norma-verify" --list 2>/dev/null |
        awk -v wanted="$1" -v OFS='\t' '
            /^$/ && table++ == wanted { exit }
            NF && table == wanted && $2 != "available" {
                name = $1
                sub(/^[^ ]+ +/, "")
                print name, wanted ? $0 : ""
            }'
}

# "ncs,nsc" of "--layout ncs,nsc", and "fwd, inf or bwd" of "passes: fwd, inf or bwd [fwd]".
choices() {
    entries | awk -F '\t' -v option="$1" '
        $1 == option {
            list = $3
            gsub(/ *[([][^])]*[])]/, "", list)
            if ($2 ~ /^[a-z_]+,[a-z_,]+$/)
                list = $2
            else if (!sub(/^[^:]*: /, "", list))
                exit
            gsub(/ or /, ",", list)
            gsub(/, */, "\n", list)
            if (list !~ /[^a-z0-9_\n]/)
                print list
        }'
}

# values OPTION: what it may be given; nothing: a file, a number, or it takes nothing.
values() {
    case $1$tab$(entries | awk -F '\t' -v option="$1" '$1 == option { print $2 }') in
    --impl"$tab"* | --require"$tab"*) table 0 ;;
    --operators"$tab"*) table 1 ;;
    --shapes"$tab"*) printf '%s\n' "$help" | sed -n 's/^Shape sets: //p' | tr ' ' '\n' ;;
    *"${tab}FORMAT=FILE") choices --format | sed 's/$/=/' ;;
    *) choices "$1" ;;
    esac
}

# Values may be lists: what is there already stays ahead of them.
with_list() {
    ahead=
    case $2 in *,*) ahead=${2%,*}, ;; esac
    values "$1" | sed "s|^|$3$ahead|"
}

known=$(commands)
if [ -n "$known" ] && [ $# -gt 1 ]; then
    help=$("$program" "$first" --help 2>/dev/null)
else
    help=$("$program" --help 2>/dev/null)
    [ -z "$known" ] || printf '%s\n' "$known"
fi

case $current in
--*=*) with_list "${current%%=*}" "${current#*=}" "${current%%=*}=" ;;
*)
    case $previous in -*) found=$(with_list "$previous" "$current" '') ;; *) found= ;; esac
    if [ -n "$found" ]; then
        printf '%s\n' "$found"
    else
        case $current in -*) entries | awk -F '\t' -v OFS='\t' '/^--/ { print $1, $3 }' ;; esac
    fi
    ;;
esac
