from __future__ import annotations

import pytest

from app.security.passwords import verify_password
from tests.platform.commands import Run, ask

ADA = ["--email", "ada@example.org", "--username", "ada"]
PASSWORD = {"SUPERUSER_PASSWORD": "analytical engine"}


def test_a_wrong_setting_is_told_before_anything_is_done(run: Run) -> None:
    result = run("create-superuser", *ADA, DB_POOL_SIZE="many", **PASSWORD)

    assert result.exit_code == 1
    assert "DB_POOL_SIZE must be a whole number from 1 to 500" in result.output


def test_a_database_out_of_reach_fails_with_a_sentence(run: Run) -> None:
    away = "postgresql://u:hidden@127.0.0.1:1/d"
    result = run("create-superuser", *ADA, DATABASE_URL=away, **PASSWORD)

    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1
    assert "database" in result.stderr
    assert "hidden" not in result.output


def test_a_superuser_is_created_once(on: Run, migrated_url: str) -> None:
    first = on("create-superuser", *ADA, **PASSWORD)
    again = on("create-superuser", *ADA, **PASSWORD)

    assert first.output == "The superuser ada has been created.\n"
    assert again.output == "ada is a superuser already. Nothing was changed.\n"
    ((is_superuser, password_hash),) = ask(
        migrated_url, "SELECT is_superuser, password_hash FROM users"
    )
    assert is_superuser
    assert verify_password(PASSWORD["SUPERUSER_PASSWORD"], password_hash).matches


def test_a_user_who_exists_is_promoted_and_keeps_the_password(on: Run, migrated_url: str) -> None:
    on("create-superuser", *ADA, **PASSWORD)
    ask(migrated_url, "UPDATE users SET is_superuser = false, is_active = false")
    before = ask(migrated_url, "SELECT password_hash FROM users")
    result = on("create-superuser", *ADA, SUPERUSER_PASSWORD="another password")

    assert "ada existed and is a superuser now" in result.output
    assert ask(migrated_url, "SELECT password_hash FROM users") == before
    assert ask(migrated_url, "SELECT is_superuser, is_active FROM users") == [(True, True)]
    noted = ask(migrated_url, "SELECT event, actor_id, address FROM audit_events ORDER BY id")
    assert noted == [
        (event, None, None) for event in ("superuser_granted", "superuser_granted", "user_enabled")
    ]


@pytest.mark.parametrize(
    "words",
    [
        ["--email", "other@example.org", "--username", "ADA"],
        ["--email", "Ada@example.org", "--username", "other"],
    ],
)
def test_a_name_of_somebody_else_is_refused(on: Run, words: list[str]) -> None:
    on("create-superuser", *ADA, **PASSWORD)
    result = on("create-superuser", *words, **PASSWORD)

    assert result.exit_code == 1
    assert "Another user has this email address or this user name" in result.stderr


@pytest.mark.parametrize("password", ["password1", "ada-1815", "Colophon1"])
def test_a_superusers_password_is_none_that_is_guessed_first(run: Run, password: str) -> None:
    result = run("create-superuser", *ADA, SUPERUSER_PASSWORD=password)

    assert result.exit_code == 1
    assert "one of the first that anybody would try" in result.stderr
    assert password not in result.output


def test_an_account_that_the_document_forbids_is_refused(run: Run) -> None:
    result = run(
        "create-superuser", "--email", "nobody", "--username", "x", SUPERUSER_PASSWORD="short"
    )

    assert result.exit_code == 1
    for member in ("email", "username", "password"):
        assert f"The {member}: This must" in result.stderr
    assert "short" not in result.output.replace("too short", "")
