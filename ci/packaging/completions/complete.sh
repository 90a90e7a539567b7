#!/bin/sh
# Prints what may stand for the last WORD of a command line, for the completions of shells: one candidate in a
# line, and after a tab what it means. Prints nothing where a file name may stand. All of it comes from the tables
# of the programs' own options (--complete; verify/harness/tool/options.h), so that a new option or sub-command
# needs nothing here.
# Usage: complete.sh PROGRAM WORD...
# SPDX-License-Identifier: Apache-2.0
program=$1
shift

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

# Prints the names of the first table of norma-verify --list, the implementations that are available.
implementations() {
    "$(dirname "$(command -v "$program")")/norma-verify" --list 2>/dev/null |
        awk '/^$/ { exit } $2 != "available" { print $1 }'
}

shape_sets() {
    "$program" "$first" --help 2>/dev/null | sed -n 's/^Shape sets: //p' | tr ' ' '\n'
}

# values OPTION: what it may be given. Prints nothing for a file or a number, and where it takes no value.
values() {
    case $1 in
    --impl | --require) implementations ;;
    --shapes) shape_sets ;;
    *)
        case $(listed "$1" 2) in *=*) after='=' ;; *) after= ;; esac
        listed "$1" 3 | tr ' ' '\n' | sed "/./!d; s/\$/$after/"
        ;;
    esac
}

# with_list OPTION WORD BEFORE: the values, each after BEFORE and the items of a list that are in WORD already.
with_list() {
    items=
    case $2 in *,*) items=${2%,*}, ;; esac
    values "$1" | sed "s|^|$3$items|"
}

options=$("$program" --complete 2>/dev/null)
case $options in
-*) ;;
*)
    if [ $# -gt 1 ]; then
        options=$("$program" "$first" --complete 2>/dev/null)
    else
        printf '%s\n' "$options" | cut -f 1,4
        options=
    fi
    ;;
esac

case $current in
--*=*) with_list "${current%%=*}" "${current#*=}" "${current%%=*}=" ;;
*)
    case $previous in -*) found=$(with_list "$previous" "$current" '') ;; *) found= ;; esac
    if [ -n "$found" ]; then
        printf '%s\n' "$found"
    else
        case $current in -*) printf '%s\n' "$options" | cut -f 1,4 | grep '^--' ;; esac
    fi
    ;;
esac
