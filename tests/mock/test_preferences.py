from __future__ import annotations

import time

import pytest

from app.contract.problems import MalformedRequest
from codegen.mock.preferences import Asked, Wish


@pytest.mark.parametrize(
    ("fields", "asked"),
    [
        ([], Asked()),
        ([""], Asked()),
        ([" , ,"], Asked()),
        (["code=404"], Asked(code=404)),
        (["CODE = 404 , Example=a"], Asked(code=404, example="a")),
        (
            ['code="404"; why="a, \\"b\\""; x, example="a \\"b\\""'],
            Asked(code=404, example='a "b"'),
        ),
        (["code=404", "code=500, delay=1.5"], Asked(code=404, delay=1.5)),
        (["code=, example"], Asked()),
        (["return=minimal; foo=bar, wait=10, respond-async"], Asked()),
    ],
)
def test_preferences_are_read_by_their_grammar(fields: list[str], asked: Asked) -> None:
    assert Wish(fields).read() == asked


@pytest.mark.parametrize(
    "field",
    [
        *("code=404 500", "=", "code=404;;=", "a b", 'a="', "a=b=c", "("),
        *("code=1", "code=4040", "code=600", "delay=1e3", "delay=10.001", "delay=x"),
    ],
)
def test_what_is_none_is_refused(field: str) -> None:
    with pytest.raises(MalformedRequest):
        Wish([field]).read()


def test_no_field_makes_the_reader_slow() -> None:
    began = time.process_time()
    for field in (
        'a="' + "\\" * 15_000,
        "a;" * 7_000 + "(",
        " " * 15_000 + "(",
        "a=" + "," * 15_000,
    ):
        try:
            Wish([field]).read()
        except MalformedRequest:
            continue
    assert time.process_time() - began < 1


def test_what_is_met_is_said_so_that_it_can_be_read_again() -> None:
    wish, asked = Wish(), Asked(code=404, example='a "b"', delay=0.5)
    wish.apply(asked)

    assert wish.applied == ["code=404", 'example="a \\"b\\""', "delay=0.5"]
    assert Wish(wish.applied).read() == asked
