#!/bin/sh
# `make bench`, small: all it writes is there and well-formed, and it fails where it must.
. "$(dirname "$0")/lib.sh"
BENCH="$ROOT/tests/bench"
BUILT=$(dirname "$BIN")
cd "$TMP" || exit 1

if [ ! -x "$BUILT/bench/bench_search" ]; then
    skip 'the bench runs' 'bench_search is not built'
    done_testing
fi
"$BIN/fihris-index" --show "$ROOT/corpus/sample" >sample.jsonl 2>/dev/null

# bench BUILD OUT OPTION...: a small run on the sample articles.
bench() {
    build=$1
    out=$2
    shift 2
    "$BENCH/bench.py" "$build" --shared none --corpus sample.jsonl --out "$out" --count 20 --passes 2 "$@"
}

# ---- It writes what it should ----

ok 'the bench runs' bench "$BUILT" out --sizes '20 60' --docs docs
for chart in latency.svg size.svg; do
    ok "$chart is well-formed" python3 -c 'import sys, xml.dom.minidom as xml; xml.parse(sys.argv[1])' "out/$chart"
done
table=$(cat out/bench.md)
for kind in OR AND 'phrase of 2 words' wildcard 'OR, newest first' 'OR in one source' 'OR in a month or day' \
    'OR with ten snippets'; do
    like "a row for $kind" "$table" "^\| $kind \| [0-9]+ \| [1-9][0-9]* \| [0-9.]+ / [0-9.]+ / [0-9.]+ \|"
    like "$kind over the number of articles" "$table" "^\| $kind, p50 ms \| [0-9.]+ \| [0-9.]+ \|"
done
like 'a row for the speed of building' "$table" '^\| articles/s \| [0-9]'
like 'a row for the memory of a search' "$table" '^\| anonymous memory of a searching process, MB \| [0-9.]*[1-9]'
like 'a row for a cold process' "$table" '^\| fihris-search from exec to exit, ms \| [0-9.]*[1-9]'
like 'a row for an update' "$table" '^\| fihris-index changing one article, likewise, ms \| [0-9.]*[1-9]'
like 'growth over the numbers asked for' "$table" '^\| xapian: articles \| 20 \| 60 \| last / first \|$'
for file in bench.md latency.svg size.svg; do
    ok "the docs get $file" cmp "out/$file" "docs/$file"
done
is 'the parts are the whole index' \
    "$(jq '.corpus.engines[].build | (.parts | add) == .index_bytes' out/bench.json | sort -u)" true
is 'nothing was wrong' "$(jq -c .wrong out/bench.json)" '[]'
ok 'it leaves no index behind' test -z "$(find out -name fihris.json)"

# ---- It fails where it must ----

# A second engine is played by the first, with parts of its own; with SPOIL its totals are not the same.
mkdir -p fake/bin fake/bench
cat >fake/bin/fihris-index <<EOF
#!/bin/sh
for word; do
    shift
    [ "\$word" = twin ] && word=xapian
    set -- "\$@" "\$word"
done
case \$1\$2 in
--stats*.twin) "$BIN/fihris-index" "\$@" | sed 's/}\$/,"parts":{"postings":20000,"stored texts":5000}}/' ;;
*) exec "$BIN/fihris-index" "\$@" ;;
esac
EOF
ln -s "$BIN/fihris-search" fake/bin/fihris-search
cat >fake/bench/bench_search <<EOF
#!/bin/sh
"$BUILT/bench/bench_search" "\$@" || exit
case "\$SPOIL\$*" in
spoil*.twin.AND.totals*) sed -i '1s/\$/9/' "\$1".AND.totals ;;
esac
EOF
chmod +x fake/bin/fihris-index fake/bench/bench_search

