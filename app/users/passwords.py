"""A new password for an account, which whoever asks for it confirms with their own."""

from __future__ import annotations

from typing import NamedTuple

from app.context import Actor, Context
from app.users import queries
from generated.problems import WrongPassword
from generated.schemas import UserUpdate


class NewPassword(NamedTuple):
    """`token_epoch` is the actor's at the moment when the current password was right."""

    password_hash: str
    token_epoch: int


async def new_password(
    context: Context, actor: Actor, user_id: int, body: UserUpdate
) -> NewPassword | None:
    """None where the body sets none. Raises WrongPassword and PasswordTooCommon."""
    if not isinstance(body.password, str) or not isinstance(body.current_password, str):
        return None
    stored = await queries.find_password(context.session, actor.id)
    if stored is None:  # deleted after the guard had found it
        raise WrongPassword
    known = names_in(body, await queries.find_user(context.session, user_id))
    await context.session.release()  # Hashing takes long.
    verdict = await context.passwords.verify(body.current_password, stored.password_hash)
    if not verdict.matches:
        raise WrongPassword
    password_hash = await context.passwords.hash(body.password, known=known)
    return NewPassword(password_hash, stored.token_epoch)


def names_in(body: UserUpdate, row: queries.UserRow | None) -> list[str]:
    """What the account is called, before the change and after it."""
    names = [body.username, body.email]
    if row is not None:
        names += [row.username, row.email]
    return [name for name in names if isinstance(name, str)]
