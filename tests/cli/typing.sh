#!/bin/sh
# Typing errors, from the query to what is printed: words near one that no article has.
. "$(dirname "$0")/lib.sh"

"$BIN/fihris-index" -q -o "$TMP/index" "$ROOT/corpus/sample" || exit 1
"$BIN/fihris-index" -q --engine xapian -o "$TMP/xapian" "$ROOT/corpus/sample" || exit 1

# first INDEX QUERY: the id of the best article
first() {
    "$BIN/fihris-search" --format trec -n 1 "$1" "$2" 2>"$TMP/err" | awk '{ print $3 }'
}

# Each word as it should be, then with a slip of the typist.
while read -r right wrong; do
    for engine in index xapian; do
        is "$wrong finds what $right finds ($engine)" "$(first "$TMP/$engine" "$wrong")" \
            "$(first "$TMP/$engine" "$right")"
    done
    better=$("$BIN/fihris-search" --format json "$TMP/index" "$wrong" | jq -r .better)
    is "$wrong: did you mean $right" "$better" "$right"
done <<END
الكسكس الكسكص
الكسكس الكككس
بجاية بججاية
مسقط مسقطط
الحديدة الحدديدة
أتاكاما اتاكما
END

code 'what nothing is near is not found' 1 "$BIN/fihris-search" "$TMP/index" 'قططقزغقث'
code 'nor is a word that must be so' 1 "$BIN/fihris-search" "$TMP/index" '=الكسكص'
near=$("$BIN/fihris-search" --explain "$TMP/index" 'الكسكص')
like 'the evidence says that it is near' "$near" 'الكسكص, typo الكسكس'
is 'a word that is right is left alone' \
    "$("$BIN/fihris-search" --format json "$TMP/index" 'الكسكس' | jq -r '.better // ""')" ''

# Nothing is found: each looser search looks for what was meant as well.
for engine in index xapian; do
    looser=$("$BIN/fihris-search" --format json --from 2026 --source السوق "$TMP/$engine" '+القمح +ديناصور' |
        jq -c '[.looser[] | [.level, .total.value]]')
    is "looser searches for unknown words ($engine)" "$looser" '[["dates",0],["sources",0],["any",0],["everything",1]]'
    looser=$("$BIN/fihris-search" --format json --from 2099 "$TMP/$engine" '+الكسكص' |
        jq -c '[.looser[] | [.level, .query, .total.value]]')
    is "looser searches for mistyped words ($engine)" "$looser" '[["better","+الكسكس",0],["dates","+الكسكص",1],["any","الكسكص",0],["everything","الكسكص",1]]'
done

# However many words are wrong, the work has an end.
wrong=$(awk 'BEGIN { for (i = 0; i < 64; i++) printf "ضظغ%sثخغ%s ", i % 2 ? "ؤ" : "ئ", i % 3 ? "غ" : "ظ" }')
code '64 unknown words' 1 timeout 20 "$BIN/fihris-search" "$TMP/index" "$wrong"
long=$(awk 'BEGIN { for (i = 0; i < 2000; i++) printf "ق" }')
code 'an endless word' 1 timeout 20 "$BIN/fihris-search" "$TMP/index" "$long"

done_testing
