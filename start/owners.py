"""Whose each file of this repository is: what a new repository gets depends on nothing else.

A file belongs to the first owner that has a pattern for it. `**` stands for any path, `*` for a
part of a name. A file that nobody owns stops `python -m start`, and a test says so before that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import Enum
from functools import cache
from pathlib import Path, PurePosixPath


class Owner(Enum):
    """Machinery goes along, and sign-in where it is kept. What is generated is generated anew."""

    POSTS = "posts"
    PRODUCT = "this product"
    GENERATED = "the generator"
    SIGN_IN = "sign-in"
    MACHINERY = "the machinery"


PATTERNS: Mapping[Owner, tuple[str, ...]] = {
    Owner.POSTS: (
        "openapi/posts.yaml",
        "app/posts/**",
        "app/commands/invented.py",
        "app/commands/seed.py",
        "tests/api/posts/**",
        "tests/contract/authorization/test_drafts.py",
        "tests/contract/authorization/test_lists.py",
        "tests/db/test_cost.py",
        "tests/db/test_deadlocks.py",
        "tests/platform/test_seed.py",
        # These break our own document on purpose, which is a publishing API's.
        "tests/codegen/test_lint.py",
        "tests/db/test_storable.py",
        "tests/diff/edits/**",
        "tests/diff/test_changes.py",
        "tests/diff/test_properties.py",
        "tests/diff/test_verdict.py",
        "tests/mock/test_posts.py",
        "tests/mock/test_state.py",
        "tests/sdk/programs/mocked.*",
        "tests/sdk/programs/story.*",
        "tests/sdk/test_before_the_service.py",
        "tests/sdk/test_repeating.py",
        "tests/sdk/test_stories.py",
    ),
    Owner.PRODUCT: (
        "README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "start/**",
        "tests/start/**",
        "alembic/versions/**",
        "benchmarks/**",
        "tests/benchmarks/**",
        "tests/docs/**",
        # These measure with the benchmarks.
        "tests/codegen/test_growth.py",
        "tests/db/test_growth.py",
        "tests/mutants/**",
        "tests/platform/test_mutants.py",
        "deploy/kubernetes/**",
        "tests/deploy/fields.py",
        "tests/deploy/test_kubernetes.py",
        # These lose servers under people who write posts.
        "tests/replicas/**",
        "docs/decisions/**",
        "docs/audit.md",
        "SECURITY.md",
        "docs/checks.md",
        "docs/deploy.md",
        "docs/your-own-api.md",
        # They name what a service with posts and sign-in measures.
        "deploy/observability/**",
        "docs/operate.md",
        "scripts/promtool.sh",
        "scripts/tools.sh",
        "requirements/postgresql-16.*",
        "tests/platform/test_postgresql_upgrade.py",
        "tests/tools.py",
        "tests/platform/test_tools.py",
        "tests/metrics/test_observability.py",
        "tests/metrics/promql.py",
        "docs/backup.md",
        "docs/pages.md",
        "docs/reliability.md",
        "docs/scale.md",
        "docs/speed*",
        # Examples of other operations take their place.
        "sdk/python/examples.md",
        "sdk/typescript/examples.md",
        # What these do they do with the document of a publishing API.
        "tests/browser/**",
        "tests/chaos/**",
    ),
    Owner.GENERATED: ("generated/**",),
    Owner.SIGN_IN: (
        "openapi/auth.yaml",
        "openapi/users.yaml",
        "app/auth/**",
        "app/users/**",
        "app/security/**",
        "app/secret_key.py",
        "app/commands/superuser.py",
        "tests/people.py",
        "tests/api/auth/**",
        "tests/api/users/**",
        "tests/contract/authorization/**",
        "tests/contract/test_fuzz_users.py",
        "tests/contract/test_fuzz_limits.py",
        "tests/db/test_constraints.py",
        "tests/limits/test_losing_redis.py",
        "tests/platform/test_keys.py",
        "tests/platform/test_limits.py",
        "tests/platform/test_superuser.py",
        "tests/sdk/callers.py",
        "tests/sdk/programs/**",
        "tests/sdk/test_behaviour.py",
        "tests/sdk/test_editing.py",
        "tests/sdk/test_languages.py",
        "tests/sdk/test_signing_in.py",
        "tests/security/**",
    ),
    Owner.MACHINERY: (
        ".ci/**",
        ".dockerignore",
        ".env.example",
        ".gitattributes",
        ".github/**",
        ".gitignore",
        ".npmrc",
        "Dockerfile",
        "LICENSE",
        "Makefile",
        "alembic.ini",
        "alembic/*",
        "app/*",
        "app/commands/*",
        "app/contract/**",
        "app/db/**",
        "app/health/**",
        "app/metrics/**",
        "app/pages/**",
        "app/redis/**",
        "codegen/**",
        "deploy/compose/**",
        "docker-compose.yml",
        "docs/changes.md",
        "docs/codegen.md",
        "docs/mock.md",
        "docs/sdk.md",
        "openapi/health.yaml",
        "openapi/openapi.yaml",
        "openapi/problems.yaml",
        "openapi/rules.yaml",
        "openapi/shared.yaml",
        "pyproject.toml",
        "requirements/*",
        "schemathesis.toml",
        "scripts/**",
        "sdk/**",
        "tests/*",
        "tests/api/*",
        "tests/api/health/**",
        "tests/codegen/**",
        "tests/contract/*",
        "tests/contract/runtime/**",
        "tests/db/*",
        "tests/metrics/**",
        "tests/diff/**",
        "tests/limits/**",
        "tests/mock/**",
        "tests/deploy/test_compose.py",
        "tests/pages/**",
        "tests/platform/**",
        "tests/rules/**",
        "tests/sdk/**",
        "tests/supply/**",
        "tests/tracing/**",
    ),
}


def owner_of(file: str) -> Owner | None:
    """Whose the file of this name is, None where nobody has said it."""
    path = f"/{file}"
    return next((owner for owner in Owner if _expression(owner).fullmatch(path)), None)


@cache
def _expression(owner: Owner) -> re.Pattern[str]:
    return re.compile("|".join(_translated(pattern) for pattern in PATTERNS[owner]))


def _translated(pattern: str) -> str:
    parts = re.split(r"(\*\*|\*)", pattern)
    meaning = {"**": ".*", "*": "[^/]*"}
    return "/" + "".join(meaning.get(part, re.escape(part)) for part in parts)


def files_of(root: Path) -> Iterator[str]:
    """Every file below `root` that its .gitignore does not leave out, with or without Git."""
    ignored = [
        line.rstrip("/")
        for line in (root / ".gitignore").read_text(encoding="utf-8").splitlines()
        if line and line[0] not in "#!"
    ]
    yield from _below(root, root, [".git", *ignored])


def _below(folder: Path, root: Path, ignored: list[str]) -> Iterator[str]:
    for entry in sorted(folder.iterdir()):
        name = PurePosixPath(entry.relative_to(root).as_posix())
        if any(name.match(pattern) for pattern in ignored):
            continue
        if entry.is_dir() and not entry.is_symlink():
            yield from _below(entry, root, ignored)
        else:
            yield str(name)
