"""Every path and every kind of problem; each answer is held to /openapi.json."""

import gzip
import json
import os
import subprocess
import threading
import urllib.parse
import xml.etree.ElementTree

from openapi import Document
from service import BIN, TMP, Service, ask, done, equal, index, ok, search

BODY = "وصلت السفينة إلى الميناء صباح اليوم. "
ARTICLES = [
    {"id": f"a/{i}?x=1 &م", "title": f"السفينة رقم {i} في <b>الميناء</b>", "body": BODY * 40,
     "source": "وكالة", "date": f"2026-01-{i:02}", "url": f"https://example.org/{i}",
     "keywords": ["بحر", "نقل"], "section": "محليات"}
    for i in range(1, 21)]
PATH = TMP + "/news.index"
index(PATH, ARTICLES)
service = Service(PATH, "--workers", "2", "--allow-origin", "https://a.example,https://b.example")
document = Document(service.ask("/openapi.json").json())


def get(target, method="GET", headers=None, body=None):
    """Ask, and hold the answer to the document."""
    answer = service.ask(target, method, headers, body)
    wrong = document.check(target, method, answer)
    if wrong:
        ok(f"{method} {target} is as /openapi.json has it", False, "\n".join(wrong))
    return answer


def refused(name, target, status, problem, **how):
    answer = get(target, **how)
    equal(name, (answer.status, answer.problem()), (status, problem))
    return answer


def program(*arguments):
    return subprocess.run([BIN + "/fihris-search", *arguments], capture_output=True,
                          check=False).stdout


def without_time(text):
    answer = json.loads(text)
    del answer["took_us"]
    return answer


# ---- The terminal's answers ----

for name, parameters, options in [
        ("a word", {"q": "السفينة"}, []),
        ("a page", {"q": "السفينة", "n": 3, "first": 2}, ["-n", "3", "--first", "2"]),
        ("order", {"q": "السفينة", "sort": "date"}, ["--sort", "date"]),
        ("every word", {"q": "السفينة غرنوق", "all": 1}, ["--all"]),
        ("plain words", {"q": '"السفينة', "plain": "true"}, ["--plain"]),
        ("dates", {"q": "الميناء", "from": "2026-01-03", "to": "2026-01-05"},
         ["--from", "2026-01-03", "--to", "2026-01-05"]),
        ("a source", {"q": "الميناء", "source": "وكالة،x"}, ["--source", "وكالة،x"]),
        ("no source", {"q": "الميناء", "source": "x"}, ["--source", "x"]),
        ("an explanation", {"q": "السفينة", "explain": "", "n": 1}, ["--explain", "-n", "1"]),
        ("a syntax that is none", {"q": '"السفينة'}, []),
        ("nothing found", {"q": "+قطار +غرنوق"}, []),
        ("only counting", {"q": "السفينة", "n": 0}, ["-n", "0"])]:
    answer = get(search(**parameters))
    equal(f"{name}: as the terminal has it", without_time(answer.body),
          without_time(program("--format", "json", *options, PATH, parameters["q"])))

filters = get(search(**{"from": "2026-01-19"}))
equal("a filter alone lists", filters.json()["total"]["value"], 2)
for form, kind in [("jsonl", "application/x-ndjson"),
                   ("tsv", "text/tab-separated-values; charset=utf-8")]:
    answer = get(search(q="السفينة", format=form))
    equal(f"{form}: the type", answer.header("Content-Type"), kind)
    equal(f"{form}: as the terminal has it", answer.body,
          program("--format", form, PATH, "السفينة"))
equal("digits of Arabic", get(search(q="السفينة", n="٣")).json()["results"][2]["rank"], 3)

atom = get(search(q="السفينة", n=2, format="atom"))
feed = xml.etree.ElementTree.fromstring(atom.body)
A = "{http://www.w3.org/2005/Atom}"
equal("a feed has its entries", len(feed.findall(A + "entry")), 2)
equal("a feed needs an id, a title, a date", [feed.find(A + t) is not None and
                                             bool(feed.find(A + t).text)
                                             for t in ("id", "title", "updated")], [True] * 3)
entry = feed.find(A + "entry")
ok("an entry links to its article",
   entry.find(A + "link").get("href").startswith("https://example.org/"))
ok("a title is text", "<b>الميناء</b>" in entry.find(A + "title").text,
   entry.find(A + "title").text)
ok("a summary marks what matched", "<b>السفينة</b>" in entry.find(A + "summary").text)

# ---- Other paths ----

quoted = urllib.parse.quote(ARTICLES[4]["id"], safe="")
answer = get("/v1/articles/" + quoted)
equal("an article is whole", {k: v for k, v in answer.json().items()}, ARTICLES[4])
equal("a slash in an id may stand as it is",
      get("/v1/articles/" + urllib.parse.quote(ARTICLES[4]["id"])).status, 200)
