"""Malformed and hostile requests, byte by byte, each pinned to its answer."""

import random
import re
from concurrent.futures import ThreadPoolExecutor

from service import TMP, Service, done, equal, index, ok, search

PATH = TMP + "/news.index"
index(PATH, [{"id": "1", "title": "السفينة", "body": "وصلت السفينة"}])
service = Service(PATH, "--workers", "2")

H = b"Host: localhost\r\n"
GET = b"GET /livez HTTP/1.1\r\n"
END = b"Connection: close\r\n\r\n"
BATCH = b"POST /v1/batch HTTP/1.1\r\n" + H


def statuses(data):
    """libmicrohttpd 0.9.75 sends the head of an answer of its own twice: that counts once."""
    data = re.sub(rb"(HTTP/1\.1 \d{3} [^\0]*?\r\n\r\n)\1", rb"\1", data)
    return [int(s) for s in re.findall(rb"(?:^|\n|\})HTTP/1\.[01] (\d{3}) ", data)]


def get(target):
    return b"GET " + target + b" HTTP/1.1\r\n" + H + END


# name, bytes, the statuses that come before the connection is closed; [] is a close without a word,
# which is libmicrohttpd's answer to what is no HTTP at all.
CASES = [
    # The first line
    ("nothing at all", b"", []),
    ("line ends alone", b"\r\n\r\n\r\n" + GET + H + END, [200]),
    ("no method", b" /livez HTTP/1.1\r\n" + H + END, []),
    ("one word", b"GET\r\n" + H + END, []),
    ("no version", b"GET /livez\r\n" + H + END, [400]),
    ("HTTP/0.9", b"GET /livez HTTP/0.9\r\n" + H + END, [505]),
    ("HTTP/1.0 without a host", b"GET /livez HTTP/1.0\r\n\r\n", [200]),
    ("HTTP/2.0", b"GET /livez HTTP/2.0\r\n" + H + END, [505]),
    ("HTTP/9.9", b"GET /livez HTTP/9.9\r\n" + H + END, [505]),
    ("the preface of HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", [505]),
    ("TLS", bytes.fromhex("16030100c5010000c10303") + b"\0" * 32 + b"\r\n\r\n", []),
    ("a space in the target", b"GET /liv ez HTTP/1.1\r\n" + H + END, []),
    ("a tab in the target", get(b"/livez\t"), [400]),
    ("a control in the target", get(b"/livez\x01"), [400]),
    ("DEL in the target", get(b"/livez\x7f"), [400]),
    ("bytes above ASCII in the target", get("/v1/search?q=السفينة".encode()), [400]),
    ("a method in small letters", b"get /livez HTTP/1.1\r\n" + H + END, [405]),
    ("a method nobody knows", b"BREW /livez HTTP/1.1\r\n" + H + END, [405]),
    ("a very long method", b"G" * 5000 + b" /livez HTTP/1.1\r\n" + H + END, [405]),
    ("TRACE", b"TRACE /livez HTTP/1.1\r\n" + H + END, [405]),
    ("CONNECT", b"CONNECT example.org:443 HTTP/1.1\r\n" + H + END, [404]),
    ("OPTIONS of all", b"OPTIONS * HTTP/1.1\r\n" + H + END, [404]),
    ("the whole URL, as to a proxy", get(b"http://example.org/livez"), [200]),
    ("a target of 40,000 bytes", get(b"/" + b"a" * 40000), [414]),
    ("a query of 40,000 bytes", get(b"/v1/search?q=" + b"a" * 40000), [414]),
    # Paths
    ("up and out", get(b"/../../etc/passwd"), [404]),
    ("up and out, encoded", get(b"/%2e%2e/%2e%2e/etc/passwd"), [404]),
    ("up and out of the articles", get(b"/v1/articles/../../../../etc/passwd"), [404]),
    ("two slashes", get(b"//livez"), [404]),
    ("a slash behind", get(b"/livez/"), [404]),
    ("a path in capitals", get(b"/LIVEZ"), [404]),
    ("a dot in the path", get(b"/./livez"), [404]),
    ("a NUL in an id", get(b"/v1/articles/%00"), [400]),
    ("half a % in an id", get(b"/v1/articles/%2"), [400]),
    ("no UTF-8 in an id", get(b"/v1/articles/%ff"), [400]),
    ("an id of 6,000 bytes", get(b"/v1/articles/" + b"a" * 6000), [404]),
    # Parameters
    ("a % alone", get(b"/v1/search?q=%"), [400]),
    ("a % without digits", get(b"/v1/search?q=%zz"), [400]),
    ("a NUL", get(b"/v1/search?q=%00"), [400]),
    ("an overlong NUL", get(b"/v1/search?q=%c0%80"), [400]),
    ("a surrogate", get(b"/v1/search?q=%ed%a0%80"), [400]),
    ("cut UTF-8", get(b"/v1/search?q=%d8"), [400]),
    ("a name that is no UTF-8", get(b"/v1/search?%ff=1"), [400]),
    ("many parameters", get(b"/v1/search?" + b"source=a&" * 65), [400]),
    ("ampersands", get(b"/v1/search?" + b"&" * 5000), []),
    ("a number of many digits", get(b"/v1/search?q=x&n=" + b"9" * 1000), [422]),
    ("a number below nothing", get(b"/v1/search?q=x&first=-5"), [400]),
    ("a fraction", get(b"/v1/search?q=x&n=1.5"), [400]),
    ("a star alone", get(b"/v1/search?q=*"), [200]),
    ("quotation marks", get(b"/v1/search?q=" + b"%22" * 1024), [200]),
    ("a million signs", get(b"/v1/search?q=" + b"-" * 1000), [200]),
    ("a parameter where none is taken", get(b"/v1/stats?x=1"), [400]),
    # Headers
    ("no host", GET + END, [400]),
    ("two hosts", GET + H + H + END, [400]),
    ("a host with a line end in it", GET + b"Host: x\r y\r\n" + END, [400]),
    ("another name, whose owner lets it mean this machine",
     b"GET /v1/stats HTTP/1.1\r\nHost: evil.example:8080\r\n" + END, [421]),
    ("... and for a path that is not there", b"GET /x HTTP/1.1\r\nHost: evil.example\r\n" + END, [421]),
    ("... is told that the service is alive", GET + b"Host: evil.example\r\n" + END, [200]),
    ("an address of this machine", b"GET /v1/stats HTTP/1.1\r\nHost: 127.0.0.1:1\r\n" + END, [200]),
    ("a host with markup", GET + b"Host: <script>\r\n" + END, [400]),
    ("a header without a colon", GET + H + b"nonsense\r\n" + END, [400]),
    ("a space before the colon", GET + H + b"Content-Length : 5\r\n" + END + b"abcde", [400]),
    ("a header without a name ends the headers", GET + H + b": x\r\n" + END, [200, 400]),
    ("a folded header", GET + H + b"X-A: a\r\n b\r\n" + END, [200]),
    ("2,000 headers", GET + H + b"a: b\r\n" * 2000 + END, [431]),
    ("a header of 40,000 bytes", GET + H + b"a: " + b"b" * 40000 + b"\r\n" + END, [431]),
    ("a NUL in a header ends it", GET + H + b"X-A: a\0b\r\n" + END, [200]),
    # Bodies, and where they end
    ("Content-Length and Transfer-Encoding",
     BATCH + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
     b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n", [400]),
    ("... the other way round",
     BATCH + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", [400]),
    ("two lengths", BATCH + b"Content-Length: 2\r\nContent-Length: 20\r\n\r\n{}", [400]),
    ("two lengths that agree", BATCH + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", [400]),
    ("a list of lengths", BATCH + b"Content-Length: 2, 2\r\n\r\n{}", [400]),
    ("a length below nothing", BATCH + b"Content-Length: -1\r\n\r\n", [400]),
    ("a length with a plus", BATCH + b"Content-Length: +2\r\n\r\n{}", [400]),
    ("a length in hexadecimal", BATCH + b"Content-Length: 0x2\r\n\r\n{}", [400]),
    ("a length of nothing", BATCH + b"Content-Length: \r\n\r\n", [400]),
    ("a length of 20 digits", BATCH + b"Content-Length: 99999999999999999999\r\n\r\n", [413]),
    ("a length of a terabyte", BATCH + b"Content-Length: 1099511627776\r\n\r\n", [413]),
    ("another coding", BATCH + b"Transfer-Encoding: gzip\r\n\r\n", [400]),
    ("two codings", BATCH + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", [400]),
    ("a coding twice", BATCH + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"
     b"\r\n0\r\n\r\n", [400]),
    ("a chunk that is no number",
     BATCH + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n", [400]),
    ("a chunk of 2^64 bytes",
     BATCH + b"Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n{}", [413]),
    ("a body to GET", GET + H + b"Content-Length: 5\r\n\r\nabcde", [400]),
    ("a body that is cut", BATCH + b"Content-Length: 50\r\n\r\n{}", []),
    ("a batch of noise", BATCH + b"Connection: close\r\nContent-Length: 4\r\n\r\n\0\xff\n\x01", [200]),
    ("deep JSON", BATCH + b"Connection: close\r\nContent-Length: 100000\r\n\r\n" + b"[" * 100000, [200]),
    ("an expectation nobody has", GET + H + b"Expect: 200-ok\r\n" + END, [200]),
    # Several at once
    ("ten requests in one piece", (GET + H + b"\r\n") * 9 + GET + H + END, [200] * 10),
    ("a bad one between two", GET + H + b"\r\n" + b"nonsense\r\n\r\n" + GET + H + END, [200]),
]

for name, data, want in CASES:
    got = service.raw(data, end=True)
    equal(name, statuses(got), want)
    if want and want[-1] < 500 and b"root:" in got:
        ok(name + ": no file comes", False)

for name, data, problem in [
        ("hidden requests", CASES[[c[0] for c in CASES].index(
            "Content-Length and Transfer-Encoding")][1], b"bad-request"),
        ("two hosts", GET + H + H + END, b"bad-request"),
        ("a path", get(b"/x"), b"no-path")]:
    ok(f"{name}: a problem document", b"urn:problem-type:fihris:" + problem
       in service.raw(data, end=True))

# A client that goes while its answer is made, or before it is taken.
for data in [get(search(q="السفينة", n=1000).encode()),
             BATCH + b"Content-Length: 3000\r\n\r\n" + b'{"q":"x"}\n' * 300]:
    for _ in range(50):
        with service.connect() as s:
            s.sendall(data)

# Requests broken at random: whatever is answered, the service goes on.
random.seed(7)
whole = b"".join(CASES[i][1] for i in (6, 1, 36))
broken = []
for _ in range(300):
    data = bytearray(random.choice([get(search(q="السفينة").encode()), whole]))
    for _ in range(random.randint(1, 6)):
        at = random.randrange(len(data))
        if random.random() < 0.5:
            data[at] = random.randrange(256)
        else:
            del data[at:at + random.randrange(20)]
    broken.append(bytes(data))
# Those that have no end are closed after ten seconds, so that many are sent at a time.
with ThreadPoolExecutor(32) as senders:
    list(senders.map(lambda data: service.raw(data, end=True), broken))

equal("it still answers", service.ask(search(q="السفينة")).json()["total"]["value"], 1)
equal("no worker was lost", "fihris_workers_lost_total 0" in
      service.ask("/metrics").body.decode(), True)
code = service.stop()
ok("it ends well", code == 0, "".join(line for line in service.log if line[0] != "{"))
done()
