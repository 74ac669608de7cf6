"""What no parser should guess at, over real connections, to the service and through nginx."""

from __future__ import annotations

import re
import select
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import pytest

from tests.chaos.gate import Figures
from tests.chaos.nginx import Nginx
from tests.chaos.raw import CANARY, GET, HIDDEN, RAW
from tests.chaos.stand import Stand, until
from tests.chaos.wire import Line

pytestmark = pytest.mark.usefixtures("anyio_backend")  # the shared service is made in its loop
PATIENCE = 2.0
STATUS = re.compile(rb"^HTTP/1\.[01] (\d{3})", re.MULTILINE)
SEEN = b"canary-that-is-no-secret"


def answers(port: int, raw: Mapping[str, bytes]) -> dict[str, bytes]:
    """What comes back for each, all asked at the same time, within a while."""
    lines = {name: Line(port) for name in raw}
    received = dict.fromkeys(raw, b"")
    for name, line in lines.items():
        with suppress(OSError):  # It was refused before it was sent.
            line.send(raw[name])
    names = {line.socket: name for name, line in lines.items()}
    deadline = time.monotonic() + PATIENCE
    while names and time.monotonic() < deadline:
        for readable in select.select(list(names), [], [], 0.1)[0]:
            try:
                piece = readable.recv(65_536)
            except OSError:
                piece = b""
            received[names[readable]] += piece
            if not piece:
                del names[readable]
    for line in lines.values():
        line.socket.close()
    return received


def heard_by(stand: Stand) -> int:
    """How many hidden requests the service has answered so far."""
    return stand.log.read_text(encoding="utf-8").count(CANARY)


def failed(received: Mapping[str, bytes]) -> list[str]:
    """Which were answered by an error of ours."""
    return [name for name, text in received.items() if {b"500", b"502"} & {*STATUS.findall(text)}]


def test_no_hidden_request_is_answered(shared: Stand, tmp_path: Path, figures: Figures) -> None:
    received = {"direct": answers(shared.port, RAW)}
    smuggled = heard_by(shared)
    with Nginx(tmp_path, shared.port) as nginx:
        received["nginx"] = answers(nginx.port, RAW)
    # nginx takes what follows a chunk of bare LF for a request, passes it on as one, and so
    # agrees with the service about it.
    smuggled += heard_by(shared) - smuggled - nginx.seen.count(CANARY)
    broken = [f"{name} ({way})" for way, texts in received.items() for name in failed(texts)]
    assert not broken
    assert all(received["direct"][name] for name in ("two lengths", "two hosts", "a folded field"))
    figures.record(
        {
            "raw requests, direct and through nginx": sum(map(len, received.values())),
            "hidden requests that were answered": smuggled,
            "raw requests answered by 500 or 502": len(broken),
        }
    )


def test_a_request_that_is_not_hidden_is_seen(shared: Stand, figures: Figures) -> None:
    """The log tells of the second request of a connection: there is nothing that hides it."""
    pipelined = GET + b"\r\n" + HIDDEN.replace(CANARY.encode(), SEEN)
    answers(shared.port, {"pipelined": pipelined})
    until(lambda: SEEN in shared.log.read_bytes(), 5, lambda: "the log has not told of it")
    figures.record({"pipelined requests that were seen": 1})
