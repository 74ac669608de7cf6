"""Signing in with a user name and a password (RFC 6749, section 4.3), and staying signed in.

An access token that is about to expire is renewed before it is used, one that the service refuses
after that. However many requests notice it at once, one of them renews and the others wait for it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

import httpx2

from ._document import SignInAddresses
from ._driving import completed
from ._sending import BlockingHttp, ConcurrentHttp
from .api._runtime.client.auth import SchemeCredentials, TokenSource
from .api._runtime.client.security import SecurityBinding, SecurityScheme
from .problem import Problem, SDKError, unexpected

MARGIN = 30.0


@dataclass(frozen=True)
class Tokens:
    """What a sign-in gave. Keep them as you keep a password; `repr` shows neither."""

    access_token: str = field(repr=False)
    refresh_token: str | None = field(default=None, repr=False)
    expires_at: float | None = None
    lifetime: float | None = None

    def due(self, now: float) -> bool:
        """Whether to renew it: a tenth of its lifetime, 30 seconds at most, before the end."""
        if self.expires_at is None or self.refresh_token is None:
            return False
        return now >= self.expires_at - min(MARGIN, (self.lifetime or MARGIN) / 10)

    def expired(self, now: float) -> bool:
        return self.expires_at is not None and now >= self.expires_at


class SignIn(TokenSource):
    """The tokens of one client, renewed under a lock."""

    def __init__(
        self,
        addresses: SignInAddresses,
        base_url: str,
        http: BlockingHttp | ConcurrentHttp,
        *,
        tokens: Tokens | None,
        on_tokens: Callable[[Tokens], object] | None,
    ) -> None:
        self.tokens = tokens
        self._addresses = addresses
        self._base_url = base_url.rstrip("/") + "/"
        self._http = http
        self._on_tokens = on_tokens
        self._ended: SDKError | None = None

    def __repr__(self) -> str:
        return f"SignIn({self.tokens!r})"

    @property
    def held(self) -> bool:
        """Whether requests carry a token, or are refused because the sign-in has ended."""
        return self.tokens is not None

    def token(self, send: object, stale: str | None = None) -> str:  # noqa: ARG002 - the base says so
        """Return the token for a request of the blocking client."""
        return completed(self._usable(stale))

    async def atoken(self, send: object, stale: str | None = None) -> str:  # noqa: ARG002
        """Return the token for a request of the asynchronous client."""
        return await self._usable(stale)

    async def begin(self, username: str, password: str) -> Tokens:
        """Exchange a user name and a password for tokens, and use them from now on."""
        form = {"grant_type": "password", "username": username, "password": password}
        async with self._http.ways.turn():
            return await self._exchange(self._addresses.token_url, form)

    async def end(self) -> None:
        """Forget the tokens, after revoking them (RFC 7009) where the document says how."""
        tokens, self.tokens, self._ended = self.tokens, None, None
        if tokens is not None and self._addresses.revocation_url is not None:
            form = {"token": tokens.refresh_token or tokens.access_token}
            await self._post(self._addresses.revocation_url, form)

    async def _usable(self, stale: str | None) -> str:
        tokens = self._current()
        if stale is None and not tokens.due(time.time()):
            return tokens.access_token
        async with self._http.ways.turn():
            tokens = self._current()
            renewed_meanwhile = tokens.access_token != stale
            if renewed_meanwhile and not tokens.due(time.time()):
                return tokens.access_token
            if tokens.refresh_token is None:
                return tokens.access_token
            return await self._renewed(tokens, tokens.refresh_token, forced=stale is not None)

    def _current(self) -> Tokens:
        if self._ended is not None:
            raise self._ended
        if self.tokens is None:
            raise SDKError(reason="signed_out")
        return self.tokens

    async def _renewed(self, tokens: Tokens, refresh_token: str, *, forced: bool) -> str:
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        try:
            return (await self._exchange(self._addresses.refresh_url, form)).access_token
        except SDKError as error:
            if isinstance(error, Problem) and error.body.get("error") == "invalid_grant":
                # Without this the next call would go out anonymously, as if nobody had signed in.
                self._ended = error
            elif not forced and not tokens.expired(time.time()):
                return tokens.access_token
            raise

    async def _exchange(self, address: str, form: dict[str, str]) -> Tokens:
        async with self._http.ways.uninterrupted():
            tokens = _tokens(await self._post(address, form), form.get("refresh_token"))
            self.tokens, self._ended = tokens, None
        if self._on_tokens is not None:
            self._on_tokens(tokens)
        return tokens

    async def _post(self, address: str, form: dict[str, str]) -> httpx2.Response:
        url = urljoin(self._base_url, address.removeprefix("/"))
        headers = {"Accept": "application/json"}
        return await self._http.exchange(
            self._http.build_request("POST", url, headers=headers, data=form)
        )


def _tokens(response: httpx2.Response, former: str | None) -> Tokens:
    """Read a token answer (RFC 6749, section 5.1); the former refresh token may live on."""
    try:
        answer = response.json()
        lifetime = answer.get("expires_in")
        return Tokens(
            access_token=answer["access_token"],
            refresh_token=answer.get("refresh_token", former),
            expires_at=None if lifetime is None else time.time() + lifetime,
            lifetime=lifetime,
        )
    except (AttributeError, KeyError, TypeError, ValueError):
        raise unexpected(response) from None


class GivenCredentials(SchemeCredentials):
    """Those that were given. Where none of them is what an operation wants, the service says so."""

    def selected(self, binding: SecurityBinding) -> tuple[tuple[SecurityScheme, object], ...]:
        return super().selected(binding) or ()


class OptionalCredentials(GivenCredentials):
    """Credentials without a sign-in that has not taken place: the service says what is missing."""

    def __init__(self, values: Mapping[str, Any], scheme: str, sign_in: SignIn) -> None:
        super().__init__({**values, scheme: sign_in})
        self._others = GivenCredentials(values)
        self._sign_in = sign_in

    def selected(self, binding: SecurityBinding) -> tuple[tuple[SecurityScheme, object], ...]:
        if self._sign_in.held:
            return super().selected(binding)
        return self._others.selected(binding)
