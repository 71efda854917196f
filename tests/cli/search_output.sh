#!/bin/sh
# The faces of fihris-search: formats, options, exit codes, messages.
. "$(dirname "$0")/lib.sh"

cd "$TMP" || exit 1
escape=$(printf '\033')
c1=$(printf '\302\233')
cat >articles.jsonl <<END
{"id":"a1","title":"وزارة الخارجية تعلن","body":"قالت وزارة الخارجية الروسية إن المحادثات مستمرة.","source":"سبوتنيك عربي","date":"2026-02-09T12:34:00Z","url":"https://example.org/1","keywords":["نفط","غاز"],"section":"سياسة"}
{"id":"a 2","title":"سفير جديد","body":"التقى السفير وزير الخارجية.\nوأضافت الوزارة أن الزيارة ناجحة.","source":"الأهرام","date":"2025-06-01"}
{"id":"a3","title":"أسعار\tالنفط","body":"ارتفعت أسعار النفط بحسب وزارة النفط","source":"الأهرام","date":"2025"}
{"id":"evil","title":"عنوان \u001b[31mأحمر \u009b2J \u202eمقلوب","body":"سطر \u001b]0;x\u0007 أول\nوسطر ثان","date":"2024"}
END
"$BIN/fihris-index" -q -o index articles.jsonl || exit 1
search() {
    "$BIN/fihris-search" "$@"
}

# ---- Text ----

text=$(search index 'وزارة الخارجية')
like 'text has the title' "$text" '^ 1\. وزارة الخارجية تعلن$'
like 'text has source and date' "$text" '^    سبوتنيك عربي, 2026-02-09T12:34:00Z$'
like 'text has the address' "$text" '^    https://example.org/1$'
like 'text has the snippet' "$text" '^    قالت وزارة الخارجية الروسية إن المحادثات مستمرة\.$'
like 'text has the count' "$text" '^1-3 of 3 articles$'
unlike 'no colour where no terminal is' "$text" "$escape"
like 'colour when asked for' "$(search --color always index 'وزارة')" "$escape\\[1;31mوزارة$escape\\[0m الخارجية الروسية"
unlike 'no colour when not' "$(search --color never index 'وزارة')" "$escape"
like 'isolates' "$(search --bidi isolate index 'الخارجية')" "^ 1\\. $(printf '\342\201\247').*$(printf '\342\201\251')\$"
like 'visual order' "$(search --bidi visual index '=تعلن')" 'نلعت ةيجراخلا ةرازو$'
evil=$(search --color always index 'أحمر أول')
unlike 'an article cannot send escapes' "$evil" "$escape\\[31m|$escape\\]|$c1"
unlike 'nor turn the direction' "$evil" "$(printf '\342\200\256')"
like 'a line feed in a snippet is a space' "$evil" 'وسطر'
unlike 'JSON has no escapes either' "$(search --format json index 'أحمر')" "$escape|$c1"

# ---- JSON ----

search --format json index 'الوزارة' >a.json
jq -e '.query == "الوزارة" and .total == {value: 3, exact: true} and (.took_us | type == "number")' a.json >/dev/null
is 'JSON has the whole' $? 0
jq -e '.results | length == 3 and all(has("rank") and has("id") and has("score") and has("snippet"))' a.json >/dev/null
is 'JSON has the results' $? 0
is 'JSON gives the match' "$(jq -r '.results[] | select(.id == "a 2") | [.snippet[] | select(.match) | .text] | join("|")' a.json)" 'الوزارة'
is 'JSON gives the untouched text' "$(jq -r '.results[] | select(.id == "a 2") | [.snippet[].text] | add' a.json)" \
    'التقى السفير وزير الخارجية.
