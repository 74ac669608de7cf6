"""Sign-ins of users who never return."""

from __future__ import annotations

from app.db.sweep import sweep
from app.db.tables import refresh_families
from app.settings import Settings
from tests.people import People


async def test_sign_ins_that_have_expired_are_cleared_away(
    people: People, settings: Settings
) -> None:
    alice, bob = await people.add("alice"), await people.add("bob")
    now = people.now()
    await people.age(alice, expires_at=now)
    gone = await sweep(people.database, settings, now)

    assert gone is not None
    assert gone["refresh_families"] == 1
    assert await people.family(alice) is None
    assert await people.family(bob) is not None
    assert await people.count(refresh_families) == 1
