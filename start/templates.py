"""The files that a new repository has and this one has not, or has with other contents."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from start.names import Name

FILES = Path(__file__).parent / "files"
# Lines between these two belong to a repository with sign-in, or to one without.
CONDITION = re.compile(r"^@if (sign-in|no sign-in)@\n(.*?)^@end@\n", re.MULTILINE | re.DOTALL)
SUMMARIES = {True: "accounts, sign-in and health", False: "health"}


def place_templates(new: Path, name: Name, today: date, *, sign_in: bool) -> None:
    words = {
        "@NAME@": name.kebab,
        "@SNAKE@": name.snake,
        "@TITLE@": name.title,
        "@TODAY@": f"{today:%Y%m%d}",
        "@DATE@": f"{today:%Y-%m-%d}",
        "@SUMMARY@": SUMMARIES[sign_in],
    }
    for folder in ("always", "sign_in" if sign_in else "health"):
        for template in sorted((FILES / folder).rglob("*")):
            if template.is_file() and "__pycache__" not in template.parts:
                path = new / filled(str(template.relative_to(FILES / folder)), words)
                path.parent.mkdir(parents=True, exist_ok=True)
                text = template.read_text(encoding="utf-8")
                path.write_text(filled(chosen(text, sign_in=sign_in), words), encoding="utf-8")
    document = new / "openapi/openapi.yaml"
    document.write_text(filled(document.read_text(encoding="utf-8"), words), encoding="utf-8")


def chosen(text: str, *, sign_in: bool) -> str:
    wanted = "sign-in" if sign_in else "no sign-in"
    return CONDITION.sub(lambda found: found[2] if found[1] == wanted else "", text)


def filled(text: str, words: dict[str, str]) -> str:
    for word, meaning in words.items():
        text = text.replace(word, meaning)
    return text
