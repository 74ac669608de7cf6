"""The floor: a bare ASGI application with asyncpg, orjson and the service's own SQL, which judges
neither what comes in nor what goes out. Nothing that keeps a contract can be expected to cost less.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import orjson

from benchmarks.contestants.passwords import matches
from benchmarks.contestants.records import (
    find_actor,
    new_family,
    next_family,
    page_of,
    post_of,
    tag_of,
    token_of,
)
from benchmarks.contestants.statements import Database

Message = MutableMapping[str, Any]
Scope = Message
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
POSTS = "/api/v1/posts"
NOBODY = {"actor_id": None, "sees_all": False}


class Answer(NamedTuple):
    status: int
    content: Any = None
    etag: str | None = None


database = Database()


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await live(receive, send)
        return
    answer = await answer_to(scope, receive)
    body = b"" if answer.content is None else orjson.dumps(answer.content, option=orjson.OPT_UTC_Z)
    headers = [(b"content-length", str(len(body)).encode()), (b"content-type", b"application/json")]
    if answer.etag is not None:
        headers.append((b"etag", answer.etag.encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def live(receive: Receive, send: Send) -> None:
    await receive()
    await database.open()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await database.close()
    await send({"type": "lifespan.shutdown.complete"})


async def answer_to(scope: Scope, receive: Receive) -> Answer:
    path, method = scope["path"], scope["method"]
    if path == "/health/live":
        return Answer(200, {"status": "alive"})
    if path == POSTS:
        return await (list_posts(scope) if method == "GET" else create_post(scope, receive))
    if path == "/api/v1/auth/login":
        return await log_in(receive)
    if path == "/api/v1/auth/refresh":
        return await refresh_token(receive)
    post_id = int(path.rpartition("/")[2])
    if method == "GET":
        return await get_post(scope, post_id)
    return await update_post(scope, receive, post_id)


async def get_post(scope: Scope, post_id: int) -> Answer:
    row = await database.row("find_post", post_id=post_id, **NOBODY)
    if row is None:
        return Answer(404)
    etag = tag_of(row)
    if header(scope, b"if-none-match") == etag.encode():
        return Answer(304, etag=etag)
    return Answer(200, post_of(row), etag)


async def list_posts(scope: Scope) -> Answer:
    query = dict(parse_qsl(scope["query_string"].decode()))
    page, page_size = int(query.get("page", 1)), int(query.get("page_size", 50))
    window = {"limit": page_size + 1, "offset": (page - 1) * page_size}
    if "cursor" in query:
        before = {"before": int(query["cursor"], 16), "offset": 0}
        rows = await database.rows("list_posts_from", **{**window, **before})
        return Answer(200, page_of(rows, None, page_size))
    if "author_id" in query:
        author = {"published_author_id": int(query["author_id"])}
        rows = await database.rows("list_posts_of", **window, **author)
    else:
        name = "list_posts" if page == 1 else "list_posts_far_down"
        rows = await database.rows(name, **window)
    return Answer(200, page_of(rows, page, page_size))


async def create_post(scope: Scope, receive: Receive) -> Answer:
    actor = await find_actor(database, bearer(scope))
    values = {"published": False, **orjson.loads(await body_of(receive))}
    row = await database.row("insert_post", author_id=actor["id"], **values)
    return Answer(201, post_of(row), tag_of(row))


async def update_post(scope: Scope, receive: Receive, post_id: int) -> Answer:
    actor = await find_actor(database, bearer(scope))
    viewer = {"actor_id": actor["id"], "sees_all": actor["is_superuser"]}
    title = orjson.loads(await body_of(receive))["title"]
    row = await database.row("update_post", post_id=post_id, title=title, **viewer)
    return Answer(200, post_of(row), tag_of(row))


async def log_in(receive: Receive) -> Answer:
    form = dict(parse_qsl((await body_of(receive)).decode()))
    account = await database.row("find_account", name=form["username"])
    if not await matches(form["password"], account["password_hash"]):
        return Answer(401)
    return Answer(200, token_of(await new_family(database, account)))


async def refresh_token(receive: Receive) -> Answer:
    form = dict(parse_qsl((await body_of(receive)).decode()))
    family = await next_family(database, form["refresh_token"])
    return Answer(400) if family is None else Answer(200, token_of(family))


async def body_of(receive: Receive) -> bytes:
    message = await receive()
    body: bytes = message["body"]
    while message["more_body"]:
        message = await receive()
        body += message["body"]
    return body


def header(scope: Scope, name: bytes) -> bytes | None:
    return next((value for field, value in scope["headers"] if field == name), None)


def bearer(scope: Scope) -> str:
    return (header(scope, b"authorization") or b"").decode().removeprefix("Bearer ")
