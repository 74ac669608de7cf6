from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import jwt
import pytest
from pydantic import SecretStr

from app.security.tokens import AccessToken, RefreshToken, Tokens, key_id
from app.settings import Settings
from generated.problems import InvalidToken
from tests.security.forge import encoded, signed, token

KEY = "mzV4pX0Qe7tKc2RyWb9uNf6sHj1gLd8aEo3iTqUvYxZkBnMwCrPh5DS-JGFA"
OTHER_KEY = "Jq8sVw2nXe5rTb7yUk3mZc9pLa1oGd6fHi4jQxRvSzNtBuMwEyKh0CP-DFGA"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SECOND = int(NOW.timestamp())
FAMILY = UUID("9d0c5b1e4f7a4c2d8e6b3a1f0c9d7e5b")
ISSUER = "Colophon"

HEADER = {"alg": "HS256", "typ": "at+jwt", "kid": key_id(KEY)}
CLAIMS: dict[str, Any] = {
    "iss": ISSUER,
    "aud": ISSUER,
    "sub": "7",
    "sid": FAMILY.hex,
    "jti": "5f0c6e5b8f4c4c1e",
    "iat": SECOND,
    "exp": SECOND + 1800,
}
LEFT_OUT = object()
DEEP = '{"iss":' + "[" * 100_000 + "]" * 100_000 + "}"


def settings(**changed: Any) -> Settings:
    return Settings(
        _env_file=None, environment="test", app_name=ISSUER, secret_key=SecretStr(KEY), **changed
    )


def tokens(**changed: Any) -> Tokens:
    return Tokens(settings(**changed))


def claims(**changed: Any) -> dict[str, Any]:
    merged = {**CLAIMS, **changed}
    return {name: value for name, value in merged.items() if value is not LEFT_OUT}


def with_claims(**changed: Any) -> str:
    return token(HEADER, claims(**changed), KEY.encode())


def with_header(**changed: Any) -> str:
    merged = {**HEADER, **changed}
    kept = {name: value for name, value in merged.items() if value is not LEFT_OUT}
    return token(kept, CLAIMS, KEY.encode())


def unsigned(**changed: Any) -> str:
    return f"{encoded(json.dumps({**HEADER, **changed}))}.{encoded(json.dumps(CLAIMS))}."


GOOD = with_claims()
FIRST, SECOND_PART, LAST = GOOD.split(".")

