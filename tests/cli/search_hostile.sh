#!/bin/sh
# What careless and hostile users give fihris-search, and what it says to them.
. "$(dirname "$0")/lib.sh"

cd "$TMP" || exit 1
override=$(printf '\342\200\256')
isolate=$(printf '\342\201\246')
nbsp_control=$(printf '\302\233')
cat >articles.jsonl <<END
{"id":"a1","title":"وزارة الخارجية تعلن","body":"قالت وزارة الخارجية الروسية إن المحادثات مستمرة.","source":"سبوتنيك عربي","date":"2026-02-09"}
{"id":"a2","title":"أسعار النفط","body":"ارتفعت أسعار النفط بحسب وزارة النفط","source":"الأهرام","date":"2025"}
{"id":"turn","title":"عنوان \u202eمقلوب","body":"سطر \u2066ملفوف\u2069 و\u202aآخر\u202c و\u009b2J\u007f","date":"2024","source":"x","url":"http://x/\u202e"}
END
"$BIN/fihris-index" -q -o index articles.jsonl || exit 1
search() {
    "$BIN/fihris-search" "$@"
}
said() {
    search "$@" 2>&1 >/dev/null
}

# ---- JSON ----

for form in '--format json index مقلوب' '--format jsonl index ملفوف' '--get turn --format json index'; do
    # shellcheck disable=SC2086
    unlike "nothing turns the direction: $form" "$(search $form)" "$override|$isolate|$nbsp_control"
done
is 'what is escaped is the same text' "$(search --get turn --format json index | jq -Sc 'del(.title)')" \
    "$(sed -n 3p articles.jsonl | jq -Sc 'del(.title)')"

# ---- Queries that say little ----

is 'an empty quotation is no phrase' "$(said index '""')" 'fihris-search: the query has no words to search for
fihris-search: nothing found'
is 'nor does it count as one' "$(said index '"الوزارة المحادثات" «»')" \
    'fihris-search: no article that fits has "الوزارة المحادثات": its words were searched'
like 'a star behind an article alone' "$(said index 'ال*')" '"ال\*" was left out: a star needs 3 letters before it'
like 'a star behind nothing' "$(said index '+** وزارة')" '"\*\*" was left out'
like 'a stretch of no words' "$(said index '"وزارة الخارجية"~0')" '"وزارة الخارجية" was searched within 2 words: it has so many'
like 'a stretch without end' "$(said index '"النفط بحسب"~٩٩٩٩٩٩٩٩٩٩٩٩٩٩٩٩٩٩٩٩٩٩')" 'was searched within 100 words: further is not near'
is 'a mark without a number is none' "$(said index '"وزارة النفط"~')" ''
is 'nor is one that is not near' "$(search -n 0 index '"بحسب ارتفعت"~3' 2>&1)" \
    'fihris-search: no article that fits has "بحسب ارتفعت" near one another: its words were searched
1 article'
like 'a stretch of nothing' "$(said index '"~5')" 'searched as plain words: a quotation mark has no partner'
like 'nothing dated so says why' "$(said --from 1900 --to 1901 index)" 'every article is excluded or filtered out'
like 'nothing left says why' "$(said index 'NOT (وزارة OR عنوان)')" 'every article is excluded or filtered out'
code 'dates the wrong way round' 2 search --from 2026 --to 2025 index وزارة
like 'are named' "$(said --from 2026-02 --to 2025 index وزارة)" '"2026-02" comes after "2025"'
code 'one day is in the right order' 0 search --from 2026-02-09 --to 2026-02-09 index وزارة

# ---- The command line ----

is 'sources parted by Arabic commas' "$(search --source 'الأهرام، سبوتنيك عربى' --format tsv index وزارة | cut -f 3 | sort | tr '\n' ' ')" 'a1 a2 '
like 'an option behind the index is a word' "$(said index وزارة --format json)" '"--format" stands behind the INDEX: it was searched as a word'
unlike 'dashes are not' "$(said index وزارة -- --وزارة)" 'behind the INDEX'

# ---- Notes in the order of the screen ----

like 'notes as they are' "$(said index 'غرنوق')" 'in no article: غرنوق$'
like 'notes in visual order' "$(said --bidi visual index 'غرنوق')" '^fihris-search: in no article: قونرغ$'
like 'a note that begins with Arabic too' "$(said --bidi visual index 'قط*')" '^fihris-search: "طق\*" was searched as a word'
like 'notes in isolates' "$(said --bidi isolate index 'غرنوق')" "^${isolate}fihris-search: .*غرنوق$(printf '\342\201\251')\$"

# ---- Batches ----

{
    printf '\357\273\277q1\tوزارة\n'
    printf 'q2\tوزارة\000النفط\n'
    printf 'q\0003\tوزارة\n'
    head -c 9000 /dev/zero | tr '\0' x
    printf '\n'
} >odd.tsv
is 'a byte order mark is no part of a number' "$(search --batch odd.tsv index 2>/dev/null | grep -c '^q1 ')" 2
is 'a NUL byte ends no query' "$(search --batch odd.tsv index 2>/dev/null | sed -n 's/^q2 //p')" \
    "$(search --format trec index 'وزارة النفط' | sed 's/^1 //')"
is 'what is no line is named once' "$(said --batch odd.tsv index)" 'fihris-search: odd.tsv:3: not `qid TAB query`
fihris-search: odd.tsv:4: the line is too long'

# ---- A damaged index ----

ok 'an index to damage' "$BIN/fihris-index" -q -o damaged.index "$ROOT/corpus/sample"
: >damaged.index/g1/0.seg
said=$("$BIN/fihris-search" damaged.index السفن 2>&1)
like 'damage names the index' "$said" 'index "damaged.index" cannot be read'
like 'damage names the way out' "$said" 'fihris-index --check .*--rebuild'

done_testing
