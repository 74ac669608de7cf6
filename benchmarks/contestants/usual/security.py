"""Passwords, JSON Web Tokens, and the user who sends one."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import jwt
from fastapi import Depends, HTTPException, status
from fastapi.security import OAuth2PasswordBearer
from passlib.context import CryptContext

from benchmarks.contestants.usual.database import SessionDep
from benchmarks.contestants.usual.models import User

SECRET_KEY = os.environ["SECRET_KEY"]
ALGORITHM = "HS256"
ACCESS_TOKEN_LIFETIME = timedelta(minutes=30)
REFRESH_TOKEN_LIFETIME = timedelta(days=14)

# The parameters that the service hashes with.
crypt = CryptContext(
    schemes=["argon2"],
    argon2__type="ID",
    argon2__memory_cost=19_456,
    argon2__time_cost=2,
    argon2__parallelism=1,
)
oauth2_scheme = OAuth2PasswordBearer(tokenUrl="/api/v1/auth/login")
optional_oauth2_scheme = OAuth2PasswordBearer(tokenUrl="/api/v1/auth/login", auto_error=False)


def verify_password(password: str, password_hash: str) -> bool:
    matches: bool = crypt.verify(password, password_hash)
    return matches


def create_token(user_id: int, kind: str, lifetime: timedelta) -> str:
    claims = {"sub": str(user_id), "typ": kind, "exp": datetime.now(UTC) + lifetime}
    return jwt.encode(claims, SECRET_KEY, algorithm=ALGORITHM)


def user_id_of(token: str, kind: str) -> int:
    refusal = HTTPException(
        status_code=status.HTTP_401_UNAUTHORIZED,
        detail="Could not validate credentials",
        headers={"WWW-Authenticate": "Bearer"},
    )
    try:
        claims: dict[str, Any] = jwt.decode(token, SECRET_KEY, algorithms=[ALGORITHM])
        if claims.get("typ") != kind:
            raise refusal
        return int(claims["sub"])
    except (jwt.InvalidTokenError, KeyError, ValueError):
        raise refusal from None


async def get_user(session: SessionDep, user_id: int) -> User:
    user = await session.get(User, user_id)
    if user is None or not user.is_active:
        raise HTTPException(status_code=401, detail="Inactive or unknown user")
    return user


async def get_current_user(
    session: SessionDep, token: Annotated[str, Depends(oauth2_scheme)]
) -> User:
    return await get_user(session, user_id_of(token, "access"))


async def get_optional_user(
    session: SessionDep, token: Annotated[str | None, Depends(optional_oauth2_scheme)]
) -> User | None:
    return None if token is None else await get_user(session, user_id_of(token, "access"))


CurrentUser = Annotated[User, Depends(get_current_user)]
OptionalUser = Annotated[User | None, Depends(get_optional_user)]
