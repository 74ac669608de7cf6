"""Requests with an Idempotency-Key, over a store that keeps answers in memory."""

from __future__ import annotations

import asyncio
import copy
from typing import Any

import pytest

from app.contract import (
    AnsweredBefore,
    Claim,
    ContractIncomplete,
    Idempotency,
    IdempotencyKeyInUse,
    IdempotencyKeyReused,
    Kept,
    Upload,
)
from app.contract.idempotency import digest_of
from tests.contract.runtime.asgi import Received
from tests.contract.runtime.workshop import GOOD, JSON, SOURCE, Workshop, answer_class, make

PARAMETER = {"name": "Idempotency-Key", "in": "header", "schema": {"type": "string"}}
PROBLEMS = {
    "idempotency_key_in_use": {"status": 409, "title": "In use", "detail": "In use."},
    "idempotency_key_reused": {"status": 422, "title": "Reused", "detail": "Reused."},
}
CREATE = ("paths", "/tools", "post")
SAW = b'{"name":"saw"}'


class Memory:
    """A store in which a claim stands until its answer is kept."""

    def __init__(self) -> None:
        self.claims: dict[bytes, tuple[bytes, Kept | None]] = {}

    async def claim(self, context: Any, claim: Claim) -> None:
        del context
        if claim.id not in self.claims:
            self.claims[claim.id] = claim.fingerprint, None
            return
        fingerprint, kept = self.claims[claim.id]
        if fingerprint != claim.fingerprint:
            raise IdempotencyKeyReused
        if kept is None:
            raise IdempotencyKeyInUse
        raise AnsweredBefore(kept)

    async def keep(self, context: Any, claim: Claim, answer: Kept) -> None:
        context.append("keep")
        self.claims[claim.id] = claim.fingerprint, copied(answer)

    async def forget(self, context: Any, claim: Claim) -> None:
        context.append("forget")
        del self.claims[claim.id]


def copied(answer: Kept) -> Kept:
    """A copy, as a database would make one."""
    return Kept(answer.status, dict(answer.headers), bytes(answer.body))


def source(*where: str, **changes: Any) -> dict[str, Any]:
    """The workshop's document, in which buying a tool takes a key; `changes` are made there."""
    made = copy.deepcopy(SOURCE)
    made["components"]["x-problems"] |= PROBLEMS
    operation = made
    for step in where or CREATE:
        operation = operation[step]
    operation["parameters"] = [*operation.get("parameters", ()), PARAMETER]
    for response in operation["responses"].values():
        if "headers" in response:
            response["headers"]["Idempotent-Replayed"] = {"schema": {"type": "boolean"}}
    operation.update(changes)
    return made


@pytest.fixture
def memory() -> Memory:
    return Memory()


@pytest.fixture
def shop(memory: Memory) -> Workshop:
    return make(source(), idempotency=Idempotency(memory, caller_of=str))


def numbered(shop: Workshop) -> None:
    """Let each execution answer differently."""
    made = answer_class(201, location="Location")

    def tool(_: Any) -> Any:
        number = shop.journal.count("handler")
        return made({"id": str(number), "name": "saw"}, location=f"/v1/tools/{number}")

    shop.answer("create_tool", tool)


async def buy(shop: Workshop, *fields: tuple[str, str], body: bytes = SAW) -> Received:
    return await shop("POST", "/v1/tools", GOOD, JSON, *fields, body=body)


def key(value: str) -> tuple[str, str]:
    return "idempotency-key", value


async def test_a_repetition_is_answered_without_the_handler(shop: Workshop) -> None:
    numbered(shop)
    first = await buy(shop, key("k"))
    again = await buy(shop, key("k"))

    assert (again.status, again.body) == (first.status, first.body)
    assert again.header("location") == first.header("location")
    assert again.header("idempotent-replayed") == "true"
    assert first.header("idempotent-replayed") is None
    assert shop.journal.count("handler") == 1


async def test_the_answer_is_kept_before_the_commit_and_a_repetition_commits_nothing(
    shop: Workshop,
) -> None:
    numbered(shop)
    await buy(shop, key("k"))
    assert shop.journal[:4] == ["begin", "handler", "keep", "commit"]
    shop.journal.clear()

    await buy(shop, key("k"))
    assert "commit" not in shop.journal


@pytest.mark.parametrize(
    "body", [b' {"name" : "saw", "price": 5 } ', b'{"price":5.0,"name":"s\\u0061w"}']
)
async def test_how_json_is_written_makes_no_difference(body: bytes, memory: Memory) -> None:
    schema = {"schema": {"type": "object"}}
    anything = {"required": True, "content": {"application/json": schema}}
    shop = make(source(requestBody=anything), idempotency=Idempotency(memory, caller_of=str))
    numbered(shop)
    first = await buy(shop, key("k"), body=b'{"name":"saw","price":5}')
    again = await buy(shop, key("k"), body=body)

    assert again.header("idempotent-replayed") == "true"
    assert again.body == first.body


