"""Answers in one piece: their head waits for their content, and both are written at once. Those of
one turn of the event loop are written together, when all of them have been made.

Uvicorn writes each part for itself, which costs a tenth of the cheapest request; and when the
kernel has sent an answer, what the processor had at hand for the next request is gone. Whatever is
not usual is left to uvicorn: streams, the last answer of a connection, a client that reads slowly.
"""

from __future__ import annotations

from asyncio import AbstractEventLoop, Task, Transport
from functools import lru_cache
from typing import Any

from uvicorn.protocols.http.httptools_impl import (
    HEADER_RE,
    HEADER_VALUE_RE,
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

from app.batch import Batch
from app.contract.exchange import WHOLE

LINES_KEPT = 1024
# No answer waits for more others than these. One that is long goes at once, with those before it.
ANSWERS_AT_ONCE = 8
LONG_ANSWER = 32 * 1024
EXTENSIONS: dict[str, dict[object, object]] = {WHOLE: {}}
FRAMING = frozenset({b"connection", b"transfer-encoding"})


def write_answers(answers: list[tuple[Transport, bytes]]) -> None:
    """Write each to its connection, unless that has been closed meanwhile."""
    for transport, answer in answers:
        if not transport.is_closing():
            transport.write(answer)


@lru_cache(1)
def answers_of(loop: AbstractEventLoop) -> Batch[tuple[Transport, bytes]]:  # noqa: ARG001 - the key
    """Return the answers that wait in an event loop; a worker has one. Whoever closes a connection
    whose answer is complete has them written before.
    """
    return Batch(write_answers, ANSWERS_AT_ONCE)


class WholeAnswer(RequestResponseCycle):
    """One request and its answer. A cycle of uvicorn becomes one before its task begins."""

    _answers: Batch[tuple[Transport, bytes]]
    _tasks: set[Task[None]]
    _head: Any = None
    _length = 0

    @classmethod
    def take_over(cls, cycle: RequestResponseCycle, protocol: HttpToolsProtocol) -> None:
        """Make one of the cycle that a protocol has just begun."""
        cycle.__class__ = cls
        cycle.scope["extensions"] = EXTENSIONS
        cycle._answers = answers_of(protocol.loop)  # type: ignore[attr-defined]  # noqa: SLF001 - it is one
        cycle._tasks = protocol.tasks  # type: ignore[attr-defined]  # noqa: SLF001 - as above

    async def send(self, message: Any) -> None:
        """As uvicorn does, but a head that says how long its content is waits for it. Where an
        application begins anew meanwhile, as for an error, nobody sees what it had begun before.
        """
        head, self._head = self._head, None
        if message["type"] == WHOLE:
            if not self.response_started and self._is_usual:
                self._write(message["status"], message["head"], message["body"])
                return
            await super().send(start_of(message))
            message = {"type": "http.response.body", "body": message["body"]}
        elif message["type"] == "http.response.start":
            length = None if self.response_started else declared_length(message)
            if length is not None:
                self._head, self._length = message, length
                return
        elif head is not None:
            content = message.get("body", b"")
            is_whole = len(content) == self._length and not message.get("more_body", False)
            if is_whole and self._is_usual:
                lines = [line(name, value) for name, value in head["headers"]]
                self._write(head["status"], b"".join(lines), content)
                return
            await super().send(head)
        await super().send(message)

    @property
    def _is_usual(self) -> bool:
        if self.flow.write_paused or self.disconnected or self.access_log:
            return False
        return self.keep_alive and self.scope["method"] != "HEAD"

    def _write(self, status: int, head: bytes, content: bytes) -> None:
        own = [line(name, value) for name, value in self.default_headers]
        answer = b"".join((STATUS_LINE[status], *own, head, b"\r\n", content))
        self._answers.add((self.transport, answer))
        if len(self._tasks) == 1 or len(content) > LONG_ANSWER:
            self._answers.finish()
        self.response_started = self.response_complete = True
        self.waiting_for_100_continue = False
        self.message_event.set()
        self.on_response()


def start_of(whole: Any) -> Any:
    """Return the message that begins an answer in parts."""
    fields = [tuple(line.split(b": ", 1)) for line in whole["head"].split(b"\r\n")[:-1]]
    return {"type": "http.response.start", "status": whole["status"], "headers": fields}


def declared_length(head: Any) -> int | None:
    """Return the length that the head of an answer gives its content, 0 where the status has none
    (RFC 9110, section 6.4.1). None where it does not say, or says something of the connection.
    """
    length = 0 if head["status"] in {204, 304} else None
    for name, value in head["headers"]:
        if name in FRAMING:
            return None
        if name == b"content-length":
            length = int(value)
    return length


@lru_cache(LINES_KEPT)
def line(name: bytes, value: bytes) -> bytes:
    """Return the line of a field, judged as uvicorn does. Most lines are in many answers."""
    if HEADER_RE.search(name) or HEADER_VALUE_RE.search(value):
        raise ValueError("A header field would end its own line.")
    return b"%b: %b\r\n" % (name, value)
