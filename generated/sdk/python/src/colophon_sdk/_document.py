"""What the layer knows of the document. Generated; not to be edited."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SignInAddresses:
    """The password flow: its scheme, and where tokens are given, renewed and revoked."""

    scheme: str
    token_url: str
    refresh_url: str
    revocation_url: str | None


VERSION = "0.1.0"
USER_AGENT = "colophon-sdk-python/0.1.0"
SIGN_IN: SignInAddresses | None = SignInAddresses(
    scheme='oauth2',
    token_url='/api/v1/auth/login',
    refresh_url='/api/v1/auth/refresh',
    revocation_url='/api/v1/auth/revoke',
)
# Method and path of the operations that take an Idempotency-Key.
KEYED: tuple[tuple[str, str], ...] = (('POST', '/api/v1/users'), ('POST', '/api/v1/posts'))
