"""Clients that ask all the time, on connections to each worker, and note what they are told."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.chaos.stand import Stand, lines_to_each_worker
from tests.chaos.wire import Line

PAUSE = 0.02
UNAVAILABLE = 503


@dataclass(frozen=True, slots=True)
class Seen:
    """One answer: `status` is 0 where none came."""

    kind: str
    began: float
    ended: float
    status: int
    retry_after: str | None

    @property
    def seconds(self) -> float:
        return self.ended - self.began

    @property
    def is_good(self) -> bool:
        return self.status in {200, 201}


@dataclass
class Watch:
    seen: list[Seen] = field(default_factory=list)

    def of(self, *kinds: str, since: float = 0.0) -> list[Seen]:
        return [seen for seen in self.seen if seen.kind in kinds and seen.began >= since]

    def longest(self, *kinds: str) -> float:
        return max(seen.seconds for seen in self.of(*kinds))

    def failed(self, *kinds: str, since: float = 0.0) -> list[Seen]:
        return [seen for seen in self.of(*kinds, since=since) if not seen.is_good]

    def first(self, kind: str, status: int, since: float) -> float:
        """How many seconds after `since` an answer with this status was first there."""
        ended = [s.ended for s in self.seen if s.kind == kind and s.status == status]
        return min((end for end in ended if end >= since), default=float("inf")) - since

    def last_failure(self, *kinds: str, since: float) -> float:
        """How many seconds after `since` the last request failed that had begun after it."""
        return max((seen.ended - since for seen in self.failed(*kinds, since=since)), default=0.0)


@contextmanager
def watching(stand: Stand, requests: Mapping[str, bytes], *, each: int = 1) -> Iterator[Watch]:
    """Send each request again and again to each worker, `each` at a time."""
    over, watch = threading.Event(), Watch()
    kinds = [kind for kind in requests for _ in range(each * 2)]
    lines = lines_to_each_worker(stand, len(kinds))
    threads = [
        threading.Thread(
            target=_ask, args=(line, kind, requests[kind], watch.seen.append, over), daemon=True
        )
        for line, kind in zip(lines, kinds, strict=True)
    ]
    for thread in threads:
        thread.start()
    try:
        yield watch
    finally:
        over.set()
        for thread, line in zip(threads, lines, strict=True):
            thread.join(20)
            line.socket.close()


def _ask(
    line: Line, kind: str, sent: bytes, note: Callable[[Seen], None], over: threading.Event
) -> None:
    while not over.is_set():
        began = time.monotonic()
        try:
            answer = line.ask(sent)
        except OSError:
            note(Seen(kind, began, time.monotonic(), 0, None))
            return
        retry_after = answer.fields.get("retry-after")
        note(Seen(kind, began, time.monotonic(), answer.status, retry_after))
        over.wait(PAUSE)
