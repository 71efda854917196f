"""The tools of fihris-serve --mcp, and every way to ask it wrongly, each pinned to its answer."""

import json
import subprocess
import time

from agent import Agent
from openapi import Document
from service import BIN, TMP, done, equal, index, ok

PATH = TMP + "/news.index"
LONG = "السفينة " * 20000
ARTICLES = [
    {"id": "1", "title": "السفينة في الميناء", "body": "وصلت السفينة إلى الميناء وعليها القمح",
     "source": "المرسى", "date": "2026-02-09", "url": "https://example.org/1"},
    {"id": "2", "title": "القمح", "body": "ارتفع سعر القمح", "source": "السوق", "date": "2025-01-02"},
    {"id": "long", "title": "طويل", "body": LONG, "keywords": ["بحر", "سفن"]},
    {"id": "bare", "body": "نص \"بلا\" عنوان\nوسطر"},
]
index(PATH, ARTICLES)
agent = Agent(PATH)


def fits(name, value, schema):
    wrong = Document({"components": {"schemas": {"Content": schema}}}).errors(schema, value)
    ok(name, not wrong, wrong)


# ---- Beginning ----

for said, want in [("2025-11-25", "2025-11-25"), ("2025-06-18", "2025-06-18"), ("2025-03-26", "2025-03-26"),
                   ("2024-11-05", "2024-11-05"), ("2099-01-01", "2025-11-25"), ("", "2025-11-25")]:
    other = Agent(PATH, None)
    hello = other.ask("initialize", protocolVersion=said, capabilities={}, clientInfo={})
    equal(f"asked for version {said or 'nothing'}", hello["result"]["protocolVersion"], want)
    other.close()
hello = agent.hello["result"]
equal("it has tools and nothing else", hello["capabilities"], {"tools": {}})
equal("it says its name", hello["serverInfo"]["name"], "fihris")
ok("it says how to use it", "not proof of absence" in hello["instructions"])
equal("that it is initialized is not answered",
      agent.exchange({"jsonrpc": "2.0", "method": "notifications/initialized"}), None)

# ---- Tools ----

tools = {t["name"]: t for t in agent.ask("tools/list")["result"]["tools"]}
equal("the tools", sorted(tools), ["fetch", "search"])
equal("search takes", list(tools["search"]["inputSchema"]["properties"]),
      ["query", "limit", "from", "to", "source"])
equal("search needs", tools["search"]["inputSchema"]["required"], ["query"])
equal("nothing is changed by them", [t["annotations"]["readOnlyHint"] for t in tools.values()], [True, True])


def search(**arguments):
    result = agent.call("search", **arguments)
    ok(f"search {arguments}", not result.get("isError"), result)
    found = result["structuredContent"]
    fits("... its content fits the schema", found, tools["search"]["outputSchema"])
    equal("... the text says the same", json.loads(result["content"][0]["text"]), found)
    return found


found = search(query="سفينه القمح")
equal("what is found", [r["id"] for r in found["results"]], ["1", "2", "long"])
equal("a result", {k: v for k, v in found["results"][0].items() if k not in ("score", "snippet", "matched")},
      {"id": "1", "title": "السفينة في الميناء", "url": "https://example.org/1", "source": "المرسى",
       "date": "2026-02-09"})
equal("... says how it has each word", found["results"][0]["matched"],
      [{"word": "سفينه", "as": "stem"}, {"word": "القمح", "as": "typed"}])
ok("... with a snippet", "السفينة" in found["results"][0]["snippet"])
ok("nothing was tried when something is found", "tried" not in found)
told = subprocess.run([BIN + "/fihris-search", "--format", "json", PATH, "سفينه القمح"], check=True,
                      stdout=subprocess.PIPE).stdout
equal("the terminal gets the same", [(r["id"], r["score"]) for r in json.loads(told)["results"]],
      [(r["id"], r["score"]) for r in found["results"]])
