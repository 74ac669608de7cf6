from __future__ import annotations

import pytest

from app.contract.exchange import trace_id_of

TRACE = "0af7651916cd43dd8448eb211c80319c"
SPAN = "b7ad6b7169203331"
GOOD = f"00-{TRACE}-{SPAN}-01"


def traced(*values: str) -> str | None:
    fields = [(b"traceparent", value.encode("latin-1")) for value in values]
    return trace_id_of({"headers": [(b"host", b"testserver"), *fields]})


def test_a_valid_traceparent_names_the_trace() -> None:
    assert traced(GOOD) == TRACE
    assert traced(f"00-{TRACE}-{SPAN}-00") == TRACE


@pytest.mark.parametrize(
    "values",
    [
        [],
        [""],
        [GOOD, GOOD],
        [f"ff-{TRACE}-{SPAN}-01"],
        [f"00-{'0' * 32}-{SPAN}-01"],
        [f"00-{TRACE}-{'0' * 16}-01"],
        [GOOD.upper()],
        [f"{GOOD}-more"],
        [f"{GOOD}, {GOOD}"],
        [f"{GOOD}\n"],
        [f"00-{TRACE}-{SPAN}"],
        ["\u00e4" * 55],
    ],
)
def test_any_other_names_none(values: list[str]) -> None:
    assert traced(*values) is None
