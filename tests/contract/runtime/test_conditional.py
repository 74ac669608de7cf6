import pytest

from app.contract.conditional import entity_tags, strongly_matches, weakly_matches
from tests.contract.runtime.workshop import JSON, Workshop

TOOL = {"id": "1", "name": "saw"}
PATCH = b'{"size":1}'


@pytest.mark.parametrize(
    "field", ['"v1"', 'W/"v1"', "*", '"v0", "v1"', '"v0",W/"v1"', ' "v1" ', '"a,b", "v1"']
)
async def test_a_get_is_304_where_the_client_has_it(field: str, workshop: Workshop) -> None:
    received = await workshop("GET", "/v1/tools/1", ("if-none-match", field))
    assert (received.status, received.body) == (304, b"")
    assert received.header("etag") == '"v1"'
    assert received.header("content-type") is None
    assert received.header("content-length") is None


@pytest.mark.parametrize("field", ['"v2"', "v1", '"v1', "", '"', 'W/"v2"', '"V1"', "W/v1"])
async def test_a_get_is_200_where_the_client_has_something_else(
    field: str, workshop: Workshop
) -> None:
    assert (await workshop("GET", "/v1/tools/1", ("if-none-match", field))).status == 200


async def test_several_fields_are_one_list(workshop: Workshop) -> None:
    fields = [("if-none-match", '"v0"'), ("if-none-match", '"v1"')]
    assert (await workshop("GET", "/v1/tools/1", *fields)).status == 304


async def test_head_is_304_too(workshop: Workshop) -> None:
    assert (await workshop("HEAD", "/v1/tools/1", ("if-none-match", "*"))).status == 304


async def test_an_operation_that_does_not_declare_304_never_answers_it(workshop: Workshop) -> None:
    workshop.answer("get_newest_tool", TOOL)
    received = await workshop("GET", "/v1/tools/newest", ("if-none-match", "*"))
    assert received.status == 200


@pytest.mark.parametrize(
    ("field", "status"),
    [
        *((None, 200), ('"v1"', 200), ("*", 200), ('"v0", "v1"', 200)),
        *(('"v2"', 412), ('W/"v1"', 412), ("v1", 412), ("", 412)),
    ],
)
async def test_a_patch_is_412_where_the_client_means_another_state(
    field: str | None, status: int, workshop: Workshop
) -> None:
    workshop.answer("update_tool", lambda call: call.precondition.check('"v1"') or TOOL)
    fields = [JSON] if field is None else [JSON, ("If-Match", field)]
    received = await workshop("PATCH", "/v1/tools/1", *fields, body=PATCH)
    assert (received.status, received.code) == (
        status,
        None if status == 200 else "precondition_failed",
    )
    assert ("commit" in workshop.journal) == (status == 200)


async def test_a_precondition_that_nobody_checks_is_a_bug(workshop: Workshop) -> None:
    workshop.answer("update_tool", TOOL)
    received = await workshop("PATCH", "/v1/tools/1", JSON, ("if-match", '"v1"'), body=PATCH)
    assert (received.status, received.code) == (500, "internal_error")
    assert workshop.journal == ["begin", "handler", "rollback", "answer starts"]
    assert (await workshop("PATCH", "/v1/tools/1", JSON, body=PATCH)).status == 200


@pytest.mark.parametrize(
    ("field", "tags"),
    [
        ('"a"', ['"a"']),
        (' , "a" ,, W/"b"\t,', ['"a"', 'W/"b"']),
        ('"a,b"', ['"a,b"']),
        ('""', ['""']),
        (" * ", ["*"]),
        ('"a" "b"', []),
        ('x"a"', []),
        ('"a"x', []),
        ('"a", b', []),
        ('"a" b"', []),
        ('*, "a"', []),
        ('w/"a"', []),
        ("", []),
    ],
)
def test_entity_tags_are_read_by_their_grammar(field: str, tags: list[str]) -> None:
    assert entity_tags(field) == tags


def test_a_weak_tag_never_matches_strongly() -> None:
    assert weakly_matches('W/"a"', '"a"')
    assert weakly_matches('"a"', 'W/"a"')
    assert not strongly_matches('W/"a"', '"a"')
    assert not strongly_matches('W/"a"', 'W/"a"')
    assert strongly_matches("*", '"a"')