equal("limit", [r["id"] for r in search(query="القمح السفينة", limit=1)["results"]], ["1"])
equal("... as a whole number with a fraction", len(search(query="القمح", limit=1.0)["results"]), 1)
equal("... of nothing counts", search(query="القمح", limit=0)["total"], {"value": 2, "exact": True})
equal("from", [r["id"] for r in search(query="القمح", **{"from": "2026"})["results"]], ["1"])
equal("to", [r["id"] for r in search(query="القمح", to="2025-01")["results"]], ["2"])
equal("source", [r["id"] for r in search(query="القمح", source="السوق")["results"]], ["2"])
equal("null says nothing", search(query="القمح", source=None, limit=None)["total"]["value"], 2)
equal("an article without a title", search(query="عنوان")["results"][0]["title"], "")

nothing = search(query="ديناصور")
equal("nothing is found", (nothing["total"]["value"], nothing["results"]), (0, []))
ok("... it says among how many", any("of the 4 articles" in n for n in nothing["notes"]), nothing["notes"])
ok("... and which word is in none", any("ديناصور" in n for n in nothing["notes"]), nothing["notes"])
tried = search(query="+القمح +ديناصور", **{"from": "2026", "source": "السوق"})["tried"]
equal("what was tried", {t["how"]: t["total"] for t in tried},
      {"at any date": 0, "in any source": 0, "any of the words": 0, "any of the words, without conditions": 2})
last = next(t for t in tried if t["total"] > 0)
equal("... can be asked", search(query=last["query"], **{} if last["without"] else {"source": "السوق"})["total"]["value"], 2)
equal("... without what hinders it", last["without"], ["from", "to", "source"])
equal("what was probably meant", search(query="السقينة القمح").get("better"), "السفينة القمح")


def fetch(**arguments):
    result = agent.call("fetch", **arguments)
    ok(f"fetch {arguments}", not result.get("isError"), result)
    article = result["structuredContent"]
    fits("... its content fits the schema", article, tools["fetch"]["outputSchema"])
    equal("... the text says the same", json.loads(result["content"][0]["text"]), article)
    return article


equal("an article", fetch(id="1"),
      {"id": "1", "title": "السفينة في الميناء", "url": "https://example.org/1", "source": "المرسى",
       "date": "2026-02-09", "text": ARTICLES[0]["body"], "start": 0,
       "length": len(ARTICLES[0]["body"].encode())})
equal("a line feed and quotes in a text", fetch(id="bare")["text"], ARTICLES[3]["body"])
text, at, parts = "", 0, 0
while at is not None:
    part = fetch(id="long", start=at)
    text, at, parts = text + part["text"], part.get("next"), parts + 1
ok("a long text comes in parts", parts > 4 and text == LONG.strip() or text == LONG, (parts, len(text)))
equal("one goes on inside a character", fetch(id="1", start=1)["start"], 0)
equal("one goes on behind the end", fetch(id="1", start=4000000000)["text"], "")

# ---- Calls that are wrong: a result that says so, which the agent can mend ----

for tool, arguments, says in [
        ("search", {}, "query is missing"),
        ("search", {"query": None}, "query is missing"),
        ("search", {"query": 7}, ""),
        ("search", {"query": ["a"]}, "another type"),
        ("search", {"query": "x", "limit": 51}, "at most 50"),
        ("search", {"query": "x", "limit": -1}, "no number"),
        ("search", {"query": "x", "limit": 1.5}, "another type"),
        ("search", {"query": "x", "limit": "many"}, "no number"),
        ("search", {"query": "x", "from": "yesterday"}, "yesterday"),
        ("search", {"query": "x", "colour": "red"}, "colour"),
        ("search", {"query": "x" * 1025}, "1025 bytes"),
        ("search", {"query": "x " * 65}, "64"),
        ("fetch", {}, "id is missing"),
        ("fetch", {"id": "none"}, '"none"'),
        ("fetch", {"id": ""}, '""'),
        ("fetch", {"id": "1", "start": "x"}, "no number")]:
    result = agent.call(tool, **arguments)
    if tool == "search" and arguments.get("query") == 7:
        ok("a number is searched as it is written", not result.get("isError"), result)
        continue
    ok(f"{tool} {str(arguments)[:40]}", result.get("isError") is True and says in result["content"][0]["text"],
       result)

