"""The operations of the tag auth. The document says what they do; this is how."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import structlog

from app.auth import queries
from app.context import Context
from app.db import audit
from app.db.moments import datetime_of
from app.security.tokens import RefreshToken
from generated.problems import InvalidCredentials, InvalidGrant, InvalidToken, UnsupportedGrantType
from generated.schemas import LogInForm, RefreshForm, RevokeForm, Token

log = structlog.get_logger()


async def log_in(context: Context, *, body: LogInForm) -> Token:
    if isinstance(body.grant_type, str) and body.grant_type not in ("", "password"):
        raise UnsupportedGrantType
    account = await verified_account(context, body.username, body.password)
    family = await queries.insert_family(
        context.session, account, context.now, lifetimes_of(context)
    )
    return token_of(context, family)


async def refresh_token(context: Context, *, body: RefreshForm) -> Token:
    if body.grant_type != "refresh_token":
        raise UnsupportedGrantType
    presented = context.tokens.read_refresh_token(body.refresh_token)
    if presented is None:
        raise InvalidGrant
    family = await queries.rotate_family(
        context.session, presented, context.now, lifetimes_of(context)
    )
    return token_of(context, family or await family_again(context, presented))


async def revoke_token(context: Context, *, body: RevokeForm) -> None:
    family_id = family_id_of(context, body.token)
    if family_id is None:
        return
    user_id = await queries.revoke_family(context.session, family_id, context.now)
    if user_id is not None:
        await audit.note(
            context.session,
            "signed_out",
            actor_id=user_id,
            subject_id=user_id,
            sign_in_id=family_id,
        )


async def verified_account(context: Context, name: str, password: str) -> queries.Account:
    """The account, if this is its password. An unknown one, a wrong password and a disabled user
    cannot be told apart, nor by the time that it takes.
    """
    account = await queries.find_account(context.session, name)
    await context.session.release()  # Hashing takes long.
    stored_hash = None if account is None else account.password_hash
    verdict = await context.passwords.verify(password, stored_hash)
    if account is None or not verdict.matches or not account.is_active:
        meant = None if account is None else account.id
        await audit.note_at_once(context.session, "sign_in_failed", subject_id=meant)
        raise InvalidCredentials
    if verdict.upgraded_hash is not None:
        await queries.upgrade_password(context.session, account, verdict.upgraded_hash)
    return account


async def family_again(context: Context, presented: RefreshToken) -> queries.Family:
    """For a token that is not the newest: replaced a moment ago, it is answered with the newest
    again, for a client that never saw the answer; replaced earlier, it is in a thief's hands, or
    the newest is.
    """
    family = await queries.find_family(context.session, presented.family_id, context.now)
    if family is None or presented.generation >= family.generation:
        raise InvalidGrant
    grace = timedelta(seconds=context.settings.refresh_token_grace_seconds)
    is_predecessor = presented.generation == family.generation - 1
    if is_predecessor and context.now - datetime_of(family.rotated_at) <= grace:
        return family
    await end_stolen_sign_in(context, family)
    raise InvalidGrant


async def end_stolen_sign_in(context: Context, family: queries.Family) -> None:
    """In a transaction of its own, because the request's is rolled back with the refusal."""
    await context.session.release()
    async with context.database.transaction() as session:
        await queries.revoke_family(session, family.id, context.now)
        await audit.note(
            session, "refresh_token_reused", subject_id=family.user_id, sign_in_id=family.id
        )
    log.warning("refresh_token_reused", user_id=family.user_id, family_id=str(family.id))


def family_id_of(context: Context, token: str) -> UUID | None:
    """The sign-in that either kind of token belongs to, None where it is of neither kind."""
    refresh = context.tokens.read_refresh_token(token)
    if refresh is not None:
        return refresh.family_id
    try:
        return context.tokens.read_access_token(token, context.now).family_id
    except InvalidToken:
        return None


def token_of(context: Context, family: queries.Family) -> Token:
    tokens = context.tokens
    return Token(
        access_token=tokens.issue_access_token(family.user_id, family.id, context.now),
        token_type="bearer",  # noqa: S106 - the name of the scheme, not a secret
        expires_in=int(tokens.lifetime.total_seconds()),
        refresh_token=tokens.issue_refresh_token(family.id, family.generation),
    )


def lifetimes_of(context: Context) -> queries.Lifetimes:
    settings = context.settings
    return queries.Lifetimes(
        longest=timedelta(days=settings.refresh_token_expire_days),
        idle=timedelta(days=settings.refresh_token_idle_days),
    )
