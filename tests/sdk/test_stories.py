"""Both packages write, edit and page through posts at the running service, and so do the examples
of their READMEs, in their order.
"""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import asyncpg
import pytest

from sdk.facts import Pages, SignIn
from tests.people import HASH, PASSWORD
from tests.sdk.conftest import (
    FACTS,
    MODULE,
    PACKAGE,
    PROGRAMS,
    PYTHON_PACKAGE,
    TYPESCRIPT_PACKAGE,
    Project,
    Service,
    run,
)

POSTS = 1000
PYTHON = re.compile(r"```python\n(.*?)```", re.DOTALL)
TYPESCRIPT = re.compile(r"```ts\n(.*?)```", re.DOTALL)
ADDRESS = "http://127.0.0.1:8000"
STORY = PROGRAMS / "story.py"
MYPY = "from mypy.api import run; print(run(['--strict', '--hide-error-context', '.'])[0])"
WRONG = f"""\
from {MODULE} import Client
with Client('http://localhost') as client:
    client.posts.create_post(title=1, content='x')
    client.posts.get_post(post_id=1).titel
"""
WRONG_TYPESCRIPT = f"""\
import {{ Client }} from '{PACKAGE}';
const client = new Client('http://localhost');
await client.posts.createPost({{ body: {{ title: 1, content: 'x' }} }});
(await client.posts.getPost({{ path: {{ post_id: 1 }} }})).titel;
"""


@pytest.fixture(scope="module")
def full(service: Service) -> str:
    """The service with 1,000 published posts."""
    asyncio.run(fill(service.database_url))
    return service.url


async def fill(url: str) -> None:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    await connection.execute(
        "INSERT INTO users (username, email, password_hash)"
        " VALUES ('lise', 'lise@example.com', $1)",
        HASH,
    )
    await connection.execute(
        "INSERT INTO posts (author_id, title, content, published)"
        " SELECT users.id, 'Note ' || n, 'It can do what we know.', true"
        " FROM users, generate_series(1, $1::int) AS n WHERE username = 'lise'",
        POSTS,
    )
    await connection.close()


def test_what_the_packages_know_is_what_the_document_says() -> None:
    auth = "/api/v1/auth"
    assert FACTS.sign_in == SignIn("oauth2", f"{auth}/login", f"{auth}/refresh", f"{auth}/revoke")
    assert FACTS.pages[1] == Pages(
        "list_posts", "posts", "/api/v1/posts", "cursor", "/next_cursor", "posts"
    )


def test_the_story_is_told_from_the_installed_wheel(python_home: Path, full: str) -> None:
    said = run(python_home, "-W", "error", STORY, full, PASSWORD, cwd=python_home.parent)

    assert said == "told\n"


def test_the_story_is_told_from_the_installed_tarball(node_project: Project, full: str) -> None:
    assert node_project.run("story", full, PASSWORD) == "told\n"


def test_a_type_checker_knows_the_members_of_a_post(python_home: Path, tmp_path: Path) -> None:
    (tmp_path / "story.py").write_text(STORY.read_text())
    (tmp_path / "wrong.py").write_text(WRONG)

    said = run(python_home, "-c", MYPY, cwd=tmp_path)

    assert said.count("error:") == 2
    assert "story.py" not in said
    assert 'wrong.py:3: error: No overload variant of "create_post"' in said
    assert 'wrong.py:4: error: "Post" has no attribute "titel"' in said


def test_the_compiler_knows_the_members_of_a_post(node_project: Project) -> None:
    said = node_project.refused_by_the_compiler(WRONG_TYPESCRIPT)

    assert said.count("error TS") == 2
    assert "wrong.ts(3,41): error TS2322: Type 'number' is not assignable to type 'string'" in said
    assert "wrong.ts(4,56): error TS2551: Property 'titel' does not exist on type 'Post'" in said


def test_the_examples_in_python(python_home: Path, full: str, tmp_path: Path) -> None:
    examples = PYTHON.findall((PYTHON_PACKAGE / "README.md").read_text())
    assert len(examples) == 5

    said = []
    for number, example in enumerate(examples):
        script = tmp_path / f"example{number}.py"
        script.write_text(example.replace(ADDRESS, full).replace('"ada', '"lovelace'))
        said.append(run(python_home, "-W", "error", script))

    assert said[0] == "lovelace\n"
    assert "already exists" in said[1]
    assert said[2].count("\n") > 1000
    assert said[3] == ""
    assert said[4] == "Note G, revised\n"


def test_the_examples_in_typescript(node_project: Project, full: str) -> None:
    examples = TYPESCRIPT.findall((TYPESCRIPT_PACKAGE / "README.md").read_text())
    assert len(examples) == 4
    names = [f"example{number}" for number in range(len(examples))]
    node_project.compile(
        **{
            name: example.replace(ADDRESS, full).replace("'ada", "'byron")
            for name, example in zip(names, examples, strict=True)
        }
    )

    said = [node_project.run(name) for name in names]

    assert said[0] == "byron\n"
    assert "already exists" in said[1]
    assert said[2].count("\n") > 1000
    assert said[3] == ""
