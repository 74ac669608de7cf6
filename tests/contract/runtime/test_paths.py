import time

import pytest

from app.contract.paths import PathTable
from app.contract.problems import MalformedRequest
from tests.contract.runtime.workshop import Workshop, answer_class, make

ALLOW_TOOL = "DELETE, GET, HEAD, OPTIONS, PATCH, PUT"


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/v1/tools/saw", {"tool_id": "saw"}),
        ("/v1/tools/saw/", {"tool_id": "saw"}),
        ("/v1/tools/a%2Fb", {"tool_id": "a/b"}),
        ("/v1/tools/a%252Fb", {"tool_id": "a%2Fb"}),
        ("/v1/tools/100%25", {"tool_id": "100%"}),
        ("/v1/tools/%E2%82%AC", {"tool_id": "€"}),
        ("/v1/tools/a+b", {"tool_id": "a+b"}),
        ("/v1/tools/.", {"tool_id": "."}),
        ("/v1/tools/%6Eewest%2F", {"tool_id": "newest/"}),
        ("/v1/tools/a%3Fb%23c", {"tool_id": "a?b#c"}),
        ("/v1/%74ools/saw", {"tool_id": "saw"}),
        ("/v1/tools/a%2Fb/parts/3", {"tool_id": "a/b", "part_id": 3}),
        ("/v1/tools/newest/parts/3", {"tool_id": "newest", "part_id": 3}),
        ("/v1/drawings/plan-x.svg", {"name": "x"}),
        ("/v1/drawings/pla%6E%2Dx%2esvg", {"name": "x"}),
        ("/v1/drawings/plan-%2e.svg", {"name": "."}),
        ("/v1/drawings/plan.svg", {"name": "plan", "kind": "svg"}),
    ],
)
async def test_a_path_is_split_before_it_is_decoded(
    target: str, expected: dict[str, object], workshop: Workshop
) -> None:
    table = PathTable(
        (workshop.contract.document.base_path + o.path, o.method, o.id)
        for o in workshop.contract.document.operations
    )
    found = table.find(target)
    assert found is not None
    read: dict[str, object] = {}
    workshop.answer(found.methods["GET"][1], lambda call: read.update(call.path))
    await workshop("GET", target)
    assert read == expected


@pytest.mark.parametrize(
    "target",
    [
        *("/", "/v1", "/v1/", "/v1/tool", "/v1/tools//", "/v1//tools", "/v1/tools/a/b"),
        *("//v1/tools", "/V1/tools", "/v1/tools%2Fsaw", "/v2/tools", "*", ""),
    ],
)
async def test_a_path_that_the_document_lacks_is_not_found(target: str, workshop: Workshop) -> None:
    received = await workshop("GET", target)
    assert (received.status, received.code) == (404, "not_found")


async def test_a_literal_segment_wins_over_a_template(workshop: Workshop) -> None:
    workshop.answer("get_newest_tool", {"id": "n", "name": "newest"})
    for target in ("/v1/tools/newest", "/v1/tools/newest/", "/v1/tools/%6Eewes%74"):
        assert (await workshop("GET", target)).json()["id"] == "n"


@pytest.mark.parametrize("target", ["/v1/tools/%", "/v1/tools/%4", "/v1/tools/%zz", "/v1/%ff"])
async def test_an_escape_that_is_broken_or_not_utf_8_is_malformed(
    target: str, workshop: Workshop
) -> None:
    received = await workshop("GET", target)
    assert (received.status, received.code) == (400, "malformed_request")


async def test_a_path_with_bytes_beyond_ascii_is_malformed(workshop: Workshop) -> None:
    assert (await workshop("GET", "/v1/tools/\u00e9")).code == "malformed_request"


@pytest.mark.parametrize("method", ["POST", "TRACE", "CONNECT", "QUERY", "get", "PROPFIND"])
async def test_405_lists_every_method_of_the_path(method: str, workshop: Workshop) -> None:
    received = await workshop(method, "/v1/tools/saw")
    assert (received.status, received.code) == (405, "method_not_allowed")
    assert received.header("allow") == ALLOW_TOOL


