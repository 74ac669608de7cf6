from contextlib import nullcontext
from typing import Any, ClassVar, Generic, Protocol, TypeVar

import pytest

from app.contract import Call, Contract, ContractIncomplete, Document, Router
from app.contract.completeness import fits
from tests.contract.runtime.workshop import SOURCE, complete, judge_credential

C = TypeVar("C")
A = TypeVar("A")
ContextT = TypeVar("ContextT", contravariant=True)
ActorT = TypeVar("ActorT", contravariant=True)

PATHS = {"/tools", "/tools/{tool_id}/parts/{part_id}"}
SMALL = {
    "openapi": "3.1.0",
    "paths": {path: item for path, item in SOURCE["paths"].items() if path in PATHS},
    "components": SOURCE["components"],
}


class ToolsApi(Protocol[ContextT, ActorT]):
    async def list_tools(
        self, context: ContextT, *, page: int, tag: list[str] | None, is_sharp: bool | None
    ) -> list[str]: ...
    async def create_tool(
        self, context: ContextT, actor: ActorT, *, body: dict[str, Any]
    ) -> str: ...
    async def get_part(self, context: ContextT, *, tool_id: str, part_id: int) -> None: ...


class ToolsRouter(Router[C, A]):
    tag = "tools"
    operations: ClassVar[tuple[str, ...]] = ("list_tools", "create_tool", "get_part")

    def __init__(self, api: ToolsApi[C, A]) -> None:
        self.api = api

    async def list_tools(self, call: Call[C, A]) -> Any:
        return await self.api.list_tools(call.context, page=1, tag=None, is_sharp=None)

    async def create_tool(self, call: Call[C, A]) -> Any:
        return await self.api.create_tool(call.context, call.actor, body=call.body)

    async def get_part(self, call: Call[C, A]) -> Any:
        return await self.api.get_part(call.context, tool_id="", part_id=1)


class Good:
    async def list_tools(
        self, context: str, *, page: int, tag: list[str] | None, is_sharp: bool | None
    ) -> list[str]:
        raise NotImplementedError

    async def create_tool(self, context: str, actor: int, *, body: dict[str, Any]) -> str:
        raise NotImplementedError

    async def get_part(self, context: str, *, tool_id: str, part_id: int) -> None: ...


class Wider(Good):
    async def get_part(
        self, context: object, *, tool_id: str | None, part_id: Any, extra: int = 0
    ) -> None: ...


def findings(api: Any, source: dict[str, Any] | None = None, **options: Any) -> tuple[str, ...]:
    document = Document(source or complete(SMALL))
    options = {"guards": {"bearer": judge_credential}, "routers": [ToolsRouter(api)], **options}
    try:
        Contract(document, options.pop("routers"), open_context=nullcontext, **options)
    except ContractIncomplete as incomplete:
        return incomplete.findings
    return ()


@pytest.mark.parametrize("api", [Good(), Wider()])
def test_handlers_that_fit_are_accepted(api: Any) -> None:
    assert findings(api) == ()


class Missing:
    list_tools = Good.list_tools
    get_part = Good.get_part

    async def make_tool(self, context: str, actor: int, *, body: dict[str, Any]) -> str:
        raise NotImplementedError


class NotAsync(Good):
    def get_part(self, context: str, *, tool_id: str, part_id: int) -> None: ...  # type: ignore[override]


class OtherName(Good):
    async def get_part(self, context: str, *, tool: str, part_id: int) -> None: ...  # type: ignore[override]


class OtherType(Good):
    async def get_part(self, context: str, *, tool_id: str, part_id: str) -> None: ...  # type: ignore[override]


class Narrower(Good):
    async def list_tools(  # type: ignore[override]
        self, context: str, *, page: int, tag: list[str], is_sharp: bool | None
    ) -> list[str]:
        raise NotImplementedError


class OtherReturn(Good):
    async def create_tool(self, context: str, actor: int, *, body: dict[str, Any]) -> int:  # type: ignore[override]
        raise NotImplementedError


class NoActor(Good):
    async def create_tool(self, context: str, *, body: dict[str, Any]) -> str:  # type: ignore[override]
        raise NotImplementedError


class Swapped(Good):
    async def create_tool(self, actor: int, context: str, *, body: dict[str, Any]) -> str:  # type: ignore[override]
        raise NotImplementedError


class ByKeyword(Good):
    async def get_part(self, *, context: str, tool_id: str, part_id: int) -> None: ...  # type: ignore[override]


class Untyped(Good):
    async def get_part(self, context, *, tool_id, part_id):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
        raise NotImplementedError


