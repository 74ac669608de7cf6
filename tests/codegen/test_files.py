"""Reading and writing files: YAML 1.2 with JSON's types, several files, nothing half-written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from codegen.__main__ import main
from codegen.bundle import bundle
from codegen.findings import RefusedError
from codegen.load import load, loads
from codegen.serialize import to_json, to_yaml

TEXTS = ["on", "no", "Yes", "2020-01-01", "1_000", "0x1f", "0o7", "007", "12:30", "+1", ".5", "1."]
OTHERS = {"1e3": 1000.0, "-0": 0, "1.50": 1.5, "~": None, "Null": None, "True": True, "": None}
VALUES: list[Any] = [
    *("1e3", "1E5", "no", "on", "~", "", "null", "true", "12:30:45", "2020-01-01", "0x1f", "0o7"),
    *(
        "1_000",
        "-",
        "- a",
        "a: b",
        "a #b",
        "#",
        "'",
        '"',
        "\\",
        "  lead",
        "trail  ",
        "\ttab",
        "a\tb",
    ),
    *(
        "two\nlines",
        "two\nlines\n",
        "\n",
        "\n\nx\n\n",
        " x\n y\n",
        "x\n  y\n\n",
        "é\u2028\x85\ufeff",
    ),
    *("word " * 40, "word " * 40 + "\nmore", "x" * 200, "a  b " * 40, "\x00\x07", "😀"),
    *(
        1.5,
        1e300,
        -1,
        2**70,
        True,
        None,
        [],
        {},
        [[]],
        [{"a": []}],
        {"": ""},
        {"1": 1, "null": None},
    ),
]


@pytest.mark.parametrize("text", TEXTS)
def test_what_json_does_not_know_stays_text(text: str) -> None:
    assert loads(f"key: {text}", "x") == {"key": text}


@pytest.mark.parametrize(("text", "value"), OTHERS.items())
def test_what_json_knows_is_read_as_json_reads_it(text: str, value: Any) -> None:
    assert loads(f"key: {text}", "x") == {"key": value}


def test_keys_are_texts_and_quoted_scalars_too() -> None:
    text = "200: a\nnull: b\non: c\n2020-01-01: d\nq: '5'\nt: !!str 5\n"
    expected = {"200": "a", "null": "b", "on": "c", "2020-01-01": "d", "q": "5", "t": "5"}
    assert loads(text, "x") == expected


@pytest.mark.parametrize("value", VALUES)
def test_the_written_yaml_is_read_as_what_was_written(value: Any) -> None:
    source = {"value": value, "deeper": [{"value": value}]}
    assert loads(to_yaml(source).decode(), "x") == source


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("a: 1\nb: 2\na: 3\n", "x:3 #/a: the key is repeated"),
        ("a: &a\n  b: *a\n", "x:1 #/a/b: the value contains itself"),
        ("a: !own 5\n", "x:1 #/a: JSON has no values of the tag !own"),
        ("<<: {a: 1}\n", "x:1 #: merge keys (<<) are not part of YAML 1.2"),
        ("? [a]\n: b\n", "x:1 #: a key must be a string"),
        ("a: [\n", "x:2 #: this is not YAML: did not find expected node content"),
    ],
)
def test_what_is_no_json_in_yaml_is_refused(text: str, finding: str) -> None:
    with pytest.raises(RefusedError) as refusal:
        loads(text, "x")
    assert str(refusal.value) == finding


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ('{"a": 1,\n "a": 2}', "x.json #: the key 'a' is repeated in one object"),
        ('{"a": NaN}', "x.json #: NaN is not JSON"),
        ('{\n"a": }', "x.json:2 #: this is not JSON: Expecting value"),
    ],
)
def test_json_is_read_strictly(text: str, finding: str, tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text(text, encoding="utf-8")
    with pytest.raises(RefusedError) as refusal:
        load(tmp_path / "x.json", "x.json")
    assert str(refusal.value) == finding


HEAD = "openapi: 3.1.0\ninfo: {title: Many, version: '1'}\n"


def test_two_contents_of_one_name_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("components: {schemas: {Pet: {type: string}}}")
    (tmp_path / "b.yaml").write_text("components: {schemas: {Pet: {type: integer}}}")
    (tmp_path / "root.yaml").write_text(
        f"""{HEAD}components:
  schemas:
    A: {{$ref: 'a.yaml#/components/schemas/Pet'}}
    B: {{$ref: 'b.yaml#/components/schemas/Pet'}}
