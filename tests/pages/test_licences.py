"""What is shipped has its licence beside it, that of the very version."""

from __future__ import annotations

import re
from pathlib import Path

import httpx2
import pytest

from app.pages import assets

LICENCES = assets.OURS / "licences"
# Where each script says its own version.
VERSIONS = [
    ("swagger-ui", "swagger-ui-bundle.js", r'PACKAGE_VERSION:"([^"]+)"'),
    ("redoc", "redoc.standalone.js", r'ReDoc Version: ","([^"]+)"'),
]


@pytest.mark.parametrize(("name", "file", "version"), VERSIONS)
def test_the_licences_are_those_of_the_installed_version(
    name: str, file: str, version: str
) -> None:
    text = (assets.installed() / file).read_text()
    found = re.search(version, text)

    assert found is not None
    assert [folder.name for folder in LICENCES.glob(f"{name}-*")] == [f"{name}-{found[1]}"]


@pytest.mark.parametrize(("name", "file", "version"), VERSIONS)
async def test_a_script_is_served_with_the_licences_that_it_names(
    name: str, file: str, version: str, http: httpx2.AsyncClient
) -> None:
    folder = next(LICENCES.glob(f"{name}-*"))
    at = "/redoc" if name == "redoc" else "/docs"
    named = re.match(rb"/\*! For license information please see (\S+) \*/", script(file))

    assert named is not None
    assert (folder / named[1].decode()).is_file()
    for licence in folder.iterdir():
        answer = await http.get(f"{at}/{licence.name}")
        assert (answer.status_code, answer.content) == (200, licence.read_bytes())


def script(file: str) -> bytes:
    return (assets.installed() / file).read_bytes()


async def test_redoc_is_as_it_was_made_but_for_one_address(http: httpx2.AsyncClient) -> None:
    made, served = script(assets.REDOC), (await http.get(f"/redoc/{assets.REDOC}")).content

    assert made.count(assets.MARK) == 1
    assert served == made.replace(assets.MARK, assets.NOTHING)
    assert b"//cdn." not in served


def test_a_package_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "PACKAGE", "no_such_package")

    with pytest.raises(FileNotFoundError, match="no_such_package is not installed"):
        assets.installed()


def test_our_own_files_are_short_and_ask_nobody() -> None:
    for file in sorted((assets.OURS / "static").rglob("*")):
        if file.is_file():
            text = file.read_text()
            assert len(text) < 6_000, file
            assert re.findall(r"https?://(?!www\.w3\.org/2000/svg)", text) == [], file
            assert Path(file).suffix in assets.MEDIA_TYPES