class Unreadable(Good):
    async def get_part(self, context: str, *, tool_id: str, part_id: "Nothing") -> None: ...  # type: ignore[name-defined]  # noqa: F821


@pytest.mark.parametrize(
    ("api", "finding"),
    [
        (Missing(), "Missing.create_tool: the handler is missing"),
        (NotAsync(), "NotAsync.get_part: the handler is not an async function"),
        (OtherName(), "OtherName.get_part: the parameter tool_id is missing"),
        (OtherName(), "OtherName.get_part: the document gives it no parameter tool"),
        (OtherType(), "OtherType.get_part: the parameter part_id should be int"),
        (Narrower(), "Narrower.list_tools: the parameter tag should be list[str] | None"),
        (OtherReturn(), "OtherReturn.create_tool: it should return str"),
        (NoActor(), "NoActor.create_tool: the parameter actor is missing"),
        (Swapped(), "Swapped.create_tool: its first parameters should be context, actor"),
        (ByKeyword(), "ByKeyword.get_part: its first parameters should be context"),
        (Untyped(), "Untyped.get_part: the parameter part_id should be int"),
        (Unreadable(), "Unreadable.get_part: its types cannot be read at run time"),
    ],
)
def test_a_handler_that_does_not_fit_stops_the_start(api: Any, finding: str) -> None:
    assert any(found.startswith(finding) for found in findings(api)), findings(api)


class PartsRouter(ToolsRouter[C, A], Generic[C, A]):
    operations: ClassVar[tuple[str, ...]] = ("get_part", "bend_part")


@pytest.mark.parametrize(
    ("options", "finding"),
    [
        ({"routers": []}, "#/paths/~1tools/post: no router answers create_tool"),
        (
            {"routers": [PartsRouter(Good())]},
            "bend_part: a router answers it and the document does not have it",
        ),
        ({"routers": [ToolsRouter(Good())] * 2}, "get_part: 2 routers answer it"),
        (
            {"guards": {}},
            "#/components/securitySchemes/bearer: the service has no guard for it",
        ),
        (
            {"guards": {"bearer": judge_credential, "odd": judge_credential}},
            "odd: there is a guard, and no operation uses such a security scheme",
        ),
    ],
)
def test_a_missing_or_needless_part_stops_the_start(options: Any, finding: str) -> None:
    assert finding in findings(Good(), **options)


def test_a_scheme_or_scope_that_nobody_checks_stops_the_start() -> None:
    source = complete(SMALL)
    source["paths"]["/tools"]["post"]["security"] = [{"bearer": ["write"], "odd": []}]
    found = findings(Good(), source)
    where = "#/components/securitySchemes/"
    assert f"{where}odd: it is missing or of an unsupported type" in found
    assert f"{where}bearer: scopes are demanded, nothing checks them" in found


def test_a_status_that_is_not_declared_stops_the_start() -> None:
    found = findings(Good(), SMALL)
    for code, status, operation in [
        ("malformed_request", 400, "get"),
        ("unauthorized", 401, "post"),
        ("invalid_token", 401, "post"),
        ("not_acceptable", 406, "get"),
        ("content_too_large", 413, "post"),
        ("unsupported_media_type", 415, "post"),
        ("invalid_input", 422, "get"),
        ("header_fields_too_large", 431, "get"),
        ("internal_error", 500, "get"),
    ]:
        where = f"#/paths/~1tools/{operation}/responses/{status}"
        assert f"{where}: the problem {code} must be declared" in found


def test_everything_that_is_wrong_is_named_at_once() -> None:
    found = findings(Missing(), SMALL, guards={})
    wrong = ("the handler is missing", "no guard for it", "must be declared")
    assert all(any(finding.endswith(end) for finding in found) for end in wrong)
    with pytest.raises(ContractIncomplete, match="the service does not fit its document:\n  - "):
        Contract(Document(SMALL), [], open_context=nullcontext)


@pytest.mark.parametrize(
    ("wide", "narrow", "is_fitting"),
    [
        (int, int, True),
        (int, str, False),
        (Any, int, True),
        (object, int, True),
        (int | None, int, True),
        (int, int | None, False),
        (int | str | None, str | None, True),
        (None, None, True),
        (type(None), None, True),
        (list[int], list[int], True),
        (list[int], list[str], False),
    ],
)
def test_types_fit_as_far_as_annotations_tell(wide: Any, narrow: Any, is_fitting: bool) -> None:
    assert fits(wide, narrow) is is_fitting