"""
    )
    with pytest.raises(RefusedError) as refusal:
        bundle(tmp_path / "root.yaml")
    assert str(refusal.value) == (
        "root.yaml:6 #/components/schemas/B/$ref: the name Pet is taken in components/schemas by "
        "other content, from a.yaml #/components/schemas/Pet"
    )


def test_a_component_nobody_refers_to_is_kept_and_named_and_a_path_is_refused(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.yaml").write_text(
        "components: {schemas: {A: {type: string}, B: {$ref: '#/components/schemas/C'}, C: {}}}"
    )
    root = tmp_path / "root.yaml"
    root.write_text(
        f"{HEAD}components: {{schemas: {{A: {{$ref: 'a.yaml#/components/schemas/A'}}}}}}"
    )
    read = bundle(root)
    assert list(read.source["components"]["schemas"]) == ["A", "B", "C"]
    assert [str(w) for w in read.warnings] == [
        "a.yaml #/components/schemas/B: nobody refers to this component",
        "a.yaml #/components/schemas/C: nobody refers to this component",
    ]
    (tmp_path / "a.yaml").write_text("components: {schemas: {A: {}}}\npaths: {/a: {}}\n")
    with pytest.raises(RefusedError, match=r"a.yaml #/paths/~1a: nobody refers to it"):
        bundle(root)


def test_a_finding_names_the_line_of_the_file_that_holds_the_fault(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.yaml").write_text("/a:\n  get:\n    operationID: a\n    responses: {}\n")
    (tmp_path / "root.yaml").write_text(f"{HEAD}paths:\n  /a: {{$ref: 'a.yaml#/~1a'}}\n")
    assert main([str(tmp_path / "root.yaml"), "--out", str(tmp_path / "out")]) == 1
    assert "a.yaml:3 #/~1a/get/operationID: OpenAPI has no member of this name here" in (
        capsys.readouterr().err
    )


def test_check_names_what_is_changed_missing_or_left_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root, out = tmp_path / "root.yaml", tmp_path / "out"
    root.write_text(f"{HEAD}paths: {{}}\n")
    arguments = [str(root), "--out", str(out)]
    assert main(arguments) == 0
    assert main([*arguments, "--check"]) == 0
    (out / "openapi.json").write_bytes(b"{}")
    (out / "problems.py").unlink()
    (out / "old.py").write_text('"""Generated by codegen."""\n')
    (out / "own.py").write_text("mine = True\n")
    assert main([*arguments, "--check"]) == 1
    names = [Path(line.split()[0]).name for line in capsys.readouterr().err.splitlines()]
    assert names == ["old.py", "openapi.json", "problems.py"]
    assert main(arguments) == 0
    left = sorted(path.name for path in out.iterdir())
    assert left == [
        "__init__.py",
        "openapi.json",
        "openapi.yaml",
        "own.py",
        "problems.py",
        "schemas.py",
    ]


def test_a_refused_document_leaves_the_folder_as_it_was(tmp_path: Path) -> None:
    root, out = tmp_path / "root.yaml", tmp_path / "out"
    root.write_text(f"{HEAD}paths: {{}}\n")
    assert main([str(root), "--out", str(out)]) == 0
    before = {path: path.read_bytes() for path in out.iterdir()}
    root.write_text(f"{HEAD}paths: {{}}\ntypo: 1\n")
    assert main([str(root), "--out", str(out)]) == 1
    assert {path: path.read_bytes() for path in out.iterdir()} == before


def test_the_json_keeps_the_order_of_keys() -> None:
    assert to_json({"b": 1, "a": {"d": 1.0, "c": "é"}}) == (
        '{\n  "b": 1,\n  "a": {\n    "d": 1.0,\n    "c": "é"\n  }\n}\n'.encode()
    )


EVERYWHERE = (
    HEAD
    + """
x-response-headers:
  traceparent: {$ref: 'shared.yaml#/components/headers/Trace'}
  X-Own: {schema: {type: string}}
paths:
  /things:
    get:
      responses:
        '200': {description: Things., headers: {X-Own: {required: true}}}
        '404': {$ref: 'shared.yaml#/components/responses/Missing'}
webhooks:
  made: {post: {responses: {'204': {description: Taken.}}}}
"""
)
SHARED = """
components:
  headers: {Trace: {schema: {type: string}}}
  responses: {Missing: {description: Nothing.}}
"""


def test_headers_of_every_response_are_written_once(tmp_path: Path) -> None:
    (tmp_path / "shared.yaml").write_text(SHARED)
    (tmp_path / "root.yaml").write_text(EVERYWHERE)
    source = bundle(tmp_path / "root.yaml").source
    responses = source["paths"]["/things"]["get"]["responses"]
    trace, own = {"$ref": "#/components/headers/Trace"}, {"schema": {"type": "string"}}

    assert responses["200"]["headers"] == {"X-Own": {"required": True}, "traceparent": trace}
    assert responses["404"] == {"$ref": "#/components/responses/Missing"}
    missing = source["components"]["responses"]["Missing"]
    assert missing["headers"] == {"traceparent": trace, "X-Own": own}
    assert source["webhooks"]["made"]["post"]["responses"]["204"] == {"description": "Taken."}
    assert "x-response-headers" not in source
