"""The command: `python -m codegen.mock DOCUMENT`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import NoReturn

from app.contract import Document
from codegen import validate
from codegen.bundle import Bundle, bundle
from codegen.findings import RefusedError
from codegen.generate import Options, prepared
from codegen.mock.application import Manner, Mocked, create_mock
from codegen.mock.server import PortTaken, address_of, announcement, listening, say, serve

DEFAULT_PORT = 4010
MAX_PORT = 65_535


class Parser(argparse.ArgumentParser):
    """Says in one line what is wrong with an argument, as everything else is said here."""

    def error(self, message: str) -> NoReturn:
        """End with exit status 1."""
        self.exit(1, f"{self.prog}: {message}; --help lists what there is\n")


def main(arguments: list[str] | None = None) -> int:
    """Serve a document until a signal ends it; return the exit status."""
    asked = parser().parse_args(arguments)
    manner = Manner(
        seed=asked.seed, is_stateful=asked.stateful, skips_invalid=asked.allow_invalid_examples
    )
    try:
        read = bundle(asked.document)
        document = checked(read, asked)
        mock = mock_of(read, document, manner)
        with listening(asked.host, asked.port) as listener:
            say(announcement(document, address_of(listener), mock.collections))
            serve(mock.app, document, listener)
    except RefusedError as refusal:
        say(str(refusal), sys.stderr)
        return 1
    except PortTaken as taken:
        say(str(taken), sys.stderr)
        return 1
    return 0


def mock_of(read: Bundle, document: Document, manner: Manner) -> Mocked:
    """Return the application; raises RefusedError about the files that a person can edit."""
    try:
        mock = create_mock(document, manner)
    except RefusedError as refusal:
        raise validate.refusal(read, refusal.findings) from None
    for finding in (*read.warnings, *mock.skipped):
        say(f"warning: {read.locate(finding)}", sys.stderr)
    return mock


def checked(read: Bundle, asked: argparse.Namespace) -> Document:
    """Return the document, as `python -m codegen` would generate from it; raises RefusedError."""
    options = Options(
        add_problems=asked.add_problems, without=tuple(asked.without), stream=tuple(asked.stream)
    )
    try:
        document = prepared(read, options)
    except RefusedError as refusal:
        raise validate.refusal(read, refusal.findings) from None
    validate.check(read, document, allow_invalid_examples=asked.allow_invalid_examples)
    return document


def parser() -> argparse.ArgumentParser:
    """Return the reader of the command line."""
    found = Parser(
        prog="python -m codegen.mock",
        description="Serve an OpenAPI document from its examples, judged as the service judges.",
    )
    found.add_argument("document", type=Path, help="the OpenAPI 3.0 or 3.1 document, YAML or JSON")
    found.add_argument("--host", default="127.0.0.1", help="the address to listen on (127.0.0.1)")
    found.add_argument("--port", type=port_of, default=DEFAULT_PORT, help="4010; 0 is any free one")
    found.add_argument("--seed", type=int, default=1, help="for what is made, where no example is")
    found.add_argument("--stateful", action="store_true", help="keep what is created, in memory")
    found.add_argument(
        "--add-problems", action="store_true", help="as python -m codegen, for documents of others"
    )
    found.add_argument(
        "--allow-invalid-examples", action="store_true", help="leave out examples that do not hold"
    )
    for flag, does in (("--without", "leave out"), ("--stream", "stream")):
        found.add_argument(
            flag,
            action="append",
            default=[],
            metavar="MEDIA_TYPE",
            help=f"{does} this media type, as python -m codegen; repeatable",
        )
    return found


def port_of(text: str) -> int:
    """Return the number of a port."""
    if not (text.isascii() and text.isdecimal() and int(text[:6]) <= MAX_PORT):
        raise argparse.ArgumentTypeError(f"{text!r} is not a port from 0 to {MAX_PORT}")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
