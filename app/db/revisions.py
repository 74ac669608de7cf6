"""Which revisions of the tables are older than this code, read without Alembic, which no worker
needs for anything else.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

MIGRATIONS = Path(__file__).parents[2] / "alembic/versions"
FOLLOWED = re.compile(r'^down_revision\b[^=\n]*= *"([^"]+)"', re.MULTILINE)


@cache
def superseded() -> frozenset[str]:
    """The revisions that another one follows. Whichever is not known here is of a newer version,
    whose tables still serve this one.
    """
    texts = (file.read_text(encoding="utf-8") for file in MIGRATIONS.glob("*.py"))
    return frozenset(revision for text in texts for revision in FOLLOWED.findall(text))
