"""Moments as they are shown: the driver reads them as the text that stands in answers.

Making a `datetime` of each and text of that again would cost a list of fifty rows 60 us, a fifth
of all that it costs. A moment has the same text for ever, so that the last ones are remembered.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, NewType

# UTC by RFC 3339, always with six digits of a second: texts are in the order of the moments.
Moment = NewType("Moment", str)

KEPT = 4096
# PostgreSQL counts microseconds since then, and so does the driver.
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
SECOND = 1_000_000
MINUTE = 60 * SECOND
DAY = 24 * 60 * MINUTE
MINUTES = [f"T{hour:02d}:{minute:02d}:" for hour in range(24) for minute in range(60)]


class Moments(dict[tuple[int], Moment]):
    """By what the driver has read. Raises OverflowError for what no year of four digits has."""

    def __missing__(self, counted: tuple[int]) -> Moment:
        if len(self) >= KEPT:
            self.clear()
        found = self[counted] = moment_of(counted[0])
        return found


def moment_of(microseconds: int) -> Moment:
    """Return the moment so many microseconds after EPOCH."""
    day, rest = divmod(microseconds, DAY)
    minute, rest = divmod(rest, MINUTE)
    digits = str(rest + 100 * SECOND)  # The hundred keeps the zeros of seconds and microseconds.
    return Moment(f"{_days[day]}{MINUTES[minute]}{digits[1:3]}.{digits[3:]}Z")


def datetime_of(moment: Moment) -> datetime:
    """Return a moment to reckon with."""
    return datetime.fromisoformat(moment)


def counted(moment: datetime) -> tuple[int]:
    """Return what the driver writes of a moment that a statement is given, in whatever zone."""
    since = moment - EPOCH
    return ((since.days * 86_400 + since.seconds) * SECOND + since.microseconds,)


async def read_as_text(connection: Any) -> None:
    """Have a connection of asyncpg read every `timestamptz` as a `Moment`."""
    await connection.set_type_codec(
        "timestamptz",
        schema="pg_catalog",
        encoder=counted,
        decoder=_moments.__getitem__,
        format="tuple",
    )


class _Days(dict[int, str]):
    def __missing__(self, day: int) -> str:
        if len(self) >= KEPT:
            self.clear()
        found = self[day] = (date(EPOCH.year, 1, 1) + timedelta(day)).isoformat()
        return found


_days = _Days()
_moments = Moments()
