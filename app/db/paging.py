"""Pages of a list, newest first: by number near the beginning, by cursor at any depth.
A cursor is the id of the last row seen, as 16 hexadecimal digits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar
from urllib.parse import urlencode

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    bindparam,
    func,
    literal_column,
    select,
)

COUNTED_AT_MOST = 1_000
# The end of every first page and of every page by cursor.
SHORTEST_REACH = 128


def constant(number: int) -> ColumnElement[int]:
    """A number that stands in the text of a statement. PostgreSQL knows it while it plans, and can
    plan once for all parameters; how far a list is read it would otherwise have to ask each time.
    """
    return literal_column(str(number), Integer)


# One past what is told.
MOST_COUNTED = constant(COUNTED_AT_MOST + 1)
LIMIT: BindParameter[int] = bindparam("limit", type_=Integer)
OFFSET: BindParameter[int] = bindparam("offset", type_=Integer)


RowT = TypeVar("RowT", bound=tuple[Any, ...])


class Window(NamedTuple):
    """Which part of a list is asked for. With `before`, `page` is None: the cursor wins."""

    page: int | None
    page_size: int
    before: int | None

    @property
    def offset(self) -> int:
        return 0 if self.page is None else (self.page - 1) * self.page_size

    @property
    def reach(self) -> int:
        """The power of two within which the page ends: few of them, each with its statement."""
        end = self.offset + self.page_size + 1
        return max(SHORTEST_REACH, 1 << (end - 1).bit_length())

    def parameters(self) -> dict[str, int]:
        """One row more than the page has tells whether there is a next one."""
        place = {} if self.before is None else {"before": self.before}
        return {"limit": self.page_size + 1, "offset": self.offset, **place}


@dataclass(frozen=True, slots=True)
class Page(Generic[RowT]):
    rows: Sequence[RowT]
    total: int
    total_is_capped: bool
    next_cursor: str | None

    @property
    def figures(self) -> tuple[int, bool, str | None]:
        """What a page says besides its rows."""
        return self.total, self.total_is_capped, self.next_cursor


def window_of(page: int, page_size: int, cursor: str | None) -> Window:
    if cursor is None:
        return Window(page, page_size, None)
    return Window(None, page_size, int(cursor, 16))


def page_of(rows: Sequence[RowT], counted: int, window: Window) -> Page[RowT]:
    """`rows` as read with `window.parameters()`, ids first; `counted` as `count_of` counts."""
    shown = rows[: window.page_size]
    return Page(
        rows=shown,
        total=min(counted, COUNTED_AT_MOST),
        total_is_capped=counted > COUNTED_AT_MOST,
        next_cursor=f"{shown[-1][0]:016x}" if len(rows) > len(shown) else None,
    )


def count_of(listed: Select[int] | CompoundSelect[int]) -> Select[int]:
    """Counts no further than one past what is told, so that it costs the same for any table."""
    return select(func.count()).select_from(listed.limit(MOST_COUNTED).subquery())


def link_to_next(
    path: str, query: Mapping[str, Any], page: Page[RowT], window: Window
) -> str | None:
    """The Link header (RFC 8288) of a list, None on its last page."""
    if page.next_cursor is None:
        return None
    given = {name: value for name, value in query.items() if value is not None}
    fields = {**given, "page_size": window.page_size, "cursor": page.next_cursor}
    texts = {name: str(value).lower() for name, value in fields.items()}
    return f'<{path}?{urlencode(texts)}>; rel="next"'
