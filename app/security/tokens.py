"""Access tokens (signed JWT, RFC 9068) and refresh tokens (opaque): how they are made and read.
Whether the sign-in behind a token still stands is for the database to say, see `guard`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import jwt

from app.settings import Settings
from generated.problems import InvalidToken

TYPE = "at+jwt"
REQUIRED_CLAIMS = ["exp", "iat", "sub", "iss", "aud", "jti", "sid"]
LEEWAY = 5  # seconds by which the clocks of two replicas may differ
LONGEST_TOKEN = 4096
LARGEST_ID = 2**63 - 1
USER_ID = re.compile(r"[1-9][0-9]{0,18}")
REFRESH_TOKEN = re.compile(r"([0-9a-f]{32})\.([1-9][0-9]{0,17})\.([A-Za-z0-9_-]{43})")


@dataclass(frozen=True, slots=True)
class AccessToken:
    """What a good access token says: the user, and the sign-in it was issued for."""

    user_id: int
    family_id: UUID


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """What a genuine refresh token says: the sign-in, and its number among the tokens of it."""

    family_id: UUID
    generation: int


class Tokens:
    """Signs with SECRET_KEY and accepts the previous keys too, so that it can be replaced.
    Issuer and audience are the service itself, by its APP_NAME.
    """

    def __init__(self, settings: Settings) -> None:
        secrets = (settings.secret_key, *settings.secret_keys_previous)
        keys = [secret.get_secret_value() for secret in secrets]
        self.lifetime = timedelta(minutes=settings.access_token_expire_minutes)
        self._algorithm = settings.algorithm
        self._issuer = settings.app_name
        self._keys = {key_id(key): key.encode() for key in keys}
        self._key_id = key_id(keys[0])
        self._refresh_keys = [refresh_key(key) for key in keys]

    def issue_access_token(self, user_id: int, family_id: UUID, now: datetime) -> str:
        claims = {
            "iss": self._issuer,
            "aud": self._issuer,
            "sub": str(user_id),
            "sid": family_id.hex,
            "jti": uuid4().hex,
            "iat": int(now.timestamp()),
            "exp": int((now + self.lifetime).timestamp()),
        }
        header = {"typ": TYPE, "kid": self._key_id}
        return jwt.encode(claims, self._keys[self._key_id], self._algorithm, headers=header)

    def read_access_token(self, token: str, now: datetime) -> AccessToken:
        """Raise InvalidToken unless the token is ours, unaltered, of this kind, and good `now`."""
        try:
            claims = self._verified_claims(token)
            check_times(claims, int(now.timestamp()))
            return AccessToken(user_id_of(claims), UUID(hex=claims["sid"]))
        except Exception as error:
            # PyJWT lets through what its parsers raise, such as UnicodeEncodeError, and a claim may
            # be of any type. Whatever goes wrong here, the token is to blame.
            raise InvalidToken from error

    def _verified_claims(self, token: str) -> Mapping[str, Any]:
        if len(token) > LONGEST_TOKEN:
            raise jwt.DecodeError("too long")
        header = jwt.get_unverified_header(token)
        if header.get("typ") != TYPE:
            raise jwt.DecodeError("not an access token")
        return jwt.decode(
            token,
            self._keys[header["kid"]],
            algorithms=[self._algorithm],
            issuer=self._issuer,
            audience=self._issuer,
            options={
                "require": REQUIRED_CLAIMS,
                "strict_aud": True,
                # Times are compared with the request's own clock, in `check_times`.
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
            },
        )

    def issue_refresh_token(self, family_id: UUID, generation: int) -> str:
        """The same for the same arguments, so that an answer that was lost can be given again."""
        message = f"{family_id.hex}.{generation}"
        return f"{message}.{signature(self._refresh_keys[0], message)}"

    def read_refresh_token(self, token: str) -> RefreshToken | None:
        """None unless this service made the token, however long ago."""
        match = REFRESH_TOKEN.fullmatch(token)
        if match is None:
            return None
        message, _, given = token.rpartition(".")
        genuine = [
            hmac.compare_digest(signature(key, message), given) for key in self._refresh_keys
        ]
        return RefreshToken(UUID(hex=match[1]), int(match[2])) if any(genuine) else None


def key_id(key: str) -> str:
    """Tells keys apart without telling anything of them."""
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def refresh_key(key: str) -> bytes:
    """A key of its own for refresh tokens: one key, one purpose (RFC 8725, section 3)."""
    return hmac.digest(key.encode(), b"refresh tokens", "sha256")


def signature(key: bytes, message: str) -> str:
    digest = hmac.digest(key, message.encode(), "sha256")
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def check_times(claims: Mapping[str, Any], now: int) -> None:
    """Times are whole seconds here: JSON would also admit true, 1e300 and NaN."""
    times = [claims["exp"], claims["iat"], claims.get("nbf", claims["iat"])]
    if any(type(time) is not int for time in times):
        raise jwt.DecodeError("a time is not an integer")
    expires, *begins = times
    if now - LEEWAY >= expires or now + LEEWAY < max(begins):
        raise jwt.DecodeError("not at this time")


def user_id_of(claims: Mapping[str, Any]) -> int:
    if USER_ID.fullmatch(claims["sub"]) is None or int(claims["sub"]) > LARGEST_ID:
        raise jwt.DecodeError("not a user id")
    return int(claims["sub"])
