from __future__ import annotations

import json
from datetime import UTC, datetime
from random import Random
from typing import Any

from app.commands.invented import PASSWORD, POST_COLUMNS, USER_COLUMNS, posts_of, users_of
from app.contract.schema import Schemas
from app.security.blocklist import is_guessable
from generated import DOCUMENT
from tests.platform.commands import Run, ask


def test_a_wrong_setting_is_told_before_anything_is_done(run: Run) -> None:
    result = run("seed", DB_POOL_SIZE="many")

    assert result.exit_code == 1
    assert "DB_POOL_SIZE must be a whole number from 1 to 500" in result.output


def test_a_database_out_of_reach_fails_with_a_sentence(run: Run) -> None:
    result = run("seed", DATABASE_URL="postgresql://u:hidden@127.0.0.1:1/d")

    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1
    assert "hidden" not in result.output


def test_the_password_of_invented_users_is_one_that_could_be_registered() -> None:
    assert not is_guessable(PASSWORD, ["Colophon"])


def test_invented_users_and_posts_are_added(on: Run, migrated_url: str) -> None:
    for _ in range(2):
        result = on("seed", "--users", "5", "--posts", "30")
        assert "5 users and 30 posts have been added" in result.output

    assert ask(migrated_url, "SELECT count(*) FROM users") == [(10,)]
    assert ask(migrated_url, "SELECT count(*), min(length(content)) > 0 FROM posts") == [(60, True)]
    order = "SELECT bool_and(later.created_at >= earlier.created_at) FROM posts later "
    order += "JOIN posts earlier ON earlier.id = later.id - 1 WHERE later.id BETWEEN 2 AND 30"
    assert ask(migrated_url, order) == [(True,)]


def test_invented_users_are_kept_out_of_production(run: Run) -> None:
    result = run("seed", ENVIRONMENT="production", ALLOWED_HOSTS="a.example")

    assert result.exit_code == 1
    assert "ENVIRONMENT is production" in result.stderr


def test_what_is_invented_fits_the_document() -> None:
    schemas = Schemas(json.loads(DOCUMENT.read_bytes()))
    user = schemas.validator("#/components/schemas/UserCreate")
    post = schemas.validator("#/components/schemas/PostCreate")
    chance, now = Random(1), datetime.now(UTC)  # noqa: S311 - invented, not secret
    ids = range(2**63 - 301, 2**63 - 1)

    for row in users_of(ids, chance, now, "hash"):
        columns = dict(zip(USER_COLUMNS, row, strict=True))
        members = ("email", "username", "full_name", "bio")
        account = {name: columns[name] for name in members} | {"password": "long enough"}
        assert list(user.iter_errors(account)) == []
    for row in posts_of(ids, 300, chance, now):
        columns = dict(zip(POST_COLUMNS, row, strict=True))
        assert post.is_valid({name: columns[name] for name in ("title", "content", "published")})


def test_the_same_number_invents_the_same_posts() -> None:
    now = datetime.now(UTC)

    def invented(number: int) -> list[Any]:
        chance = Random(number)  # noqa: S311 - as above
        return list(posts_of([1, 2, 3], 20, chance, now))

    assert invented(1) == invented(1) != invented(2)
