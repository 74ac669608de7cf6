"""The clients: the generated operations, on HTTP that signs in, repeats and raises."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypedDict

import httpx2
from typing_extensions import Unpack

from ._document import SIGN_IN, USER_AGENT
from ._driving import completed
from ._sending import BlockingHttp, ConcurrentHttp
from .api import AsyncClient as GeneratedAsyncClient
from .api import Client as GeneratedClient
from .api._runtime.client.auth import SchemeCredentials
from .problem import SDKError
from .retries import Retries
from .sign_in import GivenCredentials, OptionalCredentials, SignIn, Tokens

TIMEOUT = httpx2.Timeout(30.0, connect=5.0)


class Options(TypedDict, total=False):
    """The settings of a client, all by keyword, none required.

    `tokens` continues an earlier sign-in, and `on_tokens` is called with each new pair, to keep it.
    `credentials` are those of further security schemes, by the scheme's name. `timeout` is that of
    each attempt.
    """

    tokens: Tokens | None
    on_tokens: Callable[[Tokens], object] | None
    credentials: Mapping[str, Any]
    timeout: float | httpx2.Timeout
    retries: Retries
    default_headers: Mapping[str, str]
    verify: ssl.SSLContext | bool


class Client(GeneratedClient):
    """A blocking client, which threads may share. Close it, or use it in a `with` block."""

    def __init__(
        self,
        base_url: str,
        *,
        transport: httpx2.BaseTransport | None = None,
        **options: Unpack[Options],
    ) -> None:
        setup = _Setup(base_url, **options)
        self._http = BlockingHttp(setup.retries, transport=transport, **setup.of_http)
        super().__init__(http_client=self._http, **setup.of_operations)
        self._sign_in = setup.sign_in(self._http)
        self._core._shared.credentials = setup.given_with(self._sign_in)

    @property
    def tokens(self) -> Tokens | None:
        """The tokens in use, None without a sign-in."""
        return None if self._sign_in is None else self._sign_in.tokens

    def sign_in(self, username: str, password: str) -> Tokens:
        """Sign in: from now on calls are this user's. Raises what the service says against it."""
        return completed(_declared(self._sign_in).begin(username, password))

    def sign_out(self) -> None:
        """Forget the tokens, and revoke them where the API can: from now on calls are anonymous."""
        completed(_declared(self._sign_in).end())

    def close(self) -> None:
        """Close the connections; calls after that are refused."""
        super().close()
        self._http.close()


class AsyncClient(GeneratedAsyncClient):
    """The same with every call awaited, on asyncio. Close it with `aclose`, or use `async with`."""

    def __init__(
        self,
        base_url: str,
        *,
        transport: httpx2.AsyncBaseTransport | None = None,
        **options: Unpack[Options],
    ) -> None:
        setup = _Setup(base_url, **options)
        self._http = ConcurrentHttp(setup.retries, transport=transport, **setup.of_http)
        super().__init__(http_client=self._http, **setup.of_operations)
        self._sign_in = setup.sign_in(self._http)
        self._core._shared.credentials = setup.given_with(self._sign_in)

    @property
    def tokens(self) -> Tokens | None:
        """The tokens in use, None without a sign-in."""
        return None if self._sign_in is None else self._sign_in.tokens

    async def sign_in(self, username: str, password: str) -> Tokens:
        """Sign in: from now on calls are this user's. Raises what the service says against it."""
        return await _declared(self._sign_in).begin(username, password)

    async def sign_out(self) -> None:
        """Forget the tokens, and revoke them where the API can: from now on calls are anonymous."""
        await _declared(self._sign_in).end()

    async def aclose(self) -> None:
        """Close the connections; calls after that are refused."""
        await super().aclose()
        await self._http.aclose()


@dataclass(frozen=True)
class _Setup:
    """What both clients make of their settings."""

    base_url: str
    tokens: Tokens | None = field(default=None, repr=False)
    on_tokens: Callable[[Tokens], object] | None = None
    credentials: Mapping[str, Any] = field(default_factory=dict, repr=False)
    timeout: float | httpx2.Timeout = field(default_factory=lambda: TIMEOUT)
    retries: Retries = field(default_factory=Retries)
    default_headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    verify: ssl.SSLContext | bool = True

    @property
    def headers(self) -> dict[str, str]:
        return {"User-Agent": USER_AGENT, **self.default_headers}

    @property
    def of_http(self) -> dict[str, Any]:
        return {"timeout": self.timeout, "headers": self.headers, "verify": self.verify}

    @property
    def of_operations(self) -> dict[str, Any]:
        return {
            "base_url": self.base_url,
            "timeout": self.timeout,
            "max_retries": 0,
            "default_headers": self.headers,
            **self.credentials,
        }

    def sign_in(self, http: BlockingHttp | ConcurrentHttp) -> SignIn | None:
        if SIGN_IN is None:
            return None
        return SignIn(SIGN_IN, self.base_url, http, tokens=self.tokens, on_tokens=self.on_tokens)

    def given_with(self, sign_in: SignIn | None) -> SchemeCredentials:
        if SIGN_IN is None or sign_in is None:
            return GivenCredentials(self.credentials)
        return OptionalCredentials(self.credentials, SIGN_IN.scheme, sign_in)


def _declared(sign_in: SignIn | None) -> SignIn:
    if sign_in is None:
        raise SDKError(reason="the document declares no password flow to sign in with")
    return sign_in
