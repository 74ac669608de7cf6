"""Moments are read as the text that stands in answers, and mean what PostgreSQL has."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import DateTime, Select, bindparam, column, select, text

from app.db.engine import Database
from app.db.moments import EPOCH, KEPT, Moments, counted, datetime_of, moment_of

ZONES = st.timedeltas(timedelta(hours=-23), timedelta(hours=23)).map(timezone)
MOMENTS = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=ZONES)  # noqa: DTZ001 - they get a zone
AT: Select[Any] = select(bindparam("at", type_=DateTime(timezone=True)))


@given(MOMENTS)
@example(EPOCH)
@example(EPOCH - timedelta(microseconds=1))
@example(datetime(2024, 2, 29, 23, 59, 59, 999_999, tzinfo=UTC))
@example(datetime(1, 1, 1, tzinfo=UTC))
@example(datetime.max.replace(tzinfo=UTC))
def test_a_text_says_the_moment_that_was_counted(moment: datetime) -> None:
    shown = moment_of(*counted(moment))

    assert shown == f"{moment.astimezone(UTC).isoformat(timespec='microseconds')[:-6]}Z"
    assert datetime_of(shown) == moment


@given(MOMENTS, MOMENTS)
def test_texts_are_in_the_order_of_the_moments(one: datetime, other: datetime) -> None:
    assert (moment_of(*counted(one)) < moment_of(*counted(other))) == (one < other)


def test_what_no_year_of_four_digits_has_is_refused() -> None:
    with pytest.raises(OverflowError):
        moment_of(2**63 - 1)


def test_only_so_many_are_remembered() -> None:
    moments = Moments()
    texts = [moments[number,] for number in range(KEPT + 10)]

    assert len(moments) == 10
    assert [moments[number,] for number in range(KEPT + 10)] == texts


@given(st.data())
def test_a_moment_that_is_remembered_is_the_same(data: st.DataObject) -> None:
    moments = Moments()
    for number in data.draw(st.lists(st.integers(-(10**15), 10**15), max_size=5)) * 2:
        assert moments[number,] == moment_of(number)


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=5, minutes=30))])
async def test_a_moment_is_given_in_any_zone_and_read_in_utc(
    database: Database, zone: timezone
) -> None:
    given = datetime(2026, 11, 26, 9, 30, 0, 7, tzinfo=zone)
    async with database.session(read_only=True) as session:
        read = (await session.execute(AT, {"at": given})).scalar_one()

    assert datetime_of(read) == given
    assert read.endswith("Z")


async def test_moments_in_arrays_and_none_are_read_too(database: Database) -> None:
    several = select(text("ARRAY['2000-01-01 00:00:01+00'::timestamptz, NULL], NULL::timestamptz"))
    async with database.session(read_only=True) as session:
        found = (await session.execute(several)).one()

    assert list(found) == [["2000-01-01T00:00:01.000000Z", None], None]


async def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    async with database.session(read_only=True) as session:
        with pytest.raises(Exception, match="offset-naive"):
            await session.execute(AT, {"at": datetime(2026, 11, 26)})  # noqa: DTZ001 - that is what is tried


async def test_other_kinds_of_times_are_read_as_ever(database: Database) -> None:
    day: Select[Any] = select(column("d")).select_from(
        text("(SELECT '2026-11-26'::date AS d) AS days")
    )
    async with database.session(read_only=True) as session:
        found = (await session.execute(day)).scalar_one()

    assert found == datetime(2026, 11, 26, tzinfo=UTC).date()
