"""How users are shown: which fields to whom, and under which entity tag."""

from __future__ import annotations

from app.context import Actor
from app.db.etags import State, entity_tag
from app.db.paging import Page, Window
from app.users.queries import UserRow
from generated.representations import UserDict, UserPageDict


def sees_private(actor: Actor | None, user_id: int) -> bool:
    return actor is not None and (actor.is_superuser or actor.id == user_id)


def present_user(row: UserRow, *, private: bool) -> UserDict:
    return present_account(row) if private else present_profile(row)


def present_account(row: UserRow) -> UserDict:
    return {
        "id": row.id,
        "email": row.email,
        "username": row.username,
        "full_name": row.full_name,
        "bio": row.bio,
        "is_active": row.is_active,
        "is_superuser": row.is_superuser,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }


def present_profile(row: UserRow) -> UserDict:
    return {
        "id": row.id,
        "username": row.username,
        "full_name": row.full_name,
        "bio": row.bio,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }


def present_page(page: Page[UserRow], window: Window, actor: Actor | None) -> UserPageDict:
    return {
        "users": [present_user(row, private=sees_private(actor, row.id)) for row in page.rows],
        "total": page.total,
        "total_is_capped": page.total_is_capped,
        "page": window.page,
        "page_size": window.page_size,
        "next_cursor": page.next_cursor,
    }


def etag_of(row: UserRow, *, private: bool) -> str:
    return entity_tag(*state_of(row, private=private))


def etag_of_page(page: Page[UserRow], window: Window, actor: Actor | None) -> str:
    states = [state_of(row, private=sees_private(actor, row.id)) for row in page.rows]
    return entity_tag(page.figures, window, states)


def state_of(row: UserRow, *, private: bool) -> State:
    return row.id, row.version, row.updated_at, private
