"""`openapi`: the document as it is served."""

from __future__ import annotations

import sys

from app.failure import Failure


def print_document(*, as_yaml: bool) -> None:
    try:
        from generated import DOCUMENT
    except ModuleNotFoundError:
        raise Failure("There is no folder generated/. Run `make generate`.") from None

    path = DOCUMENT.with_suffix(".yaml" if as_yaml else ".json")
    try:
        sys.stdout.buffer.write(path.read_bytes())
        sys.stdout.flush()
    except FileNotFoundError:
        raise Failure(f"{path} is missing. Run `make generate`.") from None
    except BrokenPipeError:
        sys.stderr.close()  # somebody has read enough; Python would complain when it flushes
