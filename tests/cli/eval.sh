#!/bin/sh
# The evaluation bench: its figures against some worked out by hand, its query sets, its comparison, and the
# judged queries over the sample.
. "$(dirname "$0")/lib.sh"
LC_ALL=C.UTF-8
PYTHONDONTWRITEBYTECODE=1
PYTHONPATH=$ROOT/tests/eval
export LC_ALL PYTHONDONTWRITEBYTECODE PYTHONPATH
cd "$ROOT" || exit 1
EVAL=tests/eval
tab=$(printf '\t')

# ---- Figures worked out by hand ----

# figures QRELS RUN: without the name of the file
figures() {
    "$EVAL/metrics.py" "$1" "$2" | sed 's/^[^ ]*  //'
}

# ranked NAME QRELS RUN WANT: the judgements as "query document grade", the run as "query document rank".
ranked() {
    printf '%s\n' "$2" | tr ';' '\n' | awk '{ print $1, 0, $2, $3 }' >"$TMP/qrels"
    printf '%s\n' "$3" | tr ';' '\n' | awk '{ print $1, "Q0", $2, $3, 1 / $3, "tag" }' >"$TMP/run"
    is "$1" "$(figures "$TMP/qrels" "$TMP/run")" "$4"
}

# (1/log2 3 + 1/log2 5) / (1 + 1/log2 3 + 1/2); (1/2 + 2/4) / 3
ranked 'two of three, at ranks 2 and 4' 'q a 1;q b 1;q c 1;q z 0' 'q x 1;q a 2;q y 3;q b 4' \
    'nDCG@10 0.4982  MAP 0.3333  MRR@10 0.5000  R@100 0.6667  success@1 0.0000'
# (1 + 2/log2 3) / (2 + 1/log2 3): the gain is the grade itself
ranked 'grades the wrong way round' 'q a 2;q b 1' 'q b 1;q a 2' \
    'nDCG@10 0.8597  MAP 1.0000  MRR@10 1.0000  R@100 1.0000  success@1 1.0000'
ranked 'rank 10 counts for all but success' 'q a 1' 'q a 10;q b 1;q c 2;q d 3;q e 4;q f 5;q g 6;q h 7;q i 8;q j 9' \
    'nDCG@10 0.2891  MAP 0.1000  MRR@10 0.1000  R@100 1.0000  success@1 0.0000'
ranked 'rank 11 is beyond ten' 'q a 1' 'q a 11;q b 1;q c 2;q d 3;q e 4;q f 5;q g 6;q h 7;q i 8;q j 9;q k 10' \
    'nDCG@10 0.0000  MAP 0.0909  MRR@10 0.0000  R@100 1.0000  success@1 0.0000'
ranked 'rank 101 is beyond a hundred' 'q a 1' \
    "$(seq 100 | sed 's/.*/q x& &/' | tr '\n' ';')q a 101" \
    'nDCG@10 0.0000  MAP 0.0099  MRR@10 0.0000  R@100 0.0000  success@1 0.0000'
ranked 'a query that the run lacks counts 0, one without a relevant document is not counted' \
    'q a 1;r b 1;s c 0' 'q a 1;s c 1' \
    'nDCG@10 0.5000  MAP 0.5000  MRR@10 0.5000  R@100 0.5000  success@1 0.5000'
ranked 'a document that stands twice counts once, and takes no place the second time' 'q a 1;q b 1' \
    'q a 1;q a 2;q b 3' 'nDCG@10 1.0000  MAP 1.0000  MRR@10 1.0000  R@100 1.0000  success@1 1.0000'
ranked 'the order is that of the ranks, not of the lines' 'q a 1' 'q x 3;q y 2;q a 1' \
    'nDCG@10 1.0000  MAP 1.0000  MRR@10 1.0000  R@100 1.0000  success@1 1.0000'

# ---- The judged queries over the sample ----

sample=$EVAL/sample
"$BIN/fihris-index" -q -o "$TMP/index" corpus/sample

# search SET: its figures
search() {
    "$EVAL/queries.py" "$1" $sample/queries.tsv >"$TMP/$1.tsv"
    "$BIN/fihris-search" --plain --copies all --format trec -n 1000 --batch "$TMP/$1.tsv" "$TMP/index" \
        >"$TMP/$1.run" 2>"$TMP/notes"
    figures $sample/qrels.txt "$TMP/$1.run"
}