refused("no article", "/v1/articles/none", 404, "no-article")
refused("no id", "/v1/articles/", 400, "bad-request")

answer = get("/v1/suggest?q=" + urllib.parse.quote("في السف"))
equal("a word is completed", answer.json()["suggestions"][0],
      {"text": "في السفينة", "articles": 20})
answer = get("/v1/suggest?format=opensearch&q=" + urllib.parse.quote("السف"))
equal("as browsers have it", (answer.header("Content-Type"), answer.json()),
      ("application/x-suggestions+json", ["السف", ["السفينة"]]))
equal("a letter is too little",
      get("/v1/suggest?q=" + urllib.parse.quote("ا")).json()["suggestions"], [])
equal("nothing is nothing", get("/v1/suggest").json()["suggestions"], [])

stats = get("/v1/stats").json()
equal("what the index holds", (stats["articles"], stats["generation"]), (20, 1))
equal("alive", get("/livez").json(), {"status": "alive"})
equal("ready", get("/readyz").json(), {"status": "ready"})
ok("a browser can learn to search",
   b"/v1/search?q={searchTerms}" in get("/opensearch.xml").body)
metrics = get("/metrics").body.decode()
ok("requests are counted", 'fihris_requests_total{path="/v1/search",status="200"}' in metrics,
   metrics)
ok("latencies are counted", 'fihris_request_seconds_bucket{path="/v1/search",le="+Inf"}'
   in metrics)

# ---- Batches ----

lines = [{"q": "السفينة", "n": 1}, {"q": "السفينة", "source": ["وكالة", "x"], "all": True},
         {"q": "س", "n": 1001}, {"q": 5.5}, {"zz": 1}, {"q": "x" * 1025}]
text = "\n".join(json.dumps(line) for line in lines) + "\n\n \r\n[1]\n{\"q\":\"الميناء\",\"n\":0}"
answer = get("/v1/batch", "POST", body=text.encode())
got = [json.loads(line) for line in answer.body.splitlines()]
equal("each line is answered in order",
      [line.get("status", line.get("total", {}).get("value")) for line in got],
      [20, 20, 422, 400, 400, 413, 400, 20])
equal("an empty batch", get("/v1/batch", "POST", body=b"").body, b"")
refused("too many lines", "/v1/batch", 413, "body-too-large", method="POST", body=b"{}\n" * 1001)
equal("a thousand lines",
      len(get("/v1/batch", "POST", body=b"{}\n" * 1000).body.splitlines()), 1000)
refused("too large a batch", "/v1/batch", 413, "body-too-large", method="POST",
        body=b" " * (1024 * 1024 + 1))


def chunks():
    for _ in range(20):
        yield b" " * 100000


refused("too large a batch in chunks", "/v1/batch", 413, "body-too-large", method="POST",
        body=chunks())
many = [None] * 8


def run_batch(i):
    many[i] = len(service.ask("/v1/batch", "POST",
                              body=b'{"q":"x"}\n' * 300).body.splitlines())


threads = [threading.Thread(target=run_batch, args=(i,)) for i in range(8)]
[t.start() for t in threads]
equal("others are answered meanwhile", get(search(q="السفينة")).status, 200)
[t.join() for t in threads]
equal("batches side by side", many, [300] * 8)

# ---- Problems ----

refused("no query", "/v1/search", 400, "bad-parameter")
refused("an unknown parameter", "/v1/search?q=x&size=3", 400, "unknown-parameter")
refused("a parameter twice", "/v1/search?q=x&q=y", 400, "bad-parameter")
refused("no number", "/v1/search?q=x&n=-1", 400, "bad-parameter")
refused("no choice", "/v1/search?q=x&sort=up", 400, "bad-parameter")
refused("no flag", "/v1/search?q=x&all=yes", 400, "bad-parameter")
refused("no date", "/v1/search?q=x&from=soon", 400, "bad-parameter")
refused("too many results", "/v1/search?q=x&n=1001", 422, "out-of-range")
equal("as many as there can be", get("/v1/search?q=x&n=1000").status, 200)
refused("too deep a page", "/v1/search?q=x&first=10001", 422, "out-of-range")
equal("as deep as can be", get("/v1/search?q=x&first=10000").status, 200)
for bytes_, status in [(1023, 200), (1024, 200), (1025, 413)]:
    equal(f"a query of {bytes_} bytes", get("/v1/search?q=" + "x" * bytes_).status, status)
for words, status in [(63, 200), (64, 200), (65, 422)]:
    equal(f"a query of {words} words",
          get("/v1/search?q=" + "+".join(f"w{i}" for i in range(words))).status, status)
for depth, status in [(31, 200), (32, 200), (33, 422)]:
    equal(f"{depth} parentheses", get(search(q="(" * depth + "السفينة" + ")" * depth)).status,
          status)
