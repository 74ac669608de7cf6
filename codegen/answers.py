"""What a handler may return: the plain body, or one class for each status and media type."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.contract import media
from app.contract.model import Header, MediaType, Operation, Response
from app.contract.problems import MEDIA_TYPE as PROBLEM_JSON
from codegen import representations, types
from codegen.naming import header_name, media_word, pascal_case, phrase, unique
from codegen.shapes import Shapes
from codegen.text import WIDTH, docstring, indent, literal, union_lines

FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
_OWN_FIELDS = frozenset(
    {"body", "status", "status_code", "media_type", "content_type", "header_names"}
)


@dataclass(frozen=True, slots=True)
class AnswerField:
    """A field of an answer class that becomes a response header."""

    name: str
    header: str
    annotation: str
    required: bool


@dataclass(slots=True)
class AnswerClass:
    """One way to answer an operation: a status, and a media type where it has content."""

    name: str
    response: Response
    media_type: MediaType | None
    body: str | None
    dictionary: str | None = None
    fields: list[AnswerField] = field(default_factory=list)

    @property
    def bodies(self) -> list[str]:
        """The types that the body may have: a model, or a dictionary that says the same."""
        return [each for each in (self.body, self.dictionary) if each is not None]

    @property
    def is_exact(self) -> bool:
        """Whether the status is a number and not a class of them or `default`."""
        return self.response.status.isdecimal()

    @property
    def is_range(self) -> bool:
        """Whether the media type is a range such as `image/*`, of which a handler has to choose."""
        return self.media_type is not None and "*" in self.media_type.name


@dataclass(slots=True)
class Answers:
    """All ways to answer one operation."""

    classes: list[AnswerClass]

    @property
    def is_plain(self) -> bool:
        """Whether the body alone says it all."""
        only = self.classes[0] if len(self.classes) == 1 else None
        if only is None or not only.response.is_success or not only.is_exact:
            return False
        return not only.fields and not only.is_range

    @property
    def annotations(self) -> list[str]:
        """The return type of the handler, as the members of a union."""
        if not self.classes:
            return ["Never"]
        if self.is_plain:
            return self.classes[0].bodies or ["None"]
        return [one.name for one in self.classes]

    @property
    def media_types(self) -> list[str]:
        """The media types to choose from, where a success status has several."""
        for status in {
            one.response.status: None for one in self.classes if one.response.is_success
        }:
            names = [o.media_type.name for o in self.classes if _has(o, status) and o.media_type]
            if len(names) > 1:
                return names
        return []


def _has(one: AnswerClass, status: str) -> bool:
    return one.response.status == status


def answers_of(operation: Operation, shapes: Shapes, taken: set[str]) -> Answers:
    """Return the answers of an operation that handlers give; problems are raised instead."""
    classes: list[AnswerClass] = []
    for response in operation.responses.values():
        if response.status == "304" or response.status.startswith("1"):
            continue
        contents = _contents(response)
        for media_type in contents:
            wanted = pascal_case(operation.name) + phrase(response.status)
            if len(contents) > 1 and media_type is not None:
                wanted += media_word(media_type.name)
            name = unique(wanted, taken)
            taken.add(name)
            body = body_type(media_type, f"{wanted}Body", shapes) if media_type else None
            dictionary = _dictionary(media_type, f"{wanted}Body", shapes)
            fields = _fields(response, wanted, shapes)
            classes.append(AnswerClass(name, response, media_type, body, dictionary, fields))
    return Answers(classes)


def _contents(response: Response) -> list[MediaType | None]:
    """Return the media types that a handler chooses from; those of problems are the runtime's."""
    if not response.content:
        return [] if response.problems else [None]
    return [
        media_type
        for name, media_type in response.content.items()
        if not (response.problems and name.startswith(PROBLEM_JSON))
    ]


def body_type(media_type: MediaType, name: str, shapes: Shapes) -> str:
    """Return the annotation of a body of a media type."""
    if media_type.is_stream:
        return "AsyncIterator[bytes]"
    if is_structured(media_type):
        return types.spell(shapes.at(media_type.schema, name)) if media_type.schema else "Any"
    return "str" if media_type.name.lower().startswith("text/") else "bytes"


def _dictionary(media_type: MediaType | None, name: str, shapes: Shapes) -> str | None:
    """Return the annotation of a body made of dictionaries, None where no model is in it."""
    if media_type is None or media_type.schema is None or not is_structured(media_type):
        return None
    shape = shapes.at(media_type.schema, name)
    spelled = representations.spell(shape, shapes)
    return None if spelled == types.spell(shape) else spelled


def is_structured(media_type: MediaType) -> bool:
    """Whether a body is read into a JSON value, as JSON and forms are, unless it is streamed."""
    name = media_type.name.partition(";")[0].strip().lower()
    return not media_type.is_stream and (media.is_json(name) or name in FORMS)


def _fields(response: Response, name: str, shapes: Shapes) -> list[AnswerField]:
    fields: list[AnswerField] = []
    for header in response.headers.values():
        if header.is_runtimes:
            continue
        wanted = header_name(header.name)
        wanted = f"{wanted}_header" if wanted in _OWN_FIELDS else wanted
        own = unique(wanted, {f.name for f in fields})
        annotation = _header_type(header, name + pascal_case(header.name), shapes)
        fields.append(AnswerField(own, header.name, annotation, header.required))
    return sorted(fields, key=lambda f: not f.required)


def _header_type(header: Header, name: str, shapes: Shapes) -> str:
    schema = header.schema
    shape = shapes.at(schema, name) if schema else {"type": "string"}
    return types.spell(shape, formats=False)


def render(one: AnswerClass) -> list[str]:
    """Return the lines of an answer class."""
    lines = ["@dataclass(frozen=True, slots=True, kw_only=True)", f"class {one.name}(Answer):"]
    says = one.response.description.strip() or phrase(one.response.status)
    lines += [*docstring(f"{one.response.status}: {says}"), ""]
    if one.is_exact:
        lines.append(f"    status: ClassVar[int] = {one.response.status}")
    if one.media_type is not None:
        name = literal(one.media_type.name)
        lines.append(f"    media_type: ClassVar[str | None] = {name}")
    if one.fields:
        lines += indent(_header_names(one.fields))
    if not one.is_exact:
        lines.append("    status_code: int")
    if one.is_range:
        lines.append("    content_type: str")
    if one.body is not None:
        lines += union_lines("    body: ", one.bodies, "")
    for own in one.fields:
        default = "" if own.required else " = None"
        annotation = own.annotation if own.required else types.or_none(own.annotation)
        lines.append(f"    {own.name}: {annotation}{default}")
    return lines


def _header_names(fields: list[AnswerField]) -> list[str]:
    pairs = [f"{literal(f.name)}: {literal(f.header)}" for f in fields]
    before = "header_names: ClassVar[Mapping[str, str]] = "
    line = f"{before}{{{', '.join(pairs)}}}"
    if len(line) + 4 <= WIDTH:
        return [line]
    return [f"{before}{{", *(f"    {pair}," for pair in pairs), "}"]
