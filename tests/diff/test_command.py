"""`python -m codegen.diff`: files, revisions of git, and what is asked wrongly."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from codegen.diff.__main__ import main
from codegen.serialize import to_yaml

CHANGELOG = "# Changelog\n"


def source(maximum: int, **more: Any) -> dict[str, Any]:
    page = {"name": "page", "in": "query", "schema": {"type": "integer", "maximum": maximum}}
    read = {"operationId": "read", "parameters": [page], "responses": {"204": {"description": "."}}}
    info = {"title": "Pages", "version": "1.0.0"}
    return {"openapi": "3.1.0", "info": info, "paths": {"/": {"get": {**read, **more}}}}


def write(path: Path, document: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(to_yaml(document))
    return path


def git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(folder), *who, *arguments], check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Two commits of a document in two files: the bound of a page falls from 100 to 50."""
    git(tmp_path, "init", "-q", "-b", "main")
    document = source(0)
    document["paths"]["/"] = {"$ref": "pages.yaml#/read"}
    for maximum in (100, 50):
        write(tmp_path / "openapi/openapi.yaml", document)
        write(tmp_path / "openapi/pages.yaml", {"read": source(maximum)["paths"]["/"]})
        git(tmp_path, "add", ".")
        git(tmp_path, "commit", "-q", "-m", f"A page of {maximum}")
    return tmp_path


def test_a_document_is_compared_with_a_revision(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = repository / "openapi/openapi.yaml"
    status = main([str(document), "--base", "HEAD~1", "--changelog", str(repository / "no.md")])
    told = capsys.readouterr().out.splitlines()

    assert status == 1
    assert told[0].startswith("breaking pages.yaml:")
    assert told[0].endswith("read: maximum was 100 and is 50 (request-maximum-narrowed)")
    assert told[1].endswith(": 1 breaking.")
    assert len([line for line in told if line.startswith("Not to be released: ")]) == 3


def test_a_change_that_is_not_committed_is_compared_with_the_last_commit(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(repository / "openapi/pages.yaml", {"read": source(200)["paths"]["/"]})
    status = main([str(repository / "openapi/openapi.yaml")])

    assert status == 0
    assert capsys.readouterr().out.startswith("additive pages.yaml:")


def test_the_last_release_is_the_measure_where_there_is_one(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    git(repository, "tag", "v1.0.0", "HEAD~1")
    status = main([str(repository / "openapi/openapi.yaml")])

    assert status == 1
    assert "openapi/openapi.yaml of v1.0.0" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("base", "reason"),
    [
        ("nowhere", "There is no revision nowhere here: run `git fetch --tags`"),
        ("-x", "There is no revision -x here"),
        ("empty", "The revision empty has no openapi/openapi.yaml"),
    ],
)
def test_what_cannot_be_compared_is_said_in_a_sentence(
    base: str, reason: str, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    git(repository, "switch", "-q", "--orphan", "empty")
    git(repository, "commit", "-q", "--allow-empty", "-m", "Nothing")
    git(repository, "switch", "-q", "main")
    status = main([str(repository / "openapi/openapi.yaml"), f"--base={base}"])
    told = capsys.readouterr()

    assert (status, told.out) == (1, "")
    assert reason in told.err


def test_a_document_outside_of_git_has_no_revisions(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main([str(write(tmp_path / "openapi.yaml", source(1)))])

    assert status == 1
    assert "openapi.yaml lies in no git repository" in capsys.readouterr().err


def test_a_document_that_was_broken_then_is_named_with_its_findings(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(repository / "openapi/pages.yaml", ["nothing"])
    git(repository, "commit", "-aqm", "Break it")
    write(repository / "openapi/pages.yaml", {"read": source(50)["paths"]["/"]})
    status = main([str(repository / "openapi/openapi.yaml")])
    told = capsys.readouterr()

    assert (status, told.out) == (1, "")
    assert told.err.startswith(
        "openapi/openapi.yaml of HEAD is no document to compare, so name another revision"
    )
    assert "openapi.yaml" in told.err.splitlines()[1]


def test_a_document_may_refer_to_files_outside_of_its_folder(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = source(0)
    document["paths"]["/"] = {"$ref": "../shared/pages.yaml#/read"}
    write(repository / "openapi/openapi.yaml", document)
    write(repository / "shared/pages.yaml", {"read": source(50)["paths"]["/"]})
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "Share it")
    write(repository / "shared/pages.yaml", {"read": source(60)["paths"]["/"]})

    assert main([str(repository / "openapi/openapi.yaml")]) == 0
    assert "pages.yaml:" in capsys.readouterr().out


@pytest.mark.parametrize("content", [b"\xff", None])
def test_a_changelog_that_cannot_be_read_is_named(
    content: bytes | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = str(write(tmp_path / "openapi.yaml", source(1)))
    changelog = tmp_path / "changes"
    if content is None:
        changelog.mkdir()
    else:
        changelog.write_bytes(content)
    status = main([document, document, "--changelog", str(changelog)])
    told = capsys.readouterr()

    assert (status, told.out) == (1, "")
    assert f"{changelog} cannot be read, so name another changelog" in told.err


def test_without_git_two_files_can_be_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    old, new = (write(tmp_path / f"{n}.yaml", source(n)) for n in (1, 2))

    assert main([str(new)]) == 1
    assert "git is not installed" in capsys.readouterr().err
    assert main([str(old), str(new)]) == 0


def test_a_broken_document_is_named_with_its_findings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = write(tmp_path / "good.yaml", source(1))
    broken = write(tmp_path / "broken.yaml", {"openapi": "2.0"})
    status = main([str(good), str(broken)])
    told = capsys.readouterr()

    assert (status, told.out) == (1, "")
    assert "broken.yaml is no document to compare:\n  broken.yaml" in told.err


def test_programs_get_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = (write(tmp_path / f"{n}.yaml", source(n)) for n in (2, 1))
    status = main([str(old), str(new), "--format", "json"])
    told = json.loads(capsys.readouterr().out)

    assert status == 1
    assert told["may_be_released"] is False
    assert [c["rule"] for c in told["changes"]] == ["request-maximum-narrowed"]
    assert told["changes"][0]["place"].startswith("1.yaml:")


def test_the_changelog_is_drafted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = write(tmp_path / "old.yaml", source(2))
    new = write(tmp_path / "new.yaml", source(1, deprecated=True))
    status = main([str(old), str(new), "--format", "changelog"])

    assert status == 0
    assert capsys.readouterr().out == (
        "### Breaking\n\n- `read`: maximum was 2 and is 1.\n\n"
        "### Deprecated\n\n- `read`: it is deprecated.\n"
    )


def test_three_documents_are_one_too_many() -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["a", "b", "c"])
