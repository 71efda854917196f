#!/bin/sh
# What fihris-index reads, what it refuses, and that it says so.
. "$(dirname "$0")/lib.sh"
INDEX="$BIN/fihris-index"
cd "$TMP" || exit 1

count() {
    "$INDEX" --stats "$1" | grep -o '"articles":[0-9]*' | cut -d: -f2
}

# ---- Usage ----

code 'help is no failure' 0 "$INDEX" --help
like 'help says what engines can do' "$("$INDEX" --help | tr -s '\n ' ' ')" 'xapian: the Xapian library; no checksums, no deadlines\.'
code 'version is no failure' 0 "$INDEX" --version
code 'no index named is usage' 2 "$INDEX" a.jsonl
code 'no input named is usage' 2 "$INDEX" -o i
not_ok 'usage makes no index' [ -e i ]
code 'an option that is not there is usage' 2 "$INDEX" --nope -o i x
code 'two tasks at once are usage' 2 "$INDEX" --check --stats i
code 'no jobs are usage' 2 "$INDEX" --jobs 0 -o i x
code 'no time between publishes is usage' 2 "$INDEX" --publish-every 0 -o i x
code 'a stemmer that is not there is a failure' 2 "$INDEX" --stemmer nope -o s x
code 'an engine that is not there is a failure' 2 "$INDEX" --engine nope -o e x
code 'stats of no index fail' 2 "$INDEX" --stats nowhere
code 'check of no index fails' 2 "$INDEX" --check nowhere
code 'removing from no index fails' 2 "$INDEX" --remove 1 nowhere
not_ok 'and makes none' [ -e nowhere ]

# ---- Refusals ----

mkdir -p in/sub
cat >in/a.jsonl <<'END'
{"id":"1","title":"خبر أول","body":"نص الخبر الأول"}
not json
{"id":"2","title":"خبر ثان","body":"نص الخبر الثاني","date":"أمس"}
{"id":"3","title":7}

{"id":"1","title":"خبر أول","body":"نص الخبر الأول"}
{"id":"2","title":"خبر آخر","body":"تحت الرقم نفسه"}
END
printf 'عنوان\nنص الصفحة.\n' >in/sub/page.txt
printf 'نص فيه بايت \377 مكسور وكلام كثير بعده حتى يبقى نصا\n' >in/sub/broken.txt
gzip -c in/a.jsonl >in/again.jsonl.gz
: >in/empty.txt
echo x >in/x.jpg
echo x >in/.hidden.txt
mkfifo in/pipe.txt

code 'refused articles give 1' 1 "$INDEX" --json -o i in gone.txt
run "$INDEX" --json -o j in gone.txt
said=$(cat .output)
like 'a bad line is named' "$said" '^in/a.jsonl:2: refused: bad JSON at byte [0-9]+: '
like 'a wrong type is named with its key' "$said" '^in/a.jsonl:4: refused: "title" is no text$'
like 'a second article of an id is named with the first' "$said" \
    '^in/a.jsonl:7: refused: another article under the id of in/a.jsonl:1?3?: 2$'
like 'also across files' "$said" '^in/again.jsonl.gz:7: refused: .*id of in/a.jsonl:3: 2$'
like 'an unknown date is a warning' "$said" '^in/a.jsonl:3: warning: "date" is not understood, .*: أمس$'
like 'bad bytes are repaired' "$said" '^in/sub/broken.txt: repaired: 1 bad UTF-8 sequence '
like 'an empty file is refused' "$said" '^in/empty.txt: refused: empty$'
like 'an unknown format is refused' "$said" '^in/x.jpg: refused: no reader for .jpg$'
like 'a fifo is refused' "$said" '^in/pipe.txt: refused: neither a file nor a folder$'
like 'what is not there is refused' "$said" '^gone.txt: refused: No such file or directory$'
unlike 'hidden files are passed over' "$said" 'hidden'
like 'the summary counts' "$said" \
    '^\{"articles":4,"added":4,"changed":0,"unchanged":4,"removed":0,"refused":10,"text_bytes":[0-9]+,"index_bytes":[0-9]+,"seconds":[0-9.]+,"repaired":1,"stopped":false\}$'
like 'what was read is acknowledged' "$said" '^\{"committed":4\}$'
is 'the others are in the index' "$(count i)" 4
is 'every refusal is said once' "$(printf '%s\n' "$said" | grep -c ': refused: ')" 10

said=$("$INDEX" -q -o i in 2>&1)
like 'with -q refusals are still named' "$said" '^in/a.jsonl:2: refused: '
is 'and nothing else' "$(printf '%s\n' "$said" | grep -vc ': refused: ')" 0
like 'with -v the reading is told' "$("$INDEX" -v -o i in 2>&1)" '^in/sub/page.txt: read as text page$'

printf 'x\n' >"$(printf 'esc\033[31m.txt')"
mkdir bad
printf '{"id":"\\u001b[31m"}\n' >"$(printf 'bad/esc\033[31m.jsonl')"
unlike 'names cannot move the cursor' "$("$INDEX" -o i bad 2>&1)" "$(printf '\033')"

# ---- Standard input ----

code 'standard input is read' 0 "$INDEX" -q -o std - <in/sub/page.txt
is 'as a page' "$(count std)" 1
printf '{"title":"أ"}\n{"title":"ب"}\n' | "$INDEX" -q -o std -
is 'as JSON Lines' "$(count std)" 3
printf '{"title":"ج","id":"x"}\n' | gzip | "$INDEX" -q -o std -
is 'as gzip' "$(count std)" 4
code 'an empty one is refused' 1 "$INDEX" -q -o std - </dev/null
code 'a pipe may be named' 0 sh -c "{ printf '%s' '{\"title\":\"د\",\"id\":\"y\"}' >in/pipe.txt & } ; \"$INDEX\" -q -o std in/pipe.txt; code=\$?; wait; exit \$code"
is 'and is read' "$(count std)" 5

# ---- Where the index stands ----

mkdir place
cp in/sub/page.txt place
cd place || exit 1
code 'an index may stand in what is indexed' 0 "$INDEX" -q -o index .
code 'and is not read itself' 0 "$INDEX" -q -o index .
is 'so that it holds the page alone' "$(count index)" 1
cd ..
code 'another index below is passed over' 0 "$INDEX" -q -o other place
code 'a file is no index' 2 "$INDEX" -q -o place/page.txt in/sub
code 'a folder of other things is no index' 2 "$INDEX" -q -o in in/sub
is 'and is not touched' "$(ls in)" "$(printf 'a.jsonl\nagain.jsonl.gz\nempty.txt\npipe.txt\nsub\nx.jpg')"

done_testing
