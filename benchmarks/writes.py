"""The requests that write, and the mix of them with those that read."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from benchmarks.client import FORM, JSON, Request
from benchmarks.reads import POSTS, first_page, get_post, posts_of_author
from benchmarks.scene import Scene

REFRESH = "/api/v1/auth/refresh"
# More different requests than a round sends, so that no write repeats what is stored already.
VARIANTS = 6_000
CONTENT = "The engine has no pretensions to originate anything. " * 19
# Every contestant writes to the same rows, so a title is never used again in the whole run: an ORM
# sends nothing at all for a value that is there already.
NUMBERS = itertools.count(1)
# Of twenty requests, eighteen read.
MIXED_POSTS, MIXED_PAGES, MIXED_AUTHORS = 14, 3, 1


def create_post(scene: Scene) -> list[Request]:
    headers = {**JSON, **scene.authorization()}
    return [creation(headers, number) for number in itertools.islice(NUMBERS, VARIANTS)]


def creation(headers: Mapping[str, str], number: int) -> Request:
    post = {"title": f"Note {number}", "content": CONTENT}
    return Request("POST", POSTS, headers, body_of(post))


def update_post(scene: Scene) -> list[Request]:
    headers = {**JSON, **scene.authorization()}
    own_ids = itertools.cycle(scene.facts.own_ids)
    numbered = zip(own_ids, itertools.islice(NUMBERS, VARIANTS), strict=False)
    return [revision(headers, post_id, number) for post_id, number in numbered]


def revision(headers: Mapping[str, str], post_id: int, number: int) -> Request:
    return Request("PATCH", f"{POSTS}/{post_id}", headers, body_of({"title": f"Note {number}"}))


def log_in(scene: Scene) -> list[Request]:
    return [scene.sign_in_request()]


def refresh_token(scene: Scene) -> list[Request]:
    """What one exchange looks like; under load, each one sends the token of the one before."""
    return [exchange_of(scene.sign_in()["refresh_token"])]


def exchange_of(token: str) -> Request:
    form = {"grant_type": "refresh_token", "refresh_token": token}
    return Request("POST", REFRESH, FORM, urlencode(form).encode())


def mixed(scene: Scene) -> list[Request]:
    """Nine reads to a write, half of the writes new posts and half changes of old ones."""
    reads, writes = itertools.cycle(get_post(scene)), (create_post(scene), update_post(scene))
    lists = [*first_page(scene) * MIXED_PAGES, *posts_of_author(scene) * MIXED_AUTHORS]
    return [
        request
        for creation, revision in itertools.islice(zip(*writes, strict=True), VARIANTS // 20)
        for request in spread([*itertools.islice(reads, MIXED_POSTS), creation, revision], lists)
    ]


def spread(many: Sequence[Request], few: Sequence[Request]) -> list[Request]:
    """Each of the few after an equal part of the many, so that they do not come all at once."""
    size = len(many) // len(few)
    parts = [many[start : start + size] for start in range(0, len(many), size)]
    pairs = itertools.zip_longest(parts, [[each] for each in few], fillvalue=())
    return [request for part, one in pairs for request in (*part, *one)]


def body_of(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content).encode()
