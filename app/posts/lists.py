"""The statements about many posts. What somebody may see of a list, under whatever filters, is one
or two ranges of an index: published posts, drafts, or both, of one author or of all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import CompoundSelect, Select, bindparam, select, union_all

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
from app.posts.queries import COLUMNS, PostColumns


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
    """Finds the ids of the page in the index alone, and only then reads posts and authors."""
    page = newest_ids(shapes, from_cursor=from_cursor, reach=reach).subquery("page")
    return (
        select(*COLUMNS, count_statement(shapes).scalar_subquery())
        .select_from(page)
        .join(posts, posts.c.id == page.c.id)
        .join(users, users.c.id == posts.c.author_id)
        .order_by(posts.c.id.desc())
    )


@cache
def count_statement(shapes: tuple[RangeShape, ...]) -> Select[int]:
    """In order, although it does not matter to a count: it keeps PostgreSQL to the index, where it
    would otherwise read a table of drafts to its end to find the published ones, or the reverse.
    """
    ranges = [ids_in(shape).order_by(posts.c.id.desc()) for shape in shapes]
    return count_of(union_of([ids.limit(MOST_COUNTED) for ids in ranges]))


def newest_ids(shapes: tuple[RangeShape, ...], *, from_cursor: bool, reach: int) -> Select[int]:
    """Each range is read no further than the page reaches, or PostgreSQL would sort all of it."""
    ranges = [ids_in(shape) for shape in shapes]
    if from_cursor:
        ranges = [ids.where(posts.c.id < bindparam("before")) for ids in ranges]
    newest = [ids.order_by(posts.c.id.desc()).limit(constant(reach)) for ids in ranges]
    ids = union_of(newest).subquery("listed")
    return select(ids.c.id).order_by(ids.c.id.desc()).limit(LIMIT).offset(OFFSET)


def ids_in(shape: RangeShape) -> Select[int]:
    ids = select(posts.c.id).where(posts.c.published == shape.published)
    return ids.where(posts.c.author_id == bindparam(shape.author)) if shape.has_author else ids


def union_of(ranges: Sequence[Select[int]]) -> Select[int] | CompoundSelect[int]:
    first, *others = ranges
    return union_all(first, *others) if others else first
