"""The Python that the build writes itself: problems as classes, what fills the templates."""

from __future__ import annotations

import re

from sdk.client_document import UnusableError
from sdk.facts import Facts, KnownProblem

TAKEN = {
    "Client",
    "AsyncClient",
    "Problem",
    "Fault",
    "NotModified",
    "Response",
    "Retries",
    "Tokens",
}


def class_name(code: str) -> str:
    """`not_found` is the class NotFound."""
    name = "".join(part[:1].upper() + part[1:] for part in re.split(r"[^0-9A-Za-z]+", code))
    if not name.isidentifier() or name in TAKEN:
        raise UnusableError(f"The problem code {code!r} gives no name for its class: rename it.")
    return name


def docstring(text: str, indent: str) -> str:
    """Return the lines of a docstring, its quotes included."""
    safe = text.strip().replace("\\", "\\\\").replace('"""', "'''")
    lines = [line.rstrip() for line in f'"""{safe}'.splitlines()]
    closing = '"""' if len(lines) == 1 and not safe.endswith('"') else f'\n{indent}"""'
    return "\n".join(f"{indent}{line}" if line else "" for line in lines) + closing


def template_values(facts: Facts, module: str) -> dict[str, str]:
    """Return what stands in the templates' braces."""
    names = [class_name(problem.code) for problem in facts.problems]
    listed = "\n".join(f"    {name}," for name in names)
    return {
        "title": facts.title,
        "version": facts.version,
        "summary": facts.summary,
        "slug": facts.slug,
        "module": module,
        "imported": f"from .problems import (\n{listed}\n)" if names else "",
        "exported": "\n".join(f'    "{name}",' for name in names),
        "sign_in": _sign_in(facts),
        "keyed": repr(facts.keyed),
        "has_sign_in": "yes" if facts.sign_in else "",
        "has_pages": "yes" if facts.pages else "",
        "has_files": "yes" if facts.has_files else "",
        "schemes": ", ".join(f"`{scheme.name}`" for scheme in facts.schemes),
        "a_scheme": facts.schemes[0].name if facts.schemes else "",
    }


def _sign_in(facts: Facts) -> str:
    if facts.sign_in is None:
        return "None"
    members = ("scheme", "token_url", "refresh_url", "revocation_url")
    values = "".join(f"    {name}={getattr(facts.sign_in, name)!r},\n" for name in members)
    return f"SignInAddresses(\n{values})"


def problems_module(facts: Facts) -> str:
    """One exception for each problem of the catalogue."""
    parts = [
        f'"""The problems of {facts.title} as exceptions. Generated; not to be edited."""',
        "from __future__ import annotations",
        "from .problem import Problem",
    ]
    classes = [_problem_class(problem) for problem in facts.problems]
    return "\n\n".join(parts) + "".join(f"\n\n\n{written}" for written in classes) + "\n"


def _problem_class(problem: KnownProblem) -> str:
    text = f"{problem.status}: {problem.title}.\n\n{problem.description.strip()}\n"
    said = docstring(text, "    ")
    return f'class {class_name(problem.code)}(Problem):\n{said}\n\n    code = "{problem.code}"'
