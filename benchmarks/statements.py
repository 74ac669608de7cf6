"""The SQL that the service runs, as text for the contestants that are to run the same."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.sql.compiler import SQLCompiler

from app.auth import queries as sign_ins
from app.db.paging import Window
from app.posts import lists, queries
from app.security.guard import FIND_ACTOR
from benchmarks.database import LAST_PAGE, PAGE_SIZE


class Statement(NamedTuple):
    """`names` says what stands for `$1`, `$2` and so on, `values` what the statement brings."""

    sql: str
    names: list[str]
    values: dict[str, Any]


def statements() -> dict[str, Statement]:
    everybodys = (lists.RangeShape(published=True, has_author=False),)
    authors = (lists.RangeShape(published=True, has_author=True),)
    deep = Window(LAST_PAGE, PAGE_SIZE, before=None).reach
    family = ("user_id", "token_epoch", "created_at", "rotated_at", "expires_at")
    return {
        "find_actor": written(FIND_ACTOR),
        "find_post": written(queries.FIND_POST),
        "list_posts": written(lists.page_statement(everybodys, from_cursor=False)),
        "list_posts_far_down": written(
            lists.page_statement(everybodys, from_cursor=False, reach=deep)
        ),
        "list_posts_from": written(lists.page_statement(everybodys, from_cursor=True)),
        "list_posts_of": written(lists.page_statement(authors, from_cursor=False)),
        "insert_post": written(queries.INSERT_POST),
        "update_post": written(queries.UPDATE_POST, ("title",)),
        "find_account": written(sign_ins.FIND_BY_USERNAME),
        "insert_family": written(sign_ins.INSERT_FAMILY, family),
        "rotate_family": written(sign_ins.ROTATE),
    }


def written(statement: Any, columns: Iterable[str] = ()) -> Statement:
    """`columns` are those that INSERT or UPDATE sets besides what the statement itself says."""
    dialect = PGDialect_asyncpg()  # type: ignore[no-untyped-call]  # SQLAlchemy has no types here
    compiler = statement.compile(dialect=dialect, column_keys=list(columns) or None)
    assert isinstance(compiler, SQLCompiler)
    binds = [compiler.binds[name] for name in compiler.positiontup or ()]
    values = {bind.key: bind.effective_value for bind in binds if not bind.required}
    return Statement(compiler.string, [bind.key for bind in binds], values)


def write_statements(path: Path) -> None:
    """As a file for processes that do not import the service."""
    path.write_text(
        json.dumps({name: each._asdict() for name, each in statements().items()}), encoding="utf-8"
    )


if __name__ == "__main__":
    for name, each in statements().items():
        print(name, each)