# ---- Messages that are wrong ----

PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
DEEP = b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":' + b"[" * 100000 + b"]" * 100000 + b"}}"
CALL = {"jsonrpc": "2.0", "id": 1, "method": "tools/call"}
# name, line, code of the error and the id of the answer; None: nothing is answered
CASES = [
    ("an empty line", b"", None),
    ("blanks", b" \t \r", None),
    ("no JSON", b"hello", (-32700, None)),
    ("half of a message", b'{"jsonrpc":"2.0","id":1,', (-32700, None)),
    ("two messages on a line", b'{"jsonrpc":"2.0","id":1,"method":"ping"}{}', (-32700, None)),
    ("bytes that are no UTF-8", b'{"jsonrpc":"2.0","id":1,"method":"\xff"}', (-32700, None)),
    ("a NUL", b'{"jsonrpc":"2.0","id":1,"method":"ping"}\0', (-32700, None)),
    ("NUL alone", b"\0", (-32700, None)),
    ("half of a pair of surrogates", b'{"jsonrpc":"2.0","id":1,"method":"\\ud800"}', (-32700, None)),
    ("a byte order mark", b"\xef\xbb\xbf" + json.dumps(PING).encode(), (-32700, None)),
    ("a key twice", b'{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}', (-32700, None)),
    ("a number beyond all bounds", b'{"jsonrpc":"2.0","id":1e999,"method":"ping"}', (-32700, None)),
    ("brackets 100,000 deep", DEEP, (-32700, None)),
    ("HTTP", b"GET / HTTP/1.1", (-32700, None)),
    ("headers as of a language server", b"Content-Length: 12", (-32700, None)),
    ("a line of 2 MiB", b'{"x":"' + b"x" * (2 << 20) + b'"}', (-32600, None)),
    ("a line of 2 MiB of nothing", b" " * (2 << 20), (-32600, None)),
    ("a text", b'"ping"', (-32600, None)),
    ("a number", b"7", (-32600, None)),
    ("null", b"null", (-32600, None)),
    ("an object of nothing", b"{}", (-32600, None)),
    ("a batch", json.dumps([PING]).encode(), (-32600, None)),
    ("an empty batch", b"[]", (-32600, None)),
    ("no jsonrpc", {"id": 5, "method": "ping"}, (-32600, 5)),
    ("another jsonrpc", dict(PING, jsonrpc="1.0"), (-32600, 1)),
    ("a number as jsonrpc", dict(PING, jsonrpc=2.0), (-32600, 1)),
    ("no method", {"jsonrpc": "2.0", "id": 1}, (-32600, 1)),
    ("a method that is no text", dict(PING, method=1), (-32600, 1)),
    ("a method nobody knows", dict(PING, method="resources/list"), (-32601, 1)),
    ("a method of another case", dict(PING, method="Ping"), (-32601, 1)),
    ("a method with a NUL", b'{"jsonrpc":"2.0","id":1,"method":"ping\\u0000"}', (-32700, None)),
    ("params in a list", dict(PING, params=[]), (-32602, 1)),
    ("an id that is null", dict(PING, id=None), (-32600, None)),
    ("an id that is true", dict(PING, id=True), (-32600, None)),
    ("an id that is a list", dict(PING, id=[1]), (-32600, None)),
    ("an id that is an object", dict(PING, id={}), (-32600, None)),
    ("initialize without a version", dict(PING, method="initialize", params={}), (-32602, 1)),
    ("initialize with a number", dict(PING, method="initialize", params={"protocolVersion": 1}), (-32602, 1)),
    ("a page of tools that is not there", dict(PING, method="tools/list", params={"cursor": "x"}), (-32602, 1)),
    ("a call of nothing", CALL, (-32602, 1)),
    ("a tool nobody knows", dict(CALL, params={"name": "remove"}), (-32602, 1)),
    ("a tool that is no text", dict(CALL, params={"name": 1}), (-32602, 1)),
    ("arguments in a list", dict(CALL, params={"name": "search", "arguments": ["x"]}), (-32602, 1)),
    ("a notification nobody knows", {"jsonrpc": "2.0", "method": "notifications/x"}, None),
    ("a notification without sense", {"jsonrpc": "2.0", "method": "tools/call", "params": 7}, None),
    ("cancelled", {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 1}}, None),
    ("cancelled, what was never asked", {"jsonrpc": "2.0", "method": "notifications/cancelled"}, None),
    ("an answer to nothing", {"jsonrpc": "2.0", "id": 9, "result": {}}, None),
    ("an error to nothing", {"jsonrpc": "2.0", "id": 9, "error": {"code": 1, "message": "x"}}, None),
]
for name, line, want in CASES:
    answer = agent.exchange(line)
    equal(name, (answer["error"]["code"], answer["id"]) if answer else None, want)
