"""REDIS_URL as people write it, judged before anything connects: what the client library would
misread, or silently do without, is refused with a sentence that says what to do.
"""

from __future__ import annotations

from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

EXAMPLE = "redis://user:password@host:6379/0"
SCHEMES = {"redis", "rediss", "unix"}
CERTIFICATES = {"ssl_ca_certs", "ssl_certfile", "ssl_keyfile"}
DEFAULT_PORT = 6379


def checked(url: str) -> str:
    """Return the URL itself. Raises ValueError; its text never repeats the URL."""
    parts = _split(url)
    if parts.scheme not in SCHEMES:
        raise ValueError(f"must begin with redis://, rediss:// or unix://. Write it like {EXAMPLE}")
    if parts.netloc.count("@") > 1 or "#" in url:
        raise ValueError("holds a raw @, # or / in its password. Write them as %40, %23 and %2F")
    (_check_socket if parts.scheme == "unix" else _check_server)(parts)
    _check_query(parts)
    return url


def described(url: str) -> str:
    """Where the server is, for people; without credentials and parameters."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return unquote(parts.path)
    return f"{parts.hostname}:{parts.port or DEFAULT_PORT}"


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = None
    if parts is None or any(character.isspace() for character in url):
        raise ValueError(f"is not a URL. Write it like {EXAMPLE}")
    return parts


def _check_server(parts: SplitResult) -> None:
    try:
        has_port = parts.port is None or parts.port > 0
    except ValueError:
        has_port = False
    if not has_port:
        raise ValueError(
            f"has a port that is not a number from 1 to 65535. Write it like {EXAMPLE}"
        )
    if not parts.hostname or "," in parts.hostname:
        raise ValueError(f"names no host, or several. Write it like {EXAMPLE}")
    if parts.path.strip("/") and not parts.path[1:].isdecimal():
        raise ValueError(f"names a database that is not a number. Write it like {EXAMPLE}")


def _check_socket(parts: SplitResult) -> None:
    if parts.netloc.rpartition("@")[2] or not parts.path.strip("/"):
        raise ValueError("names no socket. Write it like unix:///run/redis/redis.sock?db=0")


def _check_query(parts: SplitResult) -> None:
    known = {"db"} | (CERTIFICATES if parts.scheme == "rediss" else set())
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    if query.keys() - known:
        raise ValueError(
            f"has a parameter that is not known here. Take it out; known are db, and "
            f"{', '.join(sorted(CERTIFICATES))} of rediss://"
        )
    if not query.get("db", "0").isdecimal():
        raise ValueError(f"names a database that is not a number. Write it like {EXAMPLE}")
