"""The document as it is served: the very bytes of the bundle, with an ETag and a digest."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.contract.conditional import weakly_matches

MEDIA_TYPES = {".json": "application/json", ".yaml": "application/yaml"}


@dataclass(frozen=True, slots=True)
class ServedDocument:
    """One form of the document."""

    path: str
    content: bytes
    media_type: str

    @classmethod
    def read(cls, file: Path) -> ServedDocument:
        """Read a bundle; it is served under its file name at the root."""
        return cls(f"/{file.name}", file.read_bytes(), MEDIA_TYPES[file.suffix])

    @property
    def digest(self) -> str:
        """The SHA-256 of the bytes, as `/health` and a client's own count show it."""
        return f"sha256:{hashlib.sha256(self.content).hexdigest()}"

    def route(self) -> Route:
        """Return the route that serves it, with Repr-Digest (RFC 9530) and conditional GET."""
        sha256 = hashlib.sha256(self.content).digest()
        headers = {
            "etag": f'"{self.digest.removeprefix("sha256:")}"',
            "repr-digest": f"sha-256=:{base64.b64encode(sha256).decode()}:",
            "cache-control": "no-cache",
            "access-control-allow-origin": "*",
        }

        async def serve(request: Request) -> Response:
            asked = request.headers.get("if-none-match")
            if asked is not None and weakly_matches(asked, headers["etag"]):
                return Response(status_code=304, headers=headers)
            return Response(self.content, media_type=self.media_type, headers=headers)

        return Route(self.path, serve, methods=["GET"], include_in_schema=False)