ATTACKS = {
    # The signature
    "alg none": unsigned(alg="none"),
    "alg None": unsigned(alg="None"),
    "alg nOnE": unsigned(alg="nOnE"),
    "alg empty": unsigned(alg=""),
    "alg none with the signature left": with_header(alg="none"),
    "alg of another length": token({**HEADER, "alg": "HS512"}, CLAIMS, KEY.encode(), "sha512"),
    "alg said wrongly": with_header(alg="HS384"),
    "alg asymmetric": with_header(alg="RS256"),
    "alg missing": with_header(alg=LEFT_OUT),
    "alg a list": with_header(alg=["HS256"]),
    "another key": token(HEADER, CLAIMS, OTHER_KEY.encode()),
    "another key under its own id": token(
        {**HEADER, "kid": key_id(OTHER_KEY)}, CLAIMS, OTHER_KEY.encode()
    ),
    "empty key": token(HEADER, CLAIMS, b""),
    "the key's id as key": token(HEADER, CLAIMS, key_id(KEY).encode()),
    "claims exchanged": f"{FIRST}.{encoded(json.dumps(claims(sub='1')))}.{LAST}",
    "signature cut": GOOD[:-4],
    "signature empty": f"{FIRST}.{SECOND_PART}.",
    "signature of the claims alone": f"{FIRST}.{SECOND_PART}.{signed(SECOND_PART, KEY.encode())}",
    # The header
    "kid of a path": with_header(kid="../../dev/null"),
    "kid a list": with_header(kid=["a"]),
    "kid an object": with_header(kid={}),
    "kid null": with_header(kid=None),
    "kid missing": with_header(kid=LEFT_OUT),
    "kid of a megabyte": with_header(kid="a" * 1_000_000),
    "kid with SQL": with_header(kid="' OR 1=1 --"),
    "jwk of the attacker": token(
        {**HEADER, "kid": "x", "jwk": {"kty": "oct", "k": encoded(OTHER_KEY)}},
        CLAIMS,
        OTHER_KEY.encode(),
    ),
    "jku of the attacker": token(
        {**HEADER, "kid": "x", "jku": "https://attacker.example/keys"}, CLAIMS, OTHER_KEY.encode()
    ),
    "crit unknown": with_header(crit=["exp2"], exp2=1),
    "b64 false": with_header(b64=False, crit=["b64"]),
    "typ JWT": with_header(typ="JWT"),
    "typ missing": with_header(typ=LEFT_OUT),
    "typ of a refresh token": with_header(typ="rt+jwt"),
    "typ a list": with_header(typ=["at+jwt"]),
    "header a list": token([HEADER], CLAIMS, KEY.encode()),
    "header no JSON": token("not json", CLAIMS, KEY.encode()),
    "header not UTF-8": token(b"\xff\xfe", CLAIMS, KEY.encode()),
    # The claims
    **{f"{name} missing": with_claims(**{name: LEFT_OUT}) for name in CLAIMS},
    **{f"{name} null": with_claims(**{name: None}) for name in CLAIMS},
    "exp past": with_claims(exp=SECOND - 6),
    "exp a string": with_claims(exp=str(SECOND + 1800)),
    "exp a float": with_claims(exp=SECOND + 1800.5),
    "exp for ever": with_claims(exp=1e300),
    "exp true": with_claims(exp=True),
    "exp negative": with_claims(exp=-1),
    "exp NaN": token(HEADER, json.dumps(claims(exp=float("nan"))), KEY.encode()),
    "exp infinite": token(HEADER, json.dumps(claims(exp=float("inf"))), KEY.encode()),
    "exp a list": with_claims(exp=[SECOND + 1800]),
    "iat in the future": with_claims(iat=SECOND + 60),
    "iat a string": with_claims(iat="now"),
    "nbf in the future": with_claims(nbf=SECOND + 60),
    "nbf true": with_claims(nbf=True),
    "iss another": with_claims(iss="Other"),
    "iss a list": with_claims(iss=[ISSUER]),
    "aud another": with_claims(aud="Other"),
    "aud a list with ours": with_claims(aud=[ISSUER, "Other"]),
    "aud a prefix": with_claims(aud=ISSUER[:-1]),
    "sub a number": with_claims(sub=7),
    "sub not a number": with_claims(sub="root"),
    "sub zero": with_claims(sub="0"),
    "sub with a sign": with_claims(sub="+7"),
    "sub with a space": with_claims(sub="7 "),
    "sub of other digits": with_claims(sub="\u0667"),
    "sub too large": with_claims(sub="9223372036854775808"),
    "sub with SQL": with_claims(sub="7 OR 1=1"),
    "sid no UUID": with_claims(sid="mine"),
    "sid a number": with_claims(sid=1),
    "jti a number": with_claims(jti=1),
    "claims a list": token(HEADER, [CLAIMS], KEY.encode()),
    "claims a string": token(HEADER, '"claims"', KEY.encode()),
    "claims of great depth": token(HEADER, DEEP, KEY.encode()),
    "claims no JSON": token(HEADER, "{", KEY.encode()),
    "claims not UTF-8": token(HEADER, b"\xff\xfe", KEY.encode()),
    # The form
    "nothing": "",
    "a word": "token",
    "two parts": f"{FIRST}.{SECOND_PART}",
    "four parts": f"{GOOD}.x",
    "five parts": f"{GOOD}.x.y",
    "dots": "..",
    "a dot behind": GOOD + ".",
    "padding": GOOD + "==",
    "a space behind": GOOD + " ",
    "a line behind": GOOD + "\n",
    "U+0000 behind": GOOD + "\0",
    "a lone surrogate": GOOD + "\ud800",
    "other letters": GOOD + "é",
    "a refresh token": tokens().issue_refresh_token(FAMILY, 1),
    "twice": f"{GOOD},{GOOD}",
}


def test_a_good_token_names_its_user_and_its_sign_in() -> None:
    assert tokens().read_access_token(GOOD, NOW) == AccessToken(7, FAMILY)


@pytest.mark.parametrize("name", ATTACKS)
def test_a_forged_or_mistyped_token_is_refused(name: str) -> None:
    with pytest.raises(InvalidToken):
        tokens().read_access_token(ATTACKS[name], NOW)


def test_the_table_of_attacks_is_long() -> None:
    assert len(set(ATTACKS.values())) >= 45


