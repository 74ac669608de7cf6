"""Names: from any word of a document to a Python identifier, the same one each time."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Container

from pydantic import BaseModel

# RFC 9110, section 15, and RFC 6585. Python's own table changes between its versions.
PHRASES = {
    "101": "SwitchingProtocols",
    "102": "Processing",
    "103": "EarlyHints",
    "200": "Ok",
    "201": "Created",
    "202": "Accepted",
    "203": "NonAuthoritative",
    "204": "NoContent",
    "205": "ResetContent",
    "206": "PartialContent",
    "207": "MultiStatus",
    "300": "MultipleChoices",
    "301": "MovedPermanently",
    "302": "Found",
    "303": "SeeOther",
    "304": "NotModified",
    "307": "TemporaryRedirect",
    "308": "PermanentRedirect",
    "400": "BadRequest",
    "401": "Unauthorized",
    "402": "PaymentRequired",
    "403": "Forbidden",
    "404": "NotFound",
    "405": "MethodNotAllowed",
    "406": "NotAcceptable",
    "408": "RequestTimeout",
    "409": "Conflict",
    "410": "Gone",
    "411": "LengthRequired",
    "412": "PreconditionFailed",
    "413": "ContentTooLarge",
    "414": "UriTooLong",
    "415": "UnsupportedMediaType",
    "416": "RangeNotSatisfiable",
    "417": "ExpectationFailed",
    "418": "ImATeapot",
    "421": "MisdirectedRequest",
    "422": "UnprocessableContent",
    "423": "Locked",
    "424": "FailedDependency",
    "426": "UpgradeRequired",
    "428": "PreconditionRequired",
    "429": "TooManyRequests",
    "431": "HeaderFieldsTooLarge",
    "451": "UnavailableForLegalReasons",
    "500": "InternalServerError",
    "501": "NotImplemented",
    "502": "BadGateway",
    "503": "ServiceUnavailable",
    "504": "GatewayTimeout",
    "507": "InsufficientStorage",
    "1XX": "Informational",
    "2XX": "Success",
    "3XX": "Redirection",
    "4XX": "ClientError",
    "5XX": "ServerError",
    "default": "Default",
}
_TYPE_NAMES = frozenset({"bool", "bytes", "dict", "float", "int", "list", "str", "tuple"})
_MEDIA_WORDS = {"*/*": "Any", "text/plain": "Text"}


def phrase(status: str) -> str:
    """Return the word for a status in a class name."""
    return PHRASES.get(status, f"Status{status}")


def media_word(name: str) -> str:
    """Return the word for a media type in a class name: `Json` for application/json."""
    kind, _, subtype = name.lower().partition(";")[0].strip().partition("/")
    if f"{kind}/{subtype}" in _MEDIA_WORDS:
        return _MEDIA_WORDS[f"{kind}/{subtype}"]
    return pascal_case(kind if subtype == "*" else subtype)


def pascal_case(name: str) -> str:
    """Turn any name into PascalCase; words that are capitalised already stay as they are."""
    words = re.findall(r"[A-Za-z0-9]+", name)
    joined = "".join(word[0].upper() + word[1:] for word in words)
    return f"_{joined}" if joined[:1].isdigit() else joined


def identifier(name: str) -> str:
    """Return a name that is no keyword of Python."""
    return f"{name}_" if keyword.iskeyword(name) or keyword.issoftkeyword(name) else name


def header_name(name: str) -> str:
    """Return the identifier for a header field, whose words are told by hyphens and not by case."""
    return identifier(re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")) or "header"


def needs_alias(name: str) -> bool:
    """Whether a model's field cannot bear the name that a property has."""
    if not name.isidentifier() or keyword.iskeyword(name) or name.startswith("_"):
        return True
    return hasattr(BaseModel, name) or name in _TYPE_NAMES or is_protected(name)


def is_protected(name: str) -> bool:
    """Whether Pydantic warns of a field of this name."""
    return name.startswith(("model_dump", "model_validate"))


def is_builtin(name: str) -> bool:
    """Whether a class of this name would hide one of Python's own."""
    return hasattr(builtins, name)


def unique(name: str, taken: Container[str]) -> str:
    """Return `name`, or `name2`, `name3`, ... where it is taken."""
    number, candidate = 2, name
    while candidate in taken:
        candidate = f"{name}{number}"
        number += 1
    return candidate
