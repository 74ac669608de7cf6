"""Requests that two parsers may read differently. A whole second request, the canary, is hidden in
what a strict reader takes for the body, or for no HTTP at all.
"""

from __future__ import annotations

from collections.abc import Mapping

CANARY = "canary-canary-canary"
HIDDEN = (
    f"GET /health/live HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: {CANARY}\r\n\r\n"
).encode()
SIZE = str(len(HIDDEN)).encode()
POST = b"POST /api/v1/auth/login HTTP/1.1\r\nHost: localhost\r\n"
GET = b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"
LENGTH = b"Content-Length: " + SIZE + b"\r\n\r\n"
LAST = b"0\r\n\r\n"
CHUNK = b"%x\r\n%s\r\n" % (len(HIDDEN), HIDDEN)

RAW: Mapping[str, bytes] = {
    # How long the body is
    "two lengths": POST + b"Content-Length: 0\r\n" + LENGTH + HIDDEN,
    "two lengths, the first is right": POST + LENGTH[:-2] + b"Content-Length: 0\r\n\r\n" + HIDDEN,
    "a list of lengths": POST + b"Content-Length: 0, " + SIZE + b"\r\n\r\n" + HIDDEN,
    "a length with a sign": POST + b"Content-Length: +" + SIZE + b"\r\n\r\n" + HIDDEN,
    "a negative length": POST + b"Content-Length: -1\r\n\r\n" + HIDDEN,
    "a length in hexadecimal": POST + b"Content-Length: 0x0\r\n\r\n" + HIDDEN,
    "a length with an underscore": POST + b"Content-Length: 1_0\r\n\r\n" + HIDDEN,
    "a length with words": POST + b"Content-Length: 0 bytes\r\n\r\n" + HIDDEN,
    "an empty length": POST + b"Content-Length: \r\n\r\n" + HIDDEN,
    "a length beyond 64 bits": POST + b"Content-Length: 18446744073709551616\r\n\r\n" + HIDDEN,
    "a body of a GET": GET + LENGTH + HIDDEN,
    # Whether it comes in chunks
    "length and chunks": POST + LENGTH[:-2] + CHUNKED + b"\r\n" + LAST + HIDDEN,
    "chunks and length": POST + CHUNKED + LENGTH + LAST + HIDDEN,
    "an unknown coding": POST + b"Transfer-Encoding: xchunked\r\n" + LENGTH + LAST + HIDDEN,
    "chunked is not the last": POST
    + b"Transfer-Encoding: chunked, identity\r\n\r\n"
    + LAST
    + HIDDEN,
    "two codings": POST + CHUNKED + b"Transfer-Encoding: identity\r\n\r\n" + LAST + HIDDEN,
    "a space before the colon": POST + b"Transfer-Encoding : chunked\r\n" + LENGTH + LAST + HIDDEN,
    "a folded coding": POST + b"Transfer-Encoding:\r\n chunked\r\n" + LENGTH + LAST + HIDDEN,
    "a tab in the coding": POST + b"Transfer-Encoding: \x0bchunked\r\n" + LENGTH + LAST + HIDDEN,
    "chunks in HTTP/1.0": POST.replace(b"1.1", b"1.0") + CHUNKED + LENGTH + LAST + HIDDEN,
    # How long a chunk is
    "a chunk in 0x": POST + CHUNKED + b"\r\n0x0\r\n\r\n" + HIDDEN,
    "a negative chunk": POST + CHUNKED + b"\r\n-1\r\n\r\n" + HIDDEN,
    "a chunk beyond 64 bits": POST + CHUNKED + b"\r\nFFFFFFFFFFFFFFFF0\r\n" + HIDDEN,
    "a chunk of bare LF": POST + CHUNKED + b"\r\n0\n\n" + HIDDEN,
    "a chunk without its end": POST + CHUNKED + b"\r\n1\r\nab" + LAST + HIDDEN,
    "an extension with LF": POST + CHUNKED + b"\r\n1;a\nb\r\nx\r\n" + CHUNK + LAST,
    # Where a line ends
    "lines of bare LF": POST.replace(b"\r\n", b"\n") + b"Content-Length: 0\n\n" + CHUNK,
    "a bare CR": POST + b"X-A: a\rContent-Length: 0\r\n" + LENGTH + HIDDEN,
    "LF in a field": POST + b"X-A: a\nContent-Length: 0\r\n" + LENGTH + HIDDEN,
    "a folded field": POST + b"X-A: a\r\n b\r\n" + LENGTH + HIDDEN,
    "a space before the first field": POST[:-2] + b"\r\n X-A: a\r\n" + LENGTH + HIDDEN,
    "a space in a name": POST + b"X A: a\r\n" + LENGTH + HIDDEN,
    "NUL in a field": POST + b"X-A: a\0b\r\n" + LENGTH + HIDDEN,
    "NUL in the path": GET.replace(b"live", b"li\0ve") + LENGTH + HIDDEN,
    "a space in the path": GET.replace(b"live", b"li ve") + LENGTH + HIDDEN,
    # Whom it is for
    "no host": GET.replace(b"Host: localhost\r\n", b"") + LENGTH + HIDDEN,
    "two hosts": GET + b"Host: example.org\r\n" + LENGTH + HIDDEN,
    "an absolute target": GET.replace(b"/health", b"http://example.org/health") + LENGTH + HIDDEN,
    "no HTTP version": b"GET /health/live\r\n" + LENGTH + HIDDEN,
    "HTTP/2 without asking": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + HIDDEN,
    "an upgrade to h2c": GET + b"Connection: Upgrade\r\nUpgrade: h2c\r\n" + LENGTH + HIDDEN,
    "a field of 200 kB": GET + b"X-A: " + b"a" * 200_000 + b"\r\n" + LENGTH + HIDDEN,
    "twenty thousand fields": GET + b"X-A: a\r\n" * 20_000 + LENGTH + HIDDEN,
}
