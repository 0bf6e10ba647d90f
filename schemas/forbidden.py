"""Disclosure-scheme events ("Clare's Law") must not be stored, not even when they are broken.

They are decided by the police and told to one person only (domain facts 1.1): a copy in a ledger
or a dead letter would be a breach. So a type is judged before anything else is read, and a body
whose type cannot be read is searched for one.
"""

import re
from enum import Enum, auto

from schemas.values import EventType

_IN_TYPE = re.compile(r"disclosure[^a-z]*scheme|dvds|clare[^a-z]*s[^a-z]*law", re.IGNORECASE)
_IN_BODY = re.compile(
    rb"disclosure[^a-z]{0,3}scheme|(?<![a-z])dvds(?![a-z])|clare[^a-z]{0,3}s[^a-z]{0,3}law"
)
_TYPE_IN_BODY = re.compile(rb'["\']type["\']\s*:\s*["\']([^"\']*)')
_ESCAPED_ASCII = re.compile(rb"\\u00([0-7][0-9a-f])")


class Suspicion(Enum):
    """What a body that cannot be read as an event looks like."""

    NONE = auto()
    POSSIBLE = auto()
    CERTAIN = auto()


def is_forbidden_type(event_type: str) -> bool:
    """Whether a type, of any family or version, names a disclosure scheme."""
    return _IN_TYPE.search(event_type) is not None


def suspicion_of(body: bytes) -> Suspicion:
    """Judge a body whose type could not be read, however it is broken, escaped or encoded.

    Certain: a field `type` names a disclosure scheme. Possible: the words stand somewhere and
    no permitted type does. In doubt the body is not kept; the publisher can send it again.
    """
    text = body.replace(b"\0", b"").lower()  # NULs: the text may be UTF-16
    text = _ESCAPED_ASCII.sub(lambda match: bytes([int(match[1], 16)]), text).replace(b"\\", b"")
    types = [found.decode("ascii", "replace") for found in _TYPE_IN_BODY.findall(text)]
    if any(map(is_forbidden_type, types)):
        return Suspicion.CERTAIN
    if any(event_type.value in types for event_type in EventType):
        return Suspicion.NONE
    return Suspicion.POSSIBLE if _IN_BODY.search(text) else Suspicion.NONE
