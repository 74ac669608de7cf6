"""What every client does alike, whatever its language, in front of a server with a script."""

from __future__ import annotations

import time
from urllib.parse import parse_qs

import pytest

from colophon_sdk import Tokens
from tests.sdk.callers import Asked, Call, Caller, awaited, blocking, typescript
from tests.sdk.conftest import Project
from tests.sdk.scripted import Answer, in_turn, problem, scripted
from tests.sdk.scripted import Asked as Request

USER = {
    "id": 7,
    "username": "ada",
    "full_name": None,
    "bio": None,
    "created_at": "2026-11-23T09:30:00Z",
    "updated_at": "2026-11-23T09:30:00Z",
}
FOUND = Answer(200, USER)
GONE = Answer(204, b"")
BROKEN = Answer(0)
BUSY = problem(503, "unavailable")
IN_USE = problem(409, "idempotency_key_in_use", headers={"Retry-After": "0"})
READ = Call("users", "get_user", path={"user_id": 7})
ME = Call("users", "get_me")
DELETE = Call("users", "delete_user", path={"user_id": 7})
CHANGE = Call("users", "update_user", path={"user_id": 7}, body={"bio": "Wrote the first program."})
REGISTER = Call(
    "users",
    "register_user",
    body={"email": "ada@example.org", "username": "ada", "password": "analytical engine"},
)
LOG_IN = Call(
    "auth",
    "log_in",
    body={"grant_type": "password", "username": "ada", "password": "analytical engine"},
)
DELETE_IF = Call("users", "delete_user", path={"user_id": 7}, headers={"If-Match": '"1"'})
FRESH = {"access_token": "new-access", "token_type": "bearer", "refresh_token": "new-refresh"}
SUCCESSES = {
    "get_user": FOUND,
    "delete_user": GONE,
    "update_user": FOUND,
    "register_user": Answer(201, USER),
    "log_in": Answer(200, {**FRESH, "expires_in": 1800}),
}
EXPIRED = Tokens("old-access", "old-refresh", time.time() - 3600, 1800)
RENEWED = Answer(200, {**FRESH, "expires_in": 1800})


@pytest.fixture(scope="session")
def typescript_caller(node_project: Project) -> Caller:
    return typescript(node_project)


@pytest.fixture(params=["blocking", "awaited", "typescript"])
def caller(request: pytest.FixtureRequest) -> Caller:
    if request.param == "typescript":
        in_typescript: Caller = request.getfixturevalue("typescript_caller")
        return in_typescript
    return blocking if request.param == "blocking" else awaited


@pytest.mark.parametrize(
    ("call", "first", "times"),
    [
        (READ, BUSY, 2),
        (READ, Answer(502, b"<html>", {"Content-Type": "text/html"}), 2),
        (READ, BROKEN, 2),
        (READ, problem(500, "internal_error"), 1),
        (DELETE, BUSY, 2),
        (DELETE, BROKEN, 2),
        (DELETE_IF, BUSY, 1),
        (DELETE_IF, BROKEN, 1),
        (DELETE_IF, problem(429, "too_many_requests"), 2),
        (CHANGE, BUSY, 1),
        (CHANGE, BROKEN, 1),
        (REGISTER, BUSY, 2),
        (REGISTER, BROKEN, 2),
        (REGISTER, IN_USE, 2),
        (REGISTER, problem(409, "email_taken"), 1),
        (REGISTER, problem(500, "internal_error"), 1),
        (LOG_IN, BUSY, 1),
        (LOG_IN, BROKEN, 1),
        (REGISTER, problem(429, "too_many_requests"), 2),
    ],
)
def test_only_what_may_be_done_twice_is_repeated(
    caller: Caller, call: Call, first: Answer, times: int
) -> None:
    with scripted(in_turn(first, SUCCESSES[call.operation])) as server:
        made = caller(Asked(server.url, [call], tokens=Tokens("access")))

    assert len(server.asked) == times
    assert ("error" in made.only) == (times == 1)


def test_trying_again_comes_to_an_end(caller: Caller) -> None:
    with scripted(in_turn(BUSY)) as server:
        made = caller(Asked(server.url, [READ], attempts=3))

    assert (made.only["error"], len(server.asked)) == ("Unavailable", 3)


