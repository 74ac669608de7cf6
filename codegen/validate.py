"""Everything that can be wrong with a bundle, found in one go."""

from __future__ import annotations

from collections.abc import Iterable

from app.contract.document import Document
from app.contract.pointers import UnresolvableReferenceError
from app.contract.problems import OperationNotImplemented
from app.contract.required import missing_problems
from codegen import catalogue, checks, examples, structure, support
from codegen.bundle import Bundle
from codegen.findings import Finding, RefusedError


def read(bundle: Bundle) -> Document:
    """Return the document of a bundle that is built rightly; raises RefusedError."""
    found = [*structure.findings(bundle.source), *catalogue.findings(bundle.source)]
    if not found:
        try:
            return Document(bundle.source)
        except UnresolvableReferenceError as error:
            found = [Finding(error.pointer, error.reason)]
    raise refusal(bundle, found)


def check(
    bundle: Bundle, document: Document, *, allow_invalid_examples: bool, unimplemented: bool = False
) -> None:
    """Raise RefusedError with everything that is wrong with a document; note what is only odd."""
    found = [*checks.findings(document), *support.findings(document), *_undeclared(document)]
    if unimplemented:
        found += _without_501(document)
    unfit = list(examples.findings(document))
    if allow_invalid_examples:
        bundle.warnings += unfit
    else:
        found += unfit
    if found:
        raise refusal(bundle, found)
    bundle.warnings += support.warnings(document)


def refusal(bundle: Bundle, found: Iterable[Finding]) -> RefusedError:
    """Return the refusal for findings, each as one about the file where it can be mended."""
    by_pointer = {finding.pointer: finding for finding in reversed(list(found))}
    first = dict(reversed(by_pointer.items()))
    return RefusedError(bundle.locate(finding) for finding in first.values())


def _undeclared(document: Document) -> Iterable[Finding]:
    """Name the problems that the runtime can answer and an operation does not declare."""
    for operation in document.operations:
        for status, codes in missing_problems(operation, document).items():
            reason = (
                f"the runtime can answer {status} with {' or '.join(codes)}: declare it by "
                "x-problems, or let --add-problems do so"
            )
            yield Finding(f"{operation.pointer}/responses/{status}", reason)


def _without_501(document: Document) -> Iterable[Finding]:
    """Name the operations that may not say that nobody has written them yet."""
    for operation in document.operations:
        if OperationNotImplemented.code not in operation.problem_codes():
            reason = (
                f"--unimplemented answers 501 with {OperationNotImplemented.code}: declare it by "
                "x-problems, or let --add-problems do so"
            )
            yield Finding(f"{operation.pointer}/responses/501", reason)
