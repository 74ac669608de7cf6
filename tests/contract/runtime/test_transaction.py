import asyncio
from typing import Any

import pytest

from tests.contract.runtime.workshop import (
    GOOD,
    JSON,
    DatabaseAwayError,
    NameTaken,
    Workshop,
    make,
)

BODY = b'{"name":"saw"}'


async def create(workshop: Workshop) -> int:
    return (await workshop("POST", "/v1/tools", GOOD, JSON, body=BODY)).status


async def test_the_commit_comes_before_the_first_byte(workshop: Workshop) -> None:
    assert await create(workshop) == 201
    assert workshop.journal == ["begin", "commit", "answer starts"]


async def test_a_read_is_committed_before_its_answer_too(workshop: Workshop) -> None:
    await workshop("GET", "/v1/tools/1")
    assert workshop.journal == ["begin", "commit", "answer starts"]


@pytest.mark.parametrize(
    ("raised", "status"), [(NameTaken(), 409), (KeyError(), 500), (DatabaseAwayError(), 503)]
)
async def test_what_is_raised_rolls_back_before_the_answer(
    raised: Exception, status: int, workshop: Workshop
) -> None:
    workshop.answer("create_tool", raised)
    assert await create(workshop) == status
    assert workshop.journal == ["begin", "handler", "rollback", "answer starts"]


class Transaction:
    """One that fails where a test says."""

    def __init__(self, at: str, error: BaseException) -> None:
        self.at, self.error = at, error

    def __call__(self, _: Any) -> "Transaction":
        return self

    async def __aenter__(self) -> None:
        if self.at == "begin":
            raise self.error

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self.at == ("commit" if kind is None else "rollback"):
            raise self.error


@pytest.mark.parametrize("at", ["begin", "commit"])
@pytest.mark.parametrize(
    ("error", "status"), [(DatabaseAwayError(), 503), (NameTaken(), 409), (KeyError(), 500)]
)
async def test_a_transaction_that_fails_is_never_answered_with_success(
    at: str, error: Exception, status: int
) -> None:
    workshop = make(open_context=Transaction(at, error))
    assert await create(workshop) == status


async def test_a_rollback_that_fails_is_answered_as_what_it_is() -> None:
    workshop = make(open_context=Transaction("rollback", DatabaseAwayError()))
    workshop.answer("create_tool", NameTaken())
    assert await create(workshop) == 503


async def test_503_says_when_to_come_back(workshop: Workshop) -> None:
    workshop.answer("get_tool", DatabaseAwayError())
    received = await workshop("GET", "/v1/tools/1")
    assert (received.status, received.header("retry-after")) == (503, "2")


async def test_a_request_that_takes_too_long_is_ended() -> None:
    workshop = make(deadline=0.01)

    async def slow(call: Any) -> None:
        await asyncio.sleep(10)

    workshop.handlers["create_tool"] = slow
    assert await create(workshop) == 503
    assert workshop.journal == ["begin", "rollback", "answer starts"]


async def test_a_cancelled_request_is_rolled_back(workshop: Workshop) -> None:
    async def cancelled(call: Any) -> None:
        raise asyncio.CancelledError

    workshop.handlers["create_tool"] = cancelled
    with pytest.raises(asyncio.CancelledError):
        await create(workshop)
    assert workshop.journal == ["begin", "rollback"]


async def test_a_client_that_leaves_while_sending_changes_nothing(workshop: Workshop) -> None:
    received = await workshop("POST", "/v1/tools", GOOD, JSON, ("content-length", "9"), chunks=[])
    assert (received.status, workshop.journal) == (0, [])
