from __future__ import annotations

from collections import Counter

import pytest

from tests.client import OPERATIONS, Api, authorization, placed
from tests.conftest import KEY
from tests.contract.authorization.cells import (
    CELLS,
    ENTRIES,
    EVERY,
    NOT_APPLICABLE,
    Cell,
    expected_of,
    missing,
    read,
)
from tests.contract.authorization.scene import ACTORS, NO_OBJECT, scene_of, signed
from tests.people import People

READS = [cell for cell in CELLS if OPERATIONS[cell.operation][0] == "get"]


def test_the_table_has_no_cell_of_what_does_not_exist() -> None:
    unknown = [str(cell) for cell, _ in ENTRIES if cell not in EVERY]

    assert not unknown, f"no such operation, object or actor: {unknown}"


def test_the_table_has_no_cell_twice() -> None:
    assert [str(cell) for cell, count in Counter(c for c, _ in ENTRIES).items() if count > 1] == []


def test_every_entry_is_a_status_wherever_there_can_be_one() -> None:
    entries = dict(ENTRIES)
    blank = [cell for cell, entry in entries.items() if not entry.isdecimal()]

    assert blank == [cell for cell in entries if cell.is_impossible]
    assert {entries[cell] for cell in blank} == {NOT_APPLICABLE}


def test_what_is_missing_in_the_table_is_spelt_out() -> None:
    cell = Cell("get_comment", "own", "owner")
    short = read(f"operation object {' '.join(ACTORS)}\nget_user own . 401")

    assert "add it" in missing(cell)
    assert "get_comment  own  .  ???  ???" in missing(cell)
    assert "`get_user  own` has no status for owner" in missing(Cell("get_user", "own", "owner"))
    assert [entry for _, entry in short] == [".", "401"]


@pytest.mark.parametrize("cell", CELLS, ids=str)
async def test_every_cell(api: Api, people: People, cell: Cell) -> None:
    expected = expected_of(cell)
    scene = await scene_of(people, cell.actor)
    before = await people.everything()
    reply = await scene.call(api, cell)
    after = await people.everything()

    assert reply.status == expected
    if expected >= 400 or cell in READS:
        assert after == before
    elif cell.object != NO_OBJECT:
        assert after != before


@pytest.mark.parametrize("actor", ACTORS)
async def test_asking_for_the_headers_alone_tells_no_more(
    api: Api, people: People, actor: str
) -> None:
    scene = await scene_of(people, actor)
    for cell in (cell for cell in READS if cell.actor == actor):
        _, path, operation = OPERATIONS[cell.operation]
        target, _ = placed(operation, path, dict(scene.target(cell)), {})
        reply = await api.http.request("HEAD", target, headers=authorization(scene.token))
        assert (cell, reply.status_code) == (cell, expected_of(cell))
        assert reply.content == b""


@pytest.mark.parametrize("actor", ACTORS)
async def test_what_is_refused_like_a_missing_object_cannot_be_told_from_it(
    api: Api, people: People, actor: str
) -> None:
    """Not by the body, nor by a header, nor by a condition, which would be answered with 412."""
    scene = await scene_of(people, actor)
    for absent in (cell for cell in CELLS if cell[1:] == ("missing", actor)):
        alike = [cell for cell in CELLS if is_refused_alike(cell, absent)]
        for condition in ({}, condition_of(absent.operation)):
            told = [await scene.call(api, cell, **condition) for cell in alike]
            bodies = [{**reply.body, "request_id": None} for reply in told]
            assert [(reply.status, *reply.headers) for reply in told] == [
                (expected_of(absent), *told[0].headers)
            ] * len(alike)
            assert bodies == bodies[:1] * len(alike)


@pytest.mark.parametrize("actor", ACTORS)
async def test_a_refusal_is_the_same_under_a_condition(
    api: Api, people: People, actor: str
) -> None:
    """RFC 9110, section 13.2.1: a condition is not looked at where the request fails without it."""
    scene = await scene_of(people, actor)
    refused = [cell for cell in CELLS if cell.actor == actor and expected_of(cell) >= 400]
    for cell in refused:
        reply = await scene.call(api, cell, **condition_of(cell.operation))
        assert (cell, reply.status) == (cell, expected_of(cell))


def is_refused_alike(cell: Cell, absent: Cell) -> bool:
    is_same = (cell.operation, cell.actor) == (absent.operation, absent.actor)
    return is_same and expected_of(cell) == expected_of(absent)


def condition_of(operation: str) -> dict[str, str]:
    """A condition that fails for whatever exists; none where the operation has none."""
    names = {each["name"] for each in OPERATIONS[operation][2]["parameters"]}
    conditions = {"If-Match": {"if_match": '"0"'}, "If-None-Match": {"if_none_match": "*"}}
    return next((conditions[name] for name in conditions if name in names), {})


async def test_a_bad_token_is_bad_for_the_reason_in_its_name_alone(
    api: Api, people: People
) -> None:
    owner = await people.add("owner")
    token = signed(owner.access_token, KEY)

    assert (await api("get_me", as_=token)).status == 200
