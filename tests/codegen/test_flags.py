"""What the flags of the command change."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from codegen.__main__ import Progress, main
from tests.codegen.golden import HERE
from tests.codegen.patching import patched
from tests.codegen.test_refusals import BASE, POST, PUT, THING, refusal

ROOT = HERE.parents[1]


def test_invalid_examples_may_be_allowed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = patched(BASE, {f"{THING}/examples": [{"name": 5}]})
    (tmp_path / "document.json").write_text(json.dumps(source), encoding="utf-8")
    flags = ["--add-problems", "--allow-invalid-examples"]
    assert main([str(tmp_path / "document.json"), "--out", str(tmp_path / "out"), *flags]) == 0
    assert "warning: document.json #/components/schemas/Thing/examples/0/name" in (
        capsys.readouterr().err
    )


def test_media_types_may_be_left_out_or_streamed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    xml = {"schema": {"$ref": THING}}
    content = f"{PUT}/requestBody/content"
    source = patched(BASE, {f"{content}/application~1xml": xml, f"{content}/text~1x": xml})
    (tmp_path / "document.json").write_text(json.dumps(source), encoding="utf-8")
    flags = ["--add-problems", "--without", "*/XML", "--stream", "text/x"]
    out = tmp_path / "out"
    assert main([str(tmp_path / "document.json"), "--out", str(out), *flags]) == 0
    served = json.loads((out / "openapi.json").read_bytes())
    left = served["paths"]["/things/{thing_id}"]["put"]["requestBody"]["content"]
    assert list(left) == ["application/json", "text/x"]
    assert left["text/x"]["x-stream"] is True
    assert "body: Thing | AsyncIterator[bytes] | None" in (out / "things.py").read_text()
    shutil.rmtree(out)
    assert refusal(tmp_path, capsys, "--without", "*") == [
        f"document.json {content}: no media type is left"
    ]


def test_a_link_may_name_an_operation_by_its_place(tmp_path: Path) -> None:
    link = {"operationRef": PUT, "parameters": {"path.thing_id": "$response.body#/id"}}
    source = patched(BASE, {f"{POST}/responses/201/links/put": link})
    (tmp_path / "document.json").write_text(json.dumps(source), encoding="utf-8")
    flags = ["--out", str(tmp_path / "out"), "--add-problems"]
    assert main([str(tmp_path / "document.json"), *flags]) == 0


def test_steps_are_told_once_it_takes_long(capsys: pytest.CaptureFixture[str]) -> None:
    Progress()("reading")
    assert capsys.readouterr().err == ""
    Progress(patience=-1)("reading")
    assert capsys.readouterr().err == "reading ...\n"


def test_handlers_that_answer_501_need_it_declared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = ROOT / "openapi" / "openapi.yaml"
    out = tmp_path / "out"
    assert main([str(document), "--out", str(out), "--unimplemented"]) == 1
    said = capsys.readouterr().err
    assert "health.yaml" in said
    assert "responses/501: --unimplemented answers 501 with not_implemented" in said
    assert not out.exists()
    assert main([str(document), "--out", str(out), "--unimplemented", "--add-problems"]) == 0