ok 'two engines run' bench fake twins --engines 'xapian twin' --sizes ''
table=$(cat twins/bench.md)
like 'they stand side by side' "$table" '^\| building \| xapian \| twin \| xapian / twin \|$'
like 'with their ratio' "$table" '^\| index / text \| [0-9.]+ \| [0-9.]+ \| 1 \|$'
like 'an engine names its parts' "$table" '^\| postings \| 0.02 \|'
like 'even with a space' "$table" '^\| stored texts \| 0.005 \|'
like 'what it does not name is the rest' "$table" '^\| the rest \| 0.[0-9]+ \|'
unlike 'no growth was asked for' "$table" '^## Growth'
SPOIL=spoil
export SPOIL
code 'different totals fail the run' 1 bench fake spoiled --engines 'xapian twin' --sizes '' --docs no-docs
like 'and are shown' "$(cat .output)" 'bench: sample: AND: xapian, twin: 1 with different totals: words0000 '
like 'also in the table' "$(cat spoiled/bench.md)" '^- sample: AND: xapian, twin: 1 with '
not_ok 'the docs stay what they were' test -e no-docs

rm fake/bin/fihris-search
printf '#!/bin/sh\nexit 2\n' >fake/bin/fihris-search
chmod +x fake/bin/fihris-search
code 'a search that fails has no speed' 2 bench fake failed --engines xapian --sizes ''

printf 'q1\tزقزوقستان\n' >nothing.tsv
code 'queries that find nothing fail the run' 1 bench "$BUILT" nothing --queries nothing.tsv --sizes ''
like 'and it says which' "$(cat .output)" 'sample: xapian: OR: no query found anything'
ok 'without material it is skipped' "$BENCH/bench.py" "$BUILT" --shared none
like 'and says so' "$(cat .output)" '^bench: skipped: there is no none/corpora/news.jsonl.gz'

# ---- Its tools ----

printf 'a\t1\nb\t2\n' >one
printf 'a\t1\nb\t3\n' >two
printf 'a\t1\n' >three
code 'the same totals' 0 "$BENCH/compare_totals.py" one one
code 'other totals' 1 "$BENCH/compare_totals.py" one two
is 'are shown' "$(cat .output)" "$(printf 'b\t2\t3')"
code 'missing totals' 1 "$BENCH/compare_totals.py" one three
is 'are shown too' "$(cat .output)" "$(printf 'b\t2\t-')"

ok 'articles are cut' "$BENCH/cut_pages.py" sample.jsonl all=1000000 few=20 --bytes 100
ok 'nothing of a text is lost' python3 - <<'EOF'
import json
bodies = {}
for line in open('all', encoding='utf-8'):
    page = json.loads(line)
    assert len(page['body'].encode()) < 500, page['id']
    id, _, n = page['id'].rpartition('#')
    bodies.setdefault(id, []).append((int(n), page['body']))
for line in open('sample.jsonl', encoding='utf-8'):
    article = json.loads(line)
    pages = sorted(bodies.pop(article['id']))
    assert ''.join(text for _, text in pages).strip() == article['body'].strip(), article['id']
assert not bodies
EOF
is 'a draw has as many as asked for' "$(wc -l <few)" 20
is 'and is part of a larger one' "$(grep -cxFf few all)" 20
ok 'once more' "$BENCH/cut_pages.py" sample.jsonl again=20 --bytes 100
ok 'the same pages are drawn' cmp few again

"$BENCH/make_queries.py" sample.jsonl made --count 30
"$BENCH/make_queries.py" sample.jsonl once-more --count 30
"$BENCH/make_queries.py" sample.jsonl other --count 30 --seed 7
ok 'the same queries are made' diff -r made once-more
not_ok 'another seed makes others' diff -r made other
is 'phrases are of two words' "$(cut -f 2 made/phrase.tsv | grep -cE '^"[^" ]+ [^" ]+"$')" "$(wc -l <made/phrase.tsv)"
like 'wildcards have a star' "$(cut -f 2 made/wildcard.tsv)" '^[^ *]+\*$'

done_testing
