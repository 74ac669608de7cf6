"""DATABASE_URL in the forms that people have, turned into the one that asyncpg reads.
What asyncpg would misread is refused with a sentence that says what to do.
"""

from __future__ import annotations

from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit

EXAMPLE = "postgresql://user:password@host:5432/name"
SCHEMES = {"postgres", "postgresql", "postgresql+asyncpg"}
HIGHEST_PORT = 65535
SSL_MODES = {"disable", "allow", "prefer", "require", "verify-ca", "verify-full"}
# libpq's own; the engine sets its time limits itself, and unknown names would reach the server.
IGNORED = {
    "connect_timeout",
    "keepalives",
    "keepalives_idle",
    "keepalives_interval",
    "keepalives_count",
}


def normalised(url: str) -> str:
    """The URL for `asyncpg.connect(dsn=...)`. Raises ValueError; its text never repeats the URL."""
    parts = _split(url)
    if parts.scheme not in SCHEMES:
        raise ValueError(f"must begin with postgresql://. Write it like {EXAMPLE}")
    if parts.netloc.count("@") > 1 or "#" in url:
        raise ValueError("holds a raw @, # or / in its password. Write them as %40, %23 and %2F")
    _check_port(parts.netloc)
    query = _query(parts.query)
    if not parts.path.strip("/") and not query.keys() & {"dbname", "database", "service"}:
        raise ValueError(f"names no database. Write it like {EXAMPLE}")
    return urlunsplit(("postgresql", parts.netloc, parts.path, urlencode(query), ""))


def of_one_host(url: str) -> str:
    """As `normalised`, for what is proven of one server and must not lead to another."""
    found = normalised(url)
    parts = urlsplit(found)
    if "," in parts.netloc.rpartition("@")[2] + dict(parse_qsl(parts.query)).get("host", ""):
        raise ValueError("names several hosts. Name the one replica, not a group of servers")
    return found


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:
        raise ValueError(f"is not a URL. Write it like {EXAMPLE}") from None


def _check_port(netloc: str) -> None:
    """Several hosts, separated by commas, may each have a port."""
    for host in netloc.rpartition("@")[2].split(","):
        port = "" if host.endswith("]") else host.rpartition(":")[2] if ":" in host else ""
        if port and not (port.isdecimal() and 0 < int(port) <= HIGHEST_PORT):
            raise ValueError(
                f"has a port that is not a number from 1 to 65535. Write it like {EXAMPLE}"
            )


def _query(text: str) -> dict[str, str]:
    query = dict(parse_qsl(text, keep_blank_values=True))
    if "ssl" in query:  # the name that SQLAlchemy's asyncpg dialect gives it
        query["sslmode"] = {"true": "require", "false": "disable"}.get(query["ssl"], query["ssl"])
        del query["ssl"]
    if query.get("sslmode", "prefer") not in SSL_MODES:
        raise ValueError(f"has an unknown sslmode. Take one of {', '.join(sorted(SSL_MODES))}")
    if query.pop("channel_binding", "prefer") == "require":
        raise ValueError(
            "asks for channel binding, which asyncpg cannot do. "
            "Take channel_binding out and use sslmode=verify-full"
        )
    return {name: value for name, value in query.items() if name not in IGNORED}


def described(url: str) -> str:
    """Host and name, for people; without credentials and parameters."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    host = parts.netloc.rpartition("@")[2] or query.get("host", "the local server")
    name = parts.path.strip("/") or query.get("dbname", "")
    return f"{name} at {host}" if name else host
