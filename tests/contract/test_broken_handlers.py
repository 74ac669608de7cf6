"""A handler that is wrong, for every operation of the document: what comes is the declared 500."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi import FastAPI

from app.main import routers
from tests.client import OPERATIONS, Api
from tests.good import Good
from tests.stored import Stored

SECRET = "correct horse battery staple"


def put_in_place(monkeypatch: pytest.MonkeyPatch, name: str, made: object) -> None:
    """Let the handler of an operation answer `made`, or raise it where it is an exception."""

    async def handler(*_: Any, **__: Any) -> Any:
        if isinstance(made, Exception):
            raise made
        return made

    (router,) = (router for router in routers() if name in router.operations)
    monkeypatch.setattr(router.api, name, handler)


@pytest.mark.parametrize(
    "made", [KeyError(SECRET), {"odd": SECRET}, object()], ids=["raises", "odd", "no answer"]
)
@pytest.mark.parametrize("name", OPERATIONS)
async def test_what_a_broken_handler_does_is_a_declared_500(
    name: str,
    made: object,
    service: FastAPI,
    api: Api,
    stored: Stored,
    good: Good,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    put_in_place(monkeypatch, name, made)
    async with stored.unchanged():
        reply = await api(name, **good.arguments(name))

    assert (reply.status, reply.code) == (500, "internal_error")
    logged = capfd.readouterr().out
    assert name in logged
    assert SECRET not in logged + str(reply.body)
