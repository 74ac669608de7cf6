"""Sign-in and renewal. The refresh token is a JWT that nothing is kept of, as most tutorials do."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException
from fastapi.concurrency import run_in_threadpool
from fastapi.security import OAuth2PasswordRequestForm
from sqlalchemy import func, select

from benchmarks.contestants.usual.database import SessionDep
from benchmarks.contestants.usual.models import User
from benchmarks.contestants.usual.schemas import Token
from benchmarks.contestants.usual.security import (
    ACCESS_TOKEN_LIFETIME,
    REFRESH_TOKEN_LIFETIME,
    create_token,
    get_user,
    user_id_of,
    verify_password,
)

router = APIRouter(prefix="/api/v1/auth", tags=["auth"])


def token_of(user: User) -> Token:
    return Token(
        access_token=create_token(user.id, "access", ACCESS_TOKEN_LIFETIME),
        refresh_token=create_token(user.id, "refresh", REFRESH_TOKEN_LIFETIME),
        expires_in=int(ACCESS_TOKEN_LIFETIME.total_seconds()),
    )


@router.post("/login")
async def log_in(
    session: SessionDep, form: Annotated[OAuth2PasswordRequestForm, Depends()]
) -> Token:
    statement = select(User).where(func.lower(User.username) == form.username.lower())
    user = (await session.scalars(statement)).one_or_none()
    # Nothing that is needed later is in the session, and hashing takes long.
    await session.close()
    if user is None or not user.is_active:
        raise HTTPException(status_code=401, detail="Incorrect username or password")
    if not await run_in_threadpool(verify_password, form.password, user.password_hash):
        raise HTTPException(status_code=401, detail="Incorrect username or password")
    return token_of(user)


@router.post("/refresh")
async def refresh_token(
    session: SessionDep,
    grant_type: Annotated[str, Form()],
    refresh_token: Annotated[str, Form()],
) -> Token:
    if grant_type != "refresh_token":
        raise HTTPException(status_code=400, detail="Unsupported grant type")
    return token_of(await get_user(session, user_id_of(refresh_token, "refresh")))
