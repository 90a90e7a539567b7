#!/bin/sh
# Prints what may stand for the last WORD of a command line, for the completions of shells: one candidate in a
# line, and after a tab what it means. Prints nothing where a file name may stand, and the status is 1 where nothing
# that could be listed may, and no file either. All of it comes from the tables of the programs' own options
# (--complete; verify/harness/tool/options.h), so that a new option or sub-command needs nothing here. A key that is
# pressed is answered at once: norma-verify --list, which makes plans, is not asked.
# Usage: complete.sh PROGRAM WORD...
# SPDX-License-Identifier: Apache-2.0
program=$1
shift
export OMP_WAIT_POLICY=passive # norma-verify would start itself again to set it

first=${1-}
previous=
current=
for word; do
    previous=$current
    current=$word
done

# listed OPTION COLUMN: a column of the option's line: 2 the name of its value, 3 its values.
listed() {
    printf '%s\n' "$options" | awk -F '\t' -v option="$1" -v column="$2" '$1 == option { print $column }'
}

# implementations: norma-verify's, for a program that has no list of its own.
implementations() {
    options=$("$(dirname "$(command -v "$program")")/norma-verify" --complete 2>/dev/null)
    listed --impl 3
}

# values OPTION: what it may be given. Prints nothing for a file or a number, and where it takes no value.
values() {
    case $(listed "$1" 2) in *=*) after='=' ;; *) after= ;; esac
    list=$(listed "$1" 3)
    [ "$1" != --impl ] || [ -n "$list" ] || list=$(implementations)
    printf '%s\n' "$list" | tr ' ' '\n' | sed "/./!d; s/\$/$after/"
}

# with_list OPTION WORD BEFORE: the values, each after BEFORE and the items of a list that are in WORD already.
with_list() {
    items=
    case $2 in *,*) items=${2%,*}, ;; esac
    values "$1" | sed "s|^|$3$items|"
}

# Prints operators for the beginning of a problem, and keys for its end.
problem() {
    case $current in
    *:*:*)
        case ${current##*:} in *,*) before=${current%,*}, ;; *) before=${current%:*}: ;; esac
        listed "${current%%:*}:" 3 | tr ' ' '\n' | sed "/./!d; s|^|$before|"
        ;;
    *:*) ;;
    *) printf '%s\n' "$options" | awk -F '\t' '$2 == "PROBLEM" { print $1 "\t" $4 }' ;;
    esac
}

# takes_file OPTION: whether its value is a file or a folder.
takes_file() {
    case $(listed "$1" 2) in *FILE* | DIR) return 0 ;; *) return 1 ;; esac
}

operand() {
    case $options in
    *PROBLEM*)
        case $current in @*) ;; *) problem; return 1 ;; esac
        ;;
    *"
FILE"*) ;;
    *) return 1 ;;
    esac
}

# A sub-command that is complete has options of its own; the last word may still become another.
[ $# -gt 1 ] || first=
options=$("$program" --complete "$first" 2>/dev/null)
case $options in
-*) ;;
*)
    [ $# -gt 1 ] || printf '%s\n' "$options" | cut -f 1,4
    exit 1
    ;;
esac

case $current in
--*=*)
    with_list "${current%%=*}" "${current#*=}" "${current%%=*}="
    takes_file "${current%%=*}"
    ;;
*)
    # The value of --mutants is optional, and stands in the same word.
    value=
    case $previous in -*=*) ;; -*) value=$(listed "$previous" 2) ;; esac
    if [ -n "$value" ] && [ "$value" != checks ]; then
        with_list "$previous" "$current" ''
        takes_file "$previous"
    else
        case $current in
        -*)
            printf '%s\n' "$options" | cut -f 1,4 | grep '^--'
            false
            ;;
        *) operand ;;
        esac
    fi
    ;;
esac
