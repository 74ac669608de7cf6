import json
from typing import Any

import pytest
from starlette.types import Message

from app.contract.exchange import WHOLE
from tests.contract.runtime.asgi import scope_of
from tests.contract.runtime.workshop import GOOD, JSON, Workshop, answer_class

MARK = "zqx9"


@pytest.mark.parametrize(
    ("host", "is_served"),
    [
        ("testserver", True),
        ("TestServer:8000", True),
        ("testserver:", True),
        ("a.example.org", True),
        ("a.b.example.org:1", True),
        ("example.org", False),
        ("badexample.org", False),
        ("testserver.evil", False),
        ("testserver:80:80", False),
        ("testserver:x", False),
        ("testserver/x", False),
        ("user@testserver", False),
        ("testserver, evil", False),
        ("[::1]", False),
        ("", False),
    ],
)
async def test_only_hosts_of_the_settings_are_served(
    host: str, is_served: bool, workshop: Workshop
) -> None:
    received = await workshop("GET", "/v1/tools/1", ("host", host))
    expected = (200, None) if is_served else (400, "malformed_request")
    assert (received.status, received.code) == expected


async def test_a_request_names_exactly_one_host(workshop: Workshop) -> None:
    received = await workshop("GET", "/v1/tools/1", ("host", "testserver"), ("host", "testserver"))
    assert (received.status, received.code) == (400, "malformed_request")
    assert workshop.journal == ["answer starts"]


@pytest.mark.parametrize(
    ("target", "fields"),
    [
        ("/v1/tools", [("x-long", "x" * 17_000)]),
        ("/v1/tools?tag=" + "x" * 17_000, []),
        ("/v1/" + "x" * 17_000, []),
        ("/v1/tools", [(f"x-{n}", "") for n in range(100)]),
        ("/v1/tools", [("cookie", "a=b; " * 3300)]),
    ],
    ids=["one field", "the query", "the path", "many fields", "cookies"],
)
async def test_a_head_beyond_the_limit_is_431(
    target: str, fields: list[tuple[str, str]], workshop: Workshop
) -> None:
    received = await workshop("GET", target, *fields)
    assert (received.status, received.code) == (431, "header_fields_too_large")


async def test_a_head_within_the_limit_is_served(workshop: Workshop) -> None:
    assert (await workshop("GET", "/v1/tools/1", ("x-long", "x" * 16_000))).status == 200


@pytest.mark.parametrize("given", ["0123456789abcdef", "a-request-of-mine", "A" * 64])
async def test_a_harmless_request_id_is_kept(given: str, workshop: Workshop) -> None:
    for target in ("/v1/tools/1", "/nowhere"):
        received = await workshop("GET", target, ("x-request-id", given))
        assert received.header("x-request-id") == given


@pytest.mark.parametrize("given", ["", "short", "A" * 65, "a b c d e f", "<script>", "\u00e4" * 9])
async def test_any_other_is_replaced(given: str, workshop: Workshop) -> None:
    received = await workshop("GET", "/v1/tools/1", ("x-request-id", given))
    made = received.header("x-request-id") or ""
    assert made != given
    assert len(made) == 32


async def test_every_answer_tells_browsers_not_to_guess(workshop: Workshop) -> None:
    for target in ("/v1/tools/1", "/nowhere", "/v1/tools/%zz"):
        assert (await workshop("GET", target)).header("x-content-type-options") == "nosniff"


async def test_many_unknown_parameters_are_one_fault(workshop: Workshop) -> None:
    query = "&".join(f"x{n}=1" for n in range(2000))
    received = await workshop("GET", f"/v1/tools?{query}")
    assert (received.status, len(received.json()["errors"])) == (422, 1)


REQUESTS: list[tuple[str, str, list[tuple[str, str]], bytes]] = [
    ("GET", f"/{MARK}", [], b""),
    (MARK, "/v1/tools", [], b""),
    ("GET", f"/v1/tools/1?{MARK}=1", [], b""),
    ("GET", f"/v1/tools?page={MARK}", [], b""),
    ("GET", f"/v1/tools?is_sharp={MARK}&page=1&page={MARK}", [], b""),
    ("GET", f"/v1/tools/{MARK}{'x' * 40}", [], b""),
    ("GET", f"/v1/tools/%{MARK}", [], b""),
    ("GET", f"/v1/tools/1/parts/{MARK}", [], b""),
    ("GET", "/v1/tools", [("accept", MARK)], b""),
    ("GET", "/v1/tools", [("host", MARK)], b""),
    ("GET", "/v1/vault/either", [("authorization", f"Basic {MARK}")], b""),
    ("GET", f"/v1/vault/both?key={MARK}", [("cookie", f"session={MARK}")], b""),
    ("PUT", "/v1/tools/1", [JSON], MARK.encode()),
    ("PUT", "/v1/tools/1", [("content-type", MARK)], b"{}"),
    ("PUT", "/v1/tools/1", [JSON], json.dumps({MARK: MARK}).encode()),
    ("PUT", "/v1/tools/1", [JSON], json.dumps({"name": MARK * 20}).encode()),
    ("PUT", "/v1/tools/1", [JSON], json.dumps({"name": "x", "tags": [MARK, MARK]}).encode()),
    ("PUT", "/v1/tools/1", [JSON], json.dumps({"name": "x", "bought": MARK}).encode()),
    ("PUT", "/v1/tools/1", [JSON], f'{{"{MARK}":1,"{MARK}":2}}'.encode()),
    ("POST", "/v1/bodies/form", [("content-type", f"multipart/form-data; boundary={MARK}")], b"x"),
]


