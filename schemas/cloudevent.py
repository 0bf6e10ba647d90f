"""CloudEvents 1.0 over Kafka: the attributes of a message that came in, the headers of one sent.

The binding's own names come from the `cloudevents` package; reading does not build its event
objects, which would parse every body twice.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Final, Literal, TypeGuard

from cloudevents.core.bindings.common import CONTENT_TYPE_HEADER
from cloudevents.core.bindings.kafka import CE_PREFIX
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.spec import SPECVERSION_V1_0
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from schemas.base import WRITTEN_MOMENT
from schemas.lenient_json import is_holdable

Headers = Sequence[tuple[str, bytes]]

_CONTENT_TYPE: Final = JSONFormat.DEFAULT_CONTENT_TYPE.encode()
_ATTRIBUTE_PATTERN: Final = r"^[^\x00]*[^\s\x00][^\x00]*$"
_EXTENSION: Final = re.compile(r"[a-z0-9]+")
_EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)
_MAX_LENGTH: Final = 256

Attribute = Annotated[
    str, StringConstraints(min_length=1, max_length=_MAX_LENGTH, pattern=_ATTRIBUTE_PATTERN)
]
"""A CloudEvents attribute that PostgreSQL can hold and index."""
SEQUENCE_PATTERN: Final = r"^[0-9]{1,18}$"
SequenceNumber = Annotated[str, StringConstraints(pattern=SEQUENCE_PATTERN)]
"""A source's own counter, as digits."""


SaidAt = Annotated[AwareDatetime, Field(ge=_EARLIEST, lt=_LATEST), WRITTEN_MOMENT]
"""A time with its zone that somebody may have meant, and that PostgreSQL can hold."""


class Attributes(BaseModel):
    """The attributes of a CloudEvent that are read; extensions that we do not know are allowed."""

    model_config = ConfigDict(frozen=True, extra="allow", hide_input_in_errors=True)

    specversion: Literal["1.0"]
    id: Attribute
    source: Attribute
    type: str
    time: SaidAt
    sequence: SequenceNumber | None = None


def is_attribute(value: object) -> TypeGuard[str]:
    """Whether a value could stand as an attribute, so that it may be sent back to its publisher."""
    return (
        isinstance(value, str)
        and len(value) <= _MAX_LENGTH
        and bool(value.strip())
        and is_holdable(value)
    )


def stamped_attributes(headers: Headers) -> dict[str, str]:
    """The attributes in the headers of binary mode, by name; empty in structured mode.

    One given twice with two values has no value.
    """
    found: dict[str, str] = {}
    for header, value in headers:
        name = header.lower()
        if name.startswith(CE_PREFIX):
            name = name.removeprefix(CE_PREFIX)
            text = (value or b"").decode("utf-8", "replace")
            found[name] = text if found.get(name, text) == text else ""
    return found


def digest_of(body: bytes, stamped: Mapping[str, str]) -> bytes:
    """SHA-256 of what arrived: the body, after the attributes of binary mode in order of name."""
    if not stamped:
        return hashlib.sha256(body).digest()
    digest = hashlib.sha256()
    for name in sorted(stamped):
        for part in (name.encode(), stamped[name].encode()):
            digest.update(len(part).to_bytes(4) + part)
    digest.update(body)
    return digest.digest()


def binary_headers(
    *,
    type: str,  # noqa: A002 - the names of CloudEvents
    source: str,
    id: str,  # noqa: A002
    time: datetime,
    extra: Mapping[str, str] | None = None,
) -> tuple[tuple[str, bytes], ...]:
    """The Kafka headers of an outgoing CloudEvent in binary mode; `extra` are its extensions.

    Raises:
        ValueError: the time has no zone, or an extension's name is not one of CloudEvents
            (lower-case letters and digits).
    """
    if time.tzinfo is None:
        raise ValueError("the time of a CloudEvent needs a zone")
    attributes = {
        "specversion": SPECVERSION_V1_0,
        "id": id,
        "source": source,
        "type": type,
        "time": time.astimezone(UTC).isoformat().replace("+00:00", "Z"),
    }
    extensions = dict(extra or {})
    if not all(map(_EXTENSION.fullmatch, extensions)) or extensions.keys() & attributes.keys():
        raise ValueError("an extension is named by lower-case letters and digits of its own")
    sent = (attributes | extensions).items()
    headers = tuple((f"{CE_PREFIX}{name}", value.encode()) for name, value in sent)
    return (*headers, (CONTENT_TYPE_HEADER, _CONTENT_TYPE))