refused("too long", "/v1/search?q=" + "x" * 1025, 413, "query-too-long")
refused("too complex", search(q="(" * 33 + "x" + ")" * 33), 422, "query-too-complex")
refused("too many stars", search(q=" ".join(f"abc{i}*" for i in range(33))), 422,
        "query-too-complex")
refused("no path", "/v2", 404, "no-path")
equal("methods are named", refused("no method", "/v1/search", 405, "bad-method",
                                   method="DELETE").header("Allow"), "GET, HEAD")
equal("methods of a batch", refused("a batch is posted", "/v1/batch", 405,
                                    "bad-method").header("Allow"), "POST")

# ---- Headers ----

answer = get(search(q="السفينة"))
tag = answer.header("ETag")
for name, value in [("the tag", tag), ("among others", f'"x", {tag}'), ("a star", "*"),
                    ("as a strong one", tag.removeprefix("W/"))]:
    answer = get(search(q="السفينة"), headers={"If-None-Match": value})
    equal(f"304: {name}", (answer.status, answer.body, answer.header("ETag")), (304, b"", tag))
equal("another query has another tag",
      get(search(q="الميناء"), headers={"If-None-Match": tag}).status, 200)
head = get(search(q="السفينة"), "HEAD")
equal("HEAD has no body", (head.status, head.body, head.header("ETag")), (200, b"", tag))

packed = get(search(q="السفينة", n=1), headers={"Accept-Encoding": "identity"})
plain = service.ask(search(q="السفينة"), headers={"Accept-Encoding": "br, gzip;q=0.5"})
equal("gzip where it is taken", (plain.header("Content-Encoding"),
                                 len(json.loads(gzip.decompress(plain.body))["results"])),
      ("gzip", 10))
equal("no gzip where it is not", packed.header("Content-Encoding"), None)
equal("no gzip where it is refused", service.ask(
    search(q="السفينة"), headers={"Accept-Encoding": "gzip;q=0"}).header("Content-Encoding"), None)
equal("no gzip of little", service.ask(
    "/readyz", headers={"Accept-Encoding": "gzip"}).header("Content-Encoding"), None)
equal("caches are told", plain.header("Vary"), "Accept-Encoding")

equal("a request keeps its id", get("/livez", headers={"X-Request-Id": "a.B-9"}).header(
    "X-Request-Id"), "a.B-9")
for bad in ["a b", "x" * 65, "<script>", ""]:
    said = get("/livez", headers={"X-Request-Id": bad}).header("X-Request-Id")
    ok(f"not the id {bad[:9]!r}", said != bad and len(said) == 16, said)

CORS = "Access-Control-Allow-Origin"
for origin, allowed in [("https://a.example", True), ("https://b.example", True),
                        ("https://evil.example", False), ("https://a.example.evil", False),
                        ("null", False)]:
    answer = get(search(q="x"), headers={"Origin": origin})
    equal(f"a page of {origin}", answer.header(CORS), origin if allowed else None)
    answer = service.ask("/v1/search", "OPTIONS", headers={
        "Origin": origin, "Access-Control-Request-Method": "GET"})
    equal(f"{origin} asks before", (answer.status, answer.header(CORS)),
          (204, origin) if allowed else (403, None))
equal("no page without being allowed", Service.ask(service, "/livez").header(CORS), None)

client = service.client()
equal("one connection, many requests",
      [ask(client, t).status for t in ["/livez", search(q="x"), "/nope", "/v1/stats",
                                       search(q="x", n="y"), "/livez"]],
      [200, 200, 404, 200, 400, 200])
client.close()

# ---- The index goes, and comes back ----

os.rename(PATH, PATH + ".away")
answer = get(search(q="السفينة"))
while answer.status == 200:
    answer = get(search(q="السفينة"))
equal("an index that is gone", (answer.status, answer.problem(), answer.header("Retry-After")),
      (503, "not-ready", "1"))
ok("clients are not told of files", TMP not in answer.body.decode(), answer.body)
equal("not ready", get("/readyz").status, 503)
equal("but alive", get("/livez").status, 200)
os.rename(PATH + ".away", PATH)
equal("an index that came back", get(search(q="السفينة")).status, 200)

equal("it ends well", service.stop(), 0)
entries = [json.loads(line) for line in service.log]
ok("each request is one line", len(entries) > 100 and all(
    set(e) >= {"time", "id", "remote", "method", "path", "status", "bytes", "us"}
    for e in entries))
ok("queries are not logged", "السفينة" not in "".join(service.log))
ok("the log tells of files", any(TMP in e.get("error", "") for e in entries))

service = Service(PATH, "--log-queries")
service.ask("/v1/search?q=zzz")
service.stop()
ok("queries are logged when asked for", any(
    json.loads(line)["target"] == "/v1/search?q=zzz" for line in service.log))
done()
