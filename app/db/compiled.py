"""Statements as the driver takes them. SQLAlchemy writes the SQL of each one once; after that
asyncpg runs it alone, since SQLAlchemy's own execution costs several times as much as the driver's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Executable, Insert, Update
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.sql.compiler import SQLCompiler

DIALECT = PGDialect_asyncpg()  # type: ignore[no-untyped-call]  # SQLAlchemy has no types here


class Compiled:
    """The SQL of a statement, and what stands for `$1`, `$2` and so on."""

    def __init__(self, statement: Any, columns: tuple[str, ...]) -> None:
        """`columns` are those that INSERT or UPDATE sets besides what the statement itself says.

        Raises TypeError for what only SQLAlchemy's own execution can do.
        """
        compiler = statement.compile(dialect=DIALECT, column_keys=columns or None)
        assert isinstance(compiler, SQLCompiler)  # noqa: S101 - what is executed is SQL
        self.sql = compiler.string
        binds = [compiler.binds[name] for name in compiler.positiontup or ()]
        if any(bind.expanding for bind in binds):
            raise TypeError("A list of values must be one array to the driver: use = ANY(...).")
        self._parameters = [
            (bind.key, bind.type.dialect_impl(DIALECT).bind_processor(DIALECT)) for bind in binds
        ]
        self._known = {bind.key: bind.effective_value for bind in binds if not bind.required}

    def arguments(self, parameters: Mapping[str, Any]) -> list[Any]:
        """Return the values in their order. Raises KeyError where one is missing."""
        given = {**self._known, **parameters}
        return [
            given[name] if process is None else process(given[name])
            for name, process in self._parameters
        ]


_compiled: WeakKeyDictionary[Executable, dict[tuple[str, ...], Compiled]] = WeakKeyDictionary()


def compiled(statement: Executable, parameters: Mapping[str, Any]) -> Compiled:
    """Return the SQL of a statement. It is written once where the statement is kept, as those of
    modules are; of an INSERT or UPDATE once for each set of columns.
    """
    columns: tuple[str, ...] = ()
    if isinstance(statement, Insert | Update):
        columns = tuple(name for name in parameters if name in statement.table.c)
    variants = _compiled.get(statement)
    if variants is None:
        variants = _compiled[statement] = {}
    found = variants.get(columns)
    if found is None:
        found = variants[columns] = Compiled(statement, columns)
    return found
