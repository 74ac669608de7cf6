"""The command: `python -m start NAME FOLDER [--sign-in no]`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from start.failure import StartError
from start.make import make
from start.names import read_name


def main(arguments: list[str] | None = None) -> int:
    """Return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m start", description=__doc__)
    parser.add_argument("name", help="such as lending-library")
    parser.add_argument("into", help="a folder that does not exist yet, or is empty")
    parser.add_argument("--sign-in", default="yes", help="yes, or no for health alone")
    asked = parser.parse_args(arguments)
    try:
        name, into = read_name(asked.name), read_folder(asked.into)
        make(name, into, sign_in=read_choice(asked.sign_in))
    except StartError as failure:
        print(failure, file=sys.stderr)
        return 1
    print(f"{name.title} is in {into}. Go there, run `make test`, and read its README.md.")
    return 0


def read_folder(text: str) -> Path:
    """Raises StartError."""
    if not text:
        raise StartError("INTO is missing: name a folder, as in INTO=../lending-library.")
    return Path(text).absolute()


def read_choice(text: str) -> bool:
    """Raises StartError."""
    if text not in {"yes", "no"}:
        raise StartError(f"SIGN_IN is {text!r}: set it to yes or no, or leave it out for yes.")
    return text == "yes"


if __name__ == "__main__":
    raise SystemExit(main())
