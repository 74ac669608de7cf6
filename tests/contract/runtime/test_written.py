"""A body becomes a JSON text, and what is judged is what that text says."""

from __future__ import annotations

import json
import math
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import pytest
from pydantic import BaseModel, Field

from app.contract.judge import written

MOMENT = datetime(2026, 11, 23, 9, 30, 0, 500_000, tzinfo=UTC)


class Colour(Enum):
    RED = "red"


class Model(BaseModel):
    self_: int = Field(alias="self")
    made_at: datetime


MODEL = Model(self=1, made_at=MOMENT)
AS_JSON = {"self": 1, "made_at": "2026-11-23T09:30:00.500000Z"}


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (MODEL, AS_JSON),
        ({"self": 1, "made_at": MOMENT}, AS_JSON),
        ({"models": [MODEL], "one": MODEL}, {"models": [AS_JSON], "one": AS_JSON}),
        ([MODEL, {"id": UUID(int=1)}], [AS_JSON, {"id": str(UUID(int=1))}]),
        (
            {"at": MOMENT.astimezone(timezone(timedelta(hours=2)))},
            {"at": "2026-11-23T11:30:00.500000+02:00"},
        ),
        ({"on": date(2026, 11, 23), "colour": Colour.RED}, {"on": "2026-11-23", "colour": "red"}),
        ({"sum": Decimal("1.50")}, {"sum": "1.50"}),
        ({"large": 2**70, "made_at": MOMENT}, {"large": 2**70, "made_at": AS_JSON["made_at"]}),
        ({1: "one"}, {"1": "one"}),
        ("text", "text"),
        (None, None),
        ((1, MODEL), [1, AS_JSON]),
    ],
)
def test_a_body_is_written_as_json(body: Any, value: Any) -> None:
    text, read = written(body)

    assert read(text) == value
    assert json.loads(text) == value


def test_what_json_cannot_say_is_judged_as_it_is_sent() -> None:
    text, read = written({"ratio": math.nan})

    assert text == b'{"ratio":null}'
    assert read(text) == {"ratio": None}