async def test_options_lists_the_same_methods_and_runs_nothing(workshop: Workshop) -> None:
    received = await workshop("OPTIONS", "/v1/tools/saw/")
    assert (received.status, received.body) == (204, b"")
    assert received.header("allow") == ALLOW_TOOL
    assert workshop.journal == ["answer starts"]


async def test_head_answers_as_get_without_the_content(workshop: Workshop) -> None:
    got = await workshop("GET", "/v1/tools/saw")
    head = await workshop("HEAD", "/v1/tools/saw")
    assert (head.status, head.body) == (got.status, b"")
    for name in ("etag", "content-type", "content-length"):
        assert head.header(name) == got.header(name)


async def test_a_declared_head_is_an_operation_of_its_own(workshop: Workshop) -> None:
    workshop.answer("measure_plan", answer_class(204, None, scale="X-Scale")(scale=2.5))
    received = await workshop("HEAD", "/v1/drawings/plan-x.svg")
    assert (received.status, received.header("x-scale")) == (204, "2.5")


@pytest.mark.parametrize(
    ("root", "target", "status"),
    [
        ("/api", "/api/v1/tools", 200),
        ("/api/", "/api/v1/tools", 200),
        ("/api", "/v1/tools", 200),
        ("/api", "/apiv1/tools", 404),
        ("/v1", "/v1/v1/tools", 200),
        ("/a b", "/a%20b/v1/tools", 200),
    ],
)
async def test_the_root_path_of_a_proxy_is_taken_off(root: str, target: str, status: int) -> None:
    workshop = make()
    workshop.app.root_path = root
    assert (await workshop("GET", target)).status == status


def test_the_more_literal_template_wins_whatever_the_order() -> None:
    paths = ["/{a}", "/{a}-{b}", "/x-{b}", "/x"]
    for order in (paths, paths[::-1]):
        table = PathTable((path, "GET", path) for path in order)
        for path, target in zip(paths, ["/y", "/y-1", "/x-1", "/x"], strict=True):
            found = table.find(target)
            assert found is not None
            assert found.methods["GET"][1] == path


def test_a_dead_end_is_left_for_the_template_beside_it() -> None:
    table = PathTable([("/a/b", "GET", 1), ("/{x}/c", "GET", 2)])
    found = table.find("/a/c")
    assert found is not None
    assert (found.methods["GET"], found.values) == ((("x",), 2), ("a",))


def test_a_literal_beyond_ascii_is_found_in_its_encoded_form() -> None:
    table = PathTable([("/größe/ä{x}", "GET", 1)])
    assert table.find("/gr%C3%B6%c3%9fe/%c3%a4b%2F") is not None
    with pytest.raises(MalformedRequest):
        table.find("/gr%C3/ä")


@pytest.mark.parametrize(
    ("template", "segment", "values"),
    [
        ("{a}", "x", ("x",)),
        ("{a}", "", None),
        ("{a}.{b}", "x.y", ("x", "y")),
        ("{a}.{b}", "x.y.z", ("x", "y.z")),
        ("{a}.{b}", "..z", (".", "z")),
        ("{a}.{b}", ".z", None),
        ("{a}.{b}", "x.", None),
        ("x{a}x", "xx", None),
        ("x{a}x", "xxx", ("x",)),
        ("{a}.{b}.json", "x.y.json", ("x", "y")),
        ("{a}.{b}.json", "x.json", None),
        ("{a}.{b}.json", "x.json.json", ("x", "json")),
        ("{a}-{b}-{c}", "1-2-3-4", ("1", "2", "3-4")),
    ],
)
def test_values_stand_between_literal_parts(
    template: str, segment: str, values: tuple[str, ...] | None
) -> None:
    found = PathTable([(f"/{template}", "GET", 1)]).find(f"/{segment}")
    assert (found and found.values) == values


def test_no_path_makes_the_table_slow() -> None:
    table = PathTable([("/{a}-{b}-{c}-{d}-x", "GET", 1)])
    started = time.process_time()
    assert table.find("/" + "-" * 16_000) is None
    assert time.process_time() - started < 0.5
