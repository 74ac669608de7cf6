"""Writes a bill of materials (CycloneDX 1.6, JSON) of the packages that a lock file pins and this
environment has: `python scripts/sbom.py requirements/serve.lock`. The same lock, the same bytes.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
import uuid
from collections.abc import Iterator, Mapping
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PINNED = re.compile(r"^([\w.-]+)==([^ ;\\]+)([^\n]*)", re.MULTILINE)
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
REQUIRED = re.compile(r"[\w.-]+")
# What packages call their licence where they do not use SPDX's expressions yet (PEP 639).
SPDX = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
CLASSIFIED = "License :: OSI Approved :: "


class BomError(Exception):
    """What is missing for the bill, in a sentence."""


def main(words: list[str]) -> int:
    if len(words) != 1:
        print("Name one lock file: python scripts/sbom.py requirements/serve.lock", file=sys.stderr)
        return 1
    try:
        print(json.dumps(bill_of(Path(words[0])), indent=2))
    except (BomError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def bill_of(lock: Path) -> dict[str, Any]:
    """Raises BomError for a package that is pinned and not installed, or without a licence."""
    text = lock.read_text(encoding="utf-8")
    components = list(components_of(text))
    if not components:
        raise BomError(f"{lock} pins no package. Write it anew by `make lock`.")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    name, version = project["name"], project["version"]
    known = {component["name"] for component in components}
    top = {package_name(r) for r in project["dependencies"]} & known
    refs = {component["name"]: component["bom-ref"] for component in components}
    dependencies = [{"ref": name, "dependsOn": sorted(refs[n] for n in top)}]
    dependencies += [dependency_of(component, refs) for component in components]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, text + version)}",
        "version": 1,
        "metadata": {
            "component": {"type": "application", "bom-ref": name, "name": name, "version": version}
        },
        "components": components,
        "dependencies": dependencies,
    }


def components_of(text: str) -> Iterator[dict[str, Any]]:
    """Yield the packages of a lock that this platform has."""
    for name, version, marker, hashes in pins_of(text):
        try:
            found = distribution(name)
        except PackageNotFoundError:
            if marker:  # for another platform
                continue
            raise BomError(f"{name} is pinned and not installed. Run `make lint` first.") from None
        if found.version != version:
            raise BomError(f"{name} is pinned at {version}, and {found.version} is installed.")
        yield {
            "type": "library",
            "bom-ref": f"pkg:pypi/{name}@{version}",
            "name": name,
            "version": version,
            "purl": f"pkg:pypi/{name}@{version}",
            "licenses": [{"expression": licence_of(found)}],
            # The files among which pip may choose, which no single hash stands for.
            "properties": [{"name": "lock:sha256", "value": value} for value in hashes],
        }


def pins_of(text: str) -> Iterator[tuple[str, str, bool, list[str]]]:
    found = list(PINNED.finditer(text))
    ends = [match.start() for match in found[1:]] + [len(text)] * bool(found)
    for match, end in zip(found, ends, strict=True):
        yield match[1], match[2], ";" in match[3], HASH.findall(text[match.start() : end])


def licence_of(found: Distribution) -> str:
    """Return an SPDX expression; raises BomError where there is none."""
    metadata = found.metadata
    expression = metadata.get("License-Expression")
    if expression:
        return str(expression)
    named = str(metadata.get("License"))
    if named in SPDX or named in SPDX.values():
        return SPDX.get(named, named)
    classified = [
        c.removeprefix(CLASSIFIED)
        for c in metadata.get_all("Classifier") or ()
        if c.startswith(CLASSIFIED)
    ]
    known = sorted({SPDX[name] for name in classified if name in SPDX})
    if not known:
        raise BomError(f"{metadata['Name']} names no licence that is known: {classified}.")
    return " OR ".join(known)


def dependency_of(component: Mapping[str, Any], refs: Mapping[str, str]) -> dict[str, Any]:
    needed = {package_name(text) for text in distribution(component["name"]).requires or ()}
    return {"ref": component["bom-ref"], "dependsOn": sorted(refs[n] for n in needed if n in refs)}


def package_name(requirement: str) -> str:
    found = REQUIRED.match(requirement)
    return re.sub(r"[-_.]+", "-", found[0]).lower() if found else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
