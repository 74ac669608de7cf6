"""Parameters: from the text of path, query, headers and cookies to judged JSON values.

The text of a number is a JSON number and nothing else, a boolean is `true` or `false`: a text is
accepted exactly where one reading of it is a value that the document allows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from app.contract import json_text, styles
from app.contract.document import Document
from app.contract.model import Operation, Parameter
from app.contract.problems import InputError, MalformedRequest
from app.contract.schema import Schemas
from app.contract.shapes import Shape
from app.contract.violations import parameter_errors

# These describe the exchange itself, so OpenAPI ignores parameters of these names.
IGNORED_HEADERS = frozenset({"accept", "content-type", "authorization"})

LONGEST_KEPT = 64

_ENCODED_COMMA = re.compile("%2C", re.IGNORECASE)
_JOINED = "A comma between values must be sent as it is: %2C is a comma within a value."


@dataclass(slots=True)
class Decoded:
    """The parameters of one request by location, and what is wrong with them."""

    path: dict[str, Any] = field(default_factory=dict)
    query: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    cookie: dict[str, Any] = field(default_factory=dict)
    errors: list[InputError] = field(default_factory=list)


# For operations without parameters; nobody changes what was decoded.
NOTHING_TO_DECODE = Decoded()


class Texts(NamedTuple):
    """What the request carries, by location; path and query are still percent-encoded."""

    path: Mapping[str, str]
    query: Mapping[str, list[str]]
    header: Mapping[str, list[str]]
    cookie: Mapping[str, list[str]]


class ParameterReader:
    """Reads one parameter. Built once for each operation and parameter."""

    def __init__(self, parameter: Parameter, document: Document, schemas: Schemas) -> None:
        """Look up shape and validator, so that a request pays for neither."""
        self.parameter = parameter
        self.validator = schemas.validator(parameter.schema)
        self.shape = Shape.of(document.source, parameter.schema)
        self._has_one_name = not self.is_spread and parameter.style != "deepObject"
        is_scalar = not self.shape.is_structured and parameter.media_type is None
        self._is_scalar = is_scalar and parameter.style != "deepObject"
        # A cookie is mostly a secret, which nobody should keep.
        self._is_remembered = self._is_scalar and parameter.location != "cookie"

    def read(self, texts: Texts, into: Decoded) -> None:
        """Decode and judge the parameter; the value, or what is wrong with it, goes `into`."""
        parameter = self.parameter
        source = getattr(texts, parameter.location)
        if self._has_one_name and parameter.key not in source:
            self._read_absent(into)
            return
        text = self._short_text(source)
        if text is not None and (known := known_value(self, text)) is not styles.ABSENT:
            getattr(into, parameter.location)[parameter.name] = known
            return
        try:
            value = self._value(source)
        except styles.Unreadable as reason:
            into.errors += self._refused(source, [self._error(reason.code, str(reason))])
            return
        if value is styles.ABSENT:
            self._read_absent(into)
            return
        if not self.validator.is_valid(value):
            value = self._as_text(value, source)
            errors = parameter_errors(self.validator, value, parameter.name, parameter.location)
            into.errors += self._refused(source, errors)
        getattr(into, parameter.location)[parameter.name] = value

    def _read_absent(self, into: Decoded) -> None:
        if self.parameter.required:
            into.errors.append(self._error("required", "This is required."))
        elif self.parameter.has_default:
            getattr(into, self.parameter.location)[self.parameter.name] = self.parameter.default

    def _short_text(self, source: Mapping[str, Any]) -> str | None:
        """Return the text of a scalar, where it came once and is short enough to be remembered."""
        if not self._is_remembered:
            return None
        found = source[self.parameter.key]
        text = found if isinstance(found, str) else found[0] if len(found) == 1 else None
        return text if text is not None and len(text) <= LONGEST_KEPT else None

    def _value(self, source: Mapping[str, Any]) -> Any:
        if self.parameter.media_type is not None:
            return self._content(source)
        return styles.decode(self.parameter, self.shape, source)

    def _as_text(self, value: Any, source: Mapping[str, Any]) -> Any:
        """Read `5` as a string after all, where the schema admits numbers and strings alike."""
        if isinstance(value, str) or not self._is_scalar or "string" not in self.shape.types:
            return value
        return styles.plain_text(self.parameter, self.shape, source)

    def _refused(self, source: Mapping[str, Any], errors: list[InputError]) -> list[InputError]:
        """Return what is wrong: that alone where it is the encoding of the commas between values.

        Many clients encode a list after they have joined it; `%2C` is a comma within a value
        (RFC 6570, section 3.2.8).
        """
        return [self._error("bad_style", _JOINED)] if self._is_joined(source) else errors

    def _is_joined(self, source: Mapping[str, Any]) -> bool:
        parameter, shape = self.parameter, self.shape
        text = source.get(parameter.key) or ()
        texts = [text] if isinstance(text, str) else list(text)
        plain = [_ENCODED_COMMA.sub(",", each) for each in texts]
        is_list = self._has_one_name and shape.is_structured and parameter.media_type is None
        if plain == texts or not is_list or parameter.location == "header":
            return False
        try:
            value = styles.decode(parameter, shape, {parameter.key: plain})
        except styles.Unreadable:
            return False
        return value is not styles.ABSENT and bool(self.validator.is_valid(value))

    def _content(self, source: Mapping[str, Any]) -> Any:
        """Read a parameter that has `content` instead of a style: its text is JSON."""
        text = styles.single_text(source, self.parameter)
        if text is styles.ABSENT:
            return text
        try:
            return json_text.loads(text.encode())
        except (MalformedRequest, UnicodeEncodeError):
            raise styles.Unreadable("bad_format", "This must be a JSON text.") from None

    def _error(self, code: str, detail: str) -> InputError:
        place = "header" if self.parameter.location == "header" else "parameter"
        return InputError(code=code, detail=detail, **{place: self.parameter.name})

    @cached_property
    def is_spread(self) -> bool:
        """Whether it is an object whose members stand in the query string by their own names."""
        parameter = self.parameter
        is_form = parameter.location == "query" and parameter.style == "form" and parameter.explode
        return is_form and parameter.media_type is None and self.shape.is_object

    @property
    def is_greedy(self) -> bool:
        """Whether its members may have any name."""
        return self.is_spread and self.shape.is_open

    def owns(self, name: str) -> bool:
        """Whether the query parameter `name` belongs to this parameter."""
        if self.is_spread:
            return self.is_greedy or name in self.shape.properties
        if self.parameter.style == "deepObject":
            return name.startswith(f"{self.parameter.name}[")
        return name == self.parameter.name


@lru_cache(4096)
def known_value(reader: ParameterReader, text: str) -> Any:
    """Return the value of a scalar's text, ABSENT where that is not admitted or there is none. What
    a text says depends on nothing else, and most requests say what others have said before.
    """
    try:
        value = reader._value({reader.parameter.key: [text]})  # noqa: SLF001 - it is a part of reading
    except styles.Unreadable:
        return styles.ABSENT
    return value if reader.validator.is_valid(value) else styles.ABSENT


class OperationParameters:
    """All parameters of one operation."""

    def __init__(self, operation: Operation, document: Document, schemas: Schemas) -> None:
        """Build a reader for each parameter that OpenAPI does not ignore."""
        self._readers = [
            ParameterReader(parameter, document, schemas)
            for parameter in operation.parameters
            if not (parameter.location == "header" and parameter.key in IGNORED_HEADERS)
        ]
        self._query = [r for r in self._readers if r.parameter.location == "query"]
        self._unknown = _unknown([r.parameter.name for r in self._query])

    def read(self, texts: Texts, known_query: Iterable[str] = ()) -> Decoded:
        """Decode and judge every parameter. A query parameter that nobody declares is an error.

        `known_query` are names that something else reads, such as an API key in the query.
        """
        if not self._readers and not texts.query:
            return NOTHING_TO_DECODE
        decoded = Decoded()
        if texts.query:
            query = {name: found for name, found in texts.query.items() if name not in known_query}
            texts = texts._replace(query=query)
            if not all(any(reader.owns(name) for reader in self._query) for name in query):
                decoded.errors.append(self._unknown)
        for reader in self._readers:
            reader.read(self._left_for(reader, texts), decoded)
        return decoded

    def _left_for(self, reader: ParameterReader, texts: Texts) -> Texts:
        """Keep what other parameters own from one that would take every name."""
        if not reader.is_greedy:
            return texts
        others = [r for r in self._query if not r.is_greedy]
        rest = {n: found for n, found in texts.query.items() if not any(r.owns(n) for r in others)}
        return texts._replace(query=rest)


def _unknown(names: list[str]) -> InputError:
    """Tell which query parameters exist. The one that came is input, and input is not echoed."""
    detail = "The operation takes no query parameters."
    if names:
        detail = f"The operation takes only these query parameters: {', '.join(names)}."
    return InputError(code="unknown_parameter", detail=detail)
