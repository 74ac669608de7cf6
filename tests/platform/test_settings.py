from __future__ import annotations

import secrets
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import SecretStr

from app.database_url import described, normalised
from app.secret_key import guessable_fault, kept_key
from app.settings import Settings, SettingsError, load_settings

STRONG = "q7Zt0Wc5Rk2Xn8Lb4Vd6Ys1Hg9Jf3Mp0AqEwTrUyIoPlKj"
PRODUCTION = {"ENVIRONMENT": "production", "SECRET_KEY": STRONG, "ALLOWED_HOSTS": "api.example.org"}


@pytest.fixture(autouse=True)
def only_what_the_test_sets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def loaded(monkeypatch: pytest.MonkeyPatch, **environment: str) -> Settings:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return load_settings()


def sentences(monkeypatch: pytest.MonkeyPatch, **environment: str) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as raised:
        loaded(monkeypatch, **environment)
    return raised.value.sentences


def test_nothing_need_be_set_for_development(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = loaded(monkeypatch)

    assert settings.environment == "development"
    assert settings.allowed_hosts == ("127.0.0.1", "localhost", "[::1]", "testserver")
    assert len(settings.secret_key.get_secret_value()) >= 64


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("ENVIRONMENT", "staging", "development, test or production"),
        ("PORT", "70000", "a whole number from 0"),
        ("PORT", "eighty", "a whole number from 0"),
        ("WEB_CONCURRENCY", "0", "a number of workers"),
        ("DEBUG", "perhaps", "true or false"),
        ("LOG_LEVEL", "loud", "DEBUG, INFO, WARNING or ERROR"),
        ("DB_POOL_SIZE", "0", "from 1 to 500"),
        ("DB_MAX_OVERFLOW", "-1", "from 0 to 500"),
        ("DB_ECHO", "2", "true or false"),
        ("ALGORITHM", "none", "HS256, HS384 or HS512"),
        ("ALGORITHM", "RS256", "HS256, HS384 or HS512"),
        ("ACCESS_TOKEN_EXPIRE_MINUTES", "0", "1 to 1440 minutes"),
        ("REFRESH_TOKEN_EXPIRE_DAYS", "1000", "1 to 365 days"),
        ("REFRESH_TOKEN_IDLE_DAYS", "x", "1 to 365 days"),
        ("REFRESH_TOKEN_GRACE_SECONDS", "61", "0 to 60 seconds"),
        ("CORS_ORIGINS", "*", "which is not an origin"),
        ("CORS_ORIGINS", "https://a.example/", "which is not an origin"),
        ("CORS_ORIGINS", "null", "which is not an origin"),
        ("CORS_ORIGINS", "https://*.example.org", "which is not an origin"),
        ("ALLOWED_HOSTS", "https://a.example", "without scheme, port or path"),
        ("ALLOWED_HOSTS", "a.example:8000", "without scheme, port or path"),
        ("SECRET_KEY", "short", "has 5 bytes and HS256 needs 32"),
        ("SECRET_KEYS_PREVIOUS", f"{STRONG},short", "has 5 bytes and HS256 needs 32"),
        ("DATABASE_URL", "mysql://u:hidden@h/d", "must begin with postgresql://"),
        ("DATABASE_URL", "postgresql+psycopg://u:hidden@h/d", "must begin with postgresql://"),
        ("DATABASE_URL", "postgresql://u:hidden@h:99999/d", "a port that is not a number"),
        ("DATABASE_URL", "postgresql://u:hid@den@h/d", "a raw @"),
        ("DATABASE_URL", "postgresql://u:hidden@h", "names no database"),
        ("DATABASE_REPLICA_URL", "postgresql://u:hidden@a,b/n", "names several hosts"),
        ("DATABASE_REPLICA_URL", "postgresql:///n?host=/a,/b", "names several hosts"),
        ("DB_TRANSACTION_POOLING", "maybe", "true or false"),
        ("REDIS_URL", "http://u:hidden@h", "must begin with redis://, rediss:// or unix://"),
        ("REDIS_URL", "hidden", "must begin with redis://"),
        ("REDIS_URL", "redis://u:hidden@h:0", "a port that is not a number"),
        ("REDIS_URL", "redis://u:hidden@h:x", "a port that is not a number"),
        ("REDIS_URL", "redis://u:hid@den@h", "a raw @, # or /"),
        ("REDIS_URL", "redis://u:hid#den@h", "a raw @, # or /"),
        ("REDIS_URL", "redis://u:hidden@", "names no host, or several"),
        ("REDIS_URL", "redis://u:hidden@a,b", "names no host, or several"),
        ("REDIS_URL", "redis://u:hidden@[h", "is not a URL"),
        ("REDIS_URL", "redis://u:hid den@h", "is not a URL"),
        ("REDIS_URL", "redis://u:hidden@h/first", "a database that is not a number"),
        ("REDIS_URL", "redis://u:hidden@h?db=first", "a database that is not a number"),
        ("REDIS_URL", "redis://h?password=hidden", "a parameter that is not known here"),
        ("REDIS_URL", "rediss://u:hidden@h?ssl_cert_reqs=none", "that is not known here"),
        ("REDIS_URL", "redis://u:hidden@h?ssl_ca_certs=/ca.pem", "that is not known here"),
        ("REDIS_URL", "unix://run/redis.sock", "names no socket"),
        ("REDIS_URL", "unix://", "names no socket"),
        ("DATABASE_URL", "postgresql://u:hidden@[h/d", "is not a URL"),
        ("DATABASE_URL", "postgresql://u:hidden@h/d?sslmode=maybe", "unknown sslmode"),
        ("DATABASE_URL", "postgresql://u:hidden@h/d?channel_binding=require", "channel binding"),
    ],
)
def test_a_wrong_setting_is_one_sentence_that_names_it(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    (sentence,) = sentences(monkeypatch, **{name: value})

    assert sentence.startswith(f"{name} ")
    assert said in sentence
    assert sentence.endswith(".")
    assert "hid" not in sentence


def test_all_wrong_settings_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    said = sentences(
        monkeypatch, PORT="x", SECRET_KEY="y", DATABASE_URL="z", ENVIRONMENT="production", DEBUG="1"
    )

    names = [sentence.split()[0] for sentence in said]
    assert sorted(names) == ["ALLOWED_HOSTS", "DATABASE_URL", "DEBUG", "PORT", "SECRET_KEY"]


def test_production_needs_a_key_and_its_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    said = sentences(monkeypatch, ENVIRONMENT="production")

    assert [sentence.split(",")[0] for sentence in said] == [
        "SECRET_KEY is not set",
        "ALLOWED_HOSTS is not set",
    ]


def test_production_lets_in_its_hosts_and_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = loaded(monkeypatch, **PRODUCTION)

    assert settings.allowed_hosts == ("api.example.org", "127.0.0.1", "localhost", "[::1]")
    assert not Path(".data").exists()


@pytest.mark.parametrize(
    "key",
    [
        "a" * 64,
        "abcd1234" * 8,
        "changeme-changeme-changeme-changeme!",
        "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7",
        "this-is-my-secret-key-for-my-example-service",
    ],
)
def test_a_key_that_can_be_guessed_is_for_development_only(
    monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    assert loaded(monkeypatch, SECRET_KEY=key).secret_key.get_secret_value() == key
    (sentence,) = sentences(monkeypatch, **{**PRODUCTION, "SECRET_KEY": key})
    assert sentence.startswith("SECRET_KEY ")
    assert key not in sentence


def test_random_keys_are_never_called_guessable() -> None:
    made = [secrets.token_hex(16) for _ in range(2000)]
    made += [secrets.token_urlsafe(32) for _ in range(2000)]
    assert [key for key in made if guessable_fault(key)] == []


def test_a_longer_hash_needs_a_longer_key(monkeypatch: pytest.MonkeyPatch) -> None:
    (sentence,) = sentences(monkeypatch, ALGORITHM="HS512", SECRET_KEY=STRONG)

    assert "HS512 needs 64" in sentence


def test_the_key_of_a_development_machine_is_made_once_and_private(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "data"
    with ThreadPoolExecutor(8) as threads:
        keys = set(threads.map(kept_key, [folder] * 40))

    assert len(keys) == 1
    assert stat.S_IMODE((folder / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == ["secret_key"]


def test_a_kept_key_that_was_damaged_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".data").mkdir()
    Path(".data/secret_key").write_text("\n")

    (sentence,) = sentences(monkeypatch)
    assert "Delete that file" in sentence


def test_a_data_folder_that_cannot_be_made_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("file").touch()

    (sentence,) = sentences(monkeypatch, DATA_DIR="file/data")
    assert sentence.startswith("No SECRET_KEY can be kept in DATA_DIR")


def test_an_unreadable_env_file_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_bytes(b"APP_NAME=\xff\xfe\n")

    (sentence,) = sentences(monkeypatch)
    assert sentence.startswith("The file .env cannot be read")


def test_the_environment_has_precedence_over_the_env_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("APP_NAME=File\nPORT=9000\nNOT_OURS=1\nDB_ECHO=\n")

    settings = loaded(monkeypatch, APP_NAME="Environment")
    assert (settings.app_name, settings.port, settings.db_echo) == ("Environment", 9000, False)


def test_lists_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = loaded(
        monkeypatch,
        CORS_ORIGINS=" https://A.example , http://[::1]:3000,",
        ALLOWED_HOSTS="Api.example,*.example.org",
        SECRET_KEYS_PREVIOUS=f"{STRONG}1, {STRONG}2",
    )

    assert settings.cors_origins == ("https://a.example", "http://[::1]:3000")
    assert settings.allowed_hosts[:2] == ("api.example", "*.example.org")
    assert [k.get_secret_value()[-1] for k in settings.secret_keys_previous] == ["1", "2"]


def test_settings_are_frozen_and_hide_their_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = loaded(monkeypatch, SECRET_KEY=STRONG, DATABASE_URL="postgres://u:hidden@h/d")

    with pytest.raises(ValueError, match="frozen"):
        settings.port = 1  # type: ignore[misc]
    assert STRONG not in repr(settings)
    assert "hidden" not in repr(settings)
    assert settings.database_url == SecretStr("postgresql://u:hidden@h/d")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("postgres://u:p@h/d", "postgresql://u:p@h/d"),
        ("postgresql+asyncpg://u:p@h:5433/d", "postgresql://u:p@h:5433/d"),
        ("postgresql://u:p%40@h/d?ssl=true", "postgresql://u:p%40@h/d?sslmode=require"),
        (
            "postgresql://h/d?sslmode=verify-full&connect_timeout=3",
            "postgresql://h/d?sslmode=verify-full",
        ),
        (
            "postgresql://a,b:5433/d?target_session_attrs=read-write",
            "postgresql://a,b:5433/d?target_session_attrs=read-write",
        ),
        ("postgresql://u@/d?host=/run/postgresql", "postgresql://u@/d?host=%2Frun%2Fpostgresql"),
        ("postgresql://u@[::1]:5432/d", "postgresql://u@[::1]:5432/d"),
    ],
)
def test_a_database_url_is_taken_in_the_forms_that_people_have(written: str, read: str) -> None:
    assert normalised(written) == read


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://u:p@h:5432/d?x=y", "d at h:5432"),
        ("postgresql://u:p@/d?host=%2Frun", "d at /run"),
        ("postgresql:///?service=x", "the local server"),
    ],
)
def test_people_are_shown_a_database_without_its_password(url: str, shown: str) -> None:
    assert described(url) == shown
