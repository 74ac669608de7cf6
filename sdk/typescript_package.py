"""The TypeScript package: types and operations by @hey-api/openapi-ts, the layer above them."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sdk.client_document import UnusableError, client_document, operations
from sdk.facts import Facts, KnownProblem, Pages, Scheme
from sdk.generators import run_generator
from sdk.readme import camel, filled, readme
from sdk.written import class_name, template_values

Json = Any

HERE = Path(__file__).parent / "typescript"
LICENCE = Path(__file__).parents[1] / "LICENSE"
GENERATED = "// Generated; not to be edited.\n"


def typescript_package(document: Json, facts: Facts) -> dict[str, bytes]:
    """Return the package's files by their path in its folder. Raises UnusableError."""
    values = template_values(facts, f"{facts.slug}-sdk")
    texts = {
        "package.json": filled(HERE / "package.json.in", values),
        "tsconfig.json": filled(HERE / "tsconfig.json.in", values),
        "README.md": readme(HERE, document, values, camelled=True),
        "LICENSE": LICENCE.read_text(),
        "src/document.gen.ts": _document_module(facts),
        "src/pages.gen.ts": _pages_module(facts.pages),
        "src/problems.gen.ts": _problems_module(facts.problems),
    }
    texts |= {
        f"src/{file.name}": file.read_text() for file in sorted((HERE / "layer").glob("*.ts"))
    }
    texts |= {f"src/api/{name}": text for name, text in _generated(document).items()}
    return {name: text.encode() for name, text in texts.items()}


def _generated(document: Json) -> dict[str, str]:
    reduced = client_document(document)
    for _, _, operation in operations(reduced):
        # The generator groups operations by the dots in their names.
        operation["operationId"] = f"{operation['tags'][0]}.{operation['operationId']}"
    if not (HERE / "node_modules").is_dir():
        raise UnusableError(
            "@hey-api/openapi-ts is not installed: run make sdk, or use --only python."
        )
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "document.json").write_text(json.dumps(reduced))
        made = Path(folder) / "made"
        command = ["node", "generate.mjs", f"{folder}/document.json", str(made)]
        run_generator("@hey-api/openapi-ts", command, HERE)
        return {
            str(file.relative_to(made)): file.read_text() for file in sorted(made.rglob("*.ts"))
        }


def _document_module(facts: Facts) -> str:
    sign_in = "undefined"
    if facts.sign_in is not None:
        revocation = facts.sign_in.revocation_url
        members = [
            f"  tokenUrl: {json.dumps(facts.sign_in.token_url)},",
            f"  refreshUrl: {json.dumps(facts.sign_in.refresh_url)},",
            f"  revocationUrl: {'undefined' if revocation is None else json.dumps(revocation)},",
        ]
        sign_in = "{\n" + "\n".join(members) + "\n}"
    return (
        f"{GENERATED}import type {{ SignInAddresses }} from './session.js';\n\n"
        f"export const VERSION = {json.dumps(facts.version)};\n"
        f"export const USER_AGENT = `{facts.slug}-sdk-typescript/${{VERSION}}`;\n"
        f"export const PARSE_AS: 'auto' | 'json' = {json.dumps(facts.parsed_as)};\n"
        f"export const SIGN_IN: SignInAddresses | undefined = {sign_in};\n"
        f"{_schemes(facts.schemes)}"
        "/** Method and path of the operations that take an Idempotency-Key. */\n"
        f"export const KEYED: readonly (readonly [string, string])[] = {json.dumps(facts.keyed)};\n"
    )


def _schemes(schemes: Sequence[Scheme]) -> str:
    """What the generated operations call the schemes that credentials are given for."""
    places = "".join(
        f"  {json.dumps(each.name)}: {json.dumps([each.kind, each.place, each.field])},\n"
        for each in schemes
    )
    return f"export const SCHEMES = {{\n{places}}} as const;\n"


PAGES = """\
import type { Operations } from './api/sdk.gen.js';
import { iterate } from './paging.js';

type Call = (options: never) => Promise<unknown>;
type Given<Method extends Call> = Omit<NonNullable<Parameters<Method>[0]>, 'throwOnError'>;
type Page<Method extends Call> = NonNullable<Awaited<ReturnType<Method>>>;

/** The lists that go on, as asynchronous iterations over all their entries. */
export class Pages {
  readonly #operations: Operations;

  constructor(operations: Operations) {
    this.#operations = operations;
  }
"""


def _pages_module(pages: Sequence[Pages]) -> str:
    return GENERATED + PAGES + "".join(f"\n{_iteration(listed)}" for listed in pages) + "}\n"


def _iteration(pages: Pages) -> str:
    tag, name = camel(pages.tag), camel(pages.operation)
    method = f"Operations['{tag}']['{name}']"
    following = "".join(f"[{json.dumps(token)}]" for token in pages.pointer.split("/")[1:])
    return (
        f"  {name}(options: Given<{method}> = {{}}): "
        f"AsyncGenerator<Page<{method}>[{json.dumps(pages.items)}][number], void, undefined> {{\n"
        f"    return iterate(\n"
        f"      options,\n"
        f"      (given): Promise<Page<{method}>> => this.#operations.{tag}.{name}<true>(given),\n"
        f"      {json.dumps(pages.parameter)},\n"
        f"      (page) => page{following},\n"
        f"      (page) => page[{json.dumps(pages.items)}],\n"
        f"    );\n"
        f"  }}\n"
    )


def _problems_module(problems: Sequence[KnownProblem]) -> str:
    classes = "\n\n".join(_problem_class(problem) for problem in problems)
    known = "".join(
        f"  {json.dumps(problem.code)}: {class_name(problem.code)},\n" for problem in problems
    )
    return (
        f"{GENERATED}import {{ Problem }} from './problem.js';\n\n{classes}\n\n"
        f"export const KNOWN = {{\n{known}}} as const;\n\n"
        f"/** The codes that this version knows; expect others. */\n"
        f"export type ProblemCode = keyof typeof KNOWN;\n"
    )


def _problem_class(problem: KnownProblem) -> str:
    text = f"{problem.status}: {problem.title}.\n\n{problem.description}".strip().replace(
        "*/", "* /"
    )
    lines = "\n".join(f" * {line}".rstrip() for line in text.splitlines())
    code = json.dumps(problem.code)
    name = class_name(problem.code)
    members = f"  declare readonly code: {code};"
    return f"/**\n{lines}\n */\nexport class {name} extends Problem {{\n{members}\n}}"
