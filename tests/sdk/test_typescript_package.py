"""The TypeScript package as its users have it: the tarball in a project of its own, run by Node.
What is asked here is true of every document that has the operations of health.
"""

from __future__ import annotations

import socket

from tests.sdk.conftest import FACTS, PACKAGE, Project, Service

PROGRAM = f"""\
import {{ Client, NotAcceptable }} from '{PACKAGE}';
declare const process: {{ argv: string[] }};
const client = new Client(process.argv[2]!);
console.log((await client.health.getHealth()).service);
const [live, ready] = [await client.health.getLiveness(), await client.health.getReadiness()];
console.log(live.status, ready.status);
const headers = {{ Accept: 'image/png' }};
await client.health.getLiveness({{ headers }}).catch((error: unknown) => {{
  if (error instanceof NotAcceptable && error.requestId) console.log(error.status, error.code);
}});
"""
WRONG = f"""\
import {{ Client }} from '{PACKAGE}';
const client = new Client('http://localhost');
await client.health.getLiveness({{ query: {{ once: true }} }});
(await client.health.getLiveness()).statuus;
"""
DEAD = f"""\
import {{ Client, Unreachable }} from '{PACKAGE}';
declare const process: {{ argv: string[] }};
const client = new Client(process.argv[2]!, {{ retries: {{ attempts: 2 }} }});
try {{
  await client.health.getLiveness();
}} catch (error) {{
  if (error instanceof Unreachable) console.log(error.message);
}}
"""


def test_the_running_service_is_asked_by_the_installed_tarball(
    node_project: Project, service: Service
) -> None:
    node_project.compile(health=PROGRAM)

    said = node_project.run("health", service.url)

    assert said == f"{FACTS.title}\nalive ready\n406 not_acceptable\n"


def test_the_compiler_sees_what_the_package_promises(node_project: Project) -> None:
    said = node_project.refused_by_the_compiler(WRONG)

    assert said.count("error TS") == 2, said
    assert "wrong.ts(3,35): error TS2322" in said
    assert "Property 'statuus' does not exist" in said


def test_a_dead_server_gives_one_clear_typed_error(node_project: Project) -> None:
    node_project.compile(dead=DEAD)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{taken.getsockname()[1]}"

        said = node_project.run("dead", f"http://{address}")

    place = f"http://{address}/health/live"
    assert said == f"{place} gave no answer in 2 attempts: connect ECONNREFUSED {address}\n"
