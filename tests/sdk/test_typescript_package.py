"""The TypeScript package as its users have it: the tarball in a project of its own, run by Node."""

from __future__ import annotations

import json
import re
import socket

from tests.sdk.conftest import TYPESCRIPT_PACKAGE, Project, Service

EXAMPLE = re.compile(r"```ts\n(.*?)```", re.DOTALL)
WRONG = """\
import { Client } from 'colophon-sdk';
const client = new Client('http://localhost');
await client.posts.createPost({ body: { title: 1, content: 'x' } });
(await client.posts.getPost({ path: { post_id: 1 } })).titel;
"""


def test_the_story_is_told_from_the_installed_tarball(
    node_project: Project, service: Service
) -> None:
    tokens = json.dumps(service.expired_sign_in("grace"))
    said = node_project.run("story", service.url, service.password, tokens)

    assert said == "told\n"


def test_the_compiler_sees_what_the_package_promises(node_project: Project) -> None:
    said = node_project.refused_by_the_compiler(WRONG)

    assert said.count("error TS") == 2
    assert "wrong.ts(3,41): error TS2322: Type 'number' is not assignable to type 'string'" in said
    assert "wrong.ts(4,56): error TS2551: Property 'titel' does not exist on type 'Post'" in said


def test_the_examples_of_the_readme_run_in_its_order(
    node_project: Project, service: Service
) -> None:
    examples = EXAMPLE.findall((TYPESCRIPT_PACKAGE / "README.md").read_text())
    assert len(examples) == 4
    names = [f"example{number}" for number in range(len(examples))]
    node_project.compile(
        **{
            name: example.replace("http://127.0.0.1:8000", service.url).replace("'ada", "'byron")
            for name, example in zip(names, examples, strict=True)
        }
    )

    said = [node_project.run(name) for name in names]

    assert said[0] == "byron\n"
    assert "already exists" in said[1]
    assert said[2].count("\n") > 1000
    assert said[3] == ""


def test_a_dead_server_gives_one_clear_typed_error(node_project: Project) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{taken.getsockname()[1]}"

        said = node_project.run("dead", f"http://{address}")

    place = f"http://{address}/health/live"
    assert said == f"{place} gave no answer in 2 attempts: connect ECONNREFUSED {address}\n"
