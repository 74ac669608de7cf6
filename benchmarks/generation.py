"""The neighbour: the server that datamodel-code-generator makes of this service's document."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks.load import LoadError

DOCUMENT = Path(__file__).parents[1] / "generated" / "openapi.json"
PACKAGE = "api"
# A server of coroutines with FastAPI models, as its documentation has it; the rest are defaults.
OPTIONS = (
    "--input-file-type=openapi",
    "--openapi-scopes=schemas",
    "--openapi-scopes=api",
    "--output-model-type=pydantic_v2.BaseModel",
    "--target-python-version=3.11",
    "--use-annotated",
    "--formatters=builtin",
    "--generate-server=fastapi",
    "--server-handler-mode=async",
    f"--server-package={PACKAGE}.server",
    f"--server-model-package={PACKAGE}.models",
)


def generate_server(folder: Path) -> None:
    """Write the package `api` into the folder. Raises LoadError where the tool fails."""
    package = folder / PACKAGE
    package.mkdir(parents=True)
    output = [f"--output={package / 'models.py'}", f"--server-output={package / 'server'}"]
    done = subprocess.run(
        [
            sys.executable,
            *("-m", "datamodel_code_generator"),
            f"--input={DOCUMENT}",
            *OPTIONS,
            *output,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise LoadError(f"datamodel-codegen made no server: {done.stderr.strip()[-1000:]}")
