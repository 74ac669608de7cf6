"""What a start and `doctor` say of the Redis that REDIS_URL names."""

from __future__ import annotations

import sys
import urllib.request
from pathlib import Path

import pytest

from app.limits import LimitsUnfit, limits_of
from app.redis_url import described
from app.settings import Settings
from tests.limits.redis_server import RedisServer
from tests.platform.commands import Run
from tests.platform.test_server import refused
from tests.processes import serve

AWAY = "redis://user:hidden@127.0.0.1:1/0"


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("redis://user:hidden@redis.example.org/1", "redis.example.org:6379"),
        ("rediss://:hidden@[2001:db8::1]:6380?db=1&ssl_ca_certs=/ca.pem", "2001:db8::1:6380"),
        ("unix://user:hidden@/run/redis/redis.sock?db=1", "/run/redis/redis.sock"),
    ],
)
def test_a_url_is_taken_as_it_is_and_shown_without_its_password(url: str, place: str) -> None:
    settings = Settings(_env_file=None, redis_url=url)

    assert settings.redis_url is not None
    assert settings.redis_url.get_secret_value() == url
    assert "hidden" not in repr(settings)
    assert described(url) == place


def test_without_the_package_one_sentence_says_what_to_install(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "redis.asyncio", None)
    with pytest.raises(LimitsUnfit, match=r"is missing. Install requirements/redis.lock, or leave"):
        limits_of(Settings(_env_file=None, redis_url=AWAY))

    assert (
        "wrong  REDIS_URL is set, and the package redis is missing."
        in run("doctor", REDIS_URL=AWAY).stdout
    )


def test_doctor_says_where_counts_are_kept(run: Run, tmp_path: Path) -> None:
    assert "ok     rate limits are counted in PostgreSQL" in run("doctor").stdout
    said = run("doctor", REDIS_URL=AWAY).stdout
    assert "wrong  Redis at 127.0.0.1:1 cannot count: " in said
    assert "hidden" not in said
    with RedisServer(tmp_path) as server:
        said = run("doctor", REDIS_URL=server.url).stdout
    assert "ok     rate limits are counted in Redis " in said


def test_a_start_is_stopped_by_what_no_waiting_helps(tmp_path: Path) -> None:
    with RedisServer(tmp_path) as server:
        url = server.url.replace("://", "://user:hidden@")
        said = refused(tmp_path, REDIS_URL=url)
    assert said.count("\n") == 1
    assert "cannot count: invalid username-password pair" in said
    assert "hidden" not in said


@pytest.mark.usefixtures("anyio_backend")
def test_a_redis_that_is_away_is_told_and_waited_for(tmp_path: Path, migrated_url: str) -> None:
    with serve(tmp_path, {"DATABASE_URL": migrated_url, "REDIS_URL": AWAY}) as served:
        with urllib.request.urlopen(f"{served.url}/health/ready", timeout=5) as answer:  # noqa: S310 - loopback
            assert b'"is_reachable":false' in answer.read()
        log = served.log.read_text()
    assert '"event":"limits"' in log
    assert "hidden" not in log
