import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
from fastapi import APIRouter, Depends, FastAPI, HTTPException, Query, Request, WebSocket
from fastapi.responses import JSONResponse, PlainTextResponse
from fastapi.testclient import TestClient
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.contract import ServedDocument, install
from tests.contract.runtime.workshop import Workshop, make


class Wear(Exception):
    pass


def answering(response: Response) -> Any:
    async def handle(request: Request, error: Exception) -> Response:
        return response

    return handle


@pytest.mark.parametrize(
    ("response", "status", "body"),
    [
        (JSONResponse("worn", 418), 418, b'"worn"'),
        (PlainTextResponse("No.", 404), 404, b"No."),
        (JSONResponse(1.5, 200), 200, b"1.5"),
        (Response(status_code=410), 410, b""),
    ],
)
async def test_an_exception_handler_of_the_application_answers_what_is_declared(
    response: Response, status: int, body: bytes, workshop: Workshop
) -> None:
    workshop.app.add_exception_handler(Wear, answering(response))
    workshop.answer("get_answer", Wear())
    received = await workshop("GET", "/v1/answers")
    assert (received.status, received.body) == (status, body)
    assert workshop.journal == ["begin", "handler", "rollback", "answer starts"]


@pytest.mark.parametrize(
    "response",
    [
        JSONResponse("worn", 200),
        JSONResponse({}, 418),
        PlainTextResponse("No.", 410),
        Response(b"{", 418, media_type="application/json"),
        Response(b"NaN", 200, media_type="application/json"),
    ],
)
async def test_what_it_answers_is_judged_like_all_else(
    response: Response, workshop: Workshop
) -> None:
    workshop.app.add_exception_handler(Wear, answering(response))
    workshop.answer("get_answer", Wear())
    assert (await workshop("GET", "/v1/answers")).code == "internal_error"


async def test_it_is_found_by_the_base_class_and_may_be_a_plain_function(
    workshop: Workshop,
) -> None:
    @workshop.app.exception_handler(LookupError)
    def on_lookup_error(request: Request, error: Exception) -> Response:
        return JSONResponse(type(error).__name__, 499)

    workshop.answer("get_answer", KeyError())
    assert (await workshop("GET", "/v1/answers")).json() == "KeyError"


@pytest.mark.parametrize(("status", "code"), [(404, "tool_not_found"), (503, "unavailable")])
async def test_an_http_exception_becomes_the_problem_of_its_status(
    status: int, code: str, workshop: Workshop
) -> None:
    workshop.answer("delete_tool", HTTPException(status, "saw", {"Retry-After": "9"}))
    received = await workshop("DELETE", "/v1/tools/1")
    if status == 404:  # not_found is not declared there, and nothing says that it means the tool
        assert received.code == "internal_error"
    else:
        assert (received.code, received.header("retry-after")) == (code, "9")
    assert b"saw" not in received.body


async def test_an_http_exception_that_is_not_declared_is_a_bug_and_logged(
    workshop: Workshop, capsys: pytest.CaptureFixture[str]
) -> None:
    workshop.answer("delete_tool", HTTPException(418))
    assert (await workshop("DELETE", "/v1/tools/1")).code == "internal_error"
    assert "418" in capsys.readouterr().out


def client_of(workshop: Workshop) -> TestClient:
    return TestClient(workshop.app, raise_server_exceptions=False)


def with_routes() -> Workshop:
    workshop = make()

    @workshop.app.get("/custom/{number}", name="custom")
    async def custom(number: int, odd: str = Query("x"), extra: str = Depends(lambda: "d")) -> Any:
        if number == 0:
            raise HTTPException(409, "saw")
        if number == 1:
            raise HTTPException(404, "saw")
        if number == 2:
            raise HTTPException(303, headers={"Location": "/custom/3"})
        if number == 4:
            raise KeyError("saw")
        return {"number": number, "odd": odd, "extra": extra}

    router = APIRouter()
    router.add_api_route("/later", lambda: "later", methods=["GET"])
    workshop.app.include_router(router)
    return workshop


def test_routes_of_ones_own_work_as_ever() -> None:
    client = client_of(with_routes())
    assert client.get("/custom/3?odd=y").json() == {"number": 3, "odd": "y", "extra": "d"}
    assert client.get("/later").json() == "later"
    assert client.get("/custom/2", follow_redirects=False).headers["location"] == "/custom/3"
    assert client.get("/custom/3").headers["x-request-id"]


