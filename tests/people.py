"""Users and posts for tests, put into the database directly: what a test is not about takes no
requests, and no hashing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update

from app.db.engine import Database
from app.db.tables import audit_events, posts, refresh_families, users
from app.security.passwords import hash_password
from app.security.tokens import Tokens
from app.settings import Settings
from tests.stored import Stored

PASSWORD = "analytical-engine-1843"
HASH = hash_password(PASSWORD)


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who is registered and signed in."""

    id: int
    username: str
    email: str
    password: str
    access_token: str
    refresh_token: str


class People(Stored):
    def __init__(self, settings: Settings, database: Database) -> None:
        super().__init__(database)
        self.tokens = Tokens(settings)

    async def add(self, username: str = "alice", **columns: Any) -> Account:
        """Somebody who has registered and signed in."""
        values = {
            "username": username,
            "email": f"{username}@example.com",
            "password_hash": HASH,
            **columns,
        }
        statement = insert(users).values(values).returning(users.c.id)
        user_id: int = await self.scalar(statement)
        return await self.sign_in(user_id, values["username"], values["email"])

    async def superuser(self, username: str = "root") -> Account:
        return await self.add(username, is_superuser=True)

    async def sign_in(self, user_id: int, username: str, email: str) -> Account:
        """Another sign-in of a user, as `log_in` would begin it."""
        now = datetime.now(UTC)
        epoch = select(users.c.token_epoch).where(users.c.id == user_id).scalar_subquery()
        family_id = await self.scalar(
            insert(refresh_families)
            .values(
                user_id=user_id,
                token_epoch=epoch,
                created_at=now,
                rotated_at=now,
                expires_at=now + timedelta(days=14),
            )
            .returning(refresh_families.c.id)
        )
        access = self.tokens.issue_access_token(user_id, family_id, now)
        refresh = self.tokens.issue_refresh_token(family_id, 1)
        return Account(user_id, username, email, PASSWORD, access, refresh)

    @staticmethod
    def now() -> datetime:
        return datetime.now(UTC)

    async def again(self, account: Account) -> Account:
        return await self.sign_in(account.id, account.username, account.email)

    async def post(self, author: Account, *, published: bool = True, **columns: Any) -> int:
        values = {"title": "Note G", "content": "It can do what we know.", **columns}
        statement = insert(posts).values(author_id=author.id, published=published, **values)
        post_id: int = await self.scalar(statement.returning(posts.c.id))
        return post_id

    async def drafts(self, author: Account, count: int) -> Sequence[int]:
        return [await self.post(author, published=False) for _ in range(count)]

    async def change(self, account: Account, **columns: Any) -> None:
        """Past the service: what an operator does in SQL."""
        await self.execute(update(users).where(users.c.id == account.id).values(**columns))

    async def user(self, user_id: int) -> dict[str, Any] | None:
        """The row as it is stored."""
        return await self.row(select(users).where(users.c.id == user_id))

    async def stored_post(self, post_id: int) -> dict[str, Any] | None:
        return await self.row(select(posts).where(posts.c.id == post_id))

    async def trail(self) -> list[dict[str, Any]]:
        """The audit trail, oldest first."""
        async with self.database.session(read_only=True) as session:
            rows = await session.execute(select(audit_events).order_by(audit_events.c.id))
        return [dict(row) for row in rows]

    async def events(self) -> list[tuple[str, int | None, int | None]]:
        """What happened, by whom, and to what."""
        trail = await self.trail()
        return [(row["event"], row["actor_id"], row["subject_id"]) for row in trail]

    async def family(self, account: Account) -> dict[str, Any] | None:
        """The sign-in that the account's refresh token belongs to."""
        token = self.tokens.read_refresh_token(account.refresh_token)
        assert token is not None
        return await self.row(
            select(refresh_families).where(refresh_families.c.id == token.family_id)
        )

    async def age(self, account: Account, **columns: Any) -> None:
        """Set the times of a sign-in, as if it had begun or been renewed then."""
        token = self.tokens.read_refresh_token(account.refresh_token)
        assert token is not None
        families = refresh_families
        await self.execute(
            update(families).where(families.c.id == token.family_id).values(**columns)
        )