وأضافت الوزارة أن الزيارة ناجحة.'
is 'JSON gives the matches of the title' "$(jq -r '.results[] | select(.id == "a1") | [.title_matches[] | select(.match) | .text] | join("|")' a.json)" 'وزارة'
is 'JSON leaves out what is missing' "$(jq -r '.results[] | select(.id == "a 2") | has("url"), has("section"), has("notes")' a.json | tr '\n' ' ')" 'false false false '
is 'JSON dates are as precise as known' "$(jq -r '.results[] | select(.id == "a3") | .date' a.json)" '2025'
is 'JSON of nothing' "$(search --format json index 'xyzzy' | jq -c '[.total.value, .results, .notes]')" '[0,[],["in no article: xyzzy"]]'
is 'JSON notes' "$(search --format json index '(وزارة' | jq -r '.notes[0]')" 'the query was searched as plain words: a parenthesis is not closed'
is 'jsonl is a result a line' "$(search --format jsonl index 'الوزارة' | jq -r '.rank' | tr '\n' ' ')" '1 2 3 '
is 'explained scores add up' "$(search --explain --format json index '"وزارة الخارجية" النفط' |
    jq '.results | all((([.explain[].score] | add) - .score) | fabs < 1e-9)')" true
like 'explained in text' "$(search --explain index 'الوزارة')" 'الوزارة, stem وزار: [0-9.]+$'

# ---- TSV, TREC ----

is 'tsv has seven columns' "$(search --format tsv index 'الوزارة' | awk -F'\t' '{ print NF }' | sort -u)" 7
is 'tsv order' "$(search --format tsv index '=تعلن' | cut -f1,3-)" "1	a1	2026-02-09T12:34:00Z	سبوتنيك عربي	وزارة الخارجية تعلن	https://example.org/1"
is 'trec has six columns' "$(search --format trec index 'الوزارة' | awk '{ print NF, $1, $2, $6 }' | sort -u)" '6 1 Q0 fihris'
like 'trec ids have no spaces' "$(search --format trec index 'السفير')" '^1 Q0 a_2 1 [0-9.e-]+ fihris$'

# ---- Which and how many ----

ids() {
    search --format tsv "$@" 2>/dev/null | cut -f3 | sort | tr '\n' ' '
}
is 'any word' "$(ids index السفير النفط)" 'a 2 a3 '
is 'all words' "$(ids --all index السفير النفط)" ''
is 'plain' "$(ids --plain index النفط -السفير)" 'a 2 a3 '
is 'a minus behind the index' "$(ids index وزارة -النفط)" 'a 2 a1 '
is 'from and to' "$(ids --from 2025-03 --to 2025-12 index وزارة)" 'a 2 '
is 'a year counts from its first day' "$(ids --to 2025-05 index وزارة)" 'a3 '
is 'source, folded' "$(ids --source الاهرام index وزارة)" 'a 2 a3 '
is 'several sources' "$(ids --source 'الاهرام,سبوتنيك عربى' index وزارة)" 'a 2 a1 a3 '
is 'filters alone' "$(ids --source الأهرام index)" 'a 2 a3 '
is 'date order' "$(search --sort date --format tsv index وزارة | cut -f3 | tr '\n' ' ')" 'a1 a 2 a3 '
is 'date order, oldest first' "$(search --sort date-asc --format tsv index وزارة | cut -f3 | tr '\n' ' ')" 'a3 a 2 a1 '
is 'first and count' "$(search --sort date --first 1 -n 1 --format tsv index وزارة | cut -f1,3)" '2	a 2'
is 'Arabic digits in options' "$(search --sort date -n ١ --format tsv index وزارة | cut -f3)" 'a1'
is 'counting only' "$(search -n 0 index وزارة)" '3 articles'
is 'copies' "$(ids --copies fold index وزارة)" "$(ids --copies all index وزارة)"

# ---- Exit codes and messages ----