def test_the_pause_that_the_service_asks_for_is_kept(caller: Caller) -> None:
    asked_to_wait = problem(503, "unavailable", headers={"Retry-After": "1"})
    began = time.monotonic()
    with scripted(in_turn(asked_to_wait, FOUND)) as server:
        made = caller(Asked(server.url, [READ]))

    assert made.only["data"]["username"] == "ada"
    assert time.monotonic() - began >= 1


def test_a_pause_that_is_too_long_is_not_begun(caller: Caller) -> None:
    asked_to_wait = problem(503, "unavailable", headers={"Retry-After": "600"})
    with scripted(in_turn(asked_to_wait, FOUND)) as server:
        made = caller(Asked(server.url, [READ]))

    assert (made.only["error"], len(server.asked)) == ("Unavailable", 1)


def test_a_server_that_does_not_answer_in_time_is_unreachable(caller: Caller) -> None:
    def slowly(_: Request) -> Answer:
        time.sleep(1)
        return FOUND

    with scripted(slowly) as server:
        made = caller(Asked(server.url, [CHANGE], timeout=0.2, tokens=Tokens("access")))

    assert (made.only["error"], len(server.asked)) == ("Unreachable", 1)
    assert "gave no answer in 1 attempt: " in made.only["message"]


def test_a_problem_comes_with_its_class_its_request_and_its_faults(caller: Caller) -> None:
    fault = {"pointer": "#/bio", "code": "too_long", "detail": "This is too long."}
    with scripted(in_turn(problem(422, "invalid_input", errors=[fault]))) as server:
        made = caller(Asked(server.url, [CHANGE], tokens=Tokens("access")))

    assert made.only == {
        "error": "InvalidInput",
        "code": "invalid_input",
        "message": "invalid_input (422): It is invalid_input."
        " #/bio: This is too long. [request r-1]",
    }


def test_a_problem_names_the_trace_that_the_service_knows_it_by(caller: Caller) -> None:
    with scripted(in_turn(problem(404, "user_not_found", trace_id="7" * 32))) as server:
        made = caller(Asked(server.url, [READ]))

    assert made.only["message"].endswith(f"[request r-1, trace {'7' * 32}]")


@pytest.mark.parametrize("code", ["out_of_ink", "constructor", "__proto__"])
def test_a_code_of_a_newer_service_is_a_problem(caller: Caller, code: str) -> None:
    with scripted(in_turn(problem(418, code))) as server:
        made = caller(Asked(server.url, [READ]))

    assert (made.only["error"], made.only["code"]) == ("Problem", code)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(404, b"<html>nothing here</html>", {"Content-Type": "text/html"}),
        Answer(404, b"{", {"Content-Type": "application/problem+json"}),
        Answer(404, b"[]", {"Content-Type": "application/json"}),
    ],
)
def test_what_is_no_problem_is_an_unexpected_answer(caller: Caller, answer: Answer) -> None:
    with scripted(in_turn(answer)) as server:
        made = caller(Asked(server.url, [READ]))

    assert made.only["error"] == "UnexpectedAnswer"
    assert made.only["message"].startswith(f"{server.url}/api/v1/users/7 answered 404")


@pytest.mark.parametrize("body", [b"<html>welcome</html>", b"{"])
@pytest.mark.parametrize("media_type", ["text/html", "application/json"])
def test_a_success_of_somebody_else_is_an_error_of_ours(
    caller: Caller, body: bytes, media_type: str
) -> None:
    with scripted(in_turn(Answer(200, body, {"Content-Type": media_type}))) as server:
        made = caller(Asked(server.url, [READ]))

    assert made.only["error"] in {"DecodeError", "SdkError", "UnexpectedAnswer"}


@pytest.mark.parametrize(
    "body", [b"<html>", b"{}", b"[]", b'{"access_token": 7, "expires_in": []}']
)
def test_what_is_no_token_is_an_unexpected_answer(caller: Caller, body: bytes) -> None:
    with scripted(Renewing(Answer(200, body))) as server:
        made = caller(Asked(server.url, [ME], tokens=EXPIRED))

    assert made.errors == ["UnexpectedAnswer"]


@pytest.mark.parametrize("errors", [7, None, [7, None, "x"]])
def test_faults_that_make_no_sense_are_left_out(caller: Caller, errors: object) -> None:
    with scripted(in_turn(problem(422, "invalid_input", errors=errors))) as server:
        made = caller(Asked(server.url, [READ]))

    assert made.only["error"] == "InvalidInput"


