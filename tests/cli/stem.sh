# fihris-stem through the real program.
. "$(dirname "$0")/lib.sh"

tab=$(printf '\t')

# terms WORDS OPTIONS...
terms() {
    words=$1
    shift
    printf '%s\n' "$words" | "$BIN/fihris-stem" "$@"
}

is 'a word, a tab, its stem' "$(terms بالوزارة)" "بالوزارة${tab}وزار"
is 'the folded form' "$(terms 'وِزَارَةُ' --form folded)" "وِزَارَةُ${tab}وزاره"
is 'one line for each line' "$(terms 'كتاب

٢٠٢٥')" "كتاب${tab}كتاب
${tab}
٢٠٢٥${tab}2025"
is 'several words on a line' "$(terms 'كوفيد19' --form folded)" "كوفيد19${tab}كوفيد 19"
is 'the article alone has no term' "$(terms ال)" "ال${tab}"
is 'libstemmer as it comes' "$(terms البيان --stemmer snowball)" "البيان${tab}الب"
is 'libstemmer without the article' "$(terms والكتاب --stemmer snowball-folded)" "والكتاب${tab}كتاب"
is 'no stemmer' "$(terms والكتاب --stemmer none)" "والكتاب${tab}والكتاب"
is 'the default is light' "$(terms فلسطينية)" "$(terms فلسطينية --stemmer light)"
is 'the last line needs no line feed' "$(printf 'كتاب' | "$BIN/fihris-stem")" "كتاب${tab}كتاب"
is 'carriage returns are no part of a word' "$(printf 'كتاب\r\n' | "$BIN/fihris-stem")" "كتاب${tab}كتاب"
is 'bad bytes are repaired' "$(printf 'ab\377cd\n' | "$BIN/fihris-stem")" "$(printf 'ab\357\277\275cd\tab cd')"
is 'nothing gives nothing' "$("$BIN/fihris-stem" </dev/null)" ''

like 'the list names light' "$("$BIN/fihris-stem" --list)" "^light$tab"
like 'the list names snowball' "$("$BIN/fihris-stem" --list)" "^snowball$tab"
for name in $("$BIN/fihris-stem" --list | cut -f 1); do
    ok "stemmer $name runs" "$BIN/fihris-stem" --stemmer "$name" </dev/null
done

code 'an unknown stemmer is refused' 2 "$BIN/fihris-stem" --stemmer heavy </dev/null
like 'and named' "$("$BIN/fihris-stem" --stemmer heavy 2>&1 </dev/null)" 'heavy'
code 'an unknown form is refused' 2 "$BIN/fihris-stem" --form root </dev/null
code 'arguments are refused' 2 "$BIN/fihris-stem" كتاب </dev/null
code 'a line without end is refused' 2 sh -c 'head -c 3000000 /dev/zero | tr "\0" a | "$1/fihris-stem"' sh "$BIN"
code 'a full disk is a failure' 2 sh -c 'echo a | "$1/fihris-stem" >/dev/full' sh "$BIN"
ok '--help' "$BIN/fihris-stem" --help
like '--version' "$("$BIN/fihris-stem" --version)" '^fihris-stem [0-9]'

is 'golden words, light' "$("$BIN/fihris-stem" <"$ROOT/tests/golden/words.txt")" "$(cat "$ROOT/tests/golden/light.tsv")"
is 'golden words, snowball' "$("$BIN/fihris-stem" --stemmer snowball <"$ROOT/tests/golden/words.txt")" \
    "$(cat "$ROOT/tests/golden/snowball.tsv")"

done_testing