code 'found' 0 search index وزارة
code 'nothing found' 1 search index xyzzy
code 'no index' 2 search nowhere وزارة
code 'no query' 2 search index
code 'no arguments' 2 search
code 'unknown option' 2 search --nothing index x
code 'bad date' 2 search --from أمس index وزارة
code 'bad format' 2 search --format xml index وزارة
code 'too long a query' 2 search index "$(head -c 4097 /dev/zero | tr '\0' x)"
code 'the longest query' 1 search index "$(head -c 4096 /dev/zero | tr '\0' x)"
code 'help' 0 search --help
code 'version' 0 search --version
code 'output that cannot be written' 2 sh -c '"$1"/fihris-search index وزارة >/dev/full' sh "$BIN"
like 'says what was tried' "$(search index +وزارة +xyzzy 2>&1)" 'articles that hold each word: وزارة 3'
like 'says which word is unknown' "$(search index +وزارة +xyzzy 2>&1)" 'in no article: xyzzy'
like 'names the sources there are' "$(search --source لوموند index x 2>&1)" 'there are 2: الأهرام, سبوتنيك عربي'
like 'says that a phrase was relaxed' "$(search index '"الوزارة المحادثات"' 2>&1)" 'its words were searched'
is 'notes stay out of results' "$(search --format tsv index '(وزارة' 2>/dev/null | wc -l | tr -d ' ')" 3
like 'bad bytes in a query' "$(search index "$(printf 'وزارة \377\331')" 2>&1)" 'of 3 articles'

# ---- One article ----

is 'get as text' "$(search --get 'a 2' index)" 'id: a 2
title: سفير جديد
source: الأهرام
date: 2025-06-01

التقى السفير وزير الخارجية.
وأضافت الوزارة أن الزيارة ناجحة.'
is 'get as JSON' "$(search --get a1 --format json index | jq -cS .)" "$(sed -n 1p articles.jsonl | jq -cS .)"
search --get a1 --format jsonl index >again.jsonl
"$BIN/fihris-index" -q -o again again.jsonl
is 'what get prints can be indexed' "$(search --get a1 --format json again)" "$(search --get a1 --format json index)"
code 'get what is not there' 1 search --get zzz index
code 'get in a format that cannot' 2 search --get a1 --format tsv index
unlike 'get is harmless' "$(search --get evil index)" "$escape|$c1"

# ---- Batches ----

printf '1\tالوزارة\n2\tالنفط -وزارة\nq3 \t"وزارة الخارجية"\n' >queries.tsv
code 'a batch that finds little is done' 0 search --batch queries.tsv index
is 'a batch' "$(search --batch queries.tsv -n 5 index 2>/dev/null | awk '{ print $1, $3, $4 }')" "$(
    search -n 5 --format trec index 'الوزارة' | awk '{ print 1, $3, $4 }'
    search -n 5 --format trec index '"وزارة الخارجية"' | awk '{ print "q3_", $3, $4 }')"
is 'a batch from standard input' "$(search --batch - index <queries.tsv 2>/dev/null)" "$(search --batch queries.tsv index 2>/dev/null)"
is 'a plain batch' "$(search --plain --batch queries.tsv index 2>/dev/null | awk '$1 == 2 { print $3 }' | sort | tr '\n' ' ')" 'a1 a3 a_2 '
is 'a batch as jsonl' "$(search --batch queries.tsv --format jsonl index 2>/dev/null | jq -r .qid | sort -u | tr '\n' ' ')" '1 q3  '
printf 'no tab\n\tno id\n7\tالنفط\n%s\n\n8\t%s\n' "$(head -c 9000 /dev/zero | tr '\0' x)" "$(head -c 4500 /dev/zero | tr '\0' x)" >bad.tsv
code 'a batch with bad lines is done' 0 search --batch bad.tsv index
said=$(search --batch bad.tsv index 2>&1 >/dev/null)
like 'names the line without a tab' "$said" 'bad.tsv:1: '
like 'names the line without a number' "$said" 'bad.tsv:2: '
like 'names the line that is too long' "$said" 'bad.tsv:4: '
like 'names the query that is too long' "$said" 'bad.tsv:6: .*4500 bytes'
is 'and runs the others' "$(search --batch bad.tsv index 2>/dev/null)" "$(search --format trec index النفط | sed 's/^1 /7 /')"
code 'a batch that is not there' 2 search --batch nowhere.tsv index
code 'a batch as text' 2 search --batch queries.tsv --format text index
code 'a batch and a query' 2 search --batch queries.tsv index وزارة

done_testing