# least NAME FIGURES FLOOR: nDCG@10 is that or more.
least() {
    ok "$1: nDCG@10 is $3 or more: $2" sh -c "echo '$2' | awk '{ exit !(\$2 >= $3) }'"
}

clean=$(search clean)
least 'the sample' "$clean" 0.90
is 'careless spelling loses nothing' "$(search careless)" "$clean"
least 'one error of typing' "$(search edit1)" 0.80

peers=$SHARED/peers/evaluate
same='the figures are those of the peers'"'"' evaluate'
if [ -n "$SHARED" ] && [ -x "$peers" ]; then
    # Its P@10 and its counts are left out.
    peer_figures() {
        python3 "$peers" "$1" "$2" | sed 's/^[^ ]*  //; s/  P@10 [^ ]*//; s/  (.*//'
    }
    for set in clean edit1; do
        is "$same: the sample, $set" "$(figures $sample/qrels.txt "$TMP/$set.run")" \
            "$(peer_figures $sample/qrels.txt "$TMP/$set.run")"
    done
    arcd=$SHARED/collections/arcd
    "$BIN/fihris-index" -q -o "$TMP/arcd" "$arcd/docs.jsonl"
    "$BIN/fihris-search" --plain --format trec -n 1000 --batch "$arcd/queries.tsv" "$TMP/arcd" \
        >"$TMP/arcd.run" 2>"$TMP/notes"
    is "$same: arcd" "$(figures "$arcd/qrels.txt" "$TMP/arcd.run")" \
        "$(peer_figures "$arcd/qrels.txt" "$TMP/arcd.run")"
else
    skip "$same" '../shared is not there'
fi

# ---- Query sets ----

query="q1${tab}كيف أُعلن عن مبادرة جديدة في المدرسة الكبرى لمحبي القراءة؟"
printf '%s\n' "$query" >"$TMP/query"
# made SET: the text of that query
made() {
    "$EVAL/queries.py" "$1" "$TMP/query" | cut -f 2
}
is 'careless spelling' "$(made careless)" 'كيف اُعلن عن مبادره جديده فى المدرسه الكبرى لمحبى القراءه؟'
# These hold the sets still: the figures of before were made with them.
is 'three words are the same as ever' "$(made three)" 'كيف أُعلن الكبرى'
is 'errors of typing are the same as ever' "$(made edit1)|$(made edit2)" \
    'كيف أُعلن عن مبادرة جديدة في المدرسة الكبرى محبي القراءة؟|كيف أُعلن عن مبادرة جديدة في المدرسة الكبرى لمحبي القراذءة؟'

# One edit away, in a word of five letters or more: the bench draws many.
cat >"$TMP/edits.py" <<'END'
import queries

def near(a, b):
    """Is b one insertion, deletion, replacement or swap of neighbours away from a?"""
    n = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
    return a != b and (a[n:] == b[n + 1:] or a[n + 1:] == b[n:] or a[n + 1:] == b[n + 1:] or
                       (a[n:n + 2] == b[n:n + 2][::-1] and a[n + 2:] == b[n + 2:]))

lengths = set()
for n in range(2000):
    word = queries.edit_word('المكتبات', queries.Draw(n))
    assert near('المكتبات', word), word
    lengths.add(len(word))
assert lengths == {7, 8, 9}
for n in range(200):
    before = 'من كان في بيروت مع أبيه'.split()
    after = queries.mistyped(' '.join(before), queries.Draw(n)).split()
    assert [i for i, (x, y) in enumerate(zip(before, after)) if x != y] == [3], after
assert queries.mistyped('من كان هنا', queries.Draw(1)) == 'من كان هنا'
assert queries.edit_word('ااااا', queries.Draw(3)) != 'ااااا'
END
ok 'an error of typing is one, in a long word' python3 "$TMP/edits.py"

# ---- Better or not ----

cat >"$TMP/permute.py" <<'END'
import compare

ones, zeros = [1.0] * 10, [0.0] * 10
# All ten differences have one sign: that or its mirror comes in 2 of 1024 permutations.
assert abs(compare.p_value(ones, zeros) - 2 / 1024) < 0.0015
assert compare.p_value(ones, ones) == 1.0
assert compare.p_value([1.0, 0.0] * 50, [0.0, 1.0] * 50) > 0.9
# Seven of ten: 2 * (1 + 10 + 45 + 120) / 1024.
assert abs(compare.p_value([1.0] * 7 + zeros[:3], zeros[:7] + [1.0] * 3) - 352 / 1024) < 0.02
END
ok 'the randomisation test agrees with counting' python3 "$TMP/permute.py"