@pytest.mark.parametrize(
    ("method", "target", "status"),
    [
        ("GET", "/custom/0", 409),
        ("GET", "/custom/1", 404),
        ("GET", "/custom/4", 500),
        ("GET", "/custom/x", 422),
        ("POST", "/custom/3", 405),
        ("GET", "/nowhere", 404),
    ],
)
def test_their_errors_are_problems_that_echo_nothing(method: str, target: str, status: int) -> None:
    answer = client_of(with_routes()).request(method, target)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status
    assert "saw" not in answer.text
    if status == 405:
        assert answer.headers["allow"] == "GET"


def test_urls_are_made_for_routes_and_operations_alike() -> None:
    app = with_routes().app
    assert app.url_path_for("custom", number=3) == "/custom/3"
    assert app.url_path_for("get_part", tool_id="a/b c", part_id=3) == "/v1/tools/a%2Fb%20c/parts/3"


def test_middleware_sees_requests_and_answers() -> None:
    workshop = make()

    async def stamp(request: Request, call_next: Any) -> Response:
        response: Response = await call_next(request)
        response.headers["x-stamp"] = request.url.path
        return response

    class Pure:
        def __init__(self, app: ASGIApp) -> None:
            self.app = app

        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            scope["state"]["seen"] = True
            await self.app(scope, receive, send)

    workshop.app.add_middleware(BaseHTTPMiddleware, dispatch=stamp)
    workshop.app.add_middleware(Pure)
    with client_of(workshop) as client:
        answer = client.get("/v1/tools/1")
    assert (answer.status_code, answer.headers["x-stamp"]) == (200, "/v1/tools/1")


@pytest.mark.parametrize("in_place", [True, False])
def test_the_contract_reads_the_fields_that_a_middleware_leaves(in_place: bool) -> None:
    workshop = make()

    class Refining:
        def __init__(self, app: ASGIApp) -> None:
            self.app = app

        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "http":
                fields = scope["headers"] if in_place else list(scope["headers"])
                fields[:] = [field for field in fields if field[0] != b"accept"]
                fields.append((b"accept", b"image/png"))
                scope = {**scope, "headers": fields}
            await self.app(scope, receive, send)

    workshop.app.add_middleware(Refining)
    with client_of(workshop) as client:
        answer = client.get("/v1/tools/1")
    assert (answer.status_code, answer.json()["code"]) == (406, "not_acceptable")


def test_a_plain_error_of_a_middleware_becomes_a_problem() -> None:
    workshop = make()

    async def shut(request: Request, call_next: Any) -> Response:
        return PlainTextResponse("saw", 503, {"Retry-After": "9"})

    workshop.app.add_middleware(BaseHTTPMiddleware, dispatch=shut)
    install(workshop.app, workshop.contract, documents=[], allowed_hosts=["*"])
    answer = client_of(workshop).get("/v1/tools/1")
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert answer.headers["retry-after"] == "9"


def test_the_lifespan_runs() -> None:
    steps: list[str] = []

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        steps.append("up")
        yield
        steps.append("down")

    workshop = make()
    app = FastAPI(lifespan=lifespan)
    install(app, workshop.contract, documents=[], allowed_hosts=["testserver"])
    with TestClient(app) as client:
        assert client.get("/v1/tools/1").status_code == 200
        assert steps == ["up"]
    assert steps == ["up", "down"]


def test_a_mounted_application_serves_the_same_paths() -> None:
    outer = FastAPI()
    outer.mount("/inner", make().app)
    client = TestClient(outer)
    assert client.get("/inner/v1/tools/a%2Fb").json()["id"] == "a/b"
    assert client.get("/v1/tools/1").status_code == 404


def test_a_websocket_of_ones_own_is_left_alone() -> None:
    workshop = make()

    @workshop.app.websocket("/socket")
    async def socket(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.send_text("hello")
        await websocket.close()

    with client_of(workshop).websocket_connect("/socket") as session:
        assert session.receive_text() == "hello"


def test_the_document_is_served_as_written(tmp_path: Any) -> None:
    file = tmp_path / "openapi.yaml"
    file.write_bytes(b"openapi: 3.1.0 # as written\n")
    document = ServedDocument.read(file)
    workshop, app = make(), FastAPI(openapi_url=None)
    install(app, workshop.contract, documents=[document], allowed_hosts=["testserver"])
    client = TestClient(app)
    answer = client.get("/openapi.yaml")
    assert answer.content == file.read_bytes()
    assert answer.headers["content-type"] == "application/yaml"
    etag = answer.headers["etag"]
    assert etag.strip('"') == document.digest.removeprefix("sha256:")
    again = client.get("/openapi.yaml", headers={"if-none-match": etag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    assert client.head("/openapi.yaml").status_code == 200
    refused = client.post("/openapi.yaml")
    assert (refused.status_code, refused.json()["code"]) == (405, "method_not_allowed")
