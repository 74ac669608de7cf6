"""Files that the documentation names are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = "alembic|app|benchmarks|codegen|deploy|docs|openapi|requirements|scripts|sdk|tests"
NAMED = re.compile(rf"`((?:{FOLDERS})/[a-z0-9_./-]+)`")
LINKED = re.compile(r"\]\((?!https?://|/|#)([^)#\s]+)(?:#[^)]*)?\)")
# Examples are about files that a reader is going to write.
PAGES = sorted(
    page
    for page in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"))
    if page.name not in {"CONTRIBUTING.md", "CHANGELOG.md", "your-own-api.md"}
)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_files_that_a_page_names_are_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = [ROOT / name for name in NAMED.findall(text)]
    linked = [page.parent / link for link in LINKED.findall(text)]
    assert [str(path) for path in (*named, *linked) if not path.exists()] == []
