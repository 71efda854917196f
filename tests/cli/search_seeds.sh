#!/bin/sh
# What fihris-search must find in the five seed pages.
. "$(dirname "$0")/lib.sh"

if [ -z "$SHARED" ]; then
    skip 'seeds' '../shared is not there'
    done_testing
fi

ln -s "$SHARED/seeds" "$TMP/seeds"
cd "$TMP" || exit 1
"$BIN/fihris-index" -q -o index seeds || exit 1

# found QUERY: the numbers of the seeds that are found, in order. 000 is known by its address.
found() {
    "$BIN/fihris-search" -n 50 --format tsv index "$1" 2>notes | cut -f3 |
        sed 's|^https://sarabic.*|000|; s|^seeds/\(...\).*|\1|' | sort | tr '\n' ' ' | sed 's/ $//'
}

is 'the Egyptian spelling finds both' "$(found '=الأطلسى')" '000 001'
is 'the usual spelling finds the same' "$(found '=الأطلسي')" '000 001'
is 'the Russian finds all' "$(found 'الروسى')" '000 001 002 003 004'
is 'a phrase in any spelling' "$(found '"وزارتى الخارجية الروسية والأمريكية"')" '000 001 002'
is 'the phrase was found as it stands' "$(cat notes)" ''
is 'the same phrase as others spell it' "$(found '«وزارتي الخارجية الروسية والامريكيه»')" '000 001 002'

ministry=$(grep -l 'وزارة' "$SHARED"/seeds/* | sed 's|.*/\(...\)_.*|\1|' | sort | tr '\n' ' ' | sed 's/ $//')
like 'the seeds speak of the ministry' "$ministry" '00'
is 'the ministry with its article' "$(found 'الوزارة')" "$ministry"
is 'the ministry without it' "$(found 'وزارة')" "$ministry"

is 'a Farsi yeh changes nothing' "$(found 'الولایات')" "$(found 'الولايات')"
like 'and something is found' "$(found 'الولایات')" '00'
is 'digits of either kind' "$(found '٢٠٢٥')" "$(found '2025')"
like 'and something is found' "$(found '2025')" '00'
is 'a quotation is not broken by a line feed' "$(found '"بشكل كامل، إلا أن"')" "$(found '"بشكل كامل إلا أن"')"
is 'glued sentences are two words' "$(found '"ودون توقف وأضاف"')" '000'
is 'not' "$(found 'الروسى -لافروف')" "$(found 'الروسى AND NOT لافروف')"

top=$("$BIN/fihris-search" -n 1 --format json index '"وزارتى الخارجية الروسية والأمريكية"' |
    jq -r '[.results[0].snippet[] | select(.match) | .text] | unique | join(" ")')
like 'the phrase is lit' "$top" 'وزارت[يى]'
unlike 'and nothing but its words' "$top" 'لافروف|موسكو'

done_testing
