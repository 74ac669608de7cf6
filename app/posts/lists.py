"""The statements about many posts. What somebody may see of a list, under whatever filters, is one
or two ranges of an index: published posts, drafts, or both, of one author or of all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Column, CompoundSelect, Select, bindparam, select, union_all

from app.context import Actor
from app.db.paging import (
    LIMIT,
    MOST_COUNTED,
    OFFSET,
    SHORTEST_REACH,
    Page,
    Window,
    constant,
    count_of,
    page_of,
)
from app.db.session import Session
from app.db.tables import posts, users
from app.posts.queries import AUTHOR, POST_COLUMNS, PostColumns


class Range(NamedTuple):
    """All published posts or all drafts; of one author, or of everybody where that is None."""

    published: bool
    author_id: int | None

    @property
    def shape(self) -> RangeShape:
        return RangeShape(self.published, self.author_id is not None)


class RangeShape(NamedTuple):
    """What tells the statement for one range from the statement for another."""

    published: bool
    has_author: bool

    @property
    def author(self) -> str:
        """The name of the parameter; the two ranges of a list may be different authors'."""
        return "published_author_id" if self.published else "draft_author_id"


def visible_ranges(
    actor: Actor | None, author_id: int | None, *, published: bool | None
) -> tuple[Range, ...]:
    drafts = drafts_of(actor, author_id)
    wanted = [Range(published=True, author_id=author_id), drafts]
    return tuple(each for each in wanted if each and published in (None, each.published))


def drafts_of(actor: Actor | None, author_id: int | None) -> Range | None:
    """Superusers see all drafts, others their own, and nobody else any."""
    if actor is None:
        return None
    if actor.is_superuser:
        return Range(published=False, author_id=author_id)
    is_own = author_id in (None, actor.id)
    return Range(published=False, author_id=actor.id) if is_own else None


async def list_posts(
    session: Session, ranges: tuple[Range, ...], window: Window
) -> Page[PostColumns]:
    if not ranges:
        return page_of([], 0, window)
    shapes = tuple(each.shape for each in ranges)
    authors = {each.shape.author: each.author_id for each in ranges if each.shape.has_author}
    page = page_statement(shapes, from_cursor=window.before is not None, reach=window.reach)
    found = await session.execute(page, {**authors, **window.parameters()})
    rows: list[PostColumns] = [row[:-1] for row in found]
    # The count comes along with each row; only a page behind the end has to ask for it.
    counted = found[0][-1] if found else await count_posts(session, shapes, authors)
    return page_of(rows, counted, window)


async def count_posts(
    session: Session, shapes: tuple[RangeShape, ...], authors: Mapping[str, int | None]
) -> int:
    counted: int = (await session.execute(count_statement(shapes), authors)).scalar_one()
    return counted


@cache
def page_statement(
    shapes: tuple[RangeShape, ...], *, from_cursor: bool, reach: int = SHORTEST_REACH
) -> Select[Any]:
    """Reads posts in the order of an index, and the author of each. Of a page that lies far from
    the beginning the ids are found first, in the index alone.
    """
    count = count_statement(shapes).scalar_subquery()
    if reach == SHORTEST_REACH:
        page = newest(shapes, POST_COLUMNS, from_cursor=from_cursor, reach=reach).subquery("page")
        columns = [page.c[column.name] for column in POST_COLUMNS]
        with_authors = select(*columns, *AUTHOR, count).join_from(
            page, users, users.c.id == page.c.author_id
        )
        return with_authors.order_by(page.c.id.desc()).limit(LIMIT).offset(OFFSET)
    listed = newest(shapes, [posts.c.id], from_cursor=from_cursor, reach=reach).subquery("listed")
    ids = select(listed.c.id).order_by(listed.c.id.desc()).limit(LIMIT).offset(OFFSET)
    found = ids.subquery("page")
    return (
        select(*POST_COLUMNS, *AUTHOR, count)
        .select_from(found)
        .join(posts, posts.c.id == found.c.id)
        .join(users, users.c.id == posts.c.author_id)
        .order_by(posts.c.id.desc())
    )


@cache
def count_statement(shapes: tuple[RangeShape, ...]) -> Select[int]:
    """In order, although it does not matter to a count: it keeps PostgreSQL to the index, where it
    would otherwise read a table of drafts to its end to find the published ones, or the reverse.
    """
    ranges = [within(shape, [posts.c.id]).order_by(posts.c.id.desc()) for shape in shapes]
    return count_of(union_of([ids.limit(MOST_COUNTED) for ids in ranges]))


def newest(
    shapes: tuple[RangeShape, ...],
    columns: Sequence[Column[Any]],
    *,
    from_cursor: bool,
    reach: int,
) -> Select[Any] | CompoundSelect[Any]:
    """Each range is read no further than the page reaches, or PostgreSQL would sort all of it."""
    ranges = [within(shape, columns) for shape in shapes]
    if from_cursor:
        ranges = [found.where(posts.c.id < bindparam("before")) for found in ranges]
    return union_of([r.order_by(posts.c.id.desc()).limit(constant(reach)) for r in ranges])


def within(shape: RangeShape, columns: Sequence[Column[Any]]) -> Select[Any]:
    found = select(*columns).where(posts.c.published == shape.published)
    return found.where(posts.c.author_id == bindparam(shape.author)) if shape.has_author else found


def union_of(ranges: Sequence[Select[Any]]) -> Select[Any] | CompoundSelect[Any]:
    first, *others = ranges
    return union_all(first, *others) if others else first
