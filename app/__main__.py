"""`python -m app`: the command line, whose commands are in `app.commands`."""

from __future__ import annotations

import sys


def main() -> None:
    try:
        from app.commands.line import cli
    except ModuleNotFoundError as error:
        sys.exit(
            f"The package {error.name} is not installed for {sys.executable}. "
            "Use .venv/bin/python, which `make doctor` makes, or install requirements/run.lock."
        )
    cli()


if __name__ == "__main__":
    main()
