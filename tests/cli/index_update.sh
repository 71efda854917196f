#!/bin/sh
# An index that is brought up to date: unchanged, changed, removed, pruned, rebuilt.
. "$(dirname "$0")/lib.sh"
INDEX="$BIN/fihris-index"
cd "$TMP" || exit 1

# update ARGUMENT...: the counts of a run as "articles added changed unchanged removed refused".
update() {
    "$INDEX" --json "$@" 2>.said | sed -n \
        's/^{"articles":\([0-9]*\),"added":\([0-9]*\),"changed":\([0-9]*\),"unchanged":\([0-9]*\),"removed":\([0-9]*\),"refused":\([0-9]*\).*/\1 \2 \3 \4 \5 \6/p'
}

line() {
    printf '{"id":"%s","title":"عنوان %s","body":"نص %s"%s}\n' "$1" "$1" "$2" "${3:-}"
}

mkdir in
{ line 1 أ; line 2 ب; line 3 ج; } >in/a.jsonl
printf 'https://example.org/page\nعنوان\nنص الصفحة.\n' >in/b.txt
printf 'عنوان آخر\nنص الصفحة.\n' >in/c.txt

# ---- Incremental ----

is 'a first run adds' "$(update -o i in)" '5 5 0 0 0 0'
is 'a second one changes nothing' "$(update -o i in)" '5 0 0 5 0 0'
{ line 1 أ; line 2 تغير; line 3 ج; line 4 د; } >in/a.jsonl
is 'changed and new articles are told apart' "$(update -o i in)" '6 1 1 4 0 0'
{ line 1 أ; line 2 تغير; line 3 ج ',"date":"2026"'; line 4 د; } >in/a.jsonl
is 'a date is a change' "$(update -o i in)" '6 0 1 5 0 0'
{ line 1 أ; line 2 تغير; line 3 ج ',"date":"2026","unknown":1'; line 4 د; } >in/a.jsonl
is 'an unknown key is none' "$(update -o i in)" '6 0 0 6 0 0'
mv in/b.txt in/moved.txt
is 'nor is the file, of an article with a URL' "$(update -o i in)" '6 0 0 6 0 0'
is 'folders are named in any way' "$(update -o i ./in//)" '6 0 0 6 0 0'
is 'files too' "$(update -o i in/a.jsonl ./in/c.txt)" '6 0 0 5 0 0'
is 'and twice' "$(update -o i in in)" '6 0 0 12 0 0'

# ---- Removing ----

code 'an article is removed by its id' 0 "$INDEX" -q --remove 4 i
code 'once' 1 "$INDEX" -q --remove 4 i
code 'a URL is an id' 0 "$INDEX" -q --remove https://example.org/page i
code 'a file is an id' 0 "$INDEX" -q --remove in/c.txt i
is 'the next run has them again' "$(update -o i in)" '6 3 0 3 0 0'
is 'removing has the same summary' "$(update --remove 1 i)" '5 0 0 0 1 0'
is 'and nothing to remove too' "$(update --remove 1 i)" '5 0 0 0 0 0'
is 'restored' "$(update -o i in)" '6 1 0 5 0 0'

# ---- Pruning ----

mkdir other
line 9 ط >other/z.jsonl
is 'another folder' "$(update -o i other)" '7 1 0 0 0 0'
is 'nothing is gone' "$(update --prune -o i in)" '7 0 0 6 0 0'
{ line 1 أ; line 3 ج ',"date":"2026"'; line 4 د; } >in/a.jsonl
is 'without --prune articles stay' "$(update -o i in)" '7 0 0 5 0 0'
is 'with it a line that is gone goes' "$(update --prune -o i in)" '6 0 0 5 1 0'
rm in/c.txt
is 'a file that is gone goes' "$(update --prune -o i in)" '5 0 0 4 1 0'
is 'only from the inputs named' "$(update --prune -o i in/a.jsonl)" '5 0 0 3 0 0'

mkdir in/deep in/deeper
line 5 ه >in/deep/a.jsonl
line 6 و >in/deeper/a.jsonl
is 'folders below' "$(update -o i in)" '7 2 0 4 0 0'
rm in/deep/a.jsonl
is 'a folder is no prefix of another' "$(update --prune -o i in/deep)" '6 0 0 0 1 0'
is 'what is back is added' "$(line 5 ه >in/deep/a.jsonl; update --prune -o i in)" '7 1 0 5 0 0'
mv in/deep/a.jsonl in/z.jsonl
is 'an article that moved stays' "$(update --prune -o i in)" '7 0 0 6 0 0'

echo 'broken' >>in/a.jsonl
sed -i 1d in/a.jsonl
is 'a file with a refused line keeps its articles' "$(update --prune -o i in)" '7 0 0 5 0 1'
like 'and a note says so' "$(cat .said)" '^in: warning: 1 article not found again kept'
sed -i '$d' in/a.jsonl
: >in/deeper/a.jsonl
is 'a file that is empty now keeps them too' "$(update --prune -o i in)" '6 0 0 4 1 1'
line 6 و >in/deeper/a.jsonl
mv other gone
is 'an input that is not there loses nothing' "$(update --prune -o i in other)" '6 0 0 5 0 1'
like 'and a note says so' "$(cat .said)" '^other: warning: not there'
mv gone other
if [ "$(id -u)" -ne 0 ]; then
    chmod 0 in/deeper
    is 'a folder that cannot be read keeps its articles' "$(update --prune -o i in)" '6 0 0 4 0 1'
    chmod 755 in/deeper
else
    mv in/deeper deeper
    ln -s deeper in/deeper
    is 'a folder that cannot be read keeps its articles' "$(update --prune -o i in)" '6 0 0 4 0 1'
    rm in/deeper
    mv deeper in/deeper
fi
cd in || exit 1
is 'a folder may be the current one' "$(update --prune -o ../dot .)" '5 5 0 0 0 0'
rm z.jsonl
is 'and is pruned' "$(update --prune -o ../dot .)" '4 0 0 4 1 0'
cd ..

# ---- Rebuilding ----

code 'another stemmer needs a rebuild' 2 "$INDEX" -q --stemmer none -o i in
run "$INDEX" -q --stemmer none -o i in
like 'and the message says how' "$(cat .output)" 'run fihris-index --rebuild'
is 'the index is as it was' "$(update -o i in)" '6 0 0 4 0 0'
is 'a rebuild begins anew' "$(update --rebuild --stemmer none -o i in)" '4 4 0 0 0 0'
unlike 'what is not known is left out' "$("$INDEX" --stats i)" '"terms":0'
like 'with the stemmer asked for' "$("$INDEX" --stats i)" '"analysis":"[^"]*/none"'
is 'which the next run finds' "$(update -o i in)" '4 0 0 4 0 0'
is 'a rebuild of nothing is a first run' "$(update --rebuild -o fresh in)" '4 4 0 0 0 0'
code 'the index is sound' 0 "$INDEX" --check i

done_testing
