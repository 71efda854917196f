#!/bin/sh
# The README says which spellings find each other: each pair must have one stem.
. "$(dirname "$0")/lib.sh"

stem() {
    printf '%s\n' "$1" | "$BIN/fihris-stem" | cut -f 2
}

awk -F ' *[|] *' '/^[|] you type/ { inside = 1; next } !/^[|]/ { inside = 0 } inside && !/---/ { print $2 "\t" $3 }' \
    "$ROOT/README.md" | sed 's/، /,/g' >"$TMP/pairs"
like 'the README has such pairs' "$(wc -l <"$TMP/pairs")" '^ *[5-9]|[1-9][0-9]'
while IFS='	' read -r typed written; do
    for word in $(printf '%s\n' "$written" | tr ',' '\n'); do
        is "$typed finds $word" "$(stem "$word")" "$(stem "$typed")"
    done
done <"$TMP/pairs"

done_testing