for given in ["", "x", "١", 0, -5, 2 ** 53, 1.5, "x" * 100000]:
    equal(f"the id {str(given)[:20]!r} comes back", agent.exchange(dict(PING, id=given)),
          {"jsonrpc": "2.0", "id": given, "result": {}})
equal("a carriage return ends a line too", agent.exchange(json.dumps(PING).encode() + b"\r"),
      {"jsonrpc": "2.0", "id": 1, "result": {}})

old = Agent(PATH, "2025-03-26")
batch = old.exchange([PING, {"jsonrpc": "2.0", "method": "notifications/initialized"}, 7, dict(PING, id="b")])
equal("a batch, where there are batches", [(m["id"], "result" in m) for m in batch],
      [(1, True), (None, False), ("b", True)])
equal("a batch of notifications", old.exchange([{"jsonrpc": "2.0", "method": "notifications/x"}]), None)
equal("an empty batch is refused", old.exchange([])["error"]["code"], -32600)
equal("65 messages are refused", old.exchange([PING] * 65)["error"]["code"], -32600)
equal("64 are not", len(old.exchange([PING] * 64)), 64)
old.process.stdin.write(json.dumps(dict(PING, id="last")).encode())
status, said, complaints = old.close()
equal("the last line needs no end", json.loads(said)["id"], "last")
equal("it ends when its input does", (status, complaints), (0, b""))

# ---- The index ----

before = search(query="الطائرة")["total"]["value"]
index(PATH, ARTICLES + [{"id": "new", "title": "الطائرة", "body": "هبطت الطائرة"}])
equal("what is published meanwhile is found", (before, search(query="الطائرة")["total"]["value"]), (0, 1))
index(PATH, ARTICLES + [{"id": "newer", "title": "القطار", "body": "وصل القطار"}])
equal("... and fetched", fetch(id="newer")["title"], "القطار")

took = []
for _ in range(50):
    begun = time.perf_counter()
    agent.call("search", query="القمح")
    took.append(time.perf_counter() - begun)
ok("a call is quick", sorted(took)[25] < 0.05, took)
equal("nothing else was said", agent.close(), (0, b"", b""))

missing = subprocess.run([BIN + "/fihris-serve", "--mcp", TMP + "/none"], input=b"", capture_output=True, check=False)
equal("an index that is missing", (missing.returncode, missing.stdout), (2, b""))
ok("... is named", b"none" in missing.stderr, missing.stderr)
deaf = subprocess.Popen([BIN + "/fihris-serve", "--mcp", PATH], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                        stderr=subprocess.DEVNULL)
deaf.stdout.close()
deaf.stdin.write((json.dumps(PING) + "\n").encode())
deaf.stdin.flush()
equal("it ends when nobody listens", deaf.wait(20), 2)
deaf.stdin.close()
done()