@pytest.mark.parametrize(("method", "target", "fields", "body"), REQUESTS)
async def test_a_refusal_never_repeats_what_the_client_sent(
    *, method: str, target: str, fields: list[tuple[str, str]], body: bytes, workshop: Workshop
) -> None:
    received = await workshop(method, target, *fields, body=body)
    assert received.status >= 400
    assert MARK not in received.body.decode()
    assert MARK not in str(received.fields)


async def test_logs_hold_no_secret(workshop: Workshop, capsys: pytest.CaptureFixture[str]) -> None:
    secret = ("authorization", f"Bearer {MARK}")
    await workshop("GET", "/v1/vault/scoped", secret)
    await workshop("GET", f"/v1/vault/both?key={MARK}", ("cookie", f"session={MARK}"))
    await workshop("GET", "/v1/vault/either", ("x-key", MARK))
    await workshop("GET", f"/v1/tools/1?token={MARK}", ("referer", MARK), ("user-agent", MARK))
    await workshop("PUT", "/v1/tools/1", JSON, body=json.dumps({"name": MARK}).encode())
    for broken in (KeyError(MARK), answer_class(201)({MARK: MARK}), answer_class(418)(MARK), MARK):
        workshop.answer("create_tool", broken)
        body = json.dumps({"name": MARK}).encode()
        assert (await workshop("POST", "/v1/tools", GOOD, JSON, body=body)).status == 500
    logged = capsys.readouterr()
    assert "request_failed" in logged.out
    assert MARK not in logged.out + logged.err


async def test_each_request_is_one_line_with_its_operation(
    workshop: Workshop, capsys: pytest.CaptureFixture[str]
) -> None:
    received = await workshop("GET", "/v1/tools/1/parts/0")
    (line,) = capsys.readouterr().out.splitlines()
    for shown in ("get_part", "invalid_input", "422", received.header("x-request-id") or ""):
        assert shown in line


async def test_a_bug_is_logged_with_the_name_of_its_operation(
    workshop: Workshop, capsys: pytest.CaptureFixture[str]
) -> None:
    made: Any = answer_class(418)("x")
    workshop.answer("create_tool", made)
    trace = ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
    await workshop("POST", "/v1/tools", GOOD, JSON, trace, body=b'{"name":"x"}')
    failure, request = capsys.readouterr().out.splitlines()
    assert "create_tool: the status 418 is not declared" in failure
    # As `trace_id=...` or as JSON: whichever way of writing lines was chosen first in this process.
    for line in (failure, request):
        assert "trace_id" in line
        assert "0af7651916cd43dd8448eb211c80319c" in line


LAST = answer_class(200, etag="ETag", connection="Connection")


async def messages(workshop: Workshop, method: str, target: str) -> list[Message]:
    """What a server is sent that takes whole answers."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b""}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {**scope_of(method, target, [("host", "testserver")]), "extensions": {WHOLE: {}}}
    await workshop.app(scope, receive, send)
    return sent


async def test_a_server_that_takes_whole_answers_is_sent_the_same_as_any_other(
    workshop: Workshop,
) -> None:
    for target in ("/v1/tools/1", "/v1/tools/x"):
        expected = await workshop("GET", target)
        (message,) = await messages(workshop, "GET", target)
        assert message["type"] == WHOLE
        assert message["status"] == expected.status
        names = [line.partition(b": ")[0].decode() for line in message["head"].splitlines()]
        assert names == [name for name, _ in expected.fields]
        assert message["head"].endswith(b"\r\n")
        assert json.loads(message["body"]).keys() == expected.json().keys()


@pytest.mark.parametrize(
    ("method", "target"), [("HEAD", "/v1/tools/1"), ("GET", "/not-of-the-document")]
)
async def test_what_is_not_whole_is_sent_in_its_parts(
    method: str, target: str, workshop: Workshop
) -> None:
    sent = await messages(workshop, method, target)
    assert [message["type"] for message in sent][:1] == ["http.response.start"]


async def test_what_an_answer_says_to_the_server_is_left_to_the_server(
    workshop: Workshop,
) -> None:
    tool = (await workshop("GET", "/v1/tools/1")).json()
    workshop.answer("get_tool", LAST(tool, etag='"1"', connection="close"))
    sent = await messages(workshop, "GET", "/v1/tools/1")
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
