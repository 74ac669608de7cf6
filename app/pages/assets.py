"""The files behind the pages: our own, those of an installed package, and the licences of both.

Swagger UI and Redoc are files of a package of which no code is imported. They are served as they
are, but for one address in Redoc: the page must ask no other host for anything.
"""

from __future__ import annotations

from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from app.pages.content import Content, Resource

PACKAGE: Final = "fastapi_offline"
OURS: Final = Path(__file__).parent
SWAGGER_UI: Final = ("swagger-ui-bundle.js", "swagger-ui.css")
REDOC: Final = "redoc.standalone.js"
# Redoc shows the mark of its makers beside a link to them and leaves it out where it cannot be had.
MARK: Final = b"https://cdn.redoc.ly/redoc/logo-mini.svg"
NOTHING: Final = b"data:,"
MEDIA_TYPES: Final = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
}


def resources() -> dict[str, Resource]:
    """Return every file by its address."""
    static, folder = OURS / "static", installed()
    files = {
        **{f"/pages/{name}": static / name for name in ("pages.css", "icon.svg")},
        **{f"/docs/{name}": static / "swagger" / name for name in ("start.js", "page.css")},
        **{f"/redoc/{name}": static / "redoc" / name for name in ("start.js", "page.css")},
        **{f"/docs/{name}": folder / name for name in SWAGGER_UI},
        **_licences("/docs", "swagger-ui"),
        **_licences("/redoc", "redoc"),
    }
    redoc = Content("text/javascript", partial(without_mark, folder / REDOC))
    return {
        **{address: Resource((_content(file),)) for address, file in files.items()},
        f"/redoc/{REDOC}": Resource((redoc,)),
    }


def installed() -> Path:
    """Return the folder of the package's files; raises FileNotFoundError where it is not there."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(
            f"{PACKAGE} is not installed, from which the documentation's scripts come: "
            "install requirements/serve.lock."
        )
    return Path(spec.origin).parent / "static"


def without_mark(file: Path) -> bytes:
    """Return Redoc's script without the address of a picture on another host."""
    return file.read_bytes().replace(MARK, NOTHING)


def _licences(address: str, name: str) -> dict[str, Path]:
    """Return the licences of a script, which lie in a folder named after it and its version."""
    folder = next((OURS / "licences").glob(f"{name}-*"))
    return {f"{address}/{file.name}": file for file in folder.iterdir()}


def _content(file: Path) -> Content:
    return Content(MEDIA_TYPES[file.suffix], file.read_bytes)
