"""A message with its parts told apart, and what of a CloudEvent it holds."""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from pydantic import ValidationError
from pydantic_core import to_json

from schemas.cloudevent import SEQUENCE_PATTERN, Attributes, digest_of, is_attribute
from schemas.events import Refused
from schemas.lenient_json import Document, read_json
from schemas.paths import Path
from schemas.reasons import Reason

MAX_BYTES = 1_048_576
_MAX_READ = 2 * MAX_BYTES
"""A message over 1 MiB is refused, but read up to here to tell whose it is."""
_WRONG: Mapping[str, Reason] = {
    "specversion": Reason.WRONG_VERSION,
    "time": Reason.WRONG_TIME,
}


class Fault(NamedTuple):
    """Where a message cannot be read, and why."""

    field: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Envelope:
    """A message with its parts told apart."""

    body: bytes
    stamped: Mapping[str, str]
    """The attributes in its headers."""
    document: Document | None
    """Its body, if that is JSON."""

    @property
    def is_structured(self) -> bool:
        """A body that is a CloudEvent is read as one, whatever the headers say."""
        return not self.stamped or "specversion" in self.root

    @property
    def root(self) -> Mapping[str, Any]:
        """The body's object; empty if it is none."""
        root = self.document.root if self.document else None
        return root if isinstance(root, dict) else {}

    def attributes(self) -> dict[str, Any]:
        """The attributes as they stand, without those that are null."""
        given = self.root if self.is_structured else self.stamped
        names = Attributes.model_fields
        return {name: given[name] for name in names if given.get(name) is not None}

    def sha256(self) -> bytes:
        """The hash that tells a repeat from a reused id."""
        return digest_of(self.body, {} if self.is_structured else self.stamped)

    def types(self) -> tuple[str, ...]:
        """Everything that says of which type the message is."""
        types = (self.stamped.get("type"), self.root.get("type"))
        return tuple(name for name in types if isinstance(name, str))


def opened(body: bytes, stamped: Mapping[str, str]) -> Envelope:
    """The message, with its body read as far as it is JSON; never raises."""
    return Envelope(body, stamped, read_json(body) if len(body) <= _MAX_READ else None)


def refused(envelope: Envelope, fault: Fault, *, keep_bytes: bool) -> Refused:
    """The refusal of a message, which names its event if that could be read."""
    changed = {name for name, _ in _changed_attributes(envelope)}
    named = {
        name: value
        for name, value in envelope.attributes().items()
        if name not in changed and is_attribute(value)
    }
    return Refused(
        field=fault.field,
        reason=fault.reason,
        sha256=envelope.sha256(),
        keep_bytes=keep_bytes,
        source=named.get("source"),
        id=named.get("id"),
        sequence=_digits(envelope.attributes().get("sequence")),
    )


def _digits(sequence: object) -> str | None:
    """A source's counter, if it is one; as text, as JSON's number too."""
    text = str(sequence) if type(sequence) in {int, str} else ""
    return text if re.fullmatch(SEQUENCE_PATTERN, text) else None


def unreadable(envelope: Envelope) -> Fault | None:
    """Why a message is no JSON object of a size that is read, if so."""
    whole = "$" if envelope.is_structured else "data"
    if not envelope.body:
        return Fault(whole, Reason.NO_BODY)
    if len(envelope.body) > MAX_BYTES:
        return Fault("$", Reason.TOO_LARGE)
    if envelope.document is None:
        return Fault(whole, Reason.NOT_JSON)
    if not isinstance(envelope.document.root, dict):
        return Fault(whole, Reason.NOT_A_CLOUD_EVENT)
    return None


def read_attributes(envelope: Envelope, noted: list[tuple[str, Reason]]) -> Attributes | Fault:
    """The attributes, or the first that cannot be used; only the sequence can be done without."""
    given = envelope.attributes()
    for name, reason in _changed_attributes(envelope):
        if reason is Reason.UNHOLDABLE and name != "sequence":
            return Fault(name, Reason.NOT_STORABLE)
        noted.append((name, reason))
    if type(given.get("sequence")) is int:
        given["sequence"] = str(given["sequence"])
    try:
        return Attributes.model_validate_json(to_json(given))
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    name = str(first["loc"][0])
    if name == "sequence":
        noted.append((name, Reason.NOT_USABLE))
        del given[name]
        return Attributes.model_validate_json(to_json(given))
    if first["type"] == "missing":
        return Fault(name, Reason.MISSING)
    return Fault(name, _WRONG.get(name, Reason.NOT_TEXT))


def _changed_attributes(envelope: Envelope) -> Iterator[tuple[str, Reason]]:
    """What had to be changed in the attributes of a structured event to hold them."""
    changes = envelope.document.changes if envelope.document and envelope.is_structured else ()
    for path, reason in changes:
        if len(path) == 1 and path[0] in Attributes.model_fields:
            yield str(path[0]), reason


def raw_data(envelope: Envelope) -> tuple[Any, list[tuple[Path, Reason]]]:
    """The data as it stands, and what had to be changed in it."""
    document = envelope.document or Document(None)
    if not envelope.is_structured:
        return document.root, document.changes
    encoded = envelope.root.get("data_base64")
    if envelope.root.get("data") is None and isinstance(encoded, str):
        try:
            inner = read_json(base64.b64decode(encoded, validate=True))
        except binascii.Error:
            inner = None
        return (inner.root, inner.changes) if inner else ("", [])
    changes = [(path[1:], reason) for path, reason in document.changes if path[0] == "data"]
    return envelope.root.get("data"), changes