def test_what_is_issued_is_good_until_it_expires() -> None:
    issued = tokens().issue_access_token(7, FAMILY, NOW)
    end = NOW + timedelta(minutes=30)

    assert tokens().read_access_token(issued, NOW) == AccessToken(7, FAMILY)
    assert tokens().read_access_token(issued, end + timedelta(seconds=4)).user_id == 7
    with pytest.raises(InvalidToken):
        tokens().read_access_token(issued, end + timedelta(seconds=5))
    with pytest.raises(InvalidToken):
        tokens().read_access_token(issued, NOW - timedelta(seconds=6))


def test_the_operator_chooses_how_long_a_token_lasts() -> None:
    issued = tokens(access_token_expire_minutes=5).issue_access_token(7, FAMILY, NOW)

    with pytest.raises(InvalidToken):
        tokens().read_access_token(issued, NOW + timedelta(minutes=6))


def test_no_two_tokens_are_alike_and_each_carries_the_required_claims() -> None:
    first, second = (tokens().issue_access_token(7, FAMILY, NOW) for _ in range(2))
    carried = jwt.decode(first, options={"verify_signature": False})

    assert first != second
    assert carried.keys() == CLAIMS.keys()
    assert jwt.get_unverified_header(first) == HEADER


@pytest.mark.parametrize("algorithm", ["HS256", "HS384"])
def test_every_algorithm_that_can_be_set_works_and_takes_no_other(algorithm: str) -> None:
    ours = tokens(algorithm=algorithm)
    other = tokens(algorithm="HS384" if algorithm == "HS256" else "HS256")
    issued = ours.issue_access_token(7, FAMILY, NOW)

    assert ours.read_access_token(issued, NOW).user_id == 7
    with pytest.raises(InvalidToken):
        other.read_access_token(issued, NOW)


def test_a_key_is_replaced_without_signing_anybody_out() -> None:
    old = tokens()
    new = Tokens(
        settings().model_copy(
            update={
                "secret_key": SecretStr(OTHER_KEY),
                "secret_keys_previous": (SecretStr(KEY),),
            }
        )
    )
    access, refresh = old.issue_access_token(7, FAMILY, NOW), old.issue_refresh_token(FAMILY, 3)

    assert new.read_access_token(access, NOW) == AccessToken(7, FAMILY)
    assert new.read_refresh_token(refresh) == RefreshToken(FAMILY, 3)
    with pytest.raises(InvalidToken):
        old.read_access_token(new.issue_access_token(7, FAMILY, NOW), NOW)
    assert old.read_refresh_token(new.issue_refresh_token(FAMILY, 3)) is None


def test_a_key_that_was_dropped_is_good_for_nothing() -> None:
    new = Tokens(settings().model_copy(update={"secret_key": SecretStr(OTHER_KEY)}))

    with pytest.raises(InvalidToken):
        new.read_access_token(GOOD, NOW)
    assert new.read_refresh_token(tokens().issue_refresh_token(FAMILY, 3)) is None


def test_a_refresh_token_is_the_same_for_the_same_sign_in_and_number() -> None:
    issued = tokens().issue_refresh_token(FAMILY, 3)

    assert issued == tokens().issue_refresh_token(FAMILY, 3)
    assert tokens().read_refresh_token(issued) == RefreshToken(FAMILY, 3)
    assert issued != tokens().issue_refresh_token(FAMILY, 4)
    assert issued != tokens().issue_refresh_token(uuid4(), 3)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace(".3.", ".4."),
        lambda text: text.replace(".3.", ".03."),
        lambda text: text.replace(".3.", ".\u0663."),
        lambda text: text.replace(".3.", ".0."),
        lambda text: text.replace(".3.", ".9999999999999999999."),
        lambda text: text.replace("9d0c", "9D0C"),
        lambda text: "0" * 32 + text[32:],
        lambda text: text[:-1],
        lambda text: text[:-1] + ("A" if text[-1] != "A" else "B"),
        lambda text: text + "\n",
        lambda text: text + "=",
        lambda text: text + "\ud800",
    ],
)
def test_a_forged_refresh_token_is_none(change: Any) -> None:
    forged = change(tokens().issue_refresh_token(FAMILY, 3))

    assert tokens().read_refresh_token(forged) is None


@pytest.mark.parametrize(
    "other",
    ["", "é" * 500, GOOD, f"{FAMILY.hex}.3.{signed(f'{FAMILY.hex}.3', KEY.encode())}"],
)
def test_something_else_is_no_refresh_token(other: str) -> None:
    assert tokens().read_refresh_token(other) is None
