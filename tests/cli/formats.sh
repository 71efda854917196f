#!/bin/sh
# One article in every format, character set and archive gives the same text, and so the same terms.
. "$(dirname "$0")/lib.sh"
cd "$TMP" || exit 1

if ! command -v python3 >/dev/null; then
    skip 'formats' 'there is no python3'
    done_testing
    exit
fi

ok 'the forms are written' python3 "$ROOT/tests/forms.py" .
count=$(wc -l <ids.tsv)
code 'all of them are read' 0 "$BIN/fihris-index" -q -o i in
like 'and nothing else' "$("$BIN/fihris-index" --stats i)" "\"articles\":$count,"

# `--get` gives back the text as it was read.
while read -r id; do
    "$BIN/fihris-search" --format json --get "$id" i >got 2>&1
    is "--get $id" "$(jq -r '.title + "\n" + .body' got)" "$(cat title; echo; cat body)"
done <ids.tsv

# same QUERY: all of them are found, with one score; the best 15 are raised, by the same.
same() {
    "$BIN/fihris-search" -n 1000 --format tsv i "$1" >got
    is "all are found by $1" "$(wc -l <got)" "$count"
    is "and alike by $1" "$(head -n 15 got | cut -f 2 | sort -u | wc -l) $(tail -n +16 got | cut -f 2 | sort -u | wc -l)" '1 1'
}

same 'الزيتون'
same '=مسؤول'
same '=يصل'
same 'title:الزراعة'
same '"تكفي المعاصر وأضاف"'
same '"من العام الماضي وقال مسؤول"'
same '"إلى الخارج خلال أشهر قليلة"'
is 'what is no part of the article is not found' "$("$BIN/fihris-search" --format tsv i '=الرئيسية OR =سر' | wc -l)" 0

# Standard input: as a stream and as an archive.
for form in page-windows-1256.txt packed.txt.xz lines-utf-16.jsonl web-iso-8859-6.html; do
    code "standard input: $form" 0 sh -c "\"$BIN/fihris-index\" -q --rebuild -o std - <in/$form"
    is "is read as it is" "$("$BIN/fihris-search" --format tsv std '"من العام الماضي وقال مسؤول"' | wc -l)" 1
done
cat in/a.zip | "$BIN/fihris-index" -q --rebuild -o std -
like 'members of standard input have names' "$("$BIN/fihris-search" --format tsv std الزيتون | cut -f 3)" '^-!سنة/خبر.txt$'

# What was decided is told with -v.
said=$("$BIN/fihris-index" -v -o i in 2>&1)
like 'the character set that was detected is told' "$said" '^in/page-windows-1256.txt: the character set is WINDOWS-1256 \(detected\)$'
like 'the one that was declared is told' "$said" '^in/web-iso-8859-6.html: the character set is ISO-8859-6 \(declared\)$'
like 'the one that a server declared is told' "$said" '^in/crawl-1.warc.gz:1: the character set is WINDOWS-1256 \(declared\)$'
unlike 'UTF-8 needs no telling' "$said" '^in/page-utf-8.txt: the character set'
like 'archives are told' "$said" '^in/a.zip: read as an archive$'

# A second run changes nothing, and what leaves an archive leaves the index.
like 'a second run changes nothing' "$("$BIN/fihris-index" --json -q -o i in)" "\"unchanged\":$count,"
rm in/a.zip in/crawl-0.warc.gz
like '--prune forgets members and records' "$("$BIN/fihris-index" --prune --json -q -o i in)" '"removed":3,'

# ---- WACZ ----

cat >wacz.py <<'END'
import zipfile
with zipfile.ZipFile("crawl.wacz", "w") as out:
    out.write("in/crawl-1.warc.gz", "archive/data.warc.gz")
    out.writestr("indexes/index.cdx.gz", b"x")
    out.writestr("pages/pages.jsonl", b'{"title":"no page"}\n')
    out.writestr("datapackage.json", b'{"title":"no page"}\n')
END
python3 wacz.py
is 'a WACZ gives the pages of its WARC files' "$("$BIN/fihris-index" --show crawl.wacz 2>/dev/null | jq .id)" \
    "$("$BIN/fihris-index" --show in/crawl-1.warc.gz 2>/dev/null | jq .id)"
said=$("$BIN/fihris-index" -v -o wacz crawl.wacz 2>&1)
unlike 'and nothing in it is refused' "$said" ': refused: '
like 'what else is in it is told' "$said" '^crawl.wacz!pages/pages.jsonl: passed over: it is no WARC file$'

# ---- PDF, by a program that may be missing ----

cat >paper.py <<'END'
text = b"BT /F1 12 Tf 50 700 Td (Telescope found) Tj 0 -20 Td (A comet was seen in March.) Tj ET"
parts = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
         b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
         b"<</Length %d>>stream\n%s\nendstream" % (len(text), text),
         b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"]
out = b"%PDF-1.4\n"
for number, part in enumerate(parts):
    out += b"%d 0 obj%s endobj\n" % (number + 1, part)
open("paper.pdf", "wb").write(out + b"trailer<</Root 1 0 R>>\n%%EOF\n")
END
python3 paper.py
if command -v pdftotext >/dev/null; then
    code 'a PDF is read' 0 "$BIN/fihris-index" -q -o pdf paper.pdf
    like 'as a text page' "$("$BIN/fihris-search" --get paper.pdf pdf)" '^title: Telescope found$'
    code 'also without a name' 0 sh -c "\"$BIN/fihris-index\" -q -o pdf2 - <paper.pdf"
    printf '%%PDF-1.4\nnothing' >broken.pdf
    like 'a broken one is refused' "$("$BIN/fihris-index" -o pdf broken.pdf 2>&1)" '^broken.pdf: refused: (pdftotext cannot read it|no text in it)'
else
    skip 'PDF' 'pdftotext is not installed'
fi
like 'without pdftotext the way out is named' "$(PATH=/nonexistent "$BIN/fihris-index" -o pdf paper.pdf 2>&1)" \
    '^paper.pdf: refused: pdftotext is not installed: apt-get install poppler-utils$'

done_testing