# A collection of the shape of ../shared, made of the sample.
arcd=$TMP/shared/collections/arcd
mkdir -p "$arcd"
"$BIN/fihris-index" --show corpus/sample >"$arcd/docs.jsonl"
cp $sample/queries.tsv $sample/qrels.txt "$arcd"
mkdir "$TMP/build"
ln -s "$BIN" "$TMP/build/bin"
# judge OPTION...
judge() {
    "$EVAL/judge.py" --build "$TMP/build" --shared "$TMP/shared" --collections arcd --baseline "$TMP/baseline" "$@"
}
code 'nothing to compare with' 0 judge --sets clean,edit
like 'the table has the figures' "$(judge --sets clean)" \
    "arcd +\\| clean +\\| +50 \\| +$(echo "$clean" | cut -d ' ' -f 2) \\|"
ok 'a baseline is written' judge --sets clean --write-baseline
like 'and compared with' "$(judge --sets clean)" '\+0\.0000 \| 1\.0000 \|$'
sed 's/^[.0].*/1/' "$TMP/baseline" >"$TMP/perfect" && mv "$TMP/perfect" "$TMP/baseline"
like 'what was better is told' "$(judge --sets clean)" '\| -0\.0[0-9]{3} \|'
code 'a set that is worse fails' 1 judge --sets clean
sed -i 's/^\[arcd [0-9a-f]*/[arcd 000000000000/' "$TMP/baseline"
code 'figures of other queries are not compared with' 0 judge --sets clean
code 'an unknown set' 2 judge --sets nonsense
like 'without ../shared' "$("$EVAL/judge.py" --shared "$TMP/none")" '^skipped: '

# ---- The stemmers by themselves ----

mkdir -p "$TMP/shared/corpora" "$TMP/shared/stems"
for corpus in news journals; do
    for _ in 1 2 3 4 5; do
        echo '{"title": "وِزارة", "body": "الوزارة والوزارة كتاب كاتب الكتاب القطـار قطار"}'
    done >"$TMP/words"
    echo '{"body": "نادرة النادرة نادرة النادرة نادرة النادرة نادرة النادرة"}' >>"$TMP/words"
    gzip -c "$TMP/words" >"$TMP/shared/corpora/$corpus.jsonl.gz"
done
printf 'كتاب\tكتاب\tx\nالكتاب\tكتاب\tx\nكاتب\tكاتب\tx\n' >"$TMP/shared/stems/ud_pud_surface_lemma.tsv"
"$EVAL/stems.py" --build "$TMP/build" --shared "$TMP/shared" >"$TMP/stems"
# cells STEMMER: its first row without blanks
cells() {
    grep "^| $1 |" "$TMP/stems" | head -n 1 | tr -d ' '
}
like 'words are counted without their marks, from five times on' "$(cat "$TMP/stems")" '^news: 8 words$'
like 'pairs are counted' "$(grep -m 1 '^| stemmer' "$TMP/stems" | tr -d ' ')" \
    'X~الX\(3\)\|X~والX\(1\)\|X~بالX\(0\).*rootو\(1\)\|rootبفكل\(1\)\|ي~ى\(0\)'
like 'our stemmer joins them' "$(cells light)" '^\|light\|1\.000\|1\.000\|.*\|1\.000\|0\.000\|[0-2]of'
like 'no stemmer joins none' "$(cells none)" '^\|none\|0\.000\|0\.000\|.*\|1\.00\|0\.000\|0\.000\|0of'
like 'light10 takes a root و off' "$(cells light10)" '^\|light10\|0\.667\|0\.000(\|1\.000){6}\|0\.000\|'
is 'words to keep apart are pairs, each there once' \
    "$(grep -v '^#' $EVAL/apart.tsv | awk -F '\t' 'NF != 3 || $2 == $3 || seen[$2 $3]++')" ''
unlike 'and apart as they are' "$(cells none)" '[1-9][0-9]*of'

# ---- The steps of the chain ----

cat >"$TMP/variants.py" <<'END'
import os, re
import ablate

rows = ablate.read_variants('tests/eval/variants.tsv')
assert len(rows) > 5 and rows[0][1:] == ([], [])
for name, _, edits in rows:
    for file, pattern, replacement in edits:
        with open(file) as source:
            text, count = re.subn(pattern, replacement, source.read())
        assert count == 1, (name, file, pattern, count)
END
ok 'each step of the chain can still be changed' python3 "$TMP/variants.py"

done_testing
