#!/bin/sh
# How each result matched, and what an empty answer says: text, JSON, and programs that read them.
. "$(dirname "$0")/lib.sh"

cd "$TMP" || exit 1
escape=$(printf '\033')
cat >articles.jsonl <<'END'
{"id":"a1","title":"وزارة الخارجية تعلن","body":"قالت وزارة الخارجية الروسية إن المحادثات مستمرة.","source":"سبوتنيك عربي","date":"2026-02-09"}
{"id":"a2","title":"سفير جديد","body":"التقى السفير وزير الخارجيه. وأضافت الوزارة أن الزيارة ناجحة.","source":"الأهرام","date":"2025-06-01"}
{"id":"a3","title":"أسعار النفط","body":"ارتفعت أسعار النفط بحسب وزارة النفط","source":"الأهرام","date":"2025"}
END
"$BIN/fihris-index" -q -o index articles.jsonl || exit 1
search() {
    "$BIN/fihris-search" "$@"
}
matched() {
    search --format json index "$1" | jq -r --arg id "$2" \
        '.results[] | select(.id == $id) | [.matched[] | .word + " " + .as] | join(", ")'
}

# ---- Each result ----

is 'levels of words' "$(matched 'الخارجية الوزارة النفط' a1)" 'الخارجية typed, الوزارة stem, النفط missing'
is 'another spelling is told from the one typed' "$(matched 'الخارجية الوزارة' a2)" 'الخارجية folded, الوزارة typed'
is 'a phrase is one word' "$(matched '"وزاره الخارجية"' a1)" 'وزاره الخارجية folded'
is 'jsonl has levels' "$(search --format jsonl index 'السفير' | jq -c .matched)" '[{"word":"السفير","as":"typed"}]'
is 'every result has them' "$(search --format json index 'وزارة النفط' | jq '.results | all(.matched | length == 2)')" true
is 'no words, no levels' "$(search --format json --source الأهرام index | jq -c '[.results[].matched] | unique')" '[[]]'
text=$(search index 'وزارة السفير')
like 'text names what an article lacks' "$text" '^    without: السفير$'
like 'and what stands nowhere as it was typed' "$(search index 'السفيرين')" '^in other forms only: السفيرين$'
{
    echo '{"id":"w","title":"برخ بوطان","body":"قرية"}'
    for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
        echo "{\"id\":\"b$i\",\"title\":\"زيارة بوتين\",\"body\":\"موسكو\"}"
    done
} | "$BIN/fihris-index" -q -o guessed - || exit 1
like 'and what some have by a guess only' "$(search -n 20 guessed 'بوطين' 2>/dev/null)" \
    '^by words near it in some: بوطين$'
unlike 'it is quiet when all is there' "$(search index '=وزارة')" 'without|other forms'
explained=$(search --explain index 'وزارة الخارجية السفير')
like 'explained levels' "$explained" 'وزارة typed, الخارجية typed, السفير missing$'
like 'explained closeness' "$explained" '^      close: [0-9.]+$'
is 'explained scores add up with it' "$(search --explain --format json index 'وزارة الخارجية النفط' |
    jq '.results | all((([.explain[].score] | add) - .score) | fabs < 1e-6)')" true
is 'tsv has no more columns' "$(search --format tsv index 'وزارة' | awk -F'\t' '{ print NF }' | sort -u)" 7

# ---- Nothing found ----

search --format json index '+السفير +النفط' >empty.json
is 'what looser searches would find' "$(jq -c '.looser' empty.json)" \
    '[{"level":"any","total":{"value":2,"exact":true},"query":"السفير النفط"}]'
is 'notes stay as they are' "$(jq -c '.notes' empty.json)" '["articles that hold each word: السفير 1, النفط 1"]'
is 'the query does what it says' "$(search -n 0 index "$(jq -r '.looser[0].query' empty.json)")" '2 articles'
is 'options that are left out' "$(search --format json --from 2026 --source الأهرام index السفير |
    jq -c '.looser[] | [.level, .total.value, .without]')" '["dates",1,["from","to"]]
["sources",0,["source"]]
["everything",1,["from","to","source"]]'
is 'nothing looser when something is found' "$(search --format json index 'وزارة' | jq 'has("looser") or has("notes")')" false
said=$(search --from 2026 index السفير 2>&1)
like 'text says it on standard error' "$said" '^fihris-search: any date: 1 article, without --from and --to: السفير$'
is 'and nothing on standard output' "$(search --from 2026 index السفير 2>/dev/null)" ''
unlike 'what finds nothing either is not named' "$(search --source سبوتنيك --from 2026 index السفير 2>&1)" ' 0 articles'
like 'a phrase step by step' "$(search --format json index '+"الخارجية وزارة"' | jq -c '[.looser[] | [.level, .total.value]]')" \
    '^\[\["near",1\],\["folded",1\],\["stem",2\],\["any",[23]\]\]$'
code 'nothing found is still 1' 1 search --from 2026 index السفير
is 'a relaxed phrase keeps its note' "$(search --format json index '"الوزارة المحادثات"' | jq -r '.notes[0]')" \
    'no article that fits has "الوزارة المحادثات": its words were searched'
like 'did you mean' "$(search index 'المحادثثات وزارة' 2>&1)" '^fihris-search: did you mean: .*المحادثات'
like 'did you mean, for programs' "$(search --format json index 'المحادثثات وزارة' | jq -r .better)" 'المحادثات'

# ---- Hostile ----

for query in "+$(printf '\033')[31mx +y" "$(printf '+\377\376 +\302\233x')" '+"((((" +title:"a' '+"<b>" -"&\"' '+x* +"y"~9999' \
    '-"a b" +=AND +NOT' '+source:«"» +z'; do
    name=$(printf '%s' "$query" | tr -cd ' -~')
    code "nothing for $name" 1 search index "$query"
    search --format json index "$query" >hostile.json
    ok "an answer in JSON to $name" jq -e '.total.value == 0 and (.looser | type == "array" or . == null)' hostile.json
    unlike "a harmless one to $name" "$(search index "$query" 2>&1; cat hostile.json)" "$escape\\["
done

done_testing
