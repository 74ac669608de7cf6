"""The profile `replicas` of the compose file, as far as no container is needed."""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from app.database_url import normalised
from app.db.servers import one_url_each
from app.redis.checks import judge
from app.redis_url import checked, described
from tests.limits.redis_server import RedisServer

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docker-compose.yml").read_text()
FILE = yaml.safe_load(TEXT)
SERVICES = FILE["services"]
NGINX = (ROOT / "deploy/compose/nginx.conf").read_text()
PROFILES = {"second": "replicas", "proxy": "replicas", "standby": "replicas", "redis": "redis"}


def test_without_the_profile_there_are_one_service_and_one_database() -> None:
    assert {name for name, each in SERVICES.items() if "profiles" not in each} == {
        "service",
        "database",
    }
    found = {name: each["profiles"] for name, each in SERVICES.items() if "profiles" in each}
    assert found == {name: [profile] for name, profile in PROFILES.items()}


def test_the_second_container_is_the_first_on_another_port() -> None:
    first, second = SERVICES["service"], SERVICES["second"]
    differing = {name for name in second if second[name] != first.get(name)}
    assert differing == {"ports", "profiles"}


def test_the_hosts_of_the_profile_are_its_servers() -> None:
    (hosts,) = re.findall(r"^# +DATABASE_HOSTS=(\S+)$", TEXT, re.MULTILINE)
    url = SERVICES["service"]["environment"]["DATABASE_URL"]
    for chosen, names in ((hosts, ["database", "standby"]), ("database:5432", ["database"])):
        filled = re.sub(r"\$\{POSTGRES_PASSWORD[^}]*\}", "secret", url)
        filled = re.sub(r"\$\{DATABASE_HOSTS[^}]*\}", chosen, filled)
        each = one_url_each(normalised(filled))
        assert [re.findall(r"@(\w+):5432/", found) for found in each] == [[n] for n in names]
        assert all("target_session_attrs=read-write" in found for found in each)
    assert "${DATABASE_HOSTS:-database:5432}" in url
    assert {"database", "standby"} <= SERVICES.keys()


def test_the_redis_of_the_profile_is_the_one_that_is_named_and_forgets_nothing(
    tmp_path: Path,
) -> None:
    (url,) = re.findall(r"^# +REDIS_URL=(.+)$", TEXT, re.MULTILINE)
    assert described(checked(url.replace("that password", "secret"))) == "redis:6379"
    redis = SERVICES["redis"]
    command = [word.replace("${REDIS_PASSWORD:-}", "secret") for word in redis["command"]]
    with RedisServer(tmp_path, *command) as server:
        assert "-NOAUTH" in server.ask("PING")[0]
        asyncio.run(judge(server.url.replace("://", "://:secret@")))
    assert int(command[command.index("--maxmemory") + 1].removesuffix("mb")) < 128
    assert redis["mem_limit"] == "128m"
    assert FILE["services"]["service"]["build"]["args"] == {"PACKAGES": "${PACKAGES:-serve}"}


def test_the_proxy_leads_to_both_containers_and_only_to_them() -> None:
    (port,) = re.findall(r"^EXPOSE (\d+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    servers = re.findall(r"^ +server (\w+):(\d+)", NGINX, re.MULTILINE)
    assert servers == [("service", port), ("second", port)]
    (listened,) = re.findall(r"listen (\d+);", NGINX)
    assert SERVICES["proxy"]["ports"] == [f"127.0.0.1:${{PROXY_PORT:-8080}}:{listened}"]


def test_what_is_mounted_is_there_and_what_is_published_is_on_loopback() -> None:
    for each in SERVICES.values():
        for mount in each.get("volumes", ()):
            source = mount.split(":")[0]
            assert (
                (ROOT / source).is_file() if source.startswith("./") else source in FILE["volumes"]
            )
        assert all(port.startswith("127.0.0.1:") for port in each.get("ports", ()))
        assert each["cap_drop"] == ["ALL"]
        assert each["security_opt"] == ["no-new-privileges:true"]
        assert "mem_limit" in each


def test_a_standby_may_copy_and_nobody_connects_without_a_password() -> None:
    lines = (ROOT / "deploy/compose/pg_hba.conf").read_text().splitlines()
    rules = [line.split() for line in lines if not line.startswith("#")]
    assert ["host", "all,replication", "all", "all", "scram-sha-256"] in rules
    for kind, *_, address, method in rules:
        assert method == "scram-sha-256" or kind == "local" or address == "127.0.0.1/32"


def test_nginx_takes_its_configuration(tmp_path: Path) -> None:
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    if program is None:
        pytest.skip("nginx is not installed; `make proxies` installs it as root on Debian")
    named = NGINX.replace("server service:", "server 127.0.0.1:").replace(
        "server second:", "server 127.0.0.2:"
    )
    configuration = tmp_path / "nginx.conf"
    configuration.write_text(named.replace("/tmp/", f"{tmp_path}/"))  # noqa: S108 - replaced here
    run = subprocess.run(
        [program, "-t", "-p", str(tmp_path), "-c", str(configuration)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr


def test_the_script_of_the_standby_is_a_shell_script() -> None:
    script = ROOT / "deploy/compose/standby.sh"
    subprocess.run(["sh", "-n", str(script)], check=True)
    text = script.read_text()
    assert "--write-recovery-conf" in text
    assert "exec postgres -c hba_file=/etc/postgresql/pg_hba.conf" in text
