"""How a command fails: sentences on standard error and exit code 1, no traceback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from app.failure import Failure


@contextmanager
def plain_failures() -> Iterator[None]:
    """For what somebody foresaw; anything else is a defect and keeps its traceback."""
    try:
        yield
    except Failure as failure:
        _say(*failure.sentences)
    except Exception as error:
        if not _is_of_database(error):
            raise
        # Without the driver's details, which repeat values.
        what = str(getattr(error, "orig", error)).splitlines()[0]
        _say(f"The database did not do it: {what}. Run `python -m app doctor`.")


def _say(*sentences: str) -> None:
    for sentence in sentences:
        typer.echo(sentence, err=True)
    raise typer.Exit(1) from None


def _is_of_database(error: Exception) -> bool:
    """A command that failed before it loaded the driver did not fail because of the driver."""
    import asyncpg
    import sqlalchemy.exc

    kinds = (asyncpg.PostgresError, asyncpg.InterfaceError, sqlalchemy.exc.DBAPIError)
    return isinstance(error, (*kinds, ConnectionError, TimeoutError))