@pytest.mark.parametrize("other", [b'{"name":"axe"}', b'{"name":"Saw"}'])
async def test_another_body_is_another_request(shop: Workshop, other: bytes) -> None:
    await buy(shop, key("k"))
    reply = await buy(shop, key("k"), body=other)

    assert (reply.status, reply.code) == (422, "idempotency_key_reused")


async def test_a_key_is_each_callers_own(shop: Workshop) -> None:
    numbered(shop)
    await buy(shop, key("k"))
    fields = ("authorization", "Bearer reader"), JSON, key("k")
    reply = await shop("POST", "/v1/tools", *fields, body=SAW)

    assert reply.header("idempotent-replayed") is None
    assert shop.journal.count("handler") == 2


async def test_without_a_key_the_store_is_not_asked(shop: Workshop, memory: Memory) -> None:
    assert (await buy(shop)).status == 201
    assert memory.claims == {}


@pytest.mark.parametrize("value", ["k", '"k"'])
async def test_a_key_is_a_string_of_a_structured_field_or_the_bare_text(
    shop: Workshop, value: str
) -> None:
    await buy(shop, key("k"))
    assert (await buy(shop, key(value))).header("idempotent-replayed") == "true"


async def test_an_answer_that_the_document_does_not_declare_any_more_is_not_given(
    shop: Workshop, memory: Memory
) -> None:
    await buy(shop, key("k"))
    ((identity, (fingerprint, kept)),) = memory.claims.items()
    assert kept is not None
    memory.claims[identity] = fingerprint, kept._replace(body=b'{"id":"1","colour":"red"}')
    reply = await buy(shop, key("k"))

    assert (reply.status, reply.code) == (500, "internal_error")


async def test_an_error_that_a_handler_returns_is_not_kept(memory: Memory) -> None:
    document = source()
    answers = document["paths"]["/tools"]["post"]["responses"]
    answers["502"] = {"description": "The maker does not answer."}
    shop = make(document, idempotency=Idempotency(memory, caller_of=str))
    shop.answer("create_tool", answer_class(502, None)())

    for _ in range(2):
        assert (await buy(shop, key("k"))).status == 502
    assert shop.journal.count("handler") == shop.journal.count("forget") == 2


async def test_what_is_still_at_work_is_told_from_what_is_done(shop: Workshop) -> None:
    begun, may_end = asyncio.Event(), asyncio.Event()

    async def slow(_: Any) -> Any:
        begun.set()
        await may_end.wait()
        return answer_class(201, location="Location")(
            {"id": "1", "name": "saw"}, location="/v1/tools/1"
        )

    shop.handlers["create_tool"] = slow
    first = asyncio.create_task(buy(shop, key("k")))
    await begun.wait()
    meanwhile = await buy(shop, key("k"))
    may_end.set()

    assert (meanwhile.status, meanwhile.code) == (409, "idempotency_key_in_use")
    assert (await first).status == 201


def test_a_key_that_nothing_keeps_answers_for_stops_the_start() -> None:
    with pytest.raises(ContractIncomplete) as raised:
        make(source())

    expected = "#/paths/~1tools/post: it takes an Idempotency-Key and nothing keeps answers"
    assert expected in raised.value.findings


def test_a_stream_that_would_have_to_be_repeated_stops_the_start(memory: Memory) -> None:
    body = {"content": {"image/png": {"x-stream": True}}}
    with pytest.raises(ContractIncomplete) as raised:
        make(source(requestBody=body), idempotency=Idempotency(memory, caller_of=str))

    expected = "#/paths/~1tools/post: a stream is not repeated, and it takes an Idempotency-Key"
    assert raised.value.findings == (expected,)


async def test_where_nothing_is_done_a_header_of_this_name_is_like_any_other(
    memory: Memory,
) -> None:
    shop = make(source("paths", "/tools", "get"), idempotency=Idempotency(memory, caller_of=str))
    assert (await shop("GET", "/v1/tools", key("k"))).status == 200
    assert memory.claims == {}


SAME = [
    ({"a": 1, "b": [2, None]}, {"b": [2, None], "a": 1}),
    ((1, 2), [1, 2]),
    (2**70, 2**70),
]
DIFFERENT = [
    ("1", 1),
    (True, 1),
    (None, "null"),
    ("", None),
    ([], {}),
    ([[]], []),
    (["as", "b"], ["a", "sb"]),
    ({"a": "b"}, {"ab": ""}),
    ({"a": [1], "b": []}, {"a": [], "b": [1]}),
    ("a", b"a"),
    (Upload(b"a", filename="x"), Upload(b"a", filename="y")),
    (Upload(b"a"), b"a"),
    (0.1, 0.2),
    ("é", "e\u0301"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_input_has_the_same_digest(one: Any, other: Any) -> None:
    assert digest_of(one) == digest_of(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_input_has_another_digest(one: Any, other: Any) -> None:
    assert digest_of(one) != digest_of(other)
