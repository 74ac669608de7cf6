"""Rows of the service's statements as its answers show them, and the tokens of its sign-ins."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import jwt

from benchmarks.contestants.statements import Database, Row

KEY = os.environ.get("SECRET_KEY", "")
LIFETIME = timedelta(minutes=30)
IDLE, LONGEST = timedelta(days=14), timedelta(days=30)
COUNTED_AT_MOST = 1_000


def post_of(row: Row) -> dict[str, Any]:
    return {
        "id": row["id"],
        "title": row["title"],
        "content": row["content"],
        "published": row["published"],
        "author_id": row["author_id"],
        "author": {
            "id": row["author_id"],
            "username": row["username"],
            "full_name": row["full_name"],
        },
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
    }


def page_of(rows: Sequence[Row], page: int | None, page_size: int) -> dict[str, Any]:
    """`rows` are one more than the page has, if there are more."""
    shown, counted = rows[:page_size], rows[0][-1] if rows else 0
    return {
        "posts": [post_of(row) for row in shown],
        "total": min(counted, COUNTED_AT_MOST),
        "total_is_capped": counted > COUNTED_AT_MOST,
        "page": page,
        "page_size": page_size,
        "next_cursor": f"{shown[-1]['id']:016x}" if len(rows) > len(shown) else None,
    }


def tag_of(row: Row) -> str:
    return f'"{row["id"]}-{row["version"]}"'


def token_of(family: Row) -> dict[str, Any]:
    now = datetime.now(UTC)
    claims = {
        "iss": "floor",
        "aud": "floor",
        "sub": str(family["user_id"]),
        "sid": family["id"].hex,
        "jti": uuid4().hex,
        "iat": now,
        "exp": now + LIFETIME,
    }
    return {
        "access_token": jwt.encode(claims, KEY, "HS256"),
        "token_type": "bearer",
        "expires_in": int(LIFETIME.total_seconds()),
        "refresh_token": f"{family['id'].hex}.{family['generation']}",
    }


def claims_of(token: str) -> Mapping[str, Any]:
    """Raises jwt.InvalidTokenError."""
    claims: Mapping[str, Any] = jwt.decode(token, KEY, algorithms=["HS256"], audience="floor")
    return claims


async def find_actor(database: Database, token: str) -> Row:
    claims = claims_of(token)
    return await database.row(
        "find_actor",
        user_id=int(claims["sub"]),
        family_id=UUID(hex=claims["sid"]),
        now=datetime.now(UTC),
    )


async def new_family(database: Database, account: Row) -> Row:
    now = datetime.now(UTC)
    return await database.row(
        "insert_family",
        user_id=account["id"],
        token_epoch=account["token_epoch"],
        created_at=now,
        rotated_at=now,
        expires_at=now + IDLE,
        address="127.0.0.1",
        request_id=uuid4().hex,
    )


async def next_family(database: Database, refresh_token: str) -> Row:
    family_id, _, generation = refresh_token.partition(".")
    now = datetime.now(UTC)
    return await database.row(
        "rotate_family",
        family_id=UUID(hex=family_id),
        presented=int(generation),
        now=now,
        longest=LONGEST,
        idle_until=now + IDLE,
    )
