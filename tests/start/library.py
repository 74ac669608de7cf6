"""The second document and what a team writes for it, put into a new repository: a lending library
with a multipart upload, a streamed export, and two ways to prove who one is.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from start.edits import Edit, Replace, apply

FILES = Path(__file__).parent / "lending_library"
ADDED = FILES / "added"
DOCUMENT = "openapi/openapi.yaml"
MAIN = "app/main.py"
TAGS = """tags:
  - name: books
    description: What the library has titles of.
  - name: copies
    description: What stands on the shelves.
  - name: loans
    description: Who has what.
"""
PATHS = """  /api/v1/books:
    $ref: './books.yaml#/paths/~1api~1v1~1books'
  /api/v1/books/{book_id}:
    $ref: './books.yaml#/paths/~1api~1v1~1books~1{book_id}'
  /api/v1/books/{book_id}/cover:
    $ref: './books.yaml#/paths/~1api~1v1~1books~1{book_id}~1cover'
  /api/v1/books/{book_id}/copies:
    $ref: './copies.yaml#/paths/~1api~1v1~1books~1{book_id}~1copies'
  /api/v1/export/books:
    $ref: './books.yaml#/paths/~1api~1v1~1export~1books'
  /api/v1/loans:
    $ref: './loans.yaml#/paths/~1api~1v1~1loans'
  /api/v1/loans/{loan_id}/return:
    $ref: './loans.yaml#/paths/~1api~1v1~1loans~1{loan_id}~1return'
components:
  securitySchemes:
    bearer:
      type: http
      scheme: bearer
      description: The key of a clerk as a bearer token.
    api_key:
      type: apiKey
      in: header
      name: X-Api-Key
      description: The key of a clerk in a header of its own.
"""
ROUTERS = """        BooksRouter(books.handlers),
        CopiesRouter(copies.handlers),
        HealthRouter(health.handlers),
        LoansRouter(loans.handlers),
"""
CONSTRAINTS = """CONSTRAINTS: dict[str, type[Problem]] = {
    "fk_copies_book_id_books": BookNotFound,
    "fk_loans_copy_id_copies": CopyNotFound,
    "uq_loans_copy_id_open": CopyLent,
}
"""
TABLES = "import (ForeignKey, Index, UniqueConstraint,"
PROBLEMS = "import (\n    BookNotFound,\n    CopyLent,\n    CopyNotFound,"
EDITS: tuple[Edit, ...] = (
    Replace(DOCUMENT, "tags:\n", TAGS),
    Replace(DOCUMENT, "components:\n", PATHS),
    Replace(MAIN, "        HealthRouter(health.handlers),\n", ROUTERS),
    Replace(MAIN, "return {}", 'return {"bearer": authenticate, "api_key": authenticate}'),
    Replace(
        MAIN, "from app import health, logs", "from app import books, copies, health, loans, logs"
    ),
    Replace(MAIN, "from app.settings", "from app.guard import authenticate\nfrom app.settings"),
    Replace(
        MAIN,
        "from generated.health import HealthRouter\n",
        "from generated.books import BooksRouter\n"
        "from generated.copies import CopiesRouter\n"
        "from generated.health import HealthRouter\n"
        "from generated.loans import LoansRouter\n",
    ),
    Replace("app/db/errors.py", "CONSTRAINTS: dict[str, type[Problem]] = {}\n", CONSTRAINTS),
    Replace("app/db/errors.py", "problems import (", f"problems {PROBLEMS}"),
    Replace(
        "app/db/tables.py",
        "import (",
        TABLES,
    ),
    Replace(
        "pyproject.toml",
        '  "app.health",\n',
        '  "app.books | app.copies | app.loans | app.health",\n  "app.guard",\n',
    ),
    Replace(
        "openapi/rules.yaml",
        "      - idempotency_key_in_use\n      - idempotency_key_reused\n"
        "      - unauthorized\n      - invalid_token\n",
    ),
)


def put_in(new: Path) -> None:
    for file in sorted(FILES.rglob("*")):
        name = file.relative_to(FILES)
        if file.is_file() and ADDED not in file.parents and "__pycache__" not in file.parts:
            (new / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(file, new / name)
    for file in sorted(ADDED.rglob("*")):
        if file.is_file():
            with (new / file.relative_to(ADDED)).open("a", encoding="utf-8") as open_file:
                open_file.write(file.read_text(encoding="utf-8"))
    for edit in EDITS:
        apply(edit, new)
    begin = next((new / "alembic/versions").glob("*_begin.py")).stem
    for migration in (new / "alembic/versions").glob("20261201_*.py"):
        migration.write_text(migration.read_text().replace("@BEGIN@", begin))
