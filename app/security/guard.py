"""The guard of the document's security scheme: an access token in, the actor out, by one SELECT."""

from __future__ import annotations

from sqlalchemy import and_, bindparam, select

from app.context import Actor, Context
from app.db.tables import refresh_families, users
from generated.problems import InvalidToken

# A sign-in stands while nobody has revoked it, it has not expired, its user is active, and the
# user's password is still the one that it was made with.
STANDS = and_(
    refresh_families.c.user_id == users.c.id,
    refresh_families.c.revoked_at.is_(None),
    refresh_families.c.expires_at > bindparam("now"),
    refresh_families.c.token_epoch == users.c.token_epoch,
    users.c.is_active,
)

FIND_ACTOR = select(users.c.id, users.c.is_superuser).where(
    refresh_families.c.id == bindparam("family_id"),
    users.c.id == bindparam("user_id"),
    STANDS,
)


async def authenticate(context: Context, credential: str) -> Actor:
    token = context.tokens.read_access_token(credential, context.now)
    context.session.require_current()
    found = await context.session.at_once(  # so that a limit can be counted before there is more
        FIND_ACTOR,
        {"family_id": token.family_id, "user_id": token.user_id, "now": context.now},
    )
    row = found.one_or_none()
    if row is None:
        raise InvalidToken
    return Actor(row["id"], row["is_superuser"], token.family_id)