def test_members_of_a_newer_service_are_no_error(caller: Caller) -> None:
    with scripted(in_turn(Answer(200, {**USER, "pronouns": "she"}))) as server:
        made = caller(Asked(server.url, [READ]))

    assert made.only["data"]["id"] == 7


class Renewing:
    """Knows the newest access token only, and takes its time to renew."""

    def __init__(self, renewed: Answer = RENEWED) -> None:
        self.renewed = renewed

    def __call__(self, asked: Request) -> Answer:
        if asked.path == "/api/v1/auth/refresh":
            time.sleep(0.2)
            return self.renewed
        if asked.headers.get("authorization") == "Bearer new-access":
            return FOUND
        challenge = 'Bearer realm="api", error="invalid_token"'
        return problem(401, "invalid_token", headers={"WWW-Authenticate": challenge})


@pytest.mark.parametrize("tokens", [EXPIRED, Tokens("old-access", "old-refresh")])
def test_many_calls_at_once_renew_the_token_once(caller: Caller, tokens: Tokens) -> None:
    with scripted(Renewing()) as server:
        made = caller(Asked(server.url, [ME] * 8, tokens=tokens, together=True))

    renewals = [asked for asked in server.asked if asked.path == "/api/v1/auth/refresh"]
    assert made.errors == [None] * 8
    assert [parse_qs(asked.body.decode()) for asked in renewals] == [
        {"grant_type": ["refresh_token"], "refresh_token": ["old-refresh"]}
    ]
    assert "authorization" not in renewals[0].headers


def test_a_token_about_to_expire_is_renewed_before_it_is_used(caller: Caller) -> None:
    soon = Tokens("old-access", "old-refresh", time.time() + 10, 1800)
    with scripted(Renewing()) as server:
        caller(Asked(server.url, [ME, ME], tokens=soon))

    assert server.calls == ["POST /api/v1/auth/refresh", "GET /api/v1/me", "GET /api/v1/me"]


def test_a_token_that_still_works_is_used_while_renewing_fails(caller: Caller) -> None:
    soon = Tokens("new-access", "old-refresh", time.time() + 10, 1800)
    with scripted(Renewing(BUSY)) as server:
        made = caller(Asked(server.url, [ME], tokens=soon))

    assert made.errors == [None]


def test_a_sign_in_that_has_ended_never_turns_into_anonymous_calls(caller: Caller) -> None:
    ended = problem(400, "invalid_grant", error="invalid_grant")
    with scripted(Renewing(ended)) as server:
        made = caller(Asked(server.url, [ME, READ], tokens=EXPIRED))

    assert made.errors == ["InvalidGrant", "InvalidGrant"]
    assert server.calls == ["POST /api/v1/auth/refresh"]


def test_a_token_goes_only_where_the_document_asks_for_one(caller: Caller) -> None:
    live = Call("health", "get_liveness")
    with scripted(in_turn(Answer(200, {"status": "alive"}), FOUND)) as server:
        caller(Asked(server.url, [live, READ], tokens=Tokens("access")))

    given = [asked.headers.get("authorization") for asked in server.asked]
    assert given == [None, "Bearer access"]


def test_a_client_names_itself_and_shows_no_secret(caller: Caller) -> None:
    with scripted(in_turn(FOUND)) as server:
        made = caller(Asked(server.url, [ME], tokens=Tokens("s3cret", "s3cret")))

    assert server.asked[0].headers["user-agent"].startswith("colophon-sdk-")
    assert "s3cret" not in made.shown


def test_names_of_the_document_go_out_as_they_are(caller: Caller) -> None:
    calls = [
        Call("users", "list_users", query={"page": 2, "page_size": 7}),
        Call("users", "update_user", path={"user_id": 7}, body={"full_name": None, "bio": "…"}),
    ]
    page = {"users": [], "total": 0, "total_is_capped": False, "page": 2, "page_size": 7}
    with scripted(in_turn(Answer(200, {**page, "next_cursor": None}), FOUND)) as server:
        caller(Asked(server.url, calls, tokens=Tokens("access")))

    assert server.calls == [
        "GET /api/v1/users?page=2&page_size=7",
        "PATCH /api/v1/users/7",
    ]
    sent = server.asked[1]
    assert sent.headers["content-type"] == "application/merge-patch+json"
    assert sent.body.decode() == '{"full_name":null,"bio":"…"}'
