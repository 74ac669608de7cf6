import base64

import pytest

from tests.contract.runtime.workshop import GOOD, JSON, Workshop, judge_credential, make

BASIC = ("authorization", "Basic Z29vZA==")
KEY = ("x-key", "good")
SESSION = ("cookie", "a=b; session=good")


@pytest.mark.parametrize(
    ("target", "fields", "actor"),
    [
        ("/v1/vault/either", [KEY], "good"),
        ("/v1/vault/either", [BASIC], "Z29vZA=="),
        ("/v1/vault/either", [("authorization", "bAsIc  Z29vZA== ")], "Z29vZA=="),
        ("/v1/vault/either", [KEY, BASIC], "good"),
        ("/v1/vault/either", [("x-key", "bad"), BASIC], "Z29vZA=="),
        ("/v1/vault/either", [KEY, ("authorization", "Basic bad")], "good"),
        ("/v1/vault/either", [KEY, ("authorization", "Bearer other")], "good"),
        ("/v1/vault/both?key=reader", [SESSION], "reader"),
        ("/v1/vault/both?key=a%2Bb%2Fc%3D", [SESSION], "a+b/c="),
        ("/v1/vault/scoped", [GOOD], "good"),
    ],
)
async def test_good_credentials_open(
    target: str, fields: list[tuple[str, str]], actor: str, workshop: Workshop
) -> None:
    received = await workshop("GET", target, *fields)
    assert (received.status, received.json()) == (200, actor)


@pytest.mark.parametrize(
    ("target", "fields", "code"),
    [
        ("/v1/vault/either", [], "unauthorized"),
        ("/v1/vault/either", [SESSION], "unauthorized"),
        ("/v1/vault/either", [("x-key", "bad")], "invalid_token"),
        ("/v1/vault/either", [KEY, KEY], "invalid_token"),
        ("/v1/vault/either", [BASIC, BASIC], "invalid_token"),
        ("/v1/vault/either", [("authorization", "Basic")], "invalid_token"),
        ("/v1/vault/either", [("authorization", "")], "invalid_token"),
        ("/v1/vault/either", [GOOD], "invalid_token"),
        ("/v1/vault/both", [], "unauthorized"),
        ("/v1/vault/both?key=good", [], "invalid_token"),
        ("/v1/vault/both", [SESSION], "invalid_token"),
        ("/v1/vault/both?key=good&key=good", [SESSION], "invalid_token"),
        ("/v1/vault/both?key=good", [("cookie", "session=good; session=bad")], "invalid_token"),
        ("/v1/vault/both?key=bad", [SESSION], "invalid_token"),
        ("/v1/vault/both?key=good", [("cookie", "session=bad")], "invalid_token"),
        ("/v1/vault/scoped", [], "unauthorized"),
        ("/v1/vault/scoped", [("authorization", "good")], "invalid_token"),
        ("/v1/vault/scoped", [("authorization", "Bearer good bad")], "invalid_token"),
        ("/v1/tools/1", [("authorization", "Bearer bad")], "invalid_token"),
        ("/v1/tools/1", [("authorization", "")], "invalid_token"),
        ("/v1/tools/1", [BASIC], "invalid_token"),
    ],
)
async def test_missing_and_bad_credentials_are_told_apart(
    target: str, fields: list[tuple[str, str]], code: str, workshop: Workshop
) -> None:
    received = await workshop("GET", target, *fields)
    assert (received.status, received.code) == (401, code)
    assert received.header("www-authenticate")


@pytest.mark.parametrize(
    ("target", "challenge"),
    [
        ("/v1/vault/scoped", "Bearer"),
        ("/v1/vault/either", 'ApiKey name="X-Key", Basic realm="service", charset="UTF-8"'),
        ("/v1/vault/both", 'ApiKey name="key", ApiKey name="session"'),
    ],
)
async def test_401_names_the_schemes_of_the_operation(
    target: str, challenge: str, workshop: Workshop
) -> None:
    received = await workshop("GET", target)
    assert set((received.header("www-authenticate") or "").split(", ")) == set(
        challenge.split(", ")
    )


async def test_a_bad_token_is_called_so(workshop: Workshop) -> None:
    received = await workshop("GET", "/v1/vault/scoped", ("authorization", "Bearer bad"))
    assert received.header("www-authenticate") == 'Bearer error="invalid_token"'


async def test_an_actor_without_the_scope_is_forbidden(workshop: Workshop) -> None:
    received = await workshop("GET", "/v1/vault/scoped", ("authorization", "Bearer reader"))
    assert (received.status, received.code) == (403, "forbidden")


async def test_optional_credentials_may_be_missing(workshop: Workshop) -> None:
    seen: list[str | None] = []
    workshop.answer("get_tool", lambda call: seen.append(call.signed_in))
    await workshop("GET", "/v1/tools/1")
    await workshop("GET", "/v1/tools/1", GOOD)
    assert seen == [None, "good"]


@pytest.mark.parametrize("credential", [None, "Bearer bad"])
@pytest.mark.parametrize("body", [b"", b"{", b'{"name":1}', b'{"name":"x"}', b"\xff"], ids=repr)
async def test_credentials_are_judged_before_input(
    credential: str | None, body: bytes, workshop: Workshop
) -> None:
    fields = [("authorization", credential)] if credential else []
    for target in ("/v1/tools", "/v1/tools?odd=1"):
        received = await workshop("POST", target, JSON, ("accept", "text/html"), *fields, body=body)
        assert received.status == 401
    assert "handler" not in workshop.journal


async def test_a_missing_credential_opens_no_transaction(workshop: Workshop) -> None:
    await workshop("POST", "/v1/tools", JSON, body=b'{"name":"x"}')
    assert workshop.journal == ["answer starts"]


async def test_a_guard_that_fails_is_a_bug_and_not_a_way_in() -> None:
    async def broken(context: object, credential: str) -> str:
        raise KeyError(credential)

    guards = dict.fromkeys(("bearer", "basic", "query_key", "cookie_key"), judge_credential)
    workshop = make(guards={**guards, "header_key": broken})
    received = await workshop("GET", "/v1/vault/either", KEY, BASIC)
    assert (received.status, received.code) == (500, "internal_error")


def test_the_basic_credential_of_these_tests_is_one() -> None:
    assert base64.b64decode(BASIC[1].removeprefix("Basic ")) == b"good"
