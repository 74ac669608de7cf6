"""The operations of the tag users. The document says what they do; this is how."""

from __future__ import annotations

from app.context import Actor, Context
from app.contract import Precondition
from app.db import audit
from app.db.paging import link_to_next, window_of
from app.users import queries
from app.users.passwords import NewPassword, new_password
from app.users.present import (
    etag_of,
    etag_of_page,
    present_account,
    present_page,
    present_user,
    sees_private,
)
from app.users.rules import (
    columns_of,
    ends_sign_ins,
    events_of,
    require_another,
    require_rank,
    require_self_or_superuser,
    takes_rank,
)
from generated.problems import InvalidToken, UserNotFound, WrongPassword
from generated.schemas import UserCreate, UserUpdate
from generated.users import (
    GetMeOk,
    GetUserOk,
    ListUsersOk,
    RegisterUserCreated,
    UpdateUserOk,
)

USERS = "/api/v1/users"


async def get_me(context: Context, actor: Actor) -> GetMeOk:
    row = await queries.find_user(context.session, actor.id)
    if row is None:  # deleted after the guard had found it
        raise InvalidToken
    return GetMeOk(body=present_account(row), etag=etag_of(row, private=True))


async def list_users(
    context: Context, actor: Actor | None, *, page: int, page_size: int, cursor: str | None
) -> ListUsersOk:
    window = window_of(page, page_size, cursor)
    found = await queries.list_users(context.session, window)
    return ListUsersOk(
        body=present_page(found, window, actor),
        etag=etag_of_page(found, window, actor),
        link=link_to_next(USERS, {}, found, window),
    )


async def register_user(context: Context, *, body: UserCreate) -> RegisterUserCreated:
    await context.session.release()  # Hashing takes long.
    known = (body.username, body.email)
    password_hash = await context.passwords.hash(body.password, known=known)
    values = {**columns_of(body), "password_hash": password_hash}
    row = await queries.insert_user(context.session, values)
    return RegisterUserCreated(
        body=present_account(row),
        location=f"{USERS}/{row.id}",
        etag=etag_of(row, private=True),
    )


async def get_user(context: Context, actor: Actor | None, *, user_id: int) -> GetUserOk:
    row = await queries.find_user(context.session, user_id)
    if row is None:
        raise UserNotFound
    private = sees_private(actor, user_id)
    return GetUserOk(body=present_user(row, private=private), etag=etag_of(row, private=private))


async def update_user(
    context: Context, actor: Actor, *, user_id: int, precondition: Precondition, body: UserUpdate
) -> UpdateUserOk:
    require_self_or_superuser(actor, user_id)
    changes = columns_of(body)
    require_rank(actor, changes)
    password = await new_password(context, actor, user_id, body)
    if takes_rank(changes):
        row = await locked_with_superusers(context, user_id, precondition)
    else:
        row = await locked_user(context, user_id, precondition)
    if password is not None:
        changes["password_hash"] = still_good(password, row, actor)
    if ends_sign_ins(changes):
        changes["token_epoch"] = row.token_epoch + 1
    if changes:
        before, row = row, await queries.update_user(context.session, user_id, changes)
        for event in events_of(before, row, changes):
            await note(context, actor, event, user_id)
    return UpdateUserOk(body=present_account(row), etag=etag_of(row, private=True))


async def delete_user(
    context: Context, actor: Actor, *, user_id: int, precondition: Precondition
) -> None:
    require_self_or_superuser(actor, user_id)
    await locked_with_superusers(context, user_id, precondition)
    await queries.delete_user(context.session, user_id)
    await note(context, actor, "user_deleted", user_id)


async def note(context: Context, actor: Actor, event: audit.Event, user_id: int) -> None:
    await audit.note(
        context.session,
        event,
        actor_id=actor.id,
        subject_id=user_id,
        sign_in_id=actor.sign_in_id,
    )


async def locked_user(
    context: Context, user_id: int, precondition: Precondition
) -> queries.UserRow:
    """The user, whom nobody else changes until the transaction ends."""
    row = await queries.lock_user(context.session, user_id)
    if row is None:
        raise UserNotFound
    precondition.check(etag_of(row, private=True))
    return row


async def locked_with_superusers(
    context: Context, user_id: int, precondition: Precondition
) -> queries.UserRow:
    """As `locked_user`, for a change that must leave an active superuser."""
    locked = await queries.lock_user_and_superusers(context.session, user_id)
    row = next((row for row in locked if row.id == user_id), None)
    if row is None:
        raise UserNotFound
    precondition.check(etag_of(row, private=True))
    require_another(locked, user_id)
    return row


def still_good(password: NewPassword, row: queries.UserRow, actor: Actor) -> str:
    """The new hash, unless the old password was changed while the new one was being hashed."""
    if row.id == actor.id and row.token_epoch != password.token_epoch:
        raise WrongPassword
    return password.password_hash
