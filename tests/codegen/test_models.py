"""Every value that the gate admits builds a model: in each case here and in our own document."""

from __future__ import annotations

import importlib.util
import json
import sys
from datetime import date, datetime
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, Literal
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema_rs import Draft202012
from pydantic import TypeAdapter
from schemathesis.generation.jsonschema.builder import EMPTY_STRATEGY, build

from app.contract import json_text
from app.contract.document import Document
from app.contract.pointers import child
from app.contract.schema import Direction, Schemas
from codegen import types
from codegen.generate import both_ways
from codegen.shapes import Shapes
from codegen.uploads import uploads
from tests.codegen.golden import CASES, HERE, generated

OURS = HERE.parents[1] / "generated"
FORMATS = {
    "date-time": st.datetimes(timezones=st.timezones()).map(lambda moment: moment.isoformat()),
    "date": st.dates().map(str),
    "uuid": st.uuids().map(str),
    "email": st.emails(),
}


def _module(name: str, text: bytes, folder: Path) -> ModuleType:
    path = folder / f"{name}.py"
    path.write_bytes(text)
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@cache
def _case(case: str) -> tuple[dict[str, Any], bytes]:
    if case == "generated":
        files = {p.name: p.read_bytes() for p in OURS.iterdir() if p.is_file()}
    else:
        files = generated(case)
    return json.loads(files["openapi.json"]), files["schemas.py"]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Any:
    loaded: dict[str, ModuleType] = {}

    def of(case: str) -> ModuleType:
        if case not in loaded:
            name = f"models_of_{case}"
            loaded[case] = _module(name, _case(case)[1], tmp_path_factory.mktemp(case))
        return loaded[case]

    return of


@pytest.mark.parametrize("case", [*CASES, "generated"])
@settings(
    max_examples=100, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
@given(data=st.data())
def test_what_the_gate_admits_builds_a_model(models: Any, case: str, data: st.DataObject) -> None:
    source, _ = _case(case)
    name = data.draw(st.sampled_from(sorted(source["components"]["schemas"])))
    direction = data.draw(st.sampled_from(Direction))
    pointer = child("#/components/schemas", name)
    schemas, executable = _executable(case, direction)
    value = json_text.loads(json.dumps(data.draw(_values(executable, pointer))).encode())
    if not schemas.validator(pointer, direction).is_valid(value):
        return
    _adapter(models(case), case, pointer).validate_python(value)


@cache
def _executable(case: str, direction: Direction) -> tuple[Schemas, str]:
    schemas = Schemas(_case(case)[0])
    return schemas, json.dumps(schemas.executable(direction))


@cache
def _adapter(module: ModuleType, case: str, pointer: str) -> TypeAdapter[Any]:
    """Return the adapter of the type that generated code uses where the schema is referred to."""
    source, _ = _case(case)
    document = Document(source)
    shapes = Shapes(both_ways(source, is_3_0=document.is_3_0), uploads(document))
    annotation = types.spell(shapes.at(pointer, "Unnamed"))
    names = {"Any": Any, "datetime": datetime, "date": date, "UUID": UUID, "Literal": Literal}
    return TypeAdapter(eval(annotation, vars(module) | names))  # noqa: S307 - our own annotation


@cache
def _values(source: str, pointer: str) -> st.SearchStrategy[Any]:
    schema = {**json.loads(source), "$ref": pointer}
    strategy = build(schema, draft=Draft202012, formats=FORMATS, whole_floats=True)
    return st.nothing() if strategy is EMPTY_STRATEGY else strategy
